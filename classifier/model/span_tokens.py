"""Tokens of lines: what spans begin and end at.

A token is a run of letters of one script, of digits, or of one sign. Capitals after small letters
begin a new one, and where words are not parted by spaces every character is one. Marks and
characters that show nothing belong to what stands before them. Where a phrase that comes back, or
a copy without spaces, begins or ends inside a word, the word is parted there.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.text.characters import Characters
from classifier.text.codepoints import (
    N_CASED_SCRIPTS,
    N_CLASSES,
    SCRIPTS,
    CharClass,
    membership,
)

_UNSPACED_CLASSES = (
    CharClass.THAI,
    CharClass.SOUTH_EAST_ASIAN,
    CharClass.HAN,
    CharClass.KANA,
)
UNSPACED = membership(_UNSPACED_CLASSES)
"""Classes of letters that are written without spaces between words."""

BLANK = membership((CharClass.LINE_FEED, CharClass.SPACE, CharClass.CONTROL))
ATTACHED = membership((CharClass.ZERO_WIDTH, CharClass.MARK))
"""Classes that belong to the character before them."""


def _kinds() -> NDArray[np.uint8]:
    kinds = np.arange(N_CLASSES, dtype=np.uint8)
    for script in SCRIPTS:
        kinds[list(script)] = script[0]
    kinds[[CharClass.HAN, CharClass.KANA, CharClass.HANGUL]] = (
        CharClass.HAN,
        CharClass.KANA,
        CharClass.HANGUL,
    )
    kinds[CharClass.OTHER_NUMBER] = CharClass.DIGIT
    kinds[[CharClass.SPACE, CharClass.CONTROL]] = CharClass.LINE_FEED
    return kinds


KINDS = _kinds()
"""By class: the class that stands for all it forms tokens with."""


@dataclass(frozen=True, slots=True)
class ByLine:
    """What some lines of a batch are made of, end to end.

    Attributes
    ----------
    lines
        Array of shape (n_lines,): the lines, as indices in the batch, sorted.
    offsets
        Array of shape (n_lines + 1,): where each line begins end to end.
    """

    lines: NDArray[np.int64]
    offsets: NDArray[np.int64]

    @property
    def sizes(self) -> NDArray[np.int64]:
        """How many characters, or tokens, each line has."""
        return self.offsets[1:] - self.offsets[:-1]

    @property
    def owner(self) -> NDArray[np.int64]:
        """For each character, or token, the place of its line in `lines`."""
        return np.repeat(np.arange(len(self.lines)), self.sizes)


@dataclass(frozen=True, slots=True)
class LineCharacters(ByLine):
    """The characters of some lines of a batch, end to end.

    Attributes
    ----------
    position
        Array of shape (n,): where each character stands in the framed batch.
    classes, folded
        Arrays of shape (n,): its `CharClass`, and the code point n-grams see.
    """

    position: NDArray[np.int64]
    classes: NDArray[np.uint8]
    folded: NDArray[np.uint32]

    @classmethod
    def of(cls, characters: Characters, lines: NDArray[np.int64]) -> "LineCharacters":
        """Take the characters of `lines`, without their line feeds."""
        first = characters.line_starts[lines] + 1
        position, offsets = ranges(first, characters.line_starts[lines + 1] - first)
        classes, folded = characters.classes[position], characters.folded[position]
        return cls(lines, offsets, position, classes, folded)

    @property
    def begins(self) -> NDArray[np.int64]:
        """The first character of each line that has any."""
        return self.offsets[:-1][self.sizes > 0]


def ranges(
    starts: NDArray[np.int64], sizes: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the numbers from each start on, end to end, and the offsets of the pieces."""
    offsets = np.zeros(len(sizes) + 1, dtype=np.int64)
    np.cumsum(sizes, out=offsets[1:])
    return np.arange(offsets[-1]) + np.repeat(starts - offsets[:-1], sizes), offsets


