"""Hashed n-grams of characters and words: which bucket of the weight table each one falls into.

The hashing trick (Weinberger et al. 2009, "Feature Hashing for Large Scale Multitask Learning"):
no vocabulary is kept, so batches, shards and processes agree. Hashes are polynomials over folded
code points in 32-bit arithmetic, spread by multiply-shift (Dietzfelbinger et al. 1997); every
step is one operation on the whole batch. Characters come in pairs and fours: threes and fives
cost as much and separate no better on held-out sites (docs/experiments.md).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.text.characters import Characters

BUCKET_BITS = 18
N_BUCKETS = 1 << BUCKET_BITS
NO_NGRAM = N_BUCKETS
"""Bucket of a position where no n-gram starts, one past the last real one."""

NO_HASH = 0xFFFFFFFF
"""Hash of a position where no n-gram starts."""

# Odd constants with well mixed bits (golden ratio, and the finalisers of xxHash and MurmurHash3).
_SPREAD = np.uint32(0x9E3779B1)
_STEP = np.uint32(0x85EBCA77)
_MIX = np.uint32(0xC2B2AE3D)
_PAIR_SALT = np.uint32(0x27D4EB2F)
_QUAD_SALT = np.uint32(0xCC9E2D51)
_WORD_SALT = np.uint32(0xE6546B65)
_WORD_PAIR_SALT = np.uint32(0x2545F491)
_SHIFT = np.uint32(32 - BUCKET_BITS)


@dataclass(frozen=True, slots=True)
class Ngrams:
    """The n-grams of a batch.

    Attributes
    ----------
    pair_buckets, quad_buckets
        Arrays of shape (n_chars,): the bucket of the two and of the four characters that start at
        each framed character, the line feeds around a line among them; `NO_NGRAM` where they
        would reach into the next line.
    word_buckets
        Array of shape (n_words,): the bucket of each word.
    word_pair_buckets
        Array of shape (n_words,): the bucket of each word with its successor in the line;
        `NO_NGRAM` for the last word of a line.
    quad_hashes
        Array of shape (n_chars,): 32-bit hash of the four characters that start at each framed
        character; 0 only by chance, all ones where they would reach into the next line.
    word_hashes
        Array of shape (n_words,): 32-bit hash of each word, folded.
    line_hashes
        Array of shape (n_lines,): 32-bit hash of each line, folded.
    ngrams_per_line
        Array of shape (n_lines,): how many n-grams of all kinds a line has.
    """

    pair_buckets: NDArray[np.intp]
    quad_buckets: NDArray[np.intp]
    word_buckets: NDArray[np.intp]
    word_pair_buckets: NDArray[np.intp]
    quad_hashes: NDArray[np.uint32]
    word_hashes: NDArray[np.uint32]
    line_hashes: NDArray[np.uint32]
    ngrams_per_line: NDArray[np.float32]


def hash_ngrams(characters: Characters) -> Ngrams:
    """Return the buckets of all n-grams of a batch."""
    n_chars = len(characters.line_of_char)
    letters = characters.folded * _SPREAD
    pairs = letters[:-1] * _STEP + letters[1:]
    quads = pairs[:-2] * _MIX + pairs[2:]
    quad_hashes = np.empty(n_chars, dtype=np.uint32)
    np.multiply(quads, _QUAD_SALT, out=quad_hashes[: len(quads)])
    quad_buckets = (quad_hashes >> _SHIFT).astype(np.intp)
    quad_hashes ^= quad_hashes >> np.uint32(15)
    line_ends = characters.line_starts[1:]
    for crossing in (line_ends - 1, np.maximum(line_ends - 2, 0)):
        quad_buckets[crossing] = NO_NGRAM
        quad_hashes[crossing] = NO_HASH
    mixed_pairs = pairs * _MIX
    mixed_pairs ^= mixed_pairs >> np.uint32(15)
    word_hashes = _word_hashes(characters, mixed_pairs)
    word_pairs = word_hashes * _STEP
    word_pairs[:-1] += word_hashes[1:] * _SPREAD
    return Ngrams(
        pair_buckets=((pairs * _PAIR_SALT) >> _SHIFT).astype(np.intp),
        quad_buckets=quad_buckets,
        quad_hashes=quad_hashes,
        word_buckets=((word_hashes * _WORD_SALT) >> _SHIFT).astype(np.intp),
        word_pair_buckets=np.where(
            _has_successor(characters), (word_pairs * _WORD_PAIR_SALT) >> _SHIFT, NO_NGRAM
        ).astype(np.intp),
        word_hashes=word_hashes,
        line_hashes=np.add.reduceat(mixed_pairs, characters.line_starts[:-1], dtype=np.uint32),
        ngrams_per_line=_count_ngrams(characters),
    )


def _word_hashes(characters: Characters, pairs: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Hash each word from its first letter and the sum of its mixed character pairs.

    Sums over words are differences of one running sum, exact in 32-bit arithmetic. The pair of
    the last letter with what follows it stays out: "end." and "end" are one word.
    """
    running = np.cumsum(pairs, dtype=np.uint32)
    before = np.maximum(characters.word_starts - 1, 0)
    hashes = running[characters.word_ends - 2] - running[before]
    hashes += characters.folded[characters.word_starts] * _MIX
    hashes ^= hashes >> np.uint32(16)
    return hashes


def _has_successor(characters: Characters) -> NDArray[np.bool_]:
    """Return which words are not the last of their line, shape (n_words,)."""
    has_successor = np.ones(len(characters.word_starts), dtype=np.bool_)
    n_words = characters.words_per_line
    has_successor[np.cumsum(n_words)[n_words > 0] - 1] = False
    return has_successor


def _count_ngrams(characters: Characters) -> NDArray[np.float32]:
    framed_lengths = np.diff(characters.line_starts)
    words = characters.words_per_line
    word_pairs = np.maximum(words - 1, 0)
    chars = framed_lengths + np.maximum(framed_lengths - 2, 0)
    counts: NDArray[np.float32] = (chars + words + word_pairs).astype(np.float32)
    return counts
