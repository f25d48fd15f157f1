"""How much spam the shipped model still finds when the spam dodges filters.

Plain pages with marked keywords (``tests/cases/README.md``); every technique is applied to them by
this script, with a fixed seed, to the keywords alone. A spam line is found when its label is not
content. Each technique is compared with the plain form of the very lines it changed. Prints a
table, writes ``results/evasion.json`` and ``docs/evasion.md``, exits with 1 if a technique costs
more than allowed.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from cases import CASES, markdown_table, model_facts
from environment import RESULTS, ROOT, versions, write_result, write_text
from evasion_attacks import (
    CONTENT_CODE,
    SEED,
    Attack,
    all_attacks,
    marked_pages,
    plain_attack,
)
from numpy.typing import NDArray

from classifier.labels import CONTENT_INDEX
from classifier.model.line_classifier import LineClassifier

PAGES = CASES / "evasion.jsonl"

MAX_FALL = 0.05
"""How far below the plain form the recall under a technique may be."""

PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Outcome:
    """One spam line in disguise: whether it was found, and whether its plain form was."""

    language: str
    is_found: bool
    is_found_plain: bool


def main() -> int:
    """Measure every technique, show it, write it down."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--model", type=Path, help="model folder; the shipped model if not given")
    parser.add_argument("--output", type=Path, default=RESULTS / "evasion.json")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "evasion.md")
    options = parser.parse_args()
    model = LineClassifier.load(options.model)
    pages = marked_pages(PAGES)
    plain = [plain_attack(page) for page in pages]
    labels = _labels(model, plain)
    known = {page.id: index for page, index in zip(pages, labels, strict=True)}
    measured = {PLAIN: figures(plain, labels, known)}
    for name, attacks in all_attacks(pages).items():
        measured[name] = figures(attacks, _labels(model, attacks), known)
    result: dict[str, Any] = {
        "command": "python tests/benchmarks/evasion.py",
        "versions": versions(["numpy"]),
        "model": model_facts(model),
        "pages": len(pages),
        "languages": len({page.language for page in pages}),
        "seed": SEED,
        "max_fall": MAX_FALL,
        "techniques": measured,
    }
    write_result(options.output, result)
    write_text(options.page, evasion_page(result))
    print(table(measured))
    return 0 if all(found["fall"] <= MAX_FALL for found in measured.values()) else 1


def _labels(model: LineClassifier, attacks: Sequence[Attack]) -> list[NDArray[np.int8]]:
    texts = ("\n".join(attack.lines) for attack in attacks)
    return [page.label_index for page in model.classify_many(texts)]


def outcomes(attack: Attack, labels: NDArray[np.int8], plain: NDArray[np.int8]) -> list[Outcome]:
    """Return what became of each counted line, given the labels of both forms of the page."""
    return [
        Outcome(
            attack.page.language,
            is_found=bool(labels[line] != CONTENT_INDEX),
            is_found_plain=bool(plain[source] != CONTENT_INDEX),
        )
        for line, source in attack.origin.items()
    ]


def figures(
    attacks: Sequence[Attack],
    labels: Sequence[NDArray[np.int8]],
    plain: Mapping[str, NDArray[np.int8]],
) -> dict[str, Any]:
    """Return recall in disguise and plain, all in all and by language, and the content lost.

    Parameters
    ----------
    labels
        Label index of every line of every attack.
    plain
        The same of the plain pages, by their ids.
    """
    both = list(zip(attacks, labels, strict=True))
    found = [o for attack, index in both for o in outcomes(attack, index, plain[attack.page.id])]
    content = [
        index[line] == CONTENT_INDEX
        for attack, index in both
        for line, code in enumerate(attack.codes)
        if code == CONTENT_CODE
    ]
    return {
        "pages": len({attack.page.id for attack in attacks}),
        **recall(found),
        "content_lines_lost_share": round(1 - float(np.mean(content)), 4),
        "by_language": {
            language: recall([outcome for outcome in found if outcome.language == language])
            for language in sorted({outcome.language for outcome in found})
        },
    }


def recall(found: Sequence[Outcome]) -> dict[str, Any]:
    """Return the recall of spam lines in disguise, in their plain form, and how far it falls."""
    now = float(np.mean([outcome.is_found for outcome in found]))
    before = float(np.mean([outcome.is_found_plain for outcome in found]))
    return {
        "lines": len(found),
        "plain_recall": round(before, 4),
        "recall": round(now, 4),
        "fall": round(before - now, 4),
    }


def table(measured: Mapping[str, Mapping[str, Any]]) -> str:
    """Return every technique as a row of a Markdown table."""
    rows = [
        [
            name,
            str(found["pages"]),
            str(found["lines"]),
            f"{found['plain_recall']:.3f}",
            f"{found['recall']:.3f}",
            f"{found['fall']:+.3f}",
            f"{found['content_lines_lost_share']:.1%}",
        ]
        for name, found in measured.items()
    ]
    header = ["technique", "pages", "spam lines", "plain", "recall", "fall", "content lost"]
    return markdown_table(header, rows)


def evasion_page(result: Mapping[str, Any]) -> str:
    """Return what was measured as the page ``docs/evasion.md``."""
    measured = result["techniques"]
    missed = [name for name, found in measured.items() if found["fall"] > result["max_fall"]]
    verdict = (
        f"Missed by {len(missed)} of {len(measured) - 1} techniques: {', '.join(missed)}."
        if missed
        else "Every technique meets it."
    )
    return f"""# Spam that dodges filters

`{result["command"]}`: {result["pages"]} pages in {result["languages"]} languages, written for \
measuring ([tests/cases](../tests/cases/README.md)), nothing is trained on them. Each technique is \
applied to the keywords of the spam lines with a fixed seed; a line is found if its label is not \
content. `plain` is the recall on the plain form of the very lines that the technique changed, \
`fall` is `plain` less `recall`, `content lost` the share of lines of content that were taken for \
something else. Model `{result["model"]["name"]}`.

{table(measured)}

Goal: a fall of at most {result["max_fall"]}. {verdict}
"""


if __name__ == "__main__":
    sys.exit(main())
