"""Softmax and the temperature."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from classifier.labels import allowed_labels
from classifier.model.calibration import fit_calibration, softmax

LOGITS = arrays.arrays(
    np.float32, st.tuples(st.just(4), st.integers(0, 6)), elements=st.floats(-3e4, 3e4, width=32)
)


@given(LOGITS, st.floats(0.25, 8))
def test_probabilities_of_a_line_sum_to_one(logits: np.ndarray, temperature: float) -> None:
    probabilities = softmax(logits, temperature)
    assert probabilities.dtype == np.float32
    assert ((probabilities >= 0) & (probabilities <= 1)).all()
    np.testing.assert_allclose(probabilities.sum(axis=0), 1, atol=1e-6)


@given(LOGITS)
def test_logits_are_left_as_they_are(logits: np.ndarray) -> None:
    before = logits.copy()
    softmax(logits)
    np.testing.assert_array_equal(logits, before)


def test_probabilities_are_exponentials_over_their_sum() -> None:
    logits = np.log(np.array([[1.0], [2.0], [3.0], [4.0]], np.float32))
    np.testing.assert_allclose(softmax(logits)[:, 0], [0.1, 0.2, 0.3, 0.4], atol=1e-6)


def test_a_high_temperature_makes_less_sure_and_keeps_the_order() -> None:
    logits = np.array([[2.0], [1.0], [0.0], [-3.0]], np.float32)
    cold, hot = softmax(logits, 0.5)[:, 0], softmax(logits, 4.0)[:, 0]
    assert cold[0] > hot[0]
    assert np.argsort(cold).tolist() == np.argsort(hot).tolist()


def _drawn(
    temperature: float, *, n_lines: int = 20_000
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Logits, and labels drawn from them as if they were to be divided by `temperature`."""
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 3, (4, n_lines)).astype(np.float32)
    cumulated = softmax(logits, temperature).cumsum(axis=0)
    labels = (rng.random(n_lines) > cumulated[:3]).sum(axis=0)
    return logits, labels, np.eye(4, dtype=bool)[:, labels]


def _even(logits: np.ndarray) -> np.ndarray:
    return np.ones(logits.shape[1], np.float32)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 2.5])
@pytest.mark.parametrize("bias", [0.0, 0.8])
def test_temperature_and_bias_are_found_again(temperature: float, bias: float) -> None:
    logits, _, allowed = _drawn(temperature)
    logits[0] -= bias
    found = fit_calibration(logits, allowed, _even(logits))
    assert found.temperature == pytest.approx(temperature, rel=0.06)
    assert found.content_bias == pytest.approx(bias, abs=0.11)


def test_they_are_found_where_only_content_or_not_is_known() -> None:
    logits, labels, _ = _drawn(2.5)
    logits[0] += 0.6
    codes = "".join("c" if label == 0 else "o" for label in labels.tolist())
    found = fit_calibration(logits, allowed_labels(codes).T, _even(logits))
    assert found.temperature == pytest.approx(2.5, rel=0.08)
    assert found.content_bias == pytest.approx(-0.6, abs=0.11)


def test_lines_without_weight_decide_nothing() -> None:
    logits, _, allowed = _drawn(2.0)
    weights = _even(logits)
    weights[10_000:] = 0
    scrambled = np.concatenate([allowed[:, :10_000], allowed[::-1, 10_000:]], axis=1)
    assert fit_calibration(logits, scrambled, weights) == fit_calibration(logits, allowed, weights)


def test_calibration_lowers_the_log_loss() -> None:
    logits, labels, allowed = _drawn(3.0)
    lines = np.arange(len(labels))

    def loss(temperature: float) -> float:
        return float(-np.log(softmax(logits, temperature)[labels, lines]).mean())

    assert loss(fit_calibration(logits, allowed, _even(logits)).temperature) < loss(1.0)
