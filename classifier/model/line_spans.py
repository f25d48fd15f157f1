"""What found spans mean for the lines they stand in: probabilities, and what is left.

A found part is spam with its confidence q. Whether the rest is content is asked of the page model
itself, on the page with all found parts cut out: with probability r it is. So the line is, with
probability q times r, content with spam inside, which is ``stuffing`` by definition; this share of
its probabilities moves there, and the other labels keep their proportions. Where the rest is no
content either (an item of a link list with a keyword before it), r is small and nothing changes.
"""

from collections.abc import Mapping, Sequence
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from classifier.datamodels import FoundSpans, OperatingPoint, PagePredictions, Span, cut
from classifier.features.featurizer import featurize
from classifier.labels import CONTENT_INDEX, STUFFING_INDEX
from classifier.model.page_model import PageModel
from classifier.model.spans import OPEN_PROBABILITY, ScoredCandidates, SpanFinder, SpanWeights
from classifier.text.batch import LineBatch

_DOUBTED_PROBABILITY = 0.5
"""Stuffing of one line from which on its document is searched at all: most pages have none, and
searching every page would cost as much as labelling it."""

_SUSPECT_PROBABILITY = 0.3
"""Stuffing of one line from which on its whole document is looked at word by word."""

_MIN_REST_CHARS = 4
"""Letters and digits a line keeps at least; what would keep fewer is spam as a whole."""


def find_line_spans(
    model: PageModel,
    batch: LineBatch,
    texts: Sequence[str],
    probabilities: NDArray[np.float32],
) -> dict[int, FoundSpans]:
    """Find spans in the doubted documents of a batch, and move probabilities in place.

    Parameters
    ----------
    model
        The page model, with weights for spans or without; without them nothing is found.
    batch, texts
        The documents.
    probabilities
        Array of shape (n_lines, 4); rows of lines with spans are changed.

    Returns
    -------
    found : by index of the line in the batch
    """
    if model.spans is None:
        return {}
    doubted = np.flatnonzero(doubted_documents(batch, probabilities))
    if len(doubted) == 0:
        return {}
    lines = np.concatenate([np.arange(*batch.document_offsets[d : d + 2]) for d in doubted])
    chosen = [texts[document] for document in doubted.tolist()]
    rows = probabilities[lines]
    found = _find(model, model.spans, chosen, rows)
    probabilities[lines] = rows
    return {int(lines[line]): spans for line, spans in found.items()}


def _find(
    model: PageModel,
    weights: SpanWeights,
    texts: Sequence[str],
    probabilities: NDArray[np.float32],
) -> dict[int, FoundSpans]:
    batch = LineBatch.from_texts(texts)
    is_suspect = suspect_documents(batch, probabilities)
    scored = SpanFinder(weights).find(
        batch, featurize(batch), texts, open_lines(probabilities), is_suspect
    )
    spans = spans_by_line(batch, scored)
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


def open_lines(probabilities: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return which lines may be content with spam inside, shape (n_lines,)."""
    either = probabilities[:, CONTENT_INDEX] + probabilities[:, STUFFING_INDEX]
    is_open: NDArray[np.bool_] = either >= OPEN_PROBABILITY
    return is_open


def doubted_documents(batch: LineBatch, probabilities: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return which documents are searched at all, shape (n_documents,)."""
    return _documents_with(batch, probabilities, _DOUBTED_PROBABILITY)


def suspect_documents(batch: LineBatch, probabilities: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return which documents are looked at word by word, shape (n_documents,)."""
    return _documents_with(batch, probabilities, _SUSPECT_PROBABILITY)


def _documents_with(
    batch: LineBatch, probabilities: NDArray[np.float32], least: float
) -> NDArray[np.bool_]:
    if batch.n_documents == 0:
        return np.zeros(0, dtype=np.bool_)
    most = np.maximum.reduceat(probabilities[:, STUFFING_INDEX], batch.document_offsets[:-1])
    is_likely: NDArray[np.bool_] = most >= least
    return is_likely


def spans_by_line(batch: LineBatch, scored: ScoredCandidates) -> dict[int, tuple[Span, ...]]:
    """Return the found parts as spans, by index of the line in the batch."""
    candidates = scored.candidates
    starts = candidates.start - batch.line_offsets[candidates.line] - 1
    ends = candidates.end - batch.line_offsets[candidates.line] - 1
    confidences = 1 / (1 + np.exp(-scored.logits))
    rows = zip(
        candidates.line.tolist(), starts.tolist(), ends.tolist(), confidences.tolist(), strict=True
    )
    return {
        line: tuple(Span(start, end, confidence) for _, start, end, confidence in parts)
        for line, parts in groupby(rows, key=lambda row: row[0])
    }


def _rests(
    model: PageModel,
    batch: LineBatch,
    texts: Sequence[str],
    spans: Mapping[int, tuple[Span, ...]],
) -> dict[int, float]:
    """Return the probability of being content of what is left of each line that keeps something."""
    documents = np.searchsorted(batch.document_offsets, list(spans), side="right") - 1
    lines_of: dict[int, list[int]] = {}
    for line, document in zip(spans, documents.tolist(), strict=True):
        lines_of.setdefault(document, []).append(line)
    healed, kept = [], []
    for document, cut_lines in lines_of.items():
        first = int(batch.document_offsets[document])
        lines = texts[document].split("\n")
        for line in cut_lines:
            rest = cut(lines[line - first], spans[line])
            lines[line - first] = rest
            kept.append(sum(map(str.isalnum, rest)) >= _MIN_REST_CHARS)
        healed.append("\n".join(lines))
    if not healed:
        return {}
    again = LineBatch.from_texts(healed)
    rows = model.probabilities(again)[0]
    rests: dict[int, float] = {}
    for first, (document, cut_lines) in zip(
        again.document_offsets.tolist(), lines_of.items(), strict=False
    ):
        shift = first - int(batch.document_offsets[document])
        rests |= {line: float(rows[line + shift, CONTENT_INDEX]) for line in cut_lines}
    in_order = [line for cut_lines in lines_of.values() for line in cut_lines]
    return {line: rests[line] for line, keeps in zip(in_order, kept, strict=True) if keeps}


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
    by_document: dict[int, dict[int, FoundSpans]] = {}
    for line, spans in found.items():
        document = int(np.searchsorted(offsets, line, side="right")) - 1
        by_document.setdefault(document, {})[line - int(offsets[document])] = spans
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
