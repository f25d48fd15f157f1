"""Fit the lexical head with scikit-learn and turn the fits into one look-up table."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from classifier.features.ngrams import N_BUCKETS
from classifier.labels import CONTENT_INDEX, LABELS
from classifier.model.lexical import LEXICAL_FEATURES, LexicalHead
from classifier.training.dataset import Dataset

_REFERENCE = len(LABELS) - 1
_IMPOSSIBLE = -20.0
"""Logit of a label that no training line has."""

Step = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Coefficients of shape (n_logits, N_BUCKETS) and intercepts of shape (n_logits,)."""


def fit_lexical(
    dataset: Dataset, documents: NDArray[np.int64], *, regularisation: float, n_iterations: int
) -> LexicalHead:
    """Fit the lexical head on some documents.

    Parameters
    ----------
    dataset
        All documents.
    documents
        Indices of those to fit on.
    regularisation
        scikit-learn's ``C`` of the step that all lines teach; the other, with fewer lines, gets
        three times as much freedom.
    n_iterations
        Most iterations of the solver.
    """
    lines = dataset.lines_of(documents)
    lines = lines[dataset.lexical_weights[lines] > 0]
    allowed = dataset.allowed[:, lines]
    may_be_content = allowed[CONTENT_INDEX]
    content = fit_step(
        dataset,
        lines,
        np.where(may_be_content, 1, 0),
        regularisation=regularisation,
        n_iterations=n_iterations,
    )
    is_certain = ~may_be_content & (allowed.sum(axis=0) == 1)
    kind = fit_step(
        dataset,
        lines[is_certain],
        allowed[:, is_certain].argmax(axis=0),
        regularisation=3 * regularisation,
        n_iterations=2 * n_iterations,
    )
    seen = dataset.ngrams[np.unique(dataset.distinct[lines])]
    return export_lexical(content, kind, familiarity(seen))


def fit_step(
    dataset: Dataset,
    lines: NDArray[np.int64],
    labels: NDArray[np.int64],
    *,
    regularisation: float,
    n_iterations: int,
) -> LogisticRegression | int | None:
    """Fit one step on lines with these labels.

    Returns
    -------
    fitted : estimator, or the only label there is, or None without lines
    """
    if len(lines) == 0:
        return None
    keys = dataset.distinct[lines] * len(LABELS) + labels
    distinct, inverse, counts = np.unique(keys, return_inverse=True, return_counts=True)
    total = np.bincount(inverse, weights=dataset.lexical_weights[lines])
    # a menu item that stands on every page of a site is not worth a thousand lines
    weights = total / counts * (1 + np.log(counts))
    rows, labels = distinct // len(LABELS), distinct % len(LABELS)
    if len(np.unique(labels)) == 1:
        return int(labels[0])
    model = LogisticRegression(C=regularisation, max_iter=n_iterations, tol=1e-3)
    return model.fit(dataset.ngrams[rows], labels, sample_weight=weights)


def familiarity(counts: sparse.csr_matrix) -> NDArray[np.float32]:
    """Return how often each bucket occurs on a log scale, 0 never to 1, shape (N_BUCKETS,)."""
    occurrences = np.log1p(np.bincount(counts.indices, minlength=N_BUCKETS))
    shares: NDArray[np.float32] = (occurrences / max(occurrences.max(), 1.0)).astype(np.float32)
    return shares


def export_lexical(
    content: LogisticRegression | int | None,
    kind: LogisticRegression | int | None,
    bucket_familiarity: NDArray[np.float32],
) -> LexicalHead:
    """Return the table that gives the same probabilities as the two fitted steps.

    Parameters
    ----------
    content
        Content (1) against the rest (0).
    kind
        Which of the labels but content, by index into `LABELS`.
    bucket_familiarity
        Array of shape (N_BUCKETS,).
    """
    keep_weights, keep_bias = _logits(content, 2)
    kind_weights, kind_bias = _logits(kind, len(LABELS))
    table = np.zeros((N_BUCKETS + 1, len(LEXICAL_FEATURES)), dtype=np.float32)
    table[:N_BUCKETS, 0] = keep_weights[1] - keep_weights[0]
    table[:N_BUCKETS, 1:-1] = (kind_weights[1:_REFERENCE] - kind_weights[_REFERENCE]).T
    table[:N_BUCKETS, -1] = bucket_familiarity
    bias = [keep_bias[1] - keep_bias[0], *(kind_bias[1:_REFERENCE] - kind_bias[_REFERENCE])]
    return LexicalHead(table=table, bias=np.array(bias, dtype=np.float32))


def _logits(fitted: LogisticRegression | int | None, n_labels: int) -> Step:
    """Return weights and bias of one logit a label, the same however many labels were fitted."""
    weights, bias = np.zeros((n_labels, N_BUCKETS)), np.zeros(n_labels)
    if fitted is None:
        return weights, bias
    bias[:] = _IMPOSSIBLE
    if isinstance(fitted, int):
        bias[fitted] = 0.0
    elif len(fitted.classes_) == 2:
        weights[fitted.classes_[1]] = fitted.coef_[0]
        bias[fitted.classes_] = (0.0, fitted.intercept_[0])
    else:
        weights[fitted.classes_] = fitted.coef_
        bias[fitted.classes_] = fitted.intercept_
    return weights, bias


def lexical_outputs(head: LexicalHead, counts: sparse.csr_matrix) -> NDArray[np.float32]:
    """Return what `LexicalHead.apply` returns, for rows of n-gram counts; shape (4, n_rows)."""
    outputs = (counts @ head.table[:N_BUCKETS]).T
    # the counts are over the square root of their number; familiarity is a mean
    total = np.asarray(counts.sum(axis=1)).reshape(-1)
    outputs[-1] /= np.maximum(total, 1)
    outputs[:-1] += head.bias[:, None]
    return np.ascontiguousarray(outputs, dtype=np.float32)
