"""Learn what spam inside a line looks like, from pages whose spans are known to the character."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier

from classifier.model.span_candidates import Candidates
from classifier.model.span_runs import UNIT_FEATURES, UnitWeights, units_of
from classifier.model.spans import (
    N_HIDDEN,
    SPAN_FEATURES,
    ScoredCandidates,
    SpanFinder,
    SpanWeights,
)
from classifier.training.span_ngrams import SpanBatch, SpanPage, fit_span_ngrams

_PAGES_PER_BATCH = 200
_LINES_PER_LINE = 10
"""Of so many lines without a span one teaches words."""

_UNLIKELY = -20.0
_NEGATIVES_SHARE = 0.25
_COPIED = SPAN_FEATURES.index("copy of another line without its spaces")
_COPIES_WEIGHT = 8

_NETWORKS = 4
"""Networks whose mean is kept: alone, they differ much from one random start to the next."""


@dataclass(frozen=True, slots=True)
class SpanSettings:
    """How spans are learned.

    Attributes
    ----------
    ngram_regularisation
        scikit-learn's ``C`` of the fit of n-grams.
    feature_regularisation, n_passes
        Weight decay, and passes over the candidates, of the fit of their features.
    n_rounds
        Times the features are fitted; echoes are found with the weights of the round before.
    seed
        Of the windows of content that are drawn.
    """

    ngram_regularisation: float = 20.0
    feature_regularisation: float = 0.0001
    n_passes: int = 20
    n_rounds: int = 2
    seed: int = 0


def fit_spans(pages: Sequence[SpanPage], settings: SpanSettings | None = None) -> SpanWeights:
    """Fit the weights of n-grams, then those of features of candidates.

    Parameters
    ----------
    pages
        Made pages with spans, and real pages without any.
    settings
        The defaults if None.
    """
    settings = settings or SpanSettings()
    batches = [
        SpanBatch.of(pages[at : at + _PAGES_PER_BATCH])
        for at in range(0, len(pages), _PAGES_PER_BATCH)
    ]
    ngrams = fit_span_ngrams(
        batches, regularisation=settings.ngram_regularisation, seed=settings.seed
    )
    words = _fit_units(batches, *ngrams)
    # no candidate counts as likely in the first round: nothing follows from any
    biases = np.array([words.ngram_bias, _UNLIKELY], np.float32)
    none = np.zeros((N_HIDDEN, len(SPAN_FEATURES)), np.float32)
    weights = SpanWeights(words.ngrams, words.units, none, none[:, 0], none[:, 0], biases)
    for _ in range(settings.n_rounds):
        weights = _fit_features(batches, weights, settings)
    return weights


def _fit_units(
    batches: Sequence[SpanBatch], ngrams: NDArray[np.float32], ngram_bias: float
) -> UnitWeights:
    """Fit which words are of a span, on lines with spans and as many without."""
    nothing = np.zeros(len(UNIT_FEATURES), np.float32)
    weights = UnitWeights(ngrams, ngram_bias, nothing)
    rows, labels = [], []
    for batch in batches:
        lines = np.flatnonzero(batch.is_known)
        is_spanned = np.isin(lines, batch.line)
        chosen = is_spanned | (np.arange(len(lines)) % _LINES_PER_LINE == 0)
        units = units_of(batch.features, weights, lines[chosen], batch.batch.document_of_line)
        # the last span that begins before the word must end behind it
        ends = np.append(0, batch.end)[np.searchsorted(batch.start, units.starts, side="right")]
        inside = units.ends <= ends
        rows.append(units.features)
        labels.append(inside)
    model = LogisticRegression(C=1.0, fit_intercept=False, max_iter=500)
    model.fit(np.concatenate(rows, axis=1).T, np.concatenate(labels))
    return UnitWeights(ngrams, ngram_bias, model.coef_[0].astype(np.float32))


def _fit_features(
    batches: Sequence[SpanBatch], weights: SpanWeights, settings: SpanSettings
) -> SpanWeights:
    rows, labels = [], []
    for batch in batches:
        scored = candidates_of(batch, weights)
        truth = matches(scored.candidates, batch)
        keep = truth >= 0
        rows.append(scored.features[:, keep])
        labels.append(truth[keep])
    X, y = np.concatenate(rows, axis=1).T, np.concatenate(labels)
    mean, scale = X.mean(axis=0), np.maximum(X.std(axis=0), 1e-3)
    rng = np.random.default_rng(settings.seed)
    chosen = np.flatnonzero((y == 1) | (rng.random(len(y)) < _NEGATIVES_SHARE))
    # copies are few, and what is one seldom depends on anything else
    copies = chosen[X[chosen, _COPIED] > 0]
    chosen = np.concatenate([chosen, np.repeat(copies, _COPIES_WEIGHT)])
    hidden, hidden_bias, output, bias = [], [], [], np.log(_NEGATIVES_SHARE)
    for network in range(_NETWORKS):
        model = MLPClassifier(
            (N_HIDDEN // _NETWORKS,),
            alpha=settings.feature_regularisation,
            batch_size=min(200, len(chosen)),
            max_iter=settings.n_passes,
            random_state=_NETWORKS * settings.seed + network,
        )
        with warnings.catch_warnings():
            # the number of passes is chosen
            warnings.simplefilter("ignore", ConvergenceWarning)
            model.fit((X[chosen] - mean) / scale, y[chosen])
        hidden.append(model.coefs_[0].T / scale)
        hidden_bias.append(model.intercepts_[0] - hidden[-1] @ mean)
        output.append(model.coefs_[1][:, 0] / _NETWORKS)
        bias += model.intercepts_[1][0] / _NETWORKS
    return SpanWeights(
        ngrams=weights.ngrams,
        units=weights.units,
        hidden=np.concatenate(hidden).astype(np.float32),
        hidden_bias=np.concatenate(hidden_bias).astype(np.float32),
        output=np.concatenate(output).astype(np.float32),
        biases=np.array([weights.biases[0], bias], np.float32),
    )


def candidates_of(batch: SpanBatch, weights: SpanWeights) -> ScoredCandidates:
    """Return all candidates of the lines that are known."""
    return SpanFinder(weights).scored(batch.batch, batch.features, batch.texts, batch.is_known)


def matches(candidates: Candidates, batch: SpanBatch) -> NDArray[np.int64]:
    """Return 1 for candidates that are a span, 0 for those that are not, -1 for in between.

    In between is what overlaps a span by more than half of both but differs from it by more than
    separators; it is neither taught as spam nor as content.
    """
    truth = np.zeros(len(candidates), dtype=np.int64)
    for index in range(len(candidates)):
        start, end = int(candidates.start[index]), int(candidates.end[index])
        at = int(np.searchsorted(batch.end, start, side="right"))
        while at < len(batch.start) and batch.start[at] < end:
            low, high = int(batch.start[at]), int(batch.end[at])
            shared = min(end, high) - max(start, low)
            union = max(end, high) - min(start, low)
            if abs(start - low) <= 1 and abs(end - high) <= 1:
                truth[index] = 1
            elif shared / union > 0.5:
                truth[index] = max(truth[index], -1) or -1
            at += 1
    return truth
