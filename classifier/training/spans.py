"""Learn what spam inside a line looks like, from pages whose spans are known to the character."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from classifier.datamodels import LabelledDocument
from classifier.model.pages import Pages
from classifier.model.spans import SpanWeights, runs_of_spam, spam_logits
from classifier.model.stacker import Stacker, StackerWeights
from classifier.training.span_examples import SHARES, SpanExamples, span_examples
from classifier.training.span_ngrams import fit_span_ngrams
from classifier.training.span_tagger import fit_tagger, tagger_settings

Array = NDArray[np.float32]

_N_FOLDS = 3
_HELD_OUT = 12
"""One of so many keywords is kept for calibration."""
_GATE_SHARE = 0.08
"""Share of the lines of made and real content that passes the gate; of the lines of most sites it
is a hundredth."""
_TOKENS_AT_ONCE = 20_000


@dataclass(frozen=True, slots=True)
class SpanSettings:
    """How spans are learned.

    Attributes
    ----------
    ngram_regularisation
        scikit-learn's ``C`` of the fit of n-grams.
    n_passes
        Passes of the tagger over the lines.
    seed
        Of everything random.
    """

    ngram_regularisation: float = 20.0
    n_passes: int = 16
    seed: int = 0


def fit_spans(
    documents: Sequence[LabelledDocument],
    settings: SpanSettings | None = None,
    *,
    on_stage: Callable[[str], None] = lambda _stage: None,
) -> SpanWeights:
    """Fit the weights of n-grams, the tagger, its calibration and the gate.

    Parameters
    ----------
    documents
        Made pages with spans, and real pages without any.
    settings
        The defaults if None.
    on_stage
        Told what was done.
    """
    settings = settings or SpanSettings()
    examples = span_examples(documents, seed=settings.seed)
    on_stage(f"{len(examples.roles):,} tokens of {len(examples.key):,} lines")
    everything = np.ones(len(examples.key), dtype=np.bool_)
    for fold in range(_N_FOLDS):
        is_held_out = examples.key % _N_FOLDS == fold
        table = _fit_ngrams(examples, ~is_held_out, settings)
        examples.with_evidence(table, is_held_out)
    on_stage("n-grams")
    is_held_out = examples.key // _N_FOLDS % _HELD_OUT == 0
    tagger = fit_tagger(
        examples,
        ~is_held_out,
        settings=tagger_settings(settings.n_passes),
        seed=settings.seed,
        on_pass=lambda index, loss: on_stage(f"pass {index}: loss {loss:.4f}"),
    )
    gate = fit_gate(examples)
    # looked at are lines that pass the gate, and those beside lines with spans
    is_seen = (examples.lines @ gate[:-1] + gate[-1] > 0) | examples.is_beside
    return SpanWeights(
        ngrams=_fit_ngrams(examples, everything, settings),
        tagger=tagger,
        gate=gate,
        calibration=fit_calibration(examples, tagger, is_held_out & is_seen),
    )


def _fit_ngrams(examples: SpanExamples, lines: NDArray[np.bool_], settings: SpanSettings) -> Array:
    return fit_span_ngrams(
        examples, lines, regularisation=settings.ngram_regularisation, seed=settings.seed
    )


def fit_gate(examples: SpanExamples) -> Array:
    """Fit lines with spans against content; the bias lets a small share of content pass."""
    lines = examples.has_span | examples.is_content
    X, y = examples.lines[lines].astype(np.float64), examples.has_span[lines]
    mean, scale = X.mean(axis=0), np.maximum(X.std(axis=0), 1e-2)
    model = LogisticRegression(class_weight="balanced", max_iter=200)
    model.fit((X - mean) / scale, y)
    weights = model.coef_[0] / scale
    passing = np.quantile(examples.lines[examples.is_content] @ weights, 1 - _GATE_SHARE)
    return np.append(weights, -passing).astype(np.float32)


def fit_calibration(
    examples: SpanExamples, tagger: StackerWeights, lines: NDArray[np.bool_]
) -> Array:
    """Fit how sure found spans are, on lines that did not teach the tagger."""
    chosen = np.flatnonzero(lines)
    values, labels, weights = [], [], []
    sizes = np.diff(examples.offsets)
    groups = np.cumsum(sizes[chosen]) // _TOKENS_AT_ONCE
    for group in np.unique(groups):
        part = chosen[groups == group]
        tokens = np.concatenate([np.arange(*examples.offsets[line : line + 2]) for line in part])
        offsets = np.concatenate([[0], np.cumsum(sizes[part])])
        inputs = np.ascontiguousarray(examples.matrix[tokens].T)
        logits = Stacker(tagger).logits(inputs, Pages.of(offsets))
        margin = spam_logits(logits.astype(np.float64))
        first, last = runs_of_spam(logits, margin, offsets)
        if len(first) == 0:
            continue
        running = np.append(0, np.cumsum(margin))
        inside = np.append(0, np.cumsum(examples.is_inside[tokens]))
        values.append((running[last] - running[first]) / (last - first))
        labels.append((inside[last] - inside[first]) * 2 > last - first)
        line = part[np.searchsorted(offsets, first, side="right") - 1]
        weights.append(np.where(examples.is_content[line], 1 / SHARES["c"], 1))
    plain = np.array([1, 0], np.float32)
    if not labels or len(np.unique(np.concatenate(labels))) < 2:
        return plain
    model = LogisticRegression(C=1e3)
    model.fit(
        np.concatenate(values)[:, None],
        np.concatenate(labels),
        sample_weight=np.concatenate(weights),
    )
    return np.append(model.coef_[0], model.intercept_).astype(np.float32)
