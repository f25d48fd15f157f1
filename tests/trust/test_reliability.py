"""The tables of docs/reliability.md name tests that are there, and leave none of the faults out."""

import ast
import re
from pathlib import Path

import pytest

ROW = re.compile(r"^\| (?P<fault>.+?) \| (?P<promise>.+?) \| `(?P<test>tests/[^`]+)` \|$")


@pytest.fixture(scope="module")
def named(repo_root: Path) -> list[str]:
    rows = (repo_root / "docs" / "reliability.md").read_text(encoding="utf-8").splitlines()
    rows = [row.replace(r"\|", "/") for row in rows if row.startswith("| ")]
    rows = [row for row in rows if not row.startswith("| Fault injected")]
    found = [ROW.match(row) for row in rows]
    assert [row for row, match in zip(rows, found, strict=True) if match is None] == []
    return [match["test"] for match in found if match]


def _tests_of(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_test_is_there_and_named_once(named: list[str], repo_root: Path) -> None:
    assert len(named) > 30
    assert len(set(named)) == len(named)
    missing = []
    for name in named:
        file, _, test = name.partition("::")
        path = repo_root / file
        if not (path.is_file() and test.startswith("test_") and test in _tests_of(path)):
            missing.append(name)
    assert missing == []


def test_no_fault_is_left_out(named: list[str], repo_root: Path) -> None:
    file = "tests/trust/test_faults.py"
    tests = {name for name in _tests_of(repo_root / file) if name.startswith("test_")}
    assert {f"{file}::{name}" for name in tests} <= set(named)
