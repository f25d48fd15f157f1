"""The values every layer may know: documents, spans, predictions, operating points."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import overload

import numpy as np
from numpy.typing import NDArray

from classifier.errors import ConfigError
from classifier.healing import healed_cuts
from classifier.labels import CONTENT_INDEX, LABELS, STUFFING_INDEX, Label

BLANK = -1
"""Label index of a blank line: it has no label and is nobody's neighbour."""

_OTHER_LABELS = np.array([i for i in range(len(LABELS)) if i != CONTENT_INDEX], dtype=np.int8)


@dataclass(frozen=True, slots=True)
class Document:
    """One page as plain text.

    Attributes
    ----------
    id
        Name of the page: file name or the record's id.
    text
        The page's lines joined by line feeds, exactly as read.
    fields
        What else the record held; writers of the same format carry it through.
    record
        The record as it was written, in formats that put the cleaned text back in its place.
    """

    id: str
    text: str
    fields: Mapping[str, object] = field(default_factory=dict)
    record: str = ""


@dataclass(frozen=True, slots=True)
class LabelledDocument:
    """One page whose lines have labels.

    Attributes
    ----------
    id
        Name of the page.
    lines
        The lines' texts, without line ends.
    codes
        One label code a line (see `classifier.labels`).
    source
        The collection it came from.
    language
        ISO 639 code, ``und`` if unknown.
    group
        Site or template family; folds and hold-outs never part a group.
    origin
        ``file:line`` it was read from, for messages.
    spans
        By line index, the parts of a stuffed line that are spam while the rest is content, as
        start and end in code points; only lines whose spans are known.
    licence
        What may be done with it.
    """

    id: str
    lines: tuple[str, ...]
    codes: str
    source: str = "unnamed"
    language: str = "und"
    group: str = ""
    origin: str = ""
    spans: Mapping[int, tuple[tuple[int, int], ...]] = field(default_factory=dict, hash=False)
    licence: str = ""

    @property
    def collection(self) -> str:
        """The part of the source's name before a slash."""
        return self.source.partition("/")[0]

    @property
    def text(self) -> str:
        """The page as one text."""
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Span:
    """Part of a line to cut: code points ``start`` to ``end`` of the line, and how sure."""

    start: int
    end: int
    confidence: float


