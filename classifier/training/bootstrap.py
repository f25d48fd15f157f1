"""Intervals of the main figures: how much they would move on other sites of the same kind."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.labels import LABELS
from classifier.training.metrics import counts_of_confusion, f1_of_counts, macro_f1
from classifier.training.scored_lines import ScoredLines

_LEVELS = (0.025, 0.975)


@dataclass(frozen=True, slots=True)
class Interval:
    """The middle 95 % of a figure over resampled groups; NaN where no resample defines it."""

    low: float
    high: float


def intervals(lines: ScoredLines, *, seed: int, n_draws: int) -> dict[str, Interval]:
    """Return 95 % intervals of the F1s, drawing whole groups with replacement.

    Lines of one site resemble each other, so drawing lines would give intervals far too narrow.
    """
    names, group = np.unique(lines.group, return_inverse=True)
    n_groups = len(names)
    by_chars = lines.keep_counts * lines.n_chars[:, None]
    counts = np.concatenate(
        [
            _sums(lines.keep_counts, group, n_groups),
            _sums(by_chars, group, n_groups),
            lines.confusions(group, n_groups).reshape(n_groups, -1),
        ],
        axis=1,
    )
    rng = np.random.default_rng(seed)
    times = rng.multinomial(n_groups, np.full(n_groups, 1 / n_groups), size=n_draws)
    drawn = times.astype(np.float64) @ counts
    confusion = drawn[:, 6:].reshape(n_draws, len(LABELS), len(LABELS))
    by_label = f1_of_counts(counts_of_confusion(confusion))
    figures = {
        "keep_f1_lines": f1_of_counts(drawn[:, 0:3]),
        "keep_f1_chars": f1_of_counts(drawn[:, 3:6]),
        "macro_f1": macro_f1(confusion),
    } | {f"f1_{label}": by_label[:, index] for index, label in enumerate(LABELS)}
    return {name: _interval(values) for name, values in figures.items()}


def _sums(
    values: NDArray[np.float64], group: NDArray[np.int64], n_groups: int
) -> NDArray[np.float64]:
    columns = [np.bincount(group, weights=column, minlength=n_groups) for column in values.T]
    return np.stack(columns, axis=1)


def _interval(values: NDArray[np.float64]) -> Interval:
    defined = values[~np.isnan(values)]
    if not len(defined):
        return Interval(float("nan"), float("nan"))
    low, high = np.quantile(defined, _LEVELS)
    return Interval(float(low), float(high))
