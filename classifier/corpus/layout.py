"""Where the parts of a folder of corpora lie (`data/README.md`), and their rows of single texts."""

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifier.errors import InputError

PAGES, GOLD, SPAM = "pages", "gold", "spam/pages"
CLEAN, SPAM_LINES = "clean/documents", "spam/lines"
HEADLINES, INTERFACE = "clean/headlines", "clean/interface_strings"
BENCHMARK = "benchmark"

_LABELLED = (PAGES, GOLD, SPAM, CLEAN)
_SUFFIXES = (".jsonl.gz", ".jsonl")
# A user's own pages may also be in two columns.
_PAGE_SUFFIXES = (*_SUFFIXES, ".tsv", ".tsv.gz")


@dataclass(frozen=True, slots=True)
class Layout:
    """A folder of corpora, any part of which may be absent."""

    folder: Path

    def check(self) -> None:
        """Raise InputError if there is nothing to build from."""
        if not any(self.files(part) for part in _LABELLED):
            raise InputError(
                f"{self.folder}: no labelled pages here; expected at least one of "
                f"{PAGES}/*.jsonl.gz, {GOLD}/*.jsonl.gz, {SPAM}.jsonl.gz and {CLEAN}.jsonl.gz"
            )

    def files(self, part: str) -> list[Path]:
        """Return the files of a part by name: one file, or all of a folder; empty if absent."""
        folder = self.folder / part
        if folder.is_dir():
            return sorted(p for p in folder.rglob("*") if p.name.endswith(_PAGE_SUFFIXES))
        named = [self.folder / f"{part}{suffix}" for suffix in _SUFFIXES]
        return [path for path in named if path.is_file()][:1]

    def name(self, path: Path) -> str:
        """Return the name of a file of this folder, as a manifest gives it."""
        return path.relative_to(self.folder).as_posix()


def file_digest(path: Path) -> str:
    """Return the sha256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_rows(path: Path, fields: Sequence[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield number, from 1, and object of each row of a JSONL file; `fields` are all strings.

    Raises
    ------
    InputError
        At the first row that is none; names file and row.
    """
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as stream:
            for number, data in enumerate(stream, start=1):
                if data.strip():
                    yield number, _row(data, fields, f"{path}:{number}")
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise InputError(f"{path}: is damaged ({error}); fetch or make the file anew") from error


def _row(data: bytes, fields: Sequence[str], origin: str) -> dict[str, Any]:
    try:
        record = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise InputError(f"{origin}: not JSON ({error}); expected an object a row") from error
    if not isinstance(record, dict):
        raise InputError(f"{origin}: the row is a {type(record).__name__}; expected an object")
    for name in fields:
        if not isinstance(record.get(name), str):
            raise InputError(
                f"{origin}: no text {name!r}; a row of this file needs {', '.join(fields)}"
            )
    return record
