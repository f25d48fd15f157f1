"""Tokens part lines where spans may begin and end, in any script."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.features.featurizer import featurize
from classifier.model.span_tokens import LineCharacters, Tokens
from classifier.text.batch import LineBatch


def tokens_of(text: str) -> list[list[str]]:
    batch = LineBatch.from_texts([text])
    chars = LineCharacters.of(featurize(batch).characters, np.arange(batch.n_lines))
    tokens = Tokens.of(chars, np.zeros(len(chars.classes), dtype=np.bool_))
    framed = f"\n{text}"
    parts = [
        framed[chars.position[first] : chars.position[last - 1] + 1]
        for first, last in zip(tokens.first.tolist(), tokens.last.tolist(), strict=True)
    ]
    cuts = tokens.offsets.tolist()
    return [parts[begin:end] for begin, end in pairwise(cuts)]


@pytest.mark.parametrize(
    ("line", "tokens"),
    [
        ("【kèo 88】Hội", ["【", "kèo", "88", "】", "Hội"]),
        ("giaoHàng nhanh", ["giao", "Hàng", "nhanh"]),
        ("казиноslot", ["казино", "slot"]),
        ("彩票app下载", ["彩", "票", "app", "下", "载"]),
        ("((a)) -- b", ["((", "a", "))", "--", "b"]),
        ("」「", ["」", "「"]),
        ("카지노 총판", ["카지노", "총판"]),
        ("cafe\u0301 s\u200blot", ["cafe\u0301", "s\u200blot"]),
    ],
)
def test_a_token_is_of_one_kind(line: str, tokens: list[str]) -> None:
    assert tokens_of(line) == [tokens]


@given(st.text(st.characters(exclude_categories=[]), max_size=60))
def test_tokens_hold_every_visible_character_once(text: str) -> None:
    tokens = iter("".join("".join(line) for line in tokens_of(text)))
    left = next(tokens, None)
    for character in text:
        if character == left:
            left = next(tokens, None)
        else:
            assert not character.isalnum()
    assert left is None


def test_blank_lines_have_no_tokens() -> None:
    assert tokens_of("a\n \n\nb") == [["a"], ["b"]]
