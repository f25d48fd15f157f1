"""Teachers: what they say is a probability of every line, and a student comes to say it too."""

from dataclasses import replace

import numpy as np
import pytest

from classifier.datamodels import LabelledDocument
from classifier.labels import CONTENT_INDEX
from classifier.model.calibration import softmax
from classifier.model.lexical import LEXICAL_FEATURES
from classifier.training.convolution import StackerSettings, StackerTrainer, Teaching
from classifier.training.dataset import build_dataset
from classifier.training.distillation import TeacherSettings, _with_content, taught_targets

STACKER = StackerSettings(channels=8, n_blocks=3, n_passes=10, lines_per_step=60)
TEACHER = TeacherSettings(stacker=STACKER, n_trees=20, leaves=5)
TRAINING, HELD_OUT = np.arange(24), np.arange(24, 30)


def _trainer(documents: tuple[LabelledDocument, ...]) -> StackerTrainer:
    ones = np.ones(len(documents), np.float32)
    dataset = build_dataset(documents, ones, ones)
    lexical = np.zeros((len(LEXICAL_FEATURES), len(dataset.lengths)), np.float32)
    return StackerTrainer(
        dataset,
        lexical,
        sources=["one"] * len(documents),
        languages=["en"] * len(documents),
        settings=STACKER,
    )


@pytest.fixture(scope="module")
def trainer(tiny_documents: tuple[LabelledDocument, ...]) -> StackerTrainer:
    return _trainer(tiny_documents)


@pytest.fixture(scope="module")
def targets(trainer: StackerTrainer) -> np.ndarray:
    return taught_targets(trainer, TRAINING, HELD_OUT, TEACHER, seed=0)


def test_targets_are_probabilities_of_the_lines_taught(
    trainer: StackerTrainer, targets: np.ndarray
) -> None:
    np.testing.assert_allclose(targets.sum(axis=0), 1, atol=1e-4)
    assert (targets[:, trainer.dataset.lines_of(HELD_OUT)] == 0.25).all()
    lines = trainer.dataset.lines_of(TRAINING)
    is_content = trainer.dataset.allowed[CONTENT_INDEX, lines]
    content = targets[CONTENT_INDEX, lines]
    assert content[is_content].mean() > content[~is_content].mean() + 0.5


def test_the_same_seed_gives_the_same_targets(trainer: StackerTrainer, targets: np.ndarray) -> None:
    again = taught_targets(trainer, TRAINING, HELD_OUT, TEACHER, seed=0)
    np.testing.assert_array_equal(again, targets)


def test_without_a_second_side_the_network_teaches_alone(
    tiny_documents: tuple[LabelledDocument, ...],
) -> None:
    table = str.maketrans("slb", "???")
    one_sided = tuple(replace(item, codes=item.codes.translate(table)) for item in tiny_documents)
    said = taught_targets(_trainer(one_sided), TRAINING, HELD_OUT, TEACHER, seed=0)
    assert np.isfinite(said).all()


def test_a_student_follows_its_teacher_against_the_labels(trainer: StackerTrainer) -> None:
    dataset = trainer.dataset
    always_linkfarm = np.zeros_like(dataset.allowed, dtype=np.float32)
    always_linkfarm[2] = 1
    student = trainer.fit(
        TRAINING, HELD_OUT, seed=0, teaching=Teaching(always_linkfarm, share=0.99)
    )
    said = softmax(trainer.logits(student, TRAINING))
    told = softmax(trainer.logits(trainer.fit(TRAINING, HELD_OUT, seed=0), TRAINING))
    assert said[2].mean() > told[2].mean() + 0.2


def test_blended_gradient_is_between_labels_and_teachers() -> None:
    rng = np.random.default_rng(0)
    probabilities = softmax(rng.normal(size=(4, 6)).astype(np.float32))
    targets = softmax(rng.normal(size=(4, 6)).astype(np.float32))
    weights = rng.random(6).astype(np.float32)
    labels = rng.normal(size=(4, 6)).astype(np.float32)
    theirs = (probabilities - targets) * weights / weights.sum()
    for share in (0.0, 0.25, 1.0):
        blend = Teaching(targets, share).blended(labels, probabilities, weights)
        np.testing.assert_allclose(blend, (1 - share) * labels + share * theirs, atol=1e-6)


def test_mean_of_logits_keeps_the_proportions_of_the_rest() -> None:
    said = np.array([[0.5, 0.9], [0.1, 0.05], [0.2, 0.0], [0.2, 0.05]], np.float32)
    mixed = _with_content(said, np.array([0.5, 0.1]))
    np.testing.assert_allclose(mixed[CONTENT_INDEX], [0.5, 0.5], atol=1e-6)
    np.testing.assert_allclose(mixed[1:] / mixed[1:].sum(axis=0), said[1:] / said[1:].sum(axis=0))
    np.testing.assert_allclose(mixed.sum(axis=0), 1, atol=1e-6)
