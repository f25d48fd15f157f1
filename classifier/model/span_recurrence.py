"""What of a line stands elsewhere in its document: phrases that come back, lines without spaces.

A stuffed keyword comes back verbatim between ever other neighbours; a program that knows no spaces
copies a title into the text without them. Both are looked up by hashes of a few characters, in
arrays, in time linear in the text but for one sort of what was found.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from classifier.features.featurizer import LineFeatures
from classifier.model.span_tokens import ATTACHED, BLANK, UNSPACED, LineCharacters, ranges
from classifier.text.characters import Characters
from classifier.text.codepoints import CharClass

_TABLE_BITS = 20
_MIX = np.uint32(0x9E3779B1)
_STEP = np.uint32(0x85EBCA77)

_HEAD_LINES = 3
_SHORT_CHARS = 60

_DENSE = UNSPACED.copy()
_DENSE[CharClass.HANGUL] = True
"""Classes of letters of which four say as much as eight of others."""

_COPIED_LETTERS = 6
_SHORTEST_COPY = 10
_SHORTEST_RUN = 10
_LONGEST_SOURCE = 300


@dataclass(frozen=True, slots=True)
class Recurrence:
    """What stands elsewhere, for each character (or word) looked up.

    Attributes
    ----------
    elsewhere
        Array of shape (n,): whether it stands in another line of the document.
    count
        Array of shape (n,): how often it stands in the document.
    in_head, in_short
        Arrays of shape (n,): whether one of the places elsewhere is among the first lines of the
        document, or a short line.
    """

    elsewhere: NDArray[np.bool_]
    count: NDArray[np.int64]
    in_head: NDArray[np.bool_]
    in_short: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class SearchedLines:
    """The documents that are searched, and what is known of their lines.

    Attributes
    ----------
    document
        Array of shape (n_lines,) of the batch: the document of each line.
    is_searched
        Array of shape (n_lines,): lines of documents any line of which is looked at.
    rank
        Array of shape (n_lines,): number of the line in its document, blank lines not counted.
    length
        Array of shape (n_lines,): code points.
    """

    document: NDArray[np.int64]
    is_searched: NDArray[np.bool_]
    rank: NDArray[np.int64]
    length: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        features: LineFeatures,
        document_of_line: NDArray[np.int64],
        lines: NDArray[np.int64],
    ) -> "SearchedLines":
        """Take the documents of `lines`."""
        n_documents = len(features.document_offsets) - 1
        chosen = np.zeros(n_documents, dtype=np.bool_)
        chosen[document_of_line[lines]] = True
        starts = features.characters.line_starts
        rank = np.zeros(len(document_of_line), dtype=np.int64)
        sizes = np.diff(features.document_offsets)
        rank[features.visible] = np.arange(len(features.visible)) - np.repeat(
            features.document_offsets[:-1], sizes
        )
        return cls(document_of_line, chosen[document_of_line], rank, np.diff(starts) - 1)

    @property
    def chosen(self) -> NDArray[np.int64]:
        """The lines searched."""
        return np.flatnonzero(self.is_searched)


def recurring(
    hashes: NDArray[np.uint32],
    line: NDArray[np.int64],
    is_query: NDArray[np.bool_],
    searched: SearchedLines,
) -> Recurrence:
    """Look up hashes in their documents.

    Parameters
    ----------
    hashes, line
        Arrays of shape (n,): what may come back, and the line it stands in.
    is_query
        Array of shape (n,): which of it is asked for.
    searched
        The documents.

    Returns
    -------
    recurrence : of the queries, in order
    """
    mixed = hashes + searched.document[line].astype(np.uint32) * _STEP
    mixed *= _MIX
    cell = mixed >> np.uint32(32 - _TABLE_BITS)
    table = np.zeros(1 << _TABLE_BITS, dtype=np.bool_)
    table[cell[is_query]] = True
    # what no query falls together with is left out before anything is sorted
    may = np.flatnonzero(table[cell])
    key = hashes[may].astype(np.uint64) | (searched.document[line[may]].astype(np.uint64) << 32)
    order = np.argsort(key, kind="stable")
    ordered, lines = key[order], line[may][order]
    n_queries = int(is_query.sum())
    if n_queries == 0:
        no = np.zeros(0, dtype=np.bool_)
        return Recurrence(no, np.zeros(0, np.int64), no, no)
    begins = np.ones(len(order), dtype=np.bool_)
    begins[1:] = ordered[1:] != ordered[:-1]
    starts = np.flatnonzero(begins)
    group = np.cumsum(begins) - 1
    sizes = np.diff(np.append(starts, len(order)))
    low, high = np.minimum.reduceat(lines, starts), np.maximum.reduceat(lines, starts)
    is_head = (searched.rank[lines] < _HEAD_LINES).astype(np.int64)
    is_short = (searched.length[lines] < _SHORT_CHARS).astype(np.int64)
    n_head, n_short = np.add.reduceat(is_head, starts), np.add.reduceat(is_short, starts)
    elsewhere = (low != high)[group]
    rows = np.empty(len(order), dtype=np.int64)
    rows[order] = np.arange(len(order))
    asked = rows[is_query[may]]
    of = group[asked]
    return Recurrence(
        elsewhere=elsewhere[asked],
        count=sizes[of],
        in_head=elsewhere[asked] & (n_head[of] > is_head[asked]),
        in_short=elsewhere[asked] & (n_short[of] > is_short[asked]),
    )


def phrases(
    features: LineFeatures, chars: LineCharacters, searched: SearchedLines
) -> tuple[Recurrence, NDArray[np.int64]]:
    """Look up the eight characters from each character on; four where they say as much.

    Returns
    -------
    recurrence : of each of `chars`
        Nothing where a phrase would reach into the next line.
    length : int64 array of shape (n,)
        How many characters were looked up, 4 or 8.
    """
    characters = features.characters
    starts = characters.line_starts
    lines = searched.chosen
    position, _ = ranges(starts[lines] + 1, np.diff(starts)[lines] - 1)
    quads = features.ngrams.quad_hashes
    own = quads[position]
    # where this is of the next line, the phrase is not whole and is not looked up
    behind = quads[np.minimum(position + 4, len(quads) - 1)]
    is_dense = _DENSE[characters.classes[position]]
    hashes = np.where(is_dense, own, own * _STEP + (behind ^ (behind >> np.uint32(13))))
    line = np.repeat(lines, np.diff(starts)[lines] - 1)
    is_whole = position + np.where(is_dense, 4, 8) <= starts[line + 1]
    is_whole &= ~BLANK[characters.classes[position]]
    asked = np.zeros(len(starts) - 1, dtype=np.bool_)
    asked[chars.lines] = True
    is_query = asked[line]
    found = recurring(hashes[is_whole], line[is_whole], is_query[is_whole], searched)
    n = len(chars.classes)
    spread = Recurrence(
        np.zeros(n, np.bool_), np.zeros(n, np.int64), np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    )
    for name in ("elsewhere", "count", "in_head", "in_short"):
        getattr(spread, name)[is_whole[is_query]] = getattr(found, name)
    return spread, np.where(_DENSE[chars.classes], 4, 8)


def covered(starts: NDArray[np.bool_], length: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many of the pieces that start where `starts` is true lie over each character."""
    at = np.flatnonzero(starts)
    change = np.zeros(len(starts) + 9, dtype=np.int64)
    change[at] += 1
    change -= np.bincount(at + length[at], minlength=len(change))
    return np.cumsum(change)[: len(starts)]


