"""The shipped model on the benchmark sets, beside rules and other tools (``make benchmark``).

Nothing is ever trained, tuned or chosen on these pages. Keeping content at a probability of 0.5:
precision, recall, F1 and average precision, by lines and by characters, per language, with
intervals by site. Prints a table, writes ``results/accuracy.json`` and ``docs/benchmark.md``,
exits with 1 if a target is missed.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from accuracy_page import benchmark_page, keep_markdown
from environment import RESULTS, ROOT, corpora, versions, write_result, write_text
from line_baselines import ContentProbability, fasttext_baseline, ngram_baseline
from line_rules import keeps_by_c4, keeps_by_length
from numpy.typing import NDArray

from classifier.datamodels import LabelledDocument, OperatingPoint
from classifier.labels import CONTENT_INDEX, LABELS, Label
from classifier.model.line_classifier import LineClassifier
from classifier.training.evaluate import Evaluation, evaluate, keep_metrics
from classifier.training.labelled import read_labelled
from classifier.training.metrics import macro_f1
from classifier.training.scored_lines import ScoredLines

MODEL, LENGTH, C4 = "linespam", "length (80, CJK 30)", "C4 line rules"
RULES: dict[str, Callable[[str], bool]] = {LENGTH: keeps_by_length, C4: keeps_by_c4}

TARGETS = {"scrapinghub": 0.82, "cleaneval_en": 0.80, "turku_dev": 0.73, "dragnet2012": 0.72}
"""Line F1 of keeping content that the shipped model has to reach."""

UNKNOWN_SITES = frozenset({"turku_dev"})
"""Sets whose ids begin with the language, not with a site: every page is a group of its own."""

GOLD_PREFIX = "gold/"
MAX_CONTENT_LOSS = 0.01

Pages = Sequence[LabelledDocument]
Method = Callable[[Pages], list[NDArray[np.float32]]]
Figures = dict[str, Any]


def main() -> int:
    """Measure every set, show it, write it down."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--model", type=Path, help="model folder; the shipped model if not given")
    parser.add_argument(
        "--baselines",
        nargs="+",
        type=Path,
        metavar="PAGES",
        help="also train fastText and n-gram logistic regression on these labelled pages (slow)",
    )
    parser.add_argument("--output", type=Path, default=RESULTS / "accuracy.json")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "benchmark.md")
    options = parser.parse_args()
    model = LineClassifier.load(options.model)
    folder = corpora() / "benchmark"
    sets = {
        path.name.removesuffix(".jsonl.gz"): _read(path)
        for path in sorted(folder.glob("*.jsonl.gz"))
    }
    methods: dict[str, Method] = {MODEL: _by_model(model)}
    methods |= {name: _by_rule(keeps) for name, keeps in RULES.items()}
    methods |= _baselines(options.baselines or [], sets)
    measured = {name: measure(name, sets[name], methods, model) for name in _in_order(sets)}
    html_tools = json.loads((folder / "html_tools.json").read_text(encoding="utf-8"))
    result: Figures = {
        "command": "make benchmark",
        "versions": versions(["numpy", "scikit-learn", "fasttext-wheel"]),
        "model": _facts(model),
        "sets": measured,
        "html_tools": html_tools,
        "gold": gold_figures(model.folder_),
    }
    print(keep_markdown(result))
    write_result(options.output, result)
    write_text(options.page, benchmark_page(result))
    return 1 if any(found.get("met") is False for found in measured.values()) else 0


def _read(path: Path) -> list[LabelledDocument]:
    documents = list(read_labelled([path]))
    if path.name.removesuffix(".jsonl.gz") in UNKNOWN_SITES:
        return [replace(document, group=document.id) for document in documents]
    return documents


def _in_order(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: (*[name != known for known in TARGETS], name))


def _by_model(model: LineClassifier) -> Method:
    return lambda pages: [
        page.probabilities for page in model.classify_many(item.text for item in pages)
    ]


def _by_rule(keeps: Callable[[str], bool]) -> Method:
    def probability(lines: Sequence[str]) -> NDArray[np.float32]:
        return np.fromiter(map(keeps, lines), np.float32, len(lines))

    return _by_line(probability)


def _by_line(probability: ContentProbability) -> Method:
    """Return a method for what only tells content from the rest, line by line."""

    def judge(pages: Pages) -> list[NDArray[np.float32]]:
        content = probability([line for page in pages for line in page.lines])
        rows = np.zeros((len(content), len(LABELS)), dtype=np.float32)
        rows[:, CONTENT_INDEX] = content
        rows[:, LABELS.index(Label.BOILERPLATE)] = 1 - content
        return np.split(rows, np.cumsum([len(page.lines) for page in pages])[:-1])

    return judge


