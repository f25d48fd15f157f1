"""One training run: pages read, model fitted, measured, compared, and written as a folder."""

import itertools
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from classifier.cli.evaluation_run import probabilities_of, progress, read_pages
from classifier.cli.feedback import counted
from classifier.errors import ClassifierError
from classifier.io.base import encode_rows
from classifier.io.formats import STANDARD_STREAM
from classifier.io.output import open_output
from classifier.model.line_classifier import LineClassifier
from classifier.model.persistence import check_writable
from classifier.text.printable import printable
from classifier.training.card import CardFacts, model_card
from classifier.training.doubts import doubts_markdown, doubts_of
from classifier.training.evaluate import evaluate
from classifier.training.fine_tuning import fine_tune
from classifier.training.fit import TrainingResult, TrainingSettings, fit_line_classifier
from classifier.training.regression import (
    ChangedLine,
    changed_lines,
    changes_jsonl,
    changes_markdown,
    losses,
)
from classifier.training.report import compare, report_json, report_markdown


@dataclass(frozen=True, slots=True)
class Replacement:
    """The model to be replaced and what the new one may lose against it.

    Attributes
    ----------
    folder
        Its folder.
    max_loss
        How much a main figure may fall.
    """

    folder: Path
    max_loss: float


class RefusedError(ClassifierError):
    """The new model is worse than the one it was to replace."""


def train_model(
    pages: Sequence[Path],
    *,
    output: Path,
    choices: Mapping[str, Any],
    start: Path | None,
    replaces: Replacement | None,
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
    start
        Folder of the model to start from; None learns from nothing.
    replaces
        What the new model is compared with.
    quiet
        Whether to say nothing on standard error.

    Raises
    ------
    RefusedError
        If it loses more than it may; the model is then written beside `output`.
    """
    check_writable(output)
    replaced = None if replaces is None else LineClassifier.load(replaces.folder)
    base = None if start is None else LineClassifier.load(start)
    documents = read_pages(pages, quiet=quiet)
    settings = replace(TrainingSettings(), **choices)
    with progress(quiet=quiet) as on_progress:
        if base is None:
            result = fit_line_classifier(documents, settings=settings, on_progress=on_progress)
        else:
            result = fine_tune(base, documents, settings=settings, on_progress=on_progress)
    evaluation = result.evaluation
    report, extra_files = report_markdown(evaluation), dict[str, str]()
    lost: list[str] = []
    doubts = doubts_of(result.documents, result.out_of_fold)
    if doubts:
        report += f"\n## Doubts\n\n{doubts_markdown(doubts)}\n"
    comparison = ""
    if replaces is not None and replaced is not None:
        comparison, changes, lost = _compared(result, replaced, replaces.max_loss)
        n_lines = sum(len(document.lines) for document in documents)
        report += f"\n## Against the model it replaces\n\n{comparison}\n"
        report += f"\n## Lines whose label changed\n\n{changes_markdown(changes, n_lines)}\n"
        extra_files["changes.jsonl"] = changes_jsonl(changes)
    folder = _beside(output) if lost else output
    facts = CardFacts(
        name=folder.name,
        documents=result.documents,
        n_folds=settings.n_folds,
        seed=settings.seed,
        comparison=comparison,
    )
    extra_files["README.md"] = model_card(facts, evaluation)
    extra_files["report.json"] = report_json(evaluation.to_dict())
    result.model.save(folder, extra_files=extra_files)
    with open_output(STANDARD_STREAM) as stream:
        stream.write(encode_rows(report))
    if lost and replaces is not None:
        raise RefusedError(
            f"{output}: not written, for the new model loses more than {replaces.max_loss:g} "
            f"against {replaces.folder}: {'; '.join(lost)}. It is in {folder}; --max-loss says how "
            "much it may lose"
        )
    if not quiet:
        told = f"; in the report: {counted(len(doubts), 'doubt')} about the pages" if doubts else ""
        sys.stderr.write(printable(f"{output}: written{told}") + "\n")


def _beside(output: Path) -> Path:
    """Return where a refused model goes: a name that is still free."""
    name = f"{output.name}-refused"
    names = itertools.chain([name], (f"{name}-{number}" for number in itertools.count(2)))
    return next(path for path in map(output.with_name, names) if not os.path.lexists(path))


def _compared(
    result: TrainingResult, replaced: LineClassifier, max_loss: float
) -> tuple[str, list[ChangedLine], list[str]]:
    """Return the table of both models, the lines that change, the figures that fall too far."""
    new = result.evaluation
    probabilities = probabilities_of(replaced, result.documents, quiet=True)
    # Its intervals are not shown, so one draw is enough.
    old = evaluate(result.documents, probabilities, seed=new.seed, n_draws=1)
    changes = changed_lines(result.documents, result.out_of_fold, probabilities)
    return compare(new.to_dict(), old.to_dict()), changes, losses(new, old, max_loss)
