"""The shape of each line: how long, made of what, how it begins and ends, which patterns it holds.

Nothing here depends on the language: letters of scripts without case are one class, so that a
script never seen in training looks like those that were.
"""

import numpy as np
from numpy.typing import NDArray

from classifier.text.characters import Characters
from classifier.text.codepoints import (
    CASELESS,
    LETTERS,
    LOWER,
    N_CASED_SCRIPTS,
    N_CLASSES,
    SCRIPTS,
    UPPER,
    WIDE,
    CharClass,
    membership,
)
from classifier.text.patterns import PATTERNS, count_patterns

_COUNTED: dict[str, tuple[CharClass, ...]] = {
    "letters": LETTERS,
    "upper-case letters": UPPER,
    "letters without case": CASELESS,
    "wide letters": WIDE,
    "digits": (CharClass.DIGIT,),
    "spaces": (CharClass.SPACE,),
    "marks": (CharClass.MARK,),
    "full stops": (CharClass.PERIOD,),
    "exclamation and question marks": (CharClass.EXCLAMATION,),
    "ellipses": (CharClass.ELLIPSIS,),
    "commas": (CharClass.COMMA,),
    "colons": (CharClass.COLON,),
    "semicolons": (CharClass.SEMICOLON,),
    "quotation marks": (CharClass.QUOTE,),
    "apostrophes": (CharClass.APOSTROPHE,),
    "brackets": (CharClass.OPEN_BRACKET, CharClass.CLOSE_BRACKET),
    "corner brackets": (CharClass.CORNER_BRACKET,),
    "braces": (CharClass.BRACE,),
    "angles and arrows": (CharClass.ANGLE, CharClass.ARROW),
    "bullets": (CharClass.BULLET,),
    "pipes": (CharClass.PIPE,),
    "dashes": (CharClass.DASH,),
    "underscores": (CharClass.UNDERSCORE,),
    "slashes": (CharClass.SLASH,),
    "at signs": (CharClass.AT_SIGN,),
    "hash signs": (CharClass.HASH,),
    "ampersands": (CharClass.AMPERSAND,),
    "currency signs": (CharClass.CURRENCY,),
    "percent signs": (CharClass.PERCENT,),
    "mathematical signs": (CharClass.MATH,),
    "copyright signs": (CharClass.COPYRIGHT,),
    "emoji": (CharClass.EMOJI,),
    "other symbols": (CharClass.SYMBOL, CharClass.OTHER_NUMBER),
    "other punctuation": (CharClass.OTHER_PUNCTUATION,),
    "zero-width characters": (CharClass.ZERO_WIDTH,),
    "control characters": (CharClass.CONTROL,),
    "styled letters": (CharClass.STYLED,),
}
_SHARES = ("letters", "upper-case letters", "letters without case", "digits", "spaces", "marks")

_EDGE_KINDS: dict[str, tuple[CharClass, ...]] = {
    "lower-case letter": LOWER,
    "upper-case letter": UPPER,
    "letter without case": CASELESS,
    "digit": (CharClass.DIGIT, CharClass.OTHER_NUMBER),
    "full stop": (CharClass.PERIOD,),
    "exclamation or question mark": (CharClass.EXCLAMATION,),
    "ellipsis": (CharClass.ELLIPSIS,),
    "comma or semicolon": (CharClass.COMMA, CharClass.SEMICOLON),
    "colon": (CharClass.COLON,),
    "quotation mark": (CharClass.QUOTE, CharClass.APOSTROPHE),
    "bracket": (CharClass.OPEN_BRACKET, CharClass.CLOSE_BRACKET, CharClass.BRACE),
    "corner bracket": (CharClass.CORNER_BRACKET,),
    "bullet or dash": (CharClass.BULLET, CharClass.DASH),
    "separator": (CharClass.PIPE, CharClass.SLASH, CharClass.ANGLE, CharClass.ARROW),
    "symbol": (
        CharClass.HASH,
        CharClass.AT_SIGN,
        CharClass.COPYRIGHT,
        CharClass.EMOJI,
        CharClass.SYMBOL,
        CharClass.STYLED,
    ),
}

# Widths (narrow columns) at which the meaning of a length changes: a word, an item, a headline,
# a sentence, a paragraph.
_WIDTH_STEPS = (12, 25, 50, 80, 130, 250)

_SCALARS = (
    "length",
    "width",
    "words",
    "tokens",
    "letters per word",
    "longest unspaced run",
    "share of words in title case",
    "share of letters in the main script",
    "scripts",
    "share of punctuation",
)

SHAPE_FEATURES: tuple[str, ...] = (
    *(f"number of {name}" for name in _COUNTED),
    *(f"share of {name}" for name in _SHARES),
    *_SCALARS,
    *(f"width beyond {step}" for step in _WIDTH_STEPS),
    *(f"number of {name.replace('_', ' ')}" for name in PATTERNS),
    *(f"begins with {kind}" for kind in _EDGE_KINDS),
    *(f"ends with {kind}" for kind in _EDGE_KINDS),
)
"""Names of the rows `shape_features` returns, in their order."""


def _indicator(kinds: dict[str, tuple[CharClass, ...]]) -> NDArray[np.float32]:
    table = np.stack([membership(classes) for classes in kinds.values()])
    return table.astype(np.float32)


