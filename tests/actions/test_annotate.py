"""Rows say exactly what the predictions say, and parse back to the text."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.actions.annotate import jsonl_record, jsonl_rows, text_rows, tsv_rows
from classifier.datamodels import OperatingPoint, PagePredictions, Span
from classifier.labels import LABELS

any_text = st.text(st.characters(exclude_categories=[]), max_size=60)
valid_text = st.text(max_size=60)


@pytest.fixture(scope="module", autouse=True)
def _tables() -> None:
    """Make the tables of spellings, which the first rows of a process wait for."""
    page = predicted("a")
    for rows in (jsonl_rows, jsonl_record, tsv_rows):
        rows("a", page)


def predicted(text: str, spans: dict[int, tuple[Span, ...]] | None = None) -> PagePredictions:
    """Predictions that differ from line to line, none for blank ones."""
    lines = text.split("\n")
    rng = np.random.default_rng(len(text))
    probabilities = rng.dirichlet(np.ones(len(LABELS)), len(lines)).astype(np.float32)
    is_blank = np.array([not line.strip() for line in lines])
    probabilities[is_blank] = 0
    label_index = OperatingPoint().label_index(probabilities, is_blank)
    return PagePredictions(text, probabilities, label_index, spans or {})


@given(any_text, any_text)
def test_jsonl_rows_parse_back_and_join_to_the_text(document_id: str, text: str) -> None:
    page = predicted(text)
    data = jsonl_rows(document_id, page).decode("utf-8")
    rows = [json.loads(row) for row in data.split("\n")[:-1]]
    # An escaped high and low surrogate side by side are one character to any JSON reader.
    joined = json.loads(json.dumps("\n".join(page.lines)))
    assert "\n".join(row["text"] for row in rows) == joined
    assert [row["line"] for row in rows] == list(range(1, len(page) + 1))
    assert {row["id"] for row in rows} == {json.loads(json.dumps(document_id))}


def test_jsonl_rows_hold_what_the_page_holds() -> None:
    text = 'Zin "één"\t\\\n\nนี่คือประโยค\nlast'
    page = predicted(text, {3: (Span(0, 2, 0.98765),)})
    rows = [json.loads(row) for row in jsonl_rows("a", page).splitlines()]
    for row, line in zip(rows, page, strict=True):
        assert row["text"] == line.text
        assert row["label"] == line.label
        if line.label is None:
            assert (row["confidence"], row["probabilities"]) == (None, None)
            continue
        assert row["confidence"] == pytest.approx(line.confidence, abs=5.1e-5)
        assert list(row["probabilities"]) == list(LABELS)
        assert row["probabilities"] == pytest.approx(dict(line.probabilities), abs=5.1e-5)
    assert [row["spans"] for row in rows] == [[], [], [], [[0, 2, 0.9877]]]


def test_jsonl_rows_write_probabilities_of_0_and_1_as_numbers() -> None:
    page = PagePredictions("a", np.array([[0, 1, 0, 1e-6]], np.float32), np.array([1], np.int8))
    row = json.loads(jsonl_rows("a", page))
    assert row["probabilities"] == {"content": 0, "stuffing": 1, "linkfarm": 0, "boilerplate": 0}


@given(any_text)
def test_jsonl_record_agrees_with_the_rows(text: str) -> None:
    page = predicted(text, {0: (Span(0, 1, 0.5),)} if text[:1].strip() else {})
    record = json.loads(jsonl_record("a", page))
    rows = [json.loads(row) for row in jsonl_rows("a", page).split(b"\n")[:-1]]
    assert record["labels"] == [row["label"] for row in rows]
    assert record["confidences"] == [row["confidence"] for row in rows]
    assert record["spans"] == [row["spans"] for row in rows]
    for label in LABELS:
        column = [row["probabilities"] and row["probabilities"][label] for row in rows]
        assert record["probabilities"][label] == column


@given(valid_text, valid_text)
def test_tsv_rows_have_five_columns_that_undo(document_id: str, text: str) -> None:
    page = predicted(text)
    data = tsv_rows(document_id, page).decode("utf-8")
    rows = [row.split("\t") for row in data.split("\n")[:-1]]
    assert all(len(row) == 5 for row in rows)

    def undone(cell: str) -> str:
        escapes = {"\\t": "\t", "\\r": "\r", "\\n": "\n", "\\\\": "\\"}
        pieces, position = [], 0
        while position < len(cell):
            width = 2 if cell[position] == "\\" else 1
            piece = cell[position : position + width]
            pieces.append(escapes.get(piece, piece))
            position += width
        return "".join(pieces)

    assert "\n".join(undone(row[4]) for row in rows) == text
    assert {undone(row[0]) for row in rows} == {document_id}


def test_rows_write_lone_surrogates_as_escapes() -> None:
    page = predicted("a\\\ud800\tb")
    assert json.loads(jsonl_rows("\udfff", page))["text"] == page.text
    assert json.loads(jsonl_record("\udfff", page))["id"] == "\udfff"
    row = tsv_rows("\udfff", page).decode("utf-8")
    assert row.startswith("\\udfff\t1\t")
    assert row.endswith("\ta\\\\\\ud800\\tb\n")


def test_numbers_of_lines_go_on_behind_the_common_ones() -> None:
    page = predicted("\n" * 1_002)
    numbers = list(range(1, 1_004))
    rows = jsonl_rows("a", page).split(b"\n")[:-1]
    assert [json.loads(row)["line"] for row in rows] == numbers
    rows = tsv_rows("a", page).split(b"\n")[:-1]
    assert [int(row.split(b"\t")[1]) for row in rows] == numbers


@given(any_text)
def test_text_rows_are_one_printable_line_a_line(text: str) -> None:
    shown = text_rows(predicted(text))
    assert len(shown.split("\n")) == len(text.split("\n")) + 1
    assert not set(shown) & {"\x1b", "\r", "\t", "\u202e", "\u2028"}
    shown.encode("utf-8")


def test_text_rows_mark_what_would_be_cut() -> None:
    page = predicted("buy now Fête du village wow", {0: (Span(0, 8, 0.9), Span(23, 27, 0.9))})
    assert text_rows(page).endswith("  [-buy now -]Fête du village[- wow-]\n")
