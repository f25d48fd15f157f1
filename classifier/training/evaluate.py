"""What a model's probabilities are worth on labelled pages, with intervals by site.

Blank lines and lines coded ``?`` never count. Lines coded ``o`` (not content, kind unknown) count
for keeping content and for nothing else.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.datamodels import LabelledDocument, OperatingPoint
from classifier.errors import InputError
from classifier.labels import LABELS
from classifier.training.bootstrap import Interval, intervals
from classifier.training.metrics import (
    Calibration,
    ContentLoss,
    Rates,
    average_precision,
    calibration,
    content_loss_table,
    counts_of_confusion,
    macro_f1,
    rates_of_counts,
)
from classifier.training.review import ReviewBand, review_table
from classifier.training.scored_lines import ScoredLines
from classifier.training.scripts import script_of

_N_DECIMALS = 4
_DEFAULT_POINT = OperatingPoint()


@dataclass(frozen=True, slots=True)
class KeepMetrics:
    """Content against the rest: each line counted once, and each line by its length."""

    lines: Rates
    lines_average_precision: float
    chars: Rates
    chars_average_precision: float


@dataclass(frozen=True, slots=True)
class LabelMetrics:
    """The four labels, on lines that have one.

    Attributes
    ----------
    by_label
        Rates of each label.
    macro_f1
        Mean F1 of the labels that occur.
    confusion
        Lines by true label (rows) and given label (columns), in the order of `LABELS`.
    n_lines
        Lines with one of the four labels.
    """

    by_label: Mapping[str, Rates]
    macro_f1: float
    confusion: tuple[tuple[int, ...], ...]
    n_lines: int


@dataclass(frozen=True, slots=True)
class Part:
    """The main figures of one language or one source."""

    n_documents: int
    n_groups: int
    n_lines: int
    keep: KeepMetrics
    labels: LabelMetrics


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a model is worth on labelled pages; NaN where there was nothing to measure.

    Attributes
    ----------
    intervals
        95 % intervals of ``keep_f1_lines``, ``keep_f1_chars``, ``macro_f1`` and each
        ``f1_<label>``.
    calibration
        ``label``: confidence in the label given, on four-label lines; ``content``: probability of
        content, on all scored lines.
    calibration_by_script
        The same by the script most of the page is in (`classifier.training.scripts`).
    review
        Bands of probability to leave to a person, by the share of mistakes allowed outside.
    brier_labels
        Sum of the squared errors of the four probabilities, mean over four-label lines.
    """

    n_documents: int
    n_groups: int
    n_lines: int
    content_threshold: float
    keep: KeepMetrics
    labels: LabelMetrics
    intervals: Mapping[str, Interval]
    calibration: Mapping[str, Calibration]
    calibration_by_script: Mapping[str, Mapping[str, Calibration]]
    review: tuple[ReviewBand, ...]
    brier_labels: float
    content_loss: tuple[ContentLoss, ...]
    by_language: Mapping[str, Part]
    by_source: Mapping[str, Part]
    seed: int
    n_draws: int

    @property
    def operating_points(self) -> list[dict[str, float]]:
        """The operating points for a model's manifest, unrounded; without what is unknown."""
        return [
            {name: value for name, value in asdict(row).items() if np.isfinite(value)}
            for row in self.content_loss
        ]

    def to_dict(self) -> dict[str, object]:
        """Return everything as JSON-ready values, floats rounded, NaN as None."""
        figures = {name: _json_ready(value) for name, value in asdict(self).items()}
        return figures | {"operating_points": self.operating_points}


