"""Labelled pages through a model, and what its probabilities are worth."""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from classifier.cli.feedback import counted
from classifier.datamodels import LabelledDocument, OperatingPoint
from classifier.io.base import encode_rows
from classifier.io.output import open_output, refuse_overwriting
from classifier.labels import LABEL_CODES, LABELS, NOT_CONTENT_CODE, UNKNOWN_CODE
from classifier.model.line_classifier import LineClassifier
from classifier.training.evaluate import evaluate
from classifier.training.labelled import labelled_files, read_labelled
from classifier.training.report import report_json, report_markdown

OnProgress = Callable[[str, float], None]
"""Takes the stage at work and which share of it is done."""


def evaluate_model(
    pages: Sequence[Path],
    *,
    model: Path | None,
    output: str,
    as_json: bool,
    max_content_loss: float | None,
    quiet: bool,
) -> None:
    """Measure a model on labelled pages and write the report."""
    refuse_overwriting([output], labelled_files(pages))
    classifier = LineClassifier.load(model)
    point = OperatingPoint()
    if max_content_loss is not None:
        point = classifier.operating_point(max_content_loss)
    documents = read_pages(pages, quiet=quiet)
    probabilities = probabilities_of(classifier, documents, quiet=quiet)
    evaluation = evaluate(documents, probabilities, point=point)
    text = report_json(evaluation.to_dict()) if as_json else report_markdown(evaluation)
    with open_output(output) as stream:
        stream.write(encode_rows(text))


def read_pages(pages: Sequence[Path], *, quiet: bool) -> list[LabelledDocument]:
    """Return the labelled pages, having said in one line what they are."""
    documents = list(read_labelled(pages))
    if not quiet:
        sys.stderr.write(f"{_summary(documents)}\n")
    return documents


def probabilities_of(
    model: LineClassifier, documents: Sequence[LabelledDocument], *, quiet: bool
) -> list[NDArray[np.float32]]:
    """Return the probabilities `model` gives the lines of each page."""
    probabilities = []
    with progress(quiet=quiet) as on_progress:
        results = model.classify_many(document.text for document in documents)
        for number, page in enumerate(results, start=1):
            probabilities.append(page.probabilities)
            on_progress("labelling the pages", number / len(documents))
    return probabilities


@contextmanager
def progress(*, quiet: bool) -> Iterator[OnProgress]:
    """Show on standard error how far a stage is: a bar on a terminal, else a line a stage."""
    if quiet:
        yield lambda _stage, _done: None
    elif sys.stderr.isatty():
        with _bar() as on_progress:
            yield on_progress
    else:
        yield _a_line_a_stage()


@contextmanager
def _bar() -> Iterator[OnProgress]:
    # Takes longer to import than labelling most pages.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0)
        yield lambda stage, done: bar.update(task, description=stage, completed=done)


def _a_line_a_stage() -> OnProgress:
    said: set[str] = set()

    def on_progress(stage: str, _done: float) -> None:
        if stage not in said:
            said.add(stage)
            sys.stderr.write(f"{stage}\n")

    return on_progress


def _summary(documents: Sequence[LabelledDocument]) -> str:
    n_lines = Counter("".join(document.codes for document in documents))
    names = dict(zip(LABEL_CODES, map(str, LABELS), strict=True))
    names |= {NOT_CONTENT_CODE: "other", UNKNOWN_CODE: "blank or unknown"}
    by_label = ", ".join(f"{n_lines[code]:,} {name}" for code, name in names.items())
    return (
        f"{counted(len(documents), 'page')}, "
        f"{counted(len({d.group for d in documents}), 'group')} (by site), "
        f"{counted(len({d.language for d in documents}), 'language')}; lines: {by_label}"
    )
