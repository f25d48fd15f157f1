"""`LineClassifier`: pages in, a label and a calibrated confidence for every line out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from classifier.datamodels import LabelledDocument, OperatingPoint, PagePredictions
from classifier.errors import ConfigError, InputError, ModelError
from classifier.features.featurizer import featurize
from classifier.labels import LABELS, UNKNOWN_CODE, Label, code_of
from classifier.model.line_spans import decided_pages, find_line_spans
from classifier.model.page_model import PageModel
from classifier.model.persistence import load_model, save_model
from classifier.model.resources import shipped_model
from classifier.model.tiles import one_thread
from classifier.text.allocation import keep_freed_memory
from classifier.text.batch import LineBatch

DEFAULT_BATCH_LINES = 4000
"""Lines per batch: fewer cost more per line (2,000 some 5 %), more bring nothing measurable."""


class LineClassifier:
    """Labels every line of a page as content, stuffing, linkfarm or boilerplate.

    A scikit-learn estimator: ``X`` is a sequence of documents (texts), ``y`` a sequence of label
    sequences, one label a line. Predicting needs numpy alone; `fit` imports scikit-learn.

    Parameters
    ----------
    n_folds
        Folds by site in which lexical scores, calibration and operating points are made.
    n_passes
        Times the stacker is shown every page.
    seed
        Of everything random in training.

    Attributes
    ----------
    classes_
        The labels, in the order of the columns of probabilities.
    model_
        The fitted parts.
    manifest_
        What is known of the model: format version, training data, operating points.
    folder_
        Where it was loaded from or saved to, None before.
    """

    classes_: NDArray[np.str_]
    model_: PageModel
    manifest_: dict[str, Any]
    folder_: Path | None

    def __init__(self, *, n_folds: int = 5, n_passes: int = 8, seed: int = 0) -> None:
        self.n_folds = n_folds
        self.n_passes = n_passes
        self.seed = seed

    @classmethod
    def load(cls, folder: str | Path | None = None) -> Self:
        """Return the model in `folder`, or the one that comes with the package.

        Raises
        ------
        ModelError
            If anything in the folder is not as its manifest says.
        """
        path = shipped_model() if folder is None else Path(folder)
        model, manifest = load_model(path)
        return cls().adopt(model, manifest, folder=path)

    def save(self, folder: str | Path, *, extra_files: Mapping[str, str] | None = None) -> None:
        """Write the model to `folder`, with further text files beside it; all or nothing."""
        facts = {
            key: value
            for key, value in self._fitted_manifest().items()
            if key in ("operating_points", "training")
        }
        self.manifest_ = save_model(Path(folder), self.model_, facts, extra_files or {})
        self.folder_ = Path(folder)

    def adopt(
        self, model: PageModel, manifest: Mapping[str, Any], *, folder: Path | None = None
    ) -> Self:
        """Take over fitted parts; what `load` and `fit` have in common."""
        self.model_, self.manifest_, self.folder_ = model, dict(manifest), folder
        self.classes_ = np.array([str(label) for label in LABELS])
        return self

    def classify(self, text: str, *, point: OperatingPoint | None = None) -> PagePredictions:
        """Return the predictions for one page.

        Parameters
        ----------
        text
            The page's lines joined by line feeds; any string.
        point
            From which probability of content on a line is kept; 0.5 if None.
        """
        if not isinstance(text, str):
            raise InputError(f"classify takes one text; got {type(text).__name__}")
        return next(self.classify_many([text], point=point))

    def classify_many(
        self,
        texts: Iterable[str],
        *,
        batch_lines: int = DEFAULT_BATCH_LINES,
        point: OperatingPoint | None = None,
    ) -> Iterator[PagePredictions]:
        """Return an iterator over the predictions for many pages, in their order.

        Pages are read as they are needed and classified together, some `batch_lines` lines at a
        time; results do not depend on it.
        """
        if isinstance(texts, str):
            raise InputError("classify_many takes an iterable of documents; got one string")
        if batch_lines < 1:
            raise ConfigError(
                "the 'batch_lines' parameter of classify_many must be at least 1. "
                f"Got {batch_lines} instead."
            )
        self._fitted_manifest()
        return self._classify_batches(texts, batch_lines, point or OperatingPoint())

    def operating_point(self, max_content_loss: float) -> OperatingPoint:
        """Return the point at which at most this share of content characters is lost.

        Parameters
        ----------
        max_content_loss
            Share of the characters of content lines one is ready to lose, from 0 to below 1. The
            thresholds were measured on held-out sites; between two, the safer one is taken. Below
            the smallest limit measured nothing is promised, so nothing is dropped: the threshold
            is 0.
        """
        if not 0 <= max_content_loss < 1:
            raise ConfigError(
                "the maximal content loss must be from 0 to below 1. "
                f"Got {max_content_loss} instead."
            )
        known = self._fitted_manifest().get("operating_points", [])
        safe = [item for item in known if item["max_content_loss"] <= max_content_loss]
        threshold = max((item["content_threshold"] for item in safe), default=0.0)
        return OperatingPoint(f"content loss {max_content_loss:g}", threshold)

    def fit(
        self,
        X: Sequence[str],
        y: Sequence[Sequence[str | None]],
        *,
        groups: Sequence[object] | None = None,
    ) -> Self:
        """Train on labelled pages.

        Parameters
        ----------
        X
            Documents.
        y
            For each document one label a line: a label's name or code, ``other`` for "not content,
            kind unknown", None for unknown and blank lines.
        groups
            Site or template family of each document, by any name or number; each its own if None.

        Raises
        ------
        InputError
            If lengths differ.
        LabelError
            If a label does not exist.
        """
        # Brings scikit-learn, which predicting must not need.
        from classifier.training.fit import (  # noqa: PLC0415
            TrainingSettings,
            fit_line_classifier,
        )

        documents = _labelled(X, y, groups)
        settings = TrainingSettings(n_folds=self.n_folds, n_passes=self.n_passes, seed=self.seed)
        fitted = fit_line_classifier(documents, settings=settings).model
        return self.adopt(fitted.model_, fitted.manifest_)

    def predict(self, X: Sequence[str]) -> list[list[Label | None]]:
        """Return for each document one label a line, None for blank lines."""
        return [page.labels for page in self.classify_many(X)]

    def predict_proba(self, X: Sequence[str]) -> list[NDArray[np.float32]]:
        """Return for each document an array of shape (n_lines, 4); zero rows for blank lines."""
        return [page.probabilities for page in self.classify_many(X)]

    def score(self, X: Sequence[str], y: Sequence[Sequence[str | None]]) -> float:
        """Return the share of lines with the right label, of those whose label is known."""
        right = known = 0
        for document, labels in zip(_labelled(X, y, None), self.predict(X), strict=True):
            for code, label in zip(document.codes, labels, strict=True):
                if label is not None and code in "cslb":
                    known += 1
                    right += code == code_of(label)
        return right / known if known else float("nan")

    def get_params(self, deep: bool = True) -> dict[str, Any]:  # noqa: ARG002, FBT001, FBT002
        """Return the constructor's parameters (scikit-learn's contract)."""
        return {"n_folds": self.n_folds, "n_passes": self.n_passes, "seed": self.seed}

    def set_params(self, **params: Any) -> Self:  # noqa: ANN401
        """Set constructor parameters (scikit-learn's contract)."""
        for name, value in params.items():
            if name not in self.get_params():
                known = ", ".join(self.get_params())
                raise ConfigError(f"LineClassifier has no parameter {name!r}; it has {known}")
            setattr(self, name, value)
        return self

    def __repr__(self) -> str:
        given = ", ".join(f"{name}={value!r}" for name, value in self.get_params().items())
        return f"LineClassifier({given})"

    def __sklearn_is_fitted__(self) -> bool:
        return hasattr(self, "model_")

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401
        from sklearn.utils import (  # noqa: PLC0415 - only scikit-learn asks for its tags
            ClassifierTags,
            InputTags,
            Tags,
            TargetTags,
        )

        return Tags(
            estimator_type="classifier",
            target_tags=TargetTags(required=True, one_d_labels=False, multi_output=True),
            classifier_tags=ClassifierTags(),
            input_tags=InputTags(one_d_array=True, two_d_array=False, string=True),
        )

    def _fitted_manifest(self) -> dict[str, Any]:
        if not hasattr(self, "manifest_"):
            raise ModelError(
                "this LineClassifier is not fitted yet; call fit, or LineClassifier.load()"
            )
        return self.manifest_

    def _classify_batches(
        self, texts: Iterable[str], batch_lines: int, point: OperatingPoint
    ) -> Iterator[PagePredictions]:
        keep_freed_memory()
        waiting: list[str] = []
        n_lines = 0
        for text in texts:
            if not isinstance(text, str):
                raise InputError(f"documents must be texts; got {type(text).__name__}")
            waiting.append(text)
            n_lines += text.count("\n") + 1
            if n_lines >= batch_lines:
                yield from self._classify_batch(waiting, point)
                waiting, n_lines = [], 0
        if waiting:
            yield from self._classify_batch(waiting, point)

    def _classify_batch(self, texts: list[str], point: OperatingPoint) -> list[PagePredictions]:
        batch = LineBatch.from_texts(texts)
        with one_thread():
            features = featurize(batch)
            probabilities, is_blank = self.model_.judge(features)
            found = find_line_spans(self.model_, batch, texts, features, probabilities)
        return decided_pages(batch, texts, probabilities, is_blank, found, point)


def _labelled(
    X: Sequence[str], y: Sequence[Sequence[str | None]], groups: Sequence[object] | None
) -> list[LabelledDocument]:
    if isinstance(X, str):
        raise InputError("X must be a sequence of documents; got one string")
    if y is None:
        raise InputError("y is None; give one label sequence a document")
    names = [f"document {index}" for index in range(len(X))]
    if groups is not None:
        names = [str(group) for group in groups]
    if not len(X) == len(y) == len(names):
        raise InputError(
            f"X has {len(X)} documents, y {len(y)} label sequences, groups {len(names)}; "
            "they must be as many"
        )
    documents = []
    for index, (text, labels, group) in enumerate(zip(X, y, names, strict=True)):
        if not isinstance(text, str):
            raise InputError(f"document {index} must be a text; got {type(text).__name__}")
        lines = tuple(text.split("\n"))
        if len(lines) != len(labels):
            raise InputError(
                f"document {index} has {len(lines)} lines and {len(labels)} labels; "
                "give one label a line, None for blank lines"
            )
        codes = "".join(UNKNOWN_CODE if label is None else code_of(label) for label in labels)
        documents.append(LabelledDocument(f"document {index}", lines, codes, group=group))
    return documents
