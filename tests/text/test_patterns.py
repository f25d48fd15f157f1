"""Patterns: what is found in a line, what is not, and that no pattern crosses a line."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.text.batch import LineBatch
from classifier.text.characters import Characters
from classifier.text.patterns import PATTERNS, count_patterns

PATTERN_TEXTS = st.lists(
    st.text(st.sampled_from("0123456789:/.-() \n@aBcЖ字年。_\u200b"), max_size=60),
    min_size=1,
    max_size=4,
)


def _counts(*texts: str) -> np.ndarray:
    return count_patterns(Characters.of(LineBatch.from_texts(texts)))


def _found(text: str) -> dict[str, int]:
    counts = _counts(text).sum(axis=1)
    return {name: count for name, count in zip(PATTERNS, counts.tolist(), strict=True) if count}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2021-03-09", {"dates": 1}),
        ("9/3/21 und 10.3.2021", {"dates": 2}),
        ("2021年3月9日", {"dates": 1, "digit_joins": 2}),
        ("٢٠٢١/٣/٩", {"dates": 1}),
        ("12:30, 7:05 Uhr", {"times": 2}),
        ("01:02:03", {"times": 2}),
        ("+49 (30) 123-4567", {"phones": 1}),
        ("0201 5551234", {"phones": 1, "long_numbers": 1}),
        ("id 1234567", {"long_numbers": 1}),
        ("win88 a1 b2", {"digit_joins": 3}),
        ("https://example.org/a", {"urls": 1, "domains": 1}),
        ("ftp://host", {"urls": 1}),
        ("see example.com or пример.рф", {"domains": 2}),
        ("mail me@example.org", {"emails": 1, "domains": 1}),
        ("＠promo and @deals", {"handles": 2}),
        ("cheapPills iPhone ЖзЖ", {"case_joins": 3}),
    ],
)
def test_pattern_is_found(text: str, found: dict[str, int]) -> None:
    assert _found(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "A plain sentence.",
        "完了。次へ",
        "մեկ։երկու",
        "one…two",
        "1/2",
        "3.14",
        "12:3",
        "123:45",
        "a: //b",
        ":// @ . @",
        "end. Next",
        "1 234 567",
        "2 b 3",
        "12345",
        "ALL CAPS and lower",
    ],
)
def test_nothing_is_found(text: str) -> None:
    assert _found(text) == {}


def test_a_number_of_too_many_digits_is_no_phone() -> None:
    assert _found("1234 5678 9012 3456 789") == {}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Tel 01234 ", "56789"),
        ("12345-", "67890"),
        ("2021-03-", "09"),
        ("12:", "30"),
        ("cheap", "Pills"),
        ("example.", "com"),
        ("me@", "example"),
        ("a:/", "/b"),
        ("win", "88"),
    ],
)
def test_no_pattern_crosses_a_line_or_a_document(first: str, second: str) -> None:
    alone = np.concatenate([_counts(first), _counts(second)], axis=1)
    np.testing.assert_array_equal(_counts(f"{first}\n{second}"), alone)
    np.testing.assert_array_equal(_counts(first, second), alone)


@given(PATTERN_TEXTS)
def test_each_line_has_the_counts_it_has_alone(texts: list[str]) -> None:
    lines = [line for text in texts for line in text.split("\n")]
    alone = np.concatenate([_counts(line) for line in lines], axis=1)
    np.testing.assert_array_equal(_counts(*texts), alone)
