"""Parquet written by pyarrow comes in row by row and goes out with all it held."""

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from classifier.datamodels import BLANK, Document, PagePredictions, Span
from classifier.io.base import BadRecord, Cleaned, FieldNames, Piece, Source
from classifier.io.parquet import PARQUET, TableWriter, prediction_table, read_stream

SOURCE = Source(name="pages.parquet", path=None, format="parquet")

TABLE = pa.table(
    {
        "url": pa.array(["https://a.example", None, "https://c.example"]),
        "text": pa.array(["menu\nEine Brücke", None, "橋"], pa.large_string()),
        "id": pa.array([7, 8, None], pa.int64()),
        "tags": pa.array([["x"], [], None], pa.list_(pa.string())),
        "kind": pa.array(["a", "b", "a"]).dictionary_encode(),
    }
).replace_schema_metadata({"huggingface": '{"info": {}}'})


def parquet_bytes(table: Any, **options: Any) -> bytes:
    sink = io.BytesIO()
    pq.write_table(table, sink, **options)
    return sink.getvalue()


def pieces_of(data: bytes, source: Source = SOURCE) -> list[Piece]:
    return list(PARQUET.split(io.BytesIO(data), source))


def items_of(data: bytes, source: Source = SOURCE) -> list[Document | BadRecord]:
    return [item for piece in pieces_of(data, source) for item in PARQUET.parse(piece, source)]


def test_rows_are_documents_and_null_is_a_bad_record() -> None:
    first, second, third = items_of(parquet_bytes(TABLE))
    assert isinstance(first, Document)
    assert (first.id, first.text) == ("7", "menu\nEine Brücke")
    assert second == BadRecord("standard input", 2, "'text' is null; it must be a string")
    assert isinstance(third, Document)
    assert (third.id, third.text) == ("pages.parquet:3", "橋")


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()])
def test_cleaned_rows_keep_columns_types_and_metadata(kind: Any) -> None:
    table = TABLE.set_column(1, "text", TABLE.column("text").cast(kind))
    (piece,) = pieces_of(parquet_bytes(table))
    cleaned = [
        Cleaned(item, item.text.split("\n")[-1:])
        for item in PARQUET.parse(piece, SOURCE)
        if isinstance(item, Document)
    ]
    (data,) = PARQUET.render(piece, SOURCE, cleaned)
    sink = io.BytesIO()
    with TableWriter(sink) as writer:
        writer.write(data)
        writer.write(data)
    written = pq.read_table(io.BytesIO(sink.getvalue()))
    given = pq.read_table(io.BytesIO(parquet_bytes(table)))
    assert written.schema.equals(given.schema, check_metadata=True)
    others = given.drop_columns("text").take([0, 2])
    assert written.slice(0, 2).drop_columns("text") == others
    assert written.column("text").to_pylist() == ["Eine Brücke", "橋"] * 2


def test_row_groups_come_in_pieces_of_bounded_size() -> None:
    text = ["x" * 999 + str(n) for n in range(9000)]
    data = parquet_bytes(pa.table({"text": text}), row_group_size=4000, compression="none")
    pieces = pieces_of(data)
    assert len(pieces) >= 9
    assert max(len(piece.data) for piece in pieces) < 2_200_000
    assert [item.text for item in items_of(data) if isinstance(item, Document)] == text
    assert [piece.number for piece in pieces][:1] == [1]


def test_names_of_columns_can_be_others() -> None:
    source = Source("p", None, "parquet", fields=FieldNames(text="url", id="text"))
    first = items_of(parquet_bytes(TABLE), source)[0]
    assert isinstance(first, Document)
    assert (first.id, first.text) == ("menu\nEine Brücke", "https://a.example")


def test_pipe_is_copied_first() -> None:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: int) -> int:
            raise io.UnsupportedOperation("seek")

    pieces = list(PARQUET.split(Pipe(parquet_bytes(TABLE)), SOURCE))
    assert [read_stream(piece.data).num_rows for piece in pieces] == [3]


def test_columns_that_nobody_needs_are_not_read() -> None:
    (piece,) = pieces_of(parquet_bytes(TABLE), replace(SOURCE, is_carried=False))
    assert sorted(read_stream(piece.data).column_names) == ["id", "text"]


def test_missing_column_names_those_that_are_there() -> None:
    source = Source("p", None, "parquet", fields=FieldNames(text="body"))
    (bad,) = items_of(parquet_bytes(TABLE), source)
    assert isinstance(bad, BadRecord)
    assert bad.record is None
    assert bad.reason.startswith("has no column 'body', it has url, text, id, tags, kind; say ")


def test_column_of_numbers_is_bad_row_by_row() -> None:
    bad = items_of(parquet_bytes(pa.table({"text": [1, 2]})))
    assert [(each.record, each.reason) for each in bad if isinstance(each, BadRecord)] == [
        (1, "'text' is of type int64; it must be a string"),
        (2, "'text' is of type int64; it must be a string"),
    ]


