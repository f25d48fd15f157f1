"""From labelled documents to a model: lexical heads and stackers by fold, temperature, points.

What is measured is always out of fold: the documents of a fold are judged by a lexical head, a
stacker and a temperature that saw no page of their groups.
"""

import os
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

import numpy as np
from joblib import Parallel, delayed
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from threadpoolctl import threadpool_limits

from classifier.datamodels import LabelledDocument
from classifier.errors import ConfigError, InputError
from classifier.labels import CONTENT_INDEX, LABELS
from classifier.model.calibration import Calibration, fit_calibration, softmax
from classifier.model.lexical import LEXICAL_FEATURES, LexicalHead
from classifier.model.line_classifier import LineClassifier
from classifier.model.page_model import PageModel
from classifier.model.stacker import Stacker
from classifier.training.convolution import StackerSettings, StackerTrainer
from classifier.training.dataset import (
    Dataset,
    balanced_weights,
    build_dataset,
    data_digest,
    document_weights,
)
from classifier.training.evaluate import Evaluation, evaluate
from classifier.training.lexical import fit_lexical, lexical_outputs
from classifier.training.splits import assign_folds, hold_out

Progress = Callable[[str, float], None]
Data = TypeVar("Data")
Part = TypeVar("Part")


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """How a model is trained.

    Attributes
    ----------
    n_folds
        Folds by group.
    seed
        Of everything random.
    n_passes
        Times the stacker is shown every page.
    lexical_regularisation
        scikit-learn's ``C`` of the lexical head.
    lexical_iterations
        Most iterations of its solver.
    selection_share
        Share of the groups held out from a stacker's training to choose its best pass.
    weights, lexical_weights
        How much a line counts for the stacker and for the lexical head, by source, or by the part
        of the source's name before a slash; 1 where neither is named, 0 to leave lines out.
    content_preference
        Added to the logit of content after calibration. Pages of sources no page of which was
        trained on hold more content than those of other sites of the same sources, on which
        calibration is fitted; and to lose content is worse than to keep a line of frame.
    unjudged
        Collections (the part of a source's name before a slash) that take part in training but
        not in calibration, operating points and the evaluation.
    n_starts
        Stackers fitted to everything, each from another random start; kept is the one that does
        best on the groups held out from it. Starts differ by more than most settings do.
    stacker
        Size and training of the stacker; its `n_passes` is replaced by the one here.

    Raises
    ------
    ConfigError
        If folds, seed, passes or starts are no integers, or too few.
    """

    n_folds: int = 5
    seed: int = 0
    n_passes: int = 8
    lexical_regularisation: float = 1.0
    lexical_iterations: int = 50
    selection_share: float = 0.08
    weights: Mapping[str, float] = field(default_factory=dict)
    lexical_weights: Mapping[str, float] = field(default_factory=dict)
    content_preference: float = 0.0
    unjudged: frozenset[str] = frozenset()
    n_starts: int = 1
    stacker: StackerSettings = field(default_factory=StackerSettings)

    def __post_init__(self) -> None:
        for name, fewest in (
            ("n_folds", 2),
            ("seed", 0),
            ("n_passes", 1),
            ("n_starts", 1),
        ):
            given = getattr(self, name)
            if not isinstance(given, int | np.integer) or given < fewest:
                raise ConfigError(
                    f"the {name!r} of a training must be an integer, at least {fewest}. "
                    f"Got {given!r} instead."
                )


@dataclass(frozen=True, slots=True)
class TrainingResult:
    """A trained model and what it says of pages it did not see.

    Attributes
    ----------
    model
        Fitted on all documents.
    documents
        As given.
    out_of_fold
        For each document an array of shape (n_lines, 4): probabilities by the fold that did not
        see its group; zero rows for blank lines.
    evaluation
        Of `out_of_fold`, without the collections left unjudged.
    """

    model: LineClassifier
    documents: tuple[LabelledDocument, ...]
    out_of_fold: tuple[NDArray[np.float32], ...]
    evaluation: Evaluation


def fit_line_classifier(
    documents: Sequence[LabelledDocument],
    *,
    settings: TrainingSettings,
    on_progress: Progress = lambda _stage, _done: None,
) -> TrainingResult:
    """Train a model and judge it out of fold.

    Parameters
    ----------
    documents
        Labelled pages.
    settings
        How.
    on_progress
        Told what is being done and the share of the work that is behind.

    Raises
    ------
    InputError
        If there are fewer groups than folds, or no line of known label.
    """
    return _Training(documents, settings, on_progress).run()


