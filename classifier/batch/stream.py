"""A run into one stream or file: documents one after the other, ended by the first bad one."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import BinaryIO

from classifier.batch.plan import chunks, units
from classifier.batch.pool import work_through
from classifier.batch.totals import Totals
from classifier.batch.worker import Worker
from classifier.io.base import Source
from classifier.io.compression import gzip_member, packed_suffix
from classifier.io.output import open_output
from classifier.io.parquet import TableWriter
from classifier.io.reading import SourceReader

Progress = Callable[[int, Totals], None]
"""Told how many bytes of the inputs are done with, and what was counted since it was told last."""


def run_to_stream(
    sources: Sequence[Source],
    worker: Worker,
    target: str,
    *,
    removed: str | None,
    jobs: int,
    progress: Progress,
) -> None:
    """Write the results for all sources one after the other.

    Parameters
    ----------
    sources
        What is read.
    worker
        A model and what to do with it; its task is a strict one.
    target
        File or ``-``.
    removed
        File for rows of what cleaning takes out, None for none.
    jobs
        How many processes work.
    progress
        Told of every part.

    Raises
    ------
    InputError
        At bad input, once everything before it is written.
    """
    is_table = any(worker.task.is_table(source) for source in sources)
    is_packed = packed_suffix(target) == ".gz" and not is_table
    reader = SourceReader()
    every_chunk = (
        chunk
        for unit in units(sources)
        for chunk in chunks(unit, reader, packs=[is_packed] * len(unit))
    )
    with ExitStack() as stack:
        stream = stack.enter_context(open_output(target, packs=not is_packed and not is_table))
        removals = stack.enter_context(open_output(removed)) if removed else None
        writer = stack.enter_context(TableWriter(stream)) if is_table else _ByteStream(stream)
        is_empty = True
        for done in work_through(every_chunk, worker, jobs):
            for part in done.parts:
                for data in part.results:
                    writer.write(data)
                    is_empty = False
                if removals:
                    removals.write(part.removed)
                progress(done.read_bytes, part.totals)
                if part.bad:
                    raise part.bad[0].error()
        if is_packed and is_empty:
            writer.write(gzip_member(b""))


class _ByteStream:
    """Documents one after the other, each beginning on a line of its own."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._needs_line_feed = False

    def write(self, data: bytes) -> None:
        """Add a document or several; packed ones end as they end."""
        if data:
            self._stream.write(b"\n" + data if self._needs_line_feed else data)
            self._needs_line_feed = not data.endswith(b"\n") and not data.startswith(b"\x1f\x8b")
