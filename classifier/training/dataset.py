"""Labelled documents as arrays: features, n-gram counts, what each line may be, its weight."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from classifier.datamodels import LabelledDocument
from classifier.features.featurizer import LineFeatures, featurize
from classifier.features.ngrams import N_BUCKETS, NO_NGRAM
from classifier.labels import allowed_labels
from classifier.text.batch import LineBatch

_LINES_PER_BATCH = 20_000
_LINES_OF_A_LARGE_SOURCE = 5_000


@dataclass(frozen=True, slots=True)
class Dataset:
    """The visible lines of all documents, in order.

    Attributes
    ----------
    matrix
        Array of shape (n_features, n_lines): `LINE_FEATURES` of each line.
    lengths
        Array of shape (n_lines,): code points.
    edges
        Array of shape (2, n_lines): how each line opens and closes, as hashes.
    allowed
        Array of shape (n_labels, n_lines): which labels each line may have.
    weights, lexical_weights
        Arrays of shape (n_lines,): how much each line counts for the stacker and for the lexical
        head; 0 where nothing is known.
    document_offsets
        Array of shape (n_documents + 1,), in lines.
    line_numbers
        Array of shape (n_lines,): the index of each line in its document, blank lines counted.
    ngrams
        CSR matrix of shape (n_distinct, N_BUCKETS): n-gram counts of the distinct lines over the
        square root of their number.
    distinct
        Array of shape (n_lines,): the row of `ngrams` of each line.
    """

    matrix: NDArray[np.float32]
    lengths: NDArray[np.int64]
    edges: NDArray[np.uint32]
    allowed: NDArray[np.bool_]
    weights: NDArray[np.float32]
    lexical_weights: NDArray[np.float32]
    document_offsets: NDArray[np.int64]
    line_numbers: NDArray[np.int64]
    ngrams: sparse.csr_matrix
    distinct: NDArray[np.int64]

    @property
    def n_documents(self) -> int:
        """How many documents there are."""
        return len(self.document_offsets) - 1

    @property
    def document_of_line(self) -> NDArray[np.int64]:
        """The document of each line, shape (n_lines,)."""
        return np.repeat(np.arange(self.n_documents), np.diff(self.document_offsets))

    def lines_of(self, documents: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the lines of these documents, in order."""
        sizes = np.diff(self.document_offsets)[documents]
        within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        lines: NDArray[np.int64] = np.repeat(self.document_offsets[documents], sizes) + within
        return lines


