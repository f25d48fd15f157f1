"""Phrases of a document that come back verbatim: a keyword stuffed into title, text and footer."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

MIN_PHRASE_CHARS = 4
_MIN_WIDE_CHARS = 2
_JOINED_CHARS = 8
"""Fewest characters of a phrase that may be joined to a word on both sides."""
_MAX_ECHOES = 50
_EDGES = (
    "【】〖〗『』「」《》〈〉()（）[]［］{}｛｝<>＜＞«»⏩⏪▷◁►◄“”‘’\"' "
    "\t\u3000|｜-–—_:：,，、;；.。!！?？"
)


@dataclass(frozen=True, slots=True)
class Echo:
    """A phrase in another place of its document."""

    line: int
    start: int
    end: int


class DocumentPhrases:
    """One document, asked where phrases come back.

    Parameters
    ----------
    text
        The document.
    """

    def __init__(self, text: str) -> None:
        lowered = text.lower()
        self.text = text
        self.folded = lowered if len(lowered) == len(text) else text
        self.line_starts = np.cumsum([0, *(len(line) + 1 for line in text.split("\n"))])

    def echoes(self, phrase: str, own_line: int) -> list[Echo]:
        """Return where `phrase` stands in other lines, at most `_MAX_ECHOES` times."""
        folded = phrase.lower()
        needle = folded if len(folded) == len(phrase) else phrase
        if not _is_long_enough(needle):
            return []
        echoes: list[Echo] = []
        for at in _occurrences(self.folded, needle):
            line = int(np.searchsorted(self.line_starts, at, side="right")) - 1
            if line != own_line and self._stands_apart(at, len(needle)):
                begin = at - int(self.line_starts[line])
                echoes.append(Echo(line, begin, begin + len(needle)))
            if len(echoes) >= _MAX_ECHOES:
                break
        return echoes

    def _stands_apart(self, at: int, length: int) -> bool:
        """Whether the phrase is no part of a longer word, or too long to be that by chance."""
        end = at + length
        before = at > 0 and _joins(self.text[at - 1], self.text[at])
        after = end < len(self.text) and _joins(self.text[end - 1], self.text[end])
        if not before and not after:
            return True
        return length >= _JOINED_CHARS and not (before and after and length < 2 * _JOINED_CHARS)


def inner_phrase(text: str) -> str:
    """Return the part of a line without brackets, separators and spaces around it.

    Examples
    --------
    >>> inner_phrase("【best odds】")
    'best odds'
    """
    return text.strip(_EDGES)


def _is_long_enough(phrase: str) -> bool:
    is_wide = any(ord(character) >= 0x2E80 for character in phrase)
    return len(phrase) >= (_MIN_WIDE_CHARS + 1 if is_wide else MIN_PHRASE_CHARS)


def _joins(one: str, other: str) -> bool:
    return one.isalnum() and other.isalnum() and ord(one) < 0x2E80 and ord(other) < 0x2E80


def _occurrences(text: str, needle: str) -> Iterator[int]:
    at = text.find(needle)
    while at >= 0:
        yield at
        at = text.find(needle, at + len(needle))
