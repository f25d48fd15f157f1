"""Look-ups of hashes in documents: how often something stands there, and where else.

Of a whole document only what falls together with something asked is ever sorted.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.model.span_documents import SearchedLines

MIX = np.uint32(0x9E3779B1)
STEP = np.uint32(0x85EBCA77)
"""Odd factors that spread hashes."""

_SPARE_BITS, _MOST_BITS = 4, 24
"""Cells of a table for each hash asked at least, and in all at most, as powers of two."""

_HEAD_LINES = 3
_SHORT_CHARS = 60


@dataclass(frozen=True, slots=True)
class Recurrence:
    """What stands elsewhere, for each character (or word) looked up.

    Attributes
    ----------
    elsewhere
        Array of shape (n,): whether it stands in another line of the document.
    count
        Array of shape (n,): how often it stands in the document.
    in_head, in_short
        Arrays of shape (n,): whether one of the places elsewhere is among the first lines of the
        document, or a short line.
    """

    elsewhere: NDArray[np.bool_]
    count: NDArray[np.int64]
    in_head: NDArray[np.bool_]
    in_short: NDArray[np.bool_]


def meeting(
    hashes: NDArray[np.uint32],
    offsets: NDArray[np.int64],
    asked: NDArray[np.uint32],
    place: NDArray[np.int64],
) -> NDArray[np.int64]:
    """Return which hashes may be like one that is asked of the same document; all that are, are.

    Parameters
    ----------
    hashes
        Array of shape (n,): of the documents, end to end.
    offsets
        Array of shape (n_searched + 1,): where each document begins.
    asked, place
        Arrays of shape (n_asked,): hashes, and the number of the document each is of.

    Returns
    -------
    index : int64 array of shape (n_met,), sorted
    """
    bits = min(len(asked).bit_length() + _SPARE_BITS, _MOST_BITS)
    shift = np.uint32(32 - bits)
    salts = np.arange(len(offsets) - 1, dtype=np.uint32) * STEP
    table = np.zeros(1 << bits, dtype=np.bool_)
    table[((asked + salts[place]) * MIX) >> shift] = True
    mixed = hashes * MIX
    for salt, first, end in zip(
        salts * MIX, offsets[:-1].tolist(), offsets[1:].tolist(), strict=True
    ):
        mixed[first:end] += salt
    mixed >>= shift
    return np.flatnonzero(table.take(mixed))


def grouped(
    hashes: NDArray[np.uint32], bounds: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Sort hashes within documents.

    Parameters
    ----------
    hashes
        Array of shape (n,).
    bounds
        Array of shape (n_searched + 1,): where each document begins.

    Returns
    -------
    order : int64 array of shape (n,)
        Like hashes stay in their order.
    begins : bool array of shape (n,)
        Where in this order another hash, or document, begins.
    """
    # hash and index in one number: values sort several times as fast as indices by value
    packed = hashes.astype(np.uint64) << np.uint64(32) | np.arange(len(hashes), dtype=np.uint64)
    for first, end in zip(bounds[:-1].tolist(), bounds[1:].tolist(), strict=True):
        packed[first:end].sort()
    ordered = packed >> np.uint64(32)
    begins = np.ones(len(hashes), dtype=np.bool_)
    begins[1:] = ordered[1:] != ordered[:-1]
    begins[bounds[:-1][bounds[:-1] < bounds[1:]]] = True
    return (packed & np.uint64(0xFFFFFFFF)).astype(np.int64), begins


def recurring(
    hashes: NDArray[np.uint32],
    line: NDArray[np.int64],
    is_query: NDArray[np.bool_],
    bounds: NDArray[np.int64],
    searched: SearchedLines,
) -> Recurrence:
    """Look up hashes in their documents.

    Parameters
    ----------
    hashes, line
        Arrays of shape (n,): what may come back, and the line it stands in; in order of place.
    is_query
        Array of shape (n,): which of it is asked for.
    bounds
        Array of shape (n_searched + 1,): where each document begins.
    searched
        The documents.

    Returns
    -------
    recurrence : of the queries, in order
    """
    n = len(hashes)
    if not is_query.any():
        no = np.zeros(0, dtype=np.bool_)
        return Recurrence(no, np.zeros(0, np.int64), no, no)
    order, begins = grouped(hashes, bounds)
    lines = line[order]
    starts = np.flatnonzero(begins)
    ends = np.append(starts[1:], n)
    sizes = ends - starts
    is_head = (searched.rank[lines] < _HEAD_LINES).astype(np.int64)
    is_short = (searched.length[lines] < _SHORT_CHARS).astype(np.int64)
    n_head, n_short = np.add.reduceat(is_head, starts), np.add.reduceat(is_short, starts)
    rows = np.empty(n, dtype=np.int64)
    rows[order] = np.arange(n)
    asked = rows[is_query]
    of = (np.cumsum(begins) - 1)[asked]
    elsewhere = (lines[starts] != lines[ends - 1])[of]
    return Recurrence(
        elsewhere=elsewhere,
        count=sizes[of],
        in_head=elsewhere & (n_head[of] > is_head[asked]),
        in_short=elsewhere & (n_short[of] > is_short[asked]),
    )