_EDGE_TABLE = _indicator(_EDGE_KINDS)
_SUMS_TABLE = _indicator(
    {**_COUNTED, **{f"script {index}": classes for index, classes in enumerate(SCRIPTS)}}
)
_COUNT_ROW = {name: row for row, name in enumerate(_COUNTED)}
_SHARE_ROWS = [_COUNT_ROW[name] for name in _SHARES]
_PUNCTUATION_ROWS = slice(_COUNT_ROW["full stops"], _COUNT_ROW["zero-width characters"])


def shape_features(characters: Characters) -> NDArray[np.float32]:
    """Return the shape of every line of a batch.

    Parameters
    ----------
    characters
        The batch.

    Returns
    -------
    features : float32 array of shape (len(SHAPE_FEATURES), n_lines)
        Counts and lengths as log(1 + x), shares and the rest between 0 and 1.
    """
    # log(x + 1) in single precision is vectorised in numpy; log1p is not and takes ten times as
    # long
    sums = _SUMS_TABLE @ _class_histogram(characters).T
    counts, by_script = sums[: len(_COUNTED)], sums[len(_COUNTED) :]
    length = np.diff(characters.line_starts).astype(np.float32) - 1
    features = np.empty((len(SHAPE_FEATURES), characters.n_lines), dtype=np.float32)
    at = len(_COUNTED)
    np.add(counts, 1, out=features[:at])
    np.log(features[:at], out=features[:at])
    np.divide(counts[_SHARE_ROWS], length + 1, out=features[at : at + len(_SHARES)])
    at += len(_SHARES)
    width = length + counts[_COUNT_ROW["wide letters"]]
    scalars = features[at : at + len(_SCALARS)]
    _word_scalars(characters, counts[_COUNT_ROW["letters"]], out=scalars)
    np.log(length + 1, out=scalars[0])
    np.log(width + 1, out=scalars[1])
    _script_scalars(by_script, out=scalars[7:9])
    np.divide(counts[_PUNCTUATION_ROWS].sum(axis=0), length + 1, out=scalars[9])
    at += len(_SCALARS)
    for step in _WIDTH_STEPS:
        np.tanh((width - step) / step, out=features[at])
        at += 1
    patterns = count_patterns(characters).astype(np.float32)
    np.log(patterns + 1, out=features[at : at + len(PATTERNS)])
    at += len(PATTERNS)
    first, last = _edge_classes(characters)
    features[at : at + len(_EDGE_KINDS)] = _EDGE_TABLE.take(first, axis=1)
    features[at + len(_EDGE_KINDS) :] = _EDGE_TABLE.take(last, axis=1)
    return features


def _class_histogram(characters: Characters) -> NDArray[np.float32]:
    """Count every class but line feeds in every line, shape (n_lines, N_CLASSES)."""
    starts = characters.stretch_starts
    cells = characters.line_of_char.take(starts[:-1], mode="clip") * N_CLASSES
    cells += characters.stretch_classes
    size = characters.n_lines * N_CLASSES
    counts = np.bincount(cells, weights=np.diff(starts), minlength=size)
    return counts.astype(np.float32).reshape(-1, N_CLASSES)


def _word_scalars(
    characters: Characters, letters: NDArray[np.float32], *, out: NDArray[np.float32]
) -> None:
    n_words = characters.words_per_line.astype(np.float32)
    first_classes = characters.classes[characters.word_starts]
    is_upper = (first_classes - np.uint8(CharClass.LATIN_UPPER)) < N_CASED_SCRIPTS
    title_case = characters.count_per_line(characters.word_starts[is_upper])
    at_least_one = np.maximum(n_words, 1)
    np.log(n_words + 1, out=out[2])
    np.log(characters.tokens_per_line.astype(np.float32) + 1, out=out[3])
    np.log(letters / at_least_one + 1, out=out[4])
    np.log(_longest_token(characters).astype(np.float32) + 1, out=out[5])
    np.divide(title_case, at_least_one, out=out[6], casting="same_kind")


def _script_scalars(by_script: NDArray[np.float32], *, out: NDArray[np.float32]) -> None:
    np.divide(by_script.max(axis=0), by_script.sum(axis=0) + 1, out=out[0])
    n_scripts = (by_script > 0).sum(axis=0, dtype=np.float32)
    np.log(n_scripts + 1, out=out[1])


def _first_tokens(n_tokens: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.cumsum(n_tokens) - n_tokens


def _longest_token(characters: Characters) -> NDArray[np.int64]:
    """Return the length of the longest unspaced run of each line, 0 for blank lines."""
    n_tokens = characters.tokens_per_line
    lengths = np.append(characters.token_ends - characters.token_starts, 0)
    longest = np.maximum.reduceat(lengths, _first_tokens(n_tokens))
    return np.where(n_tokens > 0, longest, 0)


def _edge_classes(characters: Characters) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return the classes of the first and the last visible character; a line feed's if none."""
    n_tokens = characters.tokens_per_line
    is_blank = n_tokens == 0
    first = _first_tokens(n_tokens)
    last = np.maximum(first + n_tokens - 1, 0)
    if len(characters.token_starts) == 0:
        nothing = np.full(len(n_tokens), CharClass.LINE_FEED, dtype=np.uint8)
        return nothing, nothing
    starts = characters.token_starts[np.minimum(first, len(characters.token_starts) - 1)]
    ends = characters.token_ends[last] - 1
    starts[is_blank] = ends[is_blank] = 0
    return characters.classes[starts], characters.classes[ends]
