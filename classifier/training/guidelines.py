"""What the guidelines of each source add to "content": learned beside the stacker, then left out.

Collections disagree on headlines, captions, bylines and comments: the same line is content in one
and not in the other. An offset of the content logit for each source takes up how generous its
guidelines are, so that the network does not have to find traces of the source in the page.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from classifier.labels import CONTENT_INDEX

Array = NDArray[np.float32]

_PULL = 2e-4
"""How strongly offsets are pulled to 0: as a gradient, per unit."""

_RATE = 2e-3
"""Step of Adam."""


class SourceOffsets:
    """One offset of the content logit a source, with the mean of those shown kept at 0.

    Parameters
    ----------
    source_of_document
        The name of each document's source.
    """

    def __init__(self, source_of_document: Sequence[str]) -> None:
        self.names, self._source = np.unique(np.array(source_of_document), return_inverse=True)
        self.offsets: NDArray[np.float64] = np.zeros(len(self.names))
        self._first: NDArray[np.float64] = np.zeros(len(self.names))
        self._second: NDArray[np.float64] = np.zeros(len(self.names))
        self._steps = 0

    def added_to(self, logits: Array, document_of_line: NDArray[np.int64]) -> Array:
        """Return the logits, shape (n_labels, n_lines), as the guidelines of each line have it."""
        shifted = logits.copy()
        shifted[CONTENT_INDEX] += self.offsets[self._source[document_of_line]]
        return shifted

    def step(self, gradient: Array, document_of_line: NDArray[np.int64]) -> None:
        """Follow the gradient of the loss with respect to the logits, (n_labels, n_lines)."""
        sources = self._source[document_of_line]
        shown = np.bincount(sources, weights=gradient[CONTENT_INDEX], minlength=len(self.names))
        slope = shown + _PULL * self.offsets
        self._steps += 1
        self._first += 0.1 * (slope - self._first)
        self._second += 0.001 * (slope * slope - self._second)
        first = self._first / (1 - 0.9**self._steps)
        second = self._second / (1 - 0.999**self._steps)
        self.offsets -= _RATE * first / (np.sqrt(second) + 1e-8)
        self.offsets -= self.offsets[np.unique(sources)].mean()
