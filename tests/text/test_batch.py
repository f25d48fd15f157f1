"""`LineBatch`: many documents in one array, each of them back out unchanged."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.errors import InputError
from classifier.text.batch import LINE_FEED, LineBatch
from classifier.text.lines import line_offsets

ANY_TEXT = st.text(
    st.one_of(
        st.characters(categories=None),
        st.sampled_from("\n\n\r\x00\u2028\u0301\ud83d\ude00\udfff"),
    )
)
DOCUMENTS = ["Ein Satz.\nMenü", "", "\n\n", "😀\r\n\ud83d\ude00", "ひと\nふた\nみ\n"]


@given(st.lists(ANY_TEXT, max_size=5))
def test_every_document_and_line_comes_back_as_it_was(texts: list[str]) -> None:
    batch = LineBatch.from_texts(texts)
    assert [batch.document(index) for index in range(batch.n_documents)] == texts
    lines = [line for text in texts for line in text.split("\n")]
    assert [batch.line(index) for index in range(batch.n_lines)] == lines


def test_a_surrogate_pair_in_two_halves_stays_in_two_halves() -> None:
    batch = LineBatch.from_texts(["\ud83d\ude00"])
    assert batch.line_lengths.tolist() == [2]
    assert batch.document(0) == "\ud83d\ude00"


def test_offsets_are_those_of_each_document_alone() -> None:
    batch = LineBatch.from_texts(DOCUMENTS)
    for index, text in enumerate(DOCUMENTS):
        first, last = batch.document_offsets[index : index + 2]
        offsets = batch.line_offsets[first : last + 1]
        assert (offsets - offsets[0]).tolist() == line_offsets(text).tolist()


def test_every_line_is_closed_by_a_line_feed() -> None:
    batch = LineBatch.from_texts(DOCUMENTS)
    ends = batch.line_offsets[1:] - 1
    np.testing.assert_array_equal(np.flatnonzero(batch.codepoints == LINE_FEED), ends)
    assert batch.line_offsets[-1] == len(batch.codepoints)


def test_lengths_and_documents_of_lines() -> None:
    batch = LineBatch.from_texts(DOCUMENTS)
    assert batch.line_lengths.tolist() == [9, 4, 0, 0, 0, 0, 2, 2, 2, 2, 1, 0]
    assert batch.document_of_line.tolist() == [0, 0, 1, 2, 2, 2, 3, 3, 4, 4, 4, 4]
    assert (batch.n_documents, batch.n_lines) == (5, 12)


def test_no_documents_make_an_empty_batch() -> None:
    batch = LineBatch.from_texts([])
    assert (batch.n_documents, batch.n_lines, len(batch.codepoints)) == (0, 0, 0)


def test_one_string_is_refused() -> None:
    with pytest.raises(InputError, match="Put it in a list"):
        LineBatch.from_texts("one page")
