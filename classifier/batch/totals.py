"""What a run has counted; counts of parts add up to those of the whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from classifier.datamodels import PagePredictions, cut
from classifier.labels import LABELS


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts of documents, lines and characters.

    Attributes
    ----------
    documents, characters
        Read and labelled; characters are code points.
    blank, content, stuffing, linkfarm, boilerplate
        Lines by label.
    removed_lines, cut_lines, removed_characters
        What cleaning took out: whole lines, lines it cut something out of, and all characters,
        line feeds included.
    errors
        Bad records.
    """

    documents: int = 0
    characters: int = 0
    blank: int = 0
    content: int = 0
    stuffing: int = 0
    linkfarm: int = 0
    boilerplate: int = 0
    removed_lines: int = 0
    cut_lines: int = 0
    removed_characters: int = 0
    errors: int = 0

    @classmethod
    def of_pages(cls, pages: Sequence[PagePredictions], *, cleans: bool) -> Self:
        """Return the counts of some documents; what is removed is counted if the run cleans."""
        if not pages:
            return cls()
        labels = np.concatenate([page.label_index for page in pages]).astype(np.int64)
        counts = np.bincount(labels + 1, minlength=len(LABELS) + 1)
        blank, content, stuffing, linkfarm, boilerplate = counts.tolist()
        return cls(
            documents=len(pages),
            characters=sum(len(page.text) for page in pages),
            blank=blank,
            content=content,
            stuffing=stuffing,
            linkfarm=linkfarm,
            boilerplate=boilerplate,
            removed_lines=sum(int((~page.kept).sum()) for page in pages) if cleans else 0,
            cut_lines=sum(len(page.spans) for page in pages) if cleans else 0,
            removed_characters=sum(map(_removed_characters, pages)) if cleans else 0,
        )

    @property
    def lines(self) -> int:
        """All lines, blank ones included."""
        return self.blank + self.content + self.stuffing + self.linkfarm + self.boilerplate

    def __add__(self, other: "Totals") -> "Totals":
        names = self.__slots__
        return Totals(*(getattr(self, name) + getattr(other, name) for name in names))

    def summary(self) -> dict[str, Any]:
        """Return the counts as a summary shows them."""
        labels = {str(label): getattr(self, label) for label in LABELS}
        return {
            "documents": self.documents,
            "lines": self.lines,
            "labels": {**labels, "blank": self.blank},
            "characters": self.characters,
            "lines_removed": self.removed_lines,
            "lines_cut": self.cut_lines,
            "characters_removed": self.removed_characters,
            "errors": self.errors,
        }


def _removed_characters(page: PagePredictions) -> int:
    lines, kept = page.lines, page.kept
    removed = sum(len(lines[index]) + 1 for index in np.flatnonzero(~kept).tolist())
    cuts = sum(
        len(lines[index]) - len(cut(lines[index], page.spans[index])) for index in page.spans
    )
    # the last line has no line feed; nor has a page of which nothing stays
    return min(removed, len(page.text)) + cuts
