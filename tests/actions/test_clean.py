"""Cleaning keeps what is content and records everything it takes out."""

import io
import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from classifier.actions.clean import cleaned_lines, removal_rows
from classifier.datamodels import BLANK, PagePredictions, Span, cut
from classifier.io.base import Source, encode_rows
from classifier.io.text import dump_text, read_text

LINES = st.lists(
    st.tuples(st.text(max_size=9).map(lambda t: t.replace("\n", "")), st.integers(-1, 3))
)


def page_of(lines: list[tuple[str, int]]) -> PagePredictions:
    lines = lines or [("", BLANK)]
    label_index = np.array([label for _, label in lines], np.int8)
    probabilities = np.full((len(lines), 4), 0.25, np.float32)
    spans = {
        index: (Span(0, 2, 0.5), Span(3, 4, 0.25))
        for index, (text, label) in enumerate(lines)
        if len(text) > 4 and label == 1
    }
    return PagePredictions("\n".join(text for text, _ in lines), probabilities, label_index, spans)


@given(LINES)
def test_cleaned_lines_join_to_the_clean_page(lines: list[tuple[str, int]]) -> None:
    page = page_of(lines)
    assert "\n".join(cleaned_lines(page)) == page.clean()


@given(LINES)
def test_kept_and_removed_are_together_the_page(lines: list[tuple[str, int]]) -> None:
    page = page_of(lines)
    removed = {
        row["line"]: row for row in map(json.loads, removal_rows("a", page).split("\n")[:-1])
    }
    kept = iter(cleaned_lines(page))
    for line in page:
        row = removed.get(line.number)
        if row is None:
            assert next(kept) == line.text
            continue
        assert (row["text"], row["label"]) == (line.text, line.label)
        if row["spans"] is not None:
            assert next(kept) == cut(line.text, [Span(*span) for span in row["spans"]])
    assert next(kept, None) is None


def test_cuts_say_what_was_done_to_a_line() -> None:
    line = "Mercado abre hoy | pastillas baratas"
    page = PagePredictions(
        line,
        np.array([[0.1, 0.8, 0.05, 0.05]], np.float32),
        np.array([1], np.int8),
        {0: (Span(19, 36, 0.9),)},
    )
    row = json.loads(removal_rows("a", page))
    assert (row["spans"], row["cuts"]) == ([[19, 36, 0.9]], [[16, 36, ""]])
    for start, end, between in reversed(row["cuts"]):
        line = line[:start] + between + line[end:]
    assert cleaned_lines(page) == [line] == ["Mercado abre hoy"]


def test_page_without_content_has_no_line_left() -> None:
    page = page_of([("ad", 1), ("menu", 3)])
    assert cleaned_lines(page) == []
    assert len(removal_rows("a", page).splitlines()) == 2


def test_page_of_content_has_nothing_removed() -> None:
    assert removal_rows("a", page_of([("Zin", 0), ("", BLANK)])) == ""


def test_removal_rows_hold_lone_surrogates() -> None:
    row = json.loads(encode_rows(removal_rows("a", page_of([("\ud800", 2)]))))
    assert row == {
        "id": "a",
        "line": 1,
        "text": "\ud800",
        "label": "linkfarm",
        "confidence": 0.25,
        "spans": None,
    }


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_page_all_kept_is_the_same_bytes(text: str) -> None:
    data = text.encode("utf-8")
    (document,) = read_text(io.BytesIO(data), Source(name="a.txt", path=None, format="text"))
    lines = document.text.split("\n")
    page = page_of([(line, 0 if line.strip() else BLANK) for line in lines])
    assert dump_text(document, cleaned_lines(page)) == data
