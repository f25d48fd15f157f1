"""The command ``linespam``: puts the commands together, and alone prints errors and exits."""

import os
import sys
from typing import Annotated, NoReturn

import typer

from classifier.cli.classify import classify, clean
from classifier.cli.corpus import corpus_app
from classifier.cli.explain import explain
from classifier.cli.model import model_app
from classifier.cli.train import evaluate, train
from classifier.errors import ClassifierError
from classifier.io.output import OutputClosedError
from classifier.text.printable import printable
from classifier.version import installed_version

OUR_ERROR = 1
INTERRUPTED = 130
OUTPUT_CLOSED = 141
"""What the shell says of a program stopped by SIGPIPE: 128 + 13."""

app = typer.Typer(
    name="linespam",
    help="Tell the article of a web page from stuffing, link farms and page frame, line by line.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


def _print_version(is_wanted: bool) -> None:  # noqa: FBT001 - typer calls it so
    if is_wanted:
        typer.echo(f"linespam {installed_version()}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="Say which version this is.", callback=_print_version, is_eager=True
        ),
    ] = False,
) -> None:
    """Tell the article of a web page from stuffing, link farms and page frame, line by line."""


for command in (classify, clean, explain, train, evaluate):
    app.command()(command)
app.add_typer(model_app)
app.add_typer(corpus_app)


def main() -> None:
    """Run the command line; every expected failure is one sentence on standard error."""
    try:
        app(prog_name="linespam")
    except ClassifierError as error:
        _fail(str(error))
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        _fail(f"{where}{error.strerror or error}")
    except OutputClosedError:
        # Python flushes standard output once more at exit; let that go nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(OUTPUT_CLOSED)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


def _fail(message: str) -> NoReturn:
    sys.stderr.write(f"linespam: {printable(message)}\n")
    sys.exit(OUR_ERROR)
