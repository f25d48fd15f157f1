"""One run over many documents: task, inputs, output, progress and summary put together."""

import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from classifier.batch.run import FolderRun
from classifier.batch.stream import run_to_stream
from classifier.batch.worker import CLEAN, Task, Worker
from classifier.cli.feedback import Feedback
from classifier.errors import ConfigError
from classifier.io.base import Source, encode_rows
from classifier.io.compression import packed_suffix
from classifier.io.formats import FORMATS, STANDARD_STREAM, known_format
from classifier.io.output import open_output, refuse_overwriting
from classifier.io.reading import total_bytes


def predict(  # noqa: PLR0913 - all that the two commands have in common
    sources: Sequence[Source],
    task: Task,
    output: str,
    *,
    removed: str | None = None,
    jobs: int | None,
    resume: bool,
    quiet: bool,
) -> None:
    """Do `task` with all documents and sum up.

    Parameters
    ----------
    sources
        What is read.
    task
        What is done; a run into one stream is strict in any case.
    output
        A file, a folder or ``-``.
    removed
        File for rows of what cleaning takes out.
    jobs
        How many processes; None if the user did not say.
    resume
        Whether to go on with an earlier run into the folder.
    quiet
        Whether to say nothing on standard error.
    """
    is_batch = resume or jobs is not None or task.is_strict
    into_folder = is_folder(output, sources, is_batch=is_batch, cleans=task.output == CLEAN)
    if resume and not into_folder:
        raise ConfigError(f"--resume goes on with a run into a folder, and {output} is none")
    feedback = Feedback(total_bytes(sources), quiet=quiet)
    if into_folder:
        run = FolderRun(sources, Worker(task), Path(output), removed)
        with feedback:
            totals, n_before = run.run(jobs=jobs or 1, resume=resume, progress=feedback.add)
        shards = {"written": len(sources) - n_before, "finished_before": n_before}
        summary = {**totals.summary(), "shards": shards, **feedback.rate()}
        with open_output(STANDARD_STREAM) as stream:
            stream.write(encode_rows(json.dumps(summary) + "\n"))
    else:
        _refuse_mixing(sources, task, output)
        files = [source.path for source in sources if source.path]
        refuse_overwriting([output, *([removed] if removed else [])], files)
        with feedback:
            run_to_stream(
                sources,
                Worker(replace(task, is_strict=True)),
                output,
                removed=removed,
                jobs=jobs or 1,
                progress=feedback.add,
            )
    feedback.summarise(removals=task.output == CLEAN)


def is_folder(
    target: str, sources: Sequence[Source], *, is_batch: bool = False, cleans: bool = False
) -> bool:
    """Whether `target` is a folder with a shard an input, and not a file or stream for all.

    A folder that is there and a name ending in ``/`` are; so is a new name that says nothing of a
    format if there are several inputs, a folder of them, or options for big runs.

    Raises
    ------
    ConfigError
        If several inputs are to be cleaned into one file.
    """
    if target == STANDARD_STREAM:
        return False
    if not target:
        raise ConfigError("-o '': is no name; give a file, a folder, or - for standard output")
    path = Path(target)
    if path.is_dir() or target.endswith("/"):
        return True
    is_many = len(sources) > 1 or any(source.below is not None for source in sources)
    if path.exists() or _is_file_name(path):
        if cleans and is_many:
            raise ConfigError(
                f"{target}: is a file's name; several inputs or a folder are cleaned into a "
                "folder. Give a folder, or send standard output to the file"
            )
        return False
    return is_many or is_batch


def _is_file_name(path: Path) -> bool:
    stem = path.name[: len(path.name) - len(packed_suffix(path))]
    return known_format(path) is not None or stem.lower().endswith(".tsv")


def _refuse_mixing(sources: Sequence[Source], task: Task, output: str) -> None:
    if task.output == CLEAN:
        kinds = sorted({FORMATS[source.format].cleaned_as for source in sources})
        if len(kinds) > 1:
            raise ConfigError(
                f"{' and '.join(kinds)} do not mix in one stream; give a folder with -o"
            )
    is_table = any(task.is_table(source) for source in sources)
    if is_table and packed_suffix(output):
        raise ConfigError(
            f"{output}: Parquet packs its columns itself; name it without {packed_suffix(output)}"
        )
    if is_table and output == STANDARD_STREAM and sys.stdout.isatty():
        raise ConfigError("Parquet is not for a terminal; give a file with -o")
