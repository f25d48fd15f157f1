"""Arrow tables in, Arrow tables out: the one function that Ray, Spark and the others run.

A step is a callable ``pyarrow.Table -> pyarrow.Table`` of a few plain values, so it can be pickled
and sent anywhere; the model is loaded where the step is called, once a process.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from classifier.adapters.process_model import Model, judged
from classifier.datamodels import PagePredictions
from classifier.errors import InputError
from classifier.io.extras import optional_module
from classifier.io.parquet import prediction_table

_DOCUMENTS_AT_ONCE = 1000
"""So many predictions are held as objects before they become columns."""

COUNTS = ("lines_removed", "lines_cut", "characters_removed")
"""Columns `CleanTable` can add: whole lines gone, lines something was cut out of, code points."""


def _arrow() -> Any:  # noqa: ANN401 - a module
    return optional_module("pyarrow", "parquet")


@dataclass(frozen=True, kw_only=True)
class TableStep(ABC):
    """A step of a pipeline: one document a row in, the same rows in the same order out.

    All other columns, their types, and the metadata of fields and schema stay as they are. A row
    whose text is null stays, with null for everything that would be said of it.

    Attributes
    ----------
    text
        The column that holds the documents: string, large_string, string_view, or a dictionary of
        one of them.
    model
        One in memory, a folder, None for the shipped one. A folder must be there under this name
        wherever the step runs.
    max_content_loss
        Share of content characters one is ready to lose; None decides at 0.5.
    """

    text: str = "text"
    model: Model = None
    max_content_loss: float | None = None

    @abstractmethod
    def __call__(self, table: Any) -> Any:  # noqa: ANN401 - Arrow tables
        """Return the table this step makes of `table`.

        Raises
        ------
        InputError
            If it is no table, there is no such text column, it holds no text, or a new column is
            there already.
        """

    @abstractmethod
    def schema(self, given: Any) -> Any:  # noqa: ANN401 - Arrow schemas
        """Return the schema of what comes of a table of schema `given`; the same errors."""

    def map_batches(self, batches: Iterable[Any]) -> Iterator[Any]:
        """Yield record batches for record batches, one after the other, never more than one held.

        Parameters
        ----------
        batches
            ``pyarrow.RecordBatch`` of one schema, as from a scanner or a `RecordBatchReader`.
        """
        for batch in batches:
            yield from self(_arrow().Table.from_batches([batch])).to_batches()

    def _pages(self, texts: Iterable[str | None]) -> Iterator[list[PagePredictions]]:
        """Yield the predictions for those texts that are not null, some at a time."""
        waiting: list[str] = []
        for text in texts:
            if text is not None:
                waiting.append(text)
            if len(waiting) == _DOCUMENTS_AT_ONCE:
                yield list(judged(self.model, waiting, self.max_content_loss))
                waiting = []
        if waiting:
            yield list(judged(self.model, waiting, self.max_content_loss))

    def _text_index(self, schema: Any) -> int:  # noqa: ANN401 - an Arrow schema
        found = [at for at, name in enumerate(schema.names) if name == self.text]
        if len(found) != 1:
            raise InputError(
                f"the table has {len(found) or 'no'} columns {self.text!r}, it has "
                f"{', '.join(schema.names)}; say which one holds the documents: text='NAME'"
            )
        kind = schema.field(found[0]).type
        if not _holds_text(kind):
            raise InputError(f"column {self.text!r} is of type {kind}; it must hold strings")
        return found[0]

    def _refuse_overwriting(self, schema: Any, added: Sequence[str], advice: str) -> None:  # noqa: ANN401
        taken = sorted(set(added) & set(schema.names))
        if taken:
            raise InputError(f"the table has columns {', '.join(taken)} already; {advice}")


@dataclass(frozen=True, kw_only=True)
class AnnotateTable(TableStep):
    r"""Adds what the model says of the lines, as lists parallel to the lines of each document.

    The new columns are those of ``linespam classify --format parquet``: ``labels``,
    ``confidences``, ``probabilities`` (a struct of four lists) and ``spans`` (a list of structs of
    start, end, confidence for every line). Lines are those of ``text.split("\n")``; blank ones
    have null.

    Attributes
    ----------
    prefix
        Put before the names of the new columns.
    """

    prefix: str = ""

    def __call__(self, table: Any) -> Any:  # noqa: ANN401 - Arrow tables
        """Return `table` with the new columns after its own."""
        table = _table(table)
        self.schema(table.schema)
        column = table.column(self._text_index(table.schema))
        parts = [self._annotations(pages) for pages in self._pages(_texts(column))]
        added = _arrow().concat_tables(parts) if parts else self._annotations([])
        if column.null_count:
            added = added.take(_rows_of_texts(column))
        for field, values in zip(added.schema, added.columns, strict=True):
            table = table.append_column(field, values)
        return table

    def schema(self, given: Any) -> Any:  # noqa: ANN401 - Arrow schemas
        """Return `given` with the new fields after its own."""
        self._text_index(given)
        added = self._annotations([]).schema
        self._refuse_overwriting(given, added.names, "set them apart: prefix='line_'")
        for field in added:
            given = given.append(field)
        return given

    def _annotations(self, pages: Sequence[PagePredictions]) -> Any:  # noqa: ANN401 - an Arrow table
        table = prediction_table([""] * len(pages), pages).drop_columns(["id"])
        return table.rename_columns([self.prefix + name for name in table.column_names])


@dataclass(frozen=True, kw_only=True)
class CleanTable(TableStep):
    """Replaces each text by what cleaning leaves of it, ``""`` where nothing stays.

    Attributes
    ----------
    counts
        Whether to add the columns `COUNTS`, int64.
    """

    counts: bool = False

    def __call__(self, table: Any) -> Any:  # noqa: ANN401 - Arrow tables
        """Return `table` with cleaned texts, and the counts after its own columns."""
        table = _table(table)
        arrow, schema = _arrow(), self.schema(table.schema)
        index = self._text_index(table.schema)
        column = table.column(index)
        cleaned: list[str] = []
        counts: list[tuple[int, int, int]] = []
        for pages in self._pages(_texts(column)):
            for page in pages:
                cleaned.append(page.clean())
                counts.append(_counts(page, cleaned[-1]))
        rows = _rows_of_texts(column)
        # large_string: what is left of many chunks may be over 2 GB
        texts = arrow.chunked_array([arrow.array(cleaned, arrow.large_string()).take(rows)])
        table = table.set_column(index, schema.field(index), _of_type(texts, column.type))
        if self.counts:
            by_name = np.array(counts, np.int64).reshape(-1, len(COUNTS)).T
            for name, values in zip(COUNTS, by_name, strict=True):
                table = table.append_column(name, arrow.array(values).take(rows))
        return table

    def schema(self, given: Any) -> Any:  # noqa: ANN401 - Arrow schemas
        """Return `given`, with the fields of the counts after its own."""
        self._text_index(given)
        if self.counts:
            self._refuse_overwriting(given, COUNTS, "rename them, or leave out counts=True")
            for name in COUNTS:
                given = given.append(_arrow().field(name, _arrow().int64()))
        return given


def _table(given: Any) -> Any:  # noqa: ANN401 - Arrow tables
    """Return `given`, a record batch as a table."""
    arrow = _arrow()
    if isinstance(given, arrow.RecordBatch):
        return arrow.Table.from_batches([given])
    if not isinstance(given, arrow.Table):
        raise InputError(f"a step takes a pyarrow.Table; got {type(given).__name__}")
    return given


def _counts(page: PagePredictions, cleaned: str) -> tuple[int, int, int]:
    return int((~page.kept).sum()), len(page.spans), len(page.text) - len(cleaned)


def _holds_text(kind: Any) -> bool:  # noqa: ANN401 - an Arrow type
    types = _arrow().types
    if types.is_dictionary(kind):
        kind = kind.value_type
    plain = (types.is_string, types.is_large_string, types.is_string_view, types.is_null)
    return any(is_kind(kind) for is_kind in plain)


def _texts(column: Any) -> Iterator[str | None]:  # noqa: ANN401 - an Arrow column
    """Yield the values of a chunked column, as Python strings a chunk at a time."""
    row = 0
    for chunk in column.chunks:
        try:
            yield from chunk.to_pylist()
        except UnicodeDecodeError as error:
            raise InputError(
                f"invalid UTF-8 in rows {row} to {row + len(chunk) - 1}; an Arrow string must be "
                "UTF-8. Hold other bytes in a column of type binary, and decode them first"
            ) from error
        row += len(chunk)


def _rows_of_texts(column: Any) -> Any:  # noqa: ANN401 - Arrow arrays
    """Return for every row where its text stands among those that are not null, null if it is."""
    arrow = _arrow()
    is_null = column.is_null().to_numpy()
    return arrow.array(np.maximum(np.cumsum(~is_null) - 1, 0), arrow.int64(), mask=is_null)


def _of_type(texts: Any, kind: Any) -> Any:  # noqa: ANN401 - Arrow columns and types
    """Return large strings as a column of type `kind`."""
    types = _arrow().types
    if types.is_null(kind):
        return _arrow().nulls(len(texts))
    if types.is_dictionary(kind):
        return texts.cast(kind.value_type).dictionary_encode().cast(kind)
    return texts.cast(kind)
