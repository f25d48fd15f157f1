"""Cleaned documents to where they belong: one stream, or a folder with one file a source."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from classifier.errors import ConfigError
from classifier.io.base import Source
from classifier.io.formats import FORMATS, STANDARD_STREAM, known_format
from classifier.io.output import open_output, refuse_overwriting
from classifier.io.reading import SourceDocument

Writer = Callable[[SourceDocument, Sequence[str]], None]
"""Takes a document and the lines left of it."""


@contextmanager
def open_writer(
    target: str, sources: Sequence[Source], *, beside: Sequence[str] = ()
) -> Iterator[Writer]:
    """Open `target` for the cleaned documents of `sources`, each written in its own format.

    One named file goes to a file; a folder or several inputs go to a folder, under the names they
    have below the folder given. Every file appears once its last document is in. `beside` are the
    other files the run writes.

    Raises
    ------
    ConfigError
        If an input would be written over, two would get one name, or the formats do not mix.
    """
    if target != STANDARD_STREAM and _is_folder(target, sources):
        paths = _paths(Path(target), sources)
        refuse_overwriting([target, *map(str, paths.values()), *beside], sources)
        with _folder_writer(paths) as write:
            yield write
        return
    if len({source.format for source in sources}) > 1:
        raise ConfigError("text and JSONL do not mix in one stream; give a folder with -o")
    refuse_overwriting([target, *beside], sources)
    with open_output(target) as stream:
        yield _stream_writer(stream)


def _is_folder(target: str, sources: Sequence[Source]) -> bool:
    if Path(target).is_dir() or target.endswith("/"):
        return True
    if len(sources) == 1 and sources[0].below is None:
        return False
    if Path(target).exists() or known_format(Path(target)):
        raise ConfigError(
            f"{target}: is a file's name; several inputs or a folder are cleaned into a folder. "
            "Give a folder, or send standard output to the file"
        )
    return True


def _stream_writer(stream: BinaryIO) -> Writer:
    needs_line_feed = False

    def write(item: SourceDocument, lines: Sequence[str]) -> None:
        nonlocal needs_line_feed
        data = FORMATS[item.source.format].dump(item.document, lines)
        if not data:
            return
        stream.write(b"\n" + data if needs_line_feed else data)
        needs_line_feed = not data.endswith(b"\n")

    return write


@contextmanager
def _folder_writer(paths: Mapping[Source, Path]) -> Iterator[Writer]:
    stream: BinaryIO | None = None
    with ExitStack() as stack:

        def write(item: SourceDocument, lines: Sequence[str]) -> None:
            nonlocal stream
            if stream is None:
                path = paths[item.source]
                path.parent.mkdir(parents=True, exist_ok=True)
                stream = stack.enter_context(open_output(str(path)))
            stream.write(FORMATS[item.source.format].dump(item.document, lines))
            if item.is_last:
                stack.close()
                stream = None

        yield write


def _paths(folder: Path, sources: Sequence[Source]) -> dict[Source, Path]:
    paths: dict[Source, Path] = {}
    for source in sources:
        if source.path is None:
            raise ConfigError(
                "standard input has no name to get in a folder; clean it in a run of its own"
            )
        paths[source] = folder / (source.below or source.path.name)
    return paths
