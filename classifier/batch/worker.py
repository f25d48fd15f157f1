"""What is done with a chunk of records, in whatever process: parsed, judged, written as bytes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from classifier.actions.annotate import jsonl_record, jsonl_rows, text_rows, tsv_rows
from classifier.actions.clean import cleaned_lines, removal_rows
from classifier.batch.totals import Totals
from classifier.datamodels import Document, OperatingPoint, PagePredictions
from classifier.io.base import BadRecord, Cleaned, Piece, Source, encode_rows
from classifier.io.compression import gzip_member
from classifier.io.dolma import attribute_row
from classifier.io.formats import FORMATS
from classifier.io.parquet import prediction_table, stream_bytes
from classifier.model.judging import judge
from classifier.model.line_classifier import LineClassifier
from classifier.text.printable import printable

CLEAN = "clean"
"""The output that is the documents themselves, cleaned, each in its own format."""

PARQUET = "parquet"


@dataclass(frozen=True, slots=True)
class Task:
    """What a run does with every document; the same everywhere, so that results are.

    Attributes
    ----------
    output
        `CLEAN`, or how predictions are written: ``jsonl``, ``tsv``, ``text``, ``documents``,
        ``parquet``, ``dolma``.
    model
        Model folder; the shipped one if None.
    max_content_loss
        Share of content characters one is ready to lose; None decides at 0.5.
    lists_removed
        Whether what cleaning takes out is listed.
    has_heads
        Whether documents get a heading, in output for reading.
    is_strict
        Whether the first bad record is the end.
    """

    output: str
    model: Path | None = None
    max_content_loss: float | None = None
    lists_removed: bool = False
    has_heads: bool = False
    is_strict: bool = False

    def is_table(self, source: Source) -> bool:
        """Whether the results for `source` are Arrow streams instead of bytes to put in a row."""
        if self.output == CLEAN:
            return FORMATS[source.format].is_table
        return self.output == PARQUET


class Segment(NamedTuple):
    """What a chunk holds of one source.

    Attributes
    ----------
    source
        Where it is from.
    pieces
        Of the source, in order.
    is_packed
        Whether results are to be packed by gzip.
    is_last
        Whether the source ends with it.
    """

    source: Source
    pieces: tuple[Piece, ...]
    is_packed: bool
    is_last: bool = False


class Part(NamedTuple):
    """What came out of a segment: results, rows of what was removed, bad records, counts."""

    results: list[bytes]
    removed: bytes
    bad: tuple[BadRecord, ...]
    totals: Totals


class _Parsed(NamedTuple):
    piece: Piece
    documents: list[Document]
    bad: list[BadRecord]


class _Judged(NamedTuple):
    document: Document
    page: PagePredictions


class Worker:
    """A model and what to do with it."""

    def __init__(self, task: Task) -> None:
        self.task = task
        self.model = LineClassifier.load(task.model)
        loss = task.max_content_loss
        self._point = OperatingPoint() if loss is None else self.model.operating_point(loss)

    def work(self, segments: Sequence[Segment]) -> list[Part]:
        """Return what comes out of each segment of a chunk; their documents share batches.

        In a strict run nothing comes of what follows a bad record.
        """
        parsed = list(self._parsed(segments))
        documents = [each for pieces in parsed for piece in pieces for each in piece.documents]
        pages = judge(self.model, [document.text for document in documents], self._point)
        return [
            self._part(segment, pieces, pages)
            for segment, pieces in zip(segments, parsed, strict=True)
        ]

    def _parsed(self, segments: Sequence[Segment]) -> Iterator[list[_Parsed]]:
        has_ended = False
        for segment in segments:
            found = []
            for piece in segment.pieces:
                if not has_ended:
                    found.append(self._parsed_piece(piece, segment.source))
                    has_ended = self.task.is_strict and bool(found[-1].bad)
            yield found

    def _parsed_piece(self, piece: Piece, source: Source) -> _Parsed:
        parsed = _Parsed(piece, [], [])
        for item in FORMATS[source.format].parse(piece, source):
            if isinstance(item, Document):
                parsed.documents.append(item)
                continue
            parsed.bad.append(item)
            if self.task.is_strict:
                break
        return parsed

    def _part(
        self, segment: Segment, pieces: list[_Parsed], pages: Iterator[PagePredictions]
    ) -> Part:
        bad = tuple(each for piece in pieces for each in piece.bad)
        totals = Totals(errors=len(bad))
        removed: list[str] = []
        results: list[bytes] = []
        for piece, documents, _ in pieces:
            judged = [
                _Judged(document, page)
                for document, page in zip(documents, islice(pages, len(documents)), strict=True)
            ]
            cleaned = None
            if self.task.output == CLEAN:
                cleaned = [cleaned_lines(page) for _, page in judged]
                results += self._cleaned(segment.source, piece, documents, cleaned)
            else:
                results += self._rows(judged)
            totals += Totals.of_pages([page for _, page in judged], cleaned)
            if self.task.lists_removed:
                removed += [removal_rows(document.id, page) for document, page in judged]
        if not self.task.is_table(segment.source):
            results = _packed(results, segment)
        return Part(results, encode_rows("".join(removed)), bad, totals)

    def _cleaned(
        self,
        source: Source,
        piece: Piece,
        documents: Sequence[Document],
        lines: Sequence[Sequence[str]],
    ) -> Sequence[bytes]:
        if piece.fault:
            return []
        cleaned = [Cleaned(*each) for each in zip(documents, lines, strict=True)]
        return FORMATS[source.format].render(piece, source, cleaned)

    def _rows(self, judged: list[_Judged]) -> list[bytes]:
        if self.task.output == PARQUET:
            ids = [document.id for document, _ in judged]
            return [stream_bytes(prediction_table(ids, [page for _, page in judged]))]
        return [self._row(document.id, page) for document, page in judged]

    def _row(self, document_id: str, page: PagePredictions) -> bytes:
        if self.task.output == "text":
            rows = text_rows(page)
            return encode_rows(
                f"{printable(document_id)}\n{rows}\n" if self.task.has_heads else rows
            )
        return _ROWS[self.task.output](document_id, page)


_ROWS = {
    "jsonl": jsonl_rows,
    "tsv": tsv_rows,
    "documents": jsonl_record,
    "dolma": attribute_row,
}


def _packed(results: list[bytes], segment: Segment) -> list[bytes]:
    """Pack results by gzip; a WARC record is a member by itself, as its readers expect."""
    if not segment.is_packed:
        return results
    if FORMATS[segment.source.format].cleaned_as == "wet":
        return [b"".join(map(gzip_member, results))]
    return [gzip_member(b"".join(results))] if any(results) else []
