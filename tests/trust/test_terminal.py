"""What reaches a terminal moves no cursor, whoever wrote it; pipes and files get every byte."""

import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.io.terminal import TerminalWriter
from classifier.model.manifest import MANIFEST_FILE

# A new title, a cleared screen, an answer typed for the user, a C1 control, a turned direction.
HOSTILE = "\x1b]0;pwned\x07\x1b[2J\x1b[6n\x9b31m\u202e\x00\x08\r"
LINE = f"Buy {HOSTILE} now"
UNSAFE = [character for character in HOSTILE if not character.isprintable() and character != "\r"]


def _on_terminal(words: list[str], folder: Path, repo_root: Path) -> str:
    """Return what a terminal would be sent on standard output and standard error."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "classifier", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(repo_root)},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    try:
        while part := os.read(ours, 65536):
            shown += part
    except OSError:  # Linux says so when the other side is closed
        pass
    os.close(ours)
    process.wait(timeout=300)
    return shown.decode("utf-8")


def _assert_harmless(shown: str) -> None:
    assert shown
    text = shown.replace("\r\n", "\n")  # the terminal's own line ends
    found = [character for character in UNSAFE if character in text]
    assert found == []
    assert "\r" not in text


@pytest.mark.parametrize(
    "words",
    [
        ["classify", "page.txt"],
        ["classify", "page.txt", "--format", "tsv"],
        ["classify", "page.txt", "--format", "text"],
        ["clean", "page.txt", "--max-content-loss", "0"],
        ["explain", "page.txt", "--line", "1"],
        ["explain", "page.txt", "--line", "1", "--format", "jsonl"],
    ],
    ids=" ".join,
)
def test_text_of_pages_is_escaped(
    words: list[str], tmp_path: Path, tiny_folder: Path, repo_root: Path
) -> None:
    (tmp_path / "page.txt").write_text(LINE.replace("\x00", "") + "\n" + "x\n", encoding="utf-8")
    words = [*words, "--model", str(tiny_folder)]
    shown = _on_terminal(words, tmp_path, repo_root)
    assert "Buy" in shown
    _assert_harmless(shown)


def test_names_of_files_in_messages_are_escaped(tmp_path: Path, repo_root: Path) -> None:
    name = HOSTILE.replace("\x00", "") + ".odd"
    (tmp_path / name).write_text("x")
    shown = _on_terminal(["classify", name], tmp_path, repo_root)
    assert "unknown suffix" in shown
    _assert_harmless(shown)


def test_fields_of_records_in_messages_are_escaped(tmp_path: Path, repo_root: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": HOSTILE, "text": 1}) + "\n")
    (tmp_path / "b.jsonl").write_text(json.dumps({"id": HOSTILE, "lines": ["x"], "labels": "?"}))
    for words in (["classify", "a.jsonl"], ["train", "b.jsonl", "-o", "m"]):
        _assert_harmless(_on_terminal(words, tmp_path, repo_root))


def test_facts_of_models_are_escaped(folder: Path, repo_root: Path) -> None:
    manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
    manifest["name"] = HOSTILE
    manifest["training"] = {HOSTILE: HOSTILE}
    (folder / MANIFEST_FILE).write_text(json.dumps(manifest), encoding="utf-8")
    for words in (["model", "info"], ["model", "info", "--format", "json"], ["model", "verify"]):
        command, *options = words[:2]
        shown = _on_terminal([command, *options, str(folder), *words[2:]], folder, repo_root)
        _assert_harmless(shown)


def test_a_pipe_gets_every_byte(command: Any, tmp_path: Path) -> None:
    page = (LINE.replace("\x00", "") + "\n").encode() * 3
    (tmp_path / "page.txt").write_bytes(page)
    rows = command("classify", "page.txt", "-q").stdout.decode().splitlines()
    assert "\n".join(json.loads(row)["text"] for row in rows).encode() == page


@given(st.text(), st.integers(1, 7))
def test_characters_may_come_in_parts(text: str, size: int) -> None:
    data = text.encode("utf-8", "replace")
    terminal = io.BytesIO()
    writer = TerminalWriter(terminal)
    for start in range(0, len(data), size):
        assert writer.write(data[start : start + size]) == len(data[start : start + size])
    shown = terminal.getvalue().decode("utf-8")
    assert not any(character in shown for character in UNSAFE)
    if text.isascii() and text.isprintable():
        assert shown == text
