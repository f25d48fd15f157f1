"""Pages as they could also have been: cropped, with thinned frames, without trust in n-grams."""

import numpy as np
from numpy.typing import NDArray

from classifier.labels import CONTENT_INDEX

_CROP_SHARE = 0.3
_THIN_SHARE = 0.3
_SHORTEST_CROP = 5


def augmented_lines(
    first: int, end: int, allowed: NDArray[np.bool_], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return which lines of a page to show in one pass of training.

    Parameters
    ----------
    first, end
        The page's lines in the dataset.
    allowed
        Array of shape (n_labels, end - first): what each line may be.
    rng
        Source of chance.

    Returns
    -------
    lines : int64 array, sorted, at least one
        All of them; or a crop (text cut out of its page); or the page with some of its runs of
        frame lines left out (text that was cleaned once already).
    """
    lines = np.arange(first, end)
    chance = rng.random()
    if chance < _CROP_SHARE and end - first > _SHORTEST_CROP:
        size = int(rng.integers(_SHORTEST_CROP, end - first))
        start = int(rng.integers(0, end - first - size + 1))
        return lines[start : start + size]
    if chance < _CROP_SHARE + _THIN_SHARE:
        is_frame = ~allowed[CONTENT_INDEX]
        run = np.concatenate([[0], np.cumsum(is_frame[1:] != is_frame[:-1])])
        dropped = rng.random(run[-1] + 1) < rng.random()
        kept = lines[~(is_frame & dropped[run])]
        return kept if len(kept) else lines
    return lines
