"""From a folder of corpora to one set of training pages, and a manifest of what became of it."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from classifier.corpus import layout as parts
from classifier.corpus.deduplicate import (
    Sketches,
    are_among,
    copies,
    later_copies,
    line_hashes,
    sketch,
)
from classifier.corpus.excerpts import excerpts
from classifier.corpus.layout import Layout, file_digest
from classifier.corpus.lexicons import read_lexicons
from classifier.corpus.manifest import counts, counts_by_source
from classifier.corpus.selection import template_families, within_cap, without_repeated_frame
from classifier.corpus.standoff import read_standoff, with_standoff_labels
from classifier.corpus.synthesize import made_pages
from classifier.corpus.texts import spam_lines, texts_by_language
from classifier.datamodels import LabelledDocument

FORMAT_VERSION = 1

# A word or two say nothing.
_SHORTEST_HEADLINE_BYTES = 18

Progress = Callable[[str, float], None]
Documents = list[LabelledDocument]


class ReadPages(Protocol):
    """Reads labelled pages from files and folders, such as ``training.labelled.read_labelled``."""

    def __call__(
        self, paths: Iterable[Path], *, needs_labels: bool = True
    ) -> Iterator[LabelledDocument]:
        """Yield the pages of `paths`; without `needs_labels` also those of unlabelled files."""


@dataclass(frozen=True, slots=True)
class BuildSettings:
    """How much is taken.

    Attributes
    ----------
    seed
        Of the made pages and the excerpts.
    n_made
        Pages the grammar makes; none without lexicons.
    n_excerpts
        Short pages of a few lines of the others.
    more_for_spans
        Times as many are made besides; of them those with spans are kept apart, to teach spans.
    pages_per_site
        Of the two-class collections together.
    repeats_per_site
        Pages of a site on which a line of its frame is labelled; it is masked on the others.
    spam_per_source, clean_per_source, clean_per_language
        Pages, so that no law, chat log or blog stands for all text.
    spam_lines_per_source
        Single lines.
    """

    seed: int = 0
    n_made: int = 12_000
    n_excerpts: int = 10_000
    more_for_spans: int = 4
    pages_per_site: int = 80
    repeats_per_site: int = 40
    spam_per_source: int = 120
    clean_per_source: int = 60
    clean_per_language: int = 150
    spam_lines_per_source: int = 2500


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a corpus is built from.

    Attributes
    ----------
    corpora
        Folder laid out as `data/README.md` says; any part may be absent.
    read
        Reads labelled pages.
    standoff
        File of stand-off labels, None for none.
    lexicons
        Folder of lexicons, None for none and no made pages.
    """

    corpora: Path
    read: ReadPages
    standoff: Path | None = None
    lexicons: Path | None = None


@dataclass(frozen=True, slots=True)
class TrainingCorpus:
    """Pages to train on, further ones that teach spans alone, and what the manifest says."""

    documents: tuple[LabelledDocument, ...]
    spanned: tuple[LabelledDocument, ...]
    manifest: Mapping[str, Any]


def build_corpus(
    inputs: Inputs,
    settings: BuildSettings | None = None,
    *,
    on_progress: Progress = lambda _stage, _done: None,
) -> TrainingCorpus:
    """Return the training pages of a folder of corpora.

    Each source is named after its collection: ``pages/daniel``. Of ``benchmark/`` nothing is
    taken; it is read to leave out what stands in it.

    Raises
    ------
    InputError
        If there is nothing to build from, or a file is not as it should be.
    """
    return _Build(inputs, settings or BuildSettings(), on_progress).run()


