"""Features of what of a token stands elsewhere in its document: its phrase, its word, a copy."""

import numpy as np
from numpy.typing import NDArray

from classifier.features.featurizer import LineFeatures
from classifier.model.span_documents import SearchedLines
from classifier.model.span_inputs import Rows, TokenInputs
from classifier.model.span_phrases import Phrases, covered, words


def fill_recurrence(
    features: LineFeatures,
    searched: SearchedLines,
    inputs: TokenInputs,
    rows: Rows,
    phrases: Phrases,
) -> None:
    """Fill the rows of what of a token stands elsewhere in its document."""
    _fill_phrases(inputs, rows, phrases)
    _fill_words(features, searched, inputs, rows)
    _fill_copies(inputs, rows)


def _fill_phrases(inputs: TokenInputs, rows: Rows, phrases: Phrases) -> None:
    chars, tokens, phrase, cover = inputs.chars, inputs.tokens, phrases.found, phrases.cover
    line_begin = np.repeat(chars.offsets[:-1], chars.sizes)
    place = np.arange(len(cover)) - line_begin
    rows["phrase stands elsewhere"][:] = inputs.shares(cover)
    n = np.log2(np.maximum(phrase.count, 1)) * phrase.elsewhere
    for step in (1, 2, 4):
        n[step:] = np.maximum(n[step:], n[:-step] * (place[step:] >= step))
    n *= cover
    greatest = np.maximum.reduceat(
        np.append(n, 0), np.stack([tokens.first, tokens.last], axis=1).ravel()
    )[::2]
    rows["how often the phrase stands"][:] = greatest
    rows["phrase in the head"][:] = inputs.shares(covered(phrase.in_head, phrases.length) > 0)
    rows["phrase in a short line"][:] = inputs.shares(covered(phrase.in_short, phrases.length) > 0)
    before, behind = _beside(cover, place == 0)
    # a space before or behind is of the phrase for those who look up characters
    rows["a phrase that comes back begins"][:] = (
        cover[tokens.first]
        & ~before[np.maximum(tokens.first - 1, line_begin[tokens.first])]
        & ~before[tokens.first]
    )
    rows["a phrase that comes back ends"][:] = cover[tokens.last - 1] & ~(
        behind[tokens.last - 1] & behind[np.minimum(tokens.last, len(cover) - 1)]
    )


def _fill_words(
    features: LineFeatures, searched: SearchedLines, inputs: TokenInputs, rows: Rows
) -> None:
    tokens = inputs.tokens
    found, which = words(features, tokens.lines, searched)
    characters = features.characters
    at = np.searchsorted(characters.word_starts[which], inputs.starts, side="right") - 1
    if len(which):
        is_word = (at >= 0) & (inputs.starts < characters.word_ends[which[at]])
        at = np.maximum(at, 0)
        for name, values in (
            ("word stands elsewhere", found.elsewhere),
            ("how often the word stands", np.log2(np.maximum(found.count, 1))),
            ("word in the head", found.in_head),
            ("word in a short line", found.in_short),
        ):
            rows[name][:] = values[at] * is_word


def _fill_copies(inputs: TokenInputs, rows: Rows) -> None:
    chars, tokens, copied = inputs.chars, inputs.tokens, inputs.copies.is_copied
    is_first = np.zeros(len(copied), dtype=np.bool_)
    is_first[chars.begins] = True
    before, behind = _beside(copied, is_first)
    rows["copy of a line without its spaces"][:] = inputs.shares(copied)
    rows["a copy begins"][:] = copied[tokens.first] & ~before[tokens.first]
    rows["a copy ends"][:] = copied[tokens.last - 1] & ~behind[tokens.last - 1]


def _beside(
    flags: NDArray[np.bool_], is_first: NDArray[np.bool_]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Return whether the character before, and behind, each one in its line is flagged.

    What stands in the line before, or in the next, is looked at with it by chance.
    """
    before = np.append(False, flags[:-1]) & ~is_first
    behind = np.append(flags[1:] & ~is_first[1:], False)
    return before, behind
