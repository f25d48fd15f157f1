"""Rhythm: lines of one form recognise each other, across nothing but their own page."""

import numpy as np

from classifier.features.featurizer import LineFeatures, featurize
from classifier.features.rhythm import LAGS, RHYTHM_FEATURES, rhythm_features
from classifier.text.batch import LineBatch


def _rhythm(*texts: str) -> tuple[dict[str, np.ndarray], LineFeatures]:
    features = featurize(LineBatch.from_texts(texts))
    rows = rhythm_features(
        features.matrix, features.edges, features.lengths, features.document_offsets
    )
    assert rows.shape == (len(RHYTHM_FEATURES), len(features.visible))
    assert rows.dtype == np.float32
    return dict(zip(RHYTHM_FEATURES, rows, strict=True)), features


def test_a_list_is_like_itself_every_other_line() -> None:
    items = [f"- Item {name}\n12 May" for name in ("oak", "elm", "ash", "fir", "yew", "box")]
    rows, _ = _rhythm("\n".join(items))
    assert (rows["likeness to the lines 2 away"][2:-2] == 1).all()
    assert (rows["likeness to the lines 1 away"] < 0.5).all()
    np.testing.assert_allclose(np.exp(rows["lines of the document that open alike"]), 6, rtol=1e-5)


def test_edges_are_folded_and_short_lines_are_their_own() -> None:
    rows, features = _rhythm("Read more about oaks 2021\nREAD it 2022\nab\nAB\nabc\nxbc 9")
    opened = np.exp(rows["lines of the document that open alike"]).round().tolist()
    closed = np.exp(rows["lines of the document that close alike"]).round().tolist()
    assert opened == [2, 2, 2, 2, 1, 1]
    assert closed == [2, 2, 2, 2, 1, 1]
    assert features.edges[0, 2] == features.edges[1, 2] == features.edges[0, 3]


def test_nothing_reaches_into_another_page() -> None:
    page = "\n".join(f"- One of the items, {number}" for number in range(2 * LAGS))
    alone, _ = _rhythm(page)
    between, features = _rhythm("- One of the items, 7", page, "", "- One of the items, 8")
    first, end = features.document_offsets[1:3]
    for name, row in alone.items():
        np.testing.assert_array_equal(between[name][first:end], row)
    assert between["likeness to the lines 1 away"][0] == 0


def test_a_page_of_one_line_and_none() -> None:
    rows, _ = _rhythm("alone")
    assert all(row.tolist() == [0.0] for row in rows.values())
    _rhythm("")
