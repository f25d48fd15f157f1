"""The commands that make training data: ``corpus build``, ``corpus fetch``, ``corpus align``."""

from pathlib import Path
from typing import Annotated

import typer

from classifier.cli import options
from classifier.io.formats import STANDARD_STREAM

corpus_app = typer.Typer(name="corpus", help="Make and fetch training data.", no_args_is_help=True)

Corpora = Annotated[
    Path,
    typer.Argument(
        metavar="CORPORA",
        help="Folder laid out as data/README.md says; any part may be absent.",
        show_default=False,
    ),
]
BuildFolder = Annotated[
    Path,
    typer.Option(
        "--output",
        "-o",
        metavar="FOLDER",
        help="Folder for documents.jsonl.gz, spanned.jsonl.gz and manifest.json; "
        "older ones are replaced.",
        show_default=False,
    ),
]
Made = Annotated[
    int | None,
    typer.Option(
        "--made",
        min=0,
        help="Pages of synthetic spam to make of the real ones; 0 for none.",
        show_default=False,
    ),
]
Data = Annotated[
    Path | None,
    typer.Option(
        "--data",
        metavar="FOLDER",
        help="Folder with lexicons/ and gold/labels.jsonl; data/ of the checkout if not given.",
        show_default=False,
    ),
]
Names = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[NAMES]", help="Sources to fetch; all that can be if none.", show_default=False
    ),
]
Cache = Annotated[
    Path,
    typer.Option(
        metavar="FOLDER",
        help="Where files are kept, and looked for before they are fetched.",
        show_default=False,
    ),
]
Sources = Annotated[
    Path | None,
    typer.Option(
        metavar="FILE",
        help="List of sources; data/sources.toml of the checkout if not given.",
        show_default=False,
    ),
]
Page = Annotated[
    Path,
    typer.Argument(
        metavar="PAGE",
        help="The page: .html, or .txt whose lines are taken as they are.",
        show_default=False,
    ),
]
Article = Annotated[
    Path,
    typer.Argument(
        metavar="ARTICLE", help="Text file with the page's article.", show_default=False
    ),
]
Language = Annotated[str, typer.Option("--lang", metavar="CODE", help="ISO 639 code of the page.")]
Address = Annotated[
    str, typer.Option("--url", help="Address of the page; its host becomes the group.")
]
Seed = Annotated[int, typer.Option(min=0, help="Same folder and same seed give the same pages.")]


@corpus_app.command()
def build(
    corpora: Corpora,
    *,
    output: BuildFolder,
    made: Made = None,
    seed: Seed = 0,
    data: Data = None,
    quiet: options.Quiet = False,
) -> None:
    """Make one set of training pages of labelled corpora, with a manifest."""
    # Brings what training is made of, which other commands need not wait for.
    from classifier.cli.corpus_run import build_folder  # noqa: PLC0415

    choices = {"seed": seed} | ({} if made is None else {"n_made": made})
    build_folder(corpora, output=output, choices=choices, data=data, quiet=quiet)


@corpus_app.command()
def fetch(
    names: Names = None,
    *,
    cache: Cache,
    sources: Sources = None,
    quiet: options.Quiet = False,
) -> None:
    """Fetch pinned public files into a cache folder; go on where a download was cut short."""
    from classifier.cli.corpus_run import fetch_sources  # noqa: PLC0415

    fetch_sources(names or [], cache=cache, sources=sources, quiet=quiet)


@corpus_app.command()
def align(
    page: Page,
    article: Article,
    *,
    output: options.Output = STANDARD_STREAM,
    language: Language = "und",
    url: Address = "",
    quiet: options.Quiet = False,
) -> None:
    """Label the lines of a page whose article is known: c, o (not content) or ? (uncertain)."""
    from classifier.cli.corpus_run import align_page  # noqa: PLC0415

    align_page(page, article, output=output, language=language, url=url, quiet=quiet)
