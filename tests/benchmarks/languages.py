"""How much is lost in languages without a labelled page in training (``make languages``).

The recipe of the shipped model, shorter, is trained three times on the same pages: in folds by
site; in folds that take all labelled pages of several languages, one or more a script, out at once
and leave clean text, which is there in far more languages, and the pages made of it; and in folds
that take these out as well. Compared is keeping content on the collected and hand-labelled pages of
these languages, out of fold. Writes ``results/languages.json``, exits with 1 if a script loses more
than asked without its labelled pages.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from accuracy_goals import LANGUAGE_LOSS
from environment import RESULTS, ROOT, machine, versions, write_result
from training_pages import training_pages

from classifier.datamodels import LabelledDocument
from classifier.training.dataset import data_digest
from classifier.training.evaluate import evaluate
from classifier.training.fit import TrainingResult, TrainingSettings, fit_line_classifier
from classifier.training.recipe import SETTINGS
from classifier.training.splits import hold_out
from classifier.training.tables import number, table

N_FOLDS, N_PASSES, SHARE = 3, 8, 0.35
CLEAN = "clean"

FEWEST_LINES = 1000
"""Scripts with fewer labelled lines are shown and do not count for the goal."""

TURNS: tuple[Mapping[str, frozenset[str]], ...] = (
    {
        "Chinese": frozenset({"zh"}),
        "Japanese": frozenset({"ja"}),
        "Thai": frozenset({"th"}),
        "Latin: Polish": frozenset({"pl"}),
    },
    {
        "Greek": frozenset({"el"}),
        "Cyrillic": frozenset({"ru", "uk", "bg", "be", "sr", "mk", "tg", "tat", "kk", "mn"}),
        "Arabic script": frozenset({"ar", "arz", "fa", "ur", "ps"}),
        "Hebrew": frozenset({"he", "yi"}),
        "Korean": frozenset({"ko"}),
        "Indic": frozenset({"hi", "mr", "ne", "bn", "ta", "te", "or"}),
    },
)
"""What is left out together: scripts in one turn do not help one another, nor do zh and ja."""

Figures = dict[str, Any]
Documents = Sequence[LabelledDocument]


def main() -> int:
    """Train with and without, compare, write down."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--built", type=Path, default=ROOT / "build" / "corpus")
    parser.add_argument("--passes", type=int, default=N_PASSES)
    parser.add_argument("--share", type=float, default=SHARE, help="of sites of other languages")
    parser.add_argument("--output", type=Path, default=RESULTS / "languages.json")
    options = parser.parse_args()
    documents = chosen_pages(training_pages(options.built), share=options.share)
    settings = replace(SETTINGS, n_folds=N_FOLDS, n_passes=options.passes)
    trained = {
        "with": _trained(documents, settings, "with"),
        "without": _trained(left_out(documents), settings, "without"),
        "unseen": _trained(left_out(documents, clean_too=True), settings, "unseen"),
    }
    scripts = compared(trained)
    losses = [part["loss"] for part in scripts.values() if part["lines"] >= FEWEST_LINES]
    result: Figures = {
        "command": "make languages",
        "versions": versions(["numpy", "scikit-learn"]),
        "machine": machine(),
        "settings": {
            "folds": N_FOLDS,
            "passes": options.passes,
            "share": options.share,
            "seed": SETTINGS.seed,
            "fewest_lines": FEWEST_LINES,
            "pages": len(documents),
            "data_digest": data_digest(documents),
        },
        "scripts": scripts,
        "target": LANGUAGE_LOSS,
        "largest_loss": max(losses, default=None),
    }
    write_result(options.output, result)
    print(markdown(result))
    return 0 if losses and max(losses) <= LANGUAGE_LOSS else 1


def script_of_language(language: str) -> tuple[int, str] | None:
    """Return in which turn, and with which script, a language is left out; None if it never is.

    Examples
    --------
    >>> script_of_language("zh-TW"), script_of_language("en")
    ((0, 'Chinese'), None)
    """
    code = language.partition("-")[0]
    for turn, scripts in enumerate(TURNS):
        for title, codes in scripts.items():
            if code in codes:
                return turn, title
    return None


