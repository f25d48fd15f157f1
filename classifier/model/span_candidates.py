"""Parts of lines that may be spam, by form alone: bracketed, parted off by a separator, unlike.

Works on whole batches and proposes too much; `classifier.model.span_features` and the weights of
`classifier.model.spans` decide. Only lines that are open, which may be content or stuffing, are
looked at.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from classifier.text.characters import Characters
from classifier.text.codepoints import N_CLASSES, CharClass

MAX_TITLE_CHARS = 200
"""Longest line whose separated ends are looked at; longer ones are prose."""

_N_SEPARATORS = 2
"""Separators from either end of a line that may part a keyword off."""

_PAIRS = dict(zip("([{<（［｛＜【〖「『《〈«⏩▷►", ")]}>）］｝＞】〗」』》〉»⏪◁◄", strict=True))
_CLOSER_OF = np.zeros(0x10000, dtype=np.uint32)
_CLOSER_OF[[ord(opener) for opener in _PAIRS]] = [ord(closer) for closer in _PAIRS.values()]

_MAY_BRACKET = np.zeros(N_CLASSES, dtype=np.bool_)
_MAY_BRACKET[CharClass.QUOTE : CharClass.BULLET + 1] = True
_MAY_BRACKET[CharClass.APOSTROPHE] = False

_MAY_PART = np.zeros(N_CLASSES, dtype=np.bool_)
_MAY_PART[[CharClass.PIPE, CharClass.DASH, CharClass.UNDERSCORE, CharClass.BULLET]] = True
_PARTS_UNSPACED = np.zeros(N_CLASSES, dtype=np.bool_)
_PARTS_UNSPACED[[CharClass.PIPE, CharClass.UNDERSCORE]] = True

_LAST_DELIMITER = np.uint8(CharClass.UNDERSCORE - CharClass.QUOTE)

_LONGEST_MARGIN = 4
"""Characters at most that trimming takes off either end."""

_MIN_CHARS = 2


Row = tuple[int, int, int, int, int, float]
"""Line, start, end, evidence, copied and strength of one candidate."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Parts of lines, side by side.

    Attributes
    ----------
    line
        Array of shape (n_candidates,): index of the line in the batch.
    start, end
        Arrays of shape (n_candidates,): positions in the framed characters of the batch.
    evidence
        Array of shape (n_candidates,): index of the line a copy or an echo was found by, -1 for
        candidates that come from their own line alone.
    copied
        Array of shape (n_candidates,): characters that stand in the evidence line without their
        spaces; 0 where nothing is copied.
    strength
        Array of shape (n_candidates,): how likely the part it echoes is spam, 0 without one.
    """

    line: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    evidence: NDArray[np.int64]
    copied: NDArray[np.int64]
    strength: NDArray[np.float64]

    @classmethod
    def of(
        cls, line: NDArray[np.int64], start: NDArray[np.int64], end: NDArray[np.int64]
    ) -> "Candidates":
        """Return candidates that come from their own line alone."""
        nothing = np.zeros(len(line), dtype=np.int64)
        return cls(line, start, end, nothing - 1, nothing, np.zeros(len(line)))

    @classmethod
    def from_rows(cls, rows: list[Row]) -> "Candidates":
        """Return candidates given one by one as line, start, end, evidence, copied, strength."""
        table = np.array(rows, dtype=np.float64).reshape(-1, 6).T
        line, start, end, evidence, copied = table[:5].astype(np.int64)
        return cls(line, start, end, evidence, copied, table[5])

    @classmethod
    def joined(cls, several: list["Candidates"]) -> "Candidates":
        """Return all of them by place; of two that are the same part the stronger one."""
        every = several[0]
        for one in several[1:]:
            every = every.followed_by(one)
        order = np.lexsort((-every.copied, -every.strength, every.end, every.start))
        is_first = np.ones(len(order), dtype=np.bool_)
        is_first[1:] = np.diff(every.start[order]) != 0
        is_first[1:] |= np.diff(every.end[order]) != 0
        return every.at(order[is_first])

    def followed_by(self, others: "Candidates") -> "Candidates":
        """Return these and then the others."""
        return Candidates(
            *(
                np.concatenate([getattr(self, name), getattr(others, name)])
                for name in self.__slots__
            )
        )

    def at(self, chosen: NDArray[np.int64] | NDArray[np.bool_]) -> "Candidates":
        """Return the chosen ones."""
        return Candidates(*(getattr(self, name)[chosen] for name in self.__slots__))

    def __len__(self) -> int:
        return len(self.line)


def delimited(
    characters: Characters, codepoints: NDArray[np.uint32], is_open: NDArray[np.bool_]
) -> Candidates:
    """Return the bracketed parts at the ends of lines, and the parts separators part off.

    Parameters
    ----------
    characters
        The batch.
    codepoints
        Array of shape (n_chars,): its code points, not framed.
    is_open
        Array of shape (n_lines,): which lines to look at.
    """
    kinds = characters.classes[:-1]
    # unsigned differences wrap around, so one comparison tests both ends of a range
    found = np.flatnonzero((kinds - np.uint8(CharClass.QUOTE)) <= _LAST_DELIMITER)
    found = found[is_open[characters.line_of_char[found]]]
    return Candidates.joined(
        [_bracketed(characters, codepoints, found), _separated(characters, found)]
    )


def _bracketed(
    characters: Characters, codepoints: NDArray[np.uint32], found: NDArray[np.int64]
) -> Candidates:
    classes = characters.classes
    found = found[_MAY_BRACKET[classes[found]]]
    if len(found) < 2:
        return Candidates.from_rows([])
    values = codepoints[found - 1]
    closers = np.where(values < len(_CLOSER_OF), _CLOSER_OF[np.minimum(values, 0xFFFF)], 0)
    # a bracket and its closer with no other bracket between; quotation marks may stand inside
    is_bracket = (closers != 0) | np.isin(values, [ord(closer) for closer in _PAIRS.values()])
    found, values, closers = found[is_bracket], values[is_bracket], closers[is_bracket]
    line = characters.line_of_char[found]
    pair = (closers[:-1] != 0) & (closers[:-1] == values[1:]) & (line[1:] == line[:-1])
    start, end, line = found[:-1][pair], found[1:][pair] + 1, line[:-1][pair]
    at_edge = _is_behind_edge(classes, start) | _is_before_edge(classes, end)
    at_edge &= end - start > 2
    return Candidates.of(line[at_edge], start[at_edge], end[at_edge])


def _is_behind_edge(classes: NDArray[np.uint8], start: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether only a space, if anything, parts `start` from the line's start or a bracket."""
    before = classes[start - 1]
    before = np.where(before == CharClass.SPACE, classes[np.maximum(start - 2, 0)], before)
    is_first: NDArray[np.bool_] = before == CharClass.LINE_FEED
    return is_first | _is_bracket(before)


