"""Ways in which spam dodges filters, as functions of a keyword or of a page.

Independent of the obfuscations that training pages are made with (`classifier.corpus.grammar`):
what is measured here must not be the very table that was learned.
"""

import unicodedata
from collections.abc import Callable, Mapping

import numpy as np

Disguise = Callable[[str, np.random.Generator], str]
"""A keyword and a source of chance to the keyword in disguise; unchanged where it cannot."""

_LATIN, _CYRILLIC = "aceiopsxyABCEHIKMOPTX", "асеіорѕхуАВСЕНІКМОРТХ"
_LATIN_OF_GREEK, _GREEK = "aikopuvABEHIKMNOPTXYZ", "αικορυνΑΒΕΗΙΚΜΝΟΡΤΧΥΖ"
_HOMOGLYPHS: Mapping[str, str] = {
    **dict(zip(_GREEK, _LATIN_OF_GREEK, strict=True)),
    **dict(zip(_CYRILLIC, _LATIN, strict=True)),
    **dict(zip(_LATIN, _CYRILLIC, strict=True)),
    **dict(zip("カニロエトータハ", "力二口工卜一夕八", strict=True)),
    **dict(zip("كيهیک", "کیہيك", strict=True)),
}

_LEET: Mapping[str, str] = {
    **dict(zip("aeiostbgAEIOSTBG", "4310578943105789", strict=True)),
    **dict(zip("озчбвеОЗЧБВЕ", "034683034683", strict=True)),
    # Chinese writes other characters of the same sound or shape
    **dict(
        zip("微信博彩球票药网乐娱代开快站投金", "薇芯搏踩秋漂葯罔樂虞岱幵筷占头钅", strict=True)
    ),
}

_MIXED: Mapping[str, str] = {
    **dict(zip("abcdeghiklmnoprstuvwxyz", "αЬςԁεɡհιкӏмпσргѕтυνωхуȥ", strict=True)),
    **dict(zip("авеикмнопрстухг", "aβeuκmhσπpctυxr", strict=True)),
    **dict(zip("αβεικνορτυω", "aßeikvoptuw", strict=True)),
    **dict(zip("토카지노대출마", ("to", "ka", "ji", "no", "dae", "chul", "ma"), strict=True)),
    **dict(zip("博彩票代网药球", ("bo", "cai", "piao", "dai", "wang", "yao", "qiu"), strict=True)),
}

_STYLES = ((0x1D400, 0x1D41A, 0x1D7CE), (0x1D5D4, 0x1D5EE, 0x1D7EC), (0x1D670, 0x1D68A, 0x1D7F6))
"""First capital, small letter and digit of bold, sans-serif bold and monospace."""

_FULLWIDTH = (0xFF21, 0xFF41, 0xFF10)
_ZERO_WIDTH = ("\u200b", "\u200c", "\u200d", "\u2060", "\ufeff")

SHARE = 0.6
"""Share of the places of a keyword that are altered, where altering all would be unusual."""


def is_joint(text: str, index: int) -> bool:
    """Return whether something may stand before ``text[index]``: within a word, before no mark."""
    return (
        0 < index < len(text)
        and not unicodedata.category(text[index]).startswith("M")
        and not text[index - 1].isspace()
        and not text[index].isspace()
    )


def _some(places: list[int], rng: np.random.Generator) -> set[int]:
    """Return about `SHARE` of the places, at least one if there are any."""
    n_chosen = max(1, round(SHARE * len(places)))
    return set(rng.choice(places, n_chosen, replace=False).tolist()) if places else set()


def _swapping(table: Mapping[str, str]) -> Disguise:
    def disguised(text: str, rng: np.random.Generator) -> str:
        chosen = _some([index for index, char in enumerate(text) if char in table], rng)
        return "".join(table[c] if index in chosen else c for index, c in enumerate(text))

    return disguised


def _inserting(choices: tuple[str, ...]) -> Disguise:
    def disguised(text: str, rng: np.random.Generator) -> str:
        chosen = _some([index for index in range(len(text)) if is_joint(text, index)], rng)
        return "".join(
            choices[rng.integers(len(choices))] + char if index in chosen else char
            for index, char in enumerate(text)
        )

    return disguised


def _restyled(text: str, first: tuple[int, int, int]) -> str:
    """Return the text with its basic Latin letters and digits moved; accents stay as marks."""
    return "".join(_moved(char, first) for char in text)


def _moved(char: str, first: tuple[int, int, int]) -> str:
    base, *marks = unicodedata.normalize("NFD", char)
    for start, end, target in zip("Aa0", "Zz9", first, strict=True):
        if start <= base <= end:
            return chr(target + ord(base) - ord(start)) + "".join(marks)
    return char


def _fullwidth(text: str, _rng: np.random.Generator) -> str:
    return _restyled(text, _FULLWIDTH)


def _styled(text: str, rng: np.random.Generator) -> str:
    return _restyled(text, _STYLES[rng.integers(len(_STYLES))])


def _spaced(text: str, _rng: np.random.Generator) -> str:
    words = (
        "".join(f" {char}" if is_joint(word, index) else char for index, char in enumerate(word))
        for word in text.split(" ")
    )
    return "  ".join(words)


def _entities(text: str, rng: np.random.Generator) -> str:
    chosen = _some([index for index, char in enumerate(text) if not char.isspace()], rng)
    return "".join(
        f"&#{ord(char)};" if index in chosen else "&nbsp;" if char == " " else char
        for index, char in enumerate(text)
    )


def _split(text: str, _rng: np.random.Generator) -> str:
    """Break the keyword into two lines where it is nearest to its middle, within a word or not."""
    places = [index for index in range(1, len(text)) if text[index] == " " or is_joint(text, index)]
    if not places:
        return text
    middle = min(places, key=lambda index: abs(2 * index - len(text)))
    return f"{text[:middle].rstrip()}\n{text[middle:].lstrip()}"


DISGUISES: Mapping[str, Disguise] = {
    "homoglyphs": _swapping(_HOMOGLYPHS),
    "fullwidth letters": _fullwidth,
    "styled letters": _styled,
    "zero-width characters": _inserting(_ZERO_WIDTH),
    "soft hyphens": _inserting(("\u00ad",)),
    "spaced letters": _spaced,
    "leetspeak": _swapping(_LEET),
    "mixed scripts": _swapping(_MIXED),
    "entity leftovers": _entities,
    "split over lines": _split,
}
"""By name, what is done to each keyword; a line feed in the result begins a new line."""
