"""Matrix products in which no bit of a column depends on where the column stands.

BLAS adds up in an order of its own, and not everywhere in the same one: OpenBLAS, on processors
with AVX2, takes the first and last eight columns of a product, and of every 320 columns of it,
otherwise than those between. So products are made tile by tile; all tiles are equally wide, no
wider than that, and overlap, so that what stands at their edges is not used. Threads would part a
tile once more, so there must be one alone.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import ThreadpoolController

Array = NDArray[np.float32]

TILE = 320
EDGE = 8


@lru_cache(maxsize=1)
def _thread_pools() -> ThreadpoolController:
    return ThreadpoolController()


def one_thread() -> AbstractContextManager[object]:
    """Return a context in which numpy's matrix products have one thread."""
    limit: AbstractContextManager[object] = _thread_pools().limit(limits=1)
    return limit


def multiply(weights: Array, columns: Array, out: Array | None = None) -> Array:
    """Return ``weights @ columns``; with `one_thread` the same bits for a column in any place.

    Parameters
    ----------
    weights
        Array of shape (n_rows, n_inputs).
    columns
        Array of shape (n_inputs, n_columns).
    out
        Array of shape (n_rows, n_columns) to write to; a new one if None.
    """
    n_columns = columns.shape[1]
    result = np.empty((len(weights), n_columns), columns.dtype) if out is None else out
    product = np.empty((len(weights), TILE), columns.dtype)
    for start, tile in _tiles(columns):
        end = min(start + TILE - 2 * EDGE, n_columns)
        np.matmul(weights, tile, out=product)
        result[:, start:end] = product[:, EDGE : EDGE + end - start]
    return result


def _tiles(columns: Array) -> Iterator[tuple[int, Array]]:
    """Yield tiles with the first column each is used for, `EDGE` behind where it begins."""
    n_columns = columns.shape[1]
    for start in range(0, n_columns, TILE - 2 * EDGE):
        first, end = start - EDGE, start - EDGE + TILE
        if first >= 0 and end <= n_columns:
            yield start, columns[:, first:end]
        else:
            tile = np.zeros((len(columns), TILE), columns.dtype)
            known = columns[:, max(first, 0) : end]
            tile[:, max(-first, 0) :][:, : known.shape[1]] = known
            yield start, tile
