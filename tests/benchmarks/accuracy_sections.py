"""Sections of ``docs/benchmark.md`` on spam, odd pages, calibration, review and languages."""

from collections.abc import Mapping
from typing import Any

from classifier.labels import LABELS
from classifier.training.report import review_markdown, script_table
from classifier.training.tables import number, table, with_interval

Result = Mapping[str, Any]

_MAX_LANGUAGES = 30
_BAND = ("coverage", "error_outside", "error_inside")

_HELD_OUT = """\
## Pages of held-out spam

{pages} pages made by the grammar (`classifier/corpus/grammar/`) of forms, families, niches and
languages of spam that are kept for measuring, around {hosts} clean documents the caps of
`linespam corpus build` left out, none of a text that is there in many languages, with headlines
that stand in no training page; hosts of {languages} languages. The forms are held out, their kinds
are not, and collections the documents are from were trained on: such pages resemble the made ones
of training more than real spam does.
Macro F1 of the four labels {macro} (asked: {target}), on {lines} lines.
"""

_FAMILIES = """\
By family: whole pages that went through the operation, most pages have several. "Unseen": no page
for training has it.
"""

_HARD = """\
## Odd pages worth keeping

Poems, recipes, code, tables, statutes, fixtures, 【】 headlines, news about gambling and others,
written for this (`tests/cases/README.md`); what of their content is lost at the default. Asked: at
most {target} of the lines.
"""

_CALIBRATION = """\
## Calibration

On held-out training sites, from the shipped model's `report.json`: how far a probability is from
the share that is right, in {bins} bins of equal numbers of lines (expected calibration error), by
the script most of a page is in.
"""

_REVIEW = """\
## Lines for review

Between two thresholds a line is left to a person. They are taken on held-out training sites, so
that at most the given share of the content lines is dropped unseen, and of the other lines kept;
first there, then with the same thresholds on the benchmark sets.
"""

_LANGUAGES = """\
## Languages without a labelled page in training

`make languages`: the recipe with {passes} passes and {folds} folds, on {share} of the sites of
other languages and all pages of these, three times: in folds by site; in folds that take all
labelled pages of several languages out at once, and the pages made of them; and in folds that take
clean text out as well, and the pages made of it. F1 by lines of keeping content on the collected
and hand-labelled pages, every page judged by a model that saw none of its site, no labelled page of
its language, or no text of it but what pages of other languages hold: mostly lists of foreign
headlines in made pages, so that all the last model ever saw of the language is links. Largest loss
without labelled pages, of a script with at least {fewest} lines: {worst}.
"""


def held_out_section(result: Result) -> str:
    """Return the figures on pages of held-out spam: labels, methods, languages, families."""
    found = result["held_out_spam"]
    head = _HELD_OUT.format(
        macro=with_interval(found["macro_f1"], *found["macro_f1_interval"]),
        target=number(found["target"], 2),
        **{key: number(found[key]) for key in ("pages", "hosts", "languages", "lines")},
    )
    labels = [
        [label, *(number(rates[key]) for key in ("precision", "recall", "f1", "lines"))]
        for label, rates in found["by_label"].items()
    ]
    families = {
        f"{name} (unseen)" if part["held_out"] else name: part
        for name, part in found["by_family"].items()
    }
    languages = dict(list(found["by_language"].items())[:_MAX_LANGUAGES])
    tables = [
        table(["label", "precision", "recall", "F1", "lines"], labels),
        _four_labels("recipe", found["by_recipe"]),
        _four_labels("language (the largest)", languages),
        f"{_FAMILIES}\n{_four_labels('family', families)}",
    ]
    return "\n\n".join([head.rstrip(), *tables])


def _four_labels(title: str, parts: Mapping[str, Any]) -> str:
    rows = [
        [
            name,
            number(part["pages"]),
            number(part["lines"]),
            number(part["macro_f1"]),
            *(number(part["f1"][label]) for label in LABELS),
        ]
        for name, part in parts.items()
    ]
    return table([title, "pages", "lines", "macro F1", *(f"F1 {label}" for label in LABELS)], rows)


def hard_negatives_section(result: Result) -> str:
    """Return what every method loses of pages that look odd and are worth keeping."""
    found = result["hard_negatives"]
    header = ["content lines", "lost", "of lines", "of characters"]
    parts = {**found["by_language"], **found["by_kind"]}
    tables = [
        table(["method", *header], _losses(found["methods"])),
        table(["linespam, by language and kind", *header], _losses(parts)),
    ]
    head = _HARD.format(target=number(found["target"], 2))
    return "\n\n".join([head.rstrip(), *tables])


def _losses(parts: Mapping[str, Any]) -> list[list[str]]:
    keys = ("lines", "lines_lost", "lines_lost_share", "chars_lost_share")
    return [[name, *(number(part[key]) for key in keys)] for name, part in parts.items()]


def calibration_section(result: Result) -> str:
    """Return calibration errors by script, and the reliability of the probability of content."""
    found = result["calibration"]
    if found is None:
        return ""
    bins = [
        [f"{number(part['confidence'])}", number(part["accuracy"]), number(part["n_lines"])]
        for part in found["all"]["content"]["reliability"]
    ]
    reliability = table(["mean probability of content", "share of content", "lines"], bins)
    head = _CALIBRATION.format(bins=len(bins))
    return f"{head}\n{script_table(found)}\n\n{reliability}"


def review_section(result: Result) -> str:
    """Return what bands for review bring, on held-out training sites and on the sets."""
    if not result["review"]:
        return ""
    rows = [
        [name, *(number(band[key]) for key in ("max_error", *_BAND))]
        for name, found in result["sets"].items()
        for band in found["review"]
    ]
    header = ["set", "at most", "lines decided", "wrong of these", "wrong of the others at 0.5"]
    return f"{_REVIEW}\n{review_markdown(result['review'])}\n\n{table(header, rows)}"


def languages_section(result: Result) -> str:
    """Return what is lost where no labelled page of a language was trained on."""
    found = result["languages"]
    if found is None:
        return ""
    head = _LANGUAGES.format(
        passes=found["settings"]["passes"],
        folds=found["settings"]["folds"],
        share=f"{found['settings']['share']:.0%}",
        fewest=number(found["settings"]["fewest_lines"]),
        worst=number(found["largest_loss"]),
    )
    keys = ("pages", "lines", "f1_with", "f1_without", "loss", "f1_unseen")
    rows = [
        [title, part.get("languages", ""), *(number(part[key]) for key in keys)]
        for title, part in found["scripts"].items()
    ]
    header = ["left out together", "languages", "pages", "lines", "F1 with", "F1 without", "loss"]
    return f"{head}\n{table([*header, 'F1 without clean text'], rows)}"
