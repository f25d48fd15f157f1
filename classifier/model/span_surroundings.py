"""Features of a token among the others of its line and document: place, scripts, usual letters."""

import numpy as np
from numpy.typing import NDArray

from classifier.features.featurizer import LineFeatures
from classifier.features.ngrams import BUCKET_BITS
from classifier.model.span_documents import Pieces, SearchedLines
from classifier.model.span_inputs import Rows, TokenInputs
from classifier.model.span_tokens import KINDS
from classifier.text.codepoints import N_CLASSES, CharClass

_PAIR_BITS = 12


def fill_surroundings(
    features: LineFeatures, searched: SearchedLines, inputs: TokenInputs, rows: Rows
) -> None:
    """Fill the rows of how a token goes with its line and its document."""
    _fill_scripts(features, searched, inputs, rows)
    _fill_places(searched, inputs, rows)
    _fill_letter_pairs(features, searched, inputs, rows)


def _fill_scripts(
    features: LineFeatures, searched: SearchedLines, inputs: TokenInputs, rows: Rows
) -> None:
    """Say how rare the script of a token is, and accents."""
    chars, tokens, characters = inputs.chars, inputs.tokens, features.characters
    kind = KINDS[chars.classes[tokens.first]]
    is_letter = kind >= CharClass.STYLED
    owner = tokens.owner
    size = (tokens.last - tokens.first).astype(np.float64)
    cells = owner * N_CLASSES + kind
    n_lines = len(tokens.lines)
    in_line = np.bincount(cells, weights=size * is_letter, minlength=n_lines * N_CLASSES)
    share = in_line.reshape(-1, N_CLASSES)
    total = np.maximum(share.sum(axis=1), 1)
    rows["rarity of the script in the line"][:] = np.where(
        is_letter, 1 - share[owner, kind] / total[owner], 0
    )
    stretches = Pieces.of(
        np.searchsorted(characters.stretch_starts, searched.first),
        np.searchsorted(characters.stretch_starts, searched.end),
    )
    starts = characters.stretch_starts
    sizes = stretches.take(starts[1:]) - stretches.take(starts)
    number = np.repeat(np.arange(len(searched.documents)), np.diff(stretches.offsets))
    by_kind = np.bincount(
        number * N_CLASSES + KINDS[stretches.take(characters.stretch_classes)],
        weights=sizes,
        minlength=len(searched.documents) * N_CLASSES,
    ).reshape(-1, N_CLASSES)
    by_kind[:, : CharClass.STYLED] = 0
    letters = np.maximum(by_kind.sum(axis=1), 1)
    document = searched.place[tokens.lines][owner]
    rows["rarity of the script in the document"][:] = np.where(
        is_letter, 1 - by_kind[document, kind] / letters[document], 0
    )
    share_of = inputs.shares(_is_accented(chars.folded))
    rows["accents"][:] = share_of
    rows["share of accents in the line"][:] = inputs.line_means(share_of > 0)
    accents = np.array(
        [
            np.count_nonzero(_is_accented(characters.folded[first:end]))
            for first, end in zip(searched.first.tolist(), searched.end.tolist(), strict=True)
        ]
    )
    rows["share of accents in the document"][:] = (4 * (accents / letters))[document]


def _fill_places(searched: SearchedLines, inputs: TokenInputs, rows: Rows) -> None:
    """Say where in its line a token stands, and where that stands."""
    tokens = inputs.tokens
    sizes = tokens.sizes
    index = np.arange(len(tokens.first))
    owner = tokens.owner
    rows["place from the start"][:] = np.log1p(index - tokens.offsets[:-1][owner])
    rows["place from the end"][:] = np.log1p(tokens.offsets[1:][owner] - 1 - index)
    rows["tokens of the line"][:] = np.log1p(sizes)[owner]
    rank = searched.rank[tokens.lines]
    rows["number of the line"][:] = np.log1p(rank)[owner]
    rows["first line of the document"][:] = (rank == 0)[owner]
    last = inputs.chars.classes[tokens.first[tokens.offsets[1:] - 1]]
    is_end = (last >= CharClass.PERIOD) & (last <= CharClass.APOSTROPHE)
    rows["ends with punctuation"][:] = is_end[owner]


def _fill_letter_pairs(
    features: LineFeatures, searched: SearchedLines, inputs: TokenInputs, rows: Rows
) -> None:
    """Say how usual the letters of a token are in its document: another language is not."""
    characters = features.characters
    buckets = features.ngrams.pair_buckets
    starts = characters.line_starts
    shift = BUCKET_BITS - _PAIR_BITS
    counts = np.empty((len(searched.documents), 1 << _PAIR_BITS), dtype=np.int64)
    for number, (first, end) in enumerate(zip(searched.first, searched.end, strict=True)):
        line_feeds = starts[np.searchsorted(starts, first) : np.searchsorted(starts, end)]
        counts[number] = np.bincount(buckets[first:end] >> shift, minlength=1 << _PAIR_BITS)
        counts[number] -= np.bincount(buckets[line_feeds] >> shift, minlength=1 << _PAIR_BITS)
    total = counts.sum(axis=1)
    chars = inputs.chars
    document = np.repeat(searched.place[chars.lines], chars.sizes)
    own = (document << _PAIR_BITS) + (buckets[chars.position] >> shift)
    usual = np.log(counts.ravel()[own] / total[document])
    mean = inputs.means(usual)
    rows["how usual its letter pairs are in the document"][:] = mean
    rows["letter pairs against the line"][:] = mean - inputs.line_means(mean)


def _is_accented(folded: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Return which characters are letters with accents."""
    # one comparison for each range: what is below it wraps around
    is_accented: NDArray[np.bool_] = (folded - np.uint32(0xDF)) < 0x250 - 0xDF
    is_accented |= (folded - np.uint32(0x1E00)) < 0x100
    return is_accented
