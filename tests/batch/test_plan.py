"""What a run is made of depends on the inputs alone."""

from pathlib import Path

import pytest

from classifier.batch.plan import chunks, shard_name, units
from classifier.io.base import Source
from classifier.io.formats import find_sources
from classifier.io.reading import SourceReader


@pytest.mark.parametrize(
    ("name", "output", "shard"),
    [
        ("a.txt", "clean", "a.txt"),
        ("a.txt.gz", "clean", "a.txt.gz"),
        ("a.jsonl.zst", "clean", "a.jsonl.zst"),
        ("a.parquet", "clean", "a.parquet"),
        ("a.html.gz", "clean", "a.html.txt.gz"),
        ("a.warc.gz", "clean", "a.warc.wet.gz"),
        ("a.warc.wet.gz", "clean", "a.warc.wet.gz"),
        ("a.txt", "jsonl", "a.txt.jsonl"),
        ("a.txt", "text", "a.txt"),
        ("a.jsonl.gz", "dolma", "a.jsonl.gz"),
        ("a.jsonl.gz", "parquet", "a.jsonl.parquet"),
        ("a.parquet", "parquet", "a.parquet"),
        ("a.parquet", "documents", "a.parquet.jsonl"),
        ("b/a.warc.gz", "tsv", "b/a.warc.tsv.gz"),
        ("README", "jsonl", "README.jsonl"),
    ],
)
def test_shards_have_the_names_of_their_inputs(name: str, output: str, shard: str) -> None:
    path = Path("pages", name)
    (form,) = [
        form
        for suffix, form in (
            ("parquet", "parquet"),
            ("wet.gz", "wet"),
            ("warc.gz", "warc"),
            ("html.gz", "html"),
            ("", "jsonl" if "jsonl" in name else "text"),
        )
        if name.endswith(suffix)
    ][:1]
    below = name if "/" in name else None
    assert shard_name(Source(str(path), path, form, below), output) == shard


def test_small_files_are_units_and_big_ones_are_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("classifier.batch.plan.PIECE_BYTES", 100)
    monkeypatch.setattr("classifier.batch.plan._SMALL_BYTES", 50)
    sizes = {"a": 40, "b": 40, "c": 40, "d": 50, "e": 10, "f": 10}
    for name, size in sizes.items():
        (tmp_path / f"{name}.txt").write_bytes(b"x" * size)
    (tmp_path / "g.txt.gz").write_bytes(b"")
    found = [[source.name[-5] for source in unit] for unit in units(find_sources([str(tmp_path)]))]
    assert found == [["a", "b"], ["c"], ["d"], ["e", "f"], ["x"]]


def test_small_files_share_a_chunk(tmp_path: Path) -> None:
    for name in "abc":
        (tmp_path / f"{name}.txt").write_text(name)
    sources = find_sources([str(tmp_path)])
    (chunk,) = chunks(sources, SourceReader(), packs=[False] * 3)
    assert [segment.is_last for segment in chunk.segments] == [True] * 3
    assert chunk.read_bytes == 3


@pytest.mark.usefixtures("small_pieces")
def test_big_file_makes_many_chunks_with_one_end(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "abc"}\n' * 10_000)
    sources = find_sources([str(tmp_path)])
    found = list(chunks(sources, SourceReader(), packs=[False]))
    assert len(found) > 5
    assert [segment.is_last for chunk in found for segment in chunk.segments] == [
        *[False] * (len(found) - 1),
        True,
    ]
    assert found[-1].read_bytes == 160_000
