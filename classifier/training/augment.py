"""Pages as they could also have been: cropped, with thinned frames, in another page's frame."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from classifier.labels import CONTENT_INDEX
from classifier.training.dataset import Dataset

_CROP_SHARE = 0.3
_THIN_SHARE = 0.3
_SHORTEST_CROP = 5
_LEAST_FRAME = 6
_FEWEST_FRAMES = 8


def augmented_lines(
    lines: NDArray[np.int64], allowed: NDArray[np.bool_], rng: np.random.Generator
) -> NDArray[np.int64]:
    """Return which lines of a page to show in one pass of training.

    Parameters
    ----------
    lines
        Array of shape (n_lines,): the page's lines in the dataset, at least one.
    allowed
        Array of shape (n_labels, n_lines): what each line may be.
    rng
        Source of chance.

    Returns
    -------
    lines : int64 array, in their order, at least one
        All of them; or a crop (text cut out of its page); or the page with some of its runs of
        frame lines left out (text that was cleaned once already).
    """
    chance = rng.random()
    if chance < _CROP_SHARE and len(lines) > _SHORTEST_CROP:
        size = int(rng.integers(_SHORTEST_CROP, len(lines)))
        start = int(rng.integers(0, len(lines) - size + 1))
        return lines[start : start + size]
    if chance < _CROP_SHARE + _THIN_SHARE:
        is_frame = ~allowed[CONTENT_INDEX]
        run = np.concatenate([[0], np.cumsum(is_frame[1:] != is_frame[:-1])])
        dropped = rng.random(run[-1] + 1) < rng.random()
        kept = lines[~(is_frame & dropped[run])]
        return kept if len(kept) else lines
    return lines


class FrameExchange:
    """Articles in the frames of other pages of their language.

    What stands before and after an article says much of where it begins and ends, but frames are
    those of the training sites; in ever new pairs, neither is learned by heart with the other.

    Parameters
    ----------
    dataset
        All documents.
    documents
        Indices of those that may take part: no others lend their frames.
    languages
        The language of each document of the dataset; empty where its frame is to stay.
    """

    def __init__(
        self, dataset: Dataset, documents: NDArray[np.int64], languages: Sequence[str]
    ) -> None:
        self._offsets = dataset.document_offsets
        is_content = dataset.allowed[CONTENT_INDEX] & (dataset.allowed.sum(axis=0) == 1)
        self._article: dict[int, tuple[int, int]] = {}
        self._lenders: dict[str, list[int]] = {}
        self._language: dict[int, str] = {}
        for document in documents.tolist():
            start, end = self._offsets[document : document + 2]
            content = np.flatnonzero(is_content[start:end])
            language = languages[document].partition("-")[0]
            if not language or len(content) == 0:
                continue
            first, last = int(start + content[0]), int(start + content[-1] + 1)
            self._article[document] = first, last
            self._language[document] = language
            if end - last + first - start >= _LEAST_FRAME:
                self._lenders.setdefault(language, []).append(document)

    def lines(self, document: int, rng: np.random.Generator) -> NDArray[np.int64] | None:
        """Return the lines of a page with the frame of another, or None if it keeps its own.

        From the first to the last line known as content they are those of the page, before and
        after it those that stand there on the other page.
        """
        lenders = self._lenders.get(self._language.get(document, ""), [])
        if len(lenders) < _FEWEST_FRAMES:
            return None
        lender = lenders[int(rng.integers(len(lenders)))]
        start, end = self._offsets[lender : lender + 2]
        first, last = self._article[lender]
        return np.concatenate(
            [np.arange(start, first), np.arange(*self._article[document]), np.arange(last, end)]
        )
