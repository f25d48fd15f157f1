"""The page shows what was measured, in tables that hold together, and leaves out what was not."""

from typing import Any

import numpy as np
import pytest
from accuracy_goals import goals
from accuracy_page import benchmark_page
from accuracy_report import report_figures, review_bands
from accuracy_sets import set_figures
from content_methods import by_line, by_rule
from environment import write_result
from grammar_holdout import holdout_figures
from line_rules import keeps_by_length
from test_grammar_holdout import MADE

from classifier.datamodels import LabelledDocument, OperatingPoint
from classifier.labels import LABELS
from classifier.training.evaluate import evaluate

PROSE = "The council opened the new bridge over the river after a long and careful debate in May."
PAGES = [
    LabelledDocument("a", ("Menu", PROSE, "Мост"), "oc?", language="en", group="known"),
    LabelledDocument("b", (PROSE, "Login", "Short"), "coc", language="de", group="new"),
]
BANDS = [{"max_error": 0.02, "low": 0.1, "high": 0.8}]


class _Model:
    def operating_point(self, _loss: float) -> OperatingPoint:
        return OperatingPoint("loss", 0.01)


def _figures(known_sites: set[str]) -> dict[str, Any]:
    methods = {
        "linespam": by_line(lambda lines: np.array([len(x) / 100 for x in lines], np.float32)),
        "length": by_rule(keeps_by_length),
    }
    return set_figures("scrapinghub", PAGES, methods, _Model(), known_sites, BANDS)  # type: ignore[arg-type]


@pytest.fixture
def result() -> dict[str, Any]:
    loss = {"pages": 1, "lines": 40, "lines_lost": 2, "lines_lost_share": 0.05}
    losses = {**loss, "chars_lost_share": 0.04}
    label = {"f1": 0.5, "lines": 10}
    rows = [np.full((len(page.lines), 4), 0.25, np.float32) for page in PAGES]
    report: Any = evaluate(PAGES, rows, n_draws=10).to_dict()
    script = {"pages": 3, "lines": 2000, "f1_with": 0.8, "f1_without": 0.7, "loss": 0.1}
    script |= {"f1_unseen": 0.6}
    found: dict[str, Any] = {
        "versions": {"python": "3"},
        "model": {"name": "line-x"},
        "baselines": {"lines": 1000, "same_data": False},
        "sets": {"scrapinghub": _figures({"known"})},
        "html_tools": {
            "versions": {"justext": "3"},
            "line_scores": {
                "scrapinghub": {
                    tool: {"precision": 0.5, "recall": 0.5, "f1": 0.5, "documents": 2}
                    for tool in ("justext", "resiliparse")
                }
            },
        },
        "held_out_spam": holdout_figures(
            MADE, [np.eye(4, dtype=np.float32)[: len(page.document.lines)] for page in MADE]
        ),
        "hard_negatives": {
            "target": 0.03,
            "methods": {"linespam": losses},
            "by_language": {"en": losses},
            "by_kind": {"poem": losses},
        },
        "gold": {"pages": 1, "lines": 4, "macro_f1": 0.5, "by_label": dict.fromkeys(LABELS, label)},
        "calibration": {"all": report["calibration"], **report["calibration_by_script"]},
        "review": report["review"],
        "languages": {
            "settings": {"passes": 4, "folds": 3, "share": 0.35, "fewest_lines": 1000},
            "scripts": {"Greek": {**script, "languages": "el"}},
            "largest_loss": 0.1,
        },
    }
    return found | {"goals": goals(found)}


def test_a_set_has_figures_of_all_methods_and_more_of_the_model() -> None:
    found = _figures({"known"})
    assert list(found["methods"]) == ["linespam", "length"]
    assert found["methods"]["length"]["lines"]["average_precision"] is None
    assert found["methods"]["linespam"]["lines"]["average_precision"] == 0.9167  # the last in a tie
    assert (found["pages"], found["lines"], found["content_lines"]) == (2, 5, 3)
    assert found["new_sites"]["pages"] == 1
    assert found["new_sites"]["f1_lines"] == pytest.approx(2 / 3, abs=1e-4)
    assert _figures(set())["new_sites"]["f1_lines"] == pytest.approx(0.8)
    (band,) = found["review"]
    assert band["coverage"] == 1  # .04 below, .05 below, .88 above
    assert band["error_outside"] == pytest.approx(1 / 5)
    assert band["error_inside"] is None


def test_every_table_of_the_page_holds_together(result: dict[str, Any]) -> None:
    page = benchmark_page(result)
    blocks = [block for block in page.split("\n\n") if block.startswith("|")]
    assert len(blocks) >= 17
    for block in blocks:
        assert len({row.replace("\\|", "").count("|") for row in block.splitlines()}) == 1
    assert "None" not in page
    assert "{" not in page
    assert max(map(len, page.splitlines())) < 400


def test_the_page_shows_verdicts_and_sections(result: dict[str, Any]) -> None:
    page = benchmark_page(result)
    assert "| F1 lines, scrapinghub | at least 0.900 | 0.800 | missed |" in page
    assert "(of another build of the corpora)" in page
    for title in ("held-out spam", "Odd pages", "Calibration", "review", "without a labelled page"):
        assert any(row.startswith("## ") and title in row for row in page.splitlines())
    assert "| Greek | el | 3 | 2,000 | 0.800 | 0.700 | 0.100 | 0.600 |" in page


def test_sections_of_nothing_are_left_out(result: dict[str, Any]) -> None:
    missing = dict.fromkeys(("gold", "calibration", "review", "languages"))
    page = benchmark_page(result | missing)
    for title in ("## Calibration", "## Lines for review", "## Languages", "## Four labels"):
        assert title not in page


def test_a_model_without_a_report_says_nothing_of_itself(tmp_path: Any) -> None:
    nothing = {"gold": None, "calibration": None, "review": None}
    assert report_figures(tmp_path) == report_figures(None) == nothing
    assert review_bands(tmp_path) == []


def test_the_report_of_a_model_is_read(tmp_path: Any) -> None:
    rows = [np.eye(4, dtype=np.float32)[[0, 1, 2, 3]]]
    documents = [LabelledDocument("a", ("a", "b", "c", "d"), "cssb", source="gold/pages")]
    report = evaluate(documents, rows, n_draws=10).to_dict()
    write_result(tmp_path / "report.json", report)
    found = report_figures(tmp_path)
    assert found["gold"]["by_label"]["stuffing"] == {"f1": 0.6667, "lines": 2}
    assert found["gold"]["macro_f1"] == pytest.approx((1 + 2 / 3 + 1) / 3, abs=1e-4)
    assert found["calibration"]["Latin"]["content"]["n_lines"] == 4
    assert found["review"] == review_bands(tmp_path) != []
