"""What the commands of ``corpus`` do, loaded only when one of them runs."""

import json
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from classifier.cli.evaluation_run import OnProgress, progress
from classifier.corpus.align import align
from classifier.corpus.build import BuildSettings, Inputs, TrainingCorpus, build_corpus
from classifier.corpus.fetch import fetch_file
from classifier.corpus.layout import file_digest
from classifier.corpus.rendering import rendered_lines
from classifier.corpus.sources import Source, read_sources
from classifier.datamodels import LabelledDocument
from classifier.errors import ConfigError, InputError
from classifier.io.base import encode_rows
from classifier.io.formats import STANDARD_STREAM, known_format
from classifier.io.html import decode_page
from classifier.io.output import open_output, refuse_overwriting
from classifier.io.reading import read_unpacked
from classifier.training.groups import group_of
from classifier.training.labelled import labelled_row, read_labelled
from classifier.version import installed_version

DOCUMENTS, SPANNED = "documents.jsonl.gz", "spanned.jsonl.gz"
MANIFEST = "manifest.json"

_ALIGNED = "aligned"

_CHECKOUT_DATA = Path(__file__).resolve().parents[2] / "data"


def build_folder(
    corpora: Path,
    *,
    output: Path,
    choices: Mapping[str, int],
    data: Path | None,
    quiet: bool,
) -> None:
    """Build the training pages of a folder of corpora and write them with their manifest.

    Parameters
    ----------
    corpora
        Laid out as `data/README.md` says.
    output
        Folder to write to, made if it does not exist.
    choices
        Settings that differ from the defaults, by name.
    data
        Folder with lexicons and stand-off labels; that of the checkout if None.
    quiet
        Whether to say nothing on standard error.

    Raises
    ------
    ConfigError
        If pages are to be made and there are no lexicons to make them with.
    """
    folder = data or _CHECKOUT_DATA
    lexicons, standoff = folder / "lexicons", folder / "gold" / "labels.jsonl"
    settings = BuildSettings(**choices)
    if settings.n_made and not lexicons.is_dir():
        raise ConfigError(
            f"{lexicons}: no lexicons to make pages with; name a folder that has some with "
            "--data, or give --made 0"
        )
    inputs = Inputs(
        corpora=corpora,
        read=read_labelled,
        standoff=standoff if standoff.is_file() else None,
        lexicons=lexicons,
    )
    with progress(quiet=quiet) as on_progress:
        built = build_corpus(inputs, settings, on_progress=on_progress)
    _write(built, output)
    if not quiet:
        total = built.manifest["total"]
        sys.stderr.write(
            f"{output}: {total['documents']:,} pages, {total['lines']:,} lines, "
            f"{total['groups']:,} groups (sites), {len(total['languages']):,} languages; "
            f"{_n_dropped(built):,} left out, see {MANIFEST}\n"
        )


def fetch_sources(names: Sequence[str], *, cache: Path, sources: Path | None, quiet: bool) -> None:
    """Fetch the files of sources; say of each where it is, or why there is nothing to fetch.

    Parameters
    ----------
    names
        Which sources; all with files if none.
    cache
        Folder to keep them in.
    sources
        List of sources; that of the checkout if None.
    quiet
        Whether to say nothing on standard error.

    Raises
    ------
    ConfigError
        If there is no source of a name.
    """
    listed = sources or _CHECKOUT_DATA / "sources.toml"
    known = read_sources(listed)
    for name in names:
        if name not in known:
            raise ConfigError(f"{listed}: has no source {name!r}; names are those of its entries")
    chosen = [known[name] for name in names] or [one for one in known.values() if one.files]
    with open_output(STANDARD_STREAM) as stream, progress(quiet=quiet) as on_progress:
        for source in chosen:
            for line in _fetched(source, cache, on_progress):
                stream.write(encode_rows(f"{line}\n"))
    if not names and not quiet:
        without = sum(not one.files for one in known.values())
        sys.stderr.write(
            f"{listed}: {without} of {len(known)} sources have no address and checksum on record "
            "and are there for documentation only\n"
        )


def align_page(
    page: Path, article: Path, *, output: str, language: str, url: str, quiet: bool
) -> None:
    """Write the lines of a page with the labels its article gives them, one row of JSONL.

    Parameters
    ----------
    page
        HTML, or text if its name ends in ``.txt``; either may be packed.
    article
        Its known text, packed or not.
    output
        File to write to, ``-`` for standard output.
    language, url
        What is known of the page.
    quiet
        Whether to say nothing on standard error.

    Raises
    ------
    InputError
        If the page has no visible text, or a file is no page.
    ConfigError
        If an input would be written over.
    """
    refuse_overwriting([output], [page, article])
    text = _file_text(page)
    lines = text.split("\n") if known_format(page) == "text" else rendered_lines(text)
    if not any(line.strip() for line in lines):
        raise InputError(f"{page}: has no visible text; give the page as it was served")
    aligned = align(lines, _file_text(article))
    document = LabelledDocument(
        id=page.as_posix(),
        lines=tuple(lines),
        codes=aligned.codes,
        source=_ALIGNED,
        language=language,
        group=group_of(page.as_posix(), url=url),
    )
    with open_output(output) as stream:
        stream.write(encode_rows(labelled_row(document)))
    if not quiet:
        n_lines = Counter(aligned.codes)
        sys.stderr.write(
            f"{page}: {n_lines['c']} lines content, {n_lines['o']} not, {n_lines['?']} uncertain "
            f"or blank; {aligned.coverage:.0%} of the article found\n"
        )


def _file_text(path: Path) -> str:
    """Return the characters of a page, packed or not."""
    kind = known_format(path)
    if kind not in (None, "html", "text"):
        raise InputError(f"{path}: is {kind}; give one page, as .html or .txt")
    return decode_page(read_unpacked(path))


def _fetched(source: Source, cache: Path, on_progress: OnProgress) -> Iterator[str]:
    if not source.files:
        yield (
            f"{source.name}: nothing to fetch; no address and checksum are on record "
            f"(origin: {source.origin}; commit: {source.commit}; licence: {source.licence})"
        )
    for file in source.files:

        def told(there: int, size: int | None, path: str = file.path) -> None:
            on_progress(f"fetching {path}", there / size if size else 0.0)

        outcome = fetch_file(file, cache, on_progress=told)
        yield f"{source.name}: {cache / file.path} {outcome}"


def _write(built: TrainingCorpus, output: Path) -> None:
    output.mkdir(parents=True, exist_ok=True)
    digests = {}
    for name, documents in ((DOCUMENTS, built.documents), (SPANNED, built.spanned)):
        with open_output(str(output / name)) as stream:
            for item in documents:
                stream.write(encode_rows(labelled_row(item)))
        digests[name] = file_digest(output / name)
    manifest = {
        "created_with": f"linespam {installed_version()}",
        **built.manifest,
        "files": digests,
    }
    with open_output(str(output / MANIFEST)) as stream:
        stream.write(encode_rows(json.dumps(manifest, ensure_ascii=False, indent=1) + "\n"))


def _n_dropped(built: TrainingCorpus) -> int:
    sources = built.manifest["sources"].values()
    return sum(sum(source["dropped"].values()) for source in sources)
