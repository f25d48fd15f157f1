r"""Labelled pages from files, checked strictly: every message says where and what would be right.

Two forms, each also as ``.gz``: ``.jsonl``, one page a line with ``id``, ``lines`` and ``labels``;
``.tsv``, one line of text, a tab and its label, a blank line between pages.

A page's group is, in this order:

1. its ``group``, where the record has one;
2. the host of its ``url``, lower-case and without ``www.`` (of an archived page: the host it was
   archived from), whatever collection it came from;
3. the part of its ``id`` before the last ``/``: one folder of a crawl or repository;
4. its ``id``.

A page without ``source`` is of the one its file's name says, and ids need differ only within a
source. Of files of one name in different folders, the folders are part of the name.

Where the folders of one repository share a template, records should state their family as `group`:
of the pages of one spam repository of the corpora, cut into one folder a site and a build, nine in
ten have at least half of their long lines in another folder too.
"""

import json
import os
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from classifier.datamodels import LabelledDocument
from classifier.errors import InputError, LabelError
from classifier.io.compression import packed_suffix
from classifier.labels import CODES, UNKNOWN_CODE, code_of
from classifier.training.groups import group_of
from classifier.training.numbered import numbered_lines

_JSONL = (".jsonl", ".jsonl.gz")
_TABBED = (".tsv", ".tsv.gz")

_LINE_INDEX = re.compile(r"\d{1,18}")
"""No line has a longer one, and of thousands of digits Python makes no number."""


def read_labelled(
    paths: Iterable[Path], *, needs_labels: bool = True
) -> Iterator[LabelledDocument]:
    """Yield the labelled pages of files and folders, in the order of `paths`, then by name.

    Parameters
    ----------
    paths
        Files and folders.
    needs_labels
        Whether to refuse a file without a single label, and an id used twice.

    Raises
    ------
    InputError
        At the first thing that is not as it should be, as ``file:line: what, what would be
        right``.
    """
    seen: dict[tuple[str, str], str] = {}
    files = labelled_files(paths)
    for path, name in zip(files, _names(files), strict=True):
        has_label = False
        for document in _read_file(path, name):
            key = (document.source, document.id)
            if needs_labels and key in seen:
                raise InputError(
                    f"{document.origin}: the id {document.id!r} of source {document.source!r} was "
                    f"already used at {seen[key]}; give every page of a source its own id"
                )
            seen[key] = document.origin
            has_label = has_label or document.codes.strip(UNKNOWN_CODE) != ""
            yield document
        if needs_labels and not has_label:
            raise InputError(f"{path}: no line has a label; label some lines or leave the file out")


def labelled_row(document: LabelledDocument) -> str:
    """Return a page as a row of a ``.jsonl`` file, line feed included; `read_labelled` reads it."""
    record: dict[str, object] = {
        "id": document.id,
        "source": document.source,
        "lang": document.language,
        "license": document.licence,
        "group": document.group,
        "lines": document.lines,
        "labels": document.codes,
        "spans": document.spans,
    }
    return json.dumps({k: v for k, v in record.items() if v}, ensure_ascii=False) + "\n"


