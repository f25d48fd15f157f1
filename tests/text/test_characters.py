"""Characters of a batch: framed by line feeds, parted into words and tokens."""

from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.text.batch import LINE_FEED, LineBatch
from classifier.text.characters import Characters, runs
from classifier.text.codepoints import CharClass

TEXTS = st.lists(
    st.text(st.one_of(st.sampled_from("aB1 \n.-\u200b字\u0301"), st.characters(categories=None))),
    min_size=1,
    max_size=4,
)


def _characters(*texts: str) -> Characters:
    return Characters.of(LineBatch.from_texts(texts))


def _pieces(text: str, starts: np.ndarray, ends: np.ndarray) -> list[str]:
    framed = f"\n{text}\n"
    return [framed[a:b] for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Don't stop, 2nd try!", ["Don", "t", "stop", "2nd", "try"]),
        ("naïve ﬁn cafe\u0301s", ["naïve", "ﬁn", "cafe\u0301s"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("新闻：标题 ひらがな", ["新闻", "标题", "ひらがな"]),
        ("𝓫𝓾𝔂 ½ x²", ["𝓫𝓾𝔂", "½", "x²"]),
        ("zero\u200bwidth", ["zero", "width"]),
        ("... !!", []),
        ("", []),
    ],
)
def test_words_are_runs_of_letters_digits_and_marks(text: str, words: list[str]) -> None:
    characters = _characters(text)
    assert _pieces(text, characters.word_starts, characters.word_ends) == words


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("Don't stop, 2nd!", ["Don't", "stop,", "2nd!"]),
        ("a\u00a0b\u3000c\td", ["a", "b", "c", "d"]),
        ("two\nlines\r", ["two", "lines"]),
        ("zero\u200bwidth\x00null", ["zero", "width", "null"]),
        (" \u200b\r\n\t", []),
    ],
    ids=["punctuation", "all spaces", "lines", "invisible", "blank"],
)
def test_tokens_are_what_invisible_characters_part(text: str, tokens: list[str]) -> None:
    characters = _characters(text)
    assert _pieces(text, characters.token_starts, characters.token_ends) == tokens


def test_every_line_stands_between_line_feeds() -> None:
    characters = _characters("ab\n\nc", "", "d")
    folded = "".join(map(chr, characters.folded))
    assert folded == "\nab\n\nc\n\nd\n"
    assert characters.line_starts.tolist() == [0, 3, 4, 6, 7, 9]
    assert characters.line_of_char.tolist() == [0, 0, 0, 1, 2, 2, 3, 4, 4]
    assert (characters.classes[characters.line_starts] == CharClass.LINE_FEED).all()
    assert (characters.folded[characters.line_starts] == LINE_FEED).all()


@given(TEXTS)
def test_words_and_tokens_of_a_line_do_not_depend_on_its_neighbours(texts: list[str]) -> None:
    together = _characters(*texts)
    alone = [_characters(line) for text in texts for line in text.split("\n")]
    for name in ("word_starts", "token_starts"):
        counts = together.count_per_line(getattr(together, name))
        assert counts.tolist() == [len(getattr(line, name)) for line in alone]


def test_counting_puts_positions_into_their_lines() -> None:
    characters = _characters("ab\n\nc", "d")
    counts = characters.count_per_line(np.array([1, 2, 5, 5]))
    assert counts.tolist() == [2, 0, 2, 0]
    assert characters.count_per_line(np.zeros(0, np.int64)).tolist() == [0, 0, 0, 0]


@given(st.lists(st.booleans(), max_size=30))
def test_runs_are_where_true_values_start_and_end(inner: list[bool]) -> None:
    mask = np.array([False, *inner, False])
    starts, ends = runs(mask)
    rebuilt = np.zeros_like(mask)
    for start, end in zip(starts, ends, strict=True):
        assert end > start
        rebuilt[start:end] = True
    np.testing.assert_array_equal(rebuilt, mask)
    assert (starts[1:] > ends[:-1]).all()


@given(TEXTS)
def test_stretches_are_runs_of_one_class(texts: list[str]) -> None:
    characters = _characters(*texts)
    lengths = np.diff(characters.stretch_starts)
    rebuilt = np.repeat(characters.stretch_classes, lengths)
    np.testing.assert_array_equal(rebuilt, characters.classes)
    assert (lengths > 0).all()
    assert (characters.stretch_classes[1:] != characters.stretch_classes[:-1]).all()


@given(TEXTS, st.data())
def test_some_lines_are_as_if_they_were_all(texts: list[str], data: st.DataObject) -> None:
    batch = LineBatch.from_texts(texts)
    first = data.draw(st.integers(0, batch.n_lines - 1))
    end = data.draw(st.integers(first + 1, batch.n_lines))
    alone = _characters("\n".join(batch.line(index) for index in range(first, end)))
    part = Characters.of(batch).of_lines(first, end)
    for field in fields(Characters):
        found, expected = getattr(part, field.name), getattr(alone, field.name)
        np.testing.assert_array_equal(found, expected, err_msg=field.name)
        assert found.dtype == expected.dtype
