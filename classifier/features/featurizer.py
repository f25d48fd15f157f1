"""What every line is in itself: one matrix for a batch, and the n-gram buckets beside it.

Place and surroundings are added by `classifier.features.page_inputs`, once the lexical head has
spoken.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.features.cohesion import COHESION_FEATURES, cohesion_features
from classifier.features.ngrams import Ngrams, hash_ngrams
from classifier.features.repetition import REPETITION_FEATURES, repetition_features
from classifier.features.rhythm import line_edges
from classifier.features.shape import SHAPE_FEATURES, shape_features
from classifier.text.batch import LineBatch
from classifier.text.characters import Characters

LINE_FEATURES: tuple[str, ...] = (
    *SHAPE_FEATURES,
    *REPETITION_FEATURES,
    *COHESION_FEATURES,
)
"""Names of the rows of `LineFeatures.matrix`, in their order."""


_LINES_PER_RUN = 8

_LINES_AT_A_TIME = 8192
"""So many lines have their shapes told at once: of more, the arrays would leave the caches."""


@dataclass(frozen=True, slots=True)
class LineFeatures:
    """The features of a batch.

    Attributes
    ----------
    matrix
        Array of shape (len(LINE_FEATURES), n_visible): one column a line that is not blank.
    visible
        Array of shape (n_visible,): the index of each such line in the batch.
    lengths
        Array of shape (n_visible,): code points of each such line.
    edges
        Array of shape (2, n_visible): how each such line opens and closes, as hashes.
    document_offsets
        Array of shape (n_documents + 1,), in visible lines; a document may have none.
    characters, ngrams
        The batch by characters and by n-grams, all lines.
    """

    matrix: NDArray[np.float32]
    visible: NDArray[np.int64]
    lengths: NDArray[np.int64]
    edges: NDArray[np.uint32]
    document_offsets: NDArray[np.int64]
    characters: Characters
    ngrams: Ngrams


def featurize(batch: LineBatch) -> LineFeatures:
    """Return the features of `batch`: stateless, the same for a document in any batch."""
    characters = Characters.of(batch)
    ngrams = hash_ngrams(characters)
    is_visible = characters.tokens_per_line > 0
    visible = np.flatnonzero(is_visible)
    running = np.concatenate([[0], np.cumsum(is_visible)])
    document_offsets = running[batch.document_offsets]
    document_of_line = batch.document_of_line
    rest = np.concatenate(
        [
            repetition_features(characters, ngrams, document_of_line, is_visible),
            cohesion_features(
                characters,
                ngrams,
                document_of_line,
                running[:-1] - document_offsets[document_of_line],
            ),
        ]
    )
    return LineFeatures(
        matrix=np.concatenate([_shapes(characters, is_visible), _columns(rest, visible)]),
        visible=visible,
        lengths=batch.line_lengths[visible],
        edges=line_edges(characters, ngrams)[:, visible],
        document_offsets=document_offsets,
        characters=characters,
        ngrams=ngrams,
    )


def _shapes(characters: Characters, is_visible: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return the shape of every visible line, some lines at a time."""
    n_lines = characters.n_lines
    if n_lines <= _LINES_AT_A_TIME:
        return _columns(shape_features(characters), np.flatnonzero(is_visible))
    parts = [
        _columns(
            shape_features(characters.of_lines(first, min(first + _LINES_AT_A_TIME, n_lines))),
            np.flatnonzero(is_visible[first : first + _LINES_AT_A_TIME]),
        )
        for first in range(0, n_lines, _LINES_AT_A_TIME)
    ]
    return np.concatenate(parts, axis=1)


def _columns(rows: NDArray[np.float32], chosen: NDArray[np.int64]) -> NDArray[np.float32]:
    """Return the chosen columns, copied run by run: few lines are blank, and runs copy fast."""
    if len(chosen) == rows.shape[1]:
        return rows
    breaks = np.flatnonzero(np.diff(chosen) != 1) + 1
    if len(breaks) * _LINES_PER_RUN > len(chosen):
        return rows.take(chosen, axis=1)
    runs = [rows[:, run[0] : run[-1] + 1] for run in np.split(chosen, breaks) if len(run)]
    return np.concatenate([rows[:, :0], *runs], axis=1)