def build_dataset(
    documents: Sequence[LabelledDocument],
    weight_of: NDArray[np.float32],
    lexical_weight_of: NDArray[np.float32],
) -> Dataset:
    """Return the arrays of `documents`, each line weighted as its document."""
    seen: dict[tuple[int, int], int] = {}
    parts = [_part(batch, seen) for batch in _batches(documents)]
    sizes = np.concatenate([part.sizes for part in parts])
    flags = np.concatenate([part.allowed for part in parts]).T
    is_known = ~flags.all(axis=0)
    return Dataset(
        matrix=np.concatenate([part.matrix for part in parts], axis=1),
        lengths=np.concatenate([part.lengths for part in parts]),
        edges=np.concatenate([part.edges for part in parts], axis=1),
        allowed=np.ascontiguousarray(flags),
        weights=np.repeat(weight_of, sizes) * is_known,
        lexical_weights=np.repeat(lexical_weight_of, sizes) * is_known,
        document_offsets=np.concatenate([[0], np.cumsum(sizes)]),
        line_numbers=np.concatenate([part.line_numbers for part in parts]),
        ngrams=sparse.vstack([part.ngrams for part in parts], format="csr"),
        distinct=np.concatenate([part.distinct for part in parts]),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """The visible lines of some documents; of their features only what is kept, to save memory."""

    matrix: NDArray[np.float32]
    lengths: NDArray[np.int64]
    edges: NDArray[np.uint32]
    allowed: NDArray[np.bool_]
    sizes: NDArray[np.int64]
    line_numbers: NDArray[np.int64]
    ngrams: sparse.csr_matrix
    distinct: NDArray[np.int64]


def _part(documents: Sequence[LabelledDocument], seen: dict[tuple[int, int], int]) -> _Part:
    """Return the lines of some documents; `seen` has the row of each line met so far, and grows."""
    batch = LineBatch.from_texts([item.text for item in documents])
    features = featurize(batch)
    visible = features.visible
    keys = zip(
        features.ngrams.line_hashes[visible].tolist(), features.lengths.tolist(), strict=True
    )
    known = len(seen)
    rows = np.array([seen.setdefault(key, len(seen)) for key in keys], dtype=np.int64)
    new_rows, first = np.unique(rows, return_index=True)
    new = first[new_rows >= known]
    return _Part(
        matrix=features.matrix,
        lengths=features.lengths,
        edges=features.edges,
        allowed=allowed_labels("".join(item.codes for item in documents))[visible],
        sizes=np.diff(features.document_offsets),
        line_numbers=visible - batch.document_offsets[batch.document_of_line[visible]],
        ngrams=ngram_counts(features, visible[new[np.argsort(rows[new])]]),
        distinct=rows,
    )


def _batches(documents: Sequence[LabelledDocument]) -> list[list[LabelledDocument]]:
    batches: list[list[LabelledDocument]] = [[]]
    size = 0
    for document in documents:
        if size > _LINES_PER_BATCH:
            batches.append([])
            size = 0
        batches[-1].append(document)
        size += len(document.lines)
    return batches


def ngram_counts(features: LineFeatures, lines: NDArray[np.int64]) -> sparse.csr_matrix:
    """Return the n-gram counts of some lines of a batch over the square root of their number.

    Returns
    -------
    counts : CSR matrix of shape (len(lines), N_BUCKETS)
    """
    characters, ngrams = features.characters, features.ngrams
    row_of_line = np.full(characters.n_lines, -1, dtype=np.int64)
    row_of_line[lines] = np.arange(len(lines))
    by_char = row_of_line[characters.line_of_char]
    by_word = by_char[characters.word_starts]
    rows = np.concatenate([by_char, by_char, by_word, by_word])
    buckets = np.concatenate(
        [ngrams.pair_buckets, ngrams.quad_buckets, ngrams.word_buckets, ngrams.word_pair_buckets]
    )
    wanted = (rows >= 0) & (buckets != NO_NGRAM)
    cells = np.ones(int(wanted.sum()), dtype=np.float32)
    counts = sparse.csr_matrix(
        (cells, (rows[wanted], buckets[wanted])), shape=(len(lines), N_BUCKETS)
    )
    scale = 1 / np.sqrt(np.maximum(ngrams.ngrams_per_line[lines], 1))
    return sparse.csr_matrix(sparse.diags(scale.astype(np.float32)) @ counts, dtype=np.float32)


def document_weights(
    documents: Sequence[LabelledDocument], by_source: Mapping[str, float]
) -> NDArray[np.float32]:
    """Return the weight of each document: its source's, else its collection's, else 1."""
    weights = [
        by_source.get(item.source, by_source.get(item.collection, 1.0)) for item in documents
    ]
    return np.array(weights, dtype=np.float32)


def balanced_weights(
    documents: Sequence[LabelledDocument], document_of_line: NDArray[np.int64]
) -> NDArray[np.float32]:
    """Return weights of lines by which every large source counts the same.

    New pages come from a source of their own, with its own share of content; the largest
    collections must not decide what share is normal.
    """
    sources = np.array([item.source for item in documents])
    _, source = np.unique(sources, return_inverse=True)
    lines_each = np.bincount(source[document_of_line], minlength=len(sources))
    weight = np.minimum(lines_each, _LINES_OF_A_LARGE_SOURCE) / np.maximum(lines_each, 1)
    return weight[source[document_of_line]].astype(np.float32)


def data_digest(documents: Sequence[LabelledDocument]) -> str:
    """Return a digest of the pages and their labels, in order."""
    digest = hashlib.sha256()
    for document in documents:
        record = "\0".join((document.id, document.codes, *document.lines))
        digest.update(record.encode("utf-8", "surrogatepass"))
    return digest.hexdigest()[:16]
