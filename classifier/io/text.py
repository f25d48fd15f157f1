"""Plain text: one file is one document, read and written byte for byte."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from classifier.datamodels import Document
from classifier.errors import InputError
from classifier.io.base import (
    BadRecord,
    Cleaned,
    Format,
    Piece,
    RecordError,
    Source,
    decode,
    read_whole,
)


def _split(stream: BinaryIO, _: Source) -> Iterator[Piece]:
    return read_whole(stream, "is empty; a page has at least one line")


def _parse(piece: Piece, source: Source) -> Iterator[Document | BadRecord]:
    """Yield the one document; line ends and a byte order mark stay in its text."""
    if piece.fault:
        yield piece.bad(source)
        return
    try:
        yield Document(id=source.name, text=decode(piece.data))
    except RecordError as fault:
        yield BadRecord(source.where, None, str(fault))


def dump_text(document: Document, lines: Sequence[str]) -> bytes:
    """Return `lines` as UTF-8.

    Raises
    ------
    InputError
        If a lone surrogate is among them, for which UTF-8 has no bytes.
    """
    try:
        return "\n".join(lines).encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(
            f"{document.id}: holds the lone surrogate U+{ord(error.object[error.start]):04X}, "
            "which plain text cannot; write it as JSONL"
        ) from error


def render_text(_: Piece, __: Source, cleaned: Sequence[Cleaned]) -> Sequence[bytes]:
    """Return the lines left of each document as UTF-8."""
    return [dump_text(document, lines) for document, lines in cleaned]


TEXT = Format(suffixes=(".txt",), split=_split, parse=_parse, render=render_text, cleaned_as="text")
read_text = TEXT.read
