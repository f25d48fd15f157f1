"""Weights of n-grams: what spans are made of, against what content is made of."""

import warnings

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from classifier.model.span_ngrams import N_SPAN_BUCKETS, TokenNgrams
from classifier.model.span_tokens import ranges
from classifier.model.spans import REST
from classifier.training.span_examples import SpanExamples

_MOST_WINDOWS, _MOST_SPAM_LINES = 120_000, 12_000
_LONGEST_WINDOW = 6
_LONGEST_SPAM_LINE = 30
_ITERATIONS = 60


def fit_span_ngrams(
    examples: SpanExamples, lines: NDArray[np.bool_], *, regularisation: float, seed: int
) -> NDArray[np.float32]:
    """Fit spans and spam lines against windows of content.

    Parameters
    ----------
    examples
        Lines by tokens.
    lines
        Array of shape (n_lines,): which of them teach.
    regularisation
        scikit-learn's ``C``.
    seed
        Of which windows are drawn.

    Returns
    -------
    weights : float32 array of shape (N_SPAN_BUCKETS + 1,)
        The last, for positions without an n-gram, is zero.
    """
    rng = np.random.default_rng(seed)
    sizes = np.diff(examples.offsets)
    teaches = np.repeat(lines, sizes)
    first, last = examples.spans()
    spans = teaches[first]
    spam = np.flatnonzero(lines & examples.is_spam & (sizes <= _LONGEST_SPAM_LINE))
    spam = np.sort(rng.choice(spam, min(len(spam), _MOST_SPAM_LINES), replace=False))
    windows = _windows(examples, np.flatnonzero(teaches & (examples.roles == REST)), rng)
    parts = [
        (first[spans], last[spans]),
        (examples.offsets[:-1][spam], examples.offsets[1:][spam]),
        windows,
    ]
    counts = sparse.vstack([ngram_counts(examples.ngrams, *part) for part in parts], format="csr")
    labels = np.repeat([1, 1, 0], [len(begin) for begin, _ in parts])
    model = LogisticRegression(C=regularisation, class_weight="balanced", max_iter=_ITERATIONS)
    with warnings.catch_warnings():
        # later iterations fit rare n-grams
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(counts, labels)
    return np.append(model.coef_[0], 0).astype(np.float32)


def _windows(
    examples: SpanExamples, rest: NDArray[np.int64], rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw short runs of tokens of content."""
    first = np.sort(rng.choice(rest, min(_MOST_WINDOWS, len(rest)), replace=False))
    size = rng.integers(1, _LONGEST_WINDOW + 1, len(first))
    # a single character says little
    is_short = examples.ngrams.last[first] - examples.ngrams.first[first] <= 2
    size += is_short * rng.integers(0, _LONGEST_WINDOW, len(first))
    stops = np.union1d(np.flatnonzero(examples.roles != REST), examples.offsets)
    return first, np.minimum(first + size, stops[np.searchsorted(stops, first, side="right")])


def ngram_counts(
    ngrams: TokenNgrams, first: NDArray[np.int64], last: NDArray[np.int64]
) -> sparse.csr_matrix:
    """Return the n-grams inside each run of tokens, over the root of their number.

    Returns
    -------
    counts : sparse matrix of shape (n_runs, N_SPAN_BUCKETS)
    """
    begin, end = ngrams.first[first], ngrams.last[last - 1]
    kinds = (
        (ngrams.pairs, begin, end - 1),
        (ngrams.quads, begin, end - 3),
        (ngrams.words, first, last),
        (ngrams.pairs_after, first, last - 1),
    )
    rows, columns = [], []
    for buckets, low, high in kinds:
        sizes = np.maximum(high - low, 0)
        rows.append(np.repeat(np.arange(len(first)), sizes))
        columns.append(buckets[ranges(low, sizes)[0]])
    row, column = np.concatenate(rows), np.concatenate(columns)
    keep = column < N_SPAN_BUCKETS
    row, column = row[keep], column[keep]
    number = np.maximum(np.bincount(row, minlength=len(first)), 1)
    values = 1 / np.sqrt(number[row])
    return sparse.csr_matrix((values, (row, column)), shape=(len(first), N_SPAN_BUCKETS))
