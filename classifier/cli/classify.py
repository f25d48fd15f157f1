"""The commands that label and clean documents: ``classify`` and ``clean``."""

from collections.abc import Callable, Sequence
from contextlib import ExitStack

import typer

from classifier.actions.annotate import jsonl_record, jsonl_rows, text_rows, tsv_rows
from classifier.actions.clean import cleaned_lines, removal_rows
from classifier.cli import options
from classifier.cli.prediction import PredictionRun
from classifier.datamodels import PagePredictions
from classifier.errors import ConfigError
from classifier.io.base import Source
from classifier.io.formats import STANDARD_STREAM, find_sources
from classifier.io.output import encode_rows, open_output, refuse_overwriting
from classifier.io.writing import open_writer
from classifier.text.printable import printable


def classify(  # noqa: PLR0913 - each parameter is an argument of the command
    inputs: options.Inputs,
    *,
    output: options.Output = STANDARD_STREAM,
    row_format: options.Rows = options.RowFormat.JSONL,
    per_document: options.PerDocument = False,
    max_content_loss: options.MaxContentLoss = None,
    model: options.Model = None,
    input_format: options.Reading = None,
    quiet: options.Quiet = False,
) -> None:
    """Give every line a label and a confidence."""
    if per_document and row_format is not options.RowFormat.JSONL:
        raise typer.BadParameter("--per-document gives JSONL rows; leave --format out")
    sources = find_sources(inputs, input_format)
    refuse_overwriting([output], sources)
    rows = _row_maker(row_format, per_document=per_document, sources=sources)
    run = PredictionRun(sources, model=model, max_content_loss=max_content_loss, quiet=quiet)
    with open_output(output) as stream:
        for item, page in run:
            stream.write(encode_rows(rows(item.document.id, page)))
    run.feedback.summarise()


def clean(  # noqa: PLR0913 - each parameter is an argument of the command
    inputs: options.Inputs,
    *,
    output: options.CleanOutput = STANDARD_STREAM,
    removed: options.Removed = None,
    max_content_loss: options.MaxContentLoss = None,
    model: options.Model = None,
    input_format: options.Reading = None,
    quiet: options.Quiet = False,
) -> None:
    """Write the documents without the lines, and parts of lines, that are not content."""
    sources = find_sources(inputs, input_format)
    if removed == STANDARD_STREAM:
        raise ConfigError("--removed needs a file: standard output holds the cleaned text")
    with ExitStack() as stack:
        beside = [removed] if removed else []
        write = stack.enter_context(open_writer(output, sources, beside=beside))
        removals = stack.enter_context(open_output(removed)) if removed else None
        run = PredictionRun(sources, model=model, max_content_loss=max_content_loss, quiet=quiet)
        for item, page in run:
            write(item, cleaned_lines(page))
            if removals:
                removals.write(encode_rows(removal_rows(item.document.id, page)))
    run.feedback.summarise(removals=True)


def _row_maker(
    row_format: options.RowFormat, *, per_document: bool, sources: Sequence[Source]
) -> Callable[[str, PagePredictions], str]:
    if per_document:
        return jsonl_record
    if row_format is options.RowFormat.JSONL:
        return jsonl_rows
    if row_format is options.RowFormat.TSV:
        return tsv_rows
    if len(sources) == 1 and sources[0].format == "text":
        return lambda _, page: text_rows(page)
    return lambda document_id, page: f"{printable(document_id)}\n{text_rows(page)}\n"
