"""The recipe of the shipped model: ``python -m classifier.training.recipe BUILT -o FOLDER``.

How much a line of each collection counts, in what ``linespam corpus build`` made of the corpora.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from classifier.datamodels import LabelledDocument
from classifier.errors import ClassifierError
from classifier.model.spans import SpanWeights
from classifier.training.card import CardFacts, model_card
from classifier.training.convolution import StackerSettings
from classifier.training.evaluate import evaluate
from classifier.training.fit import TrainingResult, TrainingSettings, fit_line_classifier
from classifier.training.labelled import read_labelled
from classifier.training.report import report_json, report_markdown
from classifier.training.spans import SpanSettings, fit_spans

_DOCUMENTS, _SPANNED = "documents.jsonl.gz", "spanned.jsonl.gz"

# A line of gold says most, and there are few. Clean text weighs more than its labels teach: to
# lose a poem or a table is the worst mistake.
_WEIGHTS = {
    "pages": 1.0,
    "gold": 6.0,
    "spam": 1.0,
    "clean": 6.0,
    "spam-lines": 0.0,
    "made": 3.0,
    "excerpts": 4.0,
}
_LEXICAL_WEIGHTS = {
    "pages": 1.0,
    "gold": 3.0,
    "spam": 0.3,
    "clean": 0.3,
    "spam-lines": 0.2,
    "made": 0.3,
    "excerpts": 0.0,  # lines of pages that are there whole
}
# Rules that leak text of the frame into content, or were never measured (corpora README).
_DOUBTED = {"pages/barbaresi_rules": 0.5, "pages/misc_fixtures_rules": 0.5}

# Judged are pages as they come; clean text alone would flatter, silver labels are not the truth.
_UNJUDGED = frozenset({"clean", "spam", "spam-lines", "made", "excerpts"})

_EVERY = 6
"""Of so many pages and clean documents one teaches what has no span."""

SETTINGS = TrainingSettings(
    n_passes=24,
    weights={**_WEIGHTS, **_DOUBTED},
    lexical_weights={**_LEXICAL_WEIGHTS, **_DOUBTED},
    content_preference=0.3,
    unjudged=_UNJUDGED,
    n_starts=3,
    stacker=StackerSettings(channels=48, lexical_dropout=0.2),
)


def training_documents(folder: Path) -> list[LabelledDocument]:
    """Return the pages that ``linespam corpus build`` wrote to `folder`.

    Raises
    ------
    InputError
        If they are not there, or not as they should be.
    """
    return list(read_labelled([folder / _DOCUMENTS]))


def spans_of(
    documents: Sequence[LabelledDocument], spanned: Sequence[LabelledDocument], seed: int
) -> SpanWeights:
    """Return what made pages teach of spam inside lines, and real ones of lines without any.

    Parameters
    ----------
    documents
        The training pages; those of the grammar know their spans.
    spanned
        Further made pages with spans.
    seed
        Of everything random.
    """
    made = [item for item in documents if item.collection == "made"]
    real = [item for item in documents if item.collection == "gold"]
    real += [item for item in documents if item.collection in {"pages", "clean"}][::_EVERY]
    return fit_spans(
        [*made, *spanned, *real],
        SpanSettings(seed=seed),
        on_stage=lambda stage: print(f"     spans: {stage}", file=sys.stderr),  # noqa: T201
    )


def write_model(result: TrainingResult, folder: Path, seed: int) -> str:
    """Write the trained model with card and report; return the report for people."""
    gold = [index for index, item in enumerate(result.documents) if item.collection == "gold"]
    on_gold = evaluate(
        [result.documents[index] for index in gold],
        [result.out_of_fold[index] for index in gold],
        seed=seed,
    )
    facts = CardFacts(
        name=folder.name,
        documents=result.documents,
        n_folds=SETTINGS.n_folds,
        seed=seed,
        comparison="",
    )
    report = {"command": "make model", **result.evaluation.to_dict(), "gold": on_gold.to_dict()}
    text = report_markdown(result.evaluation)
    text += f"\n# Pages labelled by hand alone\n\n{report_markdown(on_gold)}"
    result.model.save(
        folder,
        extra_files={
            "README.md": model_card(facts, on_gold),
            "report.json": report_json(report),
            "report.md": text,
        },
    )
    return text


def main(arguments: Sequence[str] | None = None) -> int:
    """Train the shipped model; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m classifier.training.recipe")
    parser.add_argument("built", type=Path, help="folder written by linespam corpus build")
    parser.add_argument("-o", "--output", type=Path, required=True, help="model folder to write")
    parser.add_argument("--seed", type=int, default=SETTINGS.seed)
    chosen = parser.parse_args(arguments)
    try:
        documents = training_documents(chosen.built)
        # read before the long fit, which would be lost if they were missing
        spanned = list(read_labelled([chosen.built / _SPANNED]))
        result = fit_line_classifier(
            documents,
            settings=replace(SETTINGS, seed=chosen.seed),
            on_progress=lambda stage, done: print(f"{done:4.0%} {stage}", file=sys.stderr),  # noqa: T201
        )
        spans = spans_of(result.documents, spanned, chosen.seed)
        result.model.model_ = replace(result.model.model_, spans=spans)
        text = write_model(result, chosen.output, chosen.seed)
    except ClassifierError as error:
        sys.stderr.write(f"recipe: {error}\n")
        return 1
    sys.stdout.write(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
