"""Place of a line in its document, against plain Python."""

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from classifier.features.position import POSITION_FEATURES, position_features

PAGES = st.lists(st.lists(st.integers(0, 500), max_size=8), min_size=1, max_size=5)


def _slow(page: list[int]) -> list[list[float]]:
    return [
        [
            (index + 0.5) / len(page),
            math.log1p(index),
            math.log1p(len(page) - 1 - index),
            math.log1p(len(page)),
            sum(page[:index]) / max(sum(page), 1),
            math.log1p(sum(page)),
        ]
        for index in range(len(page))
    ]


def _features(pages: list[list[int]]) -> np.ndarray:
    lengths = np.array([length for page in pages for length in page], dtype=np.int64)
    offsets = np.cumsum([0, *map(len, pages)])
    return position_features(lengths, offsets)


@given(PAGES)
def test_places_are_those_of_the_slow_reference(pages: list[list[int]]) -> None:
    slow = np.array([row for page in pages for row in _slow(page)]).reshape(-1, 6).T
    features = _features(pages)
    assert features.shape == (len(POSITION_FEATURES), sum(map(len, pages)))
    assert features.dtype == np.float32
    np.testing.assert_allclose(features, slow, atol=1e-5)


@given(PAGES)
def test_places_do_not_depend_on_other_documents(pages: list[list[int]]) -> None:
    alone = np.concatenate([_features([page]) for page in pages], axis=1)
    np.testing.assert_array_equal(_features(pages), alone)


def test_the_only_line_stands_in_the_middle() -> None:
    assert _features([[7]])[:, 0].tolist()[:3] == [0.5, 0, 0]
