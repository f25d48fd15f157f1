"""What speaks for and against a part of a line being spam, as one matrix for all candidates."""

import numpy as np
from numpy.typing import NDArray

from classifier.features.featurizer import LineFeatures
from classifier.model.span_candidates import Candidates
from classifier.model.span_ngrams import Extents, mean_logit, ngram_sums
from classifier.model.span_recurrence import RECURRENCE_FEATURES, recurrence_features
from classifier.model.span_surroundings import Surroundings
from classifier.text.codepoints import LETTERS, SCRIPTS, UPPER, CharClass, membership

_FIRST_LINES = 3

_LEAST_NGRAMS = -6.0
"""Logit of n-grams below which a part is no candidate: 5 to 9 of 100 spans, 35 to 55 others."""

LOCAL_FEATURES: tuple[str, ...] = (
    "n-grams of the part",
    "letters",
    "share of the line's letters",
    "words",
    "at the start of the line",
    "at the end of the line",
    "is the whole line",
    "in corner brackets",
    "in other brackets",
    "beside a bar or underscore",
    "beside a dash",
    "beside another separator",
    "joined to a word before",
    "joined to a word after",
    "letters of another script than the rest",
    "no accents where the rest has them",
    "all lower case where the rest is not",
    "every word capitalised",
    "digits",
    "domains and handles",
    "styled letters",
    "zero-width characters",
    "length of the line",
    "line among the first of the page",
    "copy of another line without its spaces",
    "echo of a part likely to be spam",
)
"""Names of the features a line itself gives, in their order."""

PART_FEATURES = (*LOCAL_FEATURES, *RECURRENCE_FEATURES)
"""Names of the rows `span_features` returns, in their order."""

_IS_LETTER = membership(LETTERS).astype(np.float64)
_IS_UPPER = membership(UPPER).astype(np.float64)
_IS_LATIN = membership(SCRIPTS[0]).astype(np.float64)
_SCRIPT_TABLE = np.stack([membership(classes) for classes in SCRIPTS], axis=1).astype(np.float64)
_BARS = membership((CharClass.PIPE, CharClass.UNDERSCORE))
_DASHES = membership((CharClass.DASH,))
_OTHER_SEPARATORS = membership(
    (CharClass.BULLET, CharClass.COLON, CharClass.COMMA, CharClass.ANGLE, CharClass.SLASH)
)


