"""The commands that learn and measure: ``train`` and ``evaluate``."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from classifier.cli import options
from classifier.errors import ConfigError
from classifier.io.formats import STANDARD_STREAM


class ReportFormat(StrEnum):
    """How a report is written down."""

    TEXT = "text"
    JSON = "json"


Pages = Annotated[
    list[Path],
    typer.Argument(
        help="Labelled pages: .jsonl or .tsv files (also .gz), or folders of them.",
        show_default=False,
    ),
]
NewFolder = Annotated[
    Path,
    typer.Option(
        "--output",
        "-o",
        metavar="FOLDER",
        help="Folder for the new model; must not exist yet, unless --replaces names it.",
        show_default=False,
    ),
]
Folds = Annotated[
    int, typer.Option(min=2, help="Parts the sites are dealt into, for training and report.")
]
Passes = Annotated[
    int | None,
    typer.Option(
        min=1, help="Passes over the pages; more take longer and may do better.", show_default=False
    ),
]
Seed = Annotated[int, typer.Option(min=0, help="Same pages and same seed give the same model.")]
Replaces = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER",
        help="Model the new one takes the place of: both are compared, and lines that change are "
        "listed.",
        show_default=False,
    ),
]
MaxLoss = Annotated[
    float | None,
    typer.Option(
        metavar="F1",
        help="With --replaces: how much a main figure (F1) may fall before the new model is "
        "refused, 0.01 if not given; 1 accepts any.",
        show_default=False,
    ),
]
Start = Annotated[
    Path | None,
    typer.Option(
        "--from",
        metavar="FOLDER",
        help="Start from this model and fit it to the pages, which can be few (200 lines).",
        show_default=False,
    ),
]
Reporting = Annotated[
    ReportFormat | None,
    typer.Option(
        "--format",
        help="text: tables. json: every figure. Else json for a .json file, text otherwise.",
        show_default=False,
    ),
]


_MAX_LOSS = 0.01


def train(  # noqa: PLR0913 - each parameter is an argument of the command
    pages: Pages,
    *,
    output: NewFolder,
    folds: Folds = 5,
    passes: Passes = None,
    seed: Seed = 0,
    replaces: Replaces = None,
    max_loss: MaxLoss = None,
    start: Start = None,
    quiet: options.Quiet = False,
) -> None:
    """Train a model on labelled pages; write it with its report and model card."""
    is_replaced = replaces is not None and replaces.resolve() == output.resolve()
    if (output.exists() or output.is_symlink()) and not is_replaced:
        raise ConfigError(
            f"{output}: exists, and a new model is a new folder; choose another name with -o, or "
            "name it with --replaces too"
        )
    if max_loss is not None and replaces is None:
        raise ConfigError(
            "--max-loss says how much may be lost against another model; name that one with "
            "--replaces, or leave it out"
        )
    max_loss = _MAX_LOSS if max_loss is None else max_loss
    if not 0 <= max_loss <= 1:
        raise ConfigError(f"--max-loss must be from 0 to 1. Got {max_loss} instead.")
    if start is not None and passes is not None:
        raise ConfigError(
            "--passes is for training from nothing; fitting a model with --from has none. Leave "
            "one of them out"
        )
    # Brings scikit-learn, which nothing else needs.
    from classifier.cli.training_run import Replacement, train_model  # noqa: PLC0415

    train_model(
        pages,
        output=output,
        choices={"n_folds": folds, "seed": seed} | ({} if passes is None else {"n_passes": passes}),
        start=start,
        replaces=None if replaces is None else Replacement(replaces, max_loss),
        quiet=quiet,
    )


def evaluate(
    pages: Pages,
    *,
    model: options.Model = None,
    output: options.Output = STANDARD_STREAM,
    report_format: Reporting = None,
    max_content_loss: options.MaxContentLoss = None,
    quiet: options.Quiet = False,
) -> None:
    """Measure a model on labelled pages: labels, kept content, calibration, content loss."""
    # Brings what training is made of, which predicting does not need.
    from classifier.cli.evaluation_run import evaluate_model  # noqa: PLC0415

    if report_format is None and output.endswith(".json"):
        report_format = ReportFormat.JSON
    evaluate_model(
        pages,
        model=model,
        output=output,
        as_json=report_format is ReportFormat.JSON,
        max_content_loss=max_content_loss,
        quiet=quiet,
    )
