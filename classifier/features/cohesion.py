"""What a line shares with its page: with other lines, with the head, with the body text.

A keyword stuffed into title, body and footer comes back verbatim; a list of unrelated headlines
shares nothing with the article. Shared text is told from a sample of the character fours, taken by
hash so that equal text gives equal samples everywhere (Broder 1997, "On the resemblance and
containment of documents").
"""

import numpy as np
from numpy.typing import NDArray

from classifier.features.ngrams import Ngrams
from classifier.text.characters import Characters

COHESION_FEATURES: tuple[str, ...] = (
    "share found in other lines",
    "share found in the head of the page",
    "share found in body text",
    "share found in the lines next to it",
)
"""Names of the rows `cohesion_features` returns, in their order."""

HEAD_LINES = 3
"""Lines that count as the head of a page: title, breadcrumb, headline."""

BODY_CHARS = 100
"""Length from which a line counts as body text."""

_SAMPLED_BITS = 3
_CELLS_PER_SAMPLE = 16


def cohesion_features(
    characters: Characters,
    ngrams: Ngrams,
    document_of_line: NDArray[np.int64],
    rank: NDArray[np.int64],
) -> NDArray[np.float32]:
    """Return how much of each line stands elsewhere in its document.

    Parameters
    ----------
    characters, ngrams
        The batch.
    document_of_line
        Array of shape (n_lines,).
    rank
        Array of shape (n_lines,): the number of each line in its document, blank lines not
        counted.

    Returns
    -------
    features : float32 array of shape (len(COHESION_FEATURES), n_lines)
    """
    sample = np.flatnonzero((ngrams.quad_hashes & ((1 << _SAMPLED_BITS) - 1)) == 0)
    line = characters.line_of_char.take(sample)
    n_documents = int(document_of_line[-1]) + 1
    edges = np.searchsorted(document_of_line, np.arange(n_documents + 1))
    samples_each = np.diff(np.searchsorted(sample, characters.line_starts[edges]))
    cell, n_cells = _cells(ngrams.quad_hashes.take(sample), samples_each)
    # in order of lines the last write stays: that of the last line, or backwards the first
    narrow = line.astype(np.int32)
    last = np.empty(n_cells, dtype=np.int32)
    last[cell] = narrow
    first = np.empty(n_cells, dtype=np.int32)
    first[cell[::-1]] = narrow[::-1]
    is_body = np.diff(characters.line_starts) > BODY_CHARS
    in_body = np.zeros(n_cells, dtype=np.bool_)
    in_body[cell[is_body.take(line)]] = True
    first_line, last_line = first.take(cell), last.take(cell)
    is_shared = first_line != last_line
    in_head = is_shared & (rank < HEAD_LINES).take(first_line)
    nearest = np.where(first_line == narrow, last_line, first_line)
    is_near = is_shared & (np.abs(rank.take(nearest) - rank.take(line)) <= 2)
    return _shares(line, (is_shared, in_head, in_body.take(cell), is_near), characters.n_lines)


def _shares(
    line: NDArray[np.int64], flags: tuple[NDArray[np.bool_], ...], n_lines: int
) -> NDArray[np.float32]:
    """Return for each flag the share of each line's samples that have it, (n_flags, n_lines).

    All flags are counted at once: each sample falls into one of 2 ** n_flags combinations.
    """
    n_combinations = 1 << len(flags)
    combination = np.zeros(len(line), dtype=np.uint8)
    for bit, flag in enumerate(flags):
        combination |= flag.view(np.uint8) << np.uint8(bit)
    cells = line * n_combinations
    cells += combination
    counts = np.bincount(cells, minlength=n_lines * n_combinations)
    table = counts.reshape(n_lines, n_combinations).astype(np.float32)
    has_flag = (np.arange(n_combinations) >> np.arange(len(flags))[:, None]) & 1
    counted = np.concatenate([has_flag, np.ones((1, n_combinations))]).astype(np.float32)
    *_, n_samples = sums = counted @ table.T
    shares: NDArray[np.float32] = sums[:-1] / np.maximum(n_samples, 1)
    return shares


def _cells(
    hashes: NDArray[np.uint32], samples_each: NDArray[np.int64]
) -> tuple[NDArray[np.int64], int]:
    """Return the cell of each sample in tables that only depend on the document, and their size."""
    bits = np.ceil(np.log2(np.maximum(samples_each * _CELLS_PER_SAMPLE, 1))).astype(np.int64)
    sizes = 1 << bits
    starts = np.cumsum(sizes) - sizes
    cell = (hashes >> np.uint32(_SAMPLED_BITS)).astype(np.int64)
    cell &= np.repeat(sizes - 1, samples_each)
    cell += np.repeat(starts, samples_each)
    return cell, int(sizes.sum())
