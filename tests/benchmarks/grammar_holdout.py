"""Four labels on pages the grammar makes of held-out forms, hosts and headlines.

Families, forms, niches and languages of spam are those of `classifier.corpus.grammar.holdout`;
hosts and headlines stand in no training page (`training_pages`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from environment import ROOT
from numpy.typing import NDArray
from training_pages import known_lines, unused_headlines, unused_hosts

from classifier.corpus.grammar.holdout import HELD_OUT_FAMILIES
from classifier.corpus.lexicons import read_lexicons
from classifier.corpus.synthesize import MadePage, made_pages
from classifier.datamodels import LabelledDocument, OperatingPoint
from classifier.training.evaluate import Part, evaluate, label_metrics
from classifier.training.scored_lines import ScoredLines

N_PAGES, SEED = 2500, 29

TARGET = 0.92
"""Macro F1 of the four labels."""

Figures = dict[str, Any]
Probabilities = Sequence[NDArray[np.float32]]


def held_out_pages(
    training: Sequence[LabelledDocument], *, n_pages: int = N_PAGES
) -> list[MadePage]:
    """Return made pages nothing of whose spam, hosts and headlines was trained on."""
    known = known_lines(training)
    return made_pages(
        unused_hosts(training, known),
        unused_headlines(known),
        read_lexicons(ROOT / "data" / "lexicons"),
        n_pages=n_pages,
        seed=SEED,
        held_out=True,
    )


def documents_of(made: Sequence[MadePage]) -> list[LabelledDocument]:
    """Return the pages to judge: their source is the recipe, their group the host's."""
    return [
        replace(
            page.document,
            source=page.document.group.partition("held out ")[2],
            group=page.host_group or page.document.id,
        )
        for page in made
    ]


def holdout_figures(made: Sequence[MadePage], probabilities: Probabilities) -> Figures:
    """Return the four-label figures: of all pages, by label, language, recipe and family."""
    documents = documents_of(made)
    evaluation = evaluate(documents, probabilities)
    macro = evaluation.intervals["macro_f1"]
    found: Figures = {
        "pages": len(made),
        "hosts": len({page.document.id.split("/", 2)[2] for page in made}),
        "host_groups": evaluation.n_groups,
        "languages": len(evaluation.by_language),
        "lines": evaluation.labels.n_lines,
        "macro_f1": _decimals(evaluation.labels.macro_f1),
        "macro_f1_interval": [_decimals(macro.low), _decimals(macro.high)],
        "target": TARGET,
        "met": bool(evaluation.labels.macro_f1 >= TARGET),
        "by_label": {
            label: {
                "precision": _decimals(rates.precision),
                "recall": _decimals(rates.recall),
                "f1": _decimals(rates.f1),
                "lines": rates.support,
            }
            for label, rates in evaluation.labels.by_label.items()
        },
        "by_language": _parts(evaluation.by_language),
        "by_recipe": _parts(evaluation.by_source),
    }
    return found | {"by_family": _by_family(made, documents, probabilities)}


def _parts(parts: Mapping[str, Part]) -> Figures:
    return {name: _part(part.n_documents, part.labels) for name, part in parts.items()}


def _part(n_pages: int, labels: Any) -> Figures:
    return {
        "pages": n_pages,
        "lines": labels.n_lines,
        "macro_f1": _decimals(labels.macro_f1),
        "f1": {name: _decimals(rates.f1) for name, rates in labels.by_label.items()},
    }


def _by_family(
    made: Sequence[MadePage], documents: Sequence[LabelledDocument], probabilities: Probabilities
) -> Figures:
    """Return the figures of the pages that went through each family, whole pages each."""
    lines = ScoredLines.of(documents, probabilities, point=OperatingPoint())
    found = {}
    for family in sorted({name for page in made for name in page.families}):
        has_family = np.array([family in page.families for page in made])
        part = label_metrics(lines.where(has_family[lines.document]))
        found[family] = {
            **_part(int(has_family.sum()), part),
            "held_out": family in HELD_OUT_FAMILIES,
        }
    return found


def _decimals(value: float) -> float | None:
    return round(value, 4) if np.isfinite(value) else None
