"""The n-grams of tokens, and what they weigh: the features that depend on learned words."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.features.featurizer import LineFeatures
from classifier.features.ngrams import BUCKET_BITS
from classifier.model.span_inputs import Array, TokenInputs
from classifier.model.span_tokens import line_means, means, shares

SPAN_BITS = 17
N_SPAN_BUCKETS = 1 << SPAN_BITS
_SHIFT = BUCKET_BITS - SPAN_BITS

EVIDENCE: tuple[str, ...] = (
    "weight of the word",
    "weight of the word with the next",
    "weight of the word with the one before",
    "mean weight of letter pairs",
    "mean weight of letter fours",
    "greatest weight of letter fours",
    "share of letter fours never learned",
    "mean weight of the line",
    "letter fours against the line",
)
"""Names of the rows that depend on learned n-grams."""


@dataclass(frozen=True, slots=True)
class TokenNgrams:
    """The n-grams of tokens, as buckets of the weights of spans.

    Attributes
    ----------
    pairs, quads
        Arrays of shape (n_chars,): of the characters of the lines.
    words, pairs_after, pairs_before
        Arrays of shape (n_tokens,): the word a token is of, and that word with the next one and
        with the one before; `N_SPAN_BUCKETS` where there is none.
    first, last
        Arrays of shape (n_tokens,): the characters of each token.
    offsets
        Array of shape (n_lines + 1,): the tokens of each line.
    """

    pairs: NDArray[np.int64]
    quads: NDArray[np.int64]
    words: NDArray[np.int64]
    pairs_after: NDArray[np.int64]
    pairs_before: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]
    offsets: NDArray[np.int64]

    @classmethod
    def of(cls, features: LineFeatures, inputs: TokenInputs) -> "TokenNgrams":
        """Look up the n-grams of tokens."""
        ngrams, characters = features.ngrams, features.characters
        position, tokens = inputs.chars.position, inputs.tokens
        none = np.full(len(tokens.first), N_SPAN_BUCKETS, dtype=np.int64)
        words = after = before = none
        if len(characters.word_starts):
            at = np.searchsorted(characters.word_starts, inputs.starts, side="right") - 1
            is_word = (at >= 0) & (inputs.starts < characters.word_ends[np.maximum(at, 0)])
            at = np.maximum(at, 0)
            double = ngrams.word_pair_buckets
            words = np.where(is_word, ngrams.word_buckets[at] >> _SHIFT, none)
            after = np.where(is_word, double[at] >> _SHIFT, none)
            before = np.where(is_word & (at > 0), double[np.maximum(at - 1, 0)] >> _SHIFT, none)
        return cls(
            pairs=ngrams.pair_buckets[position] >> _SHIFT,
            quads=ngrams.quad_buckets[position] >> _SHIFT,
            words=words,
            pairs_after=after,
            pairs_before=before,
            first=tokens.first,
            last=tokens.last,
            offsets=tokens.offsets,
        )

    def evidence(self, table: NDArray[np.float32]) -> Array:
        """Return the rows `EVIDENCE` for weights of n-grams, shape (len(EVIDENCE), n_tokens)."""
        if len(self.first) == 0:
            return np.zeros((len(EVIDENCE), 0), np.float32)
        pairs, quads = table[self.pairs], table[self.quads]
        # the four characters that end here say as much as those that begin here
        both = (quads + np.append(np.zeros(2, np.float32), quads[:-2])) / 2
        mean = means(both, self.first, self.last)
        line = line_means(mean, self.offsets)
        edges = np.stack([self.first, self.last], axis=1).ravel()
        return np.stack(
            [
                table[self.words],
                table[self.pairs_after],
                table[self.pairs_before],
                means(pairs, self.first, self.last),
                mean,
                np.maximum.reduceat(np.append(both, 0), edges)[::2],
                shares(quads == 0, self.first, self.last),
                line,
                mean - line,
            ]
        ).astype(np.float32)
