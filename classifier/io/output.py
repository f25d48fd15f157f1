"""Where results go: standard output, or files that appear only once they are complete."""

import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, cast

from classifier.errors import ConfigError
from classifier.io.base import Source
from classifier.io.formats import STANDARD_STREAM


class OutputClosedError(Exception):
    """Whoever read our standard output has gone (``| head``); there is nothing left to do."""


@contextmanager
def open_output(target: str) -> Iterator[BinaryIO]:
    """Open `target` for bytes; ``-`` is standard output, names in ``.gz`` are packed.

    A file appears under its name only when the block ends without an exception; until then it is
    a hidden file beside it, gone if anything fails.

    Raises
    ------
    ConfigError
        If `target` is a folder or its folder does not exist.
    OutputClosedError
        If standard output was closed by its reader.
    """
    if target == STANDARD_STREAM:
        with _standard_output() as stream:
            yield stream
        return
    path = Path(target)
    if path.is_dir():
        raise ConfigError(f"{target}: is a folder; the output must be a file here")
    if path.exists() and not path.is_file():  # a device or pipe, which a rename would replace
        with path.open("wb") as stream:
            yield stream
        return
    with _replacing(path.resolve()) as raw, _packed(raw, path) as stream:
        yield stream


@contextmanager
def _standard_output() -> Iterator[BinaryIO]:
    given = sys.stdout.buffer
    # Under `python -u` it is the bare file, whose write may take only part of what it is given.
    stream = io.BufferedWriter(given) if isinstance(given, io.RawIOBase) else given
    try:
        try:
            yield stream
        finally:
            stream.flush()
    except BrokenPipeError as error:
        raise OutputClosedError from error
    finally:
        if stream is not given:
            _let_go(stream)


def _let_go(stream: BinaryIO) -> None:
    """Part from the file under `stream` without closing it; what it still holds is lost."""
    with suppress(BrokenPipeError):
        cast("io.BufferedWriter", stream).detach()


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    partial = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        stream = partial.open("xb")
    except OSError as error:
        raise ConfigError(
            f"{path}: cannot be written: {error.strerror}; give a file in a folder that exists "
            "and that you may write to"
        ) from error
    try:
        with stream:
            yield stream
        if path.exists():
            partial.chmod(path.stat().st_mode & 0o7777)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


@contextmanager
def _packed(raw: BinaryIO, path: Path) -> Iterator[BinaryIO]:
    if path.suffix.lower() != ".gz":
        yield raw
        return
    import gzip  # noqa: PLC0415 - most runs write no gzip and need not wait for it

    # No name and no time inside: same documents in, same bytes out.
    with gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0) as stream:
        yield cast("BinaryIO", stream)


def refuse_overwriting(targets: Sequence[str], sources: Sequence[Source]) -> None:
    """Raise ConfigError if a target is one of the inputs, or two targets are one file."""
    seen: dict[Path, str] = {
        source.path.resolve(): f"{source.name} is an input" for source in sources if source.path
    }
    for target in targets:
        if target == STANDARD_STREAM:
            continue
        path = Path(target).resolve()
        if path in seen:
            raise ConfigError(
                f"{target}: would be written over, and {seen[path]}; give another output"
            )
        if not path.exists() or path.is_file():
            seen[path] = f"{target} is an output already"


def encode_rows(rows: str) -> bytes:
    r"""Return `rows` as UTF-8; a lone surrogate is written as its escape ``\ud800``.

    In a JSON string that escape is the surrogate itself.
    """
    return rows.encode("utf-8", "backslashreplace")
