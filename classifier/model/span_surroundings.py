"""What stands at the ends of candidates and around them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.model.span_candidates import Candidates
from classifier.model.span_recurrence import UNSPACED
from classifier.text.codepoints import CharClass


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The characters at the ends of candidates and around them, spaces left out."""

    before: NDArray[np.uint8]
    after: NDArray[np.uint8]
    first: NDArray[np.uint8]
    last: NDArray[np.uint8]
    next_before: NDArray[np.uint8]
    next_after: NDArray[np.uint8]

    @classmethod
    def of(cls, classes: NDArray[np.uint8], candidates: Candidates) -> "Surroundings":
        """Look around candidates; `classes` are those of the framed characters."""
        top = len(classes) - 1
        next_before, next_after = classes[candidates.start - 1], classes[candidates.end]
        before = np.where(
            next_before == CharClass.SPACE,
            classes[np.maximum(candidates.start - 2, 0)],
            next_before,
        )
        after = np.where(
            (next_after != CharClass.LINE_FEED) & (next_after <= CharClass.CONTROL),
            classes[np.minimum(candidates.end + 1, top)],
            next_after,
        )
        first, last = classes[candidates.start], classes[candidates.end - 1]
        return cls(before, after, first, last, next_before, next_after)

    @property
    def at_start(self) -> NDArray[np.bool_]:
        """Whether nothing stands before."""
        is_first: NDArray[np.bool_] = self.before == CharClass.LINE_FEED
        return is_first

    @property
    def at_end(self) -> NDArray[np.bool_]:
        """Whether nothing stands after."""
        is_last: NDArray[np.bool_] = self.after == CharClass.LINE_FEED
        return is_last

    @property
    def at_edge(self) -> NDArray[np.bool_]:
        """Whether nothing stands on one side."""
        return self.at_start | self.at_end

    @property
    def in_corner(self) -> NDArray[np.bool_]:
        """Whether it begins and ends with a corner bracket."""
        is_corner: NDArray[np.bool_] = self.first == CharClass.CORNER_BRACKET
        is_corner &= self.last == CharClass.CORNER_BRACKET
        return is_corner

    @property
    def in_bracket(self) -> NDArray[np.bool_]:
        """Whether it begins and ends with another bracket or sign."""
        opens = (self.first >= CharClass.OPEN_BRACKET) & (self.first <= CharClass.BULLET)
        closes = (self.last >= CharClass.OPEN_BRACKET) & (self.last <= CharClass.BULLET)
        is_bracket: NDArray[np.bool_] = opens & closes & ~self.in_corner
        return is_bracket

    @property
    def joined_before(self) -> NDArray[np.bool_]:
        """Whether a word runs into it."""
        return _is_joined(self.next_before, self.first)

    @property
    def joined_after(self) -> NDArray[np.bool_]:
        """Whether it runs into a word."""
        return _is_joined(self.next_after, self.last)

    def beside(self, kinds: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Whether a character of one of `kinds` stands on one side."""
        found: NDArray[np.bool_] = kinds[self.before] | kinds[self.after]
        return found


def _is_joined(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> NDArray[np.bool_]:
    are_words: NDArray[np.bool_] = (one >= CharClass.DIGIT) & (other >= CharClass.DIGIT)
    return are_words & ~(UNSPACED[one] & UNSPACED[other])
