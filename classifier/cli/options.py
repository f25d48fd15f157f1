"""The arguments and options of the commands, each written down once."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class InputFormat(StrEnum):
    """How documents are written down; the values are the names in ``io.formats``."""

    TEXT = "text"
    JSONL = "jsonl"


class RowFormat(StrEnum):
    """How predictions are written down."""

    JSONL = "jsonl"
    TSV = "tsv"
    TEXT = "text"


class ExplanationFormat(StrEnum):
    """How an explanation is written down."""

    TEXT = "text"
    JSONL = "jsonl"


class InfoFormat(StrEnum):
    """How facts about a model are written down."""

    TEXT = "text"
    JSON = "json"


Inputs = Annotated[
    list[str],
    typer.Argument(
        help="Files (.txt, .jsonl, also .gz), folders of them, or - for standard input.",
        show_default=False,
    ),
]
Input = Annotated[
    str, typer.Argument(metavar="FILE", help="A file, or - for standard input.", show_default=False)
]
ModelFolder = Annotated[
    Path | None,
    typer.Argument(
        metavar="[FOLDER]", help="Model folder; the shipped model if not given.", show_default=False
    ),
]
Output = Annotated[
    str, typer.Option("--output", "-o", metavar="FILE", help="Where results go; - is stdout.")
]
CleanOutput = Annotated[
    str,
    typer.Option(
        "--output",
        "-o",
        metavar="PATH",
        help="Where cleaned text goes: - is stdout, a folder for several inputs.",
    ),
]
Removed = Annotated[
    str | None,
    typer.Option(
        metavar="FILE",
        help="JSONL file for what is taken out: line, text, label, confidence, spans.",
        show_default=False,
    ),
]
Rows = Annotated[
    RowFormat,
    typer.Option(
        "--format",
        help="jsonl: one object a line. tsv: id, line, label, confidence, text. text: for reading.",
    ),
]
PerDocument = Annotated[
    bool,
    typer.Option("--per-document", help="One JSONL row a document, with lists over its lines."),
]
MaxContentLoss = Annotated[
    float | None,
    typer.Option(
        metavar="SHARE",
        help="Share of true content characters you are ready to lose, such as 0.01.",
        show_default=False,
    ),
]
Model = Annotated[
    Path | None,
    typer.Option(
        metavar="FOLDER", help="Model folder; the shipped model if not given.", show_default=False
    ),
]
Reading = Annotated[
    InputFormat | None,
    typer.Option(
        "--input-format",
        help="What the inputs are; else the suffix decides, text for stdin.",
        show_default=False,
    ),
]
Quiet = Annotated[
    bool, typer.Option("--quiet", "-q", help="No progress and no summary on standard error.")
]
LineNumber = Annotated[
    int, typer.Option("--line", help="Number of the line, from 1.", show_default=False)
]
DocumentId = Annotated[
    str | None,
    typer.Option("--id", help="Which document, if the file holds several.", show_default=False),
]
Top = Annotated[
    int, typer.Option(min=1, help="How many contributions to show; the rest is added up.")
]
Explaining = Annotated[
    ExplanationFormat, typer.Option("--format", help="text: a table. jsonl: one object.")
]
Informing = Annotated[
    InfoFormat, typer.Option("--format", help="text: the main facts. json: the whole manifest.")
]
