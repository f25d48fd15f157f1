"""What of a line stands elsewhere in its document: phrases that come back, lines without spaces.

A stuffed keyword comes back verbatim between ever other neighbours; a program that knows no spaces
copies a title into the text without them. Both are looked up by hashes of a few characters, in
arrays; of the whole document only what falls together with something asked is ever sorted.
"""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from classifier.features.featurizer import LineFeatures
from classifier.model.span_tokens import BLANK, UNSPACED, LineCharacters, ranges
from classifier.text.characters import Characters
from classifier.text.codepoints import CharClass

_SPARE_BITS, _MOST_BITS = 4, 24
"""Cells of a table for each hash asked at least, and in all at most, as powers of two."""

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
_FIRST_ACCENTED = 0xC0

_Scalar = TypeVar("_Scalar", bound=np.generic)


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
    documents
        Array of shape (n_searched,): the documents any line of which is looked at, sorted.
    first, end
        Arrays of shape (n_searched,): where each begins and ends among the framed characters; its
        first is the line feed before its first line.
    place
        Array of shape (n_lines,): which of `documents` a line is of, if it is of one.
    rank
        Array of shape (n_lines,): number of the line in its document, blank lines not counted.
    length
        Array of shape (n_lines,): code points.
    """

    documents: NDArray[np.int64]
    first: NDArray[np.int64]
    end: NDArray[np.int64]
    place: NDArray[np.int64]
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
        sizes = np.diff(features.document_offsets)
        is_chosen = np.zeros(len(sizes), dtype=np.bool_)
        is_chosen[document_of_line[lines]] = True
        documents = np.flatnonzero(is_chosen)
        starts = features.characters.line_starts
        rank = np.zeros(len(document_of_line), dtype=np.int64)
        rank[features.visible] = np.arange(len(features.visible)) - np.repeat(
            features.document_offsets[:-1], sizes
        )
        return cls(
            documents,
            starts[np.searchsorted(document_of_line, documents)],
            starts[np.searchsorted(document_of_line, documents, side="right")],
            (np.cumsum(is_chosen) - 1)[document_of_line],
            rank,
            starts[1:] - starts[:-1] - 1,
        )


@dataclass(frozen=True, slots=True)
class Pieces:
    """Stretches of an array, one a searched document, end to end.

    Attributes
    ----------
    first, end
        Arrays of shape (n_searched,): where each begins and ends in the array.
    offsets
        Array of shape (n_searched + 1,): where each begins end to end.
    """

    first: NDArray[np.int64]
    end: NDArray[np.int64]
    offsets: NDArray[np.int64]

    @classmethod
    def of(cls, first: NDArray[np.int64], end: NDArray[np.int64]) -> "Pieces":
        """Take the stretches from `first` to `end`."""
        return cls(first, end, np.append(0, np.cumsum(end - first)))

    @property
    def shift(self) -> NDArray[np.int64]:
        """What is added to an index end to end to have that in the array, shape (n_searched,)."""
        return self.first - self.offsets[:-1]

    def take(self, values: NDArray[_Scalar]) -> NDArray[_Scalar]:
        """Return these stretches of `values`, end to end."""
        bounds = zip(self.first.tolist(), self.end.tolist(), strict=True)
        return np.concatenate([values[:0], *(values[first:end] for first, end in bounds)])

    def bounds(self, index: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return where each stretch begins among sorted indices end to end, then their number."""
        return np.searchsorted(index, self.offsets)