class _Training:
    def __init__(
        self,
        documents: Sequence[LabelledDocument],
        settings: TrainingSettings,
        on_progress: Progress,
    ) -> None:
        self.documents = tuple(documents)
        self.settings = settings
        self.on_progress = on_progress
        self.groups = [item.group or item.id for item in self.documents]
        sizes = [len(item.lines) for item in self.documents]
        self.folds = assign_folds(self.groups, settings.n_folds, sizes=sizes, seed=settings.seed)
        self.is_judged = np.array(
            [item.collection not in settings.unjudged for item in self.documents]
        )
        self._stages_done = 0
        self._n_stages = 2 * (settings.n_folds + 1) + settings.n_starts + 1

    def run(self) -> TrainingResult:
        self._stage("computing features")
        dataset = build_dataset(
            self.documents,
            document_weights(self.documents, self.settings.weights),
            document_weights(self.documents, self.settings.lexical_weights),
        )
        if not dataset.weights.any():
            raise InputError("no line of these documents has a known label; label some")
        # one thread for linear algebra: folds run side by side, and results stay the same
        with threadpool_limits(limits=1), warnings.catch_warnings():
            # the lexical heads stop early by choice: later iterations fit rare n-grams
            warnings.simplefilter("ignore", ConvergenceWarning)
            *heads, head = self._side_by_side("lexical heads", self._fit_lexical, dataset, 1)
            lexical = self._lexical_out_of_fold(dataset, heads)
            trainer = StackerTrainer(
                dataset,
                lexical,
                sources=[item.source for item in self.documents],
                # frames of made pages and of clean text are not those of any site
                languages=[
                    item.language if judged else ""
                    for item, judged in zip(self.documents, self.is_judged, strict=True)
                ],
                settings=self._stacker_settings(),
            )
            fitted = self._side_by_side(
                "stackers", self._fit_stacker, trainer, self.settings.n_starts
            )
            stackers = [stacker for stacker, _ in fitted[: self.settings.n_folds]]
            stacker, _ = min(fitted[self.settings.n_folds :], key=lambda each: each[1])
            logits = self._logits_out_of_fold(dataset, trainer, stackers)
        calibrations = self._calibrations(dataset, logits)
        pages = self._pages(dataset, logits, calibrations)
        self._stage("judging pages out of fold")
        judged = np.flatnonzero(self.is_judged)
        evaluation = evaluate(
            [self.documents[index] for index in judged],
            [pages[index] for index in judged],
            seed=self.settings.seed,
        )
        last = self._calibration(dataset, logits, np.ones(logits.shape[1], dtype=np.bool_))
        classifier = LineClassifier(
            n_folds=self.settings.n_folds,
            n_passes=self.settings.n_passes,
            seed=self.settings.seed,
        )
        model = PageModel(head, stacker.biased(last.content_bias), last.temperature)
        self.on_progress("done", 1.0)
        return TrainingResult(
            model=classifier.adopt(model, self._manifest(evaluation)),
            documents=self.documents,
            out_of_fold=pages,
            evaluation=evaluation,
        )

    def _stage(self, description: str) -> None:
        self.on_progress(description, self._stages_done / self._n_stages)
        self._stages_done += 1

    def _side_by_side(
        self,
        what: str,
        fit: Callable[[Data, NDArray[np.int64], int], Part],
        data: Data,
        n_starts: int,
    ) -> list[Part]:
        """Fit on all folds but one, for each fold, and last on everything, from so many starts."""
        everything = np.arange(len(self.documents))
        trainings = [everything[self.folds != fold] for fold in range(self.settings.n_folds)]
        jobs = [(chosen, 0) for chosen in trainings]
        jobs += [(everything, start) for start in range(n_starts)]
        pool = Parallel(n_jobs=os.cpu_count(), prefer="threads", return_as="generator")
        parts = []
        for part in pool(delayed(fit)(data, chosen, start) for chosen, start in jobs):
            parts.append(part)
            self._stage(f"{what}: {len(parts)} of {len(jobs)}")
        return parts

    def _stacker_settings(self) -> StackerSettings:
        return replace(self.settings.stacker, n_passes=self.settings.n_passes)

    def _fit_lexical(
        self, dataset: Dataset, documents: NDArray[np.int64], _start: int
    ) -> LexicalHead:
        return fit_lexical(
            dataset,
            documents,
            regularisation=self.settings.lexical_regularisation,
            n_iterations=self.settings.lexical_iterations,
        )

    def _lexical_out_of_fold(
        self, dataset: Dataset, heads: Sequence[LexicalHead]
    ) -> NDArray[np.float32]:
        lexical = np.zeros((len(LEXICAL_FEATURES), len(dataset.lengths)), dtype=np.float32)
        for fold, head in enumerate(heads):
            lines = dataset.lines_of(np.flatnonzero(self.folds == fold))
            rows, inverse = np.unique(dataset.distinct[lines], return_inverse=True)
            lexical[:, lines] = lexical_outputs(head, dataset.ngrams[rows])[:, inverse]
        return lexical

    def _fit_stacker(
        self, trainer: StackerTrainer, candidates: NDArray[np.int64], start: int
    ) -> tuple[Stacker, float]:
        """Return a stacker and its loss on the groups held out from it."""
        groups = [self.groups[index] for index in candidates]
        is_held_out = hold_out(groups, self.settings.selection_share, self.settings.seed)
        training, held_out = candidates[~is_held_out], candidates[is_held_out]
        return trainer.fit(training, held_out, seed=self.settings.seed + start)

    def _logits_out_of_fold(
        self, dataset: Dataset, trainer: StackerTrainer, stackers: Sequence[Stacker]
    ) -> NDArray[np.float32]:
        logits = np.zeros((len(LABELS), len(dataset.lengths)), dtype=np.float32)
        for fold, stacker in enumerate(stackers):
            held_out = np.flatnonzero(self.folds == fold)
            logits[:, dataset.lines_of(held_out)] = trainer.logits(stacker, held_out)
        return logits

    def _calibrations(self, dataset: Dataset, logits: NDArray[np.float32]) -> list[Calibration]:
        """Return for each fold the calibration fitted on the other folds."""
        fold_of_line = self.folds[dataset.document_of_line]
        return [
            self._calibration(dataset, logits, fold_of_line != fold)
            for fold in range(self.settings.n_folds)
        ]

    def _calibration(
        self, dataset: Dataset, logits: NDArray[np.float32], lines: NDArray[np.bool_]
    ) -> Calibration:
        is_known = ~dataset.allowed.all(axis=0)
        chosen = lines & is_known & self.is_judged[dataset.document_of_line]
        weights = balanced_weights(self.documents, dataset.document_of_line[chosen])
        fitted = fit_calibration(logits[:, chosen], dataset.allowed[:, chosen], weights)
        bias = fitted.content_bias + self.settings.content_preference
        return replace(fitted, content_bias=bias)

    def _pages(
        self,
        dataset: Dataset,
        logits: NDArray[np.float32],
        calibrations: Sequence[Calibration],
    ) -> tuple[NDArray[np.float32], ...]:
        fold_of_line = self.folds[dataset.document_of_line]
        calibrated = logits.copy()
        biases = np.array([item.content_bias for item in calibrations], dtype=np.float32)
        calibrated[CONTENT_INDEX] += biases[fold_of_line]
        temperatures = np.array([item.temperature for item in calibrations], dtype=np.float32)
        probabilities = softmax(calibrated / temperatures[fold_of_line]).T
        pages = []
        for index, document in enumerate(self.documents):
            page = np.zeros((len(document.lines), len(LABELS)), dtype=np.float32)
            first, end = dataset.document_offsets[index : index + 2]
            page[dataset.line_numbers[first:end]] = probabilities[first:end]
            pages.append(page)
        return tuple(pages)

    def _manifest(self, evaluation: Evaluation) -> dict[str, object]:
        lines = sum(len(item.lines) for item in self.documents)
        return {
            "operating_points": [dict(point) for point in evaluation.operating_points],
            "training": {
                "documents": len(self.documents),
                "lines": lines,
                "groups": len(set(self.groups)),
                "folds": self.settings.n_folds,
                "seed": self.settings.seed,
                "passes": self.settings.n_passes,
                "data_digest": data_digest(self.documents),
            },
        }
