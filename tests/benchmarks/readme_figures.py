"""The parts of the README that are measured: its example, and its table of figures.

Fills what stands between ``<!-- example -->`` and ``<!-- /example -->`` with what the shipped model
does with ``docs/example.txt``, and what stands between ``<!-- figures -->`` and
``<!-- /figures -->`` with the figures of ``results/throughput.json``, ``results/accuracy.json`` and
``models/line-1/report.json``, those that exist. ``--check`` writes nothing and exits with 1 if the
README says something else; confidences of the example may differ, as processors add up in
different orders.
"""

import argparse
import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from environment import RESULTS, ROOT, write_text

from classifier.actions.annotate import text_rows
from classifier.model.line_classifier import LineClassifier
from classifier.model.resources import shipped_model
from classifier.training.tables import number, table, with_interval

README = ROOT / "README.md"
EXAMPLE = ROOT / "docs" / "example.txt"
SEEDS = ROOT / "seeds"
MODEL = "linespam"

_CONFIDENCE = re.compile(r" \d\.\d{4} ")

Figures = Mapping[str, Any]
Row = list[str]


def main() -> int:
    """Write the README, or check it, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="only say whether it is up to date")
    options = parser.parse_args()
    old = README.read_text(encoding="utf-8")
    model = LineClassifier.load()
    new = filled(old, {"example": example(model), "figures": figures_markdown(model)})
    if not options.check:
        write_text(README, new)
        return 0
    is_same = _CONFIDENCE.sub(" ", new) == _CONFIDENCE.sub(" ", old)
    if not is_same:
        print(f"{README.name} is not up to date; run: python tests/benchmarks/readme_figures.py")
    return int(not is_same)


def filled(text: str, parts: Mapping[str, str]) -> str:
    """Return `text` with each part between its two markers.

    Examples
    --------
    >>> print(filled("<!-- a -->old<!-- /a --> end", {"a": "new"}))
    <!-- a -->
    new
    <!-- /a --> end
    """
    for name, part in parts.items():
        head, opening, rest = text.partition(f"<!-- {name} -->")
        _, closing, tail = rest.partition(f"<!-- /{name} -->")
        if not closing:
            raise SystemExit(f"{README.name}: no <!-- {name} --> … <!-- /{name} -->; add both")
        text = f"{head}{opening}\n{part}\n{closing}{tail}"
    return text


def example(model: LineClassifier) -> str:
    """Return the example page as `model` labels and cleans it."""
    name = EXAMPLE.relative_to(ROOT).as_posix()
    page = model.classify(EXAMPLE.read_text(encoding="utf-8"))
    return (
        f"```console\n$ linespam classify {name} --format text --quiet\n{text_rows(page)}"
        f"\n$ linespam clean {name} --quiet\n{page.clean().rstrip()}\n```"
    )


def figures_markdown(model: LineClassifier) -> str:
    """Return the table of figures."""
    rows = [
        *_accuracy_rows(_read(RESULTS / "accuracy.json"), model),
        *_label_rows(_read(shipped_model() / "report.json")),
        _seed_row(model),
        *_speed_rows(_read(RESULTS / "throughput.json")),
    ]
    return table(["figure", MODEL, "beside it"], rows)


def _read(path: Path) -> Figures | None:
    if not path.is_file():
        return None
    found: Figures = json.loads(path.read_text(encoding="utf-8"))
    return found


def _accuracy_rows(accuracy: Figures | None, model: LineClassifier) -> list[Row]:
    if accuracy is None:
        return []
    if accuracy["model"]["files"]["weights.npz"] != model.manifest_["files"]["weights.npz"]:
        raise SystemExit("accuracy.json is of another model than the shipped one; make benchmark")
    rows = []
    for name, found in accuracy["sets"].items():
        for unit, key in (("lines", "lines"), ("characters", "chars")):
            methods = {method: figures[key] for method, figures in found["methods"].items()}
            ours = methods.pop(MODEL)
            others = (f"{method} {number(other['f1'])}" for method, other in methods.items())
            rows.append(
                [
                    f"F1 of keeping content, {name} ({number(found['pages'])} pages), {unit}",
                    with_interval(ours["f1"], *ours["f1_interval"]),
                    "; ".join(others),
                ]
            )
    return rows


def _label_rows(report: Figures | None) -> list[Row]:
    if report is None:
        return []
    gold = report.get("gold", report)
    labels, spread = gold["labels"], gold["intervals"]
    by_label = (f"`{name}` {number(rates['f1'])}" for name, rates in labels["by_label"].items())
    return [
        [
            f"macro F1 of the four labels, {number(gold['n_documents'])} hand-labelled pages",
            with_interval(
                labels["macro_f1"], *(spread["macro_f1"][end] for end in ("low", "high"))
            ),
            "; ".join(by_label),
        ]
    ]


def _seed_row(model: LineClassifier) -> Row:
    page = model.classify((SEEDS / "page.txt").read_text(encoding="utf-8"))
    gold = (SEEDS / "page.labels.jsonl").read_text(encoding="utf-8").splitlines()
    true = [json.loads(row)["label"] for row in gold]
    pairs = enumerate(zip(page.labels, true, strict=True), start=1)
    wrong = [str(line) for line, (given, label) in pairs if given != label]
    right = f"{len(true) - len(wrong)} of {len(true)}"
    name = "lines right on the [seed page](seeds/README.md)"
    return [name, right, f"wrong: {', '.join(wrong)}" if wrong else ""]


def _speed_rows(throughput: Figures | None) -> list[Row]:
    if throughput is None:
        return []
    names = {
        "speed / fastText": "speed against fastText, lines a second, one core",
        "speed / scikit-learn": "speed against scikit-learn's `HashingVectorizer`, the same",
        "memory, 1 million / 0.1 million lines": "peak memory, 1 million lines against 0.1 million",
        "start-up / import numpy, typer": "start-up against `import numpy, typer`",
    }
    ratios = throughput["targets"]
    return [
        [name, f"{ratios[key]['median']:.2f} times", f"aimed at: {ratios[key]['target']}"]
        for key, name in names.items()
    ]


if __name__ == "__main__":
    sys.exit(main())
