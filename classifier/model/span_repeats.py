"""Phrases that stand verbatim in another line of their page, as far as they reach.

A keyword pasted into a sentence is where it came from also: in tags, menus, the title. What stands
around it there is another text, so the longest repeated phrase is the keyword.
"""

import numpy as np
from numpy.typing import NDArray

from classifier.features.featurizer import LineFeatures
from classifier.features.ngrams import NO_NGRAM
from classifier.model.span_candidates import Candidates
from classifier.model.span_ngrams import single_weights
from classifier.model.span_recurrence import UNSPACED
from classifier.text.characters import runs

_MOST_WORDS = 10
_MOST_CHARS = 24
_LEAST_WEIGHT = -0.3
"""Mean weight of the words of a phrase below which it reads as ordinary text."""

_MASK = (1 << 18) - 1
_SPREAD = 0x9E3779B1
_QUAD = 4

Ints = NDArray[np.int64]


def repeated_phrases(
    features: LineFeatures,
    table: NDArray[np.float32],
    is_open: NDArray[np.bool_],
    document_of_line: Ints,
) -> Candidates:
    """Return the longest phrases of open lines that stand in other lines of their page too.

    Parameters
    ----------
    features
        The batch.
    table
        Array of shape (N_SPAN_BUCKETS + 1,): the weight of each n-gram.
    is_open
        Array of shape (n_lines,): which lines to look at.
    document_of_line
        Array of shape (n_lines,).
    """
    found = [_of_words(features, table, is_open, document_of_line)]
    characters = features.characters
    wide = np.flatnonzero(UNSPACED[characters.classes[characters.word_ends - 1]])
    if len(wide):
        lines = characters.line_of_char[characters.word_starts[wide]]
        documents = np.unique(document_of_line[lines])
        found.append(_of_characters(features, is_open, document_of_line, documents))
    return Candidates.joined(found)


def _of_words(
    features: LineFeatures,
    table: NDArray[np.float32],
    is_open: NDArray[np.bool_],
    document_of_line: Ints,
) -> Candidates:
    characters, buckets = features.characters, features.ngrams.word_pair_buckets
    line = characters.line_of_char[characters.word_starts]
    comes_back = _comes_back(buckets, line, document_of_line)
    comes_back &= is_open[line] & (buckets != NO_NGRAM)
    first, last = runs(np.concatenate([[False], comes_back, [False]]))
    first, last = first - 1, last - 1
    is_phrase = last - first < _MOST_WORDS
    first, last = first[is_phrase], last[is_phrase]
    weights = np.concatenate(
        [[0.0], np.cumsum(single_weights(features, table, np.arange(len(line))), dtype=np.float64)]
    )
    mean = (weights[last + 1] - weights[first]) / (last + 1 - first)
    keep = mean > _LEAST_WEIGHT
    first, last = first[keep], last[keep]
    return Candidates.of(line[first], characters.word_starts[first], characters.word_ends[last])


def _of_characters(
    features: LineFeatures, is_open: NDArray[np.bool_], document_of_line: Ints, documents: Ints
) -> Candidates:
    characters = features.characters
    is_wanted = np.zeros(int(document_of_line[-1]) + 1, dtype=np.bool_)
    is_wanted[documents] = True
    position = np.flatnonzero(is_wanted[document_of_line][characters.line_of_char])
    line = characters.line_of_char[position]
    buckets = features.ngrams.quad_buckets[position]
    comes_back = _comes_back(buckets, line, document_of_line)
    comes_back &= is_open[line] & (buckets != NO_NGRAM) & UNSPACED[characters.classes[position]]
    first, end = runs(np.concatenate([[False], comes_back, [False]]))
    first, last = first - 1, end - 2
    is_phrase = (last > first) & (last - first < _MOST_CHARS)
    first, last = first[is_phrase], last[is_phrase]
    return Candidates.of(line[first], position[first], position[last] + _QUAD)


def _comes_back(buckets: NDArray[np.intp], line: Ints, document_of_line: Ints) -> NDArray[np.bool_]:
    """Return which units stand in another line of their document too."""
    cells = (buckets + document_of_line[line] * _SPREAD) & _MASK
    # in order of lines the last write stays: that of the last line, or backwards the first
    first, last = np.empty(_MASK + 1, np.int64), np.empty(_MASK + 1, np.int64)
    last[cells] = line
    first[cells[::-1]] = line[::-1]
    comes_back: NDArray[np.bool_] = first[cells] != last[cells]
    return comes_back
