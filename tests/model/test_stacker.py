"""The stacker: gradients against finite differences, pages apart, both forward passes the same."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest

from classifier.model.pages import Pages, gather_taps, pool_pages, scatter_taps
from classifier.model.stacker import Stacker, StackerWeights

# Blocks reach 1, 2, 4, … 32 lines: most of them beyond the page.
SIZES = (1, 2, 70, 1, 5)
OFFSETS = np.cumsum((0, *SIZES))
N_INPUTS, N_BLOCKS, N_LABELS, CHANNELS = 5, 6, 4, 3
NAMES = tuple(StackerWeights.__dataclass_fields__)


def _stacker(seed: int = 0, *, channels: int = CHANNELS, kind: type = np.float64) -> Stacker:
    weights = StackerWeights.initialised(
        N_INPUTS, channels=channels, n_blocks=N_BLOCKS, n_labels=N_LABELS, seed=seed
    )
    rng = np.random.default_rng(seed)
    arrays = {
        # biases start at zero, where a bias left out would go unnoticed
        name: (array + rng.normal(0, 0.2, array.shape)).astype(kind)
        for name, array in weights.arrays().items()
    }
    return Stacker(weights.map_arrays(arrays))


def _inputs(seed: int = 1, *, kind: type = np.float64) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(N_INPUTS, OFFSETS[-1])).astype(kind)


def _keep(*, is_dropping: bool) -> np.ndarray | None:
    if not is_dropping:
        return None
    return np.random.default_rng(7).choice([0.0, 1.25], (N_BLOCKS, CHANNELS), p=[0.3, 0.7])


def _loss(stacker: Stacker, inputs: np.ndarray, keep: np.ndarray | None) -> float:
    logits, _ = stacker.forward(inputs, Pages.of(OFFSETS), keep)
    return float((logits * _direction()).sum())


def _direction() -> np.ndarray:
    return np.random.default_rng(3).normal(size=(N_LABELS, OFFSETS[-1]))


def _gradients(
    stacker: Stacker, inputs: np.ndarray, keep: np.ndarray | None
) -> dict[str, np.ndarray]:
    pages = Pages.of(OFFSETS)
    _, trace = stacker.forward(inputs, pages, keep)
    gradients, by_input = stacker.backward(_direction(), trace, pages, keep)
    return {**gradients, "the inputs": by_input}


def _differences(loss: Callable[[], float], array: np.ndarray) -> np.ndarray:
    """Central differences of `loss` with respect to every number of `array`, changed in place."""
    step = 1e-6
    differences = np.empty_like(array)
    for index in np.ndindex(array.shape):
        before = array[index]
        array[index] = before + step
        above = loss()
        array[index] = before - step
        below = loss()
        array[index] = before
        differences[index] = (above - below) / (2 * step)
    return differences


@pytest.mark.parametrize("is_dropping", [False, True], ids=["all channels", "channels dropped"])
@pytest.mark.parametrize("name", [*NAMES, "the inputs"])
def test_gradient_is_that_of_finite_differences(name: str, is_dropping: bool) -> None:
    stacker, inputs, keep = _stacker(), _inputs(), _keep(is_dropping=is_dropping)
    analytic = _gradients(stacker, inputs, keep)[name]
    array = inputs if name == "the inputs" else getattr(stacker.weights, name)
    numeric = _differences(lambda: _loss(stacker, inputs, keep), array)
    assert analytic.shape == array.shape
    np.testing.assert_allclose(analytic, numeric, atol=1e-6, rtol=1e-6)
    assert np.abs(numeric).max() > 1e-3, "a gradient of nothing tests nothing"


def test_gradients_keep_the_precision_they_are_computed_in() -> None:
    for kind in (np.float32, np.float64):
        stacker, pages = _stacker(kind=kind), Pages.of(OFFSETS)
        logits, trace = stacker.forward(_inputs(kind=kind), pages)
        gradients, by_input = stacker.backward(_direction().astype(kind), trace, pages)
        kinds = {logits.dtype, by_input.dtype, *(array.dtype for array in gradients.values())}
        assert kinds == {np.dtype(kind)}


def test_single_precision_is_close_to_double() -> None:
    single = _stacker(kind=np.float32).logits(_inputs(kind=np.float32), Pages.of(OFFSETS))
    double = _stacker().logits(_inputs(), Pages.of(OFFSETS))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, double, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
def test_training_and_predicting_compute_the_same_logits(kind: type) -> None:
    stacker, inputs = _stacker(channels=16, kind=kind), _inputs(kind=kind)
    before = inputs.copy()
    logits, _ = stacker.forward(inputs, Pages.of(OFFSETS))
    # logits reach 150, and processors add up 32-bit numbers in orders of their own
    atol = 1e-4 if kind is np.float32 else 1e-5
    np.testing.assert_allclose(
        stacker.logits(inputs, Pages.of(OFFSETS)), logits, rtol=1e-6, atol=atol
    )
    np.testing.assert_array_equal(inputs, before)


@pytest.mark.parametrize("changed", range(len(SIZES)))
def test_changing_one_page_changes_no_other(changed: int) -> None:
    stacker, inputs = _stacker(channels=16), _inputs()
    before = stacker.logits(inputs, Pages.of(OFFSETS))
    page = slice(OFFSETS[changed], OFFSETS[changed + 1])
    inputs[:, page] += 10
    after = stacker.logits(inputs, Pages.of(OFFSETS))
    is_same = (before == after).all(axis=0)
    assert not is_same[page].any()
    is_same[page] = True
    assert is_same.all()


def test_a_page_alone_gets_the_logits_it_gets_among_others() -> None:
    stacker, inputs = _stacker(channels=16), _inputs()
    together = stacker.logits(inputs, Pages.of(OFFSETS))
    for first, end in pairwise(OFFSETS):
        alone = stacker.logits(inputs[:, first:end], Pages.of(np.array([0, end - first])))
        np.testing.assert_allclose(alone, together[:, first:end], atol=1e-12)


def test_documents_without_lines_are_no_pages() -> None:
    pages = Pages.of(np.array([0, 0, 3, 3, 4, 4]))
    assert pages.starts.tolist() == [0, 3]
    assert pages.sizes.tolist() == [3, 1]


@pytest.mark.parametrize("distance", [1, 2, 4, 32, 1000])
def test_taps_are_the_lines_before_at_and_after(distance: int) -> None:
    hidden = np.arange(1.0, 2 * OFFSETS[-1] + 1).reshape(2, -1)
    taps = gather_taps(hidden, Pages.of(OFFSETS), distance).reshape(3, 2, -1)
    for first, end in pairwise(OFFSETS):
        for line in range(first, end):
            for tap, place in enumerate((line - distance, line, line + distance)):
                expected = hidden[:, place] if first <= place < end else np.zeros(2)
                np.testing.assert_array_equal(taps[tap, :, line], expected)


@pytest.mark.parametrize("distance", [1, 2, 4, 32, 1000])
def test_scattering_is_the_transpose_of_gathering(distance: int) -> None:
    rng, pages = np.random.default_rng(4), Pages.of(OFFSETS)
    hidden, flow = rng.normal(size=(2, OFFSETS[-1])), rng.normal(size=(6, OFFSETS[-1]))
    forward = (gather_taps(hidden, pages, distance) * flow).sum()
    backward = (hidden * scatter_taps(flow.copy(), pages, distance)).sum()
    assert forward == pytest.approx(backward)


def test_pooling_is_mean_and_maximum_of_each_page() -> None:
    hidden = np.random.default_rng(5).normal(size=(2, OFFSETS[-1]))
    pooled = pool_pages(hidden, Pages.of(OFFSETS))
    parts = np.split(hidden, OFFSETS[1:-1], axis=1)
    np.testing.assert_allclose(pooled[:2].T, [part.mean(axis=1) for part in parts])
    np.testing.assert_array_equal(pooled[2:].T, [part.max(axis=1) for part in parts])


def test_a_tie_for_the_maximum_shares_the_gradient() -> None:
    stacker, inputs = _stacker(), np.zeros((N_INPUTS, OFFSETS[-1]))
    by_input = _gradients(stacker, inputs, None)["the inputs"]
    assert np.isfinite(by_input).all()


def test_the_same_seed_gives_the_same_weights() -> None:
    one, two, other = (_stacker(seed).weights.arrays() for seed in (5, 5, 6))
    for name in NAMES:
        np.testing.assert_array_equal(one[name], two[name])
        assert (one[name] != other[name]).any()
