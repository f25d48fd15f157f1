"""Stand-off labels: what lines are, kept apart from the pages, whose text may not be copied.

A row names a page of the corpora and states the digest of the lines that were read, so that labels
never slide onto another text.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from classifier.corpus.layout import read_rows
from classifier.datamodels import LabelledDocument
from classifier.errors import InputError
from classifier.labels import CODES, UNKNOWN_CODE

DIGEST_CHARS = 16

_FIELDS = ("file", "source", "id", "lang", "lines_sha256", "labels")

FilesOf = Callable[[str], Sequence[Path]]
ReadFile = Callable[[Path], Iterable[LabelledDocument]]


@dataclass(frozen=True, slots=True)
class StandoffLabels:
    """The labels of one page.

    Attributes
    ----------
    file
        Where the page is, below the folder of corpora and without ``.jsonl.gz``.
    source, id
        Which page of the file.
    language
        ISO 639 code, as its reader judged.
    digest
        `lines_digest` of the lines that were read.
    codes
        One code a line.
    origin
        ``file:row``, for messages.
    """

    file: str
    source: str
    id: str
    language: str
    digest: str
    codes: str
    origin: str


def lines_digest(lines: Sequence[str]) -> str:
    """Return the first 16 digits of the sha256 of the lines, joined by line feeds.

    Examples
    --------
    >>> lines_digest(["Τίτλος", "Μενού"])
    '01e66900dae2048a'
    """
    text = "\n".join(lines).encode("utf-8", "surrogatepass")
    return hashlib.sha256(text).hexdigest()[:DIGEST_CHARS]


def read_standoff(path: Path) -> list[StandoffLabels]:
    """Return the rows of a file of stand-off labels.

    Raises
    ------
    InputError
        If a row is not as it should be, or labels a page a second time.
    """
    rows: dict[tuple[str, str, str], StandoffLabels] = {}
    for number, record in read_rows(path, _FIELDS):
        origin = f"{path}:{number}"
        file, source, name, language, digest, codes = (record[field] for field in _FIELDS)
        row = StandoffLabels(file, source, name, language, digest, codes, origin)
        wrong = sorted(set(row.codes) - set(CODES))
        if wrong:
            raise InputError(
                f"{origin}: unknown label code {wrong[0]!r}; codes are {' '.join(CODES)}"
            )
        key = (row.file, row.source, row.id)
        if key in rows:
            raise InputError(
                f"{origin}: page {row.id!r} was labelled at {rows[key].origin} already; keep one"
            )
        rows[key] = row
    return list(rows.values())


def with_standoff_labels(
    rows: Sequence[StandoffLabels], files_of: FilesOf, read: ReadFile
) -> tuple[list[LabelledDocument], list[StandoffLabels]]:
    """Return the pages of the rows with their labels, and the rows whose file is not there.

    Parameters
    ----------
    rows
        Of `read_standoff`.
    files_of
        Gives the files of a part of the corpora by name, see `Layout.files`.
    read
        Gives the pages of one of its files, with or without labels of their own.

    Raises
    ------
    InputError
        If a file is there and a page is not in it, or its lines are not those that were labelled.
    """
    by_file: dict[str, list[StandoffLabels]] = {}
    for row in rows:
        by_file.setdefault(row.file, []).append(row)
    labelled, absent = [], []
    for name, wanted in by_file.items():
        files = files_of(name)
        if len(files) != 1:
            absent += wanted
            continue
        pages: dict[tuple[str, str], list[LabelledDocument]] = {}
        for page in read(files[0]):
            pages.setdefault((page.source, page.id), []).append(page)
        labelled += [_labelled(pages.get((row.source, row.id), []), row) for row in wanted]
    return labelled, absent


def _labelled(candidates: Sequence[LabelledDocument], row: StandoffLabels) -> LabelledDocument:
    """Return the page of the row; ids of unlabelled pages may repeat, so the digest decides."""
    if not candidates:
        raise InputError(
            f"{row.origin}: no page {row.id!r} of source {row.source!r} in {row.file}; use the "
            "corpora that were labelled, or take the row out"
        )
    digests = [lines_digest(page.lines) for page in candidates]
    if row.digest not in digests:
        raise InputError(
            f"{row.origin}: the lines of page {row.id!r} are not those that were labelled "
            f"(digest {digests[0]}, labelled {row.digest}); use the corpora that were labelled, "
            "or label the page anew"
        )
    page = candidates[digests.index(row.digest)]
    if len(row.codes) != len(page.lines):
        raise InputError(
            f"{row.origin}: {len(row.codes)} labels for the {len(page.lines)} lines of page "
            f"{row.id!r}; every line needs one (? for blank ones)"
        )
    codes = "".join(
        code if line.strip() else UNKNOWN_CODE
        for code, line in zip(row.codes, page.lines, strict=True)
    )
    return replace(page, codes=codes, language=row.language, spans={}, origin=row.origin)
