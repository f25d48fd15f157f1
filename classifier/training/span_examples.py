"""Lines whose spam is known to the character, as tokens: what each is, and what is seen of it."""

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from classifier.datamodels import LabelledDocument
from classifier.features.featurizer import featurize
from classifier.labels import CONTENT_INDEX, LABEL_CODES, STUFFING_INDEX
from classifier.model.span_features import token_inputs
from classifier.model.span_inputs import TokenInputs
from classifier.model.span_ngrams import EVIDENCE, TokenNgrams
from classifier.model.spans import BEGIN, INSIDE, OTHER, REST
from classifier.text.batch import LineBatch

Array = NDArray[np.float32]

_PAGES_PER_BATCH = 200
_LONGEST_WORD = 20
_WORD = re.compile(r"\w+")

SHARES: Mapping[str, float] = {"c": 0.12, "s": 0.25, "l": 0.03, "b": 0.03}
"""Of the lines without a span, by label, one in so many teaches; all with a span do."""


@dataclass(frozen=True, slots=True)
class SpanExamples:
    """Lines by tokens.

    Attributes
    ----------
    matrix
        Array of shape (n_tokens, len(TOKEN_FEATURES)): one row a token.
    roles
        Array of shape (n_tokens,): index into `ROLES`.
    ngrams
        Of the tokens.
    lines
        Array of shape (n_lines, len(LINE_FEATURES)).
    has_span, is_spam, is_content
        Arrays of shape (n_lines,): lines with a span, lines that are spam as a whole, lines of
        content without any.
    is_beside
        Array of shape (n_lines,): lines of pages that have a span in some line.
    key
        Array of shape (n_lines,): the same for pages stuffed with the same word.
    """

    matrix: Array
    roles: NDArray[np.int8]
    ngrams: TokenNgrams
    lines: Array
    has_span: NDArray[np.bool_]
    is_spam: NDArray[np.bool_]
    is_content: NDArray[np.bool_]
    is_beside: NDArray[np.bool_]
    key: NDArray[np.int64]

    @property
    def offsets(self) -> NDArray[np.int64]:
        """The first token of each line, shape (n_lines + 1,)."""
        return self.ngrams.offsets

    @property
    def is_inside(self) -> NDArray[np.bool_]:
        """Which tokens are of a span, shape (n_tokens,)."""
        is_inside: NDArray[np.bool_] = (self.roles == BEGIN) | (self.roles == INSIDE)
        return is_inside

    def spans(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the first token of each span, and the one behind its last."""
        first = np.flatnonzero(self.roles == BEGIN)
        stops = np.union1d(np.flatnonzero(self.roles != INSIDE), self.offsets)
        return first, stops[np.searchsorted(stops, first, side="right")]

    def with_evidence(self, table: Array, lines: NDArray[np.bool_]) -> None:
        """Fill in what some lines' n-grams weigh."""
        tokens = np.repeat(lines, np.diff(self.offsets))
        self.matrix[tokens, : len(EVIDENCE)] = self.ngrams.evidence(table).T[tokens]


def span_examples(documents: Sequence[LabelledDocument], *, seed: int) -> SpanExamples:
    """Return the lines of documents that teach spans.

    Parameters
    ----------
    documents
        Pages; of made ones the spans are known, real ones have none.
    seed
        Of which lines without a span are taken.
    """
    return _joined(list(_parts(documents, np.random.default_rng(seed))))


def _parts(
    documents: Sequence[LabelledDocument], rng: np.random.Generator
) -> Iterator[SpanExamples]:
    for at in range(0, len(documents), _PAGES_PER_BATCH):
        chosen = documents[at : at + _PAGES_PER_BATCH]
        batch = LineBatch.from_texts([item.text for item in chosen])
        features = featurize(batch)
        line, start, end = _spans(chosen, batch)
        codes = np.array(list("".join(item.codes for item in chosen)), dtype="U1")
        has_span = np.zeros(batch.n_lines, dtype=np.bool_)
        has_span[line] = True
        chance = np.array([SHARES.get(code, 0.0) for code in codes.tolist()])
        taken = has_span | (rng.random(batch.n_lines) < chance)
        is_visible = np.zeros(batch.n_lines, dtype=np.bool_)
        is_visible[features.visible] = True
        inputs = token_inputs(features, batch.document_of_line, np.flatnonzero(taken & is_visible))
        lines = inputs.tokens.lines
        if len(lines) == 0:
            continue
        keys = np.array([zlib.crc32(_keyword(item).encode()) for item in chosen], dtype=np.int64)
        has_spans = np.array([bool(item.spans) for item in chosen])
        is_content = codes[lines] == LABEL_CODES[CONTENT_INDEX]
        yield SpanExamples(
            matrix=inputs.matrix.T,
            roles=_roles(inputs, start, end, is_content | has_span[lines]),
            ngrams=TokenNgrams.of(features, inputs),
            lines=features.matrix[:, np.searchsorted(features.visible, lines)].T,
            has_span=has_span[lines],
            is_spam=(codes[lines] == LABEL_CODES[STUFFING_INDEX]) & ~has_span[lines],
            is_content=is_content & ~has_span[lines],
            is_beside=has_spans[batch.document_of_line[lines]],
            key=keys[batch.document_of_line[lines]],
        )


def _spans(
    documents: Sequence[LabelledDocument], batch: LineBatch
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return line, start and end of every span, as positions in the framed batch."""
    rows = [
        (line, int(batch.line_offsets[line]) + 1 + start, end - start)
        for item, first in zip(documents, batch.document_offsets.tolist(), strict=False)
        for line, parts in sorted((first + line, parts) for line, parts in item.spans.items())
        for start, end in parts
    ]
    line, start, size = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return line, start, start + size


def _roles(
    inputs: TokenInputs,
    start: NDArray[np.int64],
    end: NDArray[np.int64],
    is_content: NDArray[np.bool_],
) -> NDArray[np.int8]:
    """Return the role of each token; one that a span's edge cuts is of where its middle is."""
    middle = (inputs.starts + inputs.ends) // 2
    span = np.searchsorted(start, middle, side="right") - 1
    inside = span >= 0
    if len(end):
        inside &= middle < end[np.maximum(span, 0)]
    span = np.where(inside, span, -1)
    begins = inside & (span != np.append(-1, span[:-1]))
    roles = np.where(is_content[inputs.tokens.owner], REST, OTHER).astype(np.int8)
    roles[inside] = INSIDE
    roles[begins] = BEGIN
    return roles


def _keyword(document: LabelledDocument) -> str:
    """Return the word a page is stuffed with, else its group."""
    words: Counter[str] = Counter(
        word
        for line, parts in document.spans.items()
        for start, end in parts
        for word in set(_WORD.findall(document.lines[line][start:end].lower()))
        if len(word) < _LONGEST_WORD
    )
    if not words:
        return document.group or document.id
    most = max(words.values())
    return max((word for word in words if words[word] * 2 > most), key=lambda w: (len(w), w))


def _joined(parts: Sequence[SpanExamples]) -> SpanExamples:
    tokens = np.cumsum([0, *(len(part.roles) for part in parts)]).tolist()
    chars = np.cumsum([0, *(len(part.ngrams.pairs) for part in parts)]).tolist()
    ngrams = {
        field.name: np.concatenate([getattr(part.ngrams, field.name) for part in parts])
        for field in fields(TokenNgrams)
    }
    for name in ("first", "last"):
        shifted = [
            getattr(part.ngrams, name) + shift for part, shift in zip(parts, chars, strict=False)
        ]
        ngrams[name] = np.concatenate(shifted)
    ngrams["offsets"] = np.concatenate(
        [[0], *(part.offsets[1:] + shift for part, shift in zip(parts, tokens, strict=False))]
    )
    rest = {
        field.name: np.concatenate([getattr(part, field.name) for part in parts])
        for field in fields(SpanExamples)
        if field.name != "ngrams"
    }
    return SpanExamples(ngrams=TokenNgrams(**ngrams), **rest)
