"""Which files there are and what format each has: names and suffixes to sources."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from classifier.errors import ConfigError, InputError
from classifier.io.base import Format, Source
from classifier.io.jsonl import JSONL
from classifier.io.text import TEXT

STANDARD_STREAM = "-"
"""How the user names standard input and standard output."""

FORMATS: dict[str, Format] = {"text": TEXT, "jsonl": JSONL}

_SUFFIXES = {
    suffix + packed: name
    for name, suffix in ((name, each.suffix) for name, each in FORMATS.items())
    for packed in ("", ".gz")
}
KNOWN_SUFFIXES = ", ".join(_SUFFIXES)


def find_sources(inputs: Sequence[str], input_format: str | None = None) -> list[Source]:
    """Return every file the user named, those in folders in sorted order, with its format.

    Parameters
    ----------
    inputs
        Files, folders (searched down for known suffixes, hidden names left out), ``-``.
    input_format
        Name of the format to read all of them as; None goes by suffix, text for standard input.

    Raises
    ------
    InputError
        If one is missing, of unknown suffix, or a folder without any known file.
    ConfigError
        If standard input is named twice.
    """
    if list(inputs).count(STANDARD_STREAM) > 1:
        raise ConfigError("standard input was named more than once; it can be read only once")
    return [source for name in inputs for source in _sources(name, input_format)]


def _sources(name: str, input_format: str | None) -> Iterator[Source]:
    if name == STANDARD_STREAM:
        yield Source(name=name, path=None, format=input_format or "text")
        return
    path = Path(name)
    if path.is_dir():
        yield from _folder_sources(name, path, input_format)
    elif path.exists():
        yield Source(name=name, path=path, format=input_format or _format_of(path))
    else:
        raise InputError(
            f"{name}: no such file or folder; give a file, a folder, or - for standard input"
        )


def _folder_sources(name: str, folder: Path, input_format: str | None) -> Iterator[Source]:
    found = sorted(path.relative_to(folder) for path in _visible_files(folder))
    known = [(path, known_format(path)) for path in found]
    if not any(chosen for _, chosen in known):
        raise InputError(
            f"{name}: no file with a known suffix in this folder; known are {KNOWN_SUFFIXES}"
        )
    for path, chosen in known:
        if chosen:
            yield Source(
                name=f"{name.rstrip('/')}/{path.as_posix()}",
                path=folder / path,
                format=input_format or chosen,
                below=path.as_posix(),
            )


def _visible_files(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        folders[:] = [each for each in folders if not each.startswith(".")]
        yield from (Path(parent, each) for each in files if not each.startswith("."))


def known_format(path: Path) -> str | None:
    """Return the name of the format `path`'s suffix stands for, None if it is unknown."""
    lowered = path.name.lower()
    return next((name for suffix, name in _SUFFIXES.items() if lowered.endswith(suffix)), None)


def _format_of(path: Path) -> str:
    known = known_format(path)
    if known is None and path.suffix:
        raise InputError(
            f"{path}: unknown suffix {path.suffix!r}; known are {KNOWN_SUFFIXES}. "
            "Say what it is with --input-format"
        )
    return known or "text"
