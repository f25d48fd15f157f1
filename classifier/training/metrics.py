"""Figures of an evaluation from plain arrays: rates, average precision, calibration, content loss.

Undefined figures (nothing to divide by) are NaN here and ``null`` in a report.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

N_BINS = 15
"""Bins of the calibration error; 15 is the usual number (Guo et al. 2017)."""

LOSS_LIMITS = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1)

_CHARS_OF_A_LARGE_SOURCE = 100_000
_ONE_SIDED = 1.64  # standard errors of a one-sided bound of 95 %
"""The shares of true content characters for which an operating point is measured."""


@dataclass(frozen=True, slots=True)
class Rates:
    """How well one label (or keeping) was found; ``support`` is what there was to find."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class Bin:
    """One bin of a reliability table: how sure the model was, how often it was right."""

    n_lines: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Whether a probability means what it says."""

    n_lines: int
    expected_calibration_error: float
    brier: float
    reliability: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class ContentLoss:
    """One operating point: the highest threshold trusted to lose no more content than allowed.

    Attributes
    ----------
    max_content_loss
        Share of the true content characters one is ready to lose.
    content_threshold
        Lines whose probability of content is below it are dropped.
    content_loss
        Share of the true content characters really lost here, never above the limit, and below it
        where sources differ.
    removed_not_content, removed_not_content_chars
        Share of the lines, and of the characters, that are not content and are dropped.
    """

    max_content_loss: float
    content_threshold: float
    content_loss: float
    removed_not_content: float
    removed_not_content_chars: float


def divide(top: NDArray[np.float64], bottom: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return `top` / `bottom`, NaN where `bottom` is zero."""
    quotient = np.full(np.broadcast_shapes(top.shape, bottom.shape), np.nan)
    np.divide(top, bottom, out=quotient, where=bottom != 0)
    return quotient


