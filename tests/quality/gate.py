"""The quality gate: the shipped model on a small committed set, against floors that only rise.

``python tests/quality/gate.py`` prints every figure beside its floor and exits with 1 if one is
below. ``--update`` raises floors to what was measured and pins the pages; it lowers one only with
``--allow-lower "reason"``, and the reason is kept. Every figure is a share where more is better.
"""

import argparse
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.datamodels import LabelledDocument
from classifier.errors import ClassifierError, ModelError
from classifier.labels import LABELS, Label
from classifier.model.line_classifier import LineClassifier
from classifier.model.resources import shipped_model
from classifier.training.evaluate import evaluate
from classifier.training.labelled import read_labelled

PAGES = Path(__file__).resolve().with_name("pages.jsonl")
FLOORS = Path(__file__).resolve().with_name("floors.json")

NOISE = 0.02
"""How far below its floor a figure may be.

Figures are the same on one machine, but another processor sums in another order, and a line at the
threshold may fall to the other side. In the smallest language family, 32 content lines, one line
moves F1 by 0.015; two lines already show.
"""

NEGATIVE_PREFIX = "keep-"
"""Ids of pages that look odd and are all worth keeping: poems, code, tables, news of gambling."""

SHORT_PREFIX = "short-"
"""Ids of pages of a few lines, a sentence or two between a menu and a footer: figures of their own.
"""

FAMILIES: Mapping[str, tuple[str, ...]] = {
    "Germanic": ("en", "de", "nl", "sv"),
    "Romance": ("es", "pt", "fr", "it", "ro"),
    "Slavic": ("ru", "pl", "uk", "cs"),
    "East Asia": ("zh", "ja", "ko"),
    "South-East Asia": ("th", "vi", "id"),
    "right to left": ("ar", "he", "fa"),
    "others": ("el", "tr", "hi", "sw", "fi", "hu"),
}

SINGLE_PREFIX = "single-"
"""Ids of pages of one line, half of them spam and half of them good: figures of their own, too."""

Figures = dict[str, float]


@dataclass(frozen=True, slots=True)
class Floors:
    """What was reached once.

    Attributes
    ----------
    sha256
        Digest of the pages the floors were measured on.
    counts
        Pages, lines and lines of each label: a shrunken set is seen in review.
    floors
        Figure by name.
    lowered
        Every floor that was ever lowered: its name, from and to what, and why.
    """

    sha256: str
    counts: Mapping[str, int]
    floors: Figures
    lowered: tuple[Mapping[str, Any], ...] = ()

    @classmethod
    def read(cls, path: Path) -> "Floors":
        """Return the floors in a file."""
        record = json.loads(path.read_text(encoding="utf-8"))
        return cls(**record | {"lowered": tuple(record["lowered"])})

    def write(self, path: Path) -> None:
        """Write the floors to a file, all or nothing."""
        record = {
            "sha256": self.sha256,
            "counts": self.counts,
            "floors": self.floors,
            "lowered": self.lowered,
        }
        waiting = path.with_name(f"{path.name}.new")
        waiting.write_text(
            json.dumps(record, ensure_ascii=False, indent=1, allow_nan=False) + "\n",
            encoding="utf-8",
        )
        waiting.replace(path)


