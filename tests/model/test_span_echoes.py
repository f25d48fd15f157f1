"""Echoes: a sure phrase is found again word for word, and nothing else is."""

from classifier.datamodels import Span
from classifier.model.span_echoes import with_echoes

LINES = (
    "【lumo vando rix】 Bridge open again",
    "After seven months lumo vando rix the bridge is open, lumo vando rix and free.",
    "Nothing here, not even lumo or vando.",
    "Menu lumo vando rix",
    "pre lumo vando rix",
)
OPEN = (True, True, True, False, True)


def test_a_sure_phrase_is_found_where_lines_are_open() -> None:
    spans, sources = with_echoes(LINES, OPEN, {0: (Span(0, 16, 0.9),)})
    assert [(span.start, span.end) for span in spans[1]] == [(19, 33), (54, 68)]
    assert {span.confidence for span in spans[1]} == {0.9}
    assert [LINES[4][span.start : span.end] for span in spans[4]] == ["lumo vando rix"]
    assert set(spans) == {0, 1, 4}
    assert sources == {(1, 19): 0, (1, 54): 0, (4, 4): 0}


def test_a_doubtful_phrase_or_one_ordinary_word_is_not() -> None:
    assert with_echoes(LINES, OPEN, {0: (Span(0, 16, 0.7),)})[1] == {}
    word = {0: (Span(17, 23, 0.99),)}
    assert LINES[0][17:23] == "Bridge"
    assert with_echoes(LINES, OPEN, word)[1] == {}


def test_a_surer_part_stays_and_a_less_sure_one_gives_way() -> None:
    title = Span(0, 16, 0.9)
    surer, doubtful = Span(10, 33, 0.95), Span(50, 60, 0.3)
    spans, _ = with_echoes(LINES, OPEN, {0: (title,), 1: (surer, doubtful)})
    assert spans[1] == (surer, Span(54, 68, 0.9))


def test_a_phrase_may_overlap_itself() -> None:
    lines = ("a bb a bb a bb a bb", "[a bb a bb a] title")
    spans, _ = with_echoes(lines, (True, True), {1: (Span(0, 13, 0.9),)})
    assert [(span.start, span.end) for span in spans[0]] == [(0, 11)]


def test_nothing_found_nothing_repeated() -> None:
    assert with_echoes(LINES, OPEN, {}) == ({}, {})
