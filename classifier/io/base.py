"""What every format is made of: a source of bytes, pieces of it, documents, cleaned pieces."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

from classifier.datamodels import Document
from classifier.errors import InputError

MAX_RECORD_BYTES = 256 << 20
"""A longer record (a text file is one) is refused: it would have to be held in memory whole."""

PIECE_BYTES = 1 << 20
"""About how much is read at once."""


class FieldNames(NamedTuple):
    """What the fields of a record are called that hold its text and its id."""

    text: str = "text"
    id: str = "id"


DEFAULT_FIELDS = FieldNames()


@dataclass(frozen=True, slots=True)
class Source:
    """Where documents are read from.

    Attributes
    ----------
    name
        The file as the user named it, ``-`` for standard input; ids are made of it.
    path
        The file, None for standard input.
    format
        Name of the format it is read as.
    below
        Name below the folder it was found in, None if the user named it itself.
    fields
        What the fields for text and id are called, in formats that have any.
    is_carried
        Whether records will be written again, so that all that they hold is needed.
    """

    name: str
    path: Path | None
    format: str
    below: str | None = None
    fields: FieldNames = DEFAULT_FIELDS
    is_carried: bool = True

    @property
    def where(self) -> str:
        """What messages call it."""
        return "standard input" if self.path is None else self.name


class RecordError(InputError):
    """Why a record cannot be read; its message says what is wrong and what would be right."""


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that cannot be read.

    Attributes
    ----------
    file
        The source, as messages call it.
    record
        Number of the record, from 1; None if it is the file as a whole.
    reason
        What is wrong and what would be right.
    """

    file: str
    record: int | None
    reason: str

    def error(self) -> InputError:
        """Return it as an exception."""
        where = self.file if self.record is None else f"{self.file}:{self.record}"
        return InputError(f"{where}: {self.reason}")


class Piece(NamedTuple):
    """Part of a source that can be parsed by itself, in this process or another.

    Attributes
    ----------
    number
        Of its first record, from 1.
    data
        Whole records; what they look like is the format's own business.
    offset
        Where in the unpacked file it starts.
    head
        What the container says of a record, by name (WARC).
    fault
        If not empty, why there is nothing to parse.
    is_file
        The fault is one of the file, not of a record.
    """

    number: int
    data: bytes
    offset: int = 0
    head: tuple[tuple[str, str], ...] = ()
    fault: str = ""
    is_file: bool = False

    def bad(self, source: Source) -> BadRecord:
        """Return the fault as a bad record."""
        return BadRecord(source.where, None if self.is_file else self.number, self.fault)


def file_fault(reason: str) -> Piece:
    """Return the piece that stands for a fault of the file as a whole."""
    return Piece(0, b"", fault=reason, is_file=True)


class Cleaned(NamedTuple):
    """A document and the lines left of it."""

    document: Document
    lines: Sequence[str]


@dataclass(frozen=True, slots=True)
class Format:
    """One way of writing documents down.

    Attributes
    ----------
    suffixes
        What its file names end in.
    split
        Pieces of an open source, lazily and cheaply, so that one process can feed several.
    parse
        The documents of a piece; a bad record stands in its place, the next ones follow.
    render
        The cleaned documents of a piece, as bytes; packed by gzip, record by record, if the last
        argument says so.
    cleaned_as
        Name of the format `render` writes: its own, or for markup that of its text.
    cleaned_suffix
        What the file name of the cleaned documents gets.
    is_table
        Whether pieces, and what `render` gives, are Arrow streams, which a file needs a writer for.
    is_packable
        Whether ``.gz`` or ``.zst`` may follow the suffix, and the reader sees it unpacked.
    has_fields
        Whether records have fields, which may have other names (`FieldNames`).
    """

    suffixes: tuple[str, ...]
    split: Callable[[BinaryIO, Source], Iterator[Piece]]
    parse: Callable[[Piece, Source], Iterator[Document | BadRecord]]
    render: Callable[[Piece, Source, Sequence[Cleaned]], Sequence[bytes]]
    cleaned_as: str
    cleaned_suffix: str = ""
    is_table: bool = False
    is_packable: bool = True
    has_fields: bool = False

    def read(self, stream: BinaryIO, source: Source) -> Iterator[Document]:
        """Yield the documents of an open source.

        Raises
        ------
        InputError
            At the first bad record, or if there is none at all.
        """
        for piece in self.split(stream, source):
            for item in self.parse(piece, source):
                if isinstance(item, BadRecord):
                    raise item.error()
                yield item


def read_whole(stream: BinaryIO, is_empty: str) -> Iterator[Piece]:
    """Yield the one piece of a file that is one document; `is_empty` is what an empty one lacks."""
    data = stream.read(MAX_RECORD_BYTES + 1)
    if not data:
        yield file_fault(is_empty)
    elif len(data) > MAX_RECORD_BYTES:
        yield file_fault(
            f"is one document of more than {MAX_RECORD_BYTES >> 20} MB; split it, or write it as "
            "JSONL with one document a line"
        )
    else:
        yield Piece(1, data)


def decode(data: bytes, offset: int = 0) -> str:
    """Return `data` as text, byte for byte; `offset` is where in the file it starts.

    Raises
    ------
    RecordError
        If there is a NUL byte in it, or it is not valid UTF-8.
    """
    nul = data.find(b"\0")
    if nul >= 0:
        raise RecordError(
            f"looks binary (NUL byte at offset {offset + nul}); plain UTF-8 text is needed"
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RecordError(
            f"invalid UTF-8 at byte offset {offset + error.start} "
            f"(0x{data[error.start]:02x}); convert it to UTF-8 first"
        ) from error


def encode_rows(rows: str) -> bytes:
    r"""Return `rows` as UTF-8; a lone surrogate is written as its escape ``\ud800``.

    In a JSON string that escape is the surrogate itself.
    """
    return rows.encode("utf-8", "backslashreplace")
