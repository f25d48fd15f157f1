"""What found spans mean for the lines they stand in: probabilities, and what is left.

A found part is spam with its confidence q. Whether the rest is content is asked of the page model
itself, on the page with all found parts cut out: with probability r it is. So the line is, with
probability q times r, content with spam inside, which is ``stuffing`` by definition; this share of
its probabilities moves there, and the other labels keep their proportions. Where the rest is no
content either (an item of a link list with a keyword before it), r is small and nothing changes.

What was cut may have hidden more. So a page that lost a span is cleaned and looked at again, until
its cleaned text shows no other: cleaning that once more would cut nothing out of its lines.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from classifier.datamodels import FoundSpans, OperatingPoint, PagePredictions, Span, cut
from classifier.features.featurizer import LineFeatures, featurize
from classifier.healing import places_after_cuts
from classifier.labels import CONTENT_INDEX, STUFFING_INDEX
from classifier.model.page_model import PageModel
from classifier.model.span_echoes import with_echoes
from classifier.model.span_search import searched
from classifier.model.spans import FoundParts, SpanFinder
from classifier.text.batch import LineBatch

Item = TypeVar("Item")

_ECHO_PROBABILITY = 0.5
"""Content of a line from which on phrases found in other lines are looked for in it."""

_MIN_REST_CHARS = 4
"""Letters and digits a line keeps at least; what would keep fewer is spam as a whole."""

_MOST_ROUNDS = 5
"""Times a cleaned page is looked at again at most; nearly always once is enough."""


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
    found = _found_at_once(model, batch, texts, features, probabilities)
    if found:
        is_blank = np.ones(batch.n_lines, dtype=np.bool_)
        is_blank[features.visible] = False
        _look_again(model, batch, texts, (probabilities, is_blank), found)
    return found


def _found_at_once(
    model: PageModel,
    batch: LineBatch,
    texts: Sequence[str],
    features: LineFeatures,
    probabilities: NDArray[np.float32],
) -> dict[int, FoundSpans]:
    """Return what one look finds, and move probabilities in place."""
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


def _look_again(
    model: PageModel,
    batch: LineBatch,
    texts: Sequence[str],
    judged: tuple[NDArray[np.float32], NDArray[np.bool_]],
    found: dict[int, FoundSpans],
) -> None:
    """Add what shows only in cleaned pages to `found` and to the judged probabilities, in place.

    A page is cleaned at the default operating point, whatever point is decided at later: what is
    found must not depend on that. A line in which a later look finds more is from then on what
    that look says of it, so that it is cut as it was there.
    """
    probabilities, is_blank = judged
    offsets = batch.document_offsets.tolist()

    def page_of(document: int) -> PagePredictions:
        first, end = offsets[document : document + 2]
        own = {line - first: found[line] for line in range(first, end) if line in found}
        return PagePredictions.decided(
            texts[document],
            probabilities[first:end],
            is_blank[first:end],
            own,
            OperatingPoint(),
        )

    documents = sorted(_by_document(batch.document_offsets, found))
    for _ in range(_MOST_ROUNDS):
        pages = {document: page_of(document) for document in documents}
        pages = {document: page for document, page in pages.items() if page.spans}
        if not pages:
            return
        cleaned = _classified_once(model, [page.clean() for page in pages.values()])
        documents = []
        for (document, page), after in zip(pages.items(), cleaned, strict=True):
            kept, lines = np.flatnonzero(page.kept).tolist(), page.lines
            for index, spans in after.spans.items():
                line = kept[index]
                parts = _joined(lines[line], page.spans.get(line, ()), spans)
                found[offsets[document] + line] = FoundSpans(parts, after.found[index].rest)
                probabilities[offsets[document] + line] = after.probabilities[index]
            documents += [document] if after.spans else []


def _classified_once(model: PageModel, texts: Sequence[str]) -> list[PagePredictions]:
    """Return the pages with what one look finds, decided at the default operating point."""
    batch = LineBatch.from_texts(texts)
    features = featurize(batch)
    probabilities, is_blank = model.judge(features)
    found = _found_at_once(model, batch, texts, features, probabilities)
    return decided_pages(batch, texts, probabilities, is_blank, found, OperatingPoint())


def _joined(line: str, before: Sequence[Span], later: Sequence[Span]) -> tuple[Span, ...]:
    """Return the spans of a line with those found after they were cut, all as places in `line`.

    Those that reach over one of the first become one with it, as sure as the less sure of them.
    """
    places = places_after_cuts(line, [(span.start, span.end) for span in before])
    moved = [Span(places[at.start][0], places[at.end - 1][1], at.confidence) for at in later]
    joined: list[Span] = []
    for span in sorted([*before, *moved], key=lambda span: (span.start, span.end)):
        last = joined[-1] if joined else None
        if last is not None and span.start < last.end:
            end, least = max(last.end, span.end), min(last.confidence, span.confidence)
            joined[-1] = Span(last.start, end, least)
        else:
            joined.append(span)
    return tuple(joined)


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
