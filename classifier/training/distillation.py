"""Teachers of the stacker: what a network and trees together say of every line they trained on.

A small network learns more from the probabilities of an ensemble than from labels alone (Hinton,
Vinyals & Dean 2015, "Distilling the Knowledge in a Neural Network"); here also because labels of
different collections contradict each other. Trees see a line and its neighbours, not the page, and
err on other lines than the convolution does; of the two logits of content the mean is taken.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingClassifier

from classifier.features.featurizer import LINE_FEATURES
from classifier.labels import CONTENT_INDEX
from classifier.model.calibration import softmax
from classifier.model.lexical import LEXICAL_FEATURES
from classifier.training.convolution import StackerSettings, StackerTrainer

Array = NDArray[np.float32]

_NEIGHBOUR_ROWS = [
    *(
        LINE_FEATURES.index(name)
        for name in (
            "number of letters",
            "length",
            "width",
            "words",
            "share of letters",
            "share of digits",
            "share of punctuation",
            "ends with full stop",
        )
    ),
    *range(len(LINE_FEATURES), len(LINE_FEATURES) + len(LEXICAL_FEATURES)),
]
_NEIGHBOURS = (-2, -1, 1, 2)
_DOCUMENTS_AT_ONCE = 2000
_LEAST_PROBABILITY = 1e-6


@dataclass(frozen=True, slots=True)
class TeacherSettings:
    """How the teachers are trained and how much they count.

    Attributes
    ----------
    share
        Of the gradient that is theirs; the rest is that of the labels.
    stacker
        The teaching network.
    tree_lines
        Lines the trees are fitted to, at most.
    n_trees, leaves, learning_rate
        Of the trees, scikit-learn's `HistGradientBoostingClassifier`.
    """

    share: float = 0.5
    stacker: StackerSettings = field(default_factory=StackerSettings)
    tree_lines: int = 400_000
    n_trees: int = 160
    leaves: int = 31
    learning_rate: float = 0.12


def taught_targets(
    student: StackerTrainer,
    training: NDArray[np.int64],
    held_out: NDArray[np.int64],
    settings: TeacherSettings,
    *,
    seed: int,
) -> Array:
    """Train the teachers and return what they say of the lines they were trained on.

    Parameters
    ----------
    student
        The trainer of the network that is to be taught; its data is theirs.
    training, held_out
        Indices of documents: to train on, and to stop the network on.
    settings
        How.
    seed
        Of everything random.

    Returns
    -------
    targets : float32 array of shape (n_labels, n_lines)
        Probabilities; uniform for lines of other documents.
    """
    trainer = student.with_settings(settings.stacker)
    network = trainer.fit(training, held_out, seed=seed)
    trees = _fitted_trees(trainer, training, settings, seed)
    allowed = student.dataset.allowed
    targets = np.full(allowed.shape, 1 / len(allowed), dtype=np.float32)
    for documents in _portions(training):
        lines = student.dataset.lines_of(documents)
        if len(lines) == 0:
            continue
        said = softmax(trainer.logits(network, documents))
        if trees is not None:
            said = _with_content(said, trees.predict_proba(_tree_inputs(trainer, documents))[:, 1])
        targets[:, lines] = said
    return targets


def _fitted_trees(
    trainer: StackerTrainer,
    training: NDArray[np.int64],
    settings: TeacherSettings,
    seed: int,
) -> HistGradientBoostingClassifier | None:
    """Return trees for content against the rest; None if the lines have one side only."""
    rng = np.random.default_rng(seed)
    dataset = trainer.dataset
    may_be_content = dataset.allowed[CONTENT_INDEX]
    is_told = may_be_content != np.delete(dataset.allowed, CONTENT_INDEX, axis=0).any(axis=0)
    is_told &= dataset.weights > 0
    n_told = int(is_told[dataset.lines_of(training)].sum())
    if n_told == 0:
        return None
    share = min(1.0, settings.tree_lines / n_told)
    inputs, labels, weights = [], [], []
    for documents in _portions(training):
        lines = dataset.lines_of(documents)
        chosen = is_told[lines] & (rng.random(len(lines)) < share)
        inputs.append(_tree_inputs(trainer, documents)[chosen])
        labels.append(may_be_content[lines[chosen]])
        weights.append(dataset.weights[lines[chosen]])
    is_content = np.concatenate(labels)
    if is_content.all() or not is_content.any():
        return None
    trees = HistGradientBoostingClassifier(
        max_iter=settings.n_trees,
        max_leaf_nodes=settings.leaves,
        learning_rate=settings.learning_rate,
        l2_regularization=1.0,
        max_features=0.3,
        early_stopping=False,
        random_state=seed,
    )
    # roots, because few lines of great weight would be learned by heart
    return trees.fit(
        np.concatenate(inputs), is_content, sample_weight=np.sqrt(np.concatenate(weights))
    )


def _tree_inputs(trainer: StackerTrainer, documents: NDArray[np.int64]) -> Array:
    """Return the stacker's inputs and some of the neighbours', shape (n_lines, n_inputs)."""
    inputs = trainer.inputs(documents)
    document = np.repeat(documents, np.diff(trainer.dataset.document_offsets)[documents])
    rows = [inputs]
    for distance in _NEIGHBOURS:
        beside = np.roll(inputs[_NEIGHBOUR_ROWS], distance, axis=1)
        beside[:, np.roll(document, distance) != document] = np.nan
        rows.append(beside)
    return np.ascontiguousarray(np.concatenate(rows).T)


def _with_content(said: Array, content: NDArray[np.float64]) -> Array:
    """Return probabilities whose logit of content is the mean of theirs and of `content`'s."""
    logit = (_logit(said[CONTENT_INDEX]) + _logit(content)) / 2
    mean = 1 / (1 + np.exp(-logit))
    rest = np.maximum(1 - said[CONTENT_INDEX], _LEAST_PROBABILITY)
    mixed: Array = (said * ((1 - mean) / rest)).astype(np.float32)
    mixed[CONTENT_INDEX] = mean
    return mixed


def _logit(probabilities: NDArray[np.floating]) -> NDArray[np.float64]:
    clipped = np.clip(probabilities.astype(np.float64), _LEAST_PROBABILITY, 1 - _LEAST_PROBABILITY)
    logits: NDArray[np.float64] = np.log(clipped / (1 - clipped))
    return logits


def _portions(documents: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    return np.array_split(documents, -(-len(documents) // _DOCUMENTS_AT_ONCE) or 1)