def words(
    features: LineFeatures, lines: NDArray[np.int64], searched: SearchedLines
) -> tuple[Recurrence, NDArray[np.int64]]:
    """Look up the words of `lines`; return what was found, and which words they are."""
    characters = features.characters
    line = characters.line_of_char[characters.word_starts]
    asked = np.zeros(characters.n_lines, dtype=np.bool_)
    asked[lines] = True
    chosen = np.flatnonzero(searched.is_searched[line])
    is_query = asked[line[chosen]]
    found = recurring(features.ngrams.word_hashes[chosen], line[chosen], is_query, searched)
    return found, chosen[is_query]


@dataclass(frozen=True, slots=True)
class Copies:
    """Copies of other lines without their spaces.

    Attributes
    ----------
    is_copied
        Array of shape (n,): the characters of copies.
    source
        Array of shape (n,): a line it is copied from, as index in the batch; -1 where nothing is.
    """

    is_copied: NDArray[np.bool_]
    source: NDArray[np.int64]


def despaced_copies(
    characters: Characters, chars: LineCharacters, searched: SearchedLines
) -> Copies:
    """Find the unspaced runs of `chars` that stand in other lines with spaces between.

    Compared are letters and digits alone, without case and accents, so that slugs are found too.
    """
    n = len(chars.classes)
    is_copied, source = np.zeros(n, dtype=np.bool_), np.full(n, -1, dtype=np.int64)
    is_run = _long_runs(chars)
    if not is_run.any():
        return Copies(is_copied, source)
    owner = chars.owner
    documents = np.unique(searched.document[chars.lines[owner[is_run]]])
    is_source = searched.is_searched & (searched.length <= _LONGEST_SOURCE)
    is_source &= np.isin(searched.document, documents) & (searched.length >= _SHORTEST_RUN)
    sources = LineCharacters.of(characters, np.flatnonzero(is_source))
    keys, gaps, lines, _ = _letters(sources, searched, np.ones(len(sources.classes), np.bool_))
    asked, own_gaps, own, at = _letters(chars, searched, is_run)
    is_tight = own_gaps == 0
    asked, own, at = asked[is_tight], own[is_tight], at[:, is_tight]
    if len(keys) == 0 or len(asked) == 0:
        return Copies(is_copied, source)
    is_spaced = gaps > 0
    loses = _found(keys[is_spaced], lines[is_spaced], asked, own)
    stands = np.maximum(loses, _found(keys, lines, asked, own))
    hit = np.flatnonzero(stands >= 0)
    # every letter of a window that was found, and what stands between them
    change = np.bincount(at[0, hit], minlength=n + 1)
    change -= np.bincount(at[1, hit] + 1, minlength=n + 1)
    is_in = np.cumsum(change[:-1]) > 0
    source[at[0]] = loses
    begins = np.flatnonzero(is_in & ~np.append(False, is_in[:-1]))
    ends = np.flatnonzero(is_in & ~np.append(is_in[1:], False)) + 1
    if len(begins) == 0:
        return Copies(is_copied, source)
    from_line = np.maximum.reduceat(np.append(source, -1), np.stack([begins, ends], 1).ravel())[::2]
    keep = (from_line >= 0) & (ends - begins >= _SHORTEST_COPY)
    where, _ = ranges(begins[keep], (ends - begins)[keep])
    source[:] = -1
    is_copied[where] = True
    source[where] = np.repeat(from_line[keep], (ends - begins)[keep])
    return Copies(is_copied, source)


