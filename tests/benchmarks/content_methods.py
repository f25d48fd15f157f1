"""What can be asked which lines of a page are content: the model, line by line, page by page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from line_baselines import ContentProbability
from numpy.typing import NDArray

from classifier.datamodels import LabelledDocument
from classifier.labels import CONTENT_INDEX, LABELS, Label
from classifier.model.line_classifier import LineClassifier

Pages = Sequence[LabelledDocument]
Judge = Callable[[Pages], list[NDArray[np.float32]]]


@dataclass(frozen=True, slots=True)
class Method:
    """One way to tell content from the rest.

    Attributes
    ----------
    judge
        Takes pages, returns of each an array of shape (n_lines, 4); a method that knows two
        classes puts all that is no content on boilerplate.
    is_rule
        Whether it says yes or no: then there is nothing to rank.
    """

    judge: Judge
    is_rule: bool = False


def by_model(model: LineClassifier) -> Method:
    """Return a model as a method."""
    return Method(
        lambda pages: [
            page.probabilities for page in model.classify_many(item.text for item in pages)
        ]
    )


def by_line(probability: ContentProbability) -> Method:
    """Return what judges lines by themselves as a method."""

    def judge(pages: Pages) -> list[NDArray[np.float32]]:
        content = probability([line for page in pages for line in page.lines])
        return np.split(_rows(content), np.cumsum([len(page.lines) for page in pages])[:-1])

    return Method(judge)


def by_rule(keeps: Callable[[str], bool]) -> Method:
    """Return a rule on single lines as a method."""
    return by_page_rule(
        lambda pages: [
            np.fromiter(map(keeps, page.lines), np.bool_, len(page.lines)) for page in pages
        ]
    )


def by_page_rule(keep: Callable[[Pages], list[NDArray[np.bool_]]]) -> Method:
    """Return rules on whole pages as a method."""
    return Method(lambda pages: [_rows(kept) for kept in keep(pages)], is_rule=True)


def _rows(content: NDArray[np.float32] | NDArray[np.bool_]) -> NDArray[np.float32]:
    rows = np.zeros((len(content), len(LABELS)), dtype=np.float32)
    rows[:, CONTENT_INDEX] = content
    rows[:, LABELS.index(Label.BOILERPLATE)] = 1 - rows[:, CONTENT_INDEX]
    return rows
