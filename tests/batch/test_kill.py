"""Killed at any moment, a run leaves no half file, no process, and is gone on with."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="SIGKILL and process groups are POSIX"),
]

N_KILLS = 20


@pytest.fixture
def shards(tmp_path: Path, jsonl: Any) -> Path:
    folder = tmp_path / "in"
    folder.mkdir()
    for seed in range(14):
        data = jsonl(100, seed) + ("no record\n" if seed % 5 == 0 else "")
        (folder / f"{seed:02}.jsonl").write_text(data, encoding="utf-8")
    return folder


class Command:
    def __init__(self, model: Path, root: Path, shards: Path) -> None:
        self._words = [sys.executable, "-m", "classifier", "clean", str(shards)]
        self._words += ["--model", str(model), "--quiet"]
        self._root = root

    def start(self, out: Path, *more: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [*self._words, "-o", str(out), "--removed", str(out / "_removed.jsonl"), *more],
            cwd=self._root,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )

    def finish(self, out: Path, *more: str) -> None:
        with self.start(out, *more) as process:
            _, said = process.communicate()
        assert (process.returncode, said) == (0, b"")


def wait_until_gone(group: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.02)
    raise AssertionError("processes of a killed run are still there")


def wait_for_a_moment(process: subprocess.Popen[bytes], out: Path, rng: random.Random) -> None:
    """Wait until some shards are there, any number, and a little longer."""
    n_wanted = rng.randrange(14)
    while process.poll() is None and len(list(out.glob("*.jsonl"))) < n_wanted:
        time.sleep(0.002)
    time.sleep(rng.uniform(0, 0.05 if n_wanted else 0.5))


def test_killed_runs_are_gone_on_with_to_the_same_bytes(
    model_folder: Path, repo_root: Path, shards: Path, tmp_path: Path, files_of: Any
) -> None:
    command = Command(model_folder, repo_root, shards)
    command.finish(tmp_path / "expected")
    expected = files_of(tmp_path / "expected")
    visible = {name for name in expected if not name.startswith(".linespam/")}
    assert len(visible) == 14 + 2
    rng = random.Random(20)  # noqa: S311 - the same moments every time
    n_unfinished = 0
    for number in range(N_KILLS):
        out = tmp_path / f"out{number}"
        # Some of the runs are killed again while they are gone on with.
        for more in ([], ["--resume"])[: 1 + (number % 5 == 1)]:
            with command.start(out, *more, "--jobs", str(1 + (number % 5 == 3))) as process:
                wait_for_a_moment(process, out, rng)
                process.send_signal(signal.SIGKILL)
                process.communicate()
            wait_until_gone(process.pid)
            found = files_of(out, hidden=False) if out.exists() else {}
            assert {name: expected[name] for name in found} == found
            n_unfinished += set(found) < visible
        command.finish(out, "--resume")
        assert files_of(out) == expected
    assert n_unfinished >= N_KILLS // 2, "most runs were done before they were killed"


def test_interrupt_ends_a_run_at_once_and_leaves_no_half_file(
    model_folder: Path, repo_root: Path, shards: Path, tmp_path: Path, files_of: Any
) -> None:
    command = Command(model_folder, repo_root, shards)
    out = tmp_path / "out"
    with command.start(out, "--jobs", "2") as process:
        while not (out / "00.jsonl").exists():
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGINT)
        _, said = process.communicate(timeout=30)
    assert process.returncode in (130, 0)
    assert b"Traceback" not in said
    wait_until_gone(process.pid)
    command.finish(out, "--resume")
    command.finish(tmp_path / "expected")
    assert files_of(out) == files_of(tmp_path / "expected")
