"""The shipped model on pages it was not trained on, beside rules and other tools.

``make benchmark``. Nothing is ever trained, tuned or chosen on the sets of ``corpora/benchmark``:
keeping content at a probability of 0.5, by lines and by characters, per language, with intervals
by site, against what else sees only text. Then four labels on pages made of held-out spam, and
what is lost of pages that look odd. Prints tables, writes ``results/accuracy.json`` and
``docs/benchmark.md``, exits with 1 if a goal is missed.
"""

import argparse
import json
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import hard_negatives
from accuracy_goals import SET_TARGETS, goals
from accuracy_page import benchmark_page, goals_markdown, keep_markdown
from accuracy_report import report_figures, review_bands
from accuracy_sets import set_figures
from cases import read_cases
from content_methods import Method, by_line, by_model, by_page_rule, by_rule
from environment import RESULTS, ROOT, corpora, versions, write_result, write_text
from grammar_holdout import documents_of, held_out_pages, holdout_figures
from justext_rules import function_words, keep_pages
from line_baselines import drawn_lines, fasttext_baseline, ngram_baseline
from line_rules import keeps_by_c4, keeps_by_length
from training_pages import training_pages

from classifier.datamodels import LabelledDocument, OperatingPoint
from classifier.model.line_classifier import LineClassifier
from classifier.training.dataset import data_digest, document_weights
from classifier.training.labelled import read_labelled
from classifier.training.recipe import SETTINGS

MODEL = "linespam"
N_LINES, SEED = 300_000, 0

UNKNOWN_SITES = frozenset({"turku_dev"})
"""Sets whose ids begin with the language, not with a site: every page is a group of its own."""

LANGUAGES = RESULTS / "languages.json"

Figures = dict[str, Any]
Documents = list[LabelledDocument]


def main() -> int:
    """Measure every set, show it, write it down."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--model", type=Path, help="model folder; the shipped model if not given")
    parser.add_argument("--built", type=Path, default=ROOT / "build" / "corpus")
    parser.add_argument(
        "--lines", type=int, default=N_LINES, help="lines fastText and n-grams learn from"
    )
    parser.add_argument("--output", type=Path, default=RESULTS / "accuracy.json")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "benchmark.md")
    options = parser.parse_args()
    model = LineClassifier.load(options.model)
    result = measured(model, built=options.built, n_lines=options.lines)
    result["goals"] = goals(result)
    print(f"{keep_markdown(result)}\n\n{goals_markdown(result)}")
    write_result(options.output, result)
    write_text(options.page, benchmark_page(result))
    return 0 if all(goal["met"] is not False for goal in result["goals"]) else 1


def measured(model: LineClassifier, *, built: Path, n_lines: int) -> Figures:
    """Return all figures, without the goals."""
    _say("reading the training pages")
    training = training_pages(built)
    sets = benchmark_sets()
    languages = {page.language for pages in sets.values() for page in pages}
    methods = {MODEL: by_model(model), **text_only(training, languages, n_lines)}
    bands = review_bands(model.folder_)
    known_sites = {page.group for page in training}
    found = {}
    for name, pages in sets.items():
        _say(f"{name}: {len(pages):,} pages")
        found[name] = set_figures(name, pages, methods, model, known_sites, bands)
    folder = corpora() / "benchmark"
    _say("pages of held-out spam")
    made = held_out_pages(training)
    digest = model.manifest_.get("training", {}).get("data_digest")
    return {
        "command": "make benchmark",
        "versions": versions(["numpy", "scikit-learn", "fasttext-wheel"]),
        "model": _facts(model),
        "baselines": {"lines": n_lines, "same_data": digest == data_digest(training)},
        "sets": found,
        "html_tools": json.loads((folder / "html_tools.json").read_text(encoding="utf-8")),
        "held_out_spam": holdout_figures(made, methods[MODEL].judge(documents_of(made))),
        "hard_negatives": content_lost(methods),
        "languages": _read(LANGUAGES),
        **report_figures(model.folder_),
    }


def benchmark_sets() -> dict[str, Documents]:
    """Return the pages of every benchmark set, those with a target first."""
    sets = {}
    for path in (corpora() / "benchmark").glob("*.jsonl.gz"):
        name = path.name.removesuffix(".jsonl.gz")
        documents = list(read_labelled([path]))
        if name in UNKNOWN_SITES:
            documents = [replace(document, group=document.id) for document in documents]
        sets[name] = documents
    return {name: sets[name] for name in _in_order(sets)}


def _in_order(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: (*[name != known for known in SET_TARGETS], name))


def text_only(training: Documents, languages: set[str], n_lines: int) -> dict[str, Method]:
    """Return the methods that see what the model sees: lines of plain text.

    Lines of a collection are drawn as often as they count for the lexical head of the shipped
    model.
    """
    methods = {
        "length (80, CJK 30)": by_rule(keeps_by_length),
        "C4 line rules": by_rule(keeps_by_c4),
    }
    words = function_words(page for page in training if page.language in languages)
    methods["jusText on text"] = by_page_rule(lambda pages: keep_pages(pages, words))
    weights = document_weights(training, SETTINGS.lexical_weights)
    sample = drawn_lines(training, weights, n_lines=n_lines, seed=SEED)
    _say(f"training fastText on {len(sample.lines):,} lines")
    methods["fastText"] = by_line(fasttext_baseline(sample))
    _say("training logistic regression on character n-grams")
    methods["character n-grams"] = by_line(ngram_baseline(sample))
    return methods


def content_lost(methods: dict[str, Method]) -> Figures:
    """Return what every method loses of the hard negatives; of the model also by kind."""
    cases = read_cases(hard_negatives.PAGES)
    found: Figures = {"target": hard_negatives.MAX_LOST, "methods": {}}
    for name, method in methods.items():
        losses = [
            hard_negatives.page_loss(
                (document.language, record["kind"]),
                document.lines,
                document.codes,
                OperatingPoint().label_index(rows, ~rows.any(axis=1)),
            )
            for (document, record), rows in zip(
                cases, method.judge([document for document, _ in cases]), strict=True
            )
        ]
        found["methods"][name] = hard_negatives.sums(losses)
        if name == MODEL:
            found["by_language"] = hard_negatives.by(losses, lambda loss: loss.language)
            found["by_kind"] = hard_negatives.by(losses, lambda loss: loss.kind)
    return found


def _facts(model: LineClassifier) -> Figures:
    manifest = model.manifest_
    return {key: manifest[key] for key in ("name", "files", "training") if key in manifest}


def _read(path: Path) -> Figures | None:
    if not path.is_file():
        return None
    found: Figures = json.loads(path.read_text(encoding="utf-8"))
    return found


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
