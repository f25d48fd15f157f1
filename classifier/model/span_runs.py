"""Runs of words, or of characters where words are not parted, whose n-grams speak of spam."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.features.featurizer import LineFeatures
from classifier.model.span_candidates import Candidates, Row
from classifier.model.span_ngrams import (
    Extents,
    character_weights,
    word_weights,
)
from classifier.model.span_recurrence import UNSPACED
from classifier.text.codepoints import N_CASED_SCRIPTS, N_CLASSES, SCRIPTS, CharClass

UNIT_FEATURES: tuple[str, ...] = (
    "n-grams of the word",
    "n-grams of it and the word before",
    "n-grams of it and the word after",
    "n-grams of three words",
    "n-grams of five words",
    "n-grams of the line",
    "another script than most of the line",
    "begin of the word known on the page",
    "begins of three words known on the page",
    "begins of the line's words known on the page",
    "all small letters in a line with capitals",
    "one",
)
"""Names of the rows `unit_features` returns, in their order; the last is always one."""

_WINDOWS = ((0, 0), (1, 0), (0, 1), (1, 1), (2, 2))
"""How many words before and after are looked at together."""

_OFFSETS = (0.5, 2.5)
"""Added to the logits of words before runs are sought: few sure ones, and many."""

_KNOWN_MASK = (1 << 17) - 1

MIN_RUN = 0.0
"""Summed logits of a run from which on it is a candidate."""

Ints = NDArray[np.int64]

N_SCRIPTS = len(SCRIPTS) + 1
SCRIPT_OF = np.full(N_CLASSES, len(SCRIPTS))
for _index, _classes in enumerate(SCRIPTS):
    SCRIPT_OF[list(_classes)] = _index


@dataclass(frozen=True, slots=True)
class UnitWeights:
    """What was learned of words.

    Attributes
    ----------
    ngrams
        Array of shape (N_SPAN_BUCKETS + 1,): the weight of each n-gram.
    ngram_bias
        What is added to the weights of the n-grams of a part, over the root of their number.
    units
        Array of shape (len(UNIT_FEATURES),): the weight of each feature of a word.
    """

    ngrams: NDArray[np.float32]
    ngram_bias: float
    units: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Units:
    """The words of some lines, or their characters in scripts that part no words.

    Attributes
    ----------
    line, starts, ends
        Arrays of shape (n_units,): the line of each, and from where to where it reaches.
    features
        Array of shape (len(UNIT_FEATURES), n_units).
    sums, numbers
        Arrays of shape (n_units,): the weights of the n-grams of each, and how many they are.
    """

    line: Ints
    starts: Ints
    ends: Ints
    features: NDArray[np.float64]
    sums: NDArray[np.float64]
    numbers: NDArray[np.float64]


def unlikely_runs(units: Units, logits: NDArray[np.float64]) -> Candidates:
    """Return runs of neighbouring words that look like search queries.

    Parameters
    ----------
    units
        Words of some lines.
    logits
        Array of shape (n_units,): whether each is of a span.
    """
    return Candidates.from_rows([row for add in _OFFSETS for row in _runs(units, logits + add)])


def units_of(
    features: LineFeatures, weights: UnitWeights, lines: Ints, document_of_line: Ints
) -> Units:
    """Return the words of some lines.

    Words of scripts that part none are taken apart into characters, others where small letters
    meet capitals: there a join was lost.
    """
    table = weights.ngrams
    characters = features.characters
    extents = Extents.of(
        characters.classes, characters.line_starts[lines] + 1, characters.line_starts[lines + 1]
    )
    position = extents.position
    if len(position) == 0:
        none = np.zeros(0)
        return Units(position, position, position, np.zeros((len(UNIT_FEATURES), 0)), none, none)
    spread = _spread(*character_weights(features, table, position), extents.owner)
    classes = characters.classes[position]
    is_word = classes >= CharClass.DIGIT
    is_unspaced = UNSPACED[classes]
    is_lower = (classes - np.uint8(CharClass.LATIN_LOWER)) < N_CASED_SCRIPTS
    is_upper = (classes - np.uint8(CharClass.LATIN_UPPER)) < N_CASED_SCRIPTS
    breaks = np.ones(len(position), dtype=np.bool_)
    breaks[1:] = (is_word[1:] != is_word[:-1]) | is_unspaced[1:] | is_unspaced[:-1]
    breaks[1:] |= (is_lower[:-1] & is_upper[1:]) | (np.diff(extents.owner) != 0)
    # marks stay with the letter before them
    breaks &= ~((classes == CharClass.MARK) & np.append(False, is_word[:-1]))
    first = np.flatnonzero(breaks)
    sums = np.add.reduceat(np.where(is_unspaced, _smooth(spread, extents.owner), spread), first)
    sizes = np.diff(np.append(first, len(position)))
    own = is_word[first]
    first, sums, sizes = first[own], sums[own], sizes[own]
    starts = position[first]
    number = np.where(is_unspaced[first], 2.0 * sizes, 2.0 * sizes + 2)
    ends = starts + sizes
    sums += _of_words(features, table, starts, ends)
    line = extents.owner[first]
    rows = _window_logits(line, sums, number, weights.ngram_bias)
    of_line = np.add.reduceat(sums, np.searchsorted(line, np.unique(line)))
    per_line = np.add.reduceat(number, np.searchsorted(line, np.unique(line)))
    rank = np.searchsorted(np.unique(line), line)
    rows.append((of_line / per_line)[rank] * 4)
    known = _known(features, starts, document_of_line)
    script = SCRIPT_OF[classes[first]]
    main = np.bincount(line * N_SCRIPTS + script, weights=sizes, minlength=len(lines) * N_SCRIPTS)
    main = main.reshape(-1, N_SCRIPTS)[:, :-1].argmax(axis=1)
    is_foreign = (script != main[line]) & (script < N_SCRIPTS - 1)
    known_in_line = (np.bincount(line, known) / np.maximum(np.bincount(line), 1))[line]
    rows += [is_foreign.astype(np.float64), known, _around(line, known), known_in_line]
    rows += [is_lower[first].astype(np.float64), np.ones(len(line))]
    return Units(lines[line], starts, ends, np.stack(rows), sums, number)


def _known(features: LineFeatures, starts: Ints, document_of_line: Ints) -> NDArray[np.float64]:
    """Return how often other words of the page begin as the one at each place does, as a log.

    A word of another language begins as few words of its page do.
    """
    characters, hashes = features.characters, features.ngrams.quad_hashes

    def keys(at: Ints) -> Ints:
        document = document_of_line[characters.line_of_char[at]]
        found: Ints = document * (_KNOWN_MASK + 1) + (hashes[at - 1] & _KNOWN_MASK)
        return found

    of_words, wanted = np.sort(keys(characters.word_starts)), keys(starts)
    counts = np.searchsorted(of_words, wanted, side="right") - np.searchsorted(of_words, wanted)
    known: NDArray[np.float64] = np.log(np.maximum(counts, 1))
    return known


def _around(line: Ints, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the mean of each word's value and those of its neighbours in the line."""
    total, number = values.copy(), np.ones(len(values))
    same = line[1:] == line[:-1]
    total[1:] += values[:-1] * same
    total[:-1] += values[1:] * same
    number[1:] += same
    number[:-1] += same
    return total / number


