"""A worse model is noticed, and so is every line that gets another label."""

import json
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from classifier.datamodels import LabelledDocument
from classifier.labels import Label
from classifier.training.evaluate import Evaluation, evaluate
from classifier.training.regression import (
    changed_lines,
    changes_jsonl,
    changes_markdown,
    losses,
)

PAGE = LabelledDocument(
    id="page",
    lines=("Заголовок", "", "Ein Satz.", "casino | bonus", "メニュー", "?"),
    codes="c?csb?",
    origin="pages.jsonl:7",
)


def _rows(labels: str, sure: float = 0.9) -> NDArray[np.float32]:
    rows = np.full((len(labels), 4), (1 - sure) / 3, np.float32)
    for index, code in enumerate(labels):
        if code == " ":
            rows[index] = 0
        else:
            rows[index, "cslb".index(code)] = sure
    return rows


def _evaluation(labels: str) -> Evaluation:
    return evaluate([PAGE], [_rows(labels)], n_draws=1)


def test_an_equal_model_loses_nothing() -> None:
    assert losses(_evaluation("c csbb"), _evaluation("c csbb"), 0.0) == []


def test_a_worse_model_loses_by_name_and_figure() -> None:
    lost = losses(_evaluation("b csbb"), _evaluation("c csbb"), 0.01)
    assert [each.split(" 0.")[0] for each in lost] == [
        "macro F1 of the labels",
        "F1 keeping content, lines",
        "F1 keeping content, characters",
    ]
    assert "0.667 instead of 1.000" in lost[1]


def test_a_better_model_loses_nothing() -> None:
    assert losses(_evaluation("c csbb"), _evaluation("b csbb"), 0.01) == []


def test_the_margin_is_what_may_be_lost() -> None:
    assert losses(_evaluation("b csbb"), _evaluation("c csbb"), 1.0) == []


def test_a_figure_that_was_not_measured_is_not_lost() -> None:
    two_class = replace(PAGE, codes="c?coo?")
    measured = evaluate([two_class], [_rows("c csbb")], n_draws=1)
    assert np.isnan(measured.labels.by_label["linkfarm"].f1)
    assert losses(measured, measured, 0.0) == []


def test_changed_lines_are_those_and_say_where() -> None:
    changes = changed_lines([PAGE], [_rows("b cslc")], [_rows("c ccbb")])
    assert [(each.line, each.before, each.after) for each in changes] == [
        (1, Label.CONTENT, Label.BOILERPLATE),
        (4, Label.CONTENT, Label.STUFFING),
        (5, Label.BOILERPLATE, Label.LINKFARM),
        (6, Label.BOILERPLATE, Label.CONTENT),
    ]
    assert [each.outcome for each in changes] == [
        "now wrong",
        "now right",
        "now wrong",
        "unknown",
    ]
    assert {each.page for each in changes} == {"pages.jsonl:7"}


@pytest.mark.parametrize(
    ("before", "after", "outcome"),
    [("c", "s", "now right"), ("l", "c", "now wrong"), ("s", "b", "neither")],
)
def test_of_lines_known_not_to_be_content_only_that_counts(
    before: str, after: str, outcome: str
) -> None:
    page = replace(PAGE, lines=("x",), codes="o")
    (change,) = changed_lines([page], [_rows(after)], [_rows(before)])
    assert change.outcome == outcome


def test_changes_are_told_without_text_in_the_model() -> None:
    changes = changed_lines([PAGE], [_rows("b cslc")], [_rows("c ccbb")])
    (first, *_) = [json.loads(row) for row in changes_jsonl(changes).splitlines()]
    assert first == {
        "page": "pages.jsonl:7",
        "line": 1,
        "before": "content",
        "after": "boilerplate",
        "labelled": "content",
        "confidence": 0.9,
    }
    told = changes_markdown(changes, n_lines=6)
    assert "4 of 6 lines change their label: 2 now wrong, 1 now right, 1 unknown" in told
    assert "| pages.jsonl:7, line 4 | content | stuffing | stuffing | casino \\| bonus |" in told
    assert changes_markdown([], 6) == "No line changes its label."
