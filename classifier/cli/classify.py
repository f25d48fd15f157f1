"""The commands that label and clean documents: ``classify`` and ``clean``."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from classifier.batch.worker import CLEAN, Task
from classifier.cli import options
from classifier.cli.prediction import predict
from classifier.errors import ConfigError
from classifier.io.base import Source
from classifier.io.compression import packed_suffix
from classifier.io.formats import STANDARD_STREAM, find_sources


def classify(  # noqa: PLR0913 - each parameter is an argument of the command
    inputs: options.Inputs,
    *,
    output: options.Output = STANDARD_STREAM,
    row_format: options.Rows = None,
    max_content_loss: options.MaxContentLoss = None,
    model: options.Model = None,
    input_format: options.Reading = None,
    jobs: options.Jobs = None,
    resume: options.Resume = False,
    strict: options.Strict = False,
    quiet: options.Quiet = False,
) -> None:
    """Give every line a label and a confidence."""
    sources = [replace(each, is_carried=False) for each in find_sources(inputs, input_format)]
    rows = row_format or _rows_of(output)
    task = Task(
        output=str(rows),
        model=model,
        max_content_loss=max_content_loss,
        has_heads=not _is_one_page(sources),
        is_strict=strict,
    )
    predict(sources, task, output, jobs=jobs, resume=resume, quiet=quiet)


def clean(  # noqa: PLR0913 - each parameter is an argument of the command
    inputs: options.Inputs,
    *,
    output: options.CleanOutput = STANDARD_STREAM,
    removed: options.Removed = None,
    max_content_loss: options.MaxContentLoss = None,
    model: options.Model = None,
    input_format: options.Reading = None,
    jobs: options.Jobs = None,
    resume: options.Resume = False,
    strict: options.Strict = False,
    quiet: options.Quiet = False,
) -> None:
    """Write the documents without the lines, and parts of lines, that are not content."""
    sources = find_sources(inputs, input_format)
    if removed == "":
        raise ConfigError("--removed '': is no name; give a file")
    if removed == STANDARD_STREAM:
        raise ConfigError("--removed needs a file: standard output holds the cleaned text")
    task = Task(
        output=CLEAN,
        model=model,
        max_content_loss=max_content_loss,
        lists_removed=removed is not None,
        is_strict=strict,
    )
    predict(sources, task, output, removed=removed, jobs=jobs, resume=resume, quiet=quiet)


def _rows_of(output: str) -> options.RowFormat:
    """Return the row format that the name of the output says, JSONL if it says none."""
    path = Path(output)
    suffix = Path(path.name[: len(path.name) - len(packed_suffix(path))]).suffix.lower()
    named = {".tsv": options.RowFormat.TSV, ".parquet": options.RowFormat.PARQUET}
    return named.get(suffix, options.RowFormat.JSONL)


def _is_one_page(sources: Sequence[Source]) -> bool:
    return len(sources) == 1 and sources[0].format in ("text", "html")
