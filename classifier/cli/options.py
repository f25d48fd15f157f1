"""The arguments and options of the commands, each written down once."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class RowFormat(StrEnum):
    """How predictions are written down."""

    JSONL = "jsonl"
    TSV = "tsv"
    TEXT = "text"
    DOCUMENTS = "documents"
    PARQUET = "parquet"
    DOLMA = "dolma"


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
        help="Files (.txt, .jsonl, .html, also .gz and .zst; .parquet, .warc, .wet), folders of "
        "them, or - for standard input.",
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
    str,
    typer.Option(
        "--output",
        "-o",
        metavar="PATH",
        help="Where results go: - is stdout; into a folder, a file for each input.",
    ),
]
CleanOutput = Annotated[
    str,
    typer.Option(
        "--output",
        "-o",
        metavar="PATH",
        help="Where cleaned documents go: - is stdout; into a folder, a file for each input.",
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
    RowFormat | None,
    typer.Option(
        "--format",
        help="One row a line: jsonl, tsv, text (for reading). One a document: documents (JSONL), "
        "parquet, dolma (attributes). Else the suffix of the output decides, jsonl for others.",
        show_default=False,
    ),
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
    str | None,
    typer.Option(
        "--input-format",
        metavar="FORMAT",
        help="What the inputs are, if not what their suffix says: text, jsonl, parquet, warc, wet, "
        "html. Names of fields may follow: jsonl:text=body,id=url.",
        show_default=False,
    ),
]
Jobs = Annotated[
    int | None,
    typer.Option("--jobs", "-j", min=1, help="How many processes work.", show_default=False),
]
Resume = Annotated[
    bool, typer.Option("--resume", help="Go on with a run into a folder: skip what is finished.")
]
Strict = Annotated[
    bool,
    typer.Option(
        "--strict", help="In a run into a folder, stop at the first bad record, not list it."
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