@dataclass(frozen=True, slots=True)
class FoundSpans:
    """Spans found inside one line, and the probability that the rest is content."""

    spans: tuple[Span, ...]
    rest: float


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """From which probability of content on a line, or a part of one, is kept.

    Attributes
    ----------
    name
        ``default`` or what it was derived from.
    content_threshold
        A line is ``content`` when its probability of content is at least this; else it gets the
        likeliest of the other labels. Likewise a span inside a stuffed line is cut, and the rest
        kept, when its probability of content (1 - confidence) is below this and the rest's not.
    """

    name: str = "default"
    content_threshold: float = 0.5

    def __post_init__(self) -> None:
        if not 0.0 <= self.content_threshold <= 1.0:
            raise ConfigError(
                "the 'content_threshold' of an operating point must be between 0 and 1. "
                f"Got {self.content_threshold} instead."
            )

    def label_index(
        self, probabilities: NDArray[np.float32], is_blank: NDArray[np.bool_]
    ) -> NDArray[np.int8]:
        """Return the label each line gets at this point.

        Parameters
        ----------
        probabilities
            Array of shape (n_lines, 4).
        is_blank
            Array of shape (n_lines,).

        Returns
        -------
        label_index : int8 array of shape (n_lines,)
            Index into `LABELS`, `BLANK` for blank lines.
        """
        likeliest = _OTHER_LABELS.take(probabilities.take(_OTHER_LABELS, axis=1).argmax(axis=1))
        index: NDArray[np.int8] = likeliest
        index[probabilities[:, CONTENT_INDEX] >= self.content_threshold] = CONTENT_INDEX
        index[is_blank] = BLANK
        return index

    def spans(
        self, found: Mapping[int, FoundSpans], label_index: NDArray[np.int8]
    ) -> dict[int, tuple[Span, ...]]:
        """Return by line index what is cut out of lines that stay; only lines that have any."""
        least = self.content_threshold
        sure = {
            index: tuple(span for span in line.spans if 1 - span.confidence < least)
            for index, line in found.items()
            if label_index[index] == STUFFING_INDEX and line.rest >= least
        }
        return {index: spans for index, spans in sure.items() if spans}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page and what the model says of it; ``label`` is None for a blank line."""

    number: int
    text: str
    label: Label | None
    confidence: float | None
    probabilities: Mapping[Label, float]
    spans: tuple[Span, ...]

    @property
    def is_kept(self) -> bool:
        """Whether cleaning keeps the line, whole or without its spans."""
        return self.label in (None, Label.CONTENT) or bool(self.spans)


@dataclass(frozen=True, slots=True)
class PagePredictions(Sequence[Line]):
    """What the model says of one page, line by line; nothing in it ever changes.

    Attributes
    ----------
    text
        The page, exactly as given.
    probabilities
        Array of shape (n_lines, 4), calibrated; zero in the rows of blank lines.
    label_index
        Array of shape (n_lines,), index into `LABELS`; -1 for blank lines.
    spans
        By line index, the parts to cut; only lines that have any.
    found
        By line index, what each operating point takes its `spans` from.
    """

    text: str
    probabilities: NDArray[np.float32]
    label_index: NDArray[np.int8]
    spans: Mapping[int, tuple[Span, ...]] = field(default_factory=dict)
    found: Mapping[int, FoundSpans] = field(default_factory=dict)

    @classmethod
    def decided(
        cls,
        text: str,
        probabilities: NDArray[np.float32],
        is_blank: NDArray[np.bool_],
        found: Mapping[int, FoundSpans],
        point: OperatingPoint,
    ) -> "PagePredictions":
        """Return a page decided at `point`."""
        label_index = point.label_index(probabilities, is_blank)
        return cls(text, probabilities, label_index, point.spans(found, label_index), found)

    @property
    def lines(self) -> list[str]:
        """The lines' texts, without line feeds."""
        return self.text.split("\n")

    @property
    def labels(self) -> list[Label | None]:
        """One label a line, None for blank lines."""
        return [None if index == BLANK else LABELS[index] for index in self.label_index.tolist()]

    @property
    def confidences(self) -> NDArray[np.float32]:
        """Calibrated probability of each line's label, shape (n_lines,); 0 for blank lines."""
        # rows of blank lines are zero, whatever is taken from them
        return self.probabilities[np.arange(len(self.label_index)), self.label_index]

    @property
    def kept(self) -> NDArray[np.bool_]:
        """Which lines cleaning keeps, whole or in part, shape (n_lines,); blank lines are kept."""
        kept: NDArray[np.bool_] = (self.label_index == BLANK) | (self.label_index == CONTENT_INDEX)
        kept[list(self.spans)] = True
        return kept

    def at(self, point: OperatingPoint) -> "PagePredictions":
        """Return the same page decided at another operating point."""
        is_blank = self.label_index == BLANK
        return self.decided(self.text, self.probabilities, is_blank, self.found, point)

    def clean(self) -> str:
        """Return the page without the lines that are not content and without spam spans."""
        kept = self.kept
        return "\n".join(
            cut(line, self.spans[index]) if index in self.spans else line
            for index, line in enumerate(self.lines)
            if kept[index]
        )

    def __len__(self) -> int:
        return len(self.label_index)

    @overload
    def __getitem__(self, index: int) -> Line: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Line]: ...
    def __getitem__(self, index: int | slice) -> Line | Sequence[Line]:
        if isinstance(index, slice):
            return list(self)[index]
        return self._line(range(len(self))[index], self.lines)

    def __iter__(self) -> Iterator[Line]:
        lines = self.lines
        return (self._line(index, lines) for index in range(len(self)))

    def _line(self, index: int, lines: list[str]) -> Line:
        label_index = int(self.label_index[index])
        row = self.probabilities[index].tolist()
        is_blank = label_index == BLANK
        return Line(
            number=index + 1,
            text=lines[index],
            label=None if is_blank else LABELS[label_index],
            confidence=None if is_blank else row[label_index],
            probabilities={} if is_blank else dict(zip(LABELS, row, strict=True)),
            spans=self.spans.get(index, ()),
        )


def cut(line: str, spans: Sequence[Span]) -> str:
    """Return `line` without its `spans`, which are sorted and disjoint, and the cuts healed.

    >>> cut("[cheap pills] Council meets", [Span(0, 13, 0.9)])
    'Council meets'
    """
    pieces, position = [], 0
    for start, end, between in healed_cuts(line, [(span.start, span.end) for span in spans]):
        pieces += [line[position:start], between]
        position = end
    return "".join([*pieces, line[position:]])
