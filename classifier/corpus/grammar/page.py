"""A page while it is being made: lines with labels, spans and roles, and the edits of lines."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from classifier.labels import LABEL_CODES, UNKNOWN_CODE

CONTENT, STUFFING, LINKFARM, BOILERPLATE = tuple(LABEL_CODES)

TITLE = "title"
BODY = "body"

Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class MadeLine:
    """One line of a page being made.

    Attributes
    ----------
    text
        Without line end.
    code
        See `classifier.labels`.
    spans
        Sorted, disjoint; only on lines that are stuffing in these parts and content in the rest.
    role
        ``title`` and ``body`` for lines of the article, empty for all others.
    """

    text: str
    code: str
    spans: Spans = ()
    role: str = ""

    @property
    def is_open(self) -> bool:
        """Whether something can be injected: a line of the article, stuffed in parts at most."""
        return self.code == CONTENT or bool(self.spans)


@dataclass(frozen=True, slots=True)
class Page:
    """A page being made.

    Attributes
    ----------
    lines
        In page order.
    headline
        The article's headline as it was before anything was injected; empty if it has none.
    families
        Names of the operations it went through.
    """

    lines: tuple[MadeLine, ...]
    headline: str = ""
    families: tuple[str, ...] = ()

    @property
    def title(self) -> int | None:
        """Index of the headline, None where the page has none."""
        return next((i for i, line in enumerate(self.lines) if line.role == TITLE), None)

    @property
    def body(self) -> list[int]:
        """Indices of the body's lines."""
        return [i for i, line in enumerate(self.lines) if line.role == BODY]

    @property
    def open_body(self) -> list[int]:
        """Indices of the body's lines into which something can be injected."""
        return [i for i, line in enumerate(self.lines) if line.role == BODY and line.is_open]

    @property
    def article_start(self) -> int:
        """Index of the first line of the article; the page's length where there is none."""
        article = (i for i, line in enumerate(self.lines) if line.role)
        return next(article, len(self.lines))

    @property
    def article_end(self) -> int:
        """Index after the last line of the article; the page's length where there is none."""
        ends = [i + 1 for i, line in enumerate(self.lines) if line.role]
        return ends[-1] if ends else len(self.lines)

    def inserted(self, at: int, lines: Iterable[MadeLine]) -> "Page":
        """Return the page with further lines before line `at`."""
        added = tuple(lines)
        if not added:
            return self
        return replace(self, lines=(*self.lines[:at], *added, *self.lines[at:]))

    def replaced(self, index: int, *lines: MadeLine) -> "Page":
        """Return the page with another line at `index`, or with several in its place."""
        return replace(self, lines=(*self.lines[:index], *lines, *self.lines[index + 1 :]))


def lines_of(texts: Iterable[str], code: str) -> list[MadeLine]:
    """Return lines that all have the label `code`; blank ones carry none."""
    return [MadeLine(text, code if text.strip() else UNKNOWN_CODE) for text in texts]


def injected(line: MadeLine, at: int, core: str, before: str = "", after: str = "") -> MadeLine:
    """Return `line` with ``before + core + after`` put in at `at`; the span is that of `core`.

    Examples
    --------
    >>> injected(MadeLine("Council meets", "c"), 0, "[cheap pills]", after=" ")
    MadeLine(text='[cheap pills] Council meets', code='s', spans=((0, 13),), role='')
    """
    inserted = f"{before}{core}{after}"
    start = at + len(before)
    moved = [
        (first + len(inserted), last + len(inserted)) if first >= at else (first, last)
        for first, last in line.spans
    ]
    spans = tuple(sorted([*moved, (start, start + len(core))]))
    text = f"{line.text[:at]}{inserted}{line.text[at:]}"
    return replace(line, text=text, code=STUFFING, spans=spans)


def stuffed(line: MadeLine, text: str) -> MadeLine:
    """Return `line` with another text, stuffing as a whole."""
    return replace(line, text=text, code=STUFFING, spans=())


def is_inside(spans: Sequence[tuple[int, int]], at: int) -> bool:
    """Whether `at` parts one of `spans`."""
    return any(start < at < end for start, end in spans)
