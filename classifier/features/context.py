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
    near_first = np.maximum(line - NEIGHBOURS, first)
    near_end = np.minimum(line + 1 + NEIGHBOURS, end)
    at_line, behind_line = running[:, :-1], running[:, 1:]
    at_first = np.repeat(running[:, document_offsets[:-1]], sizes, axis=1)
    at_end = np.repeat(running[:, document_offsets[1:]], sizes, axis=1)
    windows = (
        (at_line - running.take(near_first, axis=1), line - near_first),
        (running.take(near_end, axis=1) - behind_line, near_end - line - 1),
        (at_line - at_first, line - first),
        (at_end - behind_line, end - line - 1),
        (at_end - at_first, end - first),
    )
    means = np.empty((len(WINDOWS), n_columns, n_lines), dtype=np.float32)
    for mean, (sums, counts) in zip(means, windows, strict=True):
        np.divide(sums, np.maximum(counts, 1), out=mean, casting="same_kind")
    return means.reshape(len(WINDOWS) * n_columns, n_lines)
