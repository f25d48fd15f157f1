"""Edits of lines keep spans where their text is."""

from classifier.corpus.grammar.page import BODY, TITLE, MadeLine, Page, injected, lines_of, stuffed
from classifier.datamodels import Span, cut

LINE = MadeLine("Council meets tonight", "c", role=BODY)


def test_an_injected_part_is_the_span_and_nothing_else() -> None:
    line = injected(LINE, 7, "(cheap pills)", before=" ")
    assert line.text == "Council (cheap pills) meets tonight"
    assert (line.code, line.role) == ("s", BODY)
    assert [line.text[start:end] for start, end in line.spans] == ["(cheap pills)"]


def test_spans_behind_a_later_injection_move_and_those_before_stay() -> None:
    line = injected(injected(LINE, 7, "one", before=" "), 0, "[two]", after=" ")
    line = injected(line, len(line.text), "three", before=" | ")
    assert [line.text[start:end] for start, end in line.spans] == ["[two]", "one", "three"]
    assert cut(line.text, [Span(start, end, 1.0) for start, end in line.spans]) == LINE.text


def test_parts_injected_at_one_place_are_two_spans_that_meet() -> None:
    line = injected(injected(LINE, 7, "second"), 7, "first")
    assert line.text == "Councilfirstsecond meets tonight"
    assert line.spans == ((7, 12), (12, 18))


def test_a_line_stuffed_as_a_whole_is_closed() -> None:
    line = stuffed(injected(LINE, 0, "[x]"), "cheap pills")
    assert (line.code, line.spans, line.is_open) == ("s", (), False)


def test_lines_carry_no_label_where_they_are_blank() -> None:
    assert [line.code for line in lines_of(["Home", " ", ""], "b")] == ["b", "?", "?"]


def test_the_article_is_found_by_its_roles() -> None:
    lines = (
        *lines_of(["Menu", "Home"], "b"),
        MadeLine("Headline", "c", role=TITLE),
        MadeLine("Advertisement", "o"),
        MadeLine("A sentence.", "c", role=BODY),
        MadeLine("Cheap pills", "s", role=BODY),
        *lines_of(["Contact"], "b"),
    )
    page = Page(lines, headline="Headline")
    assert (page.title, page.body, page.open_body) == (2, [4, 5], [4])
    assert (page.article_start, page.article_end) == (2, 6)
    assert page.inserted(2, lines_of(["x"], "b")).title == 3


def test_a_page_without_article_begins_and_ends_at_its_end() -> None:
    page = Page(tuple(lines_of(["Menu", "Home"], "b")))
    assert (page.title, page.body) == (None, [])
    assert page.article_start == page.article_end == 2
