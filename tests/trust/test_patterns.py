"""No regular expression of the package can backtrack for longer than its text is."""

import ast
import re
import re._constants as constants  # the standard library parses patterns nowhere else
import re._parser as parser
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

REPEATS = (constants.MAX_REPEAT, constants.MIN_REPEAT)


def _repeats(parsed: Any, depth: int = 0) -> Iterator[int]:
    """Yield for every unbounded repeat in how many others it lies."""
    for operation, argument in parsed:
        inner = depth
        if operation in REPEATS and argument[1] == constants.MAXREPEAT:
            yield depth
            inner = depth + 1
        for part in argument if isinstance(argument, tuple | list) else [argument]:
            branches = part if isinstance(part, list) else [part]
            for branch in branches:
                if isinstance(branch, parser.SubPattern):
                    yield from _repeats(branch, inner)


def _patterns(repo_root: Path) -> dict[str, re.Pattern[str]]:
    found = {}
    for path in (repo_root / "classifier").rglob("*.py"):
        if "re.compile(" not in path.read_text(encoding="utf-8"):
            continue
        name = ".".join(path.relative_to(repo_root).with_suffix("").parts)
        for key, value in vars(import_module(name)).items():
            if isinstance(value, re.Pattern):
                found[f"{name}.{key}"] = value
    return found


def test_no_repeat_lies_in_another(repo_root: Path) -> None:
    patterns = _patterns(repo_root)
    assert len(patterns) >= 5
    nested = {
        name: pattern.pattern
        for name, pattern in patterns.items()
        if any(_repeats(parser.parse(pattern.pattern, pattern.flags)))
    }
    assert nested == {}


def test_every_pattern_is_compiled_where_it_can_be_checked(repo_root: Path) -> None:
    """As a constant of its module, and not within a function."""
    elsewhere = []
    for path in (repo_root / "classifier").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        constant = {id(node.value) for node in tree.body if isinstance(node, ast.Assign)}
        elsewhere += [
            f"{path.relative_to(repo_root)}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name)
            and node.func.value.id == "re"
            and node.func.attr != "escape"
            and id(node) not in constant
        ]
    assert elsewhere == []


@pytest.mark.parametrize(
    ("pattern", "is_nested"),
    [(r"(a+)+b", True), (r"(?:x|(y*z)*)+", True), (r"a+b*c{3}", False), (r"(ab)+c?", False)],
)
def test_nesting_is_seen(pattern: str, is_nested: bool) -> None:
    assert any(_repeats(parser.parse(pattern))) == is_nested
