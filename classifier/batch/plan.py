"""Which chunks a run is made of: the same for the same inputs, however many processes there are.

Documents of a chunk are judged in common batches. What a page gets should not depend on its batch
(`model/pages.py`), but libraries of linear algebra differ, and the bytes of a run must not hang on
that: so chunks are formed by the order of the records alone, and small files that share chunks form
a unit, done whole or done again whole.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from classifier.batch.pool import Chunk
from classifier.batch.worker import CLEAN, Segment
from classifier.errors import InputError
from classifier.io.base import PIECE_BYTES, Piece, Source
from classifier.io.compression import packed_suffix
from classifier.io.formats import FORMATS
from classifier.io.reading import SourceReader

_SMALL_BYTES = PIECE_BYTES // 4
"""A smaller file shares its chunks with its neighbours."""

_ROW_SUFFIXES = {
    "jsonl": ".jsonl",
    "tsv": ".tsv",
    "text": ".txt",
    "documents": ".jsonl",
    "parquet": ".parquet",
    "dolma": ".jsonl",
}


def shard_name(source: Source, output: str) -> str:
    """Return the name below the output folder of the results for a file.

    It is the file's own where the suffix fits what it will hold, else one is added; results are
    packed as the file was.

    Examples
    --------
    >>> from pathlib import Path
    >>> pages = Source("pages.jsonl.gz", Path("pages.jsonl.gz"), "jsonl")
    >>> shard_name(pages, "jsonl"), shard_name(pages, "tsv"), shard_name(pages, "parquet")
    ('pages.jsonl.gz', 'pages.jsonl.tsv.gz', 'pages.jsonl.parquet')
    """
    name = source.below or Path(source.name).name
    packed = packed_suffix(name)
    stem = name[: len(name) - len(packed)]
    if output == CLEAN:
        return stem + FORMATS[source.format].cleaned_suffix + packed
    suffix = _ROW_SUFFIXES[output]
    if output == "parquet":
        packed = ""
    return stem + ("" if stem.lower().endswith(suffix) else suffix) + packed


def units(sources: Sequence[Source]) -> Iterator[list[Source]]:
    """Yield the sources in units, in order: small files together, others alone."""
    waiting: list[Source] = []
    n_bytes = 0
    for source in sources:
        size = _size(source)
        if waiting and (size is None or n_bytes + size > PIECE_BYTES):
            yield waiting
            waiting, n_bytes = [], 0
        if size is None:
            yield [source]
        else:
            waiting.append(source)
            n_bytes += size
    if waiting:
        yield waiting


def _size(source: Source) -> int | None:
    """Return the size of a small file that is not packed, None for all others."""
    if source.path is None or not source.path.is_file() or packed_suffix(source.path):
        return None
    size = source.path.stat().st_size
    return size if size < _SMALL_BYTES else None


def chunks(
    unit: Sequence[Source], reader: SourceReader, *, packs: Sequence[bool]
) -> Iterator[Chunk]:
    """Yield the chunks of a unit; `packs` says for each source whether results get packed."""
    segments: list[Segment] = []
    n_bytes = 0
    for source, is_packed in zip(unit, packs, strict=True):
        pieces: list[Piece] = []
        try:
            for piece in reader.pieces(source):
                pieces.append(piece)
                n_bytes += len(piece.data)
                if n_bytes >= PIECE_BYTES:
                    segments.append(Segment(source, tuple(pieces), is_packed))
                    yield Chunk(tuple(segments), reader.read_bytes)
                    segments, pieces, n_bytes = [], [], 0
        except InputError:  # what was read before it comes out first
            yield Chunk((*segments, Segment(source, tuple(pieces), is_packed)), 0)
            raise
        segments.append(Segment(source, tuple(pieces), is_packed, is_last=True))
    yield Chunk(tuple(segments), reader.read_bytes)