@dataclass(frozen=True, slots=True)
class Tokens(ByLine):
    """The tokens of some lines, in order; lines without any are left out.

    Attributes
    ----------
    first, last
        Arrays of shape (n_tokens,): its first character, and the one behind its last, as indices
        into the `LineCharacters`.
    """

    first: NDArray[np.int64]
    last: NDArray[np.int64]

    @classmethod
    def of(cls, chars: LineCharacters, is_edge: NDArray[np.bool_]) -> "Tokens":
        """Part characters into tokens.

        Parameters
        ----------
        chars
            The characters.
        is_edge
            Array of shape (n,): characters before which a word is parted.
        """
        classes = chars.classes
        n = len(classes)
        if n == 0:
            none = np.zeros(0, dtype=np.int64)
            return cls(none, np.zeros(1, np.int64), none, none)
        kinds = effective_kinds(chars)
        is_blank = kinds == CharClass.LINE_FEED
        starts = np.ones(n, dtype=np.bool_)
        starts[1:] = kinds[1:] != kinds[:-1]
        starts[1:] |= case_joins(classes)
        # signs of one class may be different ones: brackets that open, brackets that close
        is_sign = kinds < CharClass.DIGIT
        starts[1:] |= is_sign[1:] & (chars.folded[1:] != chars.folded[:-1])
        starts |= UNSPACED[classes] | is_edge
        starts[chars.begins] = True
        attached = ATTACHED[classes]
        attached[chars.begins] = False
        starts &= ~attached
        starts |= is_blank
        at = np.flatnonzero(starts)
        ends = np.append(at[1:], n)
        keep = ~is_blank[at]
        first, last = at[keep], ends[keep]
        owner = np.searchsorted(chars.offsets, first, side="right") - 1
        counts = np.bincount(owner, minlength=len(chars.lines))
        has_any = counts > 0
        offsets = np.concatenate([[0], np.cumsum(counts[has_any])])
        return cls(chars.lines[has_any], offsets, first, last)


def effective_kinds(chars: LineCharacters) -> NDArray[np.uint8]:
    """Return the kind of each character; marks have that of what they are attached to."""
    n = len(chars.classes)
    carrier = np.where(ATTACHED[chars.classes], 0, np.arange(n))
    begins = chars.begins
    carrier[begins] = begins
    np.maximum.accumulate(carrier, out=carrier)
    return KINDS[chars.classes[carrier]]


def case_joins(classes: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Return where a capital follows a small letter, shape (n - 1,)."""
    is_lower = (classes[:-1] - np.uint8(CharClass.LATIN_LOWER)) < N_CASED_SCRIPTS
    is_upper = (classes[1:] - np.uint8(CharClass.LATIN_UPPER)) < N_CASED_SCRIPTS
    joins: NDArray[np.bool_] = is_lower & is_upper
    return joins


def means(
    values: NDArray[np.generic], first: NDArray[np.int64], last: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the mean of each stretch; summed alone, so that no other one changes a bit of it."""
    edges = np.stack([first, last], axis=1).ravel()
    sums = np.add.reduceat(np.append(values.astype(np.float64), 0), edges)[::2]
    mean: NDArray[np.float64] = sums / (last - first)
    return mean


def shares(
    flags: NDArray[np.bool_], first: NDArray[np.int64], last: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return the share of each stretch that is flagged."""
    running = np.zeros(len(flags) + 1, dtype=np.int64)
    np.cumsum(flags, out=running[1:])
    share: NDArray[np.float64] = (running[last] - running[first]) / (last - first)
    return share


def line_means(values: NDArray[np.generic], offsets: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return for each token the mean over its line; `offsets` are those of lines in tokens."""
    sums = np.add.reduceat(values.astype(np.float64), offsets[:-1])
    sizes = np.diff(offsets)
    return np.repeat(sums / sizes, sizes)
