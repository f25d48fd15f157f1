"""What surrounds a line: means over its neighbours, over all before, all after, the document."""

import numpy as np
from numpy.typing import NDArray

NEIGHBOURS = 5
"""How many lines before and after count as neighbours."""

WINDOWS: tuple[str, ...] = (
    f"{NEIGHBOURS} lines before",
    f"{NEIGHBOURS} lines after",
    "all lines before",
    "all lines after",
    "the document",
)


def context_names(columns: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the rows `window_means` returns for rows named `columns`."""
    return tuple(f"{name}, mean of {window}" for window in WINDOWS for name in columns)


def window_means(
    columns: NDArray[np.float32], document_offsets: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return the mean of each column over each of `WINDOWS` of every line.

    Windows never leave the document; the mean over no line is 0.

    Parameters
    ----------
    columns
        Array of shape (n_columns, n_lines).
    document_offsets
        Array of shape (n_documents + 1,), in lines.

    Returns
    -------
    means : float32 array of shape (len(WINDOWS) * n_columns, n_lines)
    """
    n_columns, n_lines = columns.shape
    running = np.zeros((n_columns, n_lines + 1))
    np.cumsum(columns, axis=1, out=running[:, 1:])
    sizes = np.diff(document_offsets)
    first = np.repeat(document_offsets[:-1], sizes)
    end = np.repeat(document_offsets[1:], sizes)
    line = np.arange(n_lines)
    bounds = (
        (np.maximum(line - NEIGHBOURS, first), line),
        (line + 1, np.minimum(line + 1 + NEIGHBOURS, end)),
        (first, line),
        (line + 1, end),
        (first, end),
    )
    means = np.empty((len(WINDOWS), n_columns, n_lines), dtype=np.float32)
    for window, (start, stop) in zip(means, bounds, strict=True):
        sums = running.take(stop, axis=1)
        sums -= running.take(start, axis=1)
        np.divide(sums, np.maximum(stop - start, 1), out=window, casting="same_kind")
    return means.reshape(len(WINDOWS) * n_columns, n_lines)
