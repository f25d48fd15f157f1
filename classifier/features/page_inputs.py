"""Lines in their page: what the stacker reads, put together from lines, place and surroundings.

Training crops and thins pages before it calls this, so that places and surroundings are those of
the page the stacker is shown.
"""

import numpy as np
from numpy.typing import NDArray

from classifier.features.context import context_names, window_means
from classifier.features.featurizer import LINE_FEATURES
from classifier.features.position import POSITION_FEATURES, position_features
from classifier.features.rhythm import RHYTHM_FEATURES, rhythm_features

_SURROUNDINGS = ("width", "width beyond 80", "ends with full stop", "share of punctuation")
_SURROUNDING_ROWS = [LINE_FEATURES.index(name) for name in _SURROUNDINGS]


def input_names(lexical_names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the rows of `page_inputs` for a lexical head with these outputs."""
    context = context_names((*_SURROUNDINGS, *lexical_names))
    return (*LINE_FEATURES, *lexical_names, *POSITION_FEATURES, *RHYTHM_FEATURES, *context)


def page_inputs(
    matrix: NDArray[np.float32],
    lexical: NDArray[np.float32],
    lengths: NDArray[np.int64],
    edges: NDArray[np.uint32],
    document_offsets: NDArray[np.int64],
) -> NDArray[np.float32]:
    """Return everything known of each line in its page.

    Parameters
    ----------
    matrix
        Array of shape (len(LINE_FEATURES), n_lines), no blank lines.
    lexical
        Array of shape (n_lexical, n_lines): outputs of the lexical head.
    lengths
        Array of shape (n_lines,): code points of each line.
    edges
        Array of shape (2, n_lines): how each line opens and closes.
    document_offsets
        Array of shape (n_documents + 1,), in these lines.

    Returns
    -------
    inputs : float32 array of shape (len(input_names(...)), n_lines)
    """
    surroundings = np.concatenate([matrix[_SURROUNDING_ROWS], lexical])
    return np.concatenate(
        [
            matrix,
            lexical,
            position_features(lengths, document_offsets),
            rhythm_features(matrix, edges, lengths, document_offsets),
            window_means(surroundings, document_offsets),
        ]
    )
