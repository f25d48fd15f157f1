"""The lines an evaluation counts, as arrays over all pages."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.datamodels import LabelledDocument, OperatingPoint
from classifier.errors import InputError
from classifier.labels import CONTENT_INDEX, LABEL_CODES, LABELS, UNKNOWN_CODE

NO_LABEL = -1
"""Truth of a line that is not content and of unknown kind."""


@dataclass(frozen=True, slots=True)
class ScoredLines:
    """Lines that are not blank and whose code is not ``?``.

    Attributes
    ----------
    probabilities
        Array of shape (n_lines, 4).
    truth
        Array of shape (n_lines,): index into `LABELS`, `NO_LABEL` for code ``o``.
    given
        Array of shape (n_lines,): index of the label the model gives.
    n_chars
        Array of shape (n_lines,): code points of the line.
    document, group
        Arrays of shape (n_lines,): index of the document, and of its group.
    """

    probabilities: NDArray[np.float32]
    truth: NDArray[np.int8]
    given: NDArray[np.int8]
    n_chars: NDArray[np.int64]
    document: NDArray[np.int64]
    group: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        documents: Sequence[LabelledDocument],
        probabilities: Sequence[NDArray[np.float32]],
        *,
        point: OperatingPoint,
    ) -> "ScoredLines":
        """Put the lines of all pages end to end, without those that never count.

        Raises
        ------
        InputError
            If an array has not the shape of its page, or there are not as many of both.
        """
        _check(documents, probabilities)
        texts = [line for document in documents for line in document.lines]
        codes = np.array(list("".join(d.codes for d in documents)), dtype="U1")
        is_blank = np.fromiter((not text.strip() for text in texts), np.bool_, len(texts))
        scored = ~is_blank & (codes != UNKNOWN_CODE)
        truth = np.full(len(codes), NO_LABEL, np.int8)
        for index, code in enumerate(LABEL_CODES):
            truth[codes == code] = index
        rows = (
            np.concatenate(probabilities) if probabilities else np.empty((0, len(LABELS)), "f4")
        )[scored]
        document = np.repeat(np.arange(len(documents)), [len(d.lines) for d in documents])[scored]
        _, group = np.unique([d.group or d.id for d in documents], return_inverse=True)
        return cls(
            probabilities=rows,
            truth=truth[scored],
            given=point.label_index(rows, np.zeros(len(rows), np.bool_)),
            n_chars=np.fromiter(map(len, texts), np.int64, len(texts))[scored],
            document=document,
            group=group[document],
        )

    @property
    def content_probability(self) -> NDArray[np.float32]:
        """Probability of content of each line."""
        return self.probabilities[:, CONTENT_INDEX]

    @property
    def is_content(self) -> NDArray[np.bool_]:
        """Which lines are content."""
        return np.equal(self.truth, CONTENT_INDEX)

    @property
    def with_label(self) -> NDArray[np.bool_]:
        """Which lines have one of the four labels."""
        return np.not_equal(self.truth, NO_LABEL)

    @property
    def keep_counts(self) -> NDArray[np.float64]:
        """Each line as a true positive, false positive or false negative: shape (n_lines, 3)."""
        content, kept = self.is_content, self.given == CONTENT_INDEX
        return np.stack([content & kept, ~content & kept, content & ~kept], axis=1).astype("f8")

    def confusions(self, part: NDArray[np.int64], n_parts: int) -> NDArray[np.float64]:
        """Return for each part the lines by true and given label: shape (n_parts, 4, 4)."""
        n = len(LABELS)
        four = self.with_label
        cell = (part[four] * n + self.truth[four]) * n + self.given[four]
        return np.bincount(cell, minlength=n_parts * n * n).reshape(n_parts, n, n).astype("f8")

    def where(self, mask: NDArray[np.bool_]) -> "ScoredLines":
        """Return only the lines where `mask` is true."""
        return ScoredLines(
            probabilities=self.probabilities[mask],
            truth=self.truth[mask],
            given=self.given[mask],
            n_chars=self.n_chars[mask],
            document=self.document[mask],
            group=self.group[mask],
        )

    def __len__(self) -> int:
        return len(self.truth)


def _check(
    documents: Sequence[LabelledDocument], probabilities: Sequence[NDArray[np.float32]]
) -> None:
    if len(documents) != len(probabilities):
        raise InputError(
            f"{len(documents)} pages but probabilities of {len(probabilities)}; "
            "every page needs one array"
        )
    for document, rows in zip(documents, probabilities, strict=True):
        expected = (len(document.lines), len(LABELS))
        if rows.shape != expected or len(document.codes) != expected[0]:
            raise InputError(
                f"{document.origin or document.id}: probabilities of shape {rows.shape} and "
                f"{len(document.codes)} labels; expected {expected} and {expected[0]}"
            )
        if not np.isfinite(rows).all():
            raise InputError(
                f"{document.origin or document.id}: probabilities that are not finite; "
                "expected numbers from 0 to 1"
            )
