"""The documents that are searched for what comes back: their lines, their stretches of arrays."""

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from classifier.features.featurizer import LineFeatures

_Scalar = TypeVar("_Scalar", bound=np.generic)


@dataclass(frozen=True, slots=True)
class SearchedLines:
    """The documents that are searched, and what is known of their lines.

    Attributes
    ----------
    documents
        Array of shape (n_searched,): the documents any line of which is looked at, sorted.
    first, end
        Arrays of shape (n_searched,): where each begins and ends among the framed characters; its
        first is the line feed before its first line.
    place
        Array of shape (n_lines,): which of `documents` a line is of, if it is of one.
    rank
        Array of shape (n_lines,): number of the line in its document, blank lines not counted.
    length
        Array of shape (n_lines,): code points.
    """

    documents: NDArray[np.int64]
    first: NDArray[np.int64]
    end: NDArray[np.int64]
    place: NDArray[np.int64]
    rank: NDArray[np.int64]
    length: NDArray[np.int64]

    @classmethod
    def of(
        cls,
        features: LineFeatures,
        document_of_line: NDArray[np.int64],
        lines: NDArray[np.int64],
    ) -> "SearchedLines":
        """Take the documents of `lines`."""
        sizes = np.diff(features.document_offsets)
        is_chosen = np.zeros(len(sizes), dtype=np.bool_)
        is_chosen[document_of_line[lines]] = True
        documents = np.flatnonzero(is_chosen)
        starts = features.characters.line_starts
        rank = np.zeros(len(document_of_line), dtype=np.int64)
        rank[features.visible] = np.arange(len(features.visible)) - np.repeat(
            features.document_offsets[:-1], sizes
        )
        return cls(
            documents,
            starts[np.searchsorted(document_of_line, documents)],
            starts[np.searchsorted(document_of_line, documents, side="right")],
            (np.cumsum(is_chosen) - 1)[document_of_line],
            rank,
            starts[1:] - starts[:-1] - 1,
        )


@dataclass(frozen=True, slots=True)
class Pieces:
    """Stretches of an array, one a searched document, end to end.

    Attributes
    ----------
    first, end
        Arrays of shape (n_searched,): where each begins and ends in the array.
    offsets
        Array of shape (n_searched + 1,): where each begins end to end.
    """

    first: NDArray[np.int64]
    end: NDArray[np.int64]
    offsets: NDArray[np.int64]

    @classmethod
    def of(cls, first: NDArray[np.int64], end: NDArray[np.int64]) -> "Pieces":
        """Take the stretches from `first` to `end`."""
        return cls(first, end, np.append(0, np.cumsum(end - first)))

    @property
    def shift(self) -> NDArray[np.int64]:
        """What is added to an index end to end to have that in the array, shape (n_searched,)."""
        return self.first - self.offsets[:-1]

    def take(self, values: NDArray[_Scalar]) -> NDArray[_Scalar]:
        """Return these stretches of `values`, end to end."""
        bounds = zip(self.first.tolist(), self.end.tolist(), strict=True)
        return np.concatenate([values[:0], *(values[first:end] for first, end in bounds)])

    def bounds(self, index: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return where each stretch begins among sorted indices end to end, then their number."""
        return np.searchsorted(index, self.offsets)
