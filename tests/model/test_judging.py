"""A page too big to be judged at once is judged in parts, and comes out whole."""

import numpy as np
import pytest

from classifier.datamodels import OperatingPoint, PagePredictions, Span
from classifier.model.judging import judge, part_with_line
from classifier.model.line_classifier import LineClassifier

POINT = OperatingPoint()


class CountingModel:
    """Remembers what it was shown; calls every line content and finds a span in ``[x]``."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def classify(self, text: str, *, point: OperatingPoint) -> PagePredictions:
        assert point is POINT
        self.seen.append(text)
        lines = text.split("\n")
        spans = {n: (Span(0, 3, 1.0),) for n, line in enumerate(lines) if line.startswith("[x]")}
        n_lines = len(lines)
        return PagePredictions(
            text, np.full((n_lines, 4), n_lines, np.float32), np.zeros(n_lines, np.int8), spans
        )

    def classify_many(self, texts: list[str], *, point: OperatingPoint) -> object:
        return (self.classify(text, point=point) for text in texts)


@pytest.fixture(autouse=True)
def _small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("classifier.model.judging.MAX_PAGE_CHARS", 20)
    monkeypatch.setattr("classifier.model.judging.MAX_PAGE_LINES", 5)


@pytest.mark.parametrize(
    "text",
    ["x" * 90, "ab\n" * 30, "\n" * 40, "\n" * 40 + "y" * 50 + "\n\n", "a\n[x] b\n" * 9, "z" * 21],
)
def test_page_comes_out_whole(text: str) -> None:
    model = CountingModel()
    before, page, after = judge(model, ["a", text, "[x] b\nc"], POINT)  # type: ignore[arg-type]
    assert (before.text, page.text, after.text) == ("a", text, "[x] b\nc")
    assert len(page) == len(page.lines) == len(page.probabilities)
    assert all(page.lines[line].startswith("[x]") for line in page.spans)
    assert len(page.spans) == text.count("[x]")
    assert list(after.spans) == [0]
    assert max(map(len, model.seen)) <= 21
    assert max(part.count("\n") for part in model.seen) < 5


@pytest.mark.parametrize("text", ["ab\n" * 30, "x" * 90 + "\ny", "a", "a\n[x] b\n" * 9])
def test_every_line_is_found_in_the_part_it_is_judged_in(text: str) -> None:
    model = CountingModel()
    (page,) = judge(model, [text], POINT)  # type: ignore[arg-type]
    for number, line in enumerate(page.lines, start=1):
        part, within = part_with_line(text, number)
        assert part in model.seen
        assert line.startswith(part.split("\n")[within - 1])
    assert part_with_line(text, 99) == (text, 99)
    assert part_with_line(text, 0) == (text, 0)


def test_other_pages_are_judged_together(tiny_model: LineClassifier) -> None:
    texts = ["Eine Brücke.", "menu\n" * 30, "Start | Kontakt"]
    pages = list(judge(tiny_model, texts, POINT))
    alone = list(tiny_model.classify_many([texts[0], texts[2]], point=POINT))
    for page, other in zip([pages[0], pages[2]], alone, strict=True):
        assert np.array_equal(page.probabilities, other.probabilities)
    assert len(pages[1]) == 31
