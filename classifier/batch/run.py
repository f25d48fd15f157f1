"""A run into a folder: a shard an input, bad records aside, to be gone on with after any end."""

import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path, PurePath

from classifier.batch.ledger import (
    WORK_FOLDER,
    Ledger,
    Shard,
    digest_of,
    digest_of_file,
    has_digest,
)
from classifier.batch.lock import alone_in
from classifier.batch.plan import chunks, shard_name, units
from classifier.batch.pool import Chunk, work_through
from classifier.batch.shards import ShardWriter
from classifier.batch.stream import Progress
from classifier.batch.totals import Totals
from classifier.batch.worker import Part, Segment, Worker
from classifier.errors import ConfigError
from classifier.io.base import FieldNames, Source
from classifier.io.compression import packed_suffix
from classifier.io.formats import ERRORS_NAME
from classifier.io.output import open_output, refuse_output, refuse_overwriting
from classifier.io.reading import SourceReader
from classifier.version import installed_version

_REMOVED, _ERRORS, _PARTIAL = "removed", "errors", "partial"
"""Folders below the work folder."""


class FolderRun:
    """A run into a folder.

    Parameters
    ----------
    sources
        The inputs, files all of them.
    worker
        A model and what to do with it.
    folder
        The output folder.
    removed
        File for rows of what cleaning takes out, None for none.

    Raises
    ------
    ConfigError
        If an input is no file or would be written over, two would get one name, or the folder or
        the file of removed rows cannot be where it is to be.
    """

    def __init__(
        self, sources: Sequence[Source], worker: Worker, folder: Path, removed: str | None
    ) -> None:
        self._sources = sources
        self._worker = worker
        self._folder = folder
        self._work = folder / WORK_FOLDER
        self._files = {source: _file_of(source) for source in sources}
        self._names = {source: shard_name(source, worker.task.output) for source in sources}
        self._removed = Path(removed) if removed else None
        self._ledger = Ledger(folder)
        self._finished: dict[str, Shard] = {}
        self._digests: dict[Source, str] = {}
        self._makers: dict[tuple[str, FieldNames], str] = {}
        self._writer: ShardWriter | None = None
        self._totals = Totals()
        self._refuse()

    def run(self, *, jobs: int, resume: bool, progress: Progress) -> tuple[Totals, int]:
        """Do what is not done yet; return the counts of all shards, and how many were done before.

        Parameters
        ----------
        jobs
            How many processes work.
        resume
            Whether finished shards stay as they are; else all are made again.
        progress
            Told of every part.

        Raises
        ------
        InputError
            In a strict run, at the first bad record; shards finished before stay.
        ConfigError
            If the folder cannot be written to, or another run is writing into it.
        """
        try:
            self._work.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ConfigError(
                f"{self._folder}: cannot be written to: {error.strerror}; give a folder that you "
                "may write to"
            ) from error
        with alone_in(self._folder, self._work):
            return self._run(jobs, progress, resume=resume)

    def _run(self, jobs: int, progress: Progress, *, resume: bool) -> tuple[Totals, int]:
        before, whole = self._ledger.read() if resume else ({}, None)
        shutil.rmtree(self._work / _PARTIAL, ignore_errors=True)
        # of other inputs, what the run as a whole has beside its shards is another
        is_same = list(before) == [source.name for source in self._sources]
        is_whole = whole is not None and is_same and self._has(whole)
        todo = self._unfinished(before, without_aside=is_whole)
        if todo and is_whole:  # what finished shards had aside has to be made again
            todo = self._unfinished(before, without_aside=False)
        n_before = len(self._finished)
        if todo or not is_whole:
            (self._work / _PARTIAL).mkdir()
            self._ledger.start(self._in_order())
            self._work_off(todo, jobs, progress)
            self._close()
        self._tidy()
        totals = sum((shard.totals for shard in self._finished.values()), Totals())
        return totals, n_before

    def _refuse(self) -> None:
        targets = [str(self._folder / name) for name in [*self._names.values(), ERRORS_NAME]]
        removed = [str(self._removed)] if self._removed else []
        refuse_overwriting([str(self._folder), *targets, *removed], self._files.values())
        # another run would take the results for inputs
        folder = self._folder.resolve()
        for searched in {_searched(source, path) for source, path in self._files.items()}:
            if searched is not None and folder.is_relative_to(searched.resolve()):
                raise ConfigError(
                    f"{self._folder}: lies in {searched}, which is searched for inputs; give a "
                    "folder outside of it"
                )
        if self._removed and self._removed.parent.resolve() != folder:
            refuse_output(self._removed)  # the folder of the run need not be there yet

    def _has(self, whole: Mapping[str, str]) -> bool:
        """Whether the files of the run as a whole are there, all that this run would have."""
        wanted = {_relative(self._removed, self._folder)} if self._removed else set()
        found = (has_digest(self._folder / name, digest) for name, digest in whole.items())
        return wanted <= set(whole) and all(found)

    def _unfinished(
        self, before: Mapping[str, Shard], *, without_aside: bool
    ) -> list[list[Source]]:
        """Return the units that are to be done, and remember the shards of the others."""
        self._finished = {}
        todo = []
        for unit in units(self._sources):
            known = [before[source.name] for source in unit if source.name in before]
            if len(known) == len(unit) and all(
                self._stays(source, shard, without_aside=without_aside)
                for source, shard in zip(unit, known, strict=True)
            ):
                self._finished |= {shard.input: shard for shard in known}
            else:
                todo.append(unit)
        return todo

    def _stays(self, source: Source, known: Shard, *, without_aside: bool) -> bool:
        """Whether a shard of an earlier run is what this run would make."""
        if known.totals.errors and self._worker.task.is_strict:
            return False
        return (
            known.made_by == self._made_by(source)
            and self._ledger.is_intact(known, without_aside=without_aside)
            and known.digest == self._digest(source)
        )

    def _made_by(self, source: Source) -> str:
        read_as = (source.format, source.fields)
        if read_as not in self._makers:
            task = self._worker.task
            self._makers[read_as] = digest_of(
                {
                    "version": installed_version(),
                    "model": self._worker.model.manifest_,
                    "output": task.output,
                    "max_content_loss": task.max_content_loss,
                    "lists_removed": task.lists_removed,
                    "read_as": read_as,
                }
            )
        return self._makers[read_as]

    def _digest(self, source: Source) -> str:
        if source not in self._digests:
            self._digests[source] = digest_of_file(self._files[source])
        return self._digests[source]

    def _in_order(self) -> list[Shard]:
        found = (self._finished.get(source.name) for source in self._sources)
        return [shard for shard in found if shard is not None]

    def _work_off(self, todo: Sequence[list[Source]], jobs: int, progress: Progress) -> None:
        try:
            for done in work_through(self._chunks(todo), self._worker, jobs):
                for segment, part in zip(done.segments, done.parts, strict=True):
                    self._write(segment, part)
                    progress(done.read_bytes, part.totals)
        finally:
            if self._writer is not None:
                self._writer.abandon()

    def _chunks(self, todo: Sequence[list[Source]]) -> Iterator[Chunk]:
        reader = SourceReader()
        for unit in todo:
            for source in unit:
                self._digest(source)
            packs = [packed_suffix(self._names[source]) == ".gz" for source in unit]
            yield from chunks(unit, reader, packs=packs)

    def _write(self, segment: Segment, part: Part) -> None:
        source = segment.source
        if self._writer is None:
            self._totals = Totals()
            name = self._names[source]
            self._writer = ShardWriter(
                self._folder / name,
                self._aside(_REMOVED, name) if self._worker.task.lists_removed else None,
                self._aside(_ERRORS, name),
                partial=self._work / _PARTIAL / "shard",
                is_table=self._worker.task.is_table(source),
            )
        self._writer.write(part)
        self._totals += part.totals
        if part.bad and self._worker.task.is_strict:
            raise part.bad[0].error()
        if segment.is_last:
            self._finish(source)

    def _finish(self, source: Source) -> None:
        if self._writer is None:
            return
        written, self._writer = self._writer.finish(), None
        files = {
            path.relative_to(self._folder).as_posix(): digest_of_file(path) for path in written
        }
        shard = Shard(source.name, self._digest(source), self._made_by(source), files, self._totals)
        self._finished[source.name] = shard
        self._ledger.add(shard)

    def _aside(self, kind: str, name: str) -> Path:
        # by a digest: a name as long as may be has no room for an ending
        return self._work / kind / f"{sha256(os.fsencode(name)).hexdigest()}.jsonl"

    def _close(self) -> None:
        """Put what the shards have aside into the files of the run as a whole."""
        self._ledger.start(self._in_order())  # in the order of the inputs, whatever was done when
        whole = {}
        errors = self._folder / ERRORS_NAME
        for kind, target in ((_ERRORS, errors), (_REMOVED, self._removed)):
            if target is None:
                continue
            parts = [self._aside(kind, self._names[source]) for source in self._sources]
            found = [part for part in parts if part.is_file()]
            if not found and target == errors:
                errors.unlink(missing_ok=True)
                continue
            _concatenate(found, target)
            if target.is_file():  # what went to a device or pipe is not there to be looked at
                whole[_relative(target, self._folder)] = digest_of_file(target)
        self._ledger.close(whole)

    def _tidy(self) -> None:
        for kind in (_REMOVED, _ERRORS, _PARTIAL):
            shutil.rmtree(self._work / kind, ignore_errors=True)


def _searched(source: Source, path: Path) -> Path | None:
    """Return the folder an input was found in, None if the user named the input itself."""
    return None if source.below is None else path.parents[len(PurePath(source.below).parts) - 1]


def _file_of(source: Source) -> Path:
    """Return the file of an input.

    Raises
    ------
    ConfigError
        If it has none.
    """
    if source.path is None:
        raise ConfigError(
            "standard input has no name to get in a folder; read it in a run of its own"
        )
    if source.path.is_symlink() and not source.path.exists():
        raise ConfigError(
            f"{source.name}: is a link to a file that is not there; take the link away or bring "
            "the file back"
        )
    if not source.path.is_file():
        raise ConfigError(
            f"{source.name}: is no file, which a run into a folder needs; read it in a run of its "
            "own"
        )
    return source.path


def _concatenate(parts: Sequence[Path], target: Path) -> None:
    with open_output(str(target)) as stream:
        for part in parts:
            with part.open("rb") as rows:
                shutil.copyfileobj(rows, stream, 1 << 20)


def _relative(path: Path, folder: Path) -> str:
    """Return a name that, put below `folder`, is `path`."""
    with suppress(ValueError):
        return path.relative_to(folder).as_posix()
    return str(path.resolve())
