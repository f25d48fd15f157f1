"""Calibration: a temperature and a bias of content, fitted on pages no fitted part has seen.

Guo et al. 2017, "On Calibration of Modern Neural Networks".
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.labels import CONTENT_INDEX

_TEMPERATURES = np.exp(np.linspace(np.log(0.25), np.log(4), 61))
_BIASES = np.linspace(-1.5, 1.5, 61)


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


@dataclass(frozen=True, slots=True)
class Calibration:
    """What makes logits into probabilities: ``softmax((logits + bias) / temperature)``.

    Attributes
    ----------
    temperature
        What all logits are divided by.
    content_bias
        What is added to the logit of content before.
    """

    temperature: float
    content_bias: float


def fit_calibration(
    logits: NDArray[np.float32], allowed: NDArray[np.bool_], weights: NDArray[np.float32]
) -> Calibration:
    """Return the calibration with the least negative log-likelihood, marginal where unsure.

    Parameters
    ----------
    logits
        Array of shape (n_labels, n_lines), of lines held out from everything fitted so far.
    allowed
        Array of shape (n_labels, n_lines): which labels each line may have; a line that allows
        several counts with their summed probability.
    weights
        Array of shape (n_lines,): how much each line counts.
    """

    def loss(temperature: float, bias: float) -> float:
        shifted = logits.copy()
        shifted[CONTENT_INDEX] += bias
        likelihood = (softmax(shifted, temperature) * allowed).sum(axis=0)
        return float(np.average(-np.log(np.maximum(likelihood, 1e-12)), weights=weights))

    temperature, bias = 1.0, 0.0
    # the two hardly depend on each other: two rounds, one after the other, are at the optimum
    for _ in range(2):
        losses = [loss(candidate, bias) for candidate in _TEMPERATURES]
        temperature = float(_TEMPERATURES[int(np.argmin(losses))])
        losses = [loss(temperature, candidate) for candidate in _BIASES]
        bias = float(_BIASES[int(np.argmin(losses))])
    return Calibration(temperature, bias)
