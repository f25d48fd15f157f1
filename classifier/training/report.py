"""What an evaluation found: in Markdown, in JSON, and beside the figures of an older model."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from classifier.labels import LABELS
from classifier.training.evaluate import Evaluation
from classifier.training.tables import number, table, with_interval

Report = Mapping[str, Any]
"""An evaluation as `Evaluation.to_dict` gives it and ``report.json`` holds it."""

_MAX_ROWS = 30
_SUPPORT = "to find"


def report_json(report: Report) -> str:
    """Return a report as the text of ``report.json``."""
    return json.dumps(report, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def report_markdown(evaluation: Evaluation) -> str:
    """Return an evaluation as tables to read."""
    report = evaluation.to_dict()
    sections: list[tuple[str, Callable[[Report], str]]] = [
        ("Keeping content", keep_table),
        ("Labels", label_table),
        ("Which label was taken for which (lines)", _confusion_table),
        ("Calibration", _calibration_table),
        ("Calibration by script", lambda r: script_table(r["calibration_by_script"])),
        ("Lines for review", lambda r: review_markdown(r["review"])),
        ("Content loss", content_loss_markdown),
        ("By language", lambda r: part_table(r["by_language"], "language")),
        ("By source", lambda r: part_table(r["by_source"], "source")),
    ]
    blocks = [f"# Evaluation\n\n{summary(report)}"]
    blocks += [f"## {title}\n\n{make(report)}" for title, make in sections]
    return "\n\n".join(blocks) + "\n"


def summary(report: Report) -> str:
    """Return in one sentence what was measured on."""
    return (
        f"{report['n_documents']:,} pages of {report['n_groups']:,} groups (sites or template "
        f"families), {report['n_lines']:,} lines. A line is kept from a probability of content of "
        f"{number(report['content_threshold'])} on. Intervals hold 95 % of {report['n_draws']:,} "
        "draws of whole groups."
    )


def keep_table(report: Report) -> str:
    """Return the table of content against the rest."""
    keep, spread = report["keep"], report["intervals"]
    rows = [
        [
            unit,
            *_rates(keep[key], spread[f"keep_f1_{key}"]),
            number(keep[f"{key}_average_precision"]),
            number(keep[key]["support"]),
        ]
        for unit, key in (("lines", "lines"), ("characters", "chars"))
    ]
    return table(["unit", "precision", "recall", "F1", "average precision", _SUPPORT], rows)


def label_table(report: Report) -> str:
    """Return the table of the four labels."""
    labels, spread = report["labels"], report["intervals"]
    rows = [
        [name, *_rates(rates, spread[f"f1_{name}"]), number(rates["support"])]
        for name, rates in labels["by_label"].items()
    ]
    macro = with_interval(labels["macro_f1"], *_ends(spread["macro_f1"]))
    rows.append(["macro", "", "", macro, number(labels["n_lines"])])
    return table(["label", "precision", "recall", "F1", _SUPPORT], rows)


def content_loss_markdown(report: Report) -> str:
    """Return the table of what each operating point loses and removes."""
    rows = [
        [
            number(row["max_content_loss"]),
            number(row["content_threshold"], 4),
            number(row["content_loss"], 4),
            number(row["removed_not_content"]),
            number(row["removed_not_content_chars"]),
        ]
        for row in report["content_loss"]
    ]
    header = [
        "at most lost",
        "threshold",
        "lost",
        "other lines removed",
        "other characters removed",
    ]
    return table(header, rows)


def script_table(by_script: Report) -> str:
    """Return the calibration of the probability of content in each family of scripts."""
    rows = [
        [
            script,
            number(found["content"]["n_lines"]),
            number(found["content"]["expected_calibration_error"]),
            number(found["content"]["brier"]),
            number(found["label"]["n_lines"]),
            number(found["label"]["expected_calibration_error"]),
        ]
        for script, found in by_script.items()
    ]
    header = ["script of the page", "lines", "calibration error, content", "Brier score"]
    return table([*header, "lines of four labels", "calibration error, label"], rows)


def review_markdown(bands: Sequence[Report]) -> str:
    """Return the table of bands to review: thresholds, what is decided without, mistakes."""
    keys = ("max_error", "low", "high", "coverage", "error_outside", "error_inside")
    header = ["wrong without review at most", "dropped below", "kept from", "lines decided"]
    rows = [[number(band[key]) for key in keys] for band in bands]
    return table([*header, "wrong of these", "wrong of the others at 0.5"], rows)


def part_table(parts: Mapping[str, Any], name: str) -> str:
    """Return the main figures of each language or source, biggest first."""
    rows = [
        [
            key,
            number(part["n_documents"]),
            number(part["n_lines"]),
            number(part["keep"]["lines"]["f1"]),
            number(part["keep"]["chars"]["f1"]),
            number(part["keep"]["lines_average_precision"]),
            number(part["labels"]["macro_f1"] if part["labels"]["n_lines"] else None),
        ]
        for key, part in list(parts.items())[:_MAX_ROWS]
    ]
    header = [name, "pages", "lines", "F1 lines", "F1 characters", "average precision", "macro F1"]
    left_out = len(parts) - len(rows)
    more = f"\n\nAnd {left_out} more with fewer lines, in report.json." if left_out else ""
    return table(header, rows) + more


def compare(new: Report, old: Report) -> str:
    """Return the main figures of a model beside those of the model it replaces.

    Both must have been measured on the same pages.
    """
    after, before = main_figures(new), main_figures(old)
    rows = [
        [name, number(before[name]), number(value), _difference(value, before[name])]
        for name, value in after.items()
    ]
    return (
        table(["figure", "replaced model", "this model", "difference"], rows)
        + "\n\nBoth on the same pages. This model never saw the sites it is measured on; the "
        "replaced one may have been trained on some of these pages, which would flatter it."
    )


def main_figures(report: Report) -> dict[str, float | None]:
    """Return the figures by which models are compared, by their names in a table."""
    keep, labels, calibration = report["keep"], report["labels"], report["calibration"]
    by_label = {f"F1 {name}": labels["by_label"][name]["f1"] for name in LABELS}
    return {
        "F1 keeping content, lines": keep["lines"]["f1"],
        "F1 keeping content, characters": keep["chars"]["f1"],
        "average precision, lines": keep["lines_average_precision"],
        "macro F1 of the labels": labels["macro_f1"],
        **by_label,
        "calibration error, label": calibration["label"]["expected_calibration_error"],
        "calibration error, content": calibration["content"]["expected_calibration_error"],
    }


def _confusion_table(report: Report) -> str:
    rows = [
        [f"truly {label}", *map(number, counts)]
        for label, counts in zip(LABELS, report["labels"]["confusion"], strict=True)
    ]
    return table(["", *(f"given {label}" for label in LABELS)], rows)


def _calibration_table(report: Report) -> str:
    names = {"label": "confidence in the label", "content": "probability of content"}
    rows = [
        [
            title,
            number(report["calibration"][key]["n_lines"]),
            number(report["calibration"][key]["expected_calibration_error"]),
            number(report["calibration"][key]["brier"]),
        ]
        for key, title in names.items()
    ]
    return table(["what", "lines", "expected calibration error", "Brier score"], rows)


def _rates(rates: Report, spread: Report) -> list[str]:
    f1 = with_interval(rates["f1"], *_ends(spread))
    return [number(rates["precision"]), number(rates["recall"]), f1]


def _ends(spread: Report) -> tuple[float | None, float | None]:
    return spread["low"], spread["high"]


def _difference(new: float | None, old: float | None) -> str:
    return "–" if new is None or old is None else f"{new - old:+.3f}"