def main(words: Sequence[str] | None = None) -> int:
    """Measure, compare or update, and return the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--model", type=Path, help="model folder; the shipped model if not given")
    parser.add_argument("--update", action="store_true", help="raise floors, pin the pages")
    parser.add_argument("--allow-lower", metavar="REASON", default="", help="lower floors as well")
    options = parser.parse_args(words)
    if options.allow_lower and not options.update:
        parser.error("--allow-lower goes with --update")
    try:
        folder = options.model or shipped_model()
    except ModelError as error:
        _say(f"quality gate not run: {error}")
        return 0
    try:
        model, pages = LineClassifier.load(folder), list(read_labelled([PAGES]))
    except ClassifierError as error:
        _say(f"quality gate failed: {error}")
        return 1
    probabilities = [page.probabilities for page in model.classify_many(p.text for p in pages)]
    return decide(measure(pages, probabilities), pages, options.update, options.allow_lower)


def decide(
    figures: Figures, pages: Sequence[LabelledDocument], is_update: bool, reason: str
) -> int:
    """Show the figures beside their floors; return the exit code, having updated if told to."""
    floors = Floors.read(FLOORS)
    digest = hashlib.sha256(PAGES.read_bytes()).hexdigest()
    if is_update:
        wanted = replace(floors, sha256=digest, counts=count(pages))
        new, refused = update(wanted, figures, reason)
        _say(comparison(figures, new.floors))
        if refused:
            _say(f'{refused}\nnothing was written; say why with --allow-lower "reason"')
            return 1
        new.write(FLOORS)
        _say(f"{FLOORS.name} is up to date")
        return 0
    faults = compare(figures, floors.floors)
    if digest != floors.sha256:
        faults.append(
            f"{PAGES.name} is not the file the floors were measured on; if it was changed on "
            "purpose, run gate.py --update"
        )
    _say(comparison(figures, floors.floors))
    _say("\n".join(faults) if faults else "quality gate passed")
    return 1 if faults else 0


def measure(
    pages: Sequence[LabelledDocument], probabilities: Sequence[NDArray[np.float32]]
) -> Figures:
    """Return every figure of the gate, each a share where more is better."""
    parts = {"short pages": SHORT_PREFIX, "single lines": SINGLE_PREFIX}
    apart = {
        name: [index for index, page in enumerate(pages) if page.id.startswith(prefix)]
        for name, prefix in parts.items()
    }
    rates = {name: _part(pages, probabilities, part).lines for name, part in apart.items()}
    usual = sorted(set(range(len(pages))).difference(*apart.values()))
    pages, probabilities = [pages[at] for at in usual], [probabilities[at] for at in usual]
    everything = evaluate(pages, probabilities, n_draws=1)
    figures = {
        "content F1, lines": everything.keep.lines.f1,
        "content characters kept": everything.keep.chars.recall,
        "macro F1, four labels": everything.labels.macro_f1,
    }
    by_label = everything.labels.by_label
    # content is the first figure already: every line here has one of the four labels
    figures |= {f"F1 {name}": by_label[name].f1 for name in LABELS if name is not Label.CONTENT}
    for family, languages in FAMILIES.items():
        chosen = [index for index, page in enumerate(pages) if page.language in languages]
        if chosen:
            figures[f"content F1, {family}"] = _part(pages, probabilities, chosen).lines.f1
    chosen = [index for index, page in enumerate(pages) if page.id.startswith(NEGATIVE_PREFIX)]
    figures["content lines kept, odd pages"] = _part(pages, probabilities, chosen).lines.recall
    for name, rate in rates.items():
        figures[f"content lines kept, {name}"] = rate.recall
        figures[f"kept lines that are content, {name}"] = rate.precision
    return {name: round(float(value), 4) for name, value in figures.items()}


def _part(
    pages: Sequence[LabelledDocument],
    probabilities: Sequence[NDArray[np.float32]],
    chosen: Sequence[int],
) -> Any:
    part = [pages[index] for index in chosen], [probabilities[index] for index in chosen]
    return evaluate(*part, n_draws=1).keep


def count(pages: Sequence[LabelledDocument]) -> dict[str, int]:
    """Return how many pages, lines and lines of each code there are."""
    codes = Counter("".join(page.codes for page in pages))
    sizes = {"pages": len(pages), "languages": len({page.language for page in pages})}
    return sizes | {"lines": codes.total()} | {f"code {code}": codes[code] for code in "cslb"}


def compare(figures: Figures, floors: Figures) -> list[str]:
    """Return a sentence for every figure that is too low or has no floor, or floor without figure.

    Examples
    --------
    >>> compare({"macro F1": 0.70}, {"macro F1": 0.75})
    ['macro F1: 0.7000 is below its floor of 0.7500 by more than 0.02']
    """
    faults = []
    for name in floors | figures:
        if name not in floors:
            faults.append(f"{name}: no floor yet; run gate.py --update")
        elif name not in figures:
            faults.append(f"{name}: has a floor but is not measured any more")
        elif _is_below(figures[name], floors[name]):
            faults.append(
                f"{name}: {figures[name]:.4f} is below its floor of {floors[name]:.4f} "
                f"by more than {NOISE:g}"
            )
    return faults


def update(floors: Floors, figures: Figures, reason: str) -> tuple[Floors, str]:
    """Return the floors raised to the figures, and what would have to be lowered without a reason.

    With a reason floors that are above their figure, or whose figure is gone, are lowered too.
    """
    raised = {name: max(value, floors.floors.get(name, 0.0)) for name, value in figures.items()}
    low = {
        name: {"figure": name, "from": old, "to": figures.get(name), "reason": reason}
        for name, old in floors.floors.items()
        if name not in figures or _is_below(figures[name], old)
    }
    if low and not reason:
        return floors, "\n".join(
            f"{name}: the floor would fall from {change['from']} to {change['to']}"
            for name, change in low.items()
        )
    raised |= {name: figures[name] for name in low if name in figures}
    return replace(floors, floors=raised, lowered=(*floors.lowered, *low.values())), ""


def _is_below(figure: float, floor: float) -> bool:
    # NaN, a figure that cannot be measured any more, is below every floor
    return not figure >= floor - NOISE


def comparison(figures: Figures, floors: Figures) -> str:
    """Return the table of figures beside their floors."""
    rows = [f"{'figure':42}{'measured':>10}{'floor':>10}"]
    for name, figure in figures.items():
        floor = floors.get(name)
        verdict = "  BELOW" if floor is not None and _is_below(figure, floor) else ""
        shown = "–" if floor is None else f"{floor:.4f}"
        rows.append(f"{name:42}{figure:>10.4f}{shown:>10}{verdict}")
    return "\n".join(rows)


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")


if __name__ == "__main__":
    sys.exit(main())
