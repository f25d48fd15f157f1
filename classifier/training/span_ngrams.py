"""Pages with known spans as arrays, and the weights of n-grams learned from them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from classifier.datamodels import LabelledDocument
from classifier.features.featurizer import LineFeatures, featurize
from classifier.features.ngrams import BUCKET_BITS
from classifier.labels import CONTENT_INDEX, LABEL_CODES, STUFFING_INDEX
from classifier.model.span_ngrams import N_SPAN_BUCKETS, SPAN_BITS
from classifier.text.batch import LineBatch

Part = tuple[int, int]

_WINDOWS_PER_SPAN = 40
_LONGEST_WINDOW = 40
_LONGEST_SPAM_LINE = 120
_SHIFT = BUCKET_BITS - SPAN_BITS


@dataclass(frozen=True, slots=True)
class SpanPage:
    """A page whose spam is known to the character.

    Attributes
    ----------
    text
        The page.
    is_known
        Array of shape (n_lines,): lines that are content but for their spans.
    is_spam
        Array of shape (n_lines,): lines that are spam as a whole; they teach n-grams alone.
    spans
        By line, the parts that are spam, in code points of the line.
    """

    text: str
    is_known: NDArray[np.bool_]
    is_spam: NDArray[np.bool_]
    spans: Mapping[int, Sequence[Part]]


def span_page(
    document: LabelledDocument, spans: Mapping[int, Sequence[Part]] | None = None
) -> SpanPage:
    """Return a labelled page with the spans of its lines; none if it is real."""
    spans = spans or {}
    codes = np.array(list(document.codes), dtype="U1")
    is_known = codes == LABEL_CODES[CONTENT_INDEX]
    is_spam = codes == LABEL_CODES[STUFFING_INDEX]
    is_known[list(spans)] = True
    is_spam[list(spans)] = False
    return SpanPage(document.text, is_known, is_spam, spans)


@dataclass(frozen=True, slots=True)
class SpanBatch:
    """Pages side by side with their features, and their spans as framed positions."""

    texts: list[str]
    batch: LineBatch
    features: LineFeatures
    is_known: NDArray[np.bool_]
    is_spam: NDArray[np.bool_]
    line: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]

    @classmethod
    def of(cls, pages: Sequence[SpanPage]) -> "SpanBatch":
        """Put pages side by side."""
        texts = [page.text for page in pages]
        batch = LineBatch.from_texts(texts)
        rows = [
            (first + line, int(batch.line_offsets[first + line]) + 1 + start, end - start)
            for page, first in zip(pages, batch.document_offsets.tolist(), strict=False)
            for line, parts in sorted(page.spans.items())
            for start, end in parts
        ]
        line, start, length = np.array(rows, dtype=np.int64).reshape(-1, 3).T
        is_known = np.concatenate([page.is_known for page in pages])
        is_spam = np.concatenate([page.is_spam for page in pages])
        return cls(texts, batch, featurize(batch), is_known, is_spam, line, start, start + length)


def fit_span_ngrams(
    batches: Sequence[SpanBatch], *, regularisation: float, seed: int
) -> tuple[NDArray[np.float32], float]:
    """Fit spans against windows of content; weights of shape (N_SPAN_BUCKETS + 1,), and bias."""
    rng = np.random.default_rng(seed)
    counts, labels = [], []
    for batch in batches:
        starts = batch.features.characters.line_starts
        lines = np.flatnonzero(batch.is_spam & (np.diff(starts) <= _LONGEST_SPAM_LINE))
        lines = rng.choice(lines, min(len(lines), 2 * len(batch.texts)), replace=False)
        windows = _content_windows(batch, rng)
        for begin, end, label in (
            (batch.start, batch.end, 1),
            (starts[lines] + 1, starts[lines + 1], 1),
            (*windows, 0),
        ):
            counts.append(ngram_counts(batch.features, begin, end))
            labels.append(np.full(len(begin), label))
    model = LogisticRegression(C=regularisation, class_weight="balanced", max_iter=300)
    model.fit(sparse.vstack(counts, format="csr"), np.concatenate(labels))
    return np.append(model.coef_[0], 0).astype(np.float32), float(model.intercept_[0])


def _content_windows(
    batch: SpanBatch, rng: np.random.Generator
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Draw windows of whole words, or of characters in long words, off the spans."""
    characters = batch.features.characters
    line = characters.line_of_char[characters.word_starts]
    words = np.flatnonzero(batch.is_known[line])
    number = min(max(len(batch.start), len(batch.texts)) * _WINDOWS_PER_SPAN, len(words))
    first = np.sort(rng.choice(words, number, replace=False))
    last = np.minimum(first + rng.integers(0, 5, number), len(line) - 1)
    starts, ends = characters.word_starts[first], characters.word_ends[last]
    is_long = ends - starts > _LONGEST_WINDOW
    ends = np.where(is_long, characters.word_ends[first], ends)
    length = ends - starts
    wide = np.where(length > 12, rng.integers(4, 16, number), length)
    skipped = (rng.random(number) * np.maximum(length - wide, 0)).astype(np.int64)
    starts = np.where(length > _LONGEST_WINDOW // 2, starts + skipped, starts)
    ends = np.where(length > _LONGEST_WINDOW // 2, starts + wide, ends)
    after = np.searchsorted(batch.start, ends)
    is_off = np.searchsorted(batch.end, starts, side="right") == after
    is_off &= characters.line_of_char[starts] == characters.line_of_char[ends - 1]
    return starts[is_off], ends[is_off]


def ngram_counts(
    features: LineFeatures, starts: NDArray[np.int64], ends: NDArray[np.int64]
) -> sparse.csr_matrix:
    """Return the n-grams inside each part, over the root of their number.

    Returns
    -------
    counts : sparse matrix of shape (n_parts, N_SPAN_BUCKETS)
    """
    characters, ngrams = features.characters, features.ngrams
    first_word = np.searchsorted(characters.word_starts, starts)
    end_word = np.maximum(np.searchsorted(characters.word_ends, ends, side="right"), first_word)
    kinds = (
        (ngrams.pair_buckets, starts, ends - 1),
        (ngrams.quad_buckets, starts, ends - 3),
        (ngrams.word_buckets, first_word, end_word),
        (ngrams.word_pair_buckets, first_word, end_word - 1),
    )
    rows, columns = [], []
    for buckets, low, high in kinds:
        sizes = np.maximum(high - low, 0)
        within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        rows.append(np.repeat(np.arange(len(starts)), sizes))
        columns.append(buckets[np.repeat(low, sizes) + within] >> _SHIFT)
    row, column = np.concatenate(rows), np.concatenate(columns)
    keep = column < N_SPAN_BUCKETS
    row, column = row[keep], column[keep]
    number = np.maximum(np.bincount(row, minlength=len(starts)), 1)
    values = 1 / np.sqrt(number[row])
    return sparse.csr_matrix((values, (row, column)), shape=(len(starts), N_SPAN_BUCKETS))