@dataclass(slots=True)
class _Build:
    inputs: Inputs
    settings: BuildSettings
    on_progress: Progress
    layout: Layout = field(init=False)
    closed: Sketches = field(init=False)
    closed_lines: NDArray[np.uint64] = field(init=False)
    digests: dict[str, str] = field(default_factory=dict)
    dropped: dict[str, Counter[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.layout = Layout(self.inputs.corpora)
        self.layout.check()

    def run(self) -> TrainingCorpus:
        self.on_progress("reading the benchmark", 0.0)
        # What may not be trained on: its pages, and its lines by sorted hashes.
        benchmark = self._read(parts.BENCHMARK, "benchmark")
        self.closed = sketch(benchmark)
        lines = line_hashes([line for page in benchmark for line in page.lines])
        self.closed_lines = np.unique(lines)
        self.on_progress("reading pages", 0.1)
        gold = self._without_copies(self._gold(), may_repeat=True)
        pages = self._pages(gold)
        self.on_progress("reading spam and clean text", 0.4)
        spam = self._spam(gold)
        clean = self._clean()
        families = template_families(
            [item.group for item in (*gold, *spam)], sketch([*gold, *spam])
        )
        self.on_progress("making pages", 0.6)
        made, spanned, made_families = self._made([*pages, *clean])
        short = excerpts(
            [*pages, *gold, *spam, *clean, *made],
            n_excerpts=self.settings.n_excerpts,
            seed=self.settings.seed,
            interface=self._interface(),
        )
        self.on_progress("reading single lines", 0.9)
        documents = [
            replace(item, group=families.get(item.group, item.group))
            for item in (*pages, *gold, *spam, *clean, *made, *short, *self._spam_lines())
        ]
        self.on_progress("done", 1.0)
        manifest = {
            "format_version": FORMAT_VERSION,
            "settings": asdict(self.settings),
            "inputs": dict(sorted(self.digests.items())),
            "total": counts(documents),
            "spanned": counts(spanned),
            "sources": counts_by_source(documents, self.dropped),
            "template_families": dict(sorted(families.items())),
            "made_families": made_families,
        }
        return TrainingCorpus(tuple(documents), tuple(spanned), manifest)

    def _files(self, part: str) -> list[Path]:
        """Return the files of a part, their digests noted."""
        files = self.layout.files(part)
        self.digests |= {self.layout.name(path): file_digest(path) for path in files}
        return files

    def _read(self, part: str, collection: str) -> Documents:
        files = self._files(part)
        return [
            replace(item, source=f"{collection}/{item.source.removeprefix(f'{collection}/')}")
            for item in (self.inputs.read(files) if files else ())
        ]

    def _gold(self) -> Documents:
        gold = self._read(parts.GOLD, "gold")
        if self.inputs.standoff is None:
            return gold
        rows = read_standoff(self.inputs.standoff)
        self.digests["gold/labels.jsonl"] = file_digest(self.inputs.standoff)
        pages, absent = with_standoff_labels(
            rows, self._files, lambda path: self.inputs.read([path], needs_labels=False)
        )
        for row in absent:
            self._drop(f"gold/ours/{row.source}", "its page is not in the folder")
        own = [replace(page, source=f"gold/ours/{page.source}") for page in pages]
        return gold + self._unlike(own, gold, "labelled by hand in gold already")

    def _pages(self, gold: Documents) -> Documents:
        pages = self._unlike(self._read(parts.PAGES, "pages"), gold, "labelled by hand in gold")
        pages = self._without_copies(pages)
        pages = self._capped(pages, self.settings.pages_per_site, "site", lambda page: page.group)
        return without_repeated_frame(pages, most=self.settings.repeats_per_site)

    def _spam(self, gold: Documents) -> Documents:
        spam = self._unlike(self._read(parts.SPAM, "spam"), gold, "labelled by hand in gold")
        spam = self._without_copies(spam)
        most = self.settings.spam_per_source
        spam = self._capped(spam, most, "source", lambda page: page.source)
        return without_repeated_frame(spam, most=self.settings.repeats_per_site)

    def _clean(self) -> Documents:
        clean = self._without_copies(self._read(parts.CLEAN, "clean"))
        # The same text in many languages stays in one fold.
        clean = [replace(item, group=item.source) for item in clean]
        most = self.settings.clean_per_source
        clean = self._capped(clean, most, "source", lambda page: page.source)
        most = self.settings.clean_per_language
        return self._capped(clean, most, "language", lambda page: page.language)

    def _made(self, hosts: Documents) -> tuple[Documents, Documents, dict[str, int]]:
        folder, n_made = self.inputs.lexicons, self.settings.n_made
        if folder is None or not n_made:
            return [], [], {}
        lexicons = read_lexicons(folder)
        self.digests |= {
            f"lexicons/{path.name}": file_digest(path) for path in sorted(folder.glob("*.toml"))
        }
        pages = made_pages(
            hosts,
            self._headlines(),
            lexicons,
            n_pages=n_made * (1 + self.settings.more_for_spans),
            seed=self.settings.seed,
            interface=self._interface(),
        )
        # Its article must stay in the fold of the page it came from.
        made = [
            replace(
                page.document,
                source=f"made/{page.document.group}",
                group=page.host_group or page.document.group,
                spans=page.spans,
            )
            for page in pages
        ]
        families = Counter(name for page in pages[:n_made] for name in page.families)
        spanned = [page for page in made[n_made:] if page.spans]
        return made[:n_made], spanned, dict(sorted(families.items()))

    def _interface(self) -> dict[str, list[str]]:
        return texts_by_language(self._files(parts.INTERFACE))

    def _headlines(self) -> dict[str, list[str]]:
        files = self._files(parts.HEADLINES)
        headlines = texts_by_language(files, fewest_bytes=_SHORTEST_HEADLINE_BYTES)
        for language, texts in headlines.items():
            is_closed = are_among(line_hashes(texts), self.closed_lines).tolist()
            self._drop("headlines", "a line of the benchmark", sum(is_closed))
            pairs = zip(texts, is_closed, strict=True)
            headlines[language] = [text for text, closed in pairs if not closed]
        return headlines

    def _spam_lines(self) -> Documents:
        lines = spam_lines(self._files(parts.SPAM_LINES))
        _, first = np.unique(line_hashes([item.lines[0] for item in lines]), return_index=True)
        is_first = np.zeros(len(lines), dtype=np.bool_)
        is_first[first] = True
        lines = self._kept(lines, is_first.tolist(), "the same line again")
        most = self.settings.spam_lines_per_source
        return self._capped(lines, most, "source", lambda page: page.source)

    def _without_copies(self, documents: Documents, *, may_repeat: bool = False) -> Documents:
        sketches = sketch(documents)
        is_open = ~copies(sketches, self.closed)
        is_new = np.ones_like(is_open) if may_repeat else ~later_copies(sketches)
        reason = "duplicate or near-duplicate of a benchmark page"
        documents = self._kept(documents, is_open.tolist(), reason)
        return self._kept(documents, is_new[is_open].tolist(), "the page again, or nearly")

    def _unlike(self, documents: Documents, gold: Documents, reason: str) -> Documents:
        known = {item.text for item in gold}
        return self._kept(documents, [item.text not in known for item in documents], reason)

    def _capped(
        self, documents: Documents, most: int, what: str, of: Callable[[LabelledDocument], str]
    ) -> Documents:
        is_within = within_cap(documents, most=most, of=of)
        return self._kept(documents, is_within, f"over {most} of one {what}")

    def _kept(self, documents: Documents, is_kept: Sequence[bool], reason: str) -> Documents:
        for item, kept in zip(documents, is_kept, strict=True):
            if not kept:
                self._drop(item.source, reason)
        return [item for item, kept in zip(documents, is_kept, strict=True) if kept]

    def _drop(self, source: str, reason: str, number: int = 1) -> None:
        if number:
            self.dropped.setdefault(source, Counter())[reason] += number
