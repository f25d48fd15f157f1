"""Generate ``codepoints.npz`` from `unicodedata`: ``python -m classifier.text.build_tables``.

Python ships no script property, so the script of a letter is read from the first word of its
Unicode name ("CYRILLIC SMALL LETTER A"), which names the script for every letter we tell apart.
"""

import unicodedata
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier.text.codepoints import N_CODEPOINTS, CharClass

TABLE_FILE = Path(__file__).with_name("codepoints.npz")

# Characters whose general category does not say what they do in a line.
_BY_CHARACTER: dict[CharClass, str] = {
    CharClass.PERIOD: ".。．｡।॥۔؞܀።။։៕៖᠃᠉꓿︒﹒᱾᱿꯫𑁇",
    CharClass.EXCLAMATION: "!?！？؟‽⸮՜՞፧᥄᥅︕︖﹖﹗¡¿‼⁇⁈⁉;",
    CharClass.ELLIPSIS: "…‥⋯︙᠁",
    CharClass.COMMA: ",，、،՝߸፣᠂︐︑﹐﹑､꓾",
    CharClass.COLON: ":：︓﹕፡፥፦׃",
    CharClass.SEMICOLON: ";；؛︔﹔፤",
    CharClass.QUOTE: '"“”„‟«»‹›＂〝〞〟`´',
    CharClass.APOSTROPHE: "'’‘‚‛ʼʻ＇׳",
    CharClass.CORNER_BRACKET: "【】〖〗『』「」《》〈〉〔〕｢｣﹁﹂﹃﹄⟦⟧︻︼",
    CharClass.BRACE: "{}｛｝",
    CharClass.ANGLE: "<>＜＞",
    CharClass.BULLET: "•‣●○◦▪▫■□◆◇★☆►▶▷◀◁➤➢✓✔✦※·・*＊∙⁃◉◎⦿❖✱✳⏩⏪▸▹◂",
    CharClass.PIPE: "|｜¦‖│┃∣",
    CharClass.DASH: "-–—―−‐‑‒－﹣~～〜",
    CharClass.UNDERSCORE: "_＿",
    CharClass.SLASH: "/／\\＼⁄∕",
    CharClass.AT_SIGN: "@＠",
    CharClass.HASH: "#＃",
    CharClass.AMPERSAND: "&＆",
    CharClass.PERCENT: "%％‰",
    CharClass.COPYRIGHT: "©®™℠℗",
}

_SPECIAL: dict[int, CharClass] = {
    ord(character): char_class
    for char_class, characters in _BY_CHARACTER.items()
    for character in characters
}

_BY_CATEGORY: dict[str, CharClass] = {
    "Nd": CharClass.DIGIT,
    "Nl": CharClass.OTHER_NUMBER,
    "No": CharClass.OTHER_NUMBER,
    "Mn": CharClass.MARK,
    "Mc": CharClass.MARK,
    "Me": CharClass.MARK,
    "Zs": CharClass.SPACE,
    "Zl": CharClass.SPACE,
    "Zp": CharClass.SPACE,
    "Cf": CharClass.ZERO_WIDTH,
    "Ps": CharClass.OPEN_BRACKET,
    "Pe": CharClass.CLOSE_BRACKET,
    "Pi": CharClass.QUOTE,
    "Pf": CharClass.QUOTE,
    "Pd": CharClass.DASH,
    "Pc": CharClass.UNDERSCORE,
    "Po": CharClass.OTHER_PUNCTUATION,
    "Sc": CharClass.CURRENCY,
    "Sm": CharClass.MATH,
    "Sk": CharClass.SYMBOL,
}

_CASED_SCRIPTS = {
    "LATIN": (CharClass.LATIN_LOWER, CharClass.LATIN_UPPER),
    "CYRILLIC": (CharClass.CYRILLIC_LOWER, CharClass.CYRILLIC_UPPER),
    "GREEK": (CharClass.GREEK_LOWER, CharClass.GREEK_UPPER),
    **dict.fromkeys(("FEMININE", "MASCULINE"), (CharClass.LATIN_LOWER, CharClass.LATIN_UPPER)),
}

_CASELESS_SCRIPTS: dict[str, CharClass] = {
    **dict.fromkeys(("ARABIC", "SYRIAC", "THAANA", "NKO"), CharClass.ARABIC),
    "HEBREW": CharClass.HEBREW,
    "DEVANAGARI": CharClass.DEVANAGARI,
    **dict.fromkeys(
        (
            *("BENGALI", "GURMUKHI", "GUJARATI", "ORIYA", "TAMIL"),
            *("TELUGU", "KANNADA", "MALAYALAM", "SINHALA"),
        ),
        CharClass.INDIC,
    ),
    "THAI": CharClass.THAI,
    **dict.fromkeys(("LAO", "KHMER", "MYANMAR", "TIBETAN"), CharClass.SOUTH_EAST_ASIAN),
    "ETHIOPIC": CharClass.ETHIOPIC,
    "GEORGIAN": CharClass.GEORGIAN,
    **dict.fromkeys(("CJK", "IDEOGRAPHIC"), CharClass.HAN),
    **dict.fromkeys(("HIRAGANA", "KATAKANA", "HALFWIDTH", "KATAKANA-HIRAGANA"), CharClass.KANA),
    "HANGUL": CharClass.HANGUL,
}

