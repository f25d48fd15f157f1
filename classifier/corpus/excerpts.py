"""Short pages made of long ones: a few lines of the article, a few of the frame, or spam alone.

Pages of a menu, two sentences and a footer are rare among labelled ones, which were collected for
their articles. A model that has seen none takes the sentences for frame.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from classifier.datamodels import LabelledDocument
from classifier.labels import UNKNOWN_CODE, Label, code_of

_CONTENT, _BOILERPLATE = code_of(Label.CONTENT), code_of(Label.BOILERPLATE)
_STUFFING = code_of(Label.STUFFING)

_SHARES = {
    "pages": 0.22,
    "gold": 0.15,
    "made": 0.11,
    "text": 0.2,
    "list": 0.12,
    "spam": 0.12,
    "single": 0.08,
}
"""Of the excerpts, by kind of the host: collection of pages, or what has no frame of its own; pages
with stuffing, of which that is shown; pages of which a single line is, so that one alone is not
taken for spam."""

_COLLECTIONS = frozenset({"pages", "gold", "made", "clean"})
_SPAM_COLLECTIONS = frozenset({"gold", "made", "spam"})
_SINGLE_COLLECTIONS = frozenset({"pages", "gold", "clean"})

_LONG_BYTES = 60
"""An excerpt has a line of content as long as this, in UTF-8; shorter ones alone say too little."""

_LIST_BYTES = 40
_LIST_LINES = 3
"""But for verses, lists and tables: so many lines, half of them shorter than that."""

_WITHOUT_CONTENT = 0.03
"""More of them, and lists in pages without a frame would be taken for one."""

_HEADED = 0.4  # of the excerpts of pages with a frame, with the first line of content
_FRAMED = 0.5  # of the excerpts of what has no frame of its own
_CONTENT_LINES = (1, 1, 1, 2, 2, 3, 4, 5)
_LONG_LIST_LINES = (3, 4, 6, 8, 11, 14)
_SPAM_LINES = (1, 1, 1, 2, 2, 3, 5)
_SPAM_ALONE = 0.5  # of the excerpts of stuffing, the others have content above or below it
_HEADLINE_ALONE = 0.5  # of single lines, the first line of content
_FRAME_LINES = (0, 1, 1, 2, 3, 4, 6)
_LONGEST_ENTRY = 25
_SLOT = "⟦"
_SEPARATORS = (" | ", " · ", " > ", "  ", " / ", " » ")

Thing = TypeVar("Thing")
Lines = list[tuple[str, str]]
"""Texts with their codes."""


@dataclass(frozen=True, slots=True)
class _Host:
    """A page with the places of its lines of content and of frame."""

    document: LabelledDocument
    content: list[int]
    frame: list[int]
    spam: list[int]

    @classmethod
    def of(cls, document: LabelledDocument) -> "_Host":
        codes = document.codes
        return cls(
            document,
            content=[at for at, code in enumerate(codes) if code == _CONTENT],
            frame=[at for at, code in enumerate(codes) if code not in (_CONTENT, UNKNOWN_CODE)],
            spam=[at for at, code in enumerate(codes) if code == _STUFFING],
        )

    @property
    def kinds(self) -> list[str]:
        """Those of `_SHARES` it can be a host of."""
        collection = self.document.collection
        article = self._article if collection in _COLLECTIONS else None
        found = [article] if article else []
        if self.spam and collection in _SPAM_COLLECTIONS:
            found.append("spam")
        if article and collection in _SINGLE_COLLECTIONS:
            found.append("single")
        return found

    @property
    def _article(self) -> str | None:
        sizes = [self.size(at) for at in self.content]
        if not self.frame and len(sizes) >= _LIST_LINES and np.median(sizes) < _LIST_BYTES:
            return "list"
        if max(sizes, default=0) < _LONG_BYTES:
            return None
        return self.document.collection if self.frame else "text"

    def size(self, at: int) -> int:
        """Return the bytes of a line."""
        return len(self.document.lines[at].encode("utf-8", "surrogatepass"))


def excerpts(
    documents: Sequence[LabelledDocument],
    *,
    n_excerpts: int,
    seed: int,
    interface: Mapping[str, Sequence[str]],
) -> list[LabelledDocument]:
    """Return short pages of lines that real and made pages have in this order.

    Every site has the same chance, whatever its number of pages. An excerpt stays in the group of
    its host, so that no fold knows its lines.

    Parameters
    ----------
    documents
        The hosts; sources begin with the collection, as in ``pages/daniel``.
    n_excerpts
        How many, at most as many as there are hosts.
    seed
        Of everything random.
    interface
        Texts of the interfaces of sites by language, which frame clean text.
    """
    rng = np.random.default_rng(seed)
    hosts = _hosts(documents)
    kinds = [kind for kind in _SHARES if kind in hosts]
    shares = np.array([_SHARES[kind] for kind in kinds])
    n_hosts = len({id(host) for groups in hosts.values() for each in groups for host in each})
    found: list[LabelledDocument] = []
    while len(found) < min(n_excerpts, n_hosts):
        kind = kinds[int(rng.choice(len(kinds), p=shares / shares.sum()))]
        host = _one_of(_one_of(hosts[kind], rng), rng)
        if kind in ("text", "list"):
            entries = interface.get(host.document.language, ()) if rng.random() < _FRAMED else ()
            content = _content(host, is_list=kind == "list", rng=rng)
            lines = [*_menu(entries, rng), *_lines(host, content), *_menu(entries, rng)]
        elif kind == "spam":
            lines = _lines(host, _spam(host, rng))
        elif kind == "single":
            first = rng.random() < _HEADLINE_ALONE
            lines = _lines(host, host.content[:1] if first else [_one_of(host.content, rng)])
        else:
            lines = _lines(host, _framed(host, rng))
        found.append(_page(host.document, lines, len(found)))
    return found


def _hosts(documents: Sequence[LabelledDocument]) -> dict[str, list[list[_Host]]]:
    """Return the hosts by kind and group."""
    hosts: dict[str, dict[str, list[_Host]]] = {}
    for document in documents:
        host = _Host.of(document)
        for kind in host.kinds:
            hosts.setdefault(kind, {}).setdefault(document.group, []).append(host)
    return {kind: list(groups.values()) for kind, groups in hosts.items()}


def _framed(host: _Host, rng: np.random.Generator) -> list[int]:
    """Return the places of some lines of content, and of frame above and below."""
    if rng.random() < _WITHOUT_CONTENT:
        return _run(host.frame, int(rng.integers(1, 8)), rng)
    content = _content(host, is_list=False, rng=rng)
    headline = host.content[0]
    parts = [[headline], content] if rng.random() < _HEADED and headline < content[0] else [content]
    places: list[int] = []
    for part in (*parts, [len(host.document.lines)]):
        frame = [at for at in host.frame if max(places, default=-1) < at < part[0]]
        places += [*_run(frame, _one_of(_FRAME_LINES, rng), rng), *part]
    return places[:-1]


def _spam(host: _Host, rng: np.random.Generator) -> list[int]:
    """Return the places of neighbouring lines of stuffing, now and then with some of content.

    Never with frame alone: lists in pages without a frame would be taken for one.
    """
    spam = _run(host.spam, _one_of(_SPAM_LINES, rng), rng)
    if rng.random() < _SPAM_ALONE:
        return spam
    return sorted([*spam, *_run(host.content, _one_of(_CONTENT_LINES, rng), rng)])


def _content(host: _Host, *, is_list: bool, rng: np.random.Generator) -> list[int]:
    """Return the places of neighbouring lines of content, a long one among them but in lists."""
    if is_list:
        return _run(host.content, _one_of(_LONG_LIST_LINES, rng), rng)
    is_long = [index for index, at in enumerate(host.content) if host.size(at) >= _LONG_BYTES]
    size = _one_of(_CONTENT_LINES, rng)
    first = max(0, _one_of(is_long, rng) - int(rng.integers(size)))
    return host.content[first : first + size]


def _lines(host: _Host, places: Sequence[int]) -> Lines:
    return [(host.document.lines[at], host.document.codes[at]) for at in places]


def _menu(entries: Sequence[str], rng: np.random.Generator) -> Lines:
    """Return some entries of an interface, a line each or in one line."""
    n_entries = _one_of(_FRAME_LINES, rng)
    if not entries or not n_entries:
        return []
    chosen = [entries[at] for at in rng.integers(len(entries), size=n_entries).tolist()]
    chosen = [text for text in chosen if _SLOT not in text and len(text) <= _LONGEST_ENTRY]
    if chosen and rng.random() < 0.5:
        chosen = [_one_of(_SEPARATORS, rng).join(chosen)]
    return [(text, _BOILERPLATE) for text in chosen if text.strip()]


def _run(places: list[int], size: int, rng: np.random.Generator) -> list[int]:
    """Return neighbours among `places`."""
    size = min(size, len(places))
    start = int(rng.integers(len(places) - size + 1))
    return places[start : start + size]


def _page(host: LabelledDocument, lines: Lines, number: int) -> LabelledDocument:
    return LabelledDocument(
        id=f"{host.id}#excerpt {number}",
        lines=tuple(text for text, _ in lines),
        codes="".join(code for _, code in lines),
        source=f"excerpts/{host.source}",
        language=host.language,
        group=host.group,
        licence=host.licence,
    )


def _one_of(things: Sequence[Thing], rng: np.random.Generator) -> Thing:
    return things[int(rng.integers(len(things)))]
