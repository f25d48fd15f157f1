"""How a candidate differs from the words around it, told by the words of its line."""

import numpy as np
from numpy.typing import NDArray

from classifier.model.span_candidates import Candidates
from classifier.model.span_ngrams import mean_logit
from classifier.model.span_runs import UNIT_FEATURES, Units

CONTEXT_FEATURES: tuple[str, ...] = (
    "words of a span, on average",
    "word before of a span",
    "word after of a span",
    "n-grams of the rest of the line",
    "begins of its words known on the page",
    "begins of the line's other words known on the page",
)
"""Names of the rows `context_features` returns, in their order."""

_KNOWN = UNIT_FEATURES.index("begin of the word known on the page")
_NO_WORD = -4.0
"""Logit of a word that is not there: that of ordinary ones."""


def context_features(
    units: Units, logits: NDArray[np.float64], ngram_bias: float, candidates: Candidates
) -> NDArray[np.float64]:
    """Return what the words inside a candidate have that those around it have not.

    Parameters
    ----------
    units
        Words of all lines that hold candidates.
    logits
        Array of shape (n_units,): whether each is of a span.
    ngram_bias
        What is added to the weights of n-grams, over the root of their number.
    candidates
        Parts of the lines.

    Returns
    -------
    rows : array of shape (len(CONTEXT_FEATURES), n_candidates)
    """
    if len(units.line) == 0:
        return np.zeros((len(CONTEXT_FEATURES), len(candidates)))
    low = np.searchsorted(units.ends, candidates.start, side="right")
    high = np.maximum(np.searchsorted(units.starts, candidates.end), low)
    first = np.searchsorted(units.line, candidates.line)
    last = np.searchsorted(units.line, candidates.line, side="right")
    known = units.features[_KNOWN]

    def parts(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        total = np.concatenate([[0.0], np.cumsum(values)])
        inside = total[high] - total[low]
        return inside, total[last] - total[first] - inside

    n_inside, n_outside = high - low, (last - first) - (high - low)
    known_inside, known_outside = parts(known)
    sums, numbers = parts(units.sums)[1], parts(units.numbers)[1]
    edge = len(logits) - 1
    before = np.where(low > first, logits[np.maximum(low - 1, 0)], _NO_WORD)
    after = np.where(high < last, logits[np.minimum(high, edge)], _NO_WORD)
    return np.stack(
        [
            parts(logits)[0] / np.maximum(n_inside, 1),
            before,
            after,
            np.where(numbers > 0, mean_logit(sums, numbers, ngram_bias), 0),
            known_inside / np.maximum(n_inside, 1),
            known_outside / np.maximum(n_outside, 1),
        ]
    )
