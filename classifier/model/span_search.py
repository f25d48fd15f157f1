"""Which lines are looked at token by token.

A look costs some twenty times what the labels of a line do, and one line of a thousand has a span.
A cheap test of its features says how doubtful a line is. Looked at are the most doubtful lines of
documents where one is very doubtful, or doubtful and spam by the page model; and where they show
enough spam, all others of the document that may have some.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from classifier.features.featurizer import LineFeatures
from classifier.labels import CONTENT_INDEX, STUFFING_INDEX
from classifier.model.span_inputs import TokenInputs
from classifier.model.spans import FoundParts, SpanFinder
from classifier.text.batch import LineBatch

_OPEN_PROBABILITY = 0.2
"""Content and stuffing together must be at least this likely for a line to be looked at."""

_LEAST_CONTENT = 0.03
"""So must content alone: what would be left of another line is next to never kept."""

_LEAST_DOUBT = -1.5
"""Logit of doubt of a line to be looked at; below there is next to nothing to find."""

_SPAMMED_PROBABILITY = 0.5
_SPAMMED_DOUBT = -1.0
"""Probability of stuffing and logit of doubt from which on a line is looked at first and has its
document searched. It would go whole, so looking at it can only save its content."""

_PLAIN_DOUBT = 2.0
"""Logit of doubt of a line from which on its document is searched whatever the page model says:
nearly half of ordinary pages have a line of doubt above zero, one of sixteen has one above this."""

_FOREMOST_LINES, _FOREMOST_CHARS = 12, 5000
"""Of the doubtful lines of a document so many, the most doubtful, are looked at first, and no more
than so many characters of them; nearly all pages with spam show some of it there."""

_LONG_CHARS = 1000
"""A longer line is looked at after the others: it costs as much as all of them."""

_TELLING_LOGITS = 1.0
"""Sum of the logits of the confidence of all parts found in the first lines of a document from
which on its other lines are looked at too. Below it nothing is taken for found: a lone part that is
hardly likelier than not to be spam is nearly always a slip, and would show or not with every change
of the page around it."""


def searched(
    finder: SpanFinder,
    batch: LineBatch,
    features: LineFeatures,
    probabilities: NDArray[np.float32],
) -> Iterator[tuple[TokenInputs, FoundParts]]:
    """Yield what was looked at and what was found: in doubtful lines, then around what was found.

    No line is looked at twice.

    Parameters
    ----------
    finder
        What finds.
    batch, features
        The documents.
    probabilities
        Array of shape (n_lines, 4).
    """
    documents = batch.document_of_line
    content, stuffing = probabilities[:, CONTENT_INDEX], probabilities[:, STUFFING_INDEX]
    is_open = (content >= _LEAST_CONTENT) & (content + stuffing >= _OPEN_PROBABILITY)
    doubt = finder.promise(features, is_open)
    is_spam = (stuffing >= _SPAMMED_PROBABILITY) & (doubt > _SPAMMED_DOUBT)
    is_searched = np.zeros(batch.n_documents, dtype=np.bool_)
    is_searched[documents[is_spam | (doubt > _PLAIN_DOUBT)]] = True
    doubtful = np.flatnonzero((is_spam | (doubt > 0)) & is_searched[documents])
    if len(doubtful) == 0:
        return
    first = _foremost(doubtful, documents, doubt, features.characters.line_starts)
    inputs = finder.inputs(features, documents, first)
    parts = finder.find(features, inputs)
    evidence = np.bincount(documents[parts.line], weights=parts.logit, minlength=batch.n_documents)
    has_spam = evidence > _TELLING_LOGITS
    if not has_spam.any():
        return
    yield inputs, parts.chosen(has_spam[documents[parts.line]])
    is_other = (doubt > _LEAST_DOUBT) & has_spam[documents]
    is_other[first] = False
    others = np.flatnonzero(is_other)
    if len(others):
        inputs = finder.inputs(features, documents, others)
        yield inputs, finder.find(features, inputs)


def _foremost(
    lines: NDArray[np.int64],
    documents: NDArray[np.int64],
    doubt: NDArray[np.float32],
    line_starts: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return those of `lines` that are looked at first, sorted; at least one of each document."""
    sizes = line_starts[lines + 1] - line_starts[lines] - 1
    order = np.lexsort((-doubt[lines], sizes > _LONG_CHARS, documents[lines]))
    lines, sizes = lines[order], sizes[order]
    is_next = np.append(True, documents[lines[1:]] != documents[lines[:-1]])
    begins = np.flatnonzero(is_next)
    of = np.cumsum(is_next) - 1
    rank = np.arange(len(lines)) - begins[of]
    running = np.cumsum(sizes)
    running -= (running[begins] - sizes[begins])[of]
    is_first = (rank == 0) | ((rank < _FOREMOST_LINES) & (running <= _FOREMOST_CHARS))
    return np.sort(lines[is_first])
