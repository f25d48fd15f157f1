"""Which lines to leave to a person: those between two thresholds of the probability of content.

The reject option of Chow 1970, "On optimum recognition error and reject tradeoff", with a
threshold for each of the two mistakes.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

REVIEW_LIMITS = (0.01, 0.02, 0.05)
"""The shares of either kind of line that may be decided wrongly without review."""

_MIDDLE = 0.5


@dataclass(frozen=True, slots=True)
class ReviewBand:
    """Two thresholds and what they bring.

    Attributes
    ----------
    max_error
        Share of the content lines that may be dropped, and of the other lines that may be kept,
        without review.
    low, high
        Below `low` a line is dropped, from `high` on it is kept; between them it is for review.
    coverage
        Share of the lines decided without review.
    error_outside, error_inside
        Share of wrong lines among those decided, and among those for review had 0.5 decided them;
        NaN where there are none.
    """

    max_error: float
    low: float
    high: float
    coverage: float
    error_outside: float
    error_inside: float


def review_table(
    is_content: NDArray[np.bool_],
    probability: NDArray[np.float32],
    limits: tuple[float, ...] = REVIEW_LIMITS,
) -> tuple[ReviewBand, ...]:
    """Return for each limit the narrowest band around 0.5 that keeps to it.

    Parameters
    ----------
    is_content
        Which scored lines are content, shape (n_lines,).
    probability
        Their probability of content.
    limits
        Shares in [0, 1).

    Returns
    -------
    table
        One row a limit; empty if all lines are content or none is.
    """
    content = np.sort(probability[is_content])
    other = np.sort(probability[~is_content])[::-1]
    if not len(content) or not len(other):
        return ()
    rows = []
    for limit in limits:
        low = float(content[int(limit * len(content))])
        # just above the first line that may no longer be kept
        high = float(np.nextafter(other[int(limit * len(other))], np.float32(2)))
        low, high = min(low, _MIDDLE), max(high, _MIDDLE)
        rows.append(review_band(is_content, probability, low=low, high=high, max_error=limit))
    return tuple(rows)


def review_band(
    is_content: NDArray[np.bool_],
    probability: NDArray[np.float32],
    *,
    low: float,
    high: float,
    max_error: float,
) -> ReviewBand:
    """Return what a given band brings on these lines; see `review_table`."""
    inside = (probability >= low) & (probability < high)
    is_wrong = (probability >= _MIDDLE) != is_content
    return ReviewBand(
        max_error=max_error,
        low=low,
        high=high,
        coverage=_share(~inside),
        error_outside=_share(is_wrong[~inside]),
        error_inside=_share(is_wrong[inside]),
    )


def _share(mask: NDArray[np.bool_]) -> float:
    return float(mask.mean()) if len(mask) else float("nan")