@pytest.mark.parametrize("data", [b"", b"PAR1", b"x" * 99, parquet_bytes(TABLE)[:-9]])
def test_what_is_no_parquet_is_said(data: bytes) -> None:
    (bad,) = items_of(data)
    assert isinstance(bad, BadRecord)
    assert bad.reason.startswith("is no Parquet file (")


def test_damaged_pages_are_said_after_what_could_be_read(tmp_path: Path) -> None:
    table = pa.table({"text": [f"line {n} " * 50 for n in range(3000)]})
    data = bytearray(parquet_bytes(table, row_group_size=1000, compression="zstd"))
    middle = pq.read_metadata(io.BytesIO(bytes(data))).row_group(1).column(0)
    start = middle.dictionary_page_offset or middle.data_page_offset
    data[start + 40 : start + 200] = b"\xff" * 160
    items = items_of(bytes(data))
    assert isinstance(items[-1], BadRecord)
    assert items[-1].reason.startswith("is damaged from row ")
    assert all(isinstance(item, Document) for item in items[:-1])
    assert len(items) > 1000


def test_file_without_rows_still_says_its_columns() -> None:
    empty = parquet_bytes(TABLE.slice(0, 0))
    (piece,) = pieces_of(empty)
    assert list(PARQUET.parse(piece, SOURCE)) == []
    (data,) = PARQUET.render(piece, SOURCE, [])
    given = pq.read_schema(io.BytesIO(empty))
    assert read_stream(data).schema.equals(given, check_metadata=True)


def test_predictions_are_lists_parallel_to_the_lines() -> None:
    probabilities = np.array(
        [[0.85123, 0.05, 0.05, 0.05], [0, 0, 0, 0], [0.1, 0.7, 0.1, 0.1]], np.float32
    )
    page = PagePredictions(
        "a\n\nb",
        probabilities,
        np.array([0, BLANK, 1], np.int8),
        {2: (Span(0, 1, 0.98765), Span(2, 3, 0.5))},
    )
    table = prediction_table(["x", "y"], [page, page])
    first, second = table.to_pylist()
    assert {**first, "id": "y"} == second
    assert first["labels"] == ["content", None, "stuffing"]
    assert first["confidences"] == [pytest.approx(0.8512), None, pytest.approx(0.7)]
    assert first["probabilities"]["stuffing"] == [pytest.approx(0.05), None, pytest.approx(0.7)]
    assert first["spans"] == [
        [],
        [],
        [
            {"start": 0, "end": 1, "confidence": pytest.approx(0.9877)},
            {"start": 2, "end": 3, "confidence": pytest.approx(0.5)},
        ],
    ]
    assert prediction_table([], []).schema == table.schema


def test_bytes_that_are_no_text_are_bad_row_by_row() -> None:
    """Parquet believes whoever wrote it that strings are UTF-8; fuzzing found that."""
    data = pa.array([b"gut", b"\xff\xfe", b"auch gut"], pa.binary())
    broken = pa.StringArray.from_buffers(3, *data.buffers()[1:])
    found = items_of(parquet_bytes(pa.table({"text": broken, "id": ["a", "b", "c"]})))
    assert [getattr(each, "text", None) for each in found] == ["gut", None, "auch gut"]
    reason = "'text' cannot be read; write it as valid UTF-8"
    assert found[1] == BadRecord("standard input", 2, reason)


def test_columns_of_one_name_are_refused() -> None:
    columns = [pa.array(["a"]), pa.array(["b"])]
    table = pa.Table.from_arrays(columns, names=["text", "text"])
    reason = "has several columns 'text'; give them names of their own"
    assert items_of(parquet_bytes(table)) == [BadRecord("standard input", None, reason)]


@pytest.mark.parametrize("kind", [pa.list_(pa.string()), pa.null(), pa.struct({"a": pa.int8()})])
def test_column_without_text_leaves_no_row_of_its_type(kind: Any) -> None:
    table = pa.table({"text": pa.array([None, None], kind), "n": [1, 2]})
    (piece,) = pieces_of(parquet_bytes(table))
    assert all(isinstance(item, BadRecord) for item in PARQUET.parse(piece, SOURCE))
    (data,) = PARQUET.render(piece, SOURCE, [])
    assert read_stream(data).schema.equals(table.schema)
    assert read_stream(data).num_rows == 0


def test_id_that_is_no_unicode_is_written_as_its_escape() -> None:
    page = PagePredictions("a", np.full((1, 4), 0.25, np.float32), np.array([0], np.int8), {})
    table = prediction_table(["a\udcff", "ä"], [page, page])
    assert table.column("id").to_pylist() == ["a\\udcff", "ä"]
