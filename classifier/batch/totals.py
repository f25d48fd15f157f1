"""What a run has counted; counts of parts add up to those of the whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from classifier.datamodels import PagePredictions
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
    def of_pages(
        cls, pages: Sequence[PagePredictions], cleaned: Sequence[Sequence[str]] | None = None
    ) -> Self:
        """Return the counts of some documents.

        Parameters
        ----------
        pages
            What the model says of each.
        cleaned
            The lines that cleaning leaves of each; None counts nothing as removed.
        """
        if not pages:
            return cls()
        labels = np.concatenate([page.label_index for page in pages]).astype(np.int64)
        counts = np.bincount(labels + 1, minlength=len(LABELS) + 1)
        characters = sum(len(page.text) for page in pages)
        blank, content, stuffing, linkfarm, boilerplate = counts.tolist()
        return cls(
            documents=len(pages),
            characters=characters,
            blank=blank,
            content=content,
            stuffing=stuffing,
            linkfarm=linkfarm,
            boilerplate=boilerplate,
            removed_lines=0 if cleaned is None else len(labels) - sum(map(len, cleaned)),
            cut_lines=0 if cleaned is None else sum(len(page.spans) for page in pages),
            removed_characters=(
                0 if cleaned is None else characters - sum(map(_joined_length, cleaned))
            ),
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


def _joined_length(lines: Sequence[str]) -> int:
    """Return how many characters `lines` are, joined by line feeds."""
    return sum(map(len, lines)) + max(len(lines) - 1, 0)
