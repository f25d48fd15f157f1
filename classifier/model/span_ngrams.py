"""Stretches of text: what characters they hold, and what the weights of their n-grams add up to."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.features.featurizer import LineFeatures
from classifier.features.ngrams import BUCKET_BITS
from classifier.text.codepoints import N_CLASSES

SPAN_BITS = 17
N_SPAN_BUCKETS = 1 << SPAN_BITS
_SHIFT = BUCKET_BITS - SPAN_BITS

_MOST_NGRAMS = 60.0


@dataclass(frozen=True, slots=True)
class Extents:
    """Stretches of characters, with what is counted in each.

    Attributes
    ----------
    starts, ends
        Arrays of shape (n,): positions in the framed characters.
    kinds
        Array of shape (n, N_CLASSES): how many characters of each class.
    position, owner
        Arrays of shape (n_chars,): every character, and the stretch it is of.
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    kinds: NDArray[np.float64]
    position: NDArray[np.int64]
    owner: NDArray[np.int64]

    @classmethod
    def of(
        cls, classes: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> "Extents":
        """Count the characters from each start to each end."""
        sizes = np.maximum(ends - starts, 0)
        owner = np.repeat(np.arange(len(starts)), sizes)
        position = np.arange(len(owner)) + np.repeat(starts - np.cumsum(sizes) + sizes, sizes)
        cells = owner * N_CLASSES + classes[position]
        counts = np.bincount(cells, minlength=len(starts) * N_CLASSES)
        kinds = counts.astype(np.float64).reshape(-1, N_CLASSES)
        return cls(starts, ends, kinds, position, owner)

    def sums(self, values: NDArray[np.generic]) -> NDArray[np.float64]:
        """Sum one value a character over each stretch."""
        return np.bincount(self.owner, weights=values, minlength=len(self.starts)).astype(
            np.float64
        )


def single_weights(
    features: LineFeatures, table: NDArray[np.float32], word: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return the weight of each word."""
    return table.take(features.ngrams.word_buckets.take(word) >> _SHIFT)


def word_weights(
    features: LineFeatures, table: NDArray[np.float32], word: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the weight of each word, and of each word with its successor."""
    double = table.take(features.ngrams.word_pair_buckets.take(word) >> _SHIFT)
    return single_weights(features, table, word), double


def character_weights(
    features: LineFeatures, table: NDArray[np.float32], position: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the weights of the pairs and fours of characters that start at each position."""
    ngrams = features.ngrams
    pairs = table.take(ngrams.pair_buckets.take(position) >> _SHIFT)
    return pairs, table.take(ngrams.quad_buckets.take(position) >> _SHIFT)


def ngram_sums(
    features: LineFeatures, table: NDArray[np.float32], extents: Extents
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Sum the weights of the n-grams that lie in each stretch, and count them."""
    characters, position, owner = features.characters, extents.position, extents.owner
    left = extents.ends[owner] - position
    pairs, quads = character_weights(features, table, position)
    sums = extents.sums(pairs * (left >= 2) + quads * (left >= 4))
    sizes = extents.ends - extents.starts
    first = np.searchsorted(characters.word_starts, extents.starts)
    end = np.maximum(np.searchsorted(characters.word_ends, extents.ends, side="right"), first)
    n_words = end - first
    of_word = np.repeat(np.arange(len(first)), n_words)
    word = np.arange(len(of_word)) + np.repeat(first - np.cumsum(n_words) + n_words, n_words)
    single, double = word_weights(features, table, word)
    values = single + double * (word + 1 < end[of_word])
    sums += np.bincount(of_word, weights=values, minlength=len(first))
    number = np.maximum(sizes - 1, 0) + np.maximum(sizes - 3, 0)
    return sums, (number + n_words + np.maximum(n_words - 1, 0)).astype(np.float64)


def mean_logit(
    sums: NDArray[np.float64], numbers: NDArray[np.float64], ngram_bias: float
) -> NDArray[np.float64]:
    """Return the logit of stretches of text from the weights of their n-grams and their number.

    The weights were learned on short stretches, each over the root of its number of n-grams; a
    long one is judged as one of `_MOST_NGRAMS` with the same mean.
    """
    logits: NDArray[np.float64] = sums / np.maximum(numbers, 1)
    logits *= np.sqrt(np.minimum(numbers, _MOST_NGRAMS))
    logits += ngram_bias
    return logits
