"""Phrases are found where they come back, in their own document and another line."""

import numpy as np

from classifier.features.featurizer import featurize
from classifier.model.span_documents import SearchedLines
from classifier.model.span_phrases import find_phrases
from classifier.model.span_tokens import LineCharacters
from classifier.text.batch import LineBatch


def recurring(texts: list[str], line: int) -> str:
    batch = LineBatch.from_texts(texts)
    features = featurize(batch)
    lines = np.array([line])
    chars = LineCharacters.of(features.characters, lines)
    searched = SearchedLines.of(features, batch.document_of_line, lines)
    cover = find_phrases(features, chars, searched).cover
    return "".join(c if is_in else "·" for c, is_in in zip(batch.line(line), cover, strict=True))


def test_a_phrase_reaches_as_far_as_it_comes_back() -> None:
    text = "mua xe cu gia re\nHôm qua,mua xe cu gia renên vắng."
    assert recurring([text], 1) == "········mua xe cu gia re·········"


def test_phrases_come_back_in_their_own_document_alone() -> None:
    one, other = "mua xe cu gia re\nabc", "xyz\nHôm qua mua xe cu gia re"
    assert set(recurring([one, other], 3)) == {"·"}


def test_a_phrase_twice_in_one_line_does_not_come_back() -> None:
    assert set(recurring(["mua xe cu gia re, mua xe cu gia re\nabc"], 0)) == {"·"}


def test_four_characters_are_a_phrase_where_they_say_as_much() -> None:
    assert recurring(["澳门彩票\n今天，澳门彩票天气很好"], 1) == "···澳门彩票····"
