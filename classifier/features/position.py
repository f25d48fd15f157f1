"""Where a line stands in its document, by lines and by characters."""

import numpy as np
from numpy.typing import NDArray

POSITION_FEATURES: tuple[str, ...] = (
    "place in the document",
    "lines before",
    "lines after",
    "lines in the document",
    "share of the characters before",
    "characters in the document",
)
"""Names of the rows `position_features` returns, in their order."""


def position_features(
    line_lengths: NDArray[np.int64], document_offsets: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return where every line stands.

    Parameters
    ----------
    line_lengths
        Array of shape (n_lines,): characters of each line.
    document_offsets
        Array of shape (n_documents + 1,), in lines.

    Returns
    -------
    features : float32 array of shape (len(POSITION_FEATURES), n_lines)
        Counts as log(1 + x), places and shares between 0 and 1.
    """
    sizes = np.diff(document_offsets)
    size = np.repeat(sizes, sizes)
    before = np.arange(len(line_lengths)) - np.repeat(document_offsets[:-1], sizes)
    running = np.concatenate([[0], np.cumsum(line_lengths)])
    at_start = np.repeat(running[document_offsets[:-1]], sizes)
    total = np.repeat(np.diff(running[document_offsets]), sizes)
    features = np.empty((len(POSITION_FEATURES), len(line_lengths)), dtype=np.float32)
    features[0] = (before + 0.5) / size
    np.log(before.astype(np.float32) + 1, out=features[1])
    np.log((size - 1 - before).astype(np.float32) + 1, out=features[2])
    np.log(size.astype(np.float32) + 1, out=features[3])
    features[4] = (running[:-1] - at_start) / np.maximum(total, 1)
    np.log(total.astype(np.float32) + 1, out=features[5])
    return features