def _found(
    keys: NDArray[np.uint64],
    lines: NDArray[np.int64],
    asked: NDArray[np.uint64],
    own: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return for each key that is asked another line that has it, -1 if there is none."""
    if len(keys) == 0:
        return np.full(len(asked), -1, dtype=np.int64)
    order = np.argsort(keys, kind="stable")
    keys, lines = keys[order], lines[order]
    low = np.searchsorted(keys, asked)
    high = np.searchsorted(keys, asked, side="right") - 1
    first, last = lines[np.minimum(low, len(keys) - 1)], lines[np.maximum(high, 0)]
    other = np.where(first != own, first, last)
    return np.where((high >= low) & (other != own), other, -1)


def _long_runs(chars: LineCharacters) -> NDArray[np.bool_]:
    """Return the characters of unspaced runs in which letters of several words may stand."""
    classes = chars.classes
    n = len(classes)
    if n == 0:
        return np.zeros(0, dtype=np.bool_)
    breaks = BLANK[classes]
    starts = np.zeros(n, dtype=np.bool_)
    starts[chars.offsets[:-1][np.diff(chars.offsets) > 0]] = True
    starts[1:] |= breaks[1:] != breaks[:-1]
    at = np.flatnonzero(starts)
    sizes = np.diff(np.append(at, n))
    keep = ~breaks[at] & (sizes >= _SHORTEST_RUN)
    keep &= ~UNSPACED[classes[at + sizes // 2]]
    return np.repeat(keep, sizes)


def _letters(
    chars: LineCharacters, searched: SearchedLines, chosen: NDArray[np.bool_]
) -> tuple[NDArray[np.uint64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return hashes of six letters in a row, white space between them, their line and place."""
    keep = np.flatnonzero(chosen & (chars.classes >= CharClass.DIGIT) & ~ATTACHED[chars.classes])
    letters = bare_letters()
    folded = chars.folded[keep]
    folded = np.where(folded < len(letters), letters[np.minimum(folded, len(letters) - 1)], folded)
    blanks = np.cumsum(BLANK[chars.classes])[keep]
    line = chars.lines[chars.owner[keep]]
    m = len(keep) - _COPIED_LETTERS + 1
    if m <= 0:
        none = np.zeros(0, dtype=np.int64)
        return none.astype(np.uint64), none, none, np.zeros((2, 0), np.int64)
    hashes = np.zeros(m, dtype=np.uint32)
    for offset in range(_COPIED_LETTERS):
        hashes = hashes * _STEP + folded[offset : offset + m] * _MIX
        hashes ^= hashes >> np.uint32(15)
    is_whole = line[:m] == line[_COPIED_LETTERS - 1 :]
    gaps: NDArray[np.int64] = blanks[_COPIED_LETTERS - 1 :] - blanks[:m]
    key = hashes.astype(np.uint64) | (searched.document[line[:m]].astype(np.uint64) << 32)
    at = np.stack([keep[:m], keep[_COPIED_LETTERS - 1 :]])
    return key[is_whole], gaps[is_whole], line[:m][is_whole], at[:, is_whole]


@lru_cache(maxsize=1)
def bare_letters() -> NDArray[np.uint32]:
    """Return for code points below 0x2000 the letter without its accents."""
    bare = np.arange(0x2000, dtype=np.uint32)
    for codepoint in range(0xC0, len(bare)):
        first = unicodedata.normalize("NFD", chr(codepoint))[0]
        if first != chr(codepoint):
            bare[codepoint] = ord(first)
    for letter, plain in {"đ": "d", "ł": "l", "ø": "o", "ı": "i"}.items():
        bare[ord(letter)] = ord(plain)
    return bare
