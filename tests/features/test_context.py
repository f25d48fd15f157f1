"""Means over windows of lines, against slicing in plain Python."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.features.context import NEIGHBOURS, WINDOWS, context_names, window_means

VALUES = st.floats(-8, 8, width=32)
PAGES = st.lists(st.lists(st.tuples(VALUES, VALUES), max_size=14), min_size=1, max_size=4)


def _slow(page: list[tuple[float, float]]) -> list[list[list[float]]]:
    """For each line and window the mean of each column."""

    def mean(lines: list[tuple[float, float]]) -> list[float]:
        return [sum(values) / len(lines) for values in zip(*lines, strict=True)] or [0, 0]

    return [
        [
            mean(page[max(line - NEIGHBOURS, 0) : line]),
            mean(page[line + 1 : line + 1 + NEIGHBOURS]),
            mean(page[:line]),
            mean(page[line + 1 :]),
            mean(page),
        ]
        for line in range(len(page))
    ]


def _means(pages: list[list[tuple[float, float]]]) -> np.ndarray:
    columns = np.array([line for page in pages for line in page], dtype=np.float32)
    return window_means(columns.reshape(-1, 2).T, np.cumsum([0, *map(len, pages)]))


@given(PAGES)
def test_means_are_those_of_the_slow_reference(pages: list[list[tuple[float, float]]]) -> None:
    slow = np.array([line for page in pages for line in _slow(page)])
    n_lines = sum(map(len, pages))
    means = _means(pages)
    assert means.shape == (2 * len(WINDOWS), n_lines)
    assert means.dtype == np.float32
    np.testing.assert_allclose(means, slow.reshape(n_lines, 2 * len(WINDOWS)).T, atol=1e-5)


def test_a_document_of_one_line_has_no_neighbours() -> None:
    means = _means([[(1, 2)], [(3, 4)], [(5, 6)]])
    assert not means[:8].any()
    assert means[8:].tolist() == [[1, 3, 5], [2, 4, 6]]


def test_changing_one_document_changes_no_other() -> None:
    rng = np.random.default_rng(3)
    columns = rng.normal(size=(3, 30)).astype(np.float32)
    offsets = np.array([0, 7, 7, 20, 30])
    before = window_means(columns, offsets)
    columns[:, 7:20] += 100
    after = window_means(columns, offsets)
    np.testing.assert_array_equal(after[:, :7], before[:, :7])
    np.testing.assert_allclose(after[:, 20:], before[:, 20:], atol=1e-6)
    assert (after[:, 7:20] != before[:, 7:20]).any(axis=0).all()


@pytest.mark.parametrize("n_lines", [1, 3000])
def test_a_constant_column_has_its_value_as_every_mean(n_lines: int) -> None:
    columns = np.full((1, n_lines), 0.1, dtype=np.float32)
    means = window_means(columns, np.array([0, n_lines]))
    filled = means[:, 1:-1] if n_lines > 1 else means[-1:]
    np.testing.assert_array_equal(filled, np.float32(0.1))


def test_names_follow_the_rows() -> None:
    names = context_names(("a", "b"))
    assert len(names) == 2 * len(WINDOWS)
    assert names[:3] == (
        f"a, mean of {WINDOWS[0]}",
        f"b, mean of {WINDOWS[0]}",
        f"a, mean of {WINDOWS[1]}",
    )
