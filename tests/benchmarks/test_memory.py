"""The memory of a run does not grow with its file: the short form of ``make bench-memory``."""

import json
from pathlib import Path

import memory
import pytest

pytestmark = pytest.mark.slow

FILE_BYTES, LINE_BYTES = 40_000_000, 10_000_000


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    runs = memory.measure(tmp_path, FILE_BYTES, LINE_BYTES)["runs"]
    peaks = {name: run["peak_megabytes"] for name, run in runs.items()}
    assert runs[memory.LARGE]["bytes"] >= FILE_BYTES
    assert peaks[memory.LARGE] < peaks[memory.SMALL] + 100
    assert max(peaks.values()) < memory.MAX_MEGABYTES
    assert list(tmp_path.iterdir()) == []


def test_files_hold_what_they_should(tmp_path: Path) -> None:
    import pyarrow.parquet as pq  # noqa: PLC0415 - optional

    memory.write_jsonl(tmp_path / "a.jsonl", 200_000)
    memory.write_parquet(tmp_path / "a.parquet", 200_000)
    rows = (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()
    table = pq.read_table(tmp_path / "a.parquet")
    assert [json.loads(row) for row in rows] == table.slice(0, len(rows)).to_pylist()
    memory.write_line(tmp_path / "line.txt", 1000)
    assert len((tmp_path / "line.txt").read_text(encoding="utf-8")) == 1000
    memory.write_line_record(tmp_path / "line.jsonl", 1000)
    first, second = (tmp_path / "line.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(json.loads(first)["text"]) == 1000
    assert "\n" in json.loads(second)["text"]
