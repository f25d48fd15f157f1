"""The lexical head: logistic regression on hashed n-grams, applied by table look-up.

The four labels are parted in two steps (a nested multinomial logit): content against the rest, on
all labelled lines, and among the rest stuffing, linkfarm and boilerplate, on the lines that say
which. So pages known only as "content" and "not content" teach the first step all they know and
the second nothing. scikit-learn fits both on sparse matrices (`classifier.training.lexical`); here
each n-gram's row of weights is gathered and summed over its line, which needs no matrix at all.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.features.ngrams import Ngrams
from classifier.text.characters import Characters

N_CONTRASTS = 3

LEXICAL_FEATURES: tuple[str, ...] = (
    "n-grams for content against the rest",
    "n-grams for stuffing against boilerplate",
    "n-grams for linkfarm against boilerplate",
    "familiarity of n-grams",
)
"""Names of the rows `LexicalHead.apply` returns, in their order."""


@dataclass(frozen=True, slots=True)
class LexicalHead:
    """Weights of every n-gram bucket.

    Attributes
    ----------
    table
        Array of shape (N_BUCKETS + 1, 4): the weights of content against the rest, of stuffing and
        of linkfarm against boilerplate, and the bucket's familiarity (0 never seen in training, 1
        the most frequent). The last row, for positions without an n-gram, is zero.
    bias
        Array of shape (3,).
    """

    table: NDArray[np.float32]
    bias: NDArray[np.float32]

    def apply(self, characters: Characters, ngrams: Ngrams) -> NDArray[np.float32]:
        """Return the logits of each line, and how familiar its n-grams are.

        Returns
        -------
        logits : float32 array of shape (4, n_lines)
            Sums of weights over the square root of the number of n-grams, which is what L2
            normalisation does to a line without repeated n-grams; familiarity is a mean.
        """
        # one row of four 32-bit numbers is moved as one 128-bit item: numpy gathers it in one go
        rows = self.table.view(np.complex128).reshape(-1)
        by_char = rows.take(ngrams.pair_buckets).view(np.float32)
        by_char += rows.take(ngrams.quad_buckets).view(np.float32)
        by_word = rows.take(ngrams.word_buckets).view(np.float32)
        by_word += rows.take(ngrams.word_pair_buckets).view(np.float32)
        starts = characters.line_starts[:-1]
        sums = _sum_rows(by_char, starts)
        n_words = characters.words_per_line
        # one row more, and a run for it: without, the last line would add it up with its own
        padded = np.concatenate([by_word, np.zeros(len(LEXICAL_FEATURES), np.float32)])
        edges = np.concatenate([[0], np.cumsum(n_words)])
        sums += np.where(n_words > 0, _sum_rows(padded, edges)[:, :-1], 0)
        count = np.maximum(ngrams.ngrams_per_line, 1)
        sums[:N_CONTRASTS] /= np.sqrt(count)
        sums[:N_CONTRASTS] += self.bias[:, None]
        sums[N_CONTRASTS] /= count
        return sums


def _sum_rows(values: NDArray[np.float32], starts: NDArray[np.int64]) -> NDArray[np.float32]:
    """Sum runs of rows of four; shape (4, n_runs). Two numbers are added as one complex number."""
    pairs = values.view(np.complex64).reshape(-1, 2)
    left = np.add.reduceat(pairs[:, 0], starts)
    right = np.add.reduceat(pairs[:, 1], starts)
    return np.stack([left.real, left.imag, right.real, right.imag])
