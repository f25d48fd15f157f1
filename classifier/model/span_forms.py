"""Features of what a token is and of what stands beside it: signs, letters, brackets, runs."""

import unicodedata
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from classifier.model.span_inputs import Rows, TokenInputs
from classifier.model.span_tokens import UNSPACED
from classifier.text.codepoints import CASELESS, N_CLASSES, CharClass, membership

SIGNS: tuple[tuple[str, tuple[CharClass, ...]], ...] = (
    ("period", (CharClass.PERIOD, CharClass.ELLIPSIS, CharClass.EXCLAMATION)),
    ("colon", (CharClass.COLON, CharClass.SEMICOLON)),
    ("comma", (CharClass.COMMA,)),
    ("at sign or hash", (CharClass.AT_SIGN, CharClass.HASH)),
    ("quote", (CharClass.QUOTE, CharClass.APOSTROPHE)),
    ("round or square bracket", (CharClass.OPEN_BRACKET, CharClass.CLOSE_BRACKET)),
    ("corner bracket", (CharClass.CORNER_BRACKET,)),
    ("brace or angle", (CharClass.BRACE, CharClass.ANGLE)),
    ("bullet", (CharClass.BULLET,)),
    ("bar", (CharClass.PIPE,)),
    ("dash", (CharClass.DASH,)),
    ("underscore", (CharClass.UNDERSCORE,)),
    ("slash", (CharClass.SLASH,)),
    ("arrow or emoji", (CharClass.ARROW, CharClass.EMOJI)),
    (
        "other sign",
        (
            *(CharClass.AMPERSAND, CharClass.CURRENCY, CharClass.PERCENT, CharClass.MATH),
            *(CharClass.COPYRIGHT, CharClass.SYMBOL, CharClass.OTHER_PUNCTUATION),
        ),
    ),
    ("digits", (CharClass.DIGIT, CharClass.OTHER_NUMBER)),
    ("styled letters", (CharClass.STYLED,)),
)
"""Names of the rows that say which sign a token is, and the classes of each."""

LETTERS = ("small letters", "capitalised", "capitals", "letters without case", "unspaced letters")
"""Names of the rows that say what letters a token is of."""

_SIGN_OF_CLASS = np.full(N_CLASSES, -1, dtype=np.int64)
for _row, (_, _classes) in enumerate(SIGNS):
    _SIGN_OF_CLASS[list(_classes)] = _row

_IS_CASELESS = membership(CASELESS)


def fill_forms(inputs: TokenInputs, rows: Rows) -> None:
    """Fill the rows of what tokens are and of what stands beside them."""
    _fill_signs(inputs, rows)
    _fill_neighbours(inputs, rows)
    _fill_brackets(inputs, rows)
    _fill_runs(inputs, rows)


def _fill_signs(inputs: TokenInputs, rows: Rows) -> None:
    """Say which sign a token is, or of what letters."""
    chars, tokens = inputs.chars, inputs.tokens
    first = chars.classes[tokens.first]
    sign = _SIGN_OF_CLASS[first]
    for row, (name, _) in enumerate(SIGNS):
        rows[name][:] = sign == row
    size = tokens.last - tokens.first
    is_upper = (first - np.uint8(CharClass.LATIN_UPPER)) < (
        CharClass.LATIN_UPPER - CharClass.LATIN_LOWER
    )
    second = chars.classes[np.minimum(tokens.first + 1, tokens.last - 1)]
    is_second_lower = (second - np.uint8(CharClass.LATIN_LOWER)) < (
        CharClass.LATIN_UPPER - CharClass.LATIN_LOWER
    )
    is_lower = (first - np.uint8(CharClass.LATIN_LOWER)) < (
        CharClass.LATIN_UPPER - CharClass.LATIN_LOWER
    )
    rows["small letters"][:] = is_lower
    rows["capitalised"][:] = is_upper & (is_second_lower | (size == 1))
    rows["capitals"][:] = is_upper & ~is_second_lower & (size > 1)
    rows["unspaced letters"][:] = UNSPACED[first]
    rows["letters without case"][:] = _IS_CASELESS[first] & ~UNSPACED[first]
    rows["length"][:] = np.log1p(size)
    rows["marks or unseen characters"][:] = inputs.shares(
        (chars.classes == CharClass.ZERO_WIDTH) | ((chars.folded >= 0x300) & (chars.folded < 0x370))
    )
    words = is_lower | is_upper
    capital = inputs.line_means(is_upper) / np.maximum(inputs.line_means(words), 1e-9)
    rows["share of capitalised words in the line"][:] = capital


