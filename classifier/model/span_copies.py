"""Copies of other lines without their spaces: a program that knows none puts titles into text."""

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from classifier.model.span_documents import Pieces, SearchedLines
from classifier.model.span_lookups import MIX, STEP, meeting
from classifier.model.span_tokens import BLANK, UNSPACED, LineCharacters, ranges
from classifier.text.characters import Characters
from classifier.text.codepoints import CharClass

_COPIED_LETTERS = 6
_SHORTEST_COPY = 10
_SHORTEST_RUN = 10
_LONGEST_SOURCE = 300
_FIRST_ACCENTED = 0xC0


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
    folded *= MIX
    if len(folded) < _COPIED_LETTERS:
        return np.zeros(0, dtype=np.uint32)
    twos = _chained(folded[:-1], folded[1:])
    fours = _chained(twos[:-2], twos[2:])
    return _chained(fours[:-2], twos[4:])


def _chained(first: NDArray[np.uint32], then: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return hashes of one thing and the next."""
    hashes = first * STEP
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