def _window_logits(
    line: Ints, sums: NDArray[np.float64], numbers: NDArray[np.float64], bias: float
) -> list[NDArray[np.float64]]:
    """Return for each of `_WINDOWS` the logit of the n-grams of the words in it."""
    index = np.arange(len(line))
    first = np.searchsorted(line, line)
    last = np.searchsorted(line, line, side="right") - 1
    total, count = (np.concatenate([[0.0], np.cumsum(values)]) for values in (sums, numbers))
    rows = []
    for before, after in _WINDOWS:
        low, high = np.maximum(index - before, first), np.minimum(index + after, last) + 1
        rows.append((total[high] - total[low]) / np.sqrt(count[high] - count[low]) + bias)
    return rows


def _spread(
    pairs: NDArray[np.float32], quads: NDArray[np.float32], line: Ints
) -> NDArray[np.float64]:
    """Share the weight of every n-gram among its characters, none with those of other lines."""
    halves, quarters = pairs.astype(np.float64) / 2, quads.astype(np.float64) / 4
    spread = halves + quarters + _moved(halves, line, 1)
    for offset in range(1, 4):
        spread += _moved(quarters, line, offset)
    return spread


def _smooth(spread: NDArray[np.float64], line: Ints) -> NDArray[np.float64]:
    """Return a fifth of the sum of five neighbours in a line."""
    total = spread.copy()
    for offset in (1, 2):
        total += _moved(spread, line, offset)
        total += _moved(spread[::-1], line[::-1], offset)[::-1]
    return total / 5


def _moved(values: NDArray[np.float64], line: Ints, offset: int) -> NDArray[np.float64]:
    """Return the values so many places on, where that is in the same line; else zero."""
    moved = np.zeros_like(values)
    moved[offset:] = np.where(line[offset:] == line[:-offset], values[:-offset], 0)
    return moved


def _of_words(
    features: LineFeatures, table: NDArray[np.float32], starts: Ints, ends: Ints
) -> NDArray[np.float64]:
    """Return the weights of the words that are units, with half of those of their pairs."""
    characters, n_words = features.characters, len(features.characters.word_starts)
    word = np.minimum(np.searchsorted(characters.word_starts, starts), n_words - 1)
    is_word = (characters.word_starts[word] == starts) & (characters.word_ends[word] == ends)
    single, after = word_weights(features, table, word)
    # the first word of a batch has none before it, as that of any other page has none in a pair
    before = word_weights(features, table, np.maximum(word - 1, 0))[1] * (word > 0)
    return np.where(is_word, single + (after + before) / 2, 0.0)


def _runs(units: Units, logits: NDArray[np.float64]) -> list[Row]:
    """Return the runs with the greatest sums of logits, in one pass (Kadane's algorithm).

    A run begins where the sum rises from zero, and ends where it is greatest.
    """
    rows: list[Row] = []
    total = best = 0.0
    first = last = 0
    lines, values = [*units.line.tolist(), -1], [*logits.tolist(), 0.0]
    for index, value in enumerate(values):
        if total <= 0.0 or lines[index] != lines[first]:
            if best > MIN_RUN:
                start, end = int(units.starts[first]), int(units.ends[last])
                rows.append((lines[first], start, end, -1, 0, 0.0))
            total, best, first = 0.0, 0.0, index
        total += value
        if total > best:
            best, last = total, index
    return rows
