"""How well spam inside lines is found: on made pages by language and family, and on real content.

Made pages are of the grammar's held-out forms, families, niches and languages, on hosts and with
headlines that stand in no training page (`training_pages`); content is that of hand-labelled pages
and of the hard negatives. Three measurements of made pages: as users get them, with every keyword
replaced by made-up words, and of the tagger alone, shown all lines that are content but for their
spans. Prints tables, writes ``results/spans.json``.
"""

import argparse
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from environment import RESULTS, ROOT, corpora, versions, write_result
from training_pages import known_lines, training_pages, unused_headlines, unused_hosts

from classifier.corpus.lexicons import read_lexicons
from classifier.corpus.synthesize import MadePage, made_pages
from classifier.datamodels import LabelledDocument, PagePredictions, cut
from classifier.features.featurizer import featurize
from classifier.model.line_classifier import LineClassifier
from classifier.model.line_spans import spans_by_line
from classifier.model.spans import SpanFinder
from classifier.model.tiles import one_thread
from classifier.text.batch import LineBatch
from classifier.training.labelled import read_labelled

N_PAGES, SEED = 2000, 29
_PAGES_AT_ONCE = 100
_SURE = 0.5

_WORD = re.compile(r"[^\W\d_]{3,}")

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
    parser.add_argument("--built", type=Path, default=ROOT / "build" / "corpus")
    parser.add_argument("--output", type=Path, default=RESULTS / "spans.json")
    options = parser.parse_args()
    model = LineClassifier.load(options.model)
    folder = corpora()
    training = training_pages(options.built)
    known = known_lines(training)
    lexicons = read_lexicons(ROOT / "data" / "lexicons")
    made = made_pages(
        unused_hosts(training, known),
        unused_headlines(known),
        lexicons,
        n_pages=options.pages,
        seed=SEED,
        held_out=True,
    )
    gold = list(read_labelled([folder / "gold" / "pages.jsonl.gz"]))
    hard = list(read_labelled([ROOT / "tests" / "cases" / "hard_negatives.jsonl"]))
    invented = [with_made_up_words(page, number) for number, page in enumerate(made)]
    result = {
        "command": "python tests/benchmarks/spans.py",
        "versions": versions(["numpy"]),
        "model": model.manifest_.get("name"),
        "made": measure(made, found_by(model, made), set(lexicons)),
        "made-up words": measure(invented, found_by(model, invented), set(lexicons))["all"],
        "tagger alone": measure(made, found_by_tagger(model, made), set(lexicons)),
        "content": measure_content(model, gold),
        "hard negatives": measure_content(model, hard),
        "cleaning_twice": measure_twice(model, made[:200]),
    }
    show(result)
    write_result(options.output, result)
    return 0


def found_by(model: LineClassifier, made: Sequence[MadePage]) -> list[Spans]:
    """Return the spans of each page as users get them."""
    return [_bounds(page) for page in model.classify_many(each.document.text for each in made)]


def found_by_tagger(model: LineClassifier, made: Sequence[MadePage]) -> list[Spans]:
    """Return the spans the tagger finds when shown all lines that are content but for spans."""
    weights = model.model_.spans
    assert weights is not None
    found: list[dict[int, list[tuple[int, int]]]] = []
    for at in range(0, len(made), _PAGES_AT_ONCE):
        pages = made[at : at + _PAGES_AT_ONCE]
        batch = LineBatch.from_texts([page.document.text for page in pages])
        features, finder = featurize(batch), SpanFinder(weights)
        shown = [
            first + line
            for page, first in zip(pages, batch.document_offsets.tolist(), strict=False)
            for line, code in enumerate(page.document.codes)
            if code == "c" or line in page.spans
        ]
        lines = np.intersect1d(np.array(shown, dtype=np.int64), features.visible)
        with one_thread():
            inputs = finder.inputs(features, batch.document_of_line, lines)
            parts = spans_by_line(finder.find(features, inputs))
        found += [{} for _ in pages]
        for line, spans in parts.items():
            page = int(np.searchsorted(batch.document_offsets, line, side="right")) - 1
            sure = [(span.start, span.end) for span in spans if span.confidence >= _SURE]
            found[at + page][line - int(batch.document_offsets[page])] = sure
    return list(found)


