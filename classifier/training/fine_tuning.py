"""Fit a trained model to a user's own pages, few of them, without forgetting what it knew.

The lexical table stays: a few hundred lines say nothing of most n-grams, and what they say of some
would hold for one site. The stacker gets the weights that are likeliest given the pages and a prior
around the weights it had (L2-SP, Li et al. 2018): few pages move it little, many move it as far as
they ask. There is nothing random in it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from threadpoolctl import threadpool_limits

from classifier.datamodels import LabelledDocument
from classifier.errors import InputError
from classifier.features.page_inputs import page_inputs
from classifier.labels import LABELS
from classifier.model.calibration import softmax
from classifier.model.line_classifier import LineClassifier
from classifier.model.page_model import PageModel
from classifier.model.pages import Pages
from classifier.model.stacker import Stacker, StackerWeights
from classifier.training.dataset import Dataset, build_dataset, data_digest, document_weights
from classifier.training.evaluate import Evaluation, evaluate
from classifier.training.fit import TrainingResult, TrainingSettings
from classifier.training.lexical import lexical_outputs
from classifier.training.splits import assign_folds

Array = NDArray[np.float32]

_PRIOR = 400.0
"""Precision of the prior: what a weight moved by all of its usual size costs, in nats. With a
quarter of it users gain no more and pages elsewhere lose; with four times as much users gain half.
"""

_ITERATIONS = 40


def fine_tune(
    base: LineClassifier,
    documents: Sequence[LabelledDocument],
    *,
    settings: TrainingSettings,
    on_progress: Callable[[str, float], None] = lambda _stage, _done: None,
) -> TrainingResult:
    """Fit `base` to labelled pages; what is measured is out of fold as in any training.

    Parameters
    ----------
    base
        The model to start from; it is not changed.
    documents
        Labelled pages.
    settings
        Folds, seed and weights of sources; fewer folds are made of fewer sites, and of pages if
        all are of one site.
    on_progress
        Told what is being done and the share of the work that is behind.

    Raises
    ------
    InputError
        If no line has a known label, or there is one page only.
    """
    on_progress("computing features", 0.0)
    pages = _Pages.of(base.model_, documents, settings)
    folds = _folds(documents, settings)
    n_folds = int(folds.max()) + 1
    out_of_fold = [np.zeros((len(item.lines), len(LABELS)), np.float32) for item in documents]
    everything = np.arange(len(documents))
    with threadpool_limits(limits=1):
        for fold in range(n_folds):
            on_progress(f"fold {fold + 1} of {n_folds}", (fold + 1) / (n_folds + 3))
            stacker = pages.tuned(everything[folds != fold])
            for index in everything[folds == fold]:
                pages.judge(stacker, int(index), out_of_fold[index])
        on_progress("all pages", 1 - 1 / (n_folds + 3))
        stacker = pages.tuned(everything)
    evaluation = evaluate(documents, out_of_fold, seed=settings.seed)
    model = PageModel(base.model_.lexical, stacker, base.model_.temperature, base.model_.spans)
    classifier = LineClassifier(n_folds=n_folds, n_passes=settings.n_passes, seed=settings.seed)
    on_progress("done", 1.0)
    return TrainingResult(
        model=classifier.adopt(model, _manifest(base, documents, evaluation, settings)),
        documents=tuple(documents),
        out_of_fold=tuple(out_of_fold),
        evaluation=evaluation,
    )


@dataclass(frozen=True, slots=True)
class _Pages:
    """The pages as the stacker reads them, and the stacker they start from."""

    base: PageModel
    dataset: Dataset
    inputs: Array

    @classmethod
    def of(
        cls, base: PageModel, documents: Sequence[LabelledDocument], settings: TrainingSettings
    ) -> "_Pages":
        weights = document_weights(documents, settings.weights)
        dataset = build_dataset(documents, weights, weights)
        if not dataset.weights.any():
            raise InputError("no line of these documents has a known label; label some")
        lexical = lexical_outputs(base.lexical, dataset.ngrams)[:, dataset.distinct]
        inputs = page_inputs(
            dataset.matrix, lexical, dataset.lengths, dataset.edges, dataset.document_offsets
        )
        return cls(base, dataset, inputs)

    def tuned(self, documents: NDArray[np.int64]) -> Stacker:
        """Return the stacker fitted to some of the pages."""
        lines, pages = self._lines(documents)
        counting = self.dataset.weights[lines]
        if not counting.any():
            return self.base.stacker
        problem = _Problem(
            start=self.base.stacker.weights,
            temperature=self.base.temperature,
            inputs=np.ascontiguousarray(self.inputs[:, lines]),
            pages=pages,
            allowed=self.dataset.allowed[:, lines],
            weights=counting,
        )
        return Stacker(problem.solved())

    def judge(self, stacker: Stacker, document: int, rows: Array) -> None:
        """Put the probabilities of one page in `rows`, shape (n_lines, 4)."""
        lines, pages = self._lines(np.array([document]))
        if len(lines):
            logits = stacker.logits(np.ascontiguousarray(self.inputs[:, lines]), pages)
            rows[self.dataset.line_numbers[lines]] = softmax(logits, self.base.temperature).T

    def _lines(self, documents: NDArray[np.int64]) -> tuple[NDArray[np.int64], Pages]:
        sizes = np.diff(self.dataset.document_offsets)[documents]
        offsets = np.concatenate([[0], np.cumsum(sizes)])
        return self.dataset.lines_of(documents), Pages.of(offsets)


@dataclass(frozen=True, slots=True)
class _Problem:
    """How likely the labels and the weights are, for weights written as changes of the start.

    A change is counted in the usual size of its weights: those of an input, as inputs have units
    of their own; else those of the array.
    """

    start: StackerWeights
    temperature: float
    inputs: Array
    pages: Pages
    allowed: NDArray[np.bool_]
    weights: Array

    def solved(self) -> StackerWeights:
        size = sum(array.size for array in self.start.arrays().values())
        found = minimize(
            self._cost,
            np.zeros(size),
            jac=True,
            method="L-BFGS-B",
            options={"maxiter": _ITERATIONS},
        )
        return self._weights(found.x)

    def _cost(self, change: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        stacker = Stacker(self._weights(change))
        logits, trace = stacker.forward(self.inputs, self.pages)
        probabilities = softmax(logits, self.temperature)
        possible = probabilities * self.allowed
        likelihood = np.maximum(possible.sum(axis=0), 1e-9)
        cost = -float((np.log(likelihood, dtype=np.float64) * self.weights).sum())
        gradient = (probabilities - possible / likelihood) * self.weights / self.temperature
        by_name, _ = stacker.backward(gradient.astype(np.float32), trace, self.pages)
        slope = np.concatenate(
            [(by_name[name] * scale).ravel() for name, scale in self._scales().items()]
        )
        return (
            cost + 0.5 * _PRIOR * float(change @ change),
            slope.astype(np.float64) + _PRIOR * change,
        )

    def _weights(self, change: NDArray[np.float64]) -> StackerWeights:
        moved, first = {}, 0
        arrays = self.start.arrays()
        for name, scale in self._scales().items():
            end = first + arrays[name].size
            part = change[first:end].reshape(arrays[name].shape)
            moved[name] = (arrays[name] + part * scale).astype(np.float32)
            first = end
        return self.start.map_arrays(moved)

    def _scales(self) -> dict[str, Array]:
        return {
            name: cast(
                "Array",
                np.sqrt(
                    (array**2).mean(axis=0 if name == "input" else None, keepdims=True) + 1e-12
                ),
            )
            for name, array in self.start.arrays().items()
        }


def _folds(documents: Sequence[LabelledDocument], settings: TrainingSettings) -> NDArray[np.int64]:
    groups = [item.group or item.id for item in documents]
    if len(set(groups)) == 1:
        groups = [f"{index}" for index in range(len(documents))]
    if len(set(groups)) == 1:
        raise InputError("the pages: one page, which cannot be measured on; label another")
    n_folds = min(settings.n_folds, len(set(groups)))
    sizes = [len(item.lines) for item in documents]
    return assign_folds(groups, n_folds, sizes=sizes, seed=settings.seed)


def _manifest(
    base: LineClassifier,
    documents: Sequence[LabelledDocument],
    evaluation: Evaluation,
    settings: TrainingSettings,
) -> dict[str, object]:
    return {
        "operating_points": _cautious_points(base, evaluation),
        "training": {
            "documents": len(documents),
            "lines": sum(len(item.lines) for item in documents),
            "groups": len({item.group or item.id for item in documents}),
            "folds": settings.n_folds,
            "seed": settings.seed,
            "data_digest": data_digest(documents),
            "started_from": base.manifest_.get("name", "unnamed"),
            "started_from_digest": base.manifest_.get("files", {}).get("weights.npz", ""),
        },
    }


def _cautious_points(base: LineClassifier, evaluation: Evaluation) -> list[dict[str, float]]:
    """Return for each limit the lower threshold: that of the base, or that measured on the pages.

    A few hundred lines are too few to measure a loss of a hundredth on.
    """
    known = {
        point["max_content_loss"]: point["content_threshold"]
        for point in base.manifest_.get("operating_points", [])
    }
    return [
        {
            "max_content_loss": point["max_content_loss"],
            "content_threshold": min(
                point["content_threshold"],
                known.get(point["max_content_loss"], point["content_threshold"]),
            ),
        }
        for point in evaluation.operating_points
    ]