def _baselines(paths: Sequence[Path], sets: dict[str, list[LabelledDocument]]) -> dict[str, Method]:
    """Train the line baselines on `paths`, without the sites that are measured on."""
    if not paths:
        return {}
    measured = {page.group for pages in sets.values() for page in pages}
    pages = [page for page in read_labelled(paths) if page.group not in measured]
    print(f"training the baselines on {len(pages):,} pages", file=sys.stderr)
    return {
        "fastText": _by_line(fasttext_baseline(pages)),
        "character n-grams": _by_line(ngram_baseline(pages)),
    }


def measure(
    name: str, pages: list[LabelledDocument], methods: dict[str, Method], model: LineClassifier
) -> Figures:
    """Return what every method is worth on one set."""
    print(f"{name}: {len(pages):,} pages", file=sys.stderr)
    found: Figures = {"methods": {}}
    for method, judge in methods.items():
        probabilities = judge(pages)
        evaluation = evaluate(pages, probabilities)
        found["methods"][method] = _keep_figures(evaluation, is_rule=method in RULES)
        if method == MODEL:
            found |= _size(evaluation)
            found |= _verdict(name, evaluation.keep.lines.f1)
            found["by_language"] = _by_language(evaluation)
            point = model.operating_point(MAX_CONTENT_LOSS)
            found["at_content_loss"] = _at_point(pages, probabilities, point)
    return found


def _keep_figures(evaluation: Evaluation, *, is_rule: bool) -> Figures:
    report = evaluation.to_dict()
    keep: Any = report["keep"]
    spread: Any = report["intervals"]
    return {
        unit: {
            **{key: keep[unit][key] for key in ("precision", "recall", "f1")},
            "f1_interval": [spread[f"keep_f1_{unit}"][end] for end in ("low", "high")],
            # A rule knows no more and less likely: there is nothing to rank.
            "average_precision": None if is_rule else keep[f"{unit}_average_precision"],
        }
        for unit in ("lines", "chars")
    }


def _size(evaluation: Evaluation) -> Figures:
    return {
        "pages": evaluation.n_documents,
        "groups": evaluation.n_groups,
        "lines": evaluation.n_lines,
        "content_lines": evaluation.keep.lines.support,
    }


def _verdict(name: str, f1: float) -> Figures:
    if name not in TARGETS:
        return {}
    return {"target": TARGETS[name], "met": bool(f1 >= TARGETS[name])}


def _by_language(evaluation: Evaluation) -> Figures:
    return {
        language: {
            "pages": part.n_documents,
            "lines": part.n_lines,
            "f1_lines": _decimals(part.keep.lines.f1),
            "f1_chars": _decimals(part.keep.chars.f1),
            "average_precision": _decimals(part.keep.lines_average_precision),
        }
        for language, part in evaluation.by_language.items()
    }


def _at_point(
    pages: Pages, probabilities: Sequence[NDArray[np.float32]], point: OperatingPoint
) -> Figures:
    """Return what is lost and removed where a small content loss was asked for."""
    lines = ScoredLines.of(pages, probabilities, point=point)
    keep = keep_metrics(lines)
    dropped = lines.given[~lines.is_content] != CONTENT_INDEX
    return {
        "asked": MAX_CONTENT_LOSS,
        "content_threshold": _decimals(point.content_threshold),
        "content_chars_lost": _decimals(1 - keep.chars.recall),
        "content_lines_lost": _decimals(1 - keep.lines.recall),
        "other_lines_removed": _decimals(float(dropped.mean()) if len(dropped) else float("nan")),
    }


def _decimals(value: float) -> float | None:
    return round(value, 4) if np.isfinite(value) else None


def _facts(model: LineClassifier) -> Figures:
    manifest = model.manifest_
    return {key: manifest[key] for key in ("name", "files", "training") if key in manifest}


def gold_figures(folder: Path | None) -> Figures | None:
    """Return the four-label figures of the gold pages from a model's out-of-fold report."""
    path = folder / "report.json" if folder else None
    if path is None or not path.is_file():
        return None
    sources = json.loads(path.read_text(encoding="utf-8")).get("by_source", {})
    parts = [part for name, part in sources.items() if name.startswith(GOLD_PREFIX)]
    if not parts:
        return None
    confusions = np.array([part["labels"]["confusion"] for part in parts], dtype=np.float64)
    confusion: NDArray[np.float64] = confusions.sum(axis=0)
    found, true = confusion.sum(axis=0), confusion.sum(axis=1)
    hits = np.diagonal(confusion)
    return {
        "pages": sum(part["n_documents"] for part in parts),
        "lines": int(confusion.sum()),
        "macro_f1": _decimals(float(macro_f1(confusion))),
        "by_label": {
            str(label): {
                "f1": _decimals(float(2 * hits[index] / max(found[index] + true[index], 1))),
                "lines": int(true[index]),
            }
            for index, label in enumerate(LABELS)
        },
    }


if __name__ == "__main__":
    sys.exit(main())