# Letters drawn as symbols: mathematical, fullwidth, circled, squared, parenthesised.
_STYLED_RANGES = (
    (0x1D400, 0x1D7FF),
    (0xFF21, 0xFF3A),
    (0xFF41, 0xFF5A),
    (0x249C, 0x24E9),
    (0x1F110, 0x1F189),
    (0x2102, 0x2138),
)
_EMOJI_RANGES = ((0x1F000, 0x1F10F), (0x1F18A, 0x1FAFF), (0x2600, 0x27BF), (0x2B00, 0x2BFF))
_ARROW_RANGES = ((0x2190, 0x21FF), (0x27F0, 0x27FF))
_VARIATION_SELECTORS = ((0xFE00, 0xFE0F), (0xE0100, 0xE01EF))
# Letters by category that show nothing: Hangul fillers, the combining grapheme joiner.
_INVISIBLE_LETTERS = frozenset({0x115F, 0x1160, 0x3164, 0xFFA0, 0x034F})


def _within(codepoint: int, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= codepoint <= last for first, last in ranges)


def _letter_class(character: str, category: str) -> CharClass:
    script = unicodedata.name(character, "").split(" ")[0]
    if category in ("Ll", "Lu", "Lt"):
        lower, upper = _CASED_SCRIPTS.get(script, (CharClass.CASED_LOWER, CharClass.CASED_UPPER))
        if script == "GEORGIAN":  # modern Georgian writes without case
            return CharClass.GEORGIAN
        return lower if category == "Ll" else upper
    if script in _CASED_SCRIPTS:  # ª and º, the feminine and masculine ordinal indicators
        return _CASED_SCRIPTS[script][0]
    return _CASELESS_SCRIPTS.get(script, CharClass.CASELESS)


def _symbol_class(codepoint: int) -> CharClass:
    return CharClass.EMOJI if _within(codepoint, _EMOJI_RANGES) else CharClass.SYMBOL


def char_class(codepoint: int) -> CharClass:
    """Return the class of one code point."""
    if codepoint == 10:
        return CharClass.LINE_FEED
    if codepoint in _INVISIBLE_LETTERS or _within(codepoint, _VARIATION_SELECTORS):
        return CharClass.ZERO_WIDTH
    if codepoint in _SPECIAL:
        return _SPECIAL[codepoint]
    if _within(codepoint, _STYLED_RANGES):
        return CharClass.STYLED
    return _class_by_category(codepoint)


def _class_by_category(codepoint: int) -> CharClass:
    character = chr(codepoint)
    category = unicodedata.category(character)
    if _within(codepoint, _ARROW_RANGES):  # some are symbols by category, some mathematical
        return CharClass.ARROW
    if category in _BY_CATEGORY:
        return _BY_CATEGORY[category]
    if category.startswith("L"):
        return _letter_class(character, category)
    if category == "So":
        return _symbol_class(codepoint)
    return CharClass.SPACE if character.isspace() else CharClass.CONTROL


def folded(codepoint: int) -> int:
    """Return the code point that stands for one in n-grams; itself when nothing simpler does."""
    if codepoint == 10:
        return codepoint
    character = chr(codepoint)
    if character.isspace():
        return ord(" ")
    if character.isdecimal():
        return ord("0")
    simple = unicodedata.normalize("NFKC", character)
    lowered = (simple if len(simple) == 1 else character).lower()
    return ord(lowered) if len(lowered) == 1 else codepoint


def build_tables() -> dict[str, NDArray[np.uint8] | NDArray[np.uint32]]:
    """Return the arrays that ``codepoints.npz`` holds: runs of classes, pairs of foldings."""
    classes = np.array([char_class(value) for value in range(N_CODEPOINTS)], dtype=np.uint8)
    starts = np.concatenate([[0], np.flatnonzero(np.diff(classes)) + 1, [N_CODEPOINTS]])
    to = np.array([folded(value) for value in range(N_CODEPOINTS)], dtype=np.uint32)
    changed = np.flatnonzero(to != np.arange(N_CODEPOINTS)).astype(np.uint32)
    return {
        "class_starts": starts.astype(np.uint32),
        "class_values": classes[starts[:-1]],
        "folded_from": changed,
        "folded_to": to[changed],
    }


if __name__ == "__main__":
    np.savez_compressed(TABLE_FILE, **build_tables())  # type: ignore[arg-type]
