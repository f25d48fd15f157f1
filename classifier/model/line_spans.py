"""What found spans mean for the lines they stand in: probabilities, and what is left.

Looked at token by token are lines that a cheap test of their features takes for doubtful, in
documents where one is very doubtful or spam by itself; and where spam is found in one of them, all
lines of its document that may be content.

A found part is spam with its confidence q. Whether the rest is content is asked of the page model
itself, on the page with all found parts cut out: with probability r it is. So the line is, with
probability q times r, content with spam inside, which is ``stuffing`` by definition; this share of
its probabilities moves there, and the other labels keep their proportions. Where the rest is no
content either (an item of a link list with a keyword before it), r is small and nothing changes.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from classifier.datamodels import FoundSpans, OperatingPoint, PagePredictions, Span, cut
from classifier.features.featurizer import LineFeatures
from classifier.labels import CONTENT_INDEX, STUFFING_INDEX
from classifier.model.page_model import PageModel
from classifier.model.span_echoes import with_echoes
from classifier.model.span_features import TokenInputs
from classifier.model.spans import FoundParts, SpanFinder
from classifier.text.batch import LineBatch

Item = TypeVar("Item")

_OPEN_PROBABILITY = 0.2
"""Content and stuffing together must be at least this likely for a line to be looked at."""

_ECHO_PROBABILITY = 0.5
"""Content of a line from which on phrases found in other lines are looked for in it."""

_SPAMMED_PROBABILITY = 0.5
"""Stuffing of a line from which on it, and its document's doubtful lines, are looked at."""

_PLAIN_DOUBT = 3.0
"""Logit of doubt of one line from which on its document is searched whatever the page model says:
nearly half of ordinary pages have a doubtful line, one of twenty has one as doubtful as this."""

_MIN_REST_CHARS = 4
"""Letters and digits a line keeps at least; what would keep fewer is spam as a whole."""


def find_line_spans(
    model: PageModel,
    batch: LineBatch,
    texts: Sequence[str],
    features: LineFeatures,
    probabilities: NDArray[np.float32],
) -> dict[int, FoundSpans]:
    """Find spans in the lines of a batch, and move probabilities in place.

    Parameters
    ----------
    model
        The page model, with weights for spans or without; without them nothing is found.
    batch, texts, features
        The documents.
    probabilities
        Array of shape (n_lines, 4); rows of lines with spans are changed.

    Returns
    -------
    found : by index of the line in the batch
    """
    if model.spans is None:
        return {}
    spans: dict[int, tuple[Span, ...]] = {}
    for _, found_parts in searched(SpanFinder(model.spans), batch, features, probabilities):
        spans |= spans_by_line(found_parts)
    if not spans:
        return {}
    spans = _echoed(batch, texts, echoing_lines(probabilities, spans), spans)
    rests = _rests(model, batch, texts, spans)
    found = {}
    for line, parts in spans.items():
        sure = max(span.confidence for span in parts)
        rest = rests.get(line)
        if rest is None:  # nothing is left: all of it would have to be spam
            moved = min(span.confidence for span in parts)
        else:
            moved = sure * rest
            found[line] = FoundSpans(parts, rest)
        probabilities[line] *= 1 - moved
        probabilities[line, STUFFING_INDEX] += moved
    return found


