"""What every format is made of: a source of bytes, a reader of it, and a writer of cleaned text."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from classifier.datamodels import Document
from classifier.errors import InputError


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
    """

    name: str
    path: Path | None
    format: str
    below: str | None = None

    @property
    def where(self) -> str:
        """What messages call it."""
        return "standard input" if self.path is None else self.name


@dataclass(frozen=True, slots=True)
class Format:
    """One way of writing documents down.

    Attributes
    ----------
    suffix
        What its file names end in; ``.gz`` may follow.
    read
        Documents of an open source, lazily; raises InputError at the first bad one.
    dump
        A document as bytes, with other lines in place of its own.
    """

    suffix: str
    read: Callable[[BinaryIO, Source], Iterator[Document]]
    dump: Callable[[Document, Sequence[str]], bytes]


def decode(data: bytes, where: str, offset: int = 0) -> str:
    """Return `data` as text, byte for byte; `offset` is where in the file it starts.

    Raises
    ------
    InputError
        If there is a NUL byte in it, or it is not valid UTF-8.
    """
    nul = data.find(b"\0")
    if nul >= 0:
        raise InputError(
            f"{where}: looks binary (NUL byte at offset {offset + nul}); plain UTF-8 text is needed"
        )
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{where}: invalid UTF-8 at byte offset {offset + error.start} "
            f"(0x{data[error.start]:02x}); convert it to UTF-8 first"
        ) from error
