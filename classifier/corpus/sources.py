"""The public origins of the corpora, as `data/sources.toml` states them."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from classifier.errors import InputError

_TEXTS = ("name", "origin", "commit", "licence", "taken")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file that can be fetched.

    Attributes
    ----------
    url
        Its address.
    sha256
        Digest of its bytes, in hexadecimal.
    path
        Where it is kept, below the cache folder.
    """

    url: str
    sha256: str
    path: str


@dataclass(frozen=True, slots=True)
class Source:
    """One origin of texts.

    Attributes
    ----------
    name
        As rows of the corpora name it.
    origin
        The repository or collection.
    commit
        Which state of it was read; ``not recorded`` where nobody wrote it down.
    licence
        Of the repository or of the annotation.
    taken
        What was taken of it.
    into
        Files of the corpora it went into, without their suffix.
    files
        What can be fetched; empty where no address and checksum are known.
    """

    name: str
    origin: str
    commit: str
    licence: str
    taken: str
    into: tuple[str, ...]
    files: tuple[SourceFile, ...]


def read_sources(path: Path) -> dict[str, Source]:
    """Return the sources of a file by name.

    Raises
    ------
    InputError
        If the file is missing or not as it should be; names the source and the key.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(f"{path}: no such file; name a list of sources with --sources") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not TOML in UTF-8 ({error})") from error
    sources: dict[str, Source] = {}
    paths: dict[str, str] = {}
    for number, entry in enumerate(_tables(table.get("source"), f"{path}: source"), start=1):
        source = _source(entry, f"{path}: source {number}")
        if source.name in sources:
            raise InputError(f"{path}: source {source.name!r} is there twice; put both together")
        for file in source.files:
            if file.path in paths:
                raise InputError(
                    f"{path}: {source.name!r} and {paths[file.path]!r} both keep a file at "
                    f"{file.path}; give each its own path"
                )
            paths[file.path] = source.name
        sources[source.name] = source
    return sources


def _source(entry: Mapping[str, Any], where: str) -> Source:
    if isinstance(entry.get("name"), str):
        where = f"{where} ({entry['name']})"
    _check_keys(entry, (*_TEXTS, "into"), where, optional=("file",))
    into = entry["into"]
    if not isinstance(into, list) or not all(isinstance(name, str) for name in into):
        raise InputError(f"{where}: 'into' must be a list of names of files of the corpora")
    return Source(
        **{key: _text(entry, key, where) for key in _TEXTS},
        into=tuple(into),
        files=tuple(_file(table, where) for table in _tables(entry.get("file", []), where)),
    )


def _file(entry: Mapping[str, Any], where: str) -> SourceFile:
    where = f"{where}: file"
    _check_keys(entry, ("url", "sha256", "path"), where)
    url, sha256, path = (_text(entry, key, where) for key in ("url", "sha256", "path"))
    if urlsplit(url).scheme not in ("http", "https"):
        raise InputError(f"{where}: {url!r} is no address to fetch from; use http:// or https://")
    if not _SHA256.fullmatch(sha256):
        raise InputError(f"{where}: {sha256!r} is no sha256; expected 64 digits 0-9 a-f")
    parts = PurePosixPath(path)
    if parts.is_absolute() or ".." in parts.parts or not parts.name:
        raise InputError(f"{where}: path {path!r} leads out of the cache; give one below it")
    return SourceFile(url, sha256, path)


def _tables(value: object, where: str) -> list[Mapping[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise InputError(f"{where}: expected tables, [[source]] or [[source.file]]")
    return value


def _check_keys(
    entry: Mapping[str, Any],
    needed: tuple[str, ...],
    where: str,
    optional: tuple[str, ...] = (),
) -> None:
    for key in needed:
        if key not in entry:
            raise InputError(f"{where}: no {key!r}; needed are {', '.join(needed)}")
    for key in entry:
        if key not in (*needed, *optional):
            raise InputError(
                f"{where}: unknown key {key!r}; expected {', '.join((*needed, *optional))}"
            )


def _text(entry: Mapping[str, Any], key: str, where: str) -> str:
    value = entry[key]
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{where}: {key!r} must be a text that is not empty. Got {value!r}.")
    return value
