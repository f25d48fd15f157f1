"""Results of one input as files: written in a hidden folder, put in place all at once."""

import json
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import BinaryIO

from classifier.batch.worker import Part
from classifier.errors import ConfigError
from classifier.io.base import BadRecord, encode_rows
from classifier.io.compression import gzip_member, open_packed, packed_suffix
from classifier.io.parquet import TableWriter


def error_rows(bad: tuple[BadRecord, ...]) -> bytes:
    """Return one JSON object for each bad record: file, record, reason."""
    rows = ({"file": each.file, "record": each.record, "reason": each.reason} for each in bad)
    return encode_rows("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))


class ShardWriter:
    """The files of one shard while it is being written.

    Parameters
    ----------
    paths
        Where results, rows of what was removed (None for none) and error rows belong.
    partial
        Where they are written until they are whole: a name that gets an ending for each.
    is_table
        Whether results are Arrow streams.
    """

    def __init__(
        self, result: Path, removed: Path | None, errors: Path, *, partial: Path, is_table: bool
    ) -> None:
        self._targets = {"result": result, "removed": removed, "errors": errors}
        self._partial = partial
        self._stack = ExitStack()
        self._streams: dict[str, BinaryIO] = {}
        self._write: Callable[[bytes], object]
        raw = self._open("result")
        self._written_if_empty: bytes | None = b""
        self._table = self._stack.enter_context(TableWriter(raw)) if is_table else None
        if self._table is not None:
            self._written_if_empty = None  # what columns there are, only results say
            self._write = self._table.write
        else:
            # Packed by gzip, results come from the workers packed already.
            packed = packed_suffix(result)
            self._written_if_empty = gzip_member(b"") if packed == ".gz" else b""
            stream = open_packed(raw, "" if packed == ".gz" else packed, self._stack)
            self._write = stream.write
        self._is_empty = True
        if removed is not None:
            self._open("removed")

    def write(self, part: Part) -> None:
        """Add what came out of the next part of the input."""
        for data in part.results:
            self._write(data)
            self._is_empty = False
        if part.removed:
            self._streams["removed"].write(part.removed)
        if part.bad:
            if "errors" not in self._streams:
                self._open("errors")
            self._streams["errors"].write(error_rows(part.bad))

    def finish(self) -> list[Path]:
        """Put all files in place and return them; a table of no known columns is no file."""
        if self._is_empty and self._written_if_empty is not None:
            self._write(self._written_if_empty)
        self._stack.close()
        if self._is_empty and self._written_if_empty is None:
            self._streams.pop("result")
            self._part_of("result").unlink()
        written = []
        for kind, target in self._targets.items():
            if target is None:
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            if kind in self._streams:
                self._part_of(kind).replace(target)
                written.append(target)
            else:
                target.unlink(missing_ok=True)  # of an earlier run
        return written

    def abandon(self) -> None:
        """Leave nothing behind."""
        self._stack.pop_all()
        if self._table is not None:
            self._table.abandon()
        for kind, stream in self._streams.items():
            with suppress(OSError):  # what it still holds may not fit the disk, and goes anyway
                stream.close()
            self._part_of(kind).unlink(missing_ok=True)

    def _open(self, kind: str) -> BinaryIO:
        path = self._part_of(kind)
        try:
            stream = self._stack.enter_context(path.open("wb"))
        except OSError as error:
            raise ConfigError(
                f"{path}: cannot be written: {error.strerror}; give a folder you may write to"
            ) from error
        self._streams[kind] = stream
        return stream

    def _part_of(self, kind: str) -> Path:
        return self._partial.with_name(f"{self._partial.name}.{kind}")