def meeting(
    hashes: NDArray[np.uint32],
    offsets: NDArray[np.int64],
    asked: NDArray[np.uint32],
    place: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return which hashes may be like one that is asked of the same document; all that are, are.

    Parameters
    ----------
    hashes
        Array of shape (n,): of the documents, end to end.
    offsets
        Array of shape (n_searched + 1,): where each document begins.
    asked, place
        Arrays of shape (n_asked,): hashes, and the number of the document each is of.

    Returns
    -------
    index : int64 array of shape (n_met,), sorted
    """
    bits = min(len(asked).bit_length() + _SPARE_BITS, _MOST_BITS)
    shift = np.uint32(32 - bits)
    salts = np.arange(len(offsets) - 1, dtype=np.uint32) * _STEP
    table = np.zeros(1 << bits, dtype=np.bool_)
    table[((asked + salts[place]) * _MIX) >> shift] = True
    mixed = hashes * _MIX
    for salt, first, end in zip(
        salts * _MIX, offsets[:-1].tolist(), offsets[1:].tolist(), strict=True
    ):
        mixed[first:end] += salt
    mixed >>= shift
    return np.flatnonzero(table.take(mixed))


def grouped(
    hashes: NDArray[np.uint32], bounds: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Sort hashes within documents.

    Parameters
    ----------
    hashes
        Array of shape (n,).
    bounds
        Array of shape (n_searched + 1,): where each document begins.

    Returns
    -------
    order : int64 array of shape (n,)
        Like hashes stay in their order.
    begins : bool array of shape (n,)
        Where in this order another hash, or document, begins.
    """
    # hash and index in one number: values sort several times as fast as indices by value
    packed = hashes.astype(np.uint64) << np.uint64(32) | np.arange(len(hashes), dtype=np.uint64)
    for first, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        packed[first:end].sort()
    ordered = packed >> np.uint64(32)
    begins = np.ones(len(hashes), dtype=np.bool_)
    begins[1:] = ordered[1:] != ordered[:-1]
    begins[bounds[:-1][bounds[:-1] < bounds[1:]]] = True
    return (packed & np.uint64(0xFFFFFFFF)).astype(np.int64), begins


def recurring(
    hashes: NDArray[np.uint32],
    line: NDArray[np.int64],
    is_query: NDArray[np.bool_],
    bounds: NDArray[np.int64],
    searched: SearchedLines,
) -> Recurrence:
    """Look up hashes in their documents.

    Parameters
    ----------
    hashes, line
        Arrays of shape (n,): what may come back, and the line it stands in; in order of place.
    is_query
        Array of shape (n,): which of it is asked for.
    bounds
        Array of shape (n_searched + 1,): where each document begins.
    searched
        The documents.

    Returns
    -------
    recurrence : of the queries, in order
    """
    n = len(hashes)
    if not is_query.any():
        no = np.zeros(0, dtype=np.bool_)
        return Recurrence(no, np.zeros(0, np.int64), no, no)
    order, begins = grouped(hashes, bounds)
    lines = line[order]
    starts = np.flatnonzero(begins)
    ends = np.append(starts[1:], n)
    sizes = ends - starts
    is_head = (searched.rank[lines] < _HEAD_LINES).astype(np.int64)
    is_short = (searched.length[lines] < _SHORT_CHARS).astype(np.int64)
    n_head, n_short = np.add.reduceat(is_head, starts), np.add.reduceat(is_short, starts)
    rows = np.empty(n, dtype=np.int64)
    rows[order] = np.arange(n)
    asked = rows[is_query]
    of = (np.cumsum(begins) - 1)[asked]
    elsewhere = (lines[starts] != lines[ends - 1])[of]
    return Recurrence(
        elsewhere=elsewhere,
        count=sizes[of],
        in_head=elsewhere & (n_head[of] > is_head[asked]),
        in_short=elsewhere & (n_short[of] > is_short[asked]),
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
    pieces = Pieces.of(searched.first, searched.end)
    hashes, is_dense = _phrase_hashes(features, pieces)
    length = np.where(_DENSE.take(chars.classes), 4, 8)
    sizes = chars.sizes
    is_whole = chars.position + length <= np.repeat(starts[chars.lines + 1], sizes)
    is_whole &= ~BLANK.take(chars.classes)
    place = np.repeat(searched.place[chars.lines], sizes)[is_whole]
    asked = hashes[chars.position[is_whole] - pieces.shift[place]]
    met = meeting(hashes, pieces.offsets, asked, place)
    position = met + np.repeat(pieces.shift, np.diff(pieces.bounds(met)))
    line = characters.line_of_char[position]
    may = position + np.where(is_dense[met], 4, 8) <= starts[line + 1]
    may &= ~BLANK.take(characters.classes[position])
    met, line = met[may], line[may]
    is_asked = np.zeros(characters.n_lines, dtype=np.bool_)
    is_asked[chars.lines] = True
    found = recurring(hashes[met], line, is_asked[line], pieces.bounds(met), searched)
    n = len(chars.classes)
    spread = Recurrence(
        np.zeros(n, np.bool_), np.zeros(n, np.int64), np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    )
    for name in ("elsewhere", "count", "in_head", "in_short"):
        getattr(spread, name)[is_whole] = getattr(found, name)
    return spread, length


def _phrase_hashes(
    features: LineFeatures, pieces: Pieces
) -> tuple[NDArray[np.uint32], NDArray[np.bool_]]:
    """Return hashes of the phrase from each character on, and where that is one of four."""
    quads = features.ngrams.quad_hashes
    own = pieces.take(quads)
    # where this is of the next line, or missing behind the last, the phrase is not whole
    behind = np.zeros_like(own)
    next_ones = pieces.take(quads[4:])
    behind[: len(next_ones)] = next_ones
    behind ^= behind >> np.uint32(13)
    behind += own * _STEP
    classes = pieces.take(features.characters.classes)
    is_dense = _DENSE.take(classes)
    return np.where(is_dense, own, behind) if is_dense.any() else behind, is_dense


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
    pieces = Pieces.of(
        np.searchsorted(characters.word_starts, searched.first),
        np.searchsorted(characters.word_starts, searched.end),
    )
    hashes = pieces.take(features.ngrams.word_hashes)
    n_words = characters.words_per_line
    which, _ = ranges((np.cumsum(n_words) - n_words)[lines], n_words[lines])
    place = np.repeat(searched.place[lines], n_words[lines])
    own = which - pieces.shift[place]
    met = meeting(hashes, pieces.offsets, hashes[own], place)
    is_query = np.zeros(len(hashes), dtype=np.bool_)
    is_query[own] = True
    word = met + np.repeat(pieces.shift, np.diff(pieces.bounds(met)))
    line = characters.line_of_char[characters.word_starts[word]]
    found = recurring(hashes[met], line, is_query[met], pieces.bounds(met), searched)
    return found, which


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
    is_first = np.zeros(n, dtype=np.bool_)
    is_first[chars.begins] = True
    # one number for each run, and one for each other character
    stretch = np.cumsum(~is_run | is_first, dtype=np.int64)
    asked, own, at = _tight_windows(chars, is_run, stretch)
    if len(asked) == 0:
        return Copies(is_copied, source)
    sources = _Sources.of(characters, searched, asked, own)
    loses = sources.lines(asked, own, spaced=True)
    # letters that stand anywhere else lengthen what stands somewhere with spaces
    stretch = stretch[at[0]]
    has_copy = np.zeros(n + 1, dtype=np.bool_)
    has_copy[stretch[loses >= 0]] = True
    near = np.flatnonzero(has_copy[stretch])
    if len(near) == 0:
        return Copies(is_copied, source)
    asked, own, at, loses = asked[near], own[near], at[:, near], loses[near]
    stands = np.maximum(loses, sources.lines(asked, own, spaced=False))
    hit = np.flatnonzero(stands >= 0)
    # every letter of a window that was found, and what stands between them
    change = np.bincount(at[0, hit], minlength=n + 1)
    change -= np.bincount(at[1, hit] + 1, minlength=n + 1)
    is_in = np.cumsum(change[:-1]) > 0
    source[at[0]] = loses
    begins = np.flatnonzero(is_in & (is_first | ~np.append(False, is_in[:-1])))
    ends = np.flatnonzero(is_in & np.append(is_first[1:] | ~is_in[1:], True)) + 1
    if len(begins) == 0:
        return Copies(is_copied, source)
    from_line = np.maximum.reduceat(np.append(source, -1), np.stack([begins, ends], 1).ravel())[::2]
    keep = (from_line >= 0) & (ends - begins >= _SHORTEST_COPY)
    where, _ = ranges(begins[keep], (ends - begins)[keep])
    source[:] = -1
    is_copied[where] = True
    source[where] = np.repeat(from_line[keep], (ends - begins)[keep])
    return Copies(is_copied, source)


def _tight_windows(
    chars: LineCharacters, is_run: NDArray[np.bool_], stretch: NDArray[np.int64]
) -> tuple[NDArray[np.uint32], NDArray[np.int64], NDArray[np.int64]]:
    """Return hashes of six letters in a row of one unspaced run, their lines, first and last."""
    keep = np.flatnonzero(is_run & _is_letter(chars.classes))
    hashes = _windows(chars.folded[keep])
    at = np.stack([keep[: len(hashes)], keep[len(keep) - len(hashes) :]])
    lines = np.repeat(chars.lines, chars.sizes)[at]
    is_tight = (lines[0] == lines[1]) & (stretch[at[0]] == stretch[at[1]])
    return hashes[is_tight], lines[0, is_tight], at[:, is_tight]


@dataclass(frozen=True, slots=True)
class _Sources:
    """Where letters that are asked may stand, in lines that may be copied from.

    Attributes
    ----------
    place
        Array of shape (n_lines,): which of the documents a line is of, as in `SearchedLines`.
    hashes, line
        Arrays of shape (n,): of six letters in a row, and the line they stand in; in order of
        place.
    is_spaced
        Array of shape (n,): whether there are spaces between.
    """

    place: NDArray[np.int64]
    hashes: NDArray[np.uint32]
    line: NDArray[np.int64]
    is_spaced: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        characters: Characters,
        searched: SearchedLines,
        asked: NDArray[np.uint32],
        own: NDArray[np.int64],
    ) -> "_Sources":
        """Take what falls together with what is `asked`, in the documents of the lines `own`."""
        place = searched.place[own]
        is_next = np.append(True, place[1:] != place[:-1])
        chosen, place = place[is_next], np.cumsum(is_next) - 1
        pieces = Pieces.of(searched.first[chosen], searched.end[chosen])
        starts = characters.line_starts
        lines = Pieces.of(
            np.searchsorted(starts, pieces.first), np.searchsorted(starts, pieces.end)
        )
        is_source = (searched.length <= _LONGEST_SOURCE) & (searched.length >= _SHORTEST_RUN)
        classes = pieces.take(characters.classes)
        is_kept = np.repeat(lines.take(is_source), lines.take(searched.length) + 1)
        keep = np.flatnonzero(is_kept & _is_letter(classes))
        hashes = _windows(pieces.take(characters.folded)[keep])
        offsets = np.minimum(pieces.bounds(keep), len(hashes))
        met = meeting(hashes, offsets, asked, place)
        shift = np.repeat(pieces.shift, np.diff(np.searchsorted(met, offsets)))
        first, last = keep[met], keep[met + _COPIED_LETTERS - 1]
        line = characters.line_of_char[first + shift]
        is_whole = last + shift < starts[line + 1]
        # most letters have nothing at all between them
        is_spaced = last - first >= _COPIED_LETTERS
        between = np.flatnonzero(is_spaced)
        inner, begins = ranges(first[between], (last - first)[between])
        if len(between):
            is_spaced[between] = np.logical_or.reduceat(BLANK.take(classes[inner]), begins[:-1])
        return cls(searched.place, hashes[met][is_whole], line[is_whole], is_spaced[is_whole])

    def lines(
        self, asked: NDArray[np.uint32], own: NDArray[np.int64], *, spaced: bool
    ) -> NDArray[np.int64]:
        """Return for six letters in a row another line that has them, -1 if there is none.

        Parameters
        ----------
        asked, own
            Arrays of shape (n,): hashes of the letters, and the line each is of.
        spaced
            Whether there must be spaces between.
        """
        hashes, line = self.hashes, self.line
        if spaced:
            hashes, line = hashes[self.is_spaced], line[self.is_spaced]
        keys = hashes | self.place[line].astype(np.uint64) << np.uint64(32)
        wanted = asked | self.place[own].astype(np.uint64) << np.uint64(32)
        order = np.argsort(keys, kind="stable")
        return _other_lines(keys[order], line[order], wanted, own)


def _other_lines(
    keys: NDArray[np.uint64],
    lines: NDArray[np.int64],
    asked: NDArray[np.uint64],
    own: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return for each key that is asked another line that has it, -1 if there is none.

    `keys` are sorted, and the lines of each.
    """
    if len(keys) == 0:
        return np.full(len(asked), -1, dtype=np.int64)
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
    breaks = BLANK.take(classes)
    starts = np.zeros(n, dtype=np.bool_)
    starts[chars.begins] = True
    starts[1:] |= breaks[1:] != breaks[:-1]
    at = np.flatnonzero(starts)
    sizes = np.diff(np.append(at, n))
    keep = ~breaks[at] & (sizes >= _SHORTEST_RUN)
    keep &= ~UNSPACED[classes[at + sizes // 2]]
    return np.repeat(keep, sizes)


def _is_letter(classes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return which characters are letters or digits that stand for themselves."""
    is_letter: NDArray[np.bool_] = (classes >= CharClass.DIGIT) & (classes != CharClass.MARK)
    return is_letter


def _windows(folded: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return hashes of six letters in a row, shape (n - 5,), or (0,) for fewer letters."""
    bare = bare_letters()
    folded = folded.copy()
    known = np.flatnonzero((folded >= _FIRST_ACCENTED) & (folded < len(bare)))
    folded[known] = bare[folded[known]]
    folded *= _MIX
    if len(folded) < _COPIED_LETTERS:
        return np.zeros(0, dtype=np.uint32)
    twos = _chained(folded[:-1], folded[1:])
    fours = _chained(twos[:-2], twos[2:])
    return _chained(fours[:-2], twos[4:])


def _chained(first: NDArray[np.uint32], then: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return hashes of one thing and the next."""
    hashes = first * _STEP
    hashes += then
    hashes ^= hashes >> np.uint32(15)
    return hashes


@lru_cache(maxsize=1)
def bare_letters() -> NDArray[np.uint32]:
    """Return for code points below 0x2000 the letter without its accents."""
    bare = np.arange(0x2000, dtype=np.uint32)
    for codepoint in range(_FIRST_ACCENTED, len(bare)):
        first = unicodedata.normalize("NFD", chr(codepoint))[0]
        if first != chr(codepoint):
            bare[codepoint] = ord(first)
    for letter, plain in {"đ": "d", "ł": "l", "ø": "o", "ı": "i"}.items():
        bare[ord(letter)] = ord(plain)
    return bare
