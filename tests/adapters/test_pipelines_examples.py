"""The examples of docs/pipelines.md run as they stand there, each in a process of its own."""

import importlib.util
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pq = pytest.importorskip("pyarrow.parquet", reason="pyarrow is not installed (group dev)")

SECTION = re.compile(r"^## (.+)$", re.MULTILINE)
EXAMPLE = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
IMPORTED = re.compile(r"^(?:from|import) (\w+)", re.MULTILINE)
DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "pipelines.md"
SLOW = {"Ray Data", "Spark"}


def _examples() -> dict[str, str]:
    _, *parts = SECTION.split(DOCUMENT.read_text(encoding="utf-8"))
    return {
        f"{title} {number}" if number else title: example
        for title, body in zip(parts[::2], parts[1::2], strict=True)
        for number, example in enumerate(EXAMPLE.findall(body))
    }


EXAMPLES = _examples()

# What must be there afterwards.
MADE = {
    "Arrow 1": "cleaned.parquet",
    "polars": "cleaned.parquet",
    "Ray Data": "cleaned/*.parquet",
    "Spark": "cleaned/*.parquet",
    "datatrove": "cleaned/*.jsonl.gz",
}


@pytest.fixture
def folder(tmp_path: Path, pages: Callable[[int], Any]) -> Path:
    """What the examples read: a Parquet file, and a folder of JSONL files."""
    table = pages(40).select(["id", "text"])
    pq.write_table(table, tmp_path / "pages.parquet")
    (tmp_path / "pages").mkdir()
    rows = table.to_pylist()
    for shard in range(2):
        path = tmp_path / "pages" / f"{shard}.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows[shard::2]), encoding="utf-8")
    return tmp_path


def test_there_are_examples() -> None:
    assert {"scikit-learn", "Arrow", "Ray Data", "Spark", "datatrove", "DuckDB"} <= set(EXAMPLES)
    assert set(MADE) <= set(EXAMPLES)


@pytest.mark.parametrize(
    "name",
    [pytest.param(each, marks=[pytest.mark.slow] if each in SLOW else []) for each in EXAMPLES],
)
def test_example_runs(name: str, folder: Path, repo_root: Path) -> None:
    for module in sorted(set(IMPORTED.findall(EXAMPLES[name]))):
        if importlib.util.find_spec(module) is None:
            pytest.skip(f"{module} is not installed; run make test-hosts")
    script = folder / "example.py"
    script.write_text(EXAMPLES[name], encoding="utf-8")
    finished = subprocess.run(
        [sys.executable, str(script)],
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": str(repo_root),
            "PYSPARK_PYTHON": sys.executable,
            "SPARK_LOCAL_IP": "127.0.0.1",
            "RAY_USAGE_STATS_ENABLED": "0",
            "HF_HUB_OFFLINE": "1",
        },
        capture_output=True,
        check=False,
        encoding="utf-8",
        timeout=300,
    )
    assert finished.returncode == 0, finished.stderr
    if name in MADE:
        assert list(folder.glob(MADE[name]))
