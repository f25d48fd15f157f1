"""Parquet: one document a row, read and written batch by batch; needs pyarrow.

A piece is an Arrow stream of some rows, so that any process can have it and nothing is lost on the
way; what is cleaned keeps all columns, their order, types and metadata.
"""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import Any, BinaryIO, Self, cast

import numpy as np

from classifier.datamodels import BLANK, Document, PagePredictions, Span
from classifier.io.base import (
    PIECE_BYTES,
    BadRecord,
    Cleaned,
    Format,
    Piece,
    Source,
    encode_rows,
    file_fault,
)
from classifier.io.extras import optional_module
from classifier.labels import LABELS

_EXTRA = "parquet"
_MAX_ROWS = 20_000
_NO_VALUE = (ValueError, OverflowError, LookupError)


def _arrow() -> Any:  # noqa: ANN401 - a module
    return optional_module("pyarrow", _EXTRA)


def _parquet() -> Any:  # noqa: ANN401 - a module
    return optional_module("pyarrow.parquet", _EXTRA)


def _split(stream: BinaryIO, source: Source) -> Iterator[Piece]:
    """Yield some rows at a time, row group by row group; a file without rows gives one piece."""
    arrow, parquet = _arrow(), _parquet()
    with ExitStack() as stack:
        try:
            seekable = stream if stream.seekable() else _copied(stream, stack)
            file = parquet.ParquetFile(seekable, buffer_size=PIECE_BYTES)
        except (arrow.ArrowException, ValueError) as error:  # names of columns are decoded here
            yield file_fault(f"is no Parquet file ({_first_line(error)}); fetch or write it again")
            return
        yield from _row_pieces(file, source)


def _copied(stream: BinaryIO, stack: ExitStack) -> BinaryIO:
    """Return a copy of `stream` on the disk: a Parquet file is read from its end."""
    copy = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - the stack closes it
    shutil.copyfileobj(stream, copy, PIECE_BYTES)
    copy.seek(0)
    return cast("BinaryIO", copy)


