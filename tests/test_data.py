"""What data/ says of the collections is complete, and true of the files where they are."""

import hashlib
import json
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from classifier.labels import CODES

FIELDS = {
    *("file", "origin", "licence", "labels", "labelled_by", "use", "rows", "lines", "sha256"),
    "note",
}


@pytest.fixture(scope="module")
def collections(repo_root: Path) -> list[dict[str, Any]]:
    with (repo_root / "data" / "manifest.toml").open("rb") as file:
        found: list[dict[str, Any]] = tomllib.load(file)["collection"]
    return found


def test_every_collection_states_all_fields(collections: list[dict[str, Any]]) -> None:
    assert all(set(entry) == FIELDS for entry in collections)
    assert all(str(value) for entry in collections for value in entry.values())


def test_benchmarks_and_only_they_are_for_measuring(collections: list[dict[str, Any]]) -> None:
    for entry in collections:
        is_benchmark = entry["file"].startswith("benchmark/")
        assert entry["use"] == ("measure" if is_benchmark else "train")


def test_readme_names_every_collection_and_code(
    collections: list[dict[str, Any]], repo_root: Path
) -> None:
    readme = (repo_root / "data" / "README.md").read_text(encoding="utf-8")
    for entry in collections:
        name = entry["file"].removesuffix(".jsonl.gz")
        assert f"| {name} | {entry['origin']} | {entry['licence']} | {entry['rows']} |" in readme
    assert all(f"| `{code}` |" in readme for code in CODES)


@pytest.mark.corpora
def test_digests_are_those_of_the_files(collections: list[dict[str, Any]], corpora: Path) -> None:
    present = {path.relative_to(corpora).as_posix() for path in corpora.rglob("*.jsonl.gz")}
    assert {entry["file"] for entry in collections} == present
    for entry in collections:
        assert hashlib.sha256((corpora / entry["file"]).read_bytes()).hexdigest() == entry["sha256"]


def test_readme_of_the_gold_labels_counts_them(repo_root: Path) -> None:
    folder = repo_root / "data" / "gold"
    with (folder / "labels.jsonl").open(encoding="utf-8") as stream:
        rows = [json.loads(row) for row in stream]
    n_lines = Counter("".join(row["labels"] for row in rows))
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert f"{len(rows):,} pages in {len({row['lang'] for row in rows})} languages" in readme
    for code, name in zip(
        "csl?b", ("content", "stuffing", "linkfarm", "not read", "boilerplate"), strict=True
    ):
        assert f"| {name} | {n_lines[code]:,} |" in readme
