"""Pages with marked spam, and what each way of dodging filters makes of them."""

import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from cases import read_cases
from evasion_techniques import DISGUISES, Disguise

from classifier.errors import InputError
from classifier.labels import Label, code_of

SEED = 20_210_504
CONTENT_CODE, SPAM_CODE = code_of(Label.CONTENT), code_of(Label.STUFFING)

Keywords = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class MarkedPage:
    """A plain page: by the index of each spam line, where its keywords are."""

    id: str
    language: str
    lines: tuple[str, ...]
    codes: str
    keywords: Mapping[int, Keywords]


@dataclass(frozen=True, slots=True)
class Attack:
    """A page as one technique leaves it.

    Attributes
    ----------
    page
        The plain page it was made of.
    lines, codes
        Its lines, one code a line.
    origin
        By the index of each line that counts, the spam line of the plain page it came from.
    """

    page: MarkedPage
    lines: tuple[str, ...]
    codes: str
    origin: Mapping[int, int]


def marked_pages(path: Path) -> list[MarkedPage]:
    """Return the plain pages of a file, their keywords checked.

    Raises
    ------
    InputError
        If a spam line has no keyword, another line has one, or a span is not inside its line.
    """
    pages = []
    for document, record in read_cases(path):
        marked = {int(line): spans for line, spans in record["keywords"].items()}
        spam = {index for index, code in enumerate(document.codes) if code == SPAM_CODE}
        if set(marked) != spam:
            raise InputError(
                f"{document.origin}: lines {sorted(set(marked) ^ spam)} are either stuffing or "
                "marked; mark the keywords of every stuffing line and of no other"
            )
        for line, spans in marked.items():
            _check_spans(spans, document.lines[line], f"{document.origin}: line {line}")
        keywords = {line: tuple((s, e) for s, e in spans) for line, spans in marked.items()}
        pages.append(
            MarkedPage(document.id, document.language, document.lines, document.codes, keywords)
        )
    return pages


def _check_spans(spans: Sequence[Sequence[int]], line: str, where: str) -> None:
    edges = [edge for span in spans for edge in span]
    is_sorted = all(start < end for start, end in spans) and edges == sorted(edges)
    if not edges or not is_sorted or edges[0] < 0 or edges[-1] > len(line):
        raise InputError(
            f"{where}: keywords {spans} of a line of {len(line)} characters; expected at least one "
            "[start, end], sorted, apart from one another and inside the line"
        )


def plain_attack(page: MarkedPage) -> Attack:
    """Return the page as it is, every spam line counted."""
    return Attack(page, page.lines, page.codes, {index: index for index in page.keywords})


def all_attacks(pages: Sequence[MarkedPage]) -> dict[str, list[Attack]]:
    """Return by technique the pages that it changes, changed."""
    attacks: dict[str, list[Attack]] = {}
    for name, disguise in DISGUISES.items():
        made = (disguised(page, disguise, _rng(name, page)) for page in pages)
        attacks[name] = [attack for attack in made if attack.origin]
    attacks["hidden in an article"] = [a for page in pages for a in placed(page, hidden)]
    attacks["wrapped around an article"] = [a for page in pages for a in placed(page, wrapped)]
    return attacks


def _rng(technique: str, page: MarkedPage) -> np.random.Generator:
    return np.random.default_rng([SEED, zlib.crc32(f"{technique}/{page.id}".encode())])


def disguised(page: MarkedPage, disguise: Disguise, rng: np.random.Generator) -> Attack:
    """Return the page with every keyword in disguise; lines that do not change do not count."""
    lines: list[str] = []
    codes: list[str] = []
    origin: dict[int, int] = {}
    for index, line in enumerate(page.lines):
        changed = _with_keywords(line, page.keywords.get(index, ()), disguise, rng)
        parts = changed.split("\n")
        if changed != line:
            origin |= {len(lines) + number: index for number in range(len(parts))}
        lines += parts
        codes += page.codes[index] * len(parts)
    return Attack(page, tuple(lines), "".join(codes), origin)


def _with_keywords(
    line: str, keywords: Keywords, disguise: Disguise, rng: np.random.Generator
) -> str:
    pieces, end = [], 0
    for start, stop in keywords:
        pieces += [line[end:start], disguise(line[start:stop], rng)]
        end = stop
    return "".join([*pieces, line[end:]])


Place = Callable[[str], tuple[int, ...]]
"""Codes of a page without spam to where its one spam line goes: before which lines."""


def hidden(codes: str) -> tuple[int, ...]:
    """Return the place before the content line in the middle."""
    content = [index for index, code in enumerate(codes) if code == CONTENT_CODE]
    return (content[len(content) // 2],)


def wrapped(codes: str) -> tuple[int, ...]:
    """Return the places before the first and after the last content line."""
    return codes.index(CONTENT_CODE), codes.rindex(CONTENT_CODE) + 1


def placed(page: MarkedPage, place: Place) -> list[Attack]:
    """Return the page once for each of its spam lines, without the others.

    The line stands where `place` says, once or several times. A page without an article gives none.
    """
    rest = [index for index in range(len(page.lines)) if index not in page.keywords]
    codes = "".join(page.codes[index] for index in rest)
    if CONTENT_CODE not in codes:
        return []
    attacks = []
    for spam in page.keywords:
        order = list(rest)
        for position in sorted(place(codes), reverse=True):
            order.insert(position, spam)
        attacks.append(
            Attack(
                page,
                tuple(page.lines[index] for index in order),
                "".join(page.codes[index] for index in order),
                {number: spam for number, index in enumerate(order) if index == spam},
            )
        )
    return attacks
