"""What each code point is: a class, a folded form, a script, all by table look-up.

The tables are generated from `unicodedata` by `classifier.text.build_tables` and stored as runs
in ``codepoints.npz``; expanding them costs milliseconds, computing them anew a second.
"""

from dataclasses import dataclass
from enum import IntEnum, auto
from functools import lru_cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

N_CODEPOINTS = 0x110000


class CharClass(IntEnum):
    """What a code point does in a line; letters are told apart by script and case.

    The order serves comparisons of whole arrays: up to `CONTROL` a code point shows nothing, from
    `PERIOD` to `AT_SIGN` it may join the parts of a domain, time or address, from `DIGIT` on it
    is part of a word, from `STYLED` on a letter, and lower and upper case each are one range.
    """

    LINE_FEED = 0
    SPACE = auto()
    ZERO_WIDTH = auto()
    CONTROL = auto()
    PERIOD = auto()
    COLON = auto()
    AT_SIGN = auto()
    EXCLAMATION = auto()
    ELLIPSIS = auto()
    COMMA = auto()
    SEMICOLON = auto()
    QUOTE = auto()
    APOSTROPHE = auto()
    OPEN_BRACKET = auto()
    CLOSE_BRACKET = auto()
    CORNER_BRACKET = auto()
    BRACE = auto()
    ANGLE = auto()
    BULLET = auto()
    PIPE = auto()
    DASH = auto()
    UNDERSCORE = auto()
    SLASH = auto()
    ARROW = auto()
    HASH = auto()
    AMPERSAND = auto()
    CURRENCY = auto()
    PERCENT = auto()
    MATH = auto()
    COPYRIGHT = auto()
    EMOJI = auto()
    SYMBOL = auto()
    OTHER_PUNCTUATION = auto()
    DIGIT = auto()
    OTHER_NUMBER = auto()
    MARK = auto()
    STYLED = auto()
    LATIN_LOWER = auto()
    CYRILLIC_LOWER = auto()
    GREEK_LOWER = auto()
    CASED_LOWER = auto()
    LATIN_UPPER = auto()
    CYRILLIC_UPPER = auto()
    GREEK_UPPER = auto()
    CASED_UPPER = auto()
    ARABIC = auto()
    HEBREW = auto()
    DEVANAGARI = auto()
    INDIC = auto()
    THAI = auto()
    SOUTH_EAST_ASIAN = auto()
    ETHIOPIC = auto()
    GEORGIAN = auto()
    CASELESS = auto()
    HAN = auto()
    KANA = auto()
    HANGUL = auto()


N_CLASSES = len(CharClass)
N_CASED_SCRIPTS = CharClass.LATIN_UPPER - CharClass.LATIN_LOWER

LOWER = tuple(CharClass(value) for value in range(CharClass.LATIN_LOWER, CharClass.LATIN_UPPER))
UPPER = tuple(CharClass(value) for value in range(CharClass.LATIN_UPPER, CharClass.ARABIC))
WIDE = (CharClass.HAN, CharClass.KANA, CharClass.HANGUL)
CASELESS = (*(CharClass(value) for value in range(CharClass.ARABIC, CharClass.HAN)), *WIDE)
LETTERS = (*LOWER, *UPPER, *CASELESS, CharClass.STYLED)
SCRIPTS: tuple[tuple[CharClass, ...], ...] = (
    (CharClass.LATIN_LOWER, CharClass.LATIN_UPPER),
    (CharClass.CYRILLIC_LOWER, CharClass.CYRILLIC_UPPER),
    (CharClass.GREEK_LOWER, CharClass.GREEK_UPPER),
    (CharClass.CASED_LOWER, CharClass.CASED_UPPER),
    *((value,) for value in CASELESS if value not in WIDE),
    WIDE,
)
"""Letter classes that make one script; Han, kana and hangul are written together."""


@dataclass(frozen=True, slots=True)
class CodepointTables:
    """Look-up tables, indexed by code point.

    Attributes
    ----------
    classes
        Array of shape (0x110000,): the `CharClass` of each code point.
    folded
        Array of shape (0x110000,): the code point that stands for it in n-grams: lower case, no
        compatibility variants, every decimal digit ``0``, every space one space.
    """

    classes: NDArray[np.uint8]
    folded: NDArray[np.uint32]


@lru_cache(maxsize=1)
def codepoint_tables() -> CodepointTables:
    """Return the tables, read once per process."""
    file = resources.files("classifier.text").joinpath("codepoints.npz")
    with file.open("rb") as stream, np.load(stream, allow_pickle=False) as runs:
        classes = np.repeat(runs["class_values"], np.diff(runs["class_starts"]))
        folded = np.arange(N_CODEPOINTS, dtype=np.uint32)
        folded[runs["folded_from"]] = runs["folded_to"]
    return CodepointTables(classes=classes, folded=folded)


def membership(classes: tuple[CharClass, ...]) -> NDArray[np.bool_]:
    """Return a look-up table, shape (N_CLASSES,), that is true for `classes`."""
    table = np.zeros(N_CLASSES, dtype=np.bool_)
    table[list(classes)] = True
    return table
