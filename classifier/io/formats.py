"""Which files there are and what format each has: names and suffixes to sources."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from classifier.errors import ConfigError, InputError
from classifier.io.base import FieldNames, Format, Source
from classifier.io.compression import PACKED_SUFFIXES
from classifier.io.html import HTML
from classifier.io.jsonl import JSONL
from classifier.io.parquet import PARQUET
from classifier.io.text import TEXT
from classifier.io.warc import WARC, WET

STANDARD_STREAM = "-"
"""How the user names standard input and standard output."""

ERRORS_NAME = "_errors.jsonl"
"""What a run calls the file of its bad records; in a folder of inputs it is none."""

FORMATS: dict[str, Format] = {
    "text": TEXT,
    "jsonl": JSONL,
    "parquet": PARQUET,
    "wet": WET,
    "warc": WARC,
    "html": HTML,
}

_SUFFIXES = {
    suffix + packed: name
    for name, suffix, packs in (
        (name, suffix, each.is_packable)
        for name, each in FORMATS.items()
        for suffix in each.suffixes
    )
    for packed in (("", *PACKED_SUFFIXES) if packs else ("",))
}
KNOWN_SUFFIXES = ", ".join(_SUFFIXES)

_SPECIFICATION = "it is FORMAT, FORMAT:text=NAME,id=NAME or text=NAME,id=NAME"


def find_sources(inputs: Sequence[str], reading: str | None = None) -> list[Source]:
    """Return every file the user named, those in folders in sorted order, with its format.

    Parameters
    ----------
    inputs
        Files, folders (searched down for known suffixes, or for all files if `reading` names a
        format; hidden names and `ERRORS_NAME` left out), ``-``.
    reading
        How to read all of them: name of a format, names of fields or both, as in ``jsonl``,
        ``text=body,id=url`` and ``jsonl:text=body``. Without a format suffixes decide, and
        standard input is text.

    Raises
    ------
    InputError
        If one is missing, of unknown suffix, or a folder without any known file.
    ConfigError
        If a name is empty, standard input is named twice, or `reading` cannot be understood.
    """
    if list(inputs).count(STANDARD_STREAM) > 1:
        raise ConfigError("standard input was named more than once; it can be read only once")
    chosen, fields = _understood(reading or "")
    return [source for name in inputs for source in _sources(name, chosen, fields)]


def _understood(reading: str) -> tuple[str | None, FieldNames]:
    """Return the format and the field names that `reading` says."""
    name, colon, named = reading.partition(":")
    if not colon and "=" in name:
        name, named = "", name
    if name in FORMATS and named and not FORMATS[name].has_fields:
        raise ConfigError(
            f"--input-format {reading}: {name} has no fields to name; leave {named} out"
        )
    if name and name not in FORMATS:
        raise ConfigError(
            f"--input-format {reading}: unknown format {name!r}; known are {', '.join(FORMATS)}"
        )
    pairs = dict(pair.partition("=")[::2] for pair in named.split(",")) if named else {}
    if not set(pairs) <= set(FieldNames._fields) or not all(pairs.values()):
        raise ConfigError(f"--input-format {reading}: cannot be understood; {_SPECIFICATION}")
    return name or None, FieldNames(**pairs)


def _sources(name: str, chosen: str | None, fields: FieldNames) -> Iterator[Source]:
    if name == STANDARD_STREAM:
        yield Source(name=name, path=None, format=chosen or "text", fields=fields)
        return
    if not name:
        raise ConfigError("'' is no name; give a file, a folder, or - for standard input")
    path = Path(name)
    if path.is_dir():
        yield from _folder_sources(name, path, chosen, fields)
    elif path.exists():
        yield Source(name=name, path=path, format=chosen or _format_of(path), fields=fields)
    else:
        raise InputError(
            f"{name}: no such file or folder; give a file, a folder, or - for standard input"
        )


def _folder_sources(
    name: str, folder: Path, chosen: str | None, fields: FieldNames
) -> Iterator[Source]:
    found = sorted(path.relative_to(folder) for path in _visible_files(folder))
    known = [(path, chosen or known_format(path)) for path in found]
    if not any(format_name for _, format_name in known):
        raise InputError(
            f"{name}: no file with a known suffix in this folder; known are {KNOWN_SUFFIXES}. "
            "Say what its files are with --input-format"
        )
    for path, format_name in known:
        if format_name:
            yield Source(
                name=f"{name.rstrip('/')}/{path.as_posix()}",
                path=folder / path,
                format=format_name,
                below=path.as_posix(),
                fields=fields,
            )


def _visible_files(folder: Path) -> Iterator[Path]:
    seen = {os.path.realpath(folder)}  # linked folders may lead round in circles
    for parent, folders, files in os.walk(folder, followlinks=True):
        places = {each: os.path.realpath(Path(parent, each)) for each in sorted(folders)}
        folders[:] = []
        for each, place in places.items():
            if not each.startswith(".") and place not in seen:
                seen.add(place)
                folders.append(each)
        visible = (each for each in files if not each.startswith(".") and each != ERRORS_NAME)
        yield from (Path(parent, each) for each in visible)


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
