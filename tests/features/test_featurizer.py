"""The featurizer: one column a visible line, the same in any batch, blank lines without weight."""

from collections.abc import Sequence

import numpy as np
import pytest

from classifier.datamodels import LabelledDocument
from classifier.features import featurizer
from classifier.features.featurizer import LINE_FEATURES, LineFeatures, featurize
from classifier.features.page_inputs import input_names, page_inputs
from classifier.text.batch import LineBatch


def _featurize(*texts: str) -> LineFeatures:
    return featurize(LineBatch.from_texts(texts))


def _inputs(features: LineFeatures) -> np.ndarray:
    lexical = np.zeros((2, len(features.visible)), np.float32)
    return page_inputs(
        features.matrix, lexical, features.lengths, features.edges, features.document_offsets
    )


def test_blank_lines_have_no_column() -> None:
    features = _featurize("\nÜberschrift\n \u200b\nSatz.", "", "字")
    assert features.visible.tolist() == [1, 3, 5]
    assert features.lengths.tolist() == [11, 5, 1]
    assert features.document_offsets.tolist() == [0, 2, 2, 3]
    assert features.matrix.shape == (len(LINE_FEATURES), 3)
    assert features.matrix.dtype == np.float32


@pytest.mark.parametrize("texts", [[""], ["\n\n"], ["", "\u200b\n\t", "\r"]])
def test_nothing_visible_makes_an_empty_matrix(texts: list[str]) -> None:
    features = _featurize(*texts)
    assert features.matrix.shape == (len(LINE_FEATURES), 0)
    assert features.document_offsets.tolist() == [0] * (len(texts) + 1)


def test_features_of_a_page_are_the_same_in_any_batch(
    tiny_documents: Sequence[LabelledDocument],
) -> None:
    texts = [document.text for document in tiny_documents] * 3
    together = _featurize(*texts)
    inputs = _inputs(together)
    for index, text in enumerate(texts):
        alone = _featurize(text)
        first, end = together.document_offsets[index : index + 2]
        np.testing.assert_array_equal(together.matrix[:, first:end], alone.matrix)
        np.testing.assert_allclose(inputs[:, first:end], _inputs(alone), atol=1e-6)


@pytest.mark.parametrize("n_lines", [1, 3, 64])
def test_features_do_not_depend_on_how_many_lines_are_told_at_a_time(
    tiny_documents: Sequence[LabelledDocument], monkeypatch: pytest.MonkeyPatch, n_lines: int
) -> None:
    texts = [document.text for document in tiny_documents[:8]]
    texts += ["\n" * 200, "a\n\n\n" * 50, " \n\u200b\n字字字\n" * 50]
    whole = _featurize(*texts).matrix
    monkeypatch.setattr(featurizer, "_LINES_AT_A_TIME", n_lines)
    np.testing.assert_array_equal(_featurize(*texts).matrix, whole)


def test_values_are_finite_and_of_one_size(tiny_documents: Sequence[LabelledDocument]) -> None:
    flood = ["x" * 50_000, "@" * 50_000, "casino " * 20_000, "e" + "\u0301" * 50_000, "1-" * 9999]
    features = _featurize(*(document.text for document in tiny_documents), *flood)
    assert np.isfinite(features.matrix).all()
    assert np.abs(features.matrix).max() < 15


def _with_blank_lines(text: str) -> str:
    return "\n\n" + "\n \n\n".join(text.split("\n"))


def test_blank_lines_change_nothing(tiny_documents: Sequence[LabelledDocument]) -> None:
    for document in tiny_documents:
        dense, sparse = _featurize(document.text), _featurize(_with_blank_lines(document.text))
        np.testing.assert_array_equal(dense.matrix, sparse.matrix)
        np.testing.assert_array_equal(dense.lengths, sparse.lengths)
        assert dense.document_offsets.tolist() == sparse.document_offsets.tolist()


def test_names_of_the_inputs_follow_their_rows() -> None:
    names = input_names(("one", "two"))
    assert len(names) == len(_inputs(_featurize("ein\npaar\nZeilen")))
    assert len(set(names)) == len(names)
    assert names[: len(LINE_FEATURES)] == LINE_FEATURES
