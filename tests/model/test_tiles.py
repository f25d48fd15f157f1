"""Products tile by tile: right, and the same to the last bit wherever a column stands."""

import numpy as np
import pytest

from classifier.model.tiles import EDGE, TILE, multiply, one_thread

N_ROWS, N_INPUTS = 32, 96
STEP = TILE - 2 * EDGE


def _arrays(n_columns: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(n_columns)
    weights = rng.normal(size=(N_ROWS, N_INPUTS)).astype(np.float32)
    return weights, rng.normal(size=(N_INPUTS, n_columns)).astype(np.float32)


@pytest.mark.parametrize("n_columns", [0, 1, EDGE, STEP - 1, STEP, STEP + 1, TILE, 5 * TILE + 3])
def test_product_is_the_product(n_columns: int) -> None:
    weights, columns = _arrays(n_columns)
    expected = weights.astype(np.float64) @ columns.astype(np.float64)
    np.testing.assert_allclose(multiply(weights, columns), expected, atol=1e-4)


def test_product_is_written_to_out() -> None:
    weights, columns = _arrays(2 * TILE)
    out = np.empty((N_ROWS, 2 * TILE), np.float32)
    assert multiply(weights, columns, out=out) is out
    np.testing.assert_array_equal(out, multiply(weights, columns))


@pytest.mark.parametrize("n_rows", [3, 8, 12, 32, 48, 64, 128])
def test_equal_columns_get_equal_bits(n_rows: int) -> None:
    rng = np.random.default_rng(n_rows)
    weights = rng.normal(size=(n_rows, N_INPUTS)).astype(np.float32)
    columns = np.repeat(rng.normal(size=(N_INPUTS, 1)).astype(np.float32), 3 * TILE, axis=1)
    with one_thread():
        product = multiply(weights, columns)
    np.testing.assert_array_equal(product, np.repeat(product[:, :1], 3 * TILE, axis=1))


@pytest.mark.parametrize("shift", [1, 7, 64, STEP, TILE])
def test_bits_of_a_column_do_not_depend_on_those_before_and_after(shift: int) -> None:
    weights, columns = _arrays(4 * TILE)
    with one_thread():
        together = multiply(weights, columns)
        without_first = multiply(weights, columns[:, shift:])
        without_last = multiply(weights, columns[:, :-shift])
    np.testing.assert_array_equal(without_first, together[:, shift:])
    np.testing.assert_array_equal(without_last, together[:, :-shift])
