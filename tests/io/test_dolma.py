"""Attribute files: taking all spans out of a text gives the cleaned text."""

import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from classifier.datamodels import BLANK, PagePredictions, Span
from classifier.io.dolma import attribute_row

LINES = st.lists(
    st.tuples(st.text("aé橋😀 \r", max_size=4), st.integers(BLANK, 3)), min_size=1, max_size=12
)


def page_of(lines: list[tuple[str, int]], spans: dict[int, tuple[Span, ...]]) -> PagePredictions:
    return PagePredictions(
        "\n".join(text for text, _ in lines),
        np.full((len(lines), 4), 0.25, np.float32),
        np.array([label for _, label in lines], np.int8),
        spans,
    )


def without_spans(text: str, row: bytes) -> str:
    """What dolma's mixer leaves with an empty replacement."""
    found = [tuple(s) for spans in json.loads(row)["attributes"].values() for s in spans]
    pieces, position = [], 0
    for start, end, confidence in sorted(found):
        assert position <= start <= end <= len(text)
        assert 0 <= confidence <= 1
        pieces.append(text[position:start])
        position = end
    return "".join([*pieces, text[position:]])


@given(LINES)
def test_text_without_its_spans_is_the_cleaned_text(lines: list[tuple[str, int]]) -> None:
    page = page_of(lines, {})
    assert without_spans(page.text, attribute_row("x", page)) == page.clean()


def test_spans_are_named_by_label_and_counted_in_code_points() -> None:
    page = page_of([("😀 menu", 3), ("Eine Brücke", 0), ("pills", 1), ("tag cloud", 2)], {})
    row = json.loads(attribute_row("a", page))
    assert row == {
        "id": "a",
        "attributes": {
            "linespam__lines__stuffing": [[18, 24, 0.25]],
            "linespam__lines__linkfarm": [[24, 34, 0.25]],
            "linespam__lines__boilerplate": [[0, 7, 0.25]],
        },
    }


def test_spans_inside_of_lines_are_stuffing() -> None:
    page = page_of(
        [("Eine Brücke", 0), ("[ad] Markt | pills, pills", 1)],
        {1: (Span(0, 4, 0.98765), Span(13, 18, 0.9), Span(20, 25, 0.8))},
    )
    row = attribute_row("a", page)
    found = json.loads(row)["attributes"]["linespam__lines__stuffing"]
    assert found == [[12, 17, 0.9877], [22, 37, 0.8]]
    assert without_spans(page.text, row) == page.clean() == "Eine Brücke\nMarkt"


def test_rows_are_one_line_each() -> None:
    assert attribute_row("a\nb\u2028", page_of([("x", 1)], {})).count(b"\n") == 1
