"""Which script a page is written in, coarse enough that each family has pages to measure on."""

import numpy as np

from classifier.text.codepoints import WIDE, CharClass, codepoint_tables

OTHER_SCRIPT = "other"

_FAMILIES: dict[str, tuple[CharClass, ...]] = {
    "Latin": (CharClass.LATIN_LOWER, CharClass.LATIN_UPPER),
    "Cyrillic": (CharClass.CYRILLIC_LOWER, CharClass.CYRILLIC_UPPER),
    "Greek": (CharClass.GREEK_LOWER, CharClass.GREEK_UPPER),
    "Chinese, Japanese, Korean": WIDE,
    "Arabic, Hebrew": (CharClass.ARABIC, CharClass.HEBREW),
    "Indic": (CharClass.DEVANAGARI, CharClass.INDIC),
    "Thai, South-East Asian": (CharClass.THAI, CharClass.SOUTH_EAST_ASIAN),
    OTHER_SCRIPT: (
        *(CharClass.CASED_LOWER, CharClass.CASED_UPPER, CharClass.ETHIOPIC),
        *(CharClass.GEORGIAN, CharClass.CASELESS),
    ),
}
SCRIPT_FAMILIES = tuple(_FAMILIES)

_LETTERS_OF_AN_IDEOGRAPH = 3


def script_of(text: str) -> str:
    """Return the family of scripts most of a text is in, one of `SCRIPT_FAMILIES`.

    An ideograph, kana or hangul counts as three letters, as it says more than one.

    Examples
    --------
    >>> script_of("Новости дня | News"), script_of("最新消息 latest news"), script_of("12:30")
    ('Cyrillic', 'Chinese, Japanese, Korean', 'other')
    """
    data = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    counts = np.bincount(codepoint_tables().classes[data], minlength=len(CharClass))
    counts[list(WIDE)] *= _LETTERS_OF_AN_IDEOGRAPH
    sums = {name: int(counts[list(classes)].sum()) for name, classes in _FAMILIES.items()}
    return max(sums, key=sums.__getitem__) if any(sums.values()) else OTHER_SCRIPT
