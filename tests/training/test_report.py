"""Reports say what the evaluation says, and a comparison sets two of them side by side."""

import json
from typing import Any

import numpy as np
import pytest

from classifier.datamodels import LabelledDocument
from classifier.labels import LABELS
from classifier.training.evaluate import Evaluation, evaluate
from classifier.training.report import (
    compare,
    main_figures,
    part_table,
    report_json,
    report_markdown,
)

CODES = "cslb"


def _evaluate(sharpness: float, n_languages: int = 3) -> Evaluation:
    """Evaluate made-up pages; the higher `sharpness`, the better the probabilities."""
    rng = np.random.default_rng(0)
    pages, probabilities = [], []
    for index in range(60):
        codes = "".join(rng.choice(list(CODES), size=12))
        pages.append(
            LabelledDocument(
                id=str(index),
                lines=("строка",) * 12,
                codes=codes,
                group=f"g{index % 20}",
                language=f"l{index % n_languages}",
            )
        )
        hint = np.array([[sharpness * (code == other) for other in CODES] for code in codes])
        exponents = np.exp(hint + rng.normal(size=hint.shape))
        probabilities.append((exponents / exponents.sum(1, keepdims=True)).astype(np.float32))
    return evaluate(pages, probabilities, n_draws=50)


@pytest.fixture(scope="module")
def evaluation() -> Evaluation:
    return _evaluate(3.0)


def test_the_tables_hold_the_figures_with_their_intervals(evaluation: Evaluation) -> None:
    text, report = report_markdown(evaluation), evaluation.to_dict()
    macro, spread = report["labels"]["macro_f1"], report["intervals"]["macro_f1"]  # type: ignore[index]
    assert f"{macro:.3f} ({spread['low']:.3f}-{spread['high']:.3f})" in text
    for name in LABELS:
        assert f"| {name} | {report['labels']['by_label'][name]['precision']:.3f} |" in text
    titles = ("Keeping content", "Labels", "Calibration", "Calibration by script")
    for title in (*titles, "Lines for review", "Content loss", "By language"):
        assert f"\n## {title}\n\n" in text


def test_every_row_of_a_table_has_as_many_cells_as_its_header(evaluation: Evaluation) -> None:
    blocks = [b for b in report_markdown(evaluation).split("\n\n") if b.startswith("|")]
    assert len(blocks) == 9
    for block in blocks:
        assert len({line.count("|") for line in block.splitlines()}) == 1


def test_report_json_is_read_back_as_it_was(evaluation: Evaluation) -> None:
    assert json.loads(report_json(evaluation.to_dict()))["n_documents"] == 60


def test_a_comparison_gives_both_models_and_the_difference(evaluation: Evaluation) -> None:
    new, old = evaluation.to_dict(), _evaluate(1.0).to_dict()
    text = compare(new, old)
    for name, value in main_figures(new).items():
        before = main_figures(old)[name]
        assert value is not None
        assert before is not None
        assert f"| {name} | {before:.3f} | {value:.3f} | {value - before:+.3f} |" in text
    assert "may have been trained on some of these pages" in text


def test_what_could_not_be_measured_is_a_dash() -> None:
    page = LabelledDocument(id="1", lines=("Zeile", "Zeile"), codes="co")
    rows = np.array([[0.7, 0.1, 0.1, 0.1]] * 2, np.float32)
    evaluation = evaluate([page], [rows], n_draws=5)
    text = report_markdown(evaluation)
    assert "| stuffing | – | – | – | 0 |" in text
    assert "nan" not in text
    assert "| F1 linkfarm | – | – | – |" in compare(evaluation.to_dict(), evaluation.to_dict())


def test_a_long_table_says_how_much_it_leaves_out() -> None:
    parts: dict[str, Any] = _evaluate(2.0, n_languages=37).to_dict()["by_language"]  # type: ignore[assignment]
    text = part_table(parts, "language")
    assert text.endswith("And 7 more with fewer lines, in report.json.")
