"""Phrases and words of a line that stand elsewhere in its document.

A stuffed keyword comes back verbatim between ever other neighbours.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.features.featurizer import LineFeatures
from classifier.model.span_documents import Pieces, SearchedLines
from classifier.model.span_lookups import STEP, Recurrence, meeting, recurring
from classifier.model.span_tokens import BLANK, UNSPACED, LineCharacters, ranges
from classifier.text.codepoints import CharClass

_DENSE = UNSPACED.copy()
_DENSE[CharClass.HANGUL] = True
"""Classes of letters of which four say as much as eight of others."""


@dataclass(frozen=True, slots=True)
class Phrases:
    """What was found of the phrases from each character on.

    Attributes
    ----------
    found
        For each character; nothing where a phrase would reach into the next line.
    length
        Array of shape (n,): how many characters were looked up, 4 or 8.
    cover
        Array of shape (n,): the characters of phrases that stand elsewhere.
    """

    found: Recurrence
    length: NDArray[np.int64]
    cover: NDArray[np.bool_]


def find_phrases(features: LineFeatures, chars: LineCharacters, searched: SearchedLines) -> Phrases:
    """Look up the eight characters from each character on; four where they say as much."""
    characters = features.characters
    starts = characters.line_starts
    pieces = Pieces.of(searched.first, searched.end)
    hashes, is_dense = _phrase_hashes(features, pieces)
    length = np.where(_DENSE.take(chars.classes), 4, 8)
    sizes = chars.sizes
    is_whole = chars.position + length <= np.repeat(starts[chars.lines + 1], sizes)
    is_whole &= ~BLANK.take(chars.classes)
    place = np.repeat(searched.place[chars.lines], sizes)[is_whole]
    asked = hashes[chars.position[is_whole] - pieces.shift[place]]
    met = meeting(hashes, pieces.offsets, asked, place)
    position = met + np.repeat(pieces.shift, np.diff(pieces.bounds(met)))
    line = characters.line_of_char[position]
    may = position + np.where(is_dense[met], 4, 8) <= starts[line + 1]
    may &= ~BLANK.take(characters.classes[position])
    met, line = met[may], line[may]
    is_asked = np.zeros(characters.n_lines, dtype=np.bool_)
    is_asked[chars.lines] = True
    found = recurring(hashes[met], line, is_asked[line], pieces.bounds(met), searched)
    n = len(chars.classes)
    spread = Recurrence(
        np.zeros(n, np.bool_), np.zeros(n, np.int64), np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    )
    for name in ("elsewhere", "count", "in_head", "in_short"):
        getattr(spread, name)[is_whole] = getattr(found, name)
    return Phrases(spread, length, covered(spread.elsewhere, length) > 0)


def _phrase_hashes(
    features: LineFeatures, pieces: Pieces
) -> tuple[NDArray[np.uint32], NDArray[np.bool_]]:
    """Return hashes of the phrase from each character on, and where that is one of four."""
    quads = features.ngrams.quad_hashes
    own = pieces.take(quads)
    # where this is of the next line, or missing behind the last, the phrase is not whole
    behind = np.zeros_like(own)
    next_ones = pieces.take(quads[4:])
    behind[: len(next_ones)] = next_ones
    behind ^= behind >> np.uint32(13)
    behind += own * STEP
    classes = pieces.take(features.characters.classes)
    is_dense = _DENSE.take(classes)
    return np.where(is_dense, own, behind) if is_dense.any() else behind, is_dense


def covered(starts: NDArray[np.bool_], length: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return how many of the pieces that start where `starts` is true lie over each character."""
    at = np.flatnonzero(starts)
    change = np.zeros(len(starts) + 9, dtype=np.int64)
    change[at] += 1
    change -= np.bincount(at + length[at], minlength=len(change))
    return np.cumsum(change)[: len(starts)]


def words(
    features: LineFeatures, lines: NDArray[np.int64], searched: SearchedLines
) -> tuple[Recurrence, NDArray[np.int64]]:
    """Look up the words of `lines`; return what was found, and which words they are."""
    characters = features.characters
    pieces = Pieces.of(
        np.searchsorted(characters.word_starts, searched.first),
        np.searchsorted(characters.word_starts, searched.end),
    )
    hashes = pieces.take(features.ngrams.word_hashes)
    n_words = characters.words_per_line
    which, _ = ranges((np.cumsum(n_words) - n_words)[lines], n_words[lines])
    place = np.repeat(searched.place[lines], n_words[lines])
    own = which - pieces.shift[place]
    met = meeting(hashes, pieces.offsets, hashes[own], place)
    is_query = np.zeros(len(hashes), dtype=np.bool_)
    is_query[own] = True
    word = met + np.repeat(pieces.shift, np.diff(pieces.bounds(met)))
    line = characters.line_of_char[characters.word_starts[word]]
    found = recurring(hashes[met], line, is_query[met], pieces.bounds(met), searched)
    return found, which