def _fill_neighbours(inputs: TokenInputs, rows: Rows) -> None:
    """Say whether spaces stand beside a token, or letters it is joined to."""
    chars, tokens = inputs.chars, inputs.tokens
    offsets = tokens.offsets
    before = np.zeros(len(tokens.first), dtype=np.bool_)
    before[1:] = tokens.first[1:] != tokens.last[:-1]
    before[offsets[:-1]] = True
    after = np.append(before[1:], True)
    rows["space before"][:] = before
    rows["space after"][:] = after
    is_word = chars.classes[tokens.first] >= CharClass.DIGIT
    was_word = np.append(False, is_word[:-1])
    joined = is_word & was_word & ~before
    rows["joined to the letters before"][:] = joined
    rows["joined to the letters after"][:-1] = joined[1:]
    rows["capital after small letter"][:] = (
        joined
        & (rows["capitalised"] + rows["capitals"] > 0)
        & (np.append(0, rows["small letters"][:-1] + rows["capitalised"][:-1]) > 0)
    )
    rows["first of the line"][offsets[:-1]] = 1
    rows["last of the line"][offsets[1:] - 1] = 1


def _fill_brackets(inputs: TokenInputs, rows: Rows) -> None:
    """Say which tokens are brackets, and which stand in some."""
    chars, tokens = inputs.chars, inputs.tokens
    side = bracket_sides()
    folded = chars.folded[tokens.first]
    turn = side[np.minimum(folded, len(side) - 1)].astype(np.int64)
    opens, closes = turn > 0, turn < 0
    rows["opens a bracket"][:] = opens
    rows["closes a bracket"][:] = closes
    n = len(turn)
    index = np.arange(n)
    owner = tokens.owner
    begin, end = tokens.offsets[:-1][owner], tokens.offsets[1:][owner]
    last_open = np.maximum.accumulate(np.where(opens, index, -1))
    last_close = np.maximum.accumulate(np.append(-1, np.where(closes, index, -1)[:-1]))
    next_close = np.minimum.accumulate(np.where(closes, index, n)[::-1])[::-1]
    next_open = np.minimum.accumulate(np.append(np.where(opens, index, n)[1:], n)[::-1])[::-1]
    inside = (last_open >= begin) & (last_open > last_close) & (next_close < end)
    inside &= next_close < next_open
    rows["inside brackets"][:] = inside
    rows["length of the bracket"][:] = np.where(inside, np.log1p(next_close - last_open), 0)


def _fill_runs(inputs: TokenInputs, rows: Rows) -> None:
    """Describe the run of visible characters a token is of."""
    tokens, chars = inputs.tokens, inputs.chars
    begins = np.flatnonzero(rows["space before"] > 0)
    sizes = np.diff(np.append(begins, len(tokens.first)))
    of = np.repeat(np.arange(len(begins)), sizes)
    ends = np.append(begins[1:], len(tokens.first)) - 1
    length = tokens.last[ends] - tokens.first[begins]
    rows["length of the unspaced run"][:] = np.log1p(length)[of]
    is_inner = rows["space before"] + rows["space after"] == 0
    folded = chars.folded[tokens.first]
    for name, flags in (
        ("period inside the run", is_inner & (folded == ord("."))),
        ("at sign inside the run", folded == ord("@")),
    ):
        rows[name][:] = (np.bincount(of, weights=flags, minlength=len(begins)) > 0)[of]
    size = tokens.last - tokens.first
    digits = np.bincount(of, weights=rows["digits"] * size) / length
    rows["digits in the run"][:] = digits[of]
    is_sign = chars.classes[tokens.first] < CharClass.DIGIT
    rows["signs in the run"][:] = np.log1p(np.bincount(of, weights=is_sign))[of]


@lru_cache(maxsize=1)
def bracket_sides() -> NDArray[np.int8]:
    """Return for code points below 0x10000: 1 what opens a bracket, -1 what closes one, else 0."""
    sides = np.zeros(0x10000, dtype=np.int8)
    for first, end in ((0x20, 0x100), (0xF3A, 0xF3E), (0x2000, 0x3100), (0xFE00, 0x10000)):
        for codepoint in range(first, end):
            category = unicodedata.category(chr(codepoint))
            sides[codepoint] = (category in ("Ps", "Pi")) - (category in ("Pe", "Pf"))
    sides[ord("<")], sides[ord(">")] = 1, -1
    return sides
