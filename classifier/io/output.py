"""Where results go: standard output, or files that appear only once they are complete."""

import io
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, cast

from classifier.errors import ConfigError
from classifier.io.compression import open_packed, packed_suffix
from classifier.io.formats import STANDARD_STREAM
from classifier.io.terminal import shown_safely

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class OutputClosedError(Exception):
    """Whoever read our standard output has gone (``| head``); there is nothing left to do."""


@contextmanager
def open_output(target: str, *, packs: bool = True) -> Iterator[BinaryIO]:
    """Open `target` for bytes; ``-`` is standard output, names in ``.gz`` or ``.zst`` are packed.

    With `packs` false nothing is packed, whatever the name: the bytes already are.

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
    refuse_output(path)
    if path.exists() and not path.is_file():  # a device or pipe, which a rename would replace
        with path.open("wb") as stream:
            yield stream
        return
    with replacing(path.resolve()) as raw, ExitStack() as stack:
        yield open_packed(raw, packed_suffix(path) if packs else "", stack)


def refuse_output(path: Path) -> None:
    """Raise ConfigError if `path` is a folder or its folder does not exist."""
    if path.is_dir():
        raise ConfigError(f"{path}: is a folder; the output must be a file here")
    if not path.resolve().parent.is_dir():
        raise ConfigError(
            f"{path}: cannot be written: there is no folder {path.resolve().parent}; give a file "
            "in a folder that exists"
        )


@contextmanager
def _standard_output() -> Iterator[BinaryIO]:
    given = sys.stdout.buffer
    # Under `python -u` it is the bare file, whose write may take only part of what it is given.
    stream = io.BufferedWriter(given) if isinstance(given, io.RawIOBase) else given
    try:
        try:
            yield shown_safely(stream)
        finally:
            stream.flush()
    except BrokenPipeError as error:
        raise OutputClosedError from error
    except OSError as error:
        error.filename = error.filename or "standard output"
        raise
    finally:
        if stream is not given:
            _let_go(stream)


def _let_go(stream: BinaryIO) -> None:
    """Part from the file under `stream` without closing it; what it still holds is lost."""
    with suppress(BrokenPipeError):
        cast("io.BufferedWriter", stream).detach()


@contextmanager
def replacing(path: Path, partial: Path | None = None) -> Iterator[BinaryIO]:
    """Open a file that takes the place of `path` when the block ends without an exception.

    Until then it is `partial`, a hidden file beside it if None; gone if anything fails.
    """
    # by a digest: a name as long as may be has no room for more
    name = sha256(os.fsencode(path.name)).hexdigest()[:16]
    partial = partial or path.with_name(f".{name}.{os.getpid()}.part")
    try:
        stream = io.BufferedWriter(_NamedFile(partial, path))
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


class _NamedFile(io.FileIO):
    """A new file whose errors name what it will be called, a full disk's among them."""

    def __init__(self, path: Path, known_as: Path) -> None:
        super().__init__(path, "x")
        self._known_as = known_as

    def write(self, data: "ReadableBuffer", /) -> int:
        try:
            return super().write(data)
        except OSError as error:
            error.filename = str(self._known_as)
            raise


def refuse_overwriting(targets: Sequence[str], inputs: Iterable[Path]) -> None:
    """Raise ConfigError if a target is one of the inputs, or two targets are one file."""
    seen: dict[Path, str] = {path.resolve(): f"{path} is an input" for path in inputs}
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
