"""Calibration: one temperature for all logits, fitted on pages no fitted part has seen.

Guo et al. 2017, "On Calibration of Modern Neural Networks".
"""

import numpy as np
from numpy.typing import NDArray

_TEMPERATURES = np.exp(np.linspace(np.log(0.25), np.log(8), 121))


def softmax(logits: NDArray[np.float32], temperature: float = 1.0) -> NDArray[np.float32]:
    """Return probabilities over the first axis.

    Parameters
    ----------
    logits
        Array of shape (n_labels, n_lines).
    temperature
        What the logits are divided by; above 1 it makes the model less sure.

    Returns
    -------
    probabilities : array of the same shape; every column sums to 1
    """
    scaled = logits / np.float32(temperature)
    scaled -= scaled.max(axis=0)
    np.exp(scaled, out=scaled)
    scaled /= scaled.sum(axis=0)
    return scaled


def fit_temperature(logits: NDArray[np.float32], allowed: NDArray[np.bool_]) -> float:
    """Return the temperature with the least negative log-likelihood, marginal where unsure.

    Parameters
    ----------
    logits
        Array of shape (n_labels, n_lines), of lines held out from everything fitted so far.
    allowed
        Array of shape (n_labels, n_lines): which labels each line may have; a line that allows
        several counts with their summed probability.
    """
    losses = [
        -np.log(np.maximum((softmax(logits, t) * allowed).sum(axis=0), 1e-12)).mean()
        for t in _TEMPERATURES
    ]
    return float(_TEMPERATURES[int(np.argmin(losses))])