def f1_of_counts(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return F1 from (true positives, false positives, false negatives) on the last axis."""
    hits, false, missed = counts[..., 0], counts[..., 1], counts[..., 2]
    return divide(2 * hits, 2 * hits + false + missed)


def rates_of_counts(counts: NDArray[np.float64]) -> Rates:
    """Return the rates of one (true positives, false positives, false negatives)."""
    hits, false, missed = counts
    return Rates(
        precision=float(divide(hits, hits + false)),
        recall=float(divide(hits, hits + missed)),
        f1=float(f1_of_counts(counts)),
        support=int(hits + missed),
    )


def counts_of_confusion(confusion: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return (true positives, false positives, false negatives) of each label.

    Parameters
    ----------
    confusion
        Array of shape (..., n_labels, n_labels), rows the true label, columns the given one.

    Returns
    -------
    counts : array of shape (..., n_labels, 3)
    """
    hits = np.diagonal(confusion, axis1=-2, axis2=-1)
    return np.stack([hits, confusion.sum(axis=-2) - hits, confusion.sum(axis=-1) - hits], axis=-1)


def macro_f1(confusion: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean F1 of the labels that occur in the truth, NaN if none does."""
    occurs = confusion.sum(axis=-1) > 0
    f1 = np.where(occurs, f1_of_counts(counts_of_confusion(confusion)), 0.0)
    return divide(f1.sum(axis=-1), occurs.sum(axis=-1).astype(np.float64))


def average_precision(
    is_content: NDArray[np.bool_],
    probability: NDArray[np.float32],
    weight: NDArray[np.float64] | None = None,
) -> float:
    """Return the area under precision over recall, without interpolation.

    Lines of equal probability count as one step, as in scikit-learn.
    """
    weight = np.ones(len(is_content)) if weight is None else weight
    order = np.argsort(-probability, kind="stable")
    steps = np.flatnonzero(np.append(np.diff(probability[order]) != 0, values=True))
    hits = np.cumsum((weight * is_content)[order])[steps]
    found = np.cumsum(weight[order])[steps]
    if not len(hits) or hits[-1] == 0:
        return float("nan")
    gained = np.diff(hits, prepend=0.0)
    precision = np.nan_to_num(divide(hits, found))
    return float((gained * precision).sum() / hits[-1])


def calibration(confidence: NDArray[np.float32], is_right: NDArray[np.bool_]) -> Calibration:
    """Return how far `confidence` is from the share that is right, in bins of equal numbers.

    ``brier`` is the mean squared distance of the confidence to 0 or 1.
    """
    order = np.argsort(confidence, kind="stable")
    sure = confidence[order].astype(np.float64)
    right = is_right[order].astype(np.float64)
    n_lines = len(sure)
    edges = np.linspace(0, n_lines, min(N_BINS, n_lines) + 1).astype(np.int64)
    bins = tuple(
        Bin(end - start, float(sure[start:end].mean()), float(right[start:end].mean()))
        for start, end in pairwise(edges.tolist())
        if end > start
    )
    gap = sum(part.n_lines * abs(part.confidence - part.accuracy) for part in bins)
    nothing = float("nan")
    return Calibration(
        n_lines=n_lines,
        expected_calibration_error=gap / n_lines if n_lines else nothing,
        brier=float(np.mean((sure - right) ** 2)) if n_lines else nothing,
        reliability=bins,
    )


def content_loss_table(
    is_content: NDArray[np.bool_],
    probability: NDArray[np.float32],
    n_chars: NDArray[np.int64],
    source: NDArray[np.int64],
    limits: tuple[float, ...] = LOSS_LIMITS,
) -> tuple[ContentLoss, ...]:
    """Return, for each limit, the highest threshold that can be trusted to lose no more content.

    Two shares of content characters lost must be within the limit: that of all lines together, and
    what is to be expected of a source not among these, with a confidence of 95 % (risk-controlling
    prediction sets with the bound of the central limit theorem, Bates et al. 2021, sources as
    their calibration points). Thresholds are probabilities that occur, unrounded: rounding up
    would lose a line more.

    Parameters
    ----------
    is_content
        Which scored lines are content, shape (n_lines,).
    probability
        Their probability of content.
    n_chars
        Their lengths.
    source
        The source of each, as an index. With one source there is nothing to expect of others by.
    limits
        Shares in [0, 1).

    Returns
    -------
    table
        One row a limit; empty if no line is content.
    """
    order = np.argsort(probability[is_content], kind="stable")
    candidates, lengths = probability[is_content][order], n_chars[is_content][order]
    lost = np.cumsum(lengths)
    if not len(lost) or lost[-1] == 0:
        return ()
    risk = np.maximum(lost / lost[-1], _loss_of_a_new_source(lengths, source[is_content][order]))
    # The first line whose loss would be too much stays, and so do all as likely as it.
    risk = np.maximum.accumulate(risk)
    kept = candidates[np.searchsorted(risk, np.asarray(limits), side="right")]
    return tuple(
        ContentLoss(
            max_content_loss=limit,
            content_threshold=float(threshold),
            content_loss=_share_below(threshold, candidates, lengths),
            removed_not_content=_share_below(
                threshold, probability[~is_content], np.ones(int((~is_content).sum()), np.int64)
            ),
            removed_not_content_chars=_share_below(
                threshold, probability[~is_content], n_chars[~is_content]
            ),
        )
        for limit, threshold in zip(limits, kept, strict=True)
    )


def _loss_of_a_new_source(
    lengths: NDArray[np.int64], source: NDArray[np.int64]
) -> NDArray[np.float64]:
    """Return for each line the upper bound of the share lost once it and all before it are.

    The mean over sources and 1.64 of its standard errors; small sources count less.
    """
    _, source = np.unique(source, return_inverse=True)
    chars = np.bincount(source, weights=lengths)
    share = lengths / np.maximum(chars[source], 1)
    by_source = np.argsort(source, kind="stable")
    running = np.cumsum(share[by_source])
    first = np.concatenate([[0], np.cumsum(np.bincount(source))[:-1]])
    before = running[first] - share[by_source][first]
    after = np.empty(len(share))
    after[by_source] = running - before[source[by_source]]
    weights = np.minimum(chars / _CHARS_OF_A_LARGE_SOURCE, 1)
    weight = weights[source]
    mean = np.cumsum(weight * share) / weights.sum()
    # sums over sources of squared weight times loss, and times its square, as lines are lost
    linear = np.cumsum(weight**2 * share)
    square = np.cumsum(weight**2 * (after**2 - (after - share) ** 2))
    spread = square - 2 * mean * linear + mean**2 * (weights**2).sum()
    error = np.sqrt(np.maximum(spread, 0)) / weights.sum()
    return np.asarray(mean + _ONE_SIDED * error)


def _share_below(
    threshold: np.float32, probability: NDArray[np.float32], weight: NDArray[np.int64]
) -> float:
    total = weight.sum()
    return float(weight[probability < threshold].sum() / total) if total else float("nan")
