"""How a line closes over what is cut out of it: no words run together, no orphans of the cut.

Only the white space, separators and empty brackets that the cut leaves behind are touched; every
other character of the line stays as it is.
"""

import unicodedata
from collections.abc import Sequence

Edit = tuple[int, int, str]
"""Code points from and to, and what is put in their place."""

_SEPARATORS = frozenset("|｜¦‖│_＿-–—―·•・»›>→~～,，、،;；:：/／")
_CLOSING = frozenset(",，、،.。．;；:：!！?？…)）]］}｝】」』》〉»”’")
_BRACKETS = dict(zip("([{<（［｛＜【〖「『《〈«“‘", ")]}>）］｝＞】〗」』》〉»”’", strict=True))
_SENTENCE_JOINTS = frozenset(",.;:!?)]”’»،؛؟।")

# Scripts that write no space between words: Thai to Tibetan, Myanmar, Khmer, kana and Han.
_UNSPACED = (
    (0x0E00, 0x0FFF),
    (0x1000, 0x109F),
    (0x1780, 0x17FF),
    (0x3040, 0x30FF),
    (0x3400, 0x9FFF),
    (0xF900, 0xFAFF),
    (0x20000, 0x3FFFF),
)


def healed_cuts(line: str, parts: Sequence[tuple[int, int]]) -> list[Edit]:
    """Return the edits that take `parts` out of `line` and heal each cut.

    Parameters
    ----------
    line
        Any text without a line feed.
    parts
        From and to, in code points of `line`; sorted and disjoint.

    Returns
    -------
    edits : list of (start, end, text)
        Sorted and disjoint; each covers its part and the separators, white space and empty
        brackets the cut would orphan; `text` is one space where two words would meet, else empty.

    Examples
    --------
    >>> healed_cuts("Council meets | cheap pills", [(16, 27)])
    [(13, 27, '')]
    """
    edits: list[Edit] = []
    for start, end in _merged(line, parts):
        first = edits[-1][1] if edits else 0
        edits.append(_healed(line, first, start, end))
    return edits


def places_after_cuts(line: str, parts: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return for each character of the line with `parts` cut out where in `line` it comes from.

    Parameters
    ----------
    line, parts
        As for `healed_cuts`.

    Returns
    -------
    places : list of (start, end)
        In code points of `line`; of a space that was put in, the place of what was cut there.

    Examples
    --------
    >>> places_after_cuts("a ad b", [(2, 4)])
    [(0, 1), (1, 2), (5, 6)]
    """
    places: list[tuple[int, int]] = []
    position = 0
    for start, end, between in healed_cuts(line, parts):
        places += [(at, at + 1) for at in range(position, start)]
        places += [(start, end)] * len(between)
        position = end
    return places + [(at, at + 1) for at in range(position, len(line))]


def _merged(line: str, parts: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join parts with nothing but white space and separators between them."""
    merged: list[tuple[int, int]] = []
    for start, end in parts:
        if merged and all(c.isspace() or c in _SEPARATORS for c in line[merged[-1][1] : start]):
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return merged


def _healed(line: str, first: int, start: int, end: int) -> Edit:
    start, end = _without_empty_brackets(line, first, start, end)
    left, right = _before(line, first, start), _after(line, end)
    if left == 0:  # nothing before: what follows moves up, indentation stays
        return start, _after_separators(line, end), ""
    if right == len(line):  # nothing after: what white space ended the line still does
        return _before_separators(line, first, start), end, ""
    before, after = line[left - 1], line[right]
    if before in _SEPARATORS and after in _SEPARATORS:
        return start, _after_separators(line, right) if start > left else right + 1, ""
    if after in _CLOSING:
        return (left if right == end else start), (right if left < start else end), ""
    if left < start or before in _BRACKETS:
        return start, right, ""
    return start, end, " " if right == end and _needs_space(before, after) else ""


def _without_empty_brackets(line: str, first: int, start: int, end: int) -> tuple[int, int]:
    while True:
        left, right = _before(line, first, start), _after(line, end)
        if left == first or right == len(line) or _BRACKETS.get(line[left - 1]) != line[right]:
            return start, end
        start, end = left - 1, right + 1


def _before(line: str, first: int, position: int) -> int:
    while position > first and line[position - 1].isspace():
        position -= 1
    return position


def _after(line: str, position: int) -> int:
    while position < len(line) and line[position].isspace():
        position += 1
    return position


def _after_separators(line: str, position: int) -> int:
    position = _after(line, position)
    while position < len(line) and line[position] in _SEPARATORS:
        position = _after(line, position + 1)
    return position


def _before_separators(line: str, first: int, position: int) -> int:
    position = _before(line, first, position)
    while position > first and line[position - 1] in _SEPARATORS:
        position = _before(line, first, position - 1)
    return position


def _needs_space(before: str, after: str) -> bool:
    if not _is_word(after) or _is_unspaced(after) or _is_unspaced(before):
        return False
    return _is_word(before) or (before in _SENTENCE_JOINTS and after.isalpha())


def _is_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character).startswith("M")


def _is_unspaced(character: str) -> bool:
    return any(low <= ord(character) <= high for low, high in _UNSPACED)
