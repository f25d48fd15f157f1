"""Plain text: one file is one document, read and written byte for byte."""

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from classifier.datamodels import Document
from classifier.errors import InputError
from classifier.io.base import Format, Source, decode


def read_text(stream: BinaryIO, source: Source) -> Iterator[Document]:
    """Yield the one document of `source`; line ends and a byte order mark stay in its text.

    Raises
    ------
    InputError
        If it is empty, binary or not UTF-8.
    """
    data = stream.read()
    if not data:
        raise InputError(f"{source.where}: is empty; a page has at least one line")
    yield Document(id=source.name, text=decode(data, source.where))


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


TEXT = Format(suffix=".txt", read=read_text, dump=dump_text)
