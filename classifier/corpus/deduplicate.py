"""Pages that hold the same text: sketches of pages, how much two share, which are near-duplicates.

A sketch keeps the hashes of overlapping runs of 20 visible characters that fall below a fixed
fraction of all hashes (FracMinHash: Irber et al. 2022, "Lightweight compositional analysis of
metagenomes with FracMinHash"). Unlike a fixed number of minima it estimates containment, so a
short page inside a long one is found too. Runs never cross lines: short lines, that is menus and
most of the frame, leave no trace, and line breaks set elsewhere cost little.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from classifier.datamodels import LabelledDocument

RUN_CHARS = 20
"""About four English words, or a clause of Chinese."""

_KEPT_ONE_IN = 8
_DOCUMENTS_PER_HASH = 8
"""What stands on more pages than this is of a template, and says nothing of the page."""

_MOST_CONTAINED = 0.5
_SAME_PAGE = 0.8
_FEWEST_SHARED = 5
_FEWEST_SHARED_WITHIN = 20
"""Runs kept, about 40 and 160 characters: fewer are a quotation or a phrase of the frame."""

_CHARS_PER_BATCH = 4_000_000
_MULTIPLIER = 0x9E3779B97F4A7C15
_LINE_FEED = 10
_SPACES = [9, 11, 12, 13, 32, 160, *range(0x2000, 0x200C), 0x202F, 0x205F, 0x3000, 0xFEFF]
_IS_SEEN = np.ones(0x110000, dtype=np.bool_)
_IS_SEEN[_SPACES] = False


@dataclass(frozen=True, slots=True)
class Sketches:
    """Hashes kept of some documents.

    Attributes
    ----------
    hashes
        Array of shape (n_kept,): distinct within a document.
    documents
        Array of shape (n_kept,): the document of each, ascending.
    texts
        Array of shape (n_documents,): a hash of all visible characters, for pages too short to
        have others; 0 for a blank page.
    """

    hashes: NDArray[np.uint64]
    documents: NDArray[np.int64]
    texts: NDArray[np.uint64]

    @property
    def n_documents(self) -> int:
        """How many documents were sketched."""
        return len(self.texts)

    @property
    def sizes(self) -> NDArray[np.int64]:
        """How many hashes each document has, shape (n_documents,)."""
        return np.bincount(self.documents, minlength=self.n_documents)


@dataclass(frozen=True, slots=True)
class Overlaps:
    """Pairs of documents that share hashes: `left` and `right` index them, `n_shared` counts."""

    left: NDArray[np.int64]
    right: NDArray[np.int64]
    n_shared: NDArray[np.int64]


def sketch(documents: Sequence[LabelledDocument]) -> Sketches:
    """Return the sketches of `documents`."""
    hashes, owners = [np.zeros(0, np.uint64)], [np.zeros(0, np.int64)]
    for first, batch in _batches(documents):
        kept, owner = _kept_hashes(batch)
        hashes.append(kept)
        owners.append(owner + first)
    texts = np.array([_text_hash(document) for document in documents], dtype=np.uint64)
    return Sketches(np.concatenate(hashes), np.concatenate(owners), texts)


def line_hashes(lines: Sequence[str]) -> NDArray[np.uint64]:
    """Return one hash a line, of its visible characters without case; 0 for a blank line."""
    text = "\n".join(line.casefold().replace("\n", " ") for line in lines)
    chars, line_of_char = _visible(text)
    is_text = chars != _LINE_FEED
    chars, line_of_char = chars[is_text].astype(np.uint64), line_of_char[is_text]
    sizes = np.bincount(line_of_char, minlength=len(lines))
    starts = np.cumsum(sizes) - sizes
    place = (np.arange(len(chars)) - np.repeat(starts, sizes)).astype(np.uint64)
    terms = _mixed((chars + np.uint64(1)) * np.uint64(_MULTIPLIER) ^ _mixed(place + np.uint64(1)))
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(terms, dtype=np.uint64)])
    hashes: NDArray[np.uint64] = sums[starts + sizes] - sums[starts]
    return hashes


def are_among(hashes: NDArray[np.uint64], known: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Return which `hashes` are among the sorted `known` ones."""
    if not len(known):
        return np.zeros(len(hashes), dtype=np.bool_)
    places = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
    found: NDArray[np.bool_] = known[places] == hashes
    return found


def copies(documents: Sketches, originals: Sketches) -> NDArray[np.bool_]:
    """Return which `documents` are duplicates or near-duplicates of one of `originals`.

    A document is, if half of its text stands in one original, or half of one original's in it, or
    both are the same to the letter.

    Returns
    -------
    is_copy : bool array of shape (documents.n_documents,)
    """
    pairs = overlaps(documents, _without_templates(originals))
    own = documents.sizes[pairs.left]
    other = originals.sizes[pairs.right]
    is_copy = are_among(documents.texts, np.unique(originals.texts)) & (documents.texts > 0)
    is_within = (pairs.n_shared >= _MOST_CONTAINED * own) & (pairs.n_shared >= _FEWEST_SHARED)
    holds = (pairs.n_shared >= _MOST_CONTAINED * other) & (pairs.n_shared >= _FEWEST_SHARED_WITHIN)
    is_copy[pairs.left[is_within | holds]] = True
    return is_copy


