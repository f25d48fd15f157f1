"""Repetition within a line and within its document, against counting in plain Python."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.features.ngrams import hash_ngrams
from classifier.features.repetition import REPETITION_FEATURES, repetition_features
from classifier.text.batch import LineBatch
from classifier.text.characters import Characters

REPEATED, TWINS, TWIN_SHARE = range(len(REPETITION_FEATURES))

PAGES = st.lists(
    st.lists(st.sampled_from(["Home", "home", "HOME", "News", "", "买彩票", "a b"]), min_size=1),
    min_size=1,
    max_size=6,
)


def _repetition(*texts: str) -> np.ndarray:
    batch = LineBatch.from_texts(texts)
    characters = Characters.of(batch)
    return repetition_features(
        characters,
        hash_ngrams(characters),
        batch.document_of_line,
        characters.count_per_line(characters.token_starts) > 0,
    )


@given(PAGES)
def test_twins_are_the_other_equal_lines_of_the_document(pages: list[list[str]]) -> None:
    features = _repetition(*("\n".join(page) for page in pages))
    twins, shares = [], []
    for page in pages:
        folded = [line.lower() for line in page]
        # blank lines are nobody's twin, and no part of the page that could have one
        counts = [folded.count(line) - 1 if line else 0 for line in folded]
        n_visible = max(sum(map(bool, folded)), 1)
        twins += [math.log1p(count) for count in counts]
        shares += [sum(count > 0 for count in counts) / n_visible] * len(page)
    np.testing.assert_allclose(features[TWINS], twins, atol=1e-6)
    np.testing.assert_allclose(features[TWIN_SHARE], shares, atol=1e-6)


def test_the_menu_of_another_page_is_no_twin() -> None:
    menu = "Startseite\nVeranstaltungen im Rathaus\nKontakt und Anfahrt zum Museum"
    features = _repetition(*[menu] * 40)
    assert not features[TWINS].any()
    assert not features[TWIN_SHARE].any()


def test_the_blank_lines_around_a_line_are_no_twins_of_it() -> None:
    features = _repetition("\n\nText\n")
    assert not features[TWINS].any()
    assert not features[TWIN_SHARE].any()


def _distinct_by_linear_counting(n_distinct_bits: int) -> float:
    return -64 * math.log((64 - n_distinct_bits) / 64)


@pytest.mark.parametrize(
    ("line", "share"),
    [
        ("", 0.0),
        ("single", 0.0),
        ("buy buy", 0.5),
        ("slot gacor slot gacor slot gacor", 2 / 3),
        ("Buy BUY buy, buy!", 0.75),
        ("彩票 彩票 彩票 彩票", 0.75),
        ("every word of this line is another one", 0.0),
    ],
)
def test_share_of_repeated_words(line: str, share: float) -> None:
    assert _repetition(line)[REPEATED, 0] == pytest.approx(share, abs=0.06)


def test_repeated_words_are_estimated_by_linear_counting() -> None:
    features = _repetition("aa bb aa aa", "cc dd ee")
    two = 1 - _distinct_by_linear_counting(2) / 4
    assert features[REPEATED, 0] == pytest.approx(two, abs=1e-6)
    assert features[REPEATED, 1] == 0  # three distinct words are estimated as slightly more


@pytest.mark.parametrize("n_words", [20, 60, 120])
def test_a_long_line_of_distinct_words_is_hardly_repeated(n_words: int) -> None:
    letters = np.random.default_rng(5).choice(list("aehilnorstuы字か"), (n_words, 6))
    words = map("".join, letters)
    assert _repetition(" ".join(words))[REPEATED, 0] < 0.25


def test_a_flood_of_one_word_is_all_repeated() -> None:
    assert _repetition("casino " * 5000)[REPEATED, 0] > 0.99


def test_words_of_other_lines_do_not_count() -> None:
    together = _repetition("eins zwei\neins zwei\n\n", "zwei", "...", "eins eins")
    assert together[REPEATED].tolist()[:-1] == [0] * 6
    assert together[REPEATED, -1] == _repetition("eins eins")[REPEATED, 0]
    assert together.dtype == np.float32
