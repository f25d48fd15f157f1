"""Labels for the lines of a page whose article is known as text: a cheap way to labelled pages."""

import re
import unicodedata
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher

from classifier.errors import InputError
from classifier.labels import CONTENT_INDEX, LABEL_CODES, NOT_CONTENT_CODE, UNKNOWN_CODE

# Words; in scripts written without spaces, characters.
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
_UNSPACED += "\U00020000-\U0003ffff"
_TOKEN = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")

_FOUND = 0.8
"""Share of a line's tokens that stand in one place of the article: then it is of the article."""

_DOUBTFUL = 0.5
"""From this share on the line may be of the article, with other words put in or left out."""

_SHORT_BYTES = 20
"""Of UTF-8, so some 20 letters or 7 Chinese characters: shorter lines are found by chance, and must
stand beside a longer one, in the article as in the page."""

_MOST_TOKENS_BETWEEN = 4
_MOST_LINES_BETWEEN = 3

_PLACES_PER_LINE = 8
_OFTEN = 50
"""A token that stands in more places than this says little about the place of its line."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """What is known of a page's lines.

    Attributes
    ----------
    codes
        One a line: content, not content, or unknown.
    coverage
        Share of the article's tokens that stand in the lines of content.
    """

    codes: str
    coverage: float


@dataclass(frozen=True, slots=True)
class _Place:
    """Where in the article a line may be: its tokens, from `start` to before `end`."""

    line: int
    start: int
    end: int
    n_matched: int
    share: float
    is_short: bool


def align(lines: Sequence[str], article: str) -> Alignment:
    """Return labels for the lines of a page, by where they stand in its article.

    A line is content if at least four in five of its tokens stand together in the article, and
    its place there comes after those of the lines before it: of all such choices the one that
    finds most of the article. A line found elsewhere, such as the headline again in a list, and a
    line found in part, are unknown; so are short lines between those of the article that could be
    of it. All others are not content.

    Parameters
    ----------
    lines
        Of the page, in order, however it breaks them.
    article
        Its known text, however that is broken into lines.

    Raises
    ------
    InputError
        If the article has no letter and no digit.
    """
    tokens = _tokens(article)
    if not tokens:
        raise InputError("the known text has no words; give the article's own text")
    where: dict[str, list[int]] = {}
    for position, token in enumerate(tokens):
        where.setdefault(token, []).append(position)
    places = [_places(number, _tokens(line), tokens, where) for number, line in enumerate(lines)]
    found = [place for group in places for place in group if place.share >= _FOUND]
    chain = _anchored(_best_chain(found))
    first, last = min(chain, default=0), max(chain, default=-1)
    codes = "".join(
        LABEL_CODES[CONTENT_INDEX]
        if number in chain
        else _code_off_chain(line, group, is_inside=first <= number <= last)
        for number, (line, group) in enumerate(zip(lines, places, strict=True))
    )
    covered = sum(place.n_matched for place in chain.values())
    return Alignment(codes, min(1.0, covered / len(tokens)))


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(unicodedata.normalize("NFKC", text).casefold())


def _code_off_chain(line: str, places: Sequence[_Place], *, is_inside: bool) -> str:
    if not _tokens(line):
        return UNKNOWN_CODE
    is_doubtful = any(
        is_inside and place.share >= _FOUND if place.is_short else place.share >= _DOUBTFUL
        for place in places
    )
    return UNKNOWN_CODE if is_doubtful else NOT_CONTENT_CODE


def _places(
    line: int, words: Sequence[str], tokens: Sequence[str], where: dict[str, list[int]]
) -> list[_Place]:
    """Return the likeliest places of a line: those on whose diagonal most of its tokens lie."""
    rare = [index for index, word in enumerate(words) if len(where.get(word, ())) <= _OFTEN]
    is_short = len("".join(words).encode("utf-8", "surrogatepass")) < _SHORT_BYTES
    votes: Counter[int] = Counter()
    # Words put in or left out move the diagonal, so votes are counted in steps of some words.
    step = max(2, len(words) // 8)
    for index in rare or range(len(words)):
        votes.update((position - index) // step for position in where.get(words[index], ()))
    places: list[_Place] = []
    for diagonal, _ in sorted(votes.items(), key=lambda vote: (-vote[1], vote[0])):
        if len(places) == _PLACES_PER_LINE:
            break
        low = max(0, (diagonal - 1) * step)
        window = tokens[low : (diagonal + 2) * step + len(words)]
        matcher = SequenceMatcher(None, words, window, autojunk=False)
        blocks = _without_strays(matcher.get_matching_blocks()[:-1])
        if blocks:
            matched = sum(block.size for block in blocks)
            start, end = low + blocks[0].b, low + blocks[-1].b + blocks[-1].size
            places.append(_Place(line, start, end, matched, matched / len(words), is_short))
    return places


def _without_strays(blocks: list[Match]) -> list[Match]:
    """Return matching blocks without words at either end that are found far from the others."""
    kept = list(blocks)
    while len(kept) > 1 and _gap(kept[0], kept[1]) > kept[0].size:
        del kept[0]
    while len(kept) > 1 and _gap(kept[-2], kept[-1]) > kept[-1].size:
        del kept[-1]
    return kept


def _gap(first: Match, second: Match) -> int:
    """Return how many words the article has between two blocks beyond those of the line."""
    in_article = second.b - first.b - first.size
    return in_article - (second.a - first.a - first.size)


def _best_chain(places: Sequence[_Place]) -> list[_Place]:
    """Return places in order of lines and of the article that together match the most tokens.

    Best chains are kept by where they end, each longer and heavier than the one before it, so that
    a binary search finds the one to go on from.
    """
    ends: list[int] = []
    chains: list[tuple[int, tuple[_Place, object] | None]] = []
    by_line: dict[int, list[_Place]] = {}
    for place in places:
        by_line.setdefault(place.line, []).append(place)
    for group in by_line.values():
        longer = []
        for place in group:
            at = bisect_right(ends, place.start) - 1
            weight, before = chains[at] if at >= 0 else (0, None)
            longer.append((place.end, weight + place.n_matched, (place, before)))
        for end, weight, chain in longer:
            at = bisect_right(ends, end)
            if at and chains[at - 1][0] >= weight:
                continue
            last = at
            while last < len(ends) and chains[last][0] <= weight:
                last += 1
            first = at - 1 if at and ends[at - 1] == end else at
            ends[first:last] = [end]
            chains[first:last] = [(weight, chain)]
    chosen: list[_Place] = []
    link: object = chains[-1][1] if chains else None
    while isinstance(link, tuple):
        chosen.append(link[0])
        link = link[1]
    return chosen[::-1]


def _anchored(chain: Sequence[_Place]) -> dict[int, _Place]:
    """Return by line the places of a chain, without short lines that touch no longer one."""
    kept: dict[int, _Place] = {}
    for order in (chain, chain[::-1]):
        before: _Place | None = None
        for place in order:
            if not place.is_short or (before is not None and _touch(place, before)):
                kept[place.line] = before = place
    return kept


def _touch(one: _Place, other: _Place) -> bool:
    n_tokens_between = max(one.start, other.start) - min(one.end, other.end)
    n_lines_between = abs(one.line - other.line) - 1
    return n_tokens_between <= _MOST_TOKENS_BETWEEN and n_lines_between <= _MOST_LINES_BETWEEN