def later_copies(documents: Sketches) -> NDArray[np.bool_]:
    """Return which documents have most of their text in common with an earlier one.

    Both must hold most of the other: an excerpt and its whole are different pages. Text of
    templates does not count, but pages that are the same to the letter are copies anyhow.

    Returns
    -------
    is_copy : bool array of shape (n_documents,)
    """
    distinct = _without_templates(documents)
    pairs = overlaps(distinct, distinct)
    longer = np.maximum(distinct.sizes[pairs.left], distinct.sizes[pairs.right])
    is_close = (pairs.n_shared >= _SAME_PAGE * longer) & (pairs.n_shared >= _FEWEST_SHARED)
    is_copy = documents.texts > 0
    is_copy[np.unique(documents.texts, return_index=True)[1]] = False
    is_copy[pairs.left[is_close & (pairs.right < pairs.left)]] = True
    return is_copy


def overlaps(left: Sketches, right: Sketches) -> Overlaps:
    """Return how many hashes each pair of a left and a right document shares, where any."""
    order = np.argsort(right.hashes, kind="stable")
    sorted_hashes, owners = right.hashes[order], right.documents[order]
    low = np.searchsorted(sorted_hashes, left.hashes, side="left")
    sizes = np.searchsorted(sorted_hashes, left.hashes, side="right") - low
    within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    matches = owners[np.repeat(low, sizes) + within]
    keys = np.repeat(left.documents, sizes) * max(right.n_documents, 1) + matches
    pairs, counts = np.unique(keys, return_counts=True)
    return Overlaps(pairs // max(right.n_documents, 1), pairs % max(right.n_documents, 1), counts)


def _without_templates(sketches: Sketches) -> Sketches:
    _, inverse, counts = np.unique(sketches.hashes, return_inverse=True, return_counts=True)
    is_own = counts[inverse] <= _DOCUMENTS_PER_HASH
    return Sketches(sketches.hashes[is_own], sketches.documents[is_own], sketches.texts)


def _batches(
    documents: Sequence[LabelledDocument],
) -> Iterator[tuple[int, Sequence[LabelledDocument]]]:
    first, size = 0, 0
    for number, document in enumerate(documents):
        size += sum(map(len, document.lines))
        if size > _CHARS_PER_BATCH or number == len(documents) - 1:
            yield first, documents[first : number + 1]
            first, size = number + 1, 0


def _kept_hashes(
    documents: Sequence[LabelledDocument],
) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    texts = [document.text.casefold() for document in documents]
    chars, line_of_char = _visible("\n".join(texts))
    if len(chars) < RUN_CHARS:
        return np.zeros(0, np.uint64), np.zeros(0, np.int64)
    hashes = _mixed(_run_hashes(chars))
    is_kept = hashes < np.uint64(2**64 // _KEPT_ONE_IN)
    is_kept &= line_of_char[: len(hashes)] == line_of_char[RUN_CHARS - 1 :]
    places = np.flatnonzero(is_kept)
    last_lines = np.cumsum([text.count("\n") + 1 for text in texts])
    owners = np.searchsorted(last_lines, line_of_char[places], side="right")
    order = np.lexsort((hashes[places], owners))
    kept, owners = hashes[places][order], owners[order]
    is_first = np.ones(len(kept), dtype=np.bool_)
    is_first[1:] = (kept[1:] != kept[:-1]) | (owners[1:] != owners[:-1])
    return kept[is_first], owners[is_first]


def _text_hash(document: LabelledDocument) -> int:
    text = "".join(document.text.casefold().split()).encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "big") if text else 0


def _visible(text: str) -> tuple[NDArray[np.uint32], NDArray[np.int64]]:
    """Return the code points but spaces, and the line of each; a line feed ends its line."""
    chars = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    is_feed = chars == _LINE_FEED
    line_of_char = np.cumsum(is_feed) - is_feed
    is_seen = _IS_SEEN[chars]
    return chars[is_seen], line_of_char[is_seen]


def _run_hashes(chars: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Return the polynomial hash of each run of `RUN_CHARS`, shape (n_chars - RUN_CHARS + 1,)."""
    # Runs of 1, 2, 4 ... are put together to 20 = 16 + 4: five passes instead of twenty.
    by_size = {1: chars.astype(np.uint64) + np.uint64(1)}
    size = 1
    while 2 * size <= RUN_CHARS:
        by_size[2 * size] = _joined(by_size[size], by_size[size], size, size)
        size *= 2
    whole, length = by_size[size], size
    while length < RUN_CHARS:
        size //= 2
        if length + size <= RUN_CHARS:
            whole = _joined(whole, by_size[size], length, size)
            length += size
    return whole


def _joined(
    left: NDArray[np.uint64], right: NDArray[np.uint64], left_size: int, right_size: int
) -> NDArray[np.uint64]:
    power = np.uint64(pow(_MULTIPLIER, right_size, 2**64))
    n_runs = len(left) - right_size
    return left[:n_runs] * power + right[left_size : left_size + n_runs]


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return the values with their bits mixed, by splitmix64's finaliser."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: NDArray[np.uint64] = values ^ (values >> np.uint64(31))
    return mixed