def span_features(
    features: LineFeatures,
    candidates: Candidates,
    table: NDArray[np.float32],
    ngram_bias: float,
    document_offsets: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return what speaks for and against each candidate.

    Parameters
    ----------
    features
        The batch.
    candidates
        Parts of its lines.
    table
        Array of shape (N_SPAN_BUCKETS + 1,): the weight of each n-gram.
    ngram_bias
        What is added to their weights, over the root of their number.
    document_offsets
        Array of shape (n_documents + 1,), in lines.

    Returns
    -------
    rows : array of shape (len(PART_FEATURES), n_candidates)
    """
    sizes = np.diff(document_offsets)
    document_of_line = np.repeat(np.arange(len(sizes)), sizes)
    rank = np.arange(len(document_of_line)) - np.repeat(document_offsets[:-1], sizes)
    return np.concatenate(
        [
            _local_features(features, candidates, table, ngram_bias, rank),
            recurrence_features(features, candidates, document_of_line),
        ]
    )


def _local_features(
    features: LineFeatures,
    candidates: Candidates,
    table: NDArray[np.float32],
    ngram_bias: float,
    rank: NDArray[np.int64],
) -> NDArray[np.float64]:
    characters = features.characters
    classes, line_starts = characters.classes, characters.line_starts
    lines, of_line = np.unique(candidates.line, return_inverse=True)
    part = Extents.of(classes, candidates.start, candidates.end)
    line = Extents.of(classes, line_starts[lines] + 1, line_starts[lines + 1])
    inside, whole = part.kinds, line.kinds[of_line]
    letters = inside @ _IS_LETTER
    other_letters = whole @ _IS_LETTER - letters
    upper, all_upper = inside @ _IS_UPPER, whole @ _IS_UPPER
    accents, all_accents = (_accents(features, extents) for extents in (part, line))
    latin = inside @ _IS_LATIN
    n_words, n_capitals = _words(features, candidates)
    own, n_own = ngram_sums(features, table, part)
    kinds = Surroundings.of(classes, candidates)
    accent_rate = all_accents[of_line] / np.maximum(other_letters, 1)
    return np.stack(
        [
            mean_logit(own, n_own, ngram_bias),
            np.log1p(letters),
            letters / np.maximum(letters + other_letters, 1),
            np.log1p(n_words),
            kinds.at_start,
            kinds.at_end,
            other_letters < 3,
            kinds.in_corner,
            kinds.in_bracket,
            kinds.beside(_BARS),
            kinds.beside(_DASHES),
            kinds.beside(_OTHER_SEPARATORS),
            kinds.joined_before,
            kinds.joined_after,
            _foreign_share(inside, whole),
            ((accents == 0) & (latin >= 5)) * np.minimum(accent_rate * 8, 1),
            (upper == 0) & (all_upper > 0) & (latin > 0) & kinds.at_edge,
            (n_capitals == n_words) & (n_words > 1),
            np.log1p(inside[:, CharClass.DIGIT]),
            np.log1p(part.sums(_joins_names(classes, part.position))),
            np.log1p(inside[:, CharClass.STYLED]),
            np.log1p(inside[:, CharClass.ZERO_WIDTH]),
            np.log1p(line_starts[candidates.line + 1] - line_starts[candidates.line]),
            rank[candidates.line] < _FIRST_LINES,
            np.log1p(candidates.copied),
            candidates.strength,
        ]
    ).astype(np.float64)


def _accents(features: LineFeatures, extents: Extents) -> NDArray[np.float64]:
    """Count the Latin letters that are not of the English alphabet."""
    characters, position = features.characters, extents.position
    is_latin = _IS_LATIN[characters.classes[position]] > 0
    return extents.sums(is_latin & (characters.folded[position] > 0x7F))


def _words(
    features: LineFeatures, candidates: Candidates
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Count the words of each candidate, and those that begin with a capital letter."""
    characters = features.characters
    first = np.searchsorted(characters.word_starts, candidates.start)
    end = np.maximum(np.searchsorted(characters.word_ends, candidates.end, side="right"), first)
    sizes = end - first
    owner = np.repeat(np.arange(len(first)), sizes)
    word = np.arange(len(owner)) + np.repeat(first - np.cumsum(sizes) + sizes, sizes)
    is_capital = _IS_UPPER[characters.classes[characters.word_starts[word]]]
    return sizes, np.bincount(owner, weights=is_capital, minlength=len(first)).astype(np.int64)


def promising(
    features: LineFeatures,
    candidates: Candidates,
    table: NDArray[np.float32],
    ngram_bias: float,
) -> NDArray[np.bool_]:
    """Return which candidates do not read as ordinary text; cheap, to be asked first."""
    part = Extents.of(features.characters.classes, candidates.start, candidates.end)
    sums, numbers = ngram_sums(features, table, part)
    is_promising: NDArray[np.bool_] = mean_logit(sums, numbers, ngram_bias) > _LEAST_NGRAMS
    return is_promising


def _foreign_share(inside: NDArray[np.float64], whole: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the share of the part's letters that are of another script than most of the rest."""
    of_part = inside @ _SCRIPT_TABLE
    of_rest = whole @ _SCRIPT_TABLE - of_part
    own = of_part[np.arange(len(of_part)), of_rest.argmax(axis=1)]
    total = of_part.sum(axis=1)
    share = (total - own) / np.maximum(total, 1)
    return np.where(of_rest.sum(axis=1) >= 3, share, 0)


def _joins_names(classes: NDArray[np.uint8], position: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether a full stop between letters or digits, or an at sign, stands at each position."""
    own, after = classes[position], classes[np.minimum(position + 1, len(classes) - 1)]
    is_stop = (own == CharClass.PERIOD) & (classes[position - 1] >= CharClass.DIGIT)
    joins: NDArray[np.bool_] = (is_stop & (after >= CharClass.STYLED)) | (own == CharClass.AT_SIGN)
    return joins