def labelled_files(paths: Iterable[Path]) -> list[Path]:
    """Return the files that `read_labelled` reads, those of a folder by name.

    Raises
    ------
    InputError
        If a name is not one of labelled pages, or a folder has none.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = [p for p in sorted(path.rglob("*")) if _is_labelled(p)]
            if not inside:
                raise InputError(
                    f"{path}: no labelled pages in this folder; expected files named "
                    "*.jsonl, *.tsv, *.jsonl.gz or *.tsv.gz"
                )
            found += inside
        elif _is_labelled(path):
            found.append(path)
        else:
            raise InputError(
                f"{path}: not a name of labelled pages; use .jsonl, .tsv, .jsonl.gz or .tsv.gz"
            )
    return found


def _is_labelled(path: Path) -> bool:
    return path.name.lower().endswith(_JSONL + _TABBED)


def _names(files: Sequence[Path]) -> list[str]:
    """Return the name of each file, after as many folders as tell it from the others."""
    # what is named twice stays one file, whose ids are then used twice
    paths = [Path(os.path.abspath(path)) for path in files]  # noqa: PTH100 - links keep their name
    names = {path: path.name for path in paths}
    n_parts = 1
    while shared := {name for name, count in Counter(names.values()).items() if count > 1}:
        n_parts += 1
        names |= {
            path: "/".join(path.parts[-n_parts:]) for path, name in names.items() if name in shared
        }
    return [names[path] for path in paths]


def _read_file(path: Path, name: str) -> Iterator[LabelledDocument]:
    read = _read_jsonl if path.name.lower().endswith(_JSONL) else _read_tabbed
    is_empty = True
    for document in read(path, name):
        is_empty = False
        yield document
    if is_empty:
        raise InputError(f"{path}: the file is empty; expected at least one labelled page")


def _stem(name: str) -> str:
    return name[: len(name) - len(packed_suffix(name))].rpartition(".")[0]


def _read_jsonl(path: Path, name: str) -> Iterator[LabelledDocument]:
    for number, text in numbered_lines(path):
        if text.strip():
            yield _document(text, origin=f"{path}:{number}", default_source=_stem(name))


def _document(text: str, *, origin: str, default_source: str) -> LabelledDocument:
    record = _record(text, origin)
    lines = _lines(record["lines"], origin)
    identifier = str(record["id"])
    return LabelledDocument(
        id=identifier,
        lines=lines,
        spans=_spans(record.get("spans"), lines, origin),
        licence=str(record.get("license") or ""),
        codes=_mask_blank(_codes(record["labels"], origin), lines, origin),
        source=str(record.get("source") or default_source),
        language=str(record.get("lang") or "und"),
        group=group_of(
            identifier,
            url=str(record.get("url") or ""),
            given="" if record.get("group") is None else str(record["group"]),
        ),
        origin=origin,
    )


def _record(text: str, origin: str) -> dict[str, Any]:
    try:
        record = json.loads(text)
    except (ValueError, RecursionError) as error:  # of a number too long json says no more
        raise InputError(
            f"{origin}: not JSON ({error}); expected one page a line, "
            '{"id": …, "lines": […], "labels": "…"}'
        ) from error
    if not isinstance(record, dict):
        raise InputError(
            f"{origin}: the record is a {type(record).__name__}; expected an object with "
            '"id", "lines" and "labels"'
        )
    for key in ("id", "lines", "labels"):
        if record.get(key) in (None, ""):
            raise InputError(
                f'{origin}: no "{key}"; a labelled page needs "id", "lines" and "labels"'
            )
    return record


def _lines(value: object, origin: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not value:
        raise InputError(f'{origin}: "lines" must be a list of at least one string')
    for number, line in enumerate(value, start=1):
        if not isinstance(line, str):
            raise InputError(
                f"{origin}: line {number} of the page is a {type(line).__name__}; "
                "every line must be a string"
            )
        if "\n" in line:
            raise InputError(
                f"{origin}: line {number} of the page holds a line feed; split it in two lines, "
                "each with its label"
            )
    return tuple(value)


def _codes(value: object, origin: str) -> str:
    if isinstance(value, str):
        for number, code in enumerate(value, start=1):
            if code not in CODES:
                raise InputError(
                    f"{origin}: unknown label code {code!r} for line {number} of the page; "
                    f"codes are {' '.join(CODES)}"
                )
        return value
    if not isinstance(value, list):
        raise InputError(
            f'{origin}: "labels" is a {type(value).__name__}; expected one code a line in one '
            "string, or a list of label names"
        )
    return "".join(
        _code(name, f"{origin}: line {number} of the page")
        for number, name in enumerate(value, start=1)
    )


def _code(name: object, where: str) -> str:
    if name is None:
        return UNKNOWN_CODE
    try:
        return code_of(str(name).strip())
    except LabelError as error:
        raise InputError(f"{where}: {error}") from error


def _mask_blank(codes: str, lines: tuple[str, ...], origin: str) -> str:
    if len(codes) != len(lines):
        raise InputError(
            f"{origin}: {len(lines)} lines but {len(codes)} labels; every line needs one label "
            "(? for blank ones)"
        )
    return "".join(
        code if line.strip() else UNKNOWN_CODE for code, line in zip(codes, lines, strict=True)
    )


def _spans(
    value: object, lines: tuple[str, ...], origin: str
) -> dict[int, tuple[tuple[int, int], ...]]:
    if value in (None, ""):
        return {}
    if not isinstance(value, dict):
        raise InputError(
            f'{origin}: "spans" is a {type(value).__name__}; expected an object, '
            '{"line index": [[start, end], …]}'
        )
    spans = {}
    for key, parts in value.items():
        if not _LINE_INDEX.fullmatch(key) or int(key) >= len(lines):
            raise InputError(
                f'{origin}: "spans" has line {key[:40]!r}; line indexes go from 0 to '
                f"{len(lines) - 1}"
            )
        spans[int(key)] = _parts(parts, lines[int(key)], f"{origin}: spans of line index {key}")
    return spans


def _parts(value: object, line: str, where: str) -> tuple[tuple[int, int], ...]:
    parts = []
    position = 0
    for part in value if isinstance(value, list) else [None]:
        if not (isinstance(part, list) and len(part) == 2 and all(type(at) is int for at in part)):
            raise InputError(f"{where}: expected a list of [start, end], in code points")
        if not position <= part[0] < part[1] <= len(line):
            raise InputError(
                f"{where}: [{part[0]}, {part[1]}] is empty, overlaps the one before, or ends "
                f"behind the {len(line)} code points of the line"
            )
        position = part[1]
        parts.append((part[0], part[1]))
    return tuple(parts)


def _read_tabbed(path: Path, name: str) -> Iterator[LabelledDocument]:
    n_pages = 0
    lines: list[str] = []
    codes: list[str] = []
    first = 1
    for number, text in numbered_lines(path):
        if text.strip():
            if not lines:
                first = number
            line, code = _split(text, f"{path}:{number}")
            lines.append(line)
            codes.append(code)
        elif lines:
            n_pages += 1
            yield _tabbed_page(name, n_pages, (lines, codes), f"{path}:{first}")
            lines, codes = [], []
    if lines:
        yield _tabbed_page(name, n_pages + 1, (lines, codes), f"{path}:{first}")


def _split(text: str, where: str) -> tuple[str, str]:
    line, tab, name = text.rpartition("\t")
    if not tab:
        raise InputError(
            f"{where}: no label; write the line, a tab, then its label "
            "(pages are parted by a blank line)"
        )
    return line, _code(name, where)


def _tabbed_page(
    name: str, number: int, page: tuple[list[str], list[str]], origin: str
) -> LabelledDocument:
    lines = tuple(page[0])
    identifier = f"{name}#{number}"
    return LabelledDocument(
        id=identifier,
        lines=lines,
        codes=_mask_blank("".join(page[1]), lines, origin),
        source=_stem(name),
        group=identifier,
        origin=origin,
    )
