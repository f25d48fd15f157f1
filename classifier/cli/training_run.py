"""One training run: pages read, model fitted, measured, compared, and written as a folder."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from classifier.cli.evaluation_run import probabilities_of, progress, read_pages
from classifier.io.formats import STANDARD_STREAM
from classifier.io.output import encode_rows, open_output
from classifier.model.line_classifier import LineClassifier
from classifier.training.card import CardFacts, model_card
from classifier.training.evaluate import Evaluation, evaluate
from classifier.training.fit import TrainingResult, TrainingSettings, fit_line_classifier
from classifier.training.report import compare, report_json, report_markdown


def train_model(
    pages: Sequence[Path],
    *,
    output: Path,
    choices: Mapping[str, Any],
    replaces: Path | None,
    quiet: bool,
) -> None:
    """Train on labelled `pages`, write the model folder, show the report on standard output.

    Parameters
    ----------
    pages
        Files and folders.
    output
        The new folder.
    choices
        Training settings that differ from the defaults, by name.
    replaces
        Folder of the model to compare with.
    quiet
        Whether to say nothing on standard error.
    """
    replaced = None if replaces is None else LineClassifier.load(replaces)
    documents = read_pages(pages, quiet=quiet)
    settings = replace(TrainingSettings(), **choices)
    with progress(quiet=quiet) as on_progress:
        result = fit_line_classifier(documents, settings=settings, on_progress=on_progress)
    evaluation = result.evaluation
    comparison = "" if replaced is None else _comparison(evaluation, replaced, result)
    facts = CardFacts(
        name=output.name,
        documents=result.documents,
        n_folds=settings.n_folds,
        seed=settings.seed,
        comparison=comparison,
    )
    result.model.save(
        output,
        extra_files={
            "README.md": model_card(facts, evaluation),
            "report.json": report_json(evaluation.to_dict()),
        },
    )
    report = report_markdown(evaluation)
    if comparison:
        report += f"\n## Against the model it replaces\n\n{comparison}\n"
    with open_output(STANDARD_STREAM) as stream:
        stream.write(encode_rows(report))
    if not quiet:
        sys.stderr.write(f"{output}: written\n")


def _comparison(evaluation: Evaluation, replaced: LineClassifier, result: TrainingResult) -> str:
    probabilities = probabilities_of(replaced, result.documents, quiet=True)
    # Its intervals are not shown, so one draw is enough.
    old = evaluate(result.documents, probabilities, seed=evaluation.seed, n_draws=1)
    return compare(evaluation.to_dict(), old.to_dict())
