"""How a line goes with those around it: lists and menus repeat their form every few lines.

A convolution adds up what stands around a line; that two lines are of the same form is a
comparison, which it would have to learn for every pair of values. So it is told.
"""

import numpy as np
from numpy.typing import NDArray

from classifier.features.ngrams import Ngrams
from classifier.features.shape import SHAPE_FEATURES
from classifier.text.characters import Characters

LAGS = 8
"""How many lines before and after a line is compared with."""

_SINGLE_LAGS = 4
_EDGE_CHARS = 3

RHYTHM_FEATURES: tuple[str, ...] = (
    *(f"likeness to the lines {lag} away" for lag in range(1, _SINGLE_LAGS + 1)),
    f"likeness of length to {LAGS} lines before and after",
    f"share of {LAGS} lines before and after that begin and end in the same kind",
    f"share of {LAGS} lines before and after that open alike",
    f"share of {LAGS} lines before and after that close alike",
    "lines of the document that open alike",
    "lines of the document that close alike",
)
"""Names of the rows `rhythm_features` returns, in their order."""

_KIND_ROWS = [
    row
    for edge in ("begins with ", "ends with ")
    for row, name in enumerate(SHAPE_FEATURES)
    if name.startswith(edge)
]
_N_KINDS = len(_KIND_ROWS) // 2
_KIND_CODES = np.concatenate([np.arange(1, _N_KINDS + 1), 64 * np.arange(1, _N_KINDS + 1)])
_LENGTH_SLOPE = np.float32(1.5)
"""Lines whose lengths differ by a factor of two, ``exp(1 / 1.5)``, are not alike at all."""


def line_edges(characters: Characters, ngrams: Ngrams) -> NDArray[np.uint32]:
    """Return hashes of the first and the last three characters of every line, folded.

    Returns
    -------
    edges : uint32 array of shape (2, n_lines)
        Of a shorter line, both are the hash of the whole line.
    """
    starts, ends = characters.line_starts[:-1], characters.line_starts[1:]
    is_long = ends - starts > _EDGE_CHARS
    # a line's fours include the line feed before it and the one behind it
    last = np.where(is_long, ends - _EDGE_CHARS, starts)
    edges = np.stack([ngrams.quad_hashes.take(starts), ngrams.quad_hashes.take(last)])
    return np.where(is_long, edges, ngrams.line_hashes)


def rhythm_features(
    matrix: NDArray[np.float32],
    edges: NDArray[np.uint32],
    lengths: NDArray[np.int64],
    document_offsets: NDArray[np.int64],
) -> NDArray[np.float32]:
    """Return how much every line is like those around it.

    Parameters
    ----------
    matrix
        Array of shape (n_features, n_lines) whose first rows are `SHAPE_FEATURES`.
    edges
        Array of shape (2, n_lines), from `line_edges`.
    lengths
        Array of shape (n_lines,): code points of each line.
    document_offsets
        Array of shape (n_documents + 1,), in these lines.

    Returns
    -------
    features : float32 array of shape (len(RHYTHM_FEATURES), n_lines)
        Likenesses and shares between 0 and 1, lines of the document as their logarithm.
    """
    n_lines = len(lengths)
    features = np.zeros((len(RHYTHM_FEATURES), n_lines), dtype=np.float32)
    if n_lines == 0:
        return features
    document = np.repeat(np.arange(len(document_offsets) - 1), np.diff(document_offsets))
    kind = _KIND_CODES.astype(np.float32) @ matrix[_KIND_ROWS]
    size = np.log(lengths.astype(np.float32) + 1) * _LENGTH_SLOPE
    around = features[_SINGLE_LAGS : _SINGLE_LAGS + 4]
    for lag in range(1, min(LAGS, n_lines - 1) + 1):
        here, there = slice(lag, None), slice(None, -lag)
        alike = np.empty((4, n_lines - lag), dtype=np.float32)
        near, same = alike[:2]
        np.subtract(size[here], size[there], out=near)
        np.abs(near, out=near)
        np.subtract(1, near, out=near)
        np.maximum(near, 0, out=near)
        np.equal(kind[here], kind[there], out=same, casting="unsafe")
        np.equal(edges[:, here], edges[:, there], out=alike[2:], casting="unsafe")
        alike *= document[here] == document[there]
        around[:, here] += alike
        around[:, there] += alike
        if lag <= _SINGLE_LAGS:
            both = near * same / 2
            features[lag - 1, here] += both
            features[lag - 1, there] += both
    around /= _compared(document_offsets)
    for row, keys in zip(features[_SINGLE_LAGS + 4 :], edges, strict=True):
        np.log(_count_equal(keys, document).astype(np.float32), out=row)
    return features


def _compared(document_offsets: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return with how many lines each line is compared, at least 1, shape (n_lines,)."""
    sizes = np.diff(document_offsets)
    before = np.arange(sizes.sum()) - np.repeat(document_offsets[:-1], sizes)
    after = np.repeat(sizes, sizes) - 1 - before
    lines = np.minimum(before, LAGS) + np.minimum(after, LAGS)
    compared: NDArray[np.float32] = np.maximum(lines, 1).astype(np.float32)
    return compared


def _count_equal(keys: NDArray[np.uint32], document: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many lines of its document have the key of each line, itself counted."""
    within = document.astype(np.uint64) << np.uint64(32) | keys
    _, key, counts = np.unique(within, return_inverse=True, return_counts=True)
    equal: NDArray[np.int64] = counts[key]
    return equal
