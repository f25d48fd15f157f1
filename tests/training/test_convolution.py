"""Training the stacker: it learns, as the seed says, by the gradient of what is known of a line."""

from dataclasses import replace

import numpy as np
import pytest

from classifier.datamodels import LabelledDocument
from classifier.features.featurizer import LINE_FEATURES
from classifier.model.calibration import softmax
from classifier.model.lexical import LEXICAL_FEATURES
from classifier.model.stacker import Stacker, StackerWeights
from classifier.training.augment import FrameExchange
from classifier.training.convolution import StackerSettings, StackerTrainer, schedule
from classifier.training.dataset import Dataset, build_dataset
from classifier.training.guidelines import SourceOffsets

SETTINGS = StackerSettings(channels=8, n_blocks=3, n_passes=12, lines_per_step=60)


def _dataset(documents: tuple[LabelledDocument, ...], replaced: str = "") -> Dataset:
    """The dataset of some documents, with some codes replaced by "not content"."""
    table = str.maketrans(replaced, "o" * len(replaced))
    changed = [replace(item, codes=item.codes.translate(table)) for item in documents]
    ones = np.ones(len(changed), np.float32)
    return build_dataset(changed, ones, ones)


def _trainer(dataset: Dataset, settings: StackerSettings = SETTINGS) -> StackerTrainer:
    lexical = np.zeros((len(LEXICAL_FEATURES), len(dataset.lengths)), np.float32)
    sources = ["one"] * dataset.n_documents
    return StackerTrainer(
        dataset, lexical, sources=sources, languages=["en"] * len(sources), settings=settings
    )


@pytest.fixture(scope="module")
def dataset(tiny_documents: tuple[LabelledDocument, ...]) -> Dataset:
    return _dataset(tiny_documents)


TRAINING, HELD_OUT = np.arange(24), np.arange(24, 30)


def _fit(trainer: StackerTrainer, seed: int = 0) -> tuple[Stacker, list[float]]:
    losses: list[float] = []
    stacker, best = trainer.fit(
        TRAINING, HELD_OUT, seed=seed, on_pass=lambda _index, loss: losses.append(loss)
    )
    assert best == min(losses)
    return stacker, losses


def test_the_loss_goes_down(dataset: Dataset) -> None:
    trainer = _trainer(dataset)
    stacker, losses = _fit(trainer)
    assert len(losses) == SETTINGS.n_passes
    assert min(losses) < 0.8 * losses[0]
    assert trainer.loss(stacker, TRAINING) < 0.8 * np.log(4)


def test_the_best_pass_is_kept(dataset: Dataset) -> None:
    trainer = _trainer(dataset)
    stacker, losses = _fit(trainer)
    assert trainer.loss(stacker, HELD_OUT) == pytest.approx(min(losses))


def test_the_same_seed_gives_the_same_weights_bit_for_bit(dataset: Dataset) -> None:
    one, other = _fit(_trainer(dataset))[0], _fit(_trainer(dataset))[0]
    for name, array in one.weights.arrays().items():
        np.testing.assert_array_equal(getattr(other.weights, name), array, name)


def test_another_seed_gives_other_weights(dataset: Dataset) -> None:
    one, other = _fit(_trainer(dataset), seed=0)[0], _fit(_trainer(dataset), seed=1)[0]
    assert (one.weights.output != other.weights.output).any()


def test_weights_are_for_inputs_as_they_come(dataset: Dataset) -> None:
    trainer = _trainer(dataset)
    stacker, _ = _fit(trainer)
    assert stacker.weights.input.shape == (8, len(trainer._inputs(np.arange(3), np.array([0, 3]))))
    assert all(array.dtype == np.float32 for array in stacker.weights.arrays().values())
    logits = trainer.logits(stacker, TRAINING)
    assert logits.shape == (4, len(dataset.lines_of(TRAINING)))
    assert np.isfinite(logits).all()


