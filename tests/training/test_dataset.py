"""Labelled documents as arrays: every visible line once, with what is known of it."""

import numpy as np
import pytest

from classifier.datamodels import LabelledDocument
from classifier.features.featurizer import LINE_FEATURES, featurize
from classifier.features.ngrams import N_BUCKETS
from classifier.labels import allowed_labels
from classifier.text.batch import LineBatch
from classifier.training import dataset as dataset_module
from classifier.training.dataset import Dataset, build_dataset, ngram_counts

DOCUMENTS = (
    LabelledDocument("a", ("Menü", "", "Ein Satz.", "slot gacor"), "b?cs"),
    LabelledDocument("b", ("", " \u200b"), "??"),
    LabelledDocument("c", ("MENÜ", "Menü", "Andere", "Unklar"), "blo?"),
    LabelledDocument("d", ("Ein Satz.",), "c"),
)
WEIGHTS = np.array([1, 1, 0.5, 2], np.float32)
LEXICAL_WEIGHTS = np.array([0, 1, 3, 1], np.float32)


def _build(*documents: LabelledDocument) -> Dataset:
    count = len(documents)
    return build_dataset(documents, WEIGHTS[:count], LEXICAL_WEIGHTS[:count])


def _assert_equal(one: Dataset, other: Dataset) -> None:
    for name in Dataset.__dataclass_fields__:
        if name != "ngrams":
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name), name)
    assert one.ngrams.shape == other.ngrams.shape
    assert (one.ngrams != other.ngrams).nnz == 0


def test_every_visible_line_is_there_with_its_place() -> None:
    dataset = _build(*DOCUMENTS)
    assert dataset.n_documents == 4
    assert dataset.document_offsets.tolist() == [0, 3, 3, 7, 8]
    assert dataset.document_of_line.tolist() == [0, 0, 0, 2, 2, 2, 2, 3]
    assert dataset.line_numbers.tolist() == [0, 2, 3, 0, 1, 2, 3, 0]
    assert dataset.lengths.tolist() == [4, 9, 10, 4, 4, 6, 6, 9]
    assert dataset.matrix.shape == (len(LINE_FEATURES), 8)


def test_each_line_may_be_what_its_code_says() -> None:
    dataset = _build(*DOCUMENTS)
    np.testing.assert_array_equal(dataset.allowed, allowed_labels("bcsblo?c").T)
    assert dataset.allowed.flags.c_contiguous


def test_a_line_counts_as_its_document_and_an_unknown_one_not_at_all() -> None:
    dataset = _build(*DOCUMENTS)
    assert dataset.weights.tolist() == [1, 1, 1, 0.5, 0.5, 0.5, 0, 2]
    assert dataset.lexical_weights.tolist() == [0, 0, 0, 3, 3, 3, 0, 1]
    assert dataset.weights.dtype == dataset.lexical_weights.dtype == np.float32


def test_lines_of_documents_come_in_their_order() -> None:
    dataset = _build(*DOCUMENTS)
    assert dataset.lines_of(np.array([2, 0])).tolist() == [3, 4, 5, 6, 0, 1, 2]
    assert dataset.lines_of(np.array([1])).tolist() == []
    assert dataset.lines_of(np.zeros(0, np.int64)).tolist() == []


def test_lines_equal_after_folding_share_their_ngrams() -> None:
    dataset = _build(*DOCUMENTS)
    assert dataset.distinct.tolist() == [0, 1, 2, 0, 0, 3, 4, 1]
    assert dataset.ngrams.shape == (5, N_BUCKETS)


def test_counts_are_those_of_the_line_over_the_root_of_their_number() -> None:
    dataset = _build(*DOCUMENTS)
    for document, first in ((DOCUMENTS[0], 0), (DOCUMENTS[2], 3)):
        features = featurize(LineBatch.from_texts([document.text]))
        own = ngram_counts(features, features.visible)
        rows = dataset.ngrams[dataset.distinct[first : first + own.shape[0]]]
        assert abs(own - rows).max() < 1e-6
        totals = np.asarray(own.sum(axis=1)).reshape(-1)
        numbers = features.ngrams.ngrams_per_line[features.visible]
        np.testing.assert_allclose(totals, np.sqrt(numbers), rtol=1e-5)


@pytest.mark.parametrize("lines_per_batch", [0, 1, 3, 5])
def test_how_pages_are_put_into_batches_changes_nothing(
    lines_per_batch: int,
    tiny_documents: tuple[LabelledDocument, ...],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    documents = (*DOCUMENTS, *tiny_documents[:8])
    ones = np.ones(len(documents), np.float32)
    at_once = build_dataset(documents, ones, ones)
    monkeypatch.setattr(dataset_module, "_LINES_PER_BATCH", lines_per_batch)
    _assert_equal(build_dataset(documents, ones, ones), at_once)


def test_documents_without_a_visible_line_make_no_line() -> None:
    dataset = _build(DOCUMENTS[1], DOCUMENTS[1])
    assert dataset.document_offsets.tolist() == [0, 0, 0]
    assert dataset.allowed.shape == (4, 0)
    assert dataset.ngrams.shape[0] == 0