def chosen_pages(documents: Documents, *, share: float) -> list[LabelledDocument]:
    """Return the pages of the languages left out, and a share of the sites of the others."""
    if share >= 1:
        return list(documents)
    is_chosen = hold_out([item.group or item.id for item in documents], share, SETTINGS.seed)
    return [
        item
        for item, chosen in zip(documents, is_chosen.tolist(), strict=True)
        if chosen or script_of_language(item.language)
    ]


def left_out(documents: Documents, *, clean_too: bool = False) -> list[LabelledDocument]:
    """Return the pages grouped so that no fold parts the labelled pages of one turn's languages.

    Pages made of labelled ones are left out with them. Clean text and the pages made of it keep
    their groups unless `clean_too`.
    """
    grouped = []
    for item in documents:
        is_left = clean_too or CLEAN not in (item.collection, host_collection(item))
        found = script_of_language(item.language) if is_left else None
        grouped.append(replace(item, group=f"languages left out, {found[0]}") if found else item)
    return grouped


def host_collection(document: LabelledDocument) -> str:
    """Return the collection of the page a made page or an excerpt was made of; else empty.

    Examples
    --------
    >>> host_collection(LabelledDocument("grammar/3/clean/poems/17", (), "", source="made/grammar"))
    'clean'
    >>> host_collection(LabelledDocument("7#excerpt 3", (), "", source="excerpts/pages/daniel"))
    'pages'
    """
    hosts = document.source.split("/")[:-1]
    if hosts[:1] == ["excerpts"] and hosts[1] != "made":
        return hosts[1]
    if "made" not in hosts[:2]:
        return ""
    return document.id.removeprefix("grammar/").split("/")[1]


def _trained(documents: Documents, settings: TrainingSettings, what: str) -> TrainingResult:
    def say(stage: str, done: float) -> None:
        print(f"{what}: {done:4.0%} {stage}", file=sys.stderr, flush=True)

    return fit_line_classifier(documents, settings=settings, on_progress=say)


def compared(trained: Mapping[str, TrainingResult]) -> Figures:
    """Return by script the F1 by lines of keeping content, by what was trained on."""
    pages = trained["with"].documents
    judged = _judged(pages)
    found = {}
    for title in [title for scripts in TURNS for title in scripts]:
        rows = judged.get(title, [])
        if not rows:
            continue
        figures: Figures = {}
        documents = [pages[row] for row in rows]
        for arm, result in trained.items():
            evaluation = evaluate(documents, [result.out_of_fold[row] for row in rows])
            spread = evaluation.intervals["keep_f1_lines"]
            figures["lines"] = evaluation.n_lines
            figures[f"f1_{arm}"] = _decimals(evaluation.keep.lines.f1)
            figures[f"f1_{arm}_interval"] = [_decimals(spread.low), _decimals(spread.high)]
            figures[f"f1_chars_{arm}"] = _decimals(evaluation.keep.chars.f1)
        found[title] = {
            "languages": ", ".join(sorted({document.language for document in documents})),
            "pages": len(rows),
            **figures,
            "loss": _decimals((figures["f1_with"] or 0.0) - (figures["f1_without"] or 0.0)),
        }
    return found


def _judged(documents: Documents) -> dict[str, list[int]]:
    """Return by script the pages to measure on: not made, clean or silver ones."""
    rows: dict[str, list[int]] = {}
    for index, item in enumerate(documents):
        found = script_of_language(item.language)
        if found and item.collection not in SETTINGS.unjudged and "c" in item.codes:
            rows.setdefault(found[1], []).append(index)
    return rows


def markdown(result: Figures) -> str:
    """Return what was compared as a table."""
    keys = ("pages", "lines", "f1_with", "f1_without", "loss", "f1_unseen")
    rows = [
        [title, part["languages"], *(number(part[key]) for key in keys)]
        for title, part in result["scripts"].items()
    ]
    header = ["left out", "languages", "pages", "lines", "F1 with", "F1 without", "loss"]
    return table([*header, "F1 without clean text"], rows)


def _decimals(value: float) -> float | None:
    return round(value, 4) if np.isfinite(value) else None


if __name__ == "__main__":
    sys.exit(main())
