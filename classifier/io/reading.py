"""Sources opened and read: pieces for those who share out the work, documents for the others."""

import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from classifier.datamodels import Document
from classifier.errors import InputError
from classifier.io.base import BadRecord, Piece, Source, file_fault
from classifier.io.compression import open_unpacked, packed_suffix
from classifier.io.formats import FORMATS

_BROKEN_PACKING = {
    "": "broken data; download or write the file again",
    ".gz": "broken gzip data; download or pack the file again",
    ".zst": "broken zstd data; download or pack the file again",
}


class SourceReader:
    """Reads sources piece by piece and knows how far into the files it has come."""

    def __init__(self) -> None:
        self._finished_bytes = 0
        self._position: Callable[[], int] | None = None

    @property
    def read_bytes(self) -> int:
        """How many bytes of the files have been read."""
        return self._finished_bytes + (self._position() if self._position else 0)

    def pieces(self, source: Source) -> Iterator[Piece]:
        """Yield the pieces of a source; packed data that is broken is a fault of the file.

        Raises
        ------
        InputError
            If the system will not let it be read.
        """
        with ExitStack() as stack:
            try:
                yield from FORMATS[source.format].split(self._open(source, stack), source)
            except (EOFError, OSError, zlib.error) as error:
                _refuse_unreadable(error, source.where)
                yield file_fault(_BROKEN_PACKING[packed_suffix(source.name)])
            if self._position is not None:
                self._finished_bytes += self._position()
                self._position = None

    def _open(self, source: Source, stack: ExitStack) -> BinaryIO:
        if source.path is None:
            return sys.stdin.buffer
        raw = stack.enter_context(source.path.open("rb"))
        self._position = raw.tell if raw.seekable() else None
        packed = packed_suffix(source.path) if FORMATS[source.format].is_packable else ""
        return open_unpacked(raw, packed, stack)


def read_unpacked(path: Path) -> bytes:
    """Return all that a file holds, unpacked.

    Raises
    ------
    InputError
        If it cannot be read, or its packing is broken.
    """
    packed = packed_suffix(path)
    with ExitStack() as stack:
        try:
            raw = stack.enter_context(path.open("rb"))
            return open_unpacked(raw, packed, stack).read()
        except (EOFError, OSError, zlib.error) as error:
            _refuse_unreadable(error, str(path))
            raise InputError(f"{path}: {_BROKEN_PACKING[packed]}") from error


def _refuse_unreadable(error: Exception, where: str) -> None:
    """Raise InputError if it is the system that will not let a file be read.

    gzip's own complaints are OSErrors, too, but without an error number.
    """
    if isinstance(error, OSError) and error.errno:
        raise InputError(
            f"{where}: cannot be read: {error.strerror}; give a readable file"
        ) from error


def total_bytes(sources: Sequence[Source]) -> int | None:
    """Return the size of all files; None if standard input or a pipe is among them."""
    if not all(source.path and source.path.is_file() for source in sources):
        return None
    return sum(source.path.stat().st_size for source in sources if source.path)


def read_documents(sources: Sequence[Source]) -> Iterator[Document]:
    """Yield the documents of all sources.

    Raises
    ------
    InputError
        At the first bad record or file.
    """
    reader = SourceReader()
    for source in sources:
        for piece in reader.pieces(source):
            for item in FORMATS[source.format].parse(piece, source):
                if isinstance(item, BadRecord):
                    raise item.error()
                yield item
