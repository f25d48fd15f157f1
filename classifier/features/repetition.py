"""What comes back: words within a line, lines within a document."""

import numpy as np
from numpy.typing import NDArray

from classifier.features.ngrams import Ngrams
from classifier.text.characters import Characters

REPETITION_FEATURES: tuple[str, ...] = (
    "share of repeated words",
    "number of equal lines in the document",
    "share of the document's lines that have a twin",
)
"""Names of the rows `repetition_features` returns, in their order."""

_SKETCH_BITS = 64


def repetition_features(
    characters: Characters,
    ngrams: Ngrams,
    document_of_line: NDArray[np.int64],
    is_visible: NDArray[np.bool_],
) -> NDArray[np.float32]:
    """Return how much of each line, and how often the line itself, is repeated.

    Parameters
    ----------
    characters, ngrams
        The batch.
    document_of_line
        Array of shape (n_lines,).
    is_visible
        Array of shape (n_lines,): which lines are not blank; blank ones are nobody's twin.

    Returns
    -------
    features : float32 array of shape (len(REPETITION_FEATURES), n_lines)
    """
    features = np.empty((len(REPETITION_FEATURES), characters.n_lines), dtype=np.float32)
    features[0] = _repeated_word_share(characters, ngrams)
    twins = _equal_lines(ngrams.line_hashes, document_of_line) * is_visible
    np.log(twins.astype(np.float32) + 1, out=features[1])
    with_twin = np.bincount(document_of_line, weights=twins > 0)
    lines_each = np.maximum(np.bincount(document_of_line, weights=is_visible), 1)
    features[2] = (with_twin / lines_each)[document_of_line]
    return features


def _repeated_word_share(characters: Characters, ngrams: Ngrams) -> NDArray[np.float32]:
    """Estimate the share of words that occurred before in the same line.

    Distinct words are estimated by linear counting (Whang, Vander-Zanden & Taylor 1990) in a
    sketch of 64 bits a line; beyond some 150 words a line it saturates and the share grows.
    """
    n_words = characters.words_per_line
    bits = np.uint64(1) << (ngrams.word_hashes >> np.uint32(26)).astype(np.uint64)
    first = np.cumsum(n_words) - n_words
    sketch = np.bitwise_or.reduceat(np.append(bits, np.uint64(0)), first)
    empty = _SKETCH_BITS - np.bitwise_count(sketch).astype(np.float32)
    distinct = -_SKETCH_BITS * np.log(np.maximum(empty, 0.5) / _SKETCH_BITS)
    share = 1 - distinct / np.maximum(n_words, 1)
    return np.where(n_words > 1, np.clip(share, 0, 1), 0).astype(np.float32)


def _equal_lines(
    line_hashes: NDArray[np.uint32], document_of_line: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Return how many other lines of the same document are equal after folding."""
    keys = (document_of_line.astype(np.uint64) << np.uint64(32)) | line_hashes
    order = np.argsort(keys, kind="stable")
    ordered = keys[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    lengths = np.diff(np.append(starts, len(keys)))
    equal = np.empty(len(keys), dtype=np.int64)
    equal[order] = np.repeat(lengths - 1, lengths)
    return equal
