"""What a run into a folder has finished: one row a shard, written once its files are in place.

The ledger and everything unfinished lie in a hidden folder of the output folder. A row says what
the shard was made of (digest of the input, of the model, options) and what it is (names and digests
of its files); it says nothing of time or number of processes, so that an interrupted run and one
that was not end with the same rows. Rows are not forced to the disk: a kill loses nothing that was
written, and after a crash of the machine digests and whole rows are what counts.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

from classifier.batch.totals import Totals
from classifier.errors import ConfigError

WORK_FOLDER = ".linespam"
"""Hidden folder below the output folder."""

_LEDGER = "ledger.jsonl"
_WHOLE_RUN = "whole run"


@dataclass(frozen=True, slots=True)
class Shard:
    """What is known of a finished shard.

    Attributes
    ----------
    input
        Name of the input.
    digest
        sha256 of the input.
    made_by
        Digest of everything else that decides what the shard holds: model, options, version.
    files
        sha256 by name, of all files the shard consists of, below the output folder.
    totals
        What was counted.
    """

    input: str
    digest: str
    made_by: str
    files: dict[str, str]
    totals: Totals


def digest_of_file(path: Path) -> str:
    """Return the sha256 of a file."""
    with path.open("rb") as stream:
        return file_digest(stream, "sha256").hexdigest()


def digest_of(facts: Mapping[str, Any]) -> str:
    """Return the sha256 of facts that JSON can hold."""
    return sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


class Ledger:
    """Rows of finished shards in a file.

    Parameters
    ----------
    folder
        The output folder.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._path = folder / WORK_FOLDER / _LEDGER

    def read(self) -> tuple[dict[str, Shard], dict[str, str] | None]:
        """Return finished shards by input; digests of the files of the run as a whole, if finished.

        What cannot be read, a last row cut short by a kill for one, counts as not finished.
        """
        shards: dict[str, Shard] = {}
        whole: dict[str, str] | None = None
        if not self._path.is_file():
            return shards, whole
        for row in self._path.read_bytes().splitlines():
            try:
                known = json.loads(row)
                if _WHOLE_RUN in known:
                    whole = {str(name): str(digest) for name, digest in known[_WHOLE_RUN].items()}
                    continue
                shard = Shard(**{**known, "totals": Totals(**known["totals"])})
            except (ValueError, TypeError, KeyError, AttributeError):
                continue
            shards[shard.input] = shard
        return shards, whole

    def start(self, finished: Iterable[Shard]) -> None:
        """Begin with the rows of `finished` alone."""
        fresh = self._path.with_suffix(".new")
        with _explained(self._path):
            fresh.write_bytes(b"".join(_row(asdict(shard)) for shard in finished))
            fresh.replace(self._path)

    def add(self, shard: Shard) -> None:
        """Write down that a shard is finished."""
        self._append(asdict(shard))

    def close(self, files: Mapping[str, str]) -> None:
        """Write down that the run is finished; `files` are those it has beside its shards."""
        self._append({_WHOLE_RUN: dict(files)})

    def is_intact(self, shard: Shard, *, without_aside: bool) -> bool:
        """Whether the files of a shard are there, byte for byte as they were.

        What it has aside in the work folder may be missing if the run as a whole was finished.
        """
        return all(
            has_digest(self._folder / name, digest)
            for name, digest in shard.files.items()
            if not (without_aside and name.startswith(f"{WORK_FOLDER}/"))
        )

    def _append(self, row: Mapping[str, Any]) -> None:
        with _explained(self._path), self._path.open("ab") as stream:
            stream.write(_row(row))


def has_digest(path: Path, digest: str) -> bool:
    """Whether there is a file of this sha256."""
    return path.is_file() and digest_of_file(path) == digest


def _row(row: Mapping[str, Any]) -> bytes:
    return (json.dumps(row, ensure_ascii=True) + "\n").encode()


class _explained:  # noqa: N801 - a context manager reads as a word
    """Turns what the system says of the ledger into one sentence."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if isinstance(error, OSError):
            raise ConfigError(
                f"{self._path}: cannot be written: {error.strerror}; what is finished stays, go on "
                "with --resume once it can"
            ) from error
