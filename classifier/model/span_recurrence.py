"""Which candidates come back elsewhere on their page, for a whole batch at once.

A phrase is told by the hashes of its first and last pairs of words (or fours of characters, in
scripts that part no words) at the right distance from each other; what lies between is not looked
at.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.features.featurizer import LineFeatures
from classifier.features.ngrams import N_BUCKETS
from classifier.model.span_candidates import Candidates
from classifier.text.codepoints import CharClass, membership

RECURRENCE_FEATURES: tuple[str, ...] = (
    "other lines with the same words",
    "same words in body text",
    "same words in short lines",
    "its words also stand apart on the page",
)
"""Names of the rows `recurrence_features` returns, in their order."""

_BODY_CHARS = 100
_MAX_TIMES = 30
_QUAD = 4

UNSPACED = membership((CharClass.HAN, CharClass.KANA, CharClass.THAI, CharClass.SOUTH_EAST_ASIAN))

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class _Units:
    """Hashed units of a batch in order of place: pairs of words, words, or fours of characters."""

    buckets: NDArray[np.intp]
    lines: Ints

    def times(self, first: Ints, document_of_line: Ints) -> tuple[Ints, Ints]:
        """Return where in its document each of the units `first` comes back.

        Returns
        -------
        which : index into `first`
        where : index of the unit that is the same
        """
        mark = np.zeros(N_BUCKETS + 1, dtype=np.bool_)
        mark[self.buckets[first]] = True
        mark[N_BUCKETS] = False
        same = np.flatnonzero(mark.take(self.buckets))
        keys = document_of_line[self.lines[same]] * (N_BUCKETS + 1) + self.buckets[same]
        order = np.argsort(keys, kind="stable")
        keys, same = keys[order], same[order]
        wanted = document_of_line[self.lines[first]] * (N_BUCKETS + 1) + self.buckets[first]
        low = np.searchsorted(keys, wanted)
        sizes = np.minimum(np.searchsorted(keys, wanted, side="right") - low, _MAX_TIMES)
        within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return np.repeat(np.arange(len(first)), sizes), same[np.repeat(low, sizes) + within]


def recurrence_features(
    features: LineFeatures, candidates: Candidates, document_of_line: Ints
) -> NDArray[np.float64]:
    """Return how often, and in what lines, each candidate comes back on its page.

    Returns
    -------
    rows : array of shape (len(RECURRENCE_FEATURES), n_candidates)
    """
    characters, ngrams = features.characters, features.ngrams
    first = np.searchsorted(characters.word_starts, candidates.start)
    last = np.searchsorted(characters.word_ends, candidates.end, side="right") - 1
    rows = np.zeros((len(RECURRENCE_FEATURES), len(candidates)))
    word_lines = characters.line_of_char[characters.word_starts]
    n_words = last - first + 1
    middle = (candidates.start + candidates.end) // 2
    is_unspaced = UNSPACED[characters.classes[middle]]
    words = _Units(ngrams.word_buckets, word_lines)
    chosen = np.flatnonzero((n_words >= 2) & ~is_unspaced)
    if len(chosen):
        pairs = _Units(ngrams.word_pair_buckets, word_lines)
        at, end = first[chosen], last[chosen] - 1
        times = _count(rows, chosen, pairs, (at, end), (document_of_line, characters.line_starts))
        rows[3, chosen] = _apart(words, first[chosen], times, document_of_line) / 2
        rows[3, chosen] += _apart(words, last[chosen], times, document_of_line) / 2
    chosen = np.flatnonzero((n_words == 1) & ~is_unspaced)
    if len(chosen):
        at = first[chosen]
        _count(rows, chosen, words, (at, at), (document_of_line, characters.line_starts))
    chosen = np.flatnonzero(is_unspaced & (candidates.end - candidates.start > _QUAD + 1))
    if len(chosen):
        quads = _Units(ngrams.quad_buckets, characters.line_of_char)
        inset = (characters.classes[candidates.start[chosen]] < CharClass.DIGIT).astype(np.int64)
        at, end = candidates.start[chosen] + inset, candidates.end[chosen] - inset - _QUAD
        end = np.maximum(end, at)
        _count(rows, chosen, quads, (at, end), (document_of_line, characters.line_starts))
    return rows


def _count(
    rows: NDArray[np.float64],
    chosen: Ints,
    units: _Units,
    ends: tuple[Ints, Ints],
    places: tuple[Ints, Ints],
) -> Ints:
    """Fill in the rows of the chosen candidates; return how often each stands on its page."""
    (first, last), (document_of_line, line_starts) = ends, places
    which, where = units.times(first, document_of_line)
    other_end = np.minimum(where + (last - first)[which], len(units.buckets) - 1)
    is_same = units.buckets[other_end] == units.buckets[last[which]]
    which, line = which[is_same], units.lines[where[is_same]]
    times = np.bincount(which, minlength=len(first))
    is_other = line != units.lines[first[which]]
    which, line = which[is_other], line[is_other]
    is_body = (line_starts[line + 1] - line_starts[line]) > _BODY_CHARS
    others = np.bincount(which, minlength=len(first))
    in_body = np.bincount(which[is_body], minlength=len(first))
    rows[0, chosen] = np.log1p(others)
    rows[1, chosen] = in_body > 0
    rows[2, chosen] = others > in_body
    return times


def _apart(words: _Units, chosen: Ints, times: Ints, document_of_line: Ints) -> NDArray[np.bool_]:
    """Whether each word stands on its page more often than the phrase it is of."""
    which, _ = words.times(chosen, document_of_line)
    return np.bincount(which, minlength=len(chosen)) > times
