"""What strings are made of: words without spaces, gaps in sentences, look-alikes, made-up words."""

import unicodedata
from collections.abc import Sequence

from classifier.corpus.grammar.dice import Dice

_COMMAS = frozenset(",，、،")
_LOOSE = frozenset(",，،、;；:：|｜¦‖│_＿-–—―·•・»›>→~～/／")
_ACCENTLESS = {"đ": "d", "Đ": "D", "ł": "l", "Ł": "L", "ø": "o", "Ø": "O", "ı": "i", "ß": "ss"}
_LEADING_VOWELS = frozenset("เแโใไເແໂໃໄ")  # written before the consonant they follow
_UNSPACED_FROM = 0x0E00
# From Georgian to Canadian syllabics; from Latin with marks to punctuation; Hangul.
_SPACED_ABOVE = ((0x10A0, 0x167F), (0x1E00, 0x2E7F), (0xAC00, 0xD7FF))


def is_loose(edge: str) -> bool:
    """Whether an edge of a line is a separator, which a cut beside it would take along."""
    return edge in _LOOSE


def is_mark(character: str) -> bool:
    """Whether a character belongs to the one before it."""
    return unicodedata.category(character)[0] == "M" or character in "\u200c\u200d"


def is_unspaced(text: str) -> bool:
    """Whether `text` is of a script that writes no spaces between words."""
    letters = [c for c in text if c.isalpha()]
    unspaced = sum(ord(c) >= _UNSPACED_FROM and not _is_spaced_above(ord(c)) for c in letters)
    return unspaced * 2 > len(letters)


def _is_spaced_above(codepoint: int) -> bool:
    return any(low <= codepoint <= high for low, high in _SPACED_ABOVE)


def without_accents(text: str) -> str:
    """Return Latin text as it is typed without diacritics; other scripts as they are."""
    plain = "".join(_ACCENTLESS.get(c, c) for c in text)
    if not any(c.isalpha() and c < "\u0250" for c in plain):
        return text
    decomposed = unicodedata.normalize("NFD", plain)
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not is_mark(c)))


def squeezed(text: str) -> str:
    """Return `text` without its white space."""
    return "".join(text.split())


def without_punctuation(text: str) -> str:
    """Return `text` with nothing but letters, digits and spaces."""
    kept = "".join(c if c.isalnum() or is_mark(c) else " " for c in text)
    return " ".join(kept.split())


def clipped(text: str, start: int, end: int) -> str:
    """Return a part of `text` that begins and ends between characters, marks kept with theirs."""
    while 0 < start < len(text) and is_mark(text[start]):
        start += 1
    while end < len(text) and is_mark(text[end]):
        end += 1
    return text[start:end].strip()


def comma_gaps(text: str) -> list[int]:
    """Return the places right after a comma that a word follows."""
    return [
        i + 1
        for i, c in enumerate(text)
        if c in _COMMAS and i > 0 and _next_is_word(text, i + 1) and _is_word(text[i - 1])
    ]


def word_gaps(text: str) -> list[int]:
    """Return the places between two words: before the space, or between letters without spaces."""
    if is_unspaced(text):
        return [
            i
            for i in range(1, len(text))
            if text[i].isalpha() and _is_word(text[i - 1]) and text[i - 1] not in _LEADING_VOWELS
        ]
    return [
        i
        for i in range(1, len(text))
        if text[i] == " " and _is_word(text[i - 1]) and _next_is_word(text, i)
    ]


def _next_is_word(text: str, at: int) -> bool:
    if at < len(text) and text[at] == " ":
        at += 1
    return at < len(text) and text[at].isalnum()


def _is_word(character: str) -> bool:
    return character.isalnum() or is_mark(character)


def made_up_query(dice: Dice, texts: Sequence[str]) -> str:
    """Return a query of two to four words out of unrelated `texts`, or of scrambled ones.

    What nobody has in a lexicon must be found by its form and by coming back.
    """
    size = dice.number(2, 4)
    pieces = [_piece(dice, dice.pick(texts)) for _ in range(size)]
    if dice.chance(0.3):
        pieces = [_scrambled(dice, piece) for piece in pieces]
    if dice.chance(0.15):
        pieces.append(str(dice.pick((24, 24, 88, 777, 2024, 2025, 99))))
    text = ("" if is_unspaced("".join(pieces)) else " ").join(piece for piece in pieces if piece)
    return text.lower() or "x88"


def _piece(dice: Dice, text: str) -> str:
    words = without_punctuation(text).split() or ["vip"]
    word = dice.pick(words)
    if is_unspaced(word) and len(word) > 3:
        start = dice.number(0, len(word) - 3)
        return clipped(word, start, start + dice.number(2, 3))
    return word[:14]


def _scrambled(dice: Dice, word: str) -> str:
    if len(word) < 4:
        return word
    cut = dice.number(1, len(word) - 2)
    return clipped(word, cut, len(word)) + clipped(word, 0, cut)
