"""Pages of any size judged in bounded memory."""

from collections.abc import Iterator, Sequence
from itertools import accumulate

import numpy as np

from classifier.datamodels import OperatingPoint, PagePredictions
from classifier.model.line_classifier import LineClassifier

MAX_PAGE_CHARS = 1_000_000
"""A longer page is judged in parts: features take some 90 bytes a character while they last."""

MAX_PAGE_LINES = 100_000
"""The same for lines, of which each takes about 1 kB."""


def judge(
    model: LineClassifier, texts: Sequence[str], point: OperatingPoint
) -> Iterator[PagePredictions]:
    """Yield the predictions for many pages, in their order.

    A page over `MAX_PAGE_CHARS` or `MAX_PAGE_LINES` is judged in parts of that size, each as if it
    were a page, and a line over `MAX_PAGE_CHARS` by what it begins with.
    """
    usual = model.classify_many([text for text in texts if not _is_huge(text)], point=point)
    for text in texts:
        yield _judge_in_parts(model, text, point) if _is_huge(text) else next(usual)


def part_with_line(text: str, number: int) -> tuple[str, int]:
    """Return the part of a page that `judge` sees a line in, and the line's number in it.

    Parameters
    ----------
    text
        The page, which comes back whole if it is judged whole or has no such line.
    number
        The line, counted from 1.
    """
    n_before = 0
    for part in _parts(text) if _is_huge(text) else ():
        n_lines = part.count("\n") + 1
        if n_before < number <= n_before + n_lines:
            return part, number - n_before
        n_before += n_lines
    return text, number


def _is_huge(text: str) -> bool:
    return len(text) > MAX_PAGE_CHARS or (
        len(text) >= MAX_PAGE_LINES and text.count("\n") >= MAX_PAGE_LINES
    )


def _judge_in_parts(model: LineClassifier, text: str, point: OperatingPoint) -> PagePredictions:
    pages = [model.classify(part, point=point) for part in _parts(text)]
    starts = [0, *accumulate(len(page) for page in pages)]
    return PagePredictions(
        text,
        np.concatenate([page.probabilities for page in pages]),
        np.concatenate([page.label_index for page in pages]),
        {
            start + line: spans
            for start, page in zip(starts, pages, strict=False)
            for line, spans in page.spans.items()
        },
    )


def _parts(text: str) -> Iterator[str]:
    lines = text.split("\n")
    lengths = np.fromiter(map(len, lines), np.int64, len(lines))
    ends = np.cumsum(np.minimum(lengths, MAX_PAGE_CHARS) + 1)
    first = begin = 0
    while first < len(lines):
        # line feeds but the last one count among the characters of a part
        fitting = int(np.searchsorted(ends, begin + MAX_PAGE_CHARS, side="right"))
        end = max(first + 1, min(fitting, first + MAX_PAGE_LINES))
        # a line that is too long fits beside no other
        is_alone = end == first + 1
        yield lines[first][:MAX_PAGE_CHARS] if is_alone else "\n".join(lines[first:end])
        first, begin = end, int(ends[end - 1])
