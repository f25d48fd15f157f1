"""Documents of many sources as one stream that ends, with its reason kept, at the first bad one."""

import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from typing import BinaryIO, NamedTuple, cast

from classifier.datamodels import Document
from classifier.errors import InputError
from classifier.io.base import Source
from classifier.io.formats import FORMATS


class SourceDocument(NamedTuple):
    """A document, where it came from, and whether it is the last there."""

    source: Source
    document: Document
    is_last: bool


class DocumentReader:
    """Reads sources lazily, one document ahead.

    Bad input ends the iteration instead of raising at once, so that whoever collects documents
    into batches can first finish those before it; `raise_failure` then raises.
    """

    def __init__(self, sources: Sequence[Source]) -> None:
        self._sources = sources
        self._failure: InputError | None = None
        self._finished_bytes = 0
        self._raw: BinaryIO | None = None

    def __iter__(self) -> Iterator[SourceDocument]:
        for source in self._sources:
            waiting: Document | None = None
            try:
                for document in self._read(source):
                    if waiting is not None:
                        yield SourceDocument(source, waiting, is_last=False)
                    waiting = document
            except InputError as error:
                self._failure = error
            if waiting is not None:
                yield SourceDocument(source, waiting, is_last=self._failure is None)
            if self._failure:
                return

    def raise_failure(self) -> None:
        """Raise the InputError that ended the iteration, if one did."""
        if self._failure is not None:
            raise self._failure

    @property
    def total_bytes(self) -> int | None:
        """Size of all files; None if standard input or a pipe is among them."""
        if not all(source.path and source.path.is_file() for source in self._sources):
            return None
        return sum(source.path.stat().st_size for source in self._sources if source.path)

    @property
    def read_bytes(self) -> int:
        """How far into the files reading has come."""
        return self._finished_bytes + (self._raw.tell() if self._raw is not None else 0)

    def _read(self, source: Source) -> Iterator[Document]:
        with ExitStack() as stack:
            try:
                stream = self._open(source, stack)
                yield from FORMATS[source.format].read(stream, source)
            except (EOFError, zlib.error) as error:
                raise InputError(_broken_gzip(source)) from error
            except OSError as error:
                # gzip's own complaints are OSErrors without an error number.
                cannot = f"{source.where}: cannot be read: {error.strerror}; give a readable file"
                raise InputError(cannot if error.errno else _broken_gzip(source)) from error
            if self._raw is not None:
                self._finished_bytes += self._raw.tell()
                self._raw = None

    def _open(self, source: Source, stack: ExitStack) -> BinaryIO:
        if source.path is None:
            return sys.stdin.buffer
        raw = stack.enter_context(source.path.open("rb"))
        self._raw = raw if raw.seekable() else None
        if source.path.suffix.lower() != ".gz":
            return raw
        import gzip  # noqa: PLC0415 - most runs read no gzip and need not wait for it

        return cast("BinaryIO", stack.enter_context(gzip.open(raw)))


def _broken_gzip(source: Source) -> str:
    return f"{source.where}: broken gzip data; download or pack the file again"
