"""The tokens of some lines with the matrix of what is known of each."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.model.span_copies import Copies
from classifier.model.span_tokens import LineCharacters, Tokens, line_means, means, shares

Array = NDArray[np.float32]

Rows = Mapping[str, Array]
"""The rows of the matrix of features by name."""


@dataclass(frozen=True, slots=True)
class TokenInputs:
    """The tokens of some lines with what the tagger sees of them.

    Attributes
    ----------
    chars, tokens
        The lines by characters and tokens.
    matrix
        Array of shape (len(TOKEN_FEATURES), n_tokens).
    starts, ends
        Arrays of shape (n_tokens,): positions in the framed batch.
    copies
        What is copied from other lines.
    """

    chars: LineCharacters
    tokens: Tokens
    matrix: Array
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    copies: Copies

    def means(self, values: NDArray[np.generic]) -> NDArray[np.float64]:
        """Return the mean of a value of characters over each token."""
        return means(values, self.tokens.first, self.tokens.last)

    def shares(self, flags: NDArray[np.bool_]) -> NDArray[np.float64]:
        """Return the share of the characters of each token that are flagged."""
        return shares(flags, self.tokens.first, self.tokens.last)

    def line_means(self, values: NDArray[np.generic]) -> NDArray[np.float64]:
        """Return for each token the mean of a value of tokens over its line."""
        return line_means(values, self.tokens.offsets)
