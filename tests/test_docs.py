"""The README keeps up with the code: its commands exist, its Python runs, its words are defined."""

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.main import get_command

from classifier.cli.app import app
from classifier.labels import LABELS

COMMAND_LINE = re.compile(r"^(?:\$ )?(?:.*\| )?linespam +(.+)$", re.MULTILINE)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
MAKE = re.compile(r"^(?:\$ )?make ([a-z-]+)", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)")
MODULE = re.compile(r"`([a-z_0-9/]+\.py)`")

MOST_OPTIONS = 8
MORE_OPTIONS = {"classify": 9, "clean": 9}
"""Runs over many documents need ``--jobs``, ``--resume`` and ``--strict``; commands of their own
for such runs would be a second way to do the same thing."""


def _commands() -> dict[str, object]:
    """Every command by its full name (``model verify``), groups themselves left out."""
    found: dict[str, object] = {}
    waiting = [("", get_command(app))]
    while waiting:
        name, command = waiting.pop()
        inner = getattr(command, "commands", None)
        if inner is None:
            found[name] = command
        else:
            waiting += [(f"{name} {word}".strip(), child) for word, child in inner.items()]
    return found


COMMANDS = _commands()


@pytest.fixture(scope="module")
def readme(repo_root: Path) -> str:
    return (repo_root / "README.md").read_text(encoding="utf-8")


def _blocks(text: str, *languages: str) -> list[str]:
    return [body for language, body in FENCE.findall(text) if language in languages]


def _options(name: str) -> list[Any]:
    return [
        parameter
        for parameter in getattr(COMMANDS[name], "params", [])
        if getattr(parameter, "param_type_name", "") == "option" and parameter.name != "help"
    ]


def test_the_command_line_is_a_typer_application() -> None:
    assert isinstance(app, typer.Typer)
    assert {"classify", "clean", "explain", "train", "evaluate"} <= set(COMMANDS)
    assert {"model info", "model verify"} <= set(COMMANDS)
    assert {"corpus build", "corpus fetch", "corpus align"} <= set(COMMANDS)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_command_is_in_the_readme_and_has_help(name: str, readme: str) -> None:
    assert re.search(rf"\blinespam {name}\b", readme)
    assert getattr(COMMANDS[name], "help", None)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_has_help_and_there_are_not_too_many(name: str) -> None:
    options = _options(name)
    assert len(options) <= MORE_OPTIONS.get(name, MOST_OPTIONS)
    assert [option.name for option in options if not option.help] == []


def test_allowed_options_are_still_there() -> None:
    """An exception that no command needs any more is one too many."""
    assert {name: len(_options(name)) for name in MORE_OPTIONS} == MORE_OPTIONS


def test_commands_of_the_readme_exist(readme: str) -> None:
    blocks = "\n".join(_blocks(readme, "", "console", "bash", "sh", "shell"))
    calls = COMMAND_LINE.findall(blocks)
    assert calls
    unknown = [
        call
        for call in calls
        if not call.startswith("-")
        and not any(call == name or call.startswith(f"{name} ") for name in COMMANDS)
    ]
    assert unknown == []


def test_make_targets_of_the_documents_exist(repo_root: Path, readme: str) -> None:
    makefile = (repo_root / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    contributing = (repo_root / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = {
        target
        for text in (readme, contributing)
        for block in _blocks(text, "", "console", "bash", "sh", "shell")
        for target in MAKE.findall(block)
    }
    assert named
    assert named <= targets


def test_ci_runs_the_test_command_of_the_readme(repo_root: Path, readme: str) -> None:
    last = (repo_root / ".ci" / "run").read_text(encoding="utf-8").strip().splitlines()[-1]
    assert last.split() == ["exec", "make", "test", "<", "/dev/null"]
    assert "make test" in readme


def test_files_the_documents_link_to_exist(repo_root: Path) -> None:
    folders = (repo_root, repo_root / "docs", repo_root / "data", repo_root / "seeds")
    documents = [path for folder in folders for path in folder.glob("*.md")]
    links = [
        (path, target)
        for path in documents
        for target in LINK.findall(path.read_text(encoding="utf-8"))
    ]
    assert links
    assert [
        f"{path.relative_to(repo_root)}: {target}"
        for path, target in links
        if not (path.parent / target).exists()
    ] == []


def test_every_module_is_in_the_architecture(repo_root: Path) -> None:
    """The table says of each module what it is for, and of none that is gone."""
    architecture = (repo_root / "docs" / "architecture.md").read_text(encoding="utf-8")
    package = repo_root / "classifier"
    modules = {
        path.relative_to(package).as_posix()
        for path in package.rglob("*.py")
        if not path.name.startswith("__")
    }
    named = set(MODULE.findall(architecture))
    assert {name for name in named if not name.startswith(("tests/", "classifier/"))} == modules


def test_every_label_is_in_the_readme(readme: str) -> None:
    assert [label for label in LABELS if f"`{label}`" not in readme] == []


def test_example_and_figures_of_the_readme_are_those_measured(repo_root: Path) -> None:
    if not (repo_root / "models" / "line-1" / "manifest.json").is_file():
        pytest.skip("models/line-1 is not trained yet; run make model")
    finished = subprocess.run(
        [sys.executable, "tests/benchmarks/readme_figures.py", "--check"],
        cwd=repo_root,
        env={**os.environ, "PYTHONPATH": str(repo_root)},
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr


def _runnable(repo_root: Path) -> list[str]:
    return _blocks((repo_root / "README.md").read_text(encoding="utf-8"), "python")


def test_python_of_the_readme_runs(repo_root: Path, tmp_path: Path) -> None:
    """Snippets share their names, as a reader types them one after the other."""
    blocks = _runnable(repo_root)
    assert blocks
    source = "\n".join(_as_script(block) for block in blocks)
    finished = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(repo_root)!r})\n{source}"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert finished.returncode == 0, finished.stderr


def test_python_of_the_readme_shows_what_it_says(repo_root: Path) -> None:
    """Snippets written as a session (``>>>``) print exactly what stands below them."""
    sessions = [block for block in _runnable(repo_root) if ">>>" in block]
    parser = doctest.DocTestParser()
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    names: dict[str, object] = {}
    for number, block in enumerate(sessions):
        test = parser.get_doctest(block, names, f"README snippet {number}", "README.md", 0)
        runner.run(test, clear_globs=False)
        names = test.globs
    assert runner.summarize(verbose=False).failed == 0


def _as_script(block: str) -> str:
    if ">>>" not in block:
        return block
    return "\n".join(example.source for example in doctest.DocTestParser().get_examples(block))
