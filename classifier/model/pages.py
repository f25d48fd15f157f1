"""Pages side by side in one matrix, and what the stacker takes from around each line.

Arrays are column-major: one column a line, all pages end to end. Nothing reaches off its page.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Pages:
    """Where pages begin and end among the columns of a batch, and what that means for the taps.

    Attributes
    ----------
    starts
        Array of shape (n_pages,): first column of each page; no page is empty.
    sizes
        Array of shape (n_pages,): columns of each page.
    before, after
        Arrays of shape (n_lines,): how many columns of its page stand before and after each.
    """

    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]
    before: NDArray[np.int32]
    after: NDArray[np.int32]

    @classmethod
    def of(cls, document_offsets: NDArray[np.int64]) -> "Pages":
        """Take the documents that have lines."""
        sizes = np.diff(document_offsets)
        starts, sizes = document_offsets[:-1][sizes > 0], sizes[sizes > 0]
        before = np.arange(document_offsets[-1], dtype=np.int32)
        before -= np.repeat(starts.astype(np.int32), sizes)
        after = np.repeat(sizes.astype(np.int32) - 1, sizes) - before
        return cls(starts, sizes, before, after)

    def part(self, columns: slice) -> "Pages":
        """Return the same for some of the columns, as far as `gather_taps` asks."""
        return replace(self, before=self.before[columns], after=self.after[columns])


def gather_taps(hidden: Array, pages: Pages, distance: int, out: Array | None = None) -> Array:
    """Stack what stands `distance` lines before, at, and after each line; zero off the page.

    Returns
    -------
    taps : float32 array of shape (3 * channels, n_lines), `out` if that is given
    """
    channels, n_lines = hidden.shape
    taps = np.empty((3 * channels, n_lines), hidden.dtype) if out is None else out
    before, at, after = taps[:channels], taps[channels : 2 * channels], taps[2 * channels :]
    has_before, has_after = _reached(pages, distance, hidden.dtype)
    before[:, :distance] = 0
    np.multiply(hidden[:, :-distance], has_before[distance:], out=before[:, distance:])
    at[:] = hidden
    np.multiply(hidden[:, distance:], has_after[:-distance], out=after[:, :-distance])
    after[:, -distance:] = 0
    return taps


def scatter_taps(taps: Array, pages: Pages, distance: int) -> Array:
    """Undo `gather_taps` for gradients: send each tap's share back to the line it came from."""
    channels = len(taps) // 3
    has_before, has_after = _reached(pages, distance, taps.dtype)
    flow = taps[channels : 2 * channels].copy()
    flow[:, :-distance] += taps[:channels, distance:] * has_before[distance:]
    flow[:, distance:] += taps[2 * channels :, :-distance] * has_after[:-distance]
    return flow


def _reached(pages: Pages, distance: int, kind: np.dtype[np.float32]) -> tuple[Array, Array]:
    """Return 1 for each line whose neighbour `distance` before, and after, is on its page, or 0."""
    return (pages.before >= distance).astype(kind), (pages.after >= distance).astype(kind)


def pool_pages(hidden: Array, pages: Pages) -> Array:
    """Return mean and maximum of every channel over each page, shape (2 * channels, n_pages)."""
    mean = np.add.reduceat(hidden, pages.starts, axis=1)
    mean /= pages.sizes.astype(hidden.dtype)
    return np.concatenate([mean, np.maximum.reduceat(hidden, pages.starts, axis=1)])
