"""Pages side by side in one matrix, and what the stacker takes from around each line.

Arrays are column-major: one column a line, all pages end to end. Nothing reaches off its page.
"""

from dataclasses import dataclass

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
    """

    starts: NDArray[np.int64]
    sizes: NDArray[np.int64]

    @classmethod
    def of(cls, document_offsets: NDArray[np.int64]) -> "Pages":
        """Take the documents that have lines."""
        sizes = np.diff(document_offsets)
        return cls(starts=document_offsets[:-1][sizes > 0], sizes=sizes[sizes > 0])

    def filled_up(self, n_columns: int) -> "Pages":
        """Return the same pages with one more of `n_columns` columns, unless that is none."""
        if not n_columns:
            return self
        end = self.sizes.sum(keepdims=True)
        return Pages(
            starts=np.concatenate([self.starts, end]),
            sizes=np.concatenate([self.sizes, [n_columns]]),
        )

    def outside(self, distance: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the columns whose neighbour `distance` before, and after, is off their page."""
        reach = np.minimum(self.sizes, distance)
        within = np.arange(reach.sum()) - np.repeat(np.cumsum(reach) - reach, reach)
        first = np.repeat(self.starts, reach) + within
        last = np.repeat(self.starts + self.sizes - 1, reach) - within
        return first, last


def gather_taps(hidden: Array, pages: Pages, distance: int) -> Array:
    """Stack what stands `distance` lines before, at, and after each line; zero off the page.

    Returns
    -------
    taps : float32 array of shape (3 * channels, n_lines)
    """
    channels, n_lines = hidden.shape
    # the columns left unwritten here are among those off the page, set to zero below
    taps = np.empty((3 * channels, n_lines), hidden.dtype)
    taps[:channels, distance:] = hidden[:, : max(n_lines - distance, 0)]
    taps[channels : 2 * channels] = hidden
    taps[2 * channels :, : max(n_lines - distance, 0)] = hidden[:, distance:]
    first, last = pages.outside(distance)
    taps[:channels, first] = 0
    taps[2 * channels :, last] = 0
    return taps


def scatter_taps(taps: Array, pages: Pages, distance: int) -> Array:
    """Undo `gather_taps` for gradients: send each tap's share back to the line it came from."""
    channels, n_lines = len(taps) // 3, taps.shape[1]
    first, last = pages.outside(distance)
    taps[:channels, first] = 0
    taps[2 * channels :, last] = 0
    flow = taps[channels : 2 * channels].copy()
    flow[:, : max(n_lines - distance, 0)] += taps[:channels, distance:]
    flow[:, distance:] += taps[2 * channels :, : max(n_lines - distance, 0)]
    return flow


def pool_pages(hidden: Array, pages: Pages) -> Array:
    """Return mean and maximum of every channel over each page, shape (2 * channels, n_pages)."""
    mean = np.add.reduceat(hidden, pages.starts, axis=1)
    mean /= pages.sizes.astype(hidden.dtype)
    return np.concatenate([mean, np.maximum.reduceat(hidden, pages.starts, axis=1)])