def test_content_is_learned_from_lines_known_only_as_not_content(
    tiny_documents: tuple[LabelledDocument, ...],
) -> None:
    trainer = _trainer(_dataset(tiny_documents, "slb"), replace(SETTINGS, n_passes=25))
    stacker, losses = _fit(trainer)
    assert min(losses) < 0.6
    lines = trainer.dataset.lines_of(TRAINING)
    is_content = trainer.dataset.allowed[:, lines].sum(axis=0) == 1
    content = softmax(trainer.logits(stacker, TRAINING))[0]
    assert content[is_content].mean() > content[~is_content].mean() + 0.3


def test_gradients_are_those_of_what_is_known_of_each_line(
    tiny_documents: tuple[LabelledDocument, ...],
) -> None:
    trainer = _trainer(_dataset(tiny_documents, "l"), replace(SETTINGS, channel_dropout=0.0))
    rng = np.random.default_rng(0)
    standard = trainer._standardisation(TRAINING, rng)
    exchange = FrameExchange(trainer.dataset, TRAINING, trainer.languages)
    lines = next(iter(trainer._shown(TRAINING, exchange, rng)))
    step = trainer._step(lines, standard, rng)
    weights = StackerWeights.initialised(
        len(standard[0]), channels=8, n_blocks=3, n_labels=4, seed=0
    )
    weights = weights.map_arrays({k: v.astype(float) for k, v in weights.arrays().items()})
    step = replace(step, inputs=step.inputs.astype(float))
    gradients = trainer._gradients(weights, SourceOffsets(["one"] * 99), step, rng)

    def loss() -> float:
        logits = Stacker(weights).logits(step.inputs, step.pages)
        likelihood = (softmax(logits) * step.allowed).sum(axis=0)
        return float((-np.log(likelihood) * step.weights).sum() / step.weights.sum())

    assert {1, 3} <= set(step.allowed.sum(axis=0).tolist())
    for array, found in (
        (weights.output_bias, gradients["output_bias"]),
        (weights.pool_bias, gradients["pool_bias"]),
        (weights.output[:, 0], gradients["output"][:, 0]),
    ):
        for index in range(len(array)):
            before = array[index]
            array[index] = before + 1e-5
            above = loss()
            array[index] = before - 1e-5
            below = loss()
            array[index] = before
            assert found[index] == pytest.approx((above - below) / 2e-5, abs=2e-4)


def test_documents_without_lines_do_no_harm(
    tiny_documents: tuple[LabelledDocument, ...],
) -> None:
    blank = LabelledDocument("blank", ("", " "), "??")
    trainer = _trainer(_dataset((blank, *tiny_documents[:24], blank, *tiny_documents[24:])))
    stacker, _ = trainer.fit(np.arange(26), np.array([25, 26]), seed=0)
    assert trainer.logits(stacker, np.array([0])).shape == (4, 0)
    assert trainer.logits(stacker, np.array([0, 25])).shape == (4, 0)
    assert trainer.loss(stacker, np.array([0])) == 0


def test_a_hardly_varying_input_is_not_blown_up(dataset: Dataset) -> None:
    _, scale = _trainer(dataset)._standardisation(TRAINING, np.random.default_rng(0))
    assert scale.min() >= 0.05
    assert len(scale) > len(LINE_FEATURES)


def test_the_rate_rises_then_falls_to_nothing() -> None:
    rates = [schedule(step, 200) for step in range(200)]
    assert rates[:10] == sorted(rates[:10])
    assert max(rates) == 1
    assert rates[10:] == sorted(rates[10:], reverse=True)
    assert rates[-1] < 0.01


def test_the_last_steps_are_the_smallest(dataset: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    rates: list[float] = []

    def noted(step: int, total: int) -> float:
        rates.append(schedule(step, total))
        return rates[-1]

    monkeypatch.setattr("classifier.training.convolution.schedule", noted)
    _fit(_trainer(dataset, replace(SETTINGS, lines_per_step=150, n_passes=20)))
    assert rates[-1] < 0.1