def searched(
    finder: SpanFinder,
    batch: LineBatch,
    features: LineFeatures,
    probabilities: NDArray[np.float32],
) -> Iterator[tuple[TokenInputs, FoundParts]]:
    """Yield what was looked at and what was found: in doubtful lines, then around what was found.

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
    either = probabilities[:, CONTENT_INDEX] + probabilities[:, STUFFING_INDEX]
    is_open = either >= _OPEN_PROBABILITY
    doubt = finder.promise(features, is_open)
    is_spam = is_open & (probabilities[:, STUFFING_INDEX] >= _SPAMMED_PROBABILITY)
    is_telling = (doubt > _PLAIN_DOUBT) | is_spam
    is_searched = np.zeros(batch.n_documents, dtype=np.bool_)
    is_searched[documents[is_telling]] = True
    # a line that is spam would go whole, so looking at it can only save its content
    is_doubtful = (is_spam | (doubt > 0)) & is_searched[documents]
    if not is_doubtful.any():
        return
    inputs = finder.inputs(features, documents, np.flatnonzero(is_doubtful))
    parts = finder.find(features, inputs)
    yield inputs, parts
    has_spam = np.zeros(batch.n_documents, dtype=np.bool_)
    has_spam[documents[parts.line[parts.logit > 0]]] = True
    others = np.flatnonzero(is_open & ~is_doubtful & has_spam[documents])
    if len(others):
        inputs = finder.inputs(features, documents, others)
        yield inputs, finder.find(features, inputs)


def echoing_lines(probabilities: NDArray[np.float32], spans: Iterable[int]) -> NDArray[np.bool_]:
    """Return in which lines phrases found elsewhere are looked for, shape (n_lines,).

    In content, and in lines with spans: a tag block holds the keyword too, but no content beside.
    """
    is_echoing: NDArray[np.bool_] = probabilities[:, CONTENT_INDEX] >= _ECHO_PROBABILITY
    is_echoing[list(spans)] = True
    return is_echoing


def _echoed(
    batch: LineBatch,
    texts: Sequence[str],
    is_open: NDArray[np.bool_],
    spans: Mapping[int, tuple[Span, ...]],
) -> dict[int, tuple[Span, ...]]:
    """Return the spans with those that repeat sure ones elsewhere on their page."""
    echoed: dict[int, tuple[Span, ...]] = {}
    for document, own in _by_document(batch.document_offsets, spans).items():
        first, end = batch.document_offsets[document : document + 2].tolist()
        page, _ = with_echoes(texts[document].split("\n"), is_open[first:end].tolist(), own)
        echoed |= {first + line: page[line] for line in sorted(page)}
    return echoed


def spans_by_line(parts: FoundParts) -> dict[int, tuple[Span, ...]]:
    """Return the found parts as spans, by index of the line in the batch."""
    confidences = 1 / (1 + np.exp(-parts.logit))
    rows = zip(
        parts.line.tolist(),
        parts.start.tolist(),
        parts.end.tolist(),
        confidences.tolist(),
        strict=True,
    )
    return {
        line: tuple(Span(start, end, confidence) for _, start, end, confidence in group)
        for line, group in groupby(rows, key=lambda row: row[0])
    }


def _rests(
    model: PageModel,
    batch: LineBatch,
    texts: Sequence[str],
    spans: Mapping[int, tuple[Span, ...]],
) -> dict[int, float]:
    """Return the probability of being content of what is left of each line that keeps something."""
    by_document = _by_document(batch.document_offsets, spans)
    healed, kept = [], []
    for document, own in by_document.items():
        lines = texts[document].split("\n")
        for line, parts in own.items():
            lines[line] = cut(lines[line], parts)
        kept.append([line for line in own if sum(map(str.isalnum, lines[line])) >= _MIN_REST_CHARS])
        healed.append("\n".join(lines))
    again = LineBatch.from_texts(healed)
    rows = model.probabilities(again)[0]
    rests: dict[int, float] = {}
    for document, lines_left, now in zip(
        by_document, kept, again.document_offsets.tolist(), strict=False
    ):
        first = int(batch.document_offsets[document])
        rests |= {first + line: float(rows[now + line, CONTENT_INDEX]) for line in lines_left}
    return rests


def _by_document(
    document_offsets: NDArray[np.int64], of_lines: Mapping[int, Item]
) -> dict[int, dict[int, Item]]:
    """Return by document what is given by line of the batch, lines counted in their document."""
    documents = np.searchsorted(document_offsets, list(of_lines), side="right") - 1
    by_document: dict[int, dict[int, Item]] = {}
    for (line, item), document in zip(of_lines.items(), documents.tolist(), strict=True):
        by_document.setdefault(document, {})[line - int(document_offsets[document])] = item
    return by_document


def decided_pages(
    batch: LineBatch,
    texts: Sequence[str],
    probabilities: NDArray[np.float32],
    is_blank: NDArray[np.bool_],
    found: Mapping[int, FoundSpans],
    point: OperatingPoint,
) -> list[PagePredictions]:
    """Return the pages of a batch, decided at `point`."""
    offsets = batch.document_offsets
    by_document = _by_document(offsets, found)
    return [
        PagePredictions.decided(
            text,
            probabilities[first:end],
            is_blank[first:end],
            by_document.get(document, {}),
            point,
        )
        for document, (text, first, end) in enumerate(
            zip(texts, offsets[:-1].tolist(), offsets[1:].tolist(), strict=True)
        )
    ]
