"""Queries that stand in no lexicon, to be found by form, by coming back and by fitting nowhere.

Words nobody knows, ordinary words out of their sentence, brands with figures and domains, other
languages and scripts, spellings in Latin letters.
"""

from collections.abc import Callable, Mapping, Sequence

from classifier.corpus.grammar import contacts
from classifier.corpus.grammar.dice import Dice
from classifier.corpus.grammar.wording import (
    clipped,
    is_unspaced,
    romanised,
    script_of,
    squeezed,
    without_punctuation,
)

Headlines = Mapping[str, Sequence[str]]

_N_QUERIES = 16
_FALLBACK = "x88"
_SHORTEST_ALONE, _SHORTEST_EDGE, _LONGEST_WORD = 6, 4, 14
_TRIED_LANGUAGES = 6
_NUMBERS = ("24", "365", "77", "2025", "2026", "1", "88", "2.0", "4d", "10", "100", "500mg")
_CASES: tuple[Callable[[str], str], ...] = (
    *(str, str, str),
    *(str.lower, str.lower, str.title, str.upper),
)
_BRANDED = (
    *("{name}", "{name}{number}", "{name} {number}", "{name}.com", "{name}-{number}.net"),
    *("{name} {word}", "{word} {name}", "{word}{number}", "{name}.{word}", "{letter}{number}"),
    *("{name}/{word}", "{word}-{name}", "{domain}", "{domain} {word}", "{name} vs {other}"),
)


def unlisted_queries(
    dice: Dice, language: str, texts: Sequence[str], headlines: Headlines
) -> tuple[str, ...]:
    """Return queries of one kind.

    Parameters
    ----------
    dice
        Random choices.
    language
        Of the page.
    texts
        In the language of the page, for words and their letters.
    headlines
        By language, for words of others.
    """
    kinds: tuple[tuple[float, Callable[[], str]], ...] = (
        (0.35, lambda: _invented(dice, texts)),
        (0.05, lambda: _phrase(dice, dice.pick(texts), shortest=2)),
        (0.2, lambda: _phrase(dice, dice.pick(foreign))),
        (0.15, lambda: _phrase(dice, dice.pick(in_other_letters))),
        (0.15, lambda: _branded(dice, texts)),
        (0.1, lambda: _romanised(dice, dice.pick((texts, in_other_letters)))),
    )
    foreign = _foreign(dice, language, headlines) or texts
    in_other_letters = _in_other_letters(dice, texts, headlines) or foreign
    make = kinds[dice.weighted([weight for weight, _ in kinds])][1]
    case = dice.pick(_CASES)
    return tuple(case(make().strip()) or _FALLBACK for _ in range(_N_QUERIES))


def _foreign(dice: Dice, language: str, headlines: Headlines) -> Sequence[str]:
    others = [code for code in headlines if code != language]
    return headlines[dice.pick(others)] if others else ()


def _in_other_letters(dice: Dice, texts: Sequence[str], headlines: Headlines) -> Sequence[str]:
    """Return the headlines of a language whose script is not that of `texts`."""
    script = script_of(dice.pick(texts))
    for language in dice.sample(sorted(headlines), _TRIED_LANGUAGES):
        if script_of(dice.pick(headlines[language])) != script:
            return headlines[language]
    return ()


def _words(text: str) -> list[str]:
    return without_punctuation(text).split() or [_FALLBACK]


def _phrase(dice: Dice, text: str, *, shortest: int = 1) -> str:
    """Return one to four words of a text that stand together."""
    words = _words(text)
    if is_unspaced(text):
        return _clipping(dice, max(words, key=len), dice.number(3, 8))
    size = max(dice.pick((1, 2, 2, 3, 3, 4)), shortest)
    start = dice.number(0, max(0, len(words) - size))
    chosen = words[start : start + size]
    while len(chosen[0]) < _SHORTEST_EDGE and len(chosen) > 1:  # "of the coast"
        chosen = chosen[1:]
    while len(chosen[-1]) < _SHORTEST_EDGE and len(chosen) > 1:
        chosen = chosen[:-1]
    is_enough = len(chosen) >= shortest and sum(map(len, chosen)) >= _SHORTEST_ALONE
    return " ".join(chosen if is_enough else words[start : start + size + 2])


def _clipping(dice: Dice, word: str, size: int) -> str:
    start = dice.number(0, max(0, len(word) - size))
    return clipped(word, start, start + size)


def _word(dice: Dice, texts: Sequence[str]) -> str:
    """Return a word, or a few letters of a text that parts no words."""
    word = dice.pick(_words(dice.pick(texts)))
    return _clipping(dice, word, dice.number(2, 3)) if is_unspaced(word) else word[:_LONGEST_WORD]


def _invented(dice: Dice, texts: Sequence[str]) -> str:
    """Return one to three words nobody knows, a word of a text beside them at times."""
    words = [_invented_word(dice, texts) for _ in range(dice.pick((1, 2, 2, 3)))]
    if dice.chance(0.25):
        words.append(_word(dice, texts))
    if dice.chance(0.2):
        words.append(dice.pick(_NUMBERS))
    return ("" if is_unspaced("".join(words)) else " ").join(words)


def _invented_word(dice: Dice, texts: Sequence[str]) -> str:
    """Return pieces of unrelated words in the letters of `texts`, joined."""
    pieces = []
    for _ in range(dice.number(2, 4)):
        word = dice.pick(_words(dice.pick(texts)))
        pieces.append(_clipping(dice, word, dice.number(1, 2) + (not is_unspaced(word))))
    return "".join(pieces) or _FALLBACK


def _branded(dice: Dice, texts: Sequence[str]) -> str:
    name = contacts.brand(dice)
    return dice.pick(_BRANDED).format(
        name=name,
        other=contacts.brand(dice),
        number=dice.pick(_NUMBERS),
        word=_word(dice, texts),
        letter=dice.pick("ABKMVWX").lower() * dice.number(1, 3),
        domain=contacts.domain(dice, name),
    )


def _romanised(dice: Dice, texts: Sequence[str]) -> str:
    phrase = romanised(_phrase(dice, dice.pick(texts), shortest=2)).lower()
    return squeezed(phrase) if dice.chance(0.3) else phrase
