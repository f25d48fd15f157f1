"""How well spam inside lines is found: on made pages by language and family, and on real content.

Made pages are of the grammar's held-out forms, families and niches, on hosts that trained nothing
there; content is that of hand-labelled pages. Prints tables, writes ``results/spans.json``.
"""

import argparse
import gzip
import json
import sys
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from environment import RESULTS, ROOT, corpora, versions, write_result

from classifier.corpus.lexicons import read_lexicons
from classifier.corpus.synthesize import MadePage, made_pages
from classifier.datamodels import LabelledDocument, PagePredictions, cut
from classifier.model.line_classifier import LineClassifier
from classifier.training.labelled import read_labelled

N_PAGES, SEED = 2000, 3
HOST_SHARE = 5
"""One of so many hosts, by a hash of its group, is left for measuring."""

_SEPARATORS = " \t|｜_-–—·•,，、:：;；.。"

Spans = Mapping[int, Sequence[tuple[int, int]]]


@dataclass
class Tally:
    """Characters and spans, right and wrong."""

    shared: int = 0
    found: int = 0
    gold: int = 0
    exact: int = 0
    spans: int = 0

    def add(self, lines: Sequence[str], gold: Spans, found: Spans) -> None:
        """Count one page."""
        for index in set(gold) | set(found):
            line = lines[index]
            one, other = (_visible(line, spans.get(index, ())) for spans in (gold, found))
            self.shared += len(one & other)
            self.gold += len(one)
            self.found += len(other)
            cores = [_core(line, *span) for span in found.get(index, ())]
            self.spans += len(gold.get(index, ()))
            self.exact += sum(_core(line, *span) in cores for span in gold.get(index, ()))

    def figures(self) -> dict[str, float]:
        """Return F1, precision and recall by characters, and the recall of exact spans."""
        return {
            "f1": _ratio(2 * self.shared, self.gold + self.found),
            "precision": _ratio(self.shared, self.found),
            "recall": _ratio(self.shared, self.gold),
            "exact": _ratio(self.exact, self.spans),
            "spans": self.spans,
        }


def main() -> int:
    """Measure, show, write down."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--model", type=Path, help="model folder; the shipped model if not given")
    parser.add_argument("--pages", type=int, default=N_PAGES, help="made pages")
    parser.add_argument("--output", type=Path, default=RESULTS / "spans.json")
    options = parser.parse_args()
    model = LineClassifier.load(options.model)
    folder = corpora()
    hosts = [
        host
        for host in read_labelled([folder / "clean" / "documents.jsonl.gz"])
        if zlib.crc32(host.group.encode()) % HOST_SHARE == 0
    ]
    lexicons = read_lexicons(ROOT / "data" / "lexicons")
    made = made_pages(
        hosts, headlines(folder), lexicons, n_pages=options.pages, seed=SEED, held_out=True
    )
    gold = list(read_labelled([folder / "gold" / "pages.jsonl.gz"]))
    result = {
        "command": "python tests/benchmarks/spans.py",
        "versions": versions(["numpy"]),
        "model": model.manifest_.get("name"),
        "made": measure_made(model, made),
        "content": measure_content(model, gold),
        "cleaning_twice": measure_twice(model, made[:200]),
    }
    show(result)
    write_result(options.output, result)
    return 0


def headlines(folder: Path) -> dict[str, list[str]]:
    """Return headlines by language."""
    by_language: dict[str, list[str]] = defaultdict(list)
    with gzip.open(folder / "clean" / "headlines.jsonl.gz", "rt", encoding="utf-8") as rows:
        for row in map(json.loads, rows):
            by_language[row["lang"]].append(row["t"])
    return by_language


def measure_made(model: LineClassifier, made: Sequence[MadePage]) -> dict[str, Any]:
    """Return figures for all made pages, by language, and by family of pages that have it."""
    tallies: dict[str, dict[str, Tally]] = {
        "all": defaultdict(Tally),
        "language": defaultdict(Tally),
        "family": defaultdict(Tally),
    }
    texts = [page.document.text for page in made]
    for page, predicted in zip(made, model.classify_many(texts), strict=True):
        families = page.families if page.spans else ()
        found = _bounds(predicted)
        lines = page.document.lines
        for group, names in (
            ("all", ["all"]),
            ("language", [page.document.language]),
            ("family", families),
        ):
            for name in set(names):
                tallies[group][name].add(lines, page.spans, found)
    return {
        group: {name: tally.figures() for name, tally in sorted(named.items()) if tally.spans}
        for group, named in tallies.items()
    }


def measure_content(
    model: LineClassifier, documents: Sequence[LabelledDocument]
) -> dict[str, float]:
    """Return the share of the characters of real content that spans cut."""
    counts: Counter[str] = Counter()
    pages = model.classify_many(document.text for document in documents)
    for document, page in zip(documents, pages, strict=True):
        for index, (line, code) in enumerate(zip(document.lines, document.codes, strict=True)):
            if code == "c":
                counts["characters"] += len(line)
                counts["cut"] += len(line) - len(cut(line, page.spans.get(index, ())))
    return {**counts, "share": _ratio(counts["cut"], counts["characters"], digits=6)}


def measure_twice(model: LineClassifier, made: Sequence[MadePage]) -> dict[str, int]:
    """Return on how many pages cleaning the cleaned page finds another span."""
    once = [page.clean() for page in model.classify_many(page.document.text for page in made)]
    again = list(model.classify_many(once))
    return {"pages": len(made), "with another span": sum(bool(page.spans) for page in again)}


def _bounds(page: PagePredictions) -> dict[int, list[tuple[int, int]]]:
    return {
        index: [(span.start, span.end) for span in spans] for index, spans in page.spans.items()
    }


def _visible(line: str, spans: Iterable[tuple[int, int]]) -> set[int]:
    return {at for start, end in spans for at in range(start, end) if not line[at].isspace()}


def _core(line: str, start: int, end: int) -> tuple[int, int]:
    """Return a span without separators and white space at its ends."""
    while start < end and line[start] in _SEPARATORS:
        start += 1
    while start < end and line[end - 1] in _SEPARATORS:
        end -= 1
    return start, end


def _ratio(part: float, whole: float, digits: int = 4) -> float:
    return round(part / whole, digits) if whole else 0.0


def show(result: Mapping[str, Any]) -> None:
    """Print what was found."""
    for group, named in result["made"].items():
        print(f"\n{group:28}{'F1':>8}{'prec.':>8}{'recall':>8}{'exact':>8}{'spans':>8}")
        for name, row in named.items():
            cells = "".join(f"{row[key]:>8.3f}" for key in ("f1", "precision", "recall", "exact"))
            print(f"{name:28}{cells}{row['spans']:>8,}")
    content, twice = result["content"], result["cleaning_twice"]
    print(f"\ncut from {content['characters']:,} characters of content: {content['share']:.4%}")
    print(f"{twice['with another span']} of {twice['pages']} cleaned pages had another span")


if __name__ == "__main__":
    sys.exit(main())
