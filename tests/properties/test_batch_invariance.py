"""Any text is accepted, and what a page gets does not depend on the pages around it."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.datamodels import PagePredictions
from classifier.features.featurizer import featurize
from classifier.model.line_classifier import LineClassifier
from classifier.text.batch import LineBatch

LETTERS = st.one_of(
    st.characters(categories=None),
    st.sampled_from("\x00\r\x0b\x0c\x1c\x85\u2028\u2029\ufeff\u200b\u202e\ud800\udfff\U0010ffff"),
    st.sampled_from("aé字かกक한жΩع 0९.,!|@#【】"),
)
FLOODS = st.builds(
    lambda letter, times: letter * times,
    st.sampled_from(["e\u0301", "\u0489", "@", " ", "a.", "1-", "aB", "字", "https://", "\u200d"]),
    st.integers(1, 300),
)
LINES = st.one_of(
    st.text(LETTERS, max_size=40),
    FLOODS,
    st.sampled_from(
        [
            "",
            " ",
            "Home",
            "© 2021",
            "Ein ganzer Satz, der etwas sagt.",
            "slot gacor 88 | bonus 100%",
            "【独家】彩票网站",
            "Read more →",
        ]
    ),
)
DOCUMENTS = st.lists(LINES, max_size=12).map("\n".join)
BATCH_LINES = st.integers(1, 40)


def _assert_alike(one: PagePredictions, other: PagePredictions) -> None:
    """Equal to the last bit."""
    assert one.text == other.text
    np.testing.assert_array_equal(one.probabilities, other.probabilities)
    np.testing.assert_array_equal(one.label_index, other.label_index)
    assert one.found == other.found


@settings(deadline=None)
@given(DOCUMENTS)
def test_any_text_is_accepted(tiny_model: LineClassifier, text: str) -> None:
    page = tiny_model.classify(text)
    lines = text.split("\n")
    assert [line.text for line in page] == lines
    assert np.isfinite(page.probabilities).all()
    has_label = page.label_index >= 0
    sums = page.probabilities.sum(axis=1)
    np.testing.assert_allclose(sums, has_label, atol=1e-5)
    assert not has_label[[not line.strip() for line in lines]].any()
    assert set(page.clean().split("\n")) <= {*lines, ""}


@settings(deadline=None)
@given(st.lists(DOCUMENTS, max_size=6))
def test_a_batch_gives_back_every_text(texts: list[str]) -> None:
    batch = LineBatch.from_texts(texts)
    assert [batch.document(index) for index in range(batch.n_documents)] == texts


@settings(deadline=None)
@given(st.lists(DOCUMENTS, min_size=1, max_size=6))
def test_features_of_a_page_are_exactly_those_it_has_alone(texts: list[str]) -> None:
    together = featurize(LineBatch.from_texts(texts))
    alone = [featurize(LineBatch.from_texts([text])) for text in texts]
    expected = np.concatenate([features.matrix for features in alone], axis=1)
    np.testing.assert_array_equal(together.matrix, expected)
    sizes = [len(features.visible) for features in alone]
    assert together.document_offsets.tolist() == np.cumsum([0, *sizes]).tolist()
    hashes = np.concatenate([features.ngrams.line_hashes for features in alone])
    np.testing.assert_array_equal(together.ngrams.line_hashes, hashes)


@settings(deadline=None, max_examples=60)
@given(st.lists(DOCUMENTS, max_size=6), BATCH_LINES)
def test_any_batch_size_gives_the_same_results(
    tiny_model: LineClassifier, texts: list[str], batch_lines: int
) -> None:
    found = list(tiny_model.classify_many(texts, batch_lines=batch_lines))
    assert len(found) == len(texts)
    for text, page in zip(texts, found, strict=True):
        _assert_alike(page, tiny_model.classify(text))


@settings(deadline=None, max_examples=60)
@given(st.lists(DOCUMENTS, max_size=6).flatmap(lambda x: st.tuples(st.just(x), st.permutations(x))))
def test_any_order_of_the_documents_gives_the_same_results(
    tiny_model: LineClassifier, texts: tuple[list[str], Sequence[str]]
) -> None:
    original, shuffled = texts
    by_text = {page.text: page for page in tiny_model.classify_many(original)}
    for page in tiny_model.classify_many(shuffled):
        _assert_alike(page, by_text[page.text])


@pytest.mark.parametrize("batch_lines", [1, 50, 2000])
def test_whole_pages_get_the_same_results_in_any_batch(
    batch_lines: int, tiny_model: LineClassifier
) -> None:
    rng = np.random.default_rng(1)
    lines = ["Start", "", "Ein Satz.", "彩票 88", "slot gacor", "© 2021", "weiter lesen →"]
    texts = ["\n".join(rng.choice(lines, size)) for size in rng.integers(1, 300, 40)]
    for text, page in zip(
        texts, tiny_model.classify_many(texts, batch_lines=batch_lines), strict=True
    ):
        _assert_alike(page, tiny_model.classify(text))


@pytest.mark.parametrize("text", ["", "\n", " \n\t\n\u3000", "\u200b", "\x00\n\r\n"])
def test_a_page_without_visible_lines_has_no_labels(text: str, tiny_model: LineClassifier) -> None:
    (before, page, after) = tiny_model.classify_many(["Ein Satz.", text, "Noch einer."])
    assert page.labels == [None] * (text.count("\n") + 1)
    assert not page.probabilities.any()
    _assert_alike(before, tiny_model.classify("Ein Satz."))
    _assert_alike(after, tiny_model.classify("Noch einer."))