def measure(
    made: Sequence[MadePage], found: Sequence[Spans], languages: set[str]
) -> dict[str, Any]:
    """Return figures for all made pages, by language, and by family of pages that have it.

    Parameters
    ----------
    made, found
        Pages, and the spans found in each.
    languages
        Those that have a lexicon; pages of others are counted together too.
    """
    groups: dict[str, Callable[[MadePage], Iterable[str]]] = {
        "all": lambda _: ["all"],
        "lexicon": lambda page: [
            "with" if page.document.language in languages else "language without one"
        ],
        "language": lambda page: [page.document.language],
        "family": lambda page: set(page.families) if page.spans else (),
    }
    figures = {}
    for group, names_of in groups.items():
        tallies: dict[str, Tally] = defaultdict(Tally)
        for page, spans in zip(made, found, strict=True):
            for name in names_of(page):
                tallies[name].add(page.document.lines, page.spans, spans)
        figures[group] = {
            name: tally.figures() for name, tally in sorted(tallies.items()) if tally.spans
        }
    return figures


def with_made_up_words(page: MadePage, seed: int) -> MadePage:
    """Return the page with the words of its spans replaced, everywhere, by words that are none.

    A made-up word has the length, case and script of the word it stands for; words that the
    page's content has too, such as those of a copied title, stay.
    """
    rng = np.random.default_rng(seed)
    lines, codes = page.document.lines, page.document.codes
    inside = [
        line[start:end]
        for line, spans in ((lines[index], spans) for index, spans in page.spans.items())
        for start, end in spans
    ]
    outside = [line for line, code in zip(lines, codes, strict=True) if code == "c"]
    own = set(_WORD.findall(" ".join(outside)))
    words = sorted({word for text in inside for word in _WORD.findall(text)} - own)
    letters = sorted({letter for word in words for letter in word.lower()})
    made = {word: _made_up(word, letters, rng) for word in words}

    def replaced(text: str) -> str:
        return _WORD.sub(lambda match: made.get(match.group(), match.group()), text)

    document = replace(page.document, lines=tuple(map(replaced, lines)))
    return replace(page, document=document)


def _made_up(word: str, letters: Sequence[str], rng: np.random.Generator) -> str:
    """Return letters drawn among those that are of the same script as the word's."""
    drawn = []
    for letter in word:
        near = [other for other in letters if abs(ord(other) - ord(letter.lower()[0])) < 0x80]
        chosen = str(rng.choice(near)) if near else letter
        chosen = chosen.upper() if letter.isupper() else chosen
        drawn.append(chosen if len(chosen) == 1 else letter)
    return "".join(drawn)


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
    tables = {
        **result["made"],
        "made-up words": result["made-up words"],
        "tagger alone": result["tagger alone"]["all"],
        "tagger alone, language": result["tagger alone"]["language"],
    }
    for group, named in tables.items():
        print(f"\n{group:28}{'F1':>8}{'prec.':>8}{'recall':>8}{'exact':>8}{'spans':>8}")
        for name, row in named.items():
            cells = "".join(f"{row[key]:>8.3f}" for key in ("f1", "precision", "recall", "exact"))
            print(f"{name:28}{cells}{row['spans']:>8,}")
    for kind in ("content", "hard negatives"):
        part = result[kind]
        print(f"\ncut from {part['characters']:,} characters of {kind}: {part['share']:.4%}")
    twice = result["cleaning_twice"]
    print(f"{twice['with another span']} of {twice['pages']} cleaned pages had another span")


if __name__ == "__main__":
    sys.exit(main())