def evaluate(
    documents: Sequence[LabelledDocument],
    probabilities: Sequence[NDArray[np.float32]],
    *,
    point: OperatingPoint = _DEFAULT_POINT,
    seed: int = 0,
    n_draws: int = 1000,
) -> Evaluation:
    """Return what `probabilities` are worth on labelled `documents`.

    Parameters
    ----------
    documents
        Labelled pages the probabilities were not learned from.
    probabilities
        For each page an array of shape (n_lines, 4).
    point
        Where lines are decided.
    seed, n_draws
        Of the bootstrap over groups.

    Raises
    ------
    InputError
        If nothing can be measured, or an array has not the shape of its page.
    """
    lines = ScoredLines.of(documents, probabilities, point=point)
    if not len(lines):
        raise InputError("the pages have no labelled line to measure on; label some lines")
    four = lines.with_label
    row = lines.probabilities[four]
    one_hot = np.eye(len(LABELS), dtype=np.float32)[lines.truth[four]]
    return Evaluation(
        n_documents=len(documents),
        n_groups=len(np.unique(lines.group)),
        n_lines=len(lines),
        content_threshold=point.content_threshold,
        keep=keep_metrics(lines),
        labels=label_metrics(lines),
        intervals=intervals(lines, seed=seed, n_draws=n_draws),
        calibration=_calibrations(lines),
        calibration_by_script={
            script: _calibrations(part)
            for script, part, _ in _split(lines, [script_of(item.text) for item in documents])
        },
        review=review_table(lines.is_content, lines.content_probability),
        brier_labels=float(((row - one_hot) ** 2).sum(axis=1).mean()) if len(row) else np.nan,
        content_loss=content_loss_table(
            lines.is_content,
            lines.content_probability,
            lines.n_chars,
            np.unique([item.source for item in documents], return_inverse=True)[1][lines.document],
        ),
        by_language=_parts(lines, [item.language for item in documents]),
        by_source=_parts(lines, [item.source for item in documents]),
        seed=seed,
        n_draws=n_draws,
    )


def keep_metrics(lines: ScoredLines) -> KeepMetrics:
    """Return how well content is kept, by lines and by characters."""
    content, probability = lines.is_content, lines.content_probability
    weight = lines.n_chars.astype(np.float64)
    return KeepMetrics(
        lines=rates_of_counts(lines.keep_counts.sum(axis=0)),
        lines_average_precision=average_precision(content, probability),
        chars=rates_of_counts((lines.keep_counts * weight[:, None]).sum(axis=0)),
        chars_average_precision=average_precision(content, probability, weight),
    )


def label_metrics(lines: ScoredLines) -> LabelMetrics:
    """Return how well each of the four labels is found, on lines that have one."""
    confusion = lines.confusions(np.zeros(len(lines), np.int64), 1)[0]
    by_label = map(rates_of_counts, counts_of_confusion(confusion))
    return LabelMetrics(
        by_label=dict(zip(map(str, LABELS), by_label, strict=True)),
        macro_f1=float(macro_f1(confusion)),
        confusion=tuple(tuple(int(count) for count in row) for row in confusion),
        n_lines=int(confusion.sum()),
    )


def _calibrations(lines: ScoredLines) -> dict[str, Calibration]:
    four = lines.with_label
    truth, given, row = lines.truth[four], lines.given[four], lines.probabilities[four]
    return {
        "label": calibration(row[np.arange(len(row)), given], truth == given),
        "content": calibration(lines.content_probability, lines.is_content),
    }


def _parts(lines: ScoredLines, names: Sequence[str]) -> dict[str, Part]:
    return {
        name: Part(
            n_documents=n_documents,
            n_groups=len(np.unique(part.group)),
            n_lines=len(part),
            keep=keep_metrics(part),
            labels=label_metrics(part),
        )
        for name, part, n_documents in _split(lines, names)
    }


def _split(lines: ScoredLines, names: Sequence[str]) -> Iterator[tuple[str, ScoredLines, int]]:
    """Yield each name's lines and number of documents, biggest part first; one name a document."""
    known, part_of_document = np.unique(np.array(names, dtype=object), return_inverse=True)
    part_of_line = part_of_document[lines.document]
    sizes = np.bincount(part_of_line, minlength=len(known))
    for index in np.argsort(-sizes, kind="stable"):
        if sizes[index]:
            part = lines.where(part_of_line == index)
            yield str(known[index]), part, int((part_of_document == index).sum())


def _json_ready(value: object) -> object:
    if isinstance(value, Mapping):
        return {str(key): _json_ready(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_json_ready(item) for item in value]
    if isinstance(value, float):
        return round(value, _N_DECIMALS) if np.isfinite(value) else None
    return value
