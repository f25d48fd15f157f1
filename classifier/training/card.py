"""The README.md of a model folder: what the model is, was made from, and can be trusted with."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from classifier.datamodels import LabelledDocument
from classifier.labels import LABELS, UNKNOWN_CODE
from classifier.training.evaluate import Evaluation
from classifier.training.report import (
    Report,
    content_loss_markdown,
    keep_table,
    label_table,
    part_table,
    summary,
)
from classifier.training.tables import number, table

UNKNOWN_LANGUAGE = "und"

# Below it an F1 of one language says more about a few sites than about the language.
_FEW_GROUPS = 5

_FRONT_MATTER = """\
---
license: apache-2.0
language:
{languages}
pipeline_tag: token-classification
library_name: linespam
tags:
- text-cleaning
- boilerplate-removal
- web-spam
- keyword-stuffing
---"""

_WHAT_IT_IS = """\
Gives every line of a web page's visible text one of the labels {labels}, with a calibrated
confidence. A line is judged in its page: its own words and shape, its neighbours, the whole page.
The folder holds arrays and JSON, no pickle."""

_INTENDED_USE = """\
Cleaning plain text of web pages line by line, on CPU, before it becomes a corpus or an index.
It judges where text stands and how it is written, not whether it is true, lawful or good to read,
and it must not decide alone about people or sites.

```python
from classifier import LineClassifier

model = LineClassifier.load("{name}")
print(model.classify(text).clean())
```"""

_HOLD_OUT = """\
Every line was measured by a model that had seen no page of its group (site or template family):
{folds} folds, whole groups. Blank lines and masked lines do not count; lines known only not to be
content count for keeping content, not for the four labels."""


_LOSS_CAVEAT = """\
The thresholds were chosen on the lines they are measured on: expect to lose a little more on
other pages."""


@dataclass(frozen=True, slots=True)
class CardFacts:
    """What a card says beside the evaluation.

    Attributes
    ----------
    name
        Name of the model folder.
    documents
        The pages it was trained on.
    n_folds, seed
        Of the folds it was measured with.
    licences
        Licence of each source, where known.
    comparison
        Table against the model it replaces, empty if there is none.
    """

    name: str
    documents: Sequence[LabelledDocument]
    n_folds: int
    seed: int
    licences: Mapping[str, str] = field(default_factory=dict)
    comparison: str = ""


def model_card(facts: CardFacts, evaluation: Evaluation) -> str:
    """Return the card of a model, front matter as model hubs read it included."""
    report: Report = evaluation.to_dict()
    sections = {
        "What it is": _WHAT_IT_IS.format(labels=", ".join(f"`{label}`" for label in LABELS)),
        "Intended use": _INTENDED_USE.format(name=facts.name),
        "Training data": _training_data(facts),
        "How it was measured": f"{_HOLD_OUT.format(folds=facts.n_folds)}\n\n{summary(report)}",
        "Keeping content": keep_table(report),
        "Labels": label_table(report),
        "Content loss": f"{content_loss_markdown(report)}\n\n{_LOSS_CAVEAT}",
        "By language": part_table(report["by_language"], "language"),
        "Limits": _limits(report),
    }
    if facts.comparison:
        sections["Against the model it replaces"] = facts.comparison
    blocks = [_front_matter(facts.documents), f"# {facts.name}"]
    blocks += [f"## {title}\n\n{text}" for title, text in sections.items()]
    return "\n\n".join(blocks) + "\n"


def _front_matter(documents: Sequence[LabelledDocument]) -> str:
    languages = sorted({d.language for d in documents} - {UNKNOWN_LANGUAGE})
    # Quoted, because to YAML a bare "no" (Norwegian) is false.
    listed = "\n".join(f'- "{language}"' for language in languages or ["mul"])
    return _FRONT_MATTER.format(languages=listed)


def _training_data(facts: CardFacts) -> str:
    n_pages: Counter[str] = Counter()
    n_lines: Counter[str] = Counter()
    for document in facts.documents:
        n_pages[document.source] += 1
        n_lines[document.source] += len(document.codes) - document.codes.count(UNKNOWN_CODE)
    rows = [
        [source, number(n_pages[source]), number(lines), facts.licences.get(source, "not stated")]
        for source, lines in n_lines.most_common()
    ]
    total = (
        f"{len(facts.documents):,} pages, {n_lines.total():,} labelled lines, "
        f"{len({d.group for d in facts.documents}):,} groups; seed {facts.seed}. "
        "The text belongs to its publishers and is not in this folder."
    )
    return f"{total}\n\n" + table(["source", "pages", "labelled lines", "licence"], rows)


def _limits(report: Report) -> str:
    limits = [
        "The figures are those of pages like the ones above; other kinds of pages and languages "
        "may do worse. Measure on some of your own: `linespam evaluate`.",
        *_weakest_label(report),
        *_thin_languages(report),
        "A page understood wrongly as a whole loses many lines at once.",
    ]
    return "\n".join(f"- {limit}" for limit in limits)


def _weakest_label(report: Report) -> list[str]:
    measured = {
        name: rates["f1"]
        for name, rates in report["labels"]["by_label"].items()
        if rates["support"] and rates["f1"] is not None
    }
    if not measured:
        return [
            "No page of the hold-out had all four labels, so only keeping content was measured."
        ]
    weakest = min(measured, key=lambda name: measured[name])
    return [f"The weakest label is `{weakest}` (F1 {number(measured[weakest])})."]


def _thin_languages(report: Report) -> list[str]:
    thin = [name for name, part in report["by_language"].items() if part["n_groups"] < _FEW_GROUPS]
    if not thin:
        return []
    return [f"Languages measured on fewer than {_FEW_GROUPS} groups: {', '.join(sorted(thin))}."]
