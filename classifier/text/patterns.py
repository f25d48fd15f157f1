"""Dates, times, addresses, handles, phone numbers: found by look-ups around digits and joiners.

No regular expressions: every pattern is a comparison of a few arrays, in time linear in the text.
"""

import numpy as np
from numpy.typing import NDArray

from classifier.text.characters import Characters
from classifier.text.codepoints import N_CASED_SCRIPTS, CharClass, membership

PATTERNS = (
    "dates",
    "times",
    "phones",
    "long_numbers",
    "digit_joins",
    "urls",
    "domains",
    "emails",
    "handles",
    "case_joins",
)
_DIGIT_PATTERNS = PATTERNS[:5]

# A phone number has 7 to 15 digits (ITU-T E.164); shorter ones are taken for prices or counts.
_PHONE_DIGITS = (9, 15)
_LONG_NUMBER_DIGITS = 6
_IS_DATE_SEPARATOR = membership((CharClass.SLASH, CharClass.DASH, CharClass.PERIOD, CharClass.HAN))
_IS_PHONE_SEPARATOR = membership(
    (
        CharClass.SPACE,
        CharClass.DASH,
        CharClass.PERIOD,
        CharClass.OPEN_BRACKET,
        CharClass.CLOSE_BRACKET,
    )
)


def count_patterns(characters: Characters) -> NDArray[np.int64]:
    """Return how often each of `PATTERNS` occurs in each line.

    Returns
    -------
    counts : int64 array of shape (len(PATTERNS), n_lines)
    """
    found = {
        **_digit_patterns(characters),
        **_joiner_patterns(characters),
        **_case_patterns(characters),
    }
    lines = characters.line_of_char
    cells = [lines[found[name]] + row * characters.n_lines for row, name in enumerate(PATTERNS)]
    counts = np.bincount(np.concatenate(cells), minlength=len(PATTERNS) * characters.n_lines)
    return counts.reshape(len(PATTERNS), -1)


def _digit_patterns(characters: Characters) -> dict[str, NDArray[np.int64]]:
    classes = characters.stretch_classes
    numbers = np.flatnonzero(classes == CharClass.DIGIT)
    starts, ends = characters.stretch_starts[numbers], characters.stretch_starts[numbers + 1]
    if len(starts) == 0:
        return dict.fromkeys(_DIGIT_PATTERNS, starts)
    lengths = ends - starts
    gaps = starts[1:] - ends[:-1]
    before, after = classes[numbers - 1], classes[numbers + 1]
    separators = after[:-1]
    is_adjacent = gaps == 1
    is_time = is_adjacent & (separators == CharClass.COLON) & (lengths[1:] == 2)
    is_time &= lengths[:-1] <= 2
    is_date_part = is_adjacent & _IS_DATE_SEPARATOR[separators] & (lengths[1:] <= 4)
    is_date = is_date_part[1:] & is_date_part[:-1] & (lengths[:-2] <= 4)
    is_same_number = (gaps <= 2) & _IS_PHONE_SEPARATOR[separators] & _IS_PHONE_SEPARATOR[before[1:]]
    chain = np.concatenate([[0], np.cumsum(~is_same_number)])
    digits_in_chain = np.bincount(chain, weights=lengths)
    chain_starts = starts[np.concatenate([[True], ~is_same_number])]
    is_phone = (digits_in_chain >= _PHONE_DIGITS[0]) & (digits_in_chain <= _PHONE_DIGITS[1])
    return {
        "dates": starts[:-2][is_date],
        "times": starts[:-1][is_time],
        "phones": chain_starts[is_phone],
        "long_numbers": starts[lengths >= _LONG_NUMBER_DIGITS],
        "digit_joins": starts[before >= CharClass.STYLED],
    }


def _joiner_patterns(characters: Characters) -> dict[str, NDArray[np.int64]]:
    classes, folded = characters.stretch_classes, characters.folded
    joiners = np.flatnonzero((classes >= CharClass.PERIOD) & (classes <= CharClass.AT_SIGN))
    kinds = classes[joiners]
    first, end = characters.stretch_starts[joiners], characters.stretch_starts[joiners + 1]
    # of several joiners in a row only the first has a word before, only the last a letter behind
    after_word = (classes[joiners - 1] >= CharClass.DIGIT) & (end - first == 1)
    before_letter = classes[joiners + 1] >= CharClass.STYLED
    is_at = kinds == CharClass.AT_SIGN
    second_after = np.minimum(end + 1, len(folded) - 1)
    is_scheme = (folded[end] == ord("/")) & (folded[second_after] == ord("/"))
    return {
        "urls": first[(kinds == CharClass.COLON) & after_word & is_scheme],
        "domains": first[(folded[first] == ord(".")) & after_word & before_letter],
        "emails": first[is_at & after_word & before_letter],
        "handles": first[is_at & ~after_word & before_letter],
    }


def _case_patterns(characters: Characters) -> dict[str, NDArray[np.int64]]:
    # unsigned differences wrap around, so one comparison tests both ends of a range
    classes = characters.stretch_classes
    is_lower = (classes - np.uint8(CharClass.LATIN_LOWER)) < N_CASED_SCRIPTS
    is_upper = (classes - np.uint8(CharClass.LATIN_UPPER)) < N_CASED_SCRIPTS
    joins = np.flatnonzero(is_lower[:-1] & is_upper[1:])
    return {"case_joins": characters.stretch_starts[joins]}
