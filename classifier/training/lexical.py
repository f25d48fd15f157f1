"""Fit the lexical head with scikit-learn and turn the fit into a look-up table."""

import warnings

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from classifier.features.ngrams import N_BUCKETS
from classifier.labels import LABELS
from classifier.model.lexical import LEXICAL_FEATURES, LexicalHead
from classifier.training.dataset import Dataset

_LEAST_SHARE = 0.1
"""Labels less likely than this are not worth a row of their own for a line of unknown label."""


def fit_lexical(
    dataset: Dataset, documents: NDArray[np.int64], *, regularisation: float, n_iterations: int
) -> LexicalHead:
    """Fit the lexical head on some documents.

    Lines known only as "not content" take part by expectation and maximisation (Dempster, Laird &
    Rubin 1977): a head fitted on the fully labelled lines says how likely each of the other three
    labels is, and each line counts for them in these shares.

    Parameters
    ----------
    dataset
        All documents.
    documents
        Indices of those to fit on.
    regularisation
        scikit-learn's ``C``.
    n_iterations
        Most iterations of the solver.
    """
    examples = _Examples.of(dataset, documents)
    is_certain = examples.allowed.sum(axis=1) == 1
    certain_labels = examples.allowed[is_certain].argmax(axis=1)
    certain_rows = examples.rows[is_certain]
    weights = examples.weights[is_certain]
    partial_rows = examples.rows[~is_certain]
    if len(partial_rows) and len(np.unique(certain_labels)) == len(LABELS):
        first = _fit(dataset.ngrams[certain_rows], certain_labels, weights, regularisation, 30)
        shares = first.predict_proba(dataset.ngrams[partial_rows]) * examples.allowed[~is_certain]
        shares /= np.maximum(shares.sum(axis=1, keepdims=True), 1e-9)
        partial, labels = np.nonzero(shares > _LEAST_SHARE)
        certain_rows = np.concatenate([certain_rows, partial_rows[partial]])
        certain_labels = np.concatenate([certain_labels, labels])
        partial_weights = examples.weights[~is_certain][partial] * shares[partial, labels]
        weights = np.concatenate([weights, partial_weights])
    elif len(partial_rows):
        # without lines of every label there is nothing to share by: what is known stays known
        certain_rows, certain_labels, weights = _spread_evenly(examples)
    fitted = _fit(
        dataset.ngrams[certain_rows], certain_labels, weights, regularisation, n_iterations
    )
    return export_lexical(fitted, familiarity(dataset.ngrams[np.unique(examples.rows)]))


class _Examples:
    """Distinct lines with distinct knowledge of their label."""

    def __init__(
        self, rows: NDArray[np.int64], allowed: NDArray[np.bool_], weights: NDArray[np.float64]
    ) -> None:
        self.rows, self.allowed, self.weights = rows, allowed, weights

    @classmethod
    def of(cls, dataset: Dataset, documents: NDArray[np.int64]) -> "_Examples":
        lines = dataset.lines_of(documents)
        lines = lines[dataset.weights[lines] > 0]
        powers = 1 << np.arange(len(LABELS))
        knowledge = powers @ dataset.allowed[:, lines]
        keys = dataset.distinct[lines] * (1 << len(LABELS)) + knowledge
        distinct, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
        total = np.bincount(inverse, weights=dataset.weights[lines])
        # a menu item that stands on every page of a site is not worth a thousand lines
        damped = total / counts * (1 + np.log(counts))
        allowed = (distinct[:, None] >> np.arange(len(LABELS))) & 1
        return cls(distinct >> len(LABELS), allowed.astype(np.bool_), damped)


def _spread_evenly(
    examples: _Examples,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    index, labels = np.nonzero(examples.allowed)
    shares = examples.weights / examples.allowed.sum(axis=1)
    return examples.rows[index], labels, shares[index]


def _fit(
    counts: sparse.csr_matrix,
    labels: NDArray[np.int64],
    weights: NDArray[np.float64],
    regularisation: float,
    n_iterations: int,
) -> LogisticRegression:
    model = LogisticRegression(C=regularisation, max_iter=n_iterations, tol=1e-3)
    with warnings.catch_warnings():
        # stopping early is a choice here: later iterations fit rare n-grams
        warnings.simplefilter("ignore", ConvergenceWarning)
        return model.fit(counts, labels, sample_weight=weights)


def familiarity(counts: sparse.csr_matrix) -> NDArray[np.float32]:
    """Return how often each bucket occurs, on a log scale from 0 (never) to 1, shape (N_BUCKETS,)."""
    occurrences = np.log1p(np.bincount(counts.indices, minlength=N_BUCKETS))
    return (occurrences / max(occurrences.max(), 1.0)).astype(np.float32)


def export_lexical(
    fitted: LogisticRegression, bucket_familiarity: NDArray[np.float32]
) -> LexicalHead:
    """Return the table that gives the same probabilities as `fitted`.

    A label absent from the training lines gets a bias that makes it practically impossible.
    """
    coefficients = np.zeros((len(LABELS), N_BUCKETS))
    bias = np.full(len(LABELS), -20.0)
    if len(fitted.classes_) == 2:
        coefficients[fitted.classes_[1]] = fitted.coef_[0]
        bias[fitted.classes_] = (0.0, fitted.intercept_[0])
    else:
        coefficients[fitted.classes_] = fitted.coef_
        bias[fitted.classes_] = fitted.intercept_
    table = np.zeros((N_BUCKETS + 1, len(LEXICAL_FEATURES)), dtype=np.float32)
    table[:N_BUCKETS, :-1] = (coefficients[:-1] - coefficients[-1]).T
    table[:N_BUCKETS, -1] = bucket_familiarity
    return LexicalHead(table=table, bias=(bias[:-1] - bias[-1]).astype(np.float32))


def lexical_outputs(head: LexicalHead, counts: sparse.csr_matrix) -> NDArray[np.float32]:
    """Return what `LexicalHead.apply` returns, for rows of n-gram counts; shape (4, n_rows)."""
    outputs = (counts @ head.table[:N_BUCKETS]).T
    # the counts are over the square root of their number; familiarity is a mean
    total = np.asarray(counts.sum(axis=1)).reshape(-1)
    outputs[-1] /= np.maximum(total, 1)
    outputs[:-1] += head.bias[:, None]
    return np.ascontiguousarray(outputs, dtype=np.float32)
