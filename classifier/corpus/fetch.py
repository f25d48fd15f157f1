"""Pinned public files into a cache folder: checked, resumed, never fetched twice."""

from collections.abc import Callable
from enum import StrEnum
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import cast
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from classifier.corpus.layout import file_digest
from classifier.corpus.sources import SourceFile
from classifier.errors import InputError

TIMEOUT_SECONDS = 60.0

_PIECE_BYTES = 1 << 18
_PARTIAL_CONTENT = 206
_RANGE_NOT_SATISFIABLE = 416

Progress = Callable[[int, int | None], None]
"""Takes the bytes that are there and, if the server said so, how many there will be."""


class Outcome(StrEnum):
    """How a file came to be in the cache."""

    CACHED = "cached"
    FETCHED = "fetched"
    RESUMED = "resumed"


def fetch_file(
    file: SourceFile, cache: Path, *, on_progress: Progress = lambda _there, _of: None
) -> Outcome:
    """Have a file in the cache folder with the right checksum.

    What was fetched before is only checked. A download that was cut short leaves ``<name>.part``,
    from which the next one goes on if the server can; the file appears under its name when it is
    whole and right.

    Raises
    ------
    InputError
        If the server does not give the file, the connection breaks, or the checksum is another.
    """
    target = cache / file.path
    if target.exists():
        _check(target, file, f"delete {target.name} and fetch it again")
        return Outcome.CACHED
    partial = target.with_name(f"{target.name}.part")
    partial.parent.mkdir(parents=True, exist_ok=True)
    there = partial.stat().st_size if partial.exists() else 0
    resumed = _download(file, partial, there, on_progress)
    try:
        _check(partial, file, "what is at the address is not what was pinned; nothing was kept")
    except InputError:
        partial.unlink()
        raise
    partial.replace(target)
    return Outcome.RESUMED if resumed else Outcome.FETCHED


def _download(file: SourceFile, partial: Path, there: int, on_progress: Progress) -> bool:
    """Fetch what is missing of a file; return whether it went on from what was there."""
    try:
        with _open(file.url, there) as response:
            goes_on = there > 0 and response.status == _PARTIAL_CONTENT
            _save(file, response, partial, there if goes_on else 0, on_progress)
            return goes_on
    except HTTPError as error:
        if error.code == _RANGE_NOT_SATISFIABLE and there:
            # All of it is there, or more than all: the checksum says, or it is fetched anew.
            if file_digest(partial) == file.sha256:
                return True
            partial.unlink()
            return _download(file, partial, 0, on_progress)
        raise InputError(
            f"{file.url}: the server answers {error.code} {error.reason}; check the address"
        ) from error
    except (OSError, HTTPException) as error:
        raise InputError(
            f"{file.url}: cannot be fetched ({error}); run the command again to go on"
        ) from error


def _open(url: str, there: int) -> HTTPResponse:
    headers = {"User-Agent": "linespam", "Accept-Encoding": "identity"}
    if there:
        headers["Range"] = f"bytes={there}-"
    request = Request(url, headers=headers)  # noqa: S310 - read_sources lets only http(s) pass
    return cast("HTTPResponse", urlopen(request, timeout=TIMEOUT_SECONDS))  # noqa: S310


def _save(
    file: SourceFile, response: HTTPResponse, partial: Path, there: int, on_progress: Progress
) -> None:
    length = response.headers.get("Content-Length")
    size = there + int(length) if length and length.isdecimal() else None
    with partial.open("ab" if there else "wb") as stream:
        while piece := response.read(_PIECE_BYTES):
            stream.write(piece)
            there += len(piece)
            on_progress(there, size)
    # A connection that breaks looks like the end of the file when read piece by piece.
    if size is not None and there < size:
        raise InputError(
            f"{file.url}: the connection broke after {there:,} of {size:,} bytes; run the command "
            "again to go on from there"
        )


def _check(path: Path, file: SourceFile, advice: str) -> None:
    found = file_digest(path)
    if found != file.sha256:
        raise InputError(
            f"{file.url}: sha256 differs from the one pinned for {file.path} "
            f"(expected {file.sha256[:12]}…, got {found[:12]}…); {advice}"
        )