def _is_before_edge(classes: NDArray[np.uint8], end: NDArray[np.int64]) -> NDArray[np.bool_]:
    own = classes[end]
    next_one = classes[np.minimum(end + 1, len(classes) - 1)]
    after = np.where((own > CharClass.LINE_FEED) & (own <= CharClass.CONTROL), next_one, own)
    is_last: NDArray[np.bool_] = after == CharClass.LINE_FEED
    return is_last | _is_bracket(after)


def _is_bracket(kinds: NDArray[np.uint8]) -> NDArray[np.bool_]:
    is_bracket: NDArray[np.bool_] = kinds >= CharClass.OPEN_BRACKET
    return is_bracket & (kinds <= CharClass.ANGLE)


def _separated(characters: Characters, found: NDArray[np.int64]) -> Candidates:
    classes, starts = characters.classes, characters.line_starts
    is_short = np.diff(starts) <= MAX_TITLE_CHARS
    found = found[_MAY_PART[classes[found]]]
    found = found[is_short[characters.line_of_char[found]]]
    is_spaced = (classes[found + 1] <= CharClass.SPACE) & (classes[found - 1] <= CharClass.SPACE)
    found = found[is_spaced | _PARTS_UNSPACED[classes[found]]]
    line = characters.line_of_char[found]
    order = np.arange(len(line)) - np.searchsorted(line, line)
    behind = np.searchsorted(line, line, side="right") - np.searchsorted(line, line) - 1 - order
    near_start, near_end = order < _N_SEPARATORS, behind < _N_SEPARATORS
    lines = np.concatenate([line[near_start], line[near_end]])
    first = np.concatenate([starts[line[near_start]] + 1, found[near_end] + 1])
    end = np.concatenate([found[near_start], starts[line[near_end] + 1]])
    return trimmed(characters, Candidates.of(lines, first, end))


def trimmed(characters: Characters, candidates: Candidates) -> Candidates:
    """Return the candidates without white space and separators at their ends; none is empty."""
    start, end = candidates.start.copy(), candidates.end.copy()
    drop = _MAY_PART.copy()
    drop[: CharClass.CONTROL + 1] = True
    for _ in range(_LONGEST_MARGIN):
        start += (start < end) & drop[characters.classes[start]]
        end -= (start < end) & drop[characters.classes[end - 1]]
    moved = replace(candidates, start=start, end=end)
    return moved.at(end - start >= _MIN_CHARS)
