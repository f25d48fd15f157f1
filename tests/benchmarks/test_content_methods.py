"""Every method gives one row of probabilities a line, page by page."""

import numpy as np
from content_methods import by_line, by_page_rule, by_rule

from classifier.datamodels import LabelledDocument
from classifier.labels import CONTENT_INDEX, LABELS

PAGES = [
    LabelledDocument("a", ("keep this", "drop"), "cb"),
    LabelledDocument("b", ("keep", "", "keep"), "c?c"),
]


def test_lines_are_judged_by_themselves_and_given_back_by_page() -> None:
    method = by_line(lambda lines: np.array([len(line) / 10 for line in lines], np.float32))
    first, second = method.judge(PAGES)
    assert not method.is_rule
    assert first.shape == (2, len(LABELS))
    np.testing.assert_allclose(first[:, CONTENT_INDEX], [0.9, 0.4])
    np.testing.assert_allclose(second.sum(axis=1), 1)


def test_a_rule_says_yes_or_no() -> None:
    method = by_rule(lambda line: line.startswith("keep"))
    assert method.is_rule
    assert [rows[:, CONTENT_INDEX].tolist() for rows in method.judge(PAGES)] == [[1, 0], [1, 0, 1]]


def test_a_rule_on_pages_sees_the_page() -> None:
    method = by_page_rule(
        lambda pages: [np.array([page.id == "b"] * len(page.lines)) for page in pages]
    )
    assert [rows[:, CONTENT_INDEX].any() for rows in method.judge(PAGES)] == [False, True]
