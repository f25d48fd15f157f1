"""Nothing here speaks to a network: every way to a socket is closed, and everything still works."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

FORBID = """
import socket, sys

def refuse(*words, **options):
    raise AssertionError("a socket was asked for")

def watch(event, arguments):
    if event.startswith("socket.") and event != "socket.gethostname":
        raise AssertionError(f"{event} {arguments}")

socket.socket.connect = socket.create_connection = refuse
sys.addaudithook(watch)
from classifier.cli.app import main
sys.argv = ["linespam", *sys.argv[1:]]
main()
"""

PAGE = "Startseite\nDer Gemeinderat beschloss den Bau der Schule.\nhttps://shop.example/pills\n"


def _run(repo_root: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", FORBID, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(repo_root)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "words",
    [
        ["classify", "page.txt"],
        ["clean", "page.txt"],
        ["clean", "page.html"],
        ["explain", "page.txt", "--line", "2"],
        ["classify", "page.jsonl", "-o", "rows.parquet"],
        ["evaluate", "TINY"],
        ["train", "TINY", "-o", "mine-1", "--folds", "2", "--passes", "1"],
        ["model", "info", "MODEL"],
        ["model", "verify", "MODEL"],
    ],
    ids=" ".join,
)
def test_no_command_opens_a_socket(
    words: list[str], repo_root: Path, tmp_path: Path, tiny_folder: Path
) -> None:
    for module in {"page.html": "resiliparse", "page.jsonl": "pyarrow"}.items():
        if module[0] in words:
            pytest.importorskip(module[1])
    (tmp_path / "page.txt").write_text(PAGE, encoding="utf-8")
    (tmp_path / "page.html").write_text("<p>Ein Satz.<img src='https://a.example/x.png'>")
    (tmp_path / "page.jsonl").write_text('{"text": "Ein Satz."}\n')
    tiny = repo_root / "tests" / "cases" / "tiny_pages.jsonl"
    named = {"TINY": str(tiny), "MODEL": str(tiny_folder)}
    given = [named.get(word, word) for word in words]
    if words[0] in ("classify", "clean", "explain", "evaluate"):
        given += ["--model", str(tiny_folder)]
    finished = _run(repo_root, tmp_path, *given)
    assert finished.returncode == 0, finished.stderr


def test_the_guard_notices_a_socket(repo_root: Path, tmp_path: Path) -> None:
    code = FORBID.replace("main()\n", "socket.socket()\n")
    finished = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(repo_root)},
        capture_output=True,
        check=False,
    )
    assert finished.returncode == 1
    assert b"socket.__new__" in finished.stderr