def _row_pieces(file: Any, source: Source) -> Iterator[Piece]:  # noqa: ANN401 - a ParquetFile
    arrow = _arrow()
    try:
        names = file.schema_arrow.names
    except ValueError:
        yield file_fault("has columns whose names are not valid UTF-8; write it again")
        return
    fault = _fault_of_columns(names, source)
    if fault:
        yield file_fault(fault)
        return
    columns = None if source.is_carried else [name for name in source.fields if name in names]
    number = 1
    try:
        for group in range(file.num_row_groups):
            rows = file.metadata.row_group(group)
            bytes_a_row = max(rows.total_byte_size // max(rows.num_rows, 1), 1)
            size = min(max(PIECE_BYTES // bytes_a_row, 1), _MAX_ROWS)
            for batch in file.iter_batches(
                batch_size=size, row_groups=[group], columns=columns, use_threads=False
            ):
                yield Piece(number, stream_bytes(arrow.Table.from_batches([batch])))
                number += batch.num_rows
    except (arrow.ArrowException, OSError) as error:
        if isinstance(error, OSError) and error.errno:
            raise
        yield file_fault(f"is damaged from row {number} on ({_first_line(error)}); fetch it again")
    if number == 1:
        yield Piece(1, stream_bytes(file.schema_arrow.empty_table()))


def _fault_of_columns(names: Sequence[str], source: Source) -> str:
    twice = [name for name in source.fields if names.count(name) > 1]
    if twice:
        return f"has several columns {twice[0]!r}; give them names of their own"
    if source.fields.text not in names:
        return (
            f"has no column {source.fields.text!r}, it has {', '.join(names)}; say which holds the "
            "text: --input-format parquet:text=NAME"
        )
    return ""


def _parse(piece: Piece, source: Source) -> Iterator[Document | BadRecord]:
    if piece.fault:
        yield piece.bad(source)
        return
    table = read_stream(piece.data)
    texts = _values(table, source.fields.text)
    has_ids = source.fields.id in table.column_names
    ids = _values(table, source.fields.id) if has_ids else [None] * len(texts)
    for row, (text, given) in enumerate(zip(texts, ids, strict=True)):
        number = piece.number + row
        broken = [
            name
            for name, value in zip(source.fields, (text, given), strict=True)
            if isinstance(value, _Broken)
        ]
        if broken:
            reason = f"{broken[0]!r} cannot be read; write it as valid UTF-8"
            yield BadRecord(source.where, number, reason)
        elif isinstance(text, str):
            default = f"{source.name}:{number}"
            name = default if given is None else str(given)
            yield Document(id=name, text=text, fields={"row": row})
        else:
            kind = (
                "null" if text is None else f"of type {table.schema.field(source.fields.text).type}"
            )
            reason = f"{source.fields.text!r} is {kind}; it must be a string"
            yield BadRecord(source.where, number, reason)


class _Broken:
    """Stands for a value that is none: no UTF-8, a time of no year or zone, no such entry."""


def _values(table: Any, name: str) -> list[object]:  # noqa: ANN401 - an Arrow table
    column = table.column(name)
    try:
        values: list[object] = column.to_pylist()
    except _NO_VALUE:
        return [_value(each) for each in column]
    return values


def _value(scalar: Any) -> object:  # noqa: ANN401 - an Arrow scalar
    try:
        return scalar.as_py()
    except _NO_VALUE:
        return _Broken()


def _render(piece: Piece, source: Source, cleaned: Sequence[Cleaned]) -> Sequence[bytes]:
    """Return the rows with what is left of their texts; bad rows are left out."""
    arrow, table = _arrow(), read_stream(piece.data)
    if not cleaned:  # and the column need not even hold text
        return [stream_bytes(table.slice(0, 0))]
    if len(cleaned) < table.num_rows:
        table = _rows_of(table, [int(str(document.fields["row"])) for document, _ in cleaned])
    index = table.schema.get_field_index(source.fields.text)
    field = table.schema.field(index)
    texts = arrow.array(["\n".join(lines) for _, lines in cleaned], arrow.large_string())
    return [stream_bytes(table.set_column(index, field, texts.cast(field.type)))]


def _rows_of(table: Any, rows: Sequence[int]) -> Any:  # noqa: ANN401 - Arrow tables
    """Return some rows of a table, in their order; slices, because not all types can be taken."""
    ends = np.flatnonzero(np.diff(np.array(rows, np.int64)) != 1) + 1
    runs = [run.tolist() for run in np.split(np.array(rows, np.int64), ends) if len(run)]
    parts = [table.slice(run[0], len(run)) for run in runs]
    return _arrow().concat_tables(parts or [table.slice(0, 0)])


def prediction_table(ids: Sequence[str], pages: Sequence[PagePredictions]) -> Any:  # noqa: ANN401
    """Return an Arrow table with a row a document and lists parallel to its lines.

    The columns are those of the rows of ``--format documents``: id, labels, confidences,
    probabilities by label, spans.
    """
    arrow = _arrow()
    offsets = np.concatenate([[0], np.cumsum([len(page) for page in pages])]).astype(np.int32)
    label_index = _joined([page.label_index for page in pages], np.int8)
    is_blank = label_index == BLANK
    rows = np.arange(len(label_index))
    probabilities = _joined([page.probabilities for page in pages], np.float32, len(LABELS))
    rounded = np.rint(probabilities.astype(np.float64) * 1e4) / 1e4

    def lists(values: Any) -> Any:  # noqa: ANN401 - Arrow arrays
        return arrow.ListArray.from_arrays(arrow.array(offsets), values)

    names = arrow.DictionaryArray.from_arrays(
        arrow.array(np.maximum(label_index, 0), mask=is_blank), [str(label) for label in LABELS]
    ).cast(arrow.string())
    chosen = arrow.array(rounded[rows, np.maximum(label_index, 0)], arrow.float32(), mask=is_blank)
    columns = [
        lists(arrow.array(np.ascontiguousarray(rounded[:, column]), arrow.float32(), mask=is_blank))
        for column in range(len(LABELS))
    ]
    return arrow.table(
        {
            "id": arrow.array([encode_rows(each).decode() for each in ids], arrow.string()),
            "labels": lists(names),
            "confidences": lists(chosen),
            "probabilities": arrow.StructArray.from_arrays(columns, [str(each) for each in LABELS]),
            "spans": lists(_span_lists(arrow, pages)),
        }
    )


def _span_lists(arrow: Any, pages: Sequence[PagePredictions]) -> Any:  # noqa: ANN401
    """Return for every line of all pages the list of its spans; most lines have none."""
    counts = np.zeros(sum(len(page) for page in pages) + 1, np.int32)
    found: list[Span] = []
    first = 1
    for page in pages:
        for line in sorted(page.spans):
            found += page.spans[line]
            counts[first + line] = len(page.spans[line])
        first += len(page)
    spans = arrow.StructArray.from_arrays(
        [
            arrow.array([span.start for span in found], arrow.int32()),
            arrow.array([span.end for span in found], arrow.int32()),
            arrow.array([round(span.confidence, 4) for span in found], arrow.float32()),
        ],
        ["start", "end", "confidence"],
    )
    return arrow.ListArray.from_arrays(arrow.array(np.cumsum(counts, dtype=np.int32)), spans)


def _joined(parts: Sequence[Any], kind: Any, *shape: int) -> Any:  # noqa: ANN401 - arrays
    return np.concatenate([np.zeros((0, *shape), kind), *parts])


def stream_bytes(table: Any) -> bytes:  # noqa: ANN401 - an Arrow table
    """Return a table as an Arrow stream."""
    arrow = _arrow()
    sink = arrow.BufferOutputStream()
    with arrow.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    data: bytes = sink.getvalue().to_pybytes()
    return data


def read_stream(data: bytes) -> Any:  # noqa: ANN401 - an Arrow table
    """Return the table of an Arrow stream."""
    return _arrow().ipc.open_stream(data).read_all()


class TableWriter:
    """Writes Arrow streams of one schema to a Parquet file, a row group each."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._writer: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is not None:
            self.abandon()
        elif self._writer is not None:
            self._writer.close()

    def abandon(self) -> None:
        """Write no end of the file; pyarrow would, once nobody holds its writer."""
        if self._writer is not None:
            self._writer.is_open = False

    def write(self, data: bytes) -> None:
        """Add the rows of an Arrow stream; one without rows still says what the columns are."""
        table = read_stream(data)
        if self._writer is None:
            self._writer = _parquet().ParquetWriter(self._stream, table.schema)
        if table.num_rows:
            self._writer.write_table(table)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


PARQUET = Format(
    suffixes=(".parquet",),
    split=_split,
    parse=_parse,
    render=_render,
    cleaned_as="parquet",
    is_table=True,
    is_packable=False,
    has_fields=True,
)
