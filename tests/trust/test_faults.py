"""What can go wrong around a run does: a clear sentence, the right exit code, nothing lost."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from classifier.cli.app import main
from classifier.io.formats import find_sources

LINE = "Der Gemeinderat beschloss am Montag den Bau der neuen Schule.\n"

EXIT_CLOSED = 141

KEEP_ALL = ("--max-content-loss", "0")


def _pages(folder: Path, n_files: int, n_lines: int = 400) -> Path:
    folder.mkdir()
    for number in range(n_files):
        (folder / f"{number:03}.txt").write_text(f"Seite {number}\n" + LINE * n_lines)
    return folder


def _assert_one_sentence(said: bytes, *words: bytes) -> None:
    assert said.startswith(b"linespam: ")
    assert said.count(b"\n") == 1
    for word in words:
        assert word in said


@pytest.mark.parametrize("name", ["out.jsonl", "out.jsonl.gz", "out.tsv"])
def test_a_full_disk_is_told_and_leaves_the_old_output(
    name: str, command: Any, tmp_path: Path
) -> None:
    text = "".join(f"{os.urandom(30).hex()} {number}\n" for number in range(20_000))
    (tmp_path / "page.txt").write_text(text)
    (tmp_path / name).write_bytes(b"of yesterday")
    finished = command("classify", "page.txt", "-o", name, "-q", file_bytes=50_000)
    assert finished.returncode == 1
    _assert_one_sentence(finished.stderr, b"File too large", name.encode())
    assert (tmp_path / name).read_bytes() == b"of yesterday"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, "page.txt"])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")
@pytest.mark.parametrize("words", [["classify"], ["clean", *KEEP_ALL], ["explain", "--line", "1"]])
def test_a_full_disk_behind_standard_output_is_told(
    words: list[str], repo_root: Path, tiny_folder: Path, tmp_path: Path
) -> None:
    page = tmp_path / "page.txt"
    page.write_text(LINE * 20)
    with Path("/dev/full").open("wb") as full:
        finished = subprocess.run(
            [sys.executable, "-m", "classifier", *words, str(page), "--model", str(tiny_folder)],
            env={**os.environ, "PYTHONPATH": str(repo_root)},
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert finished.returncode == 1
    _assert_one_sentence(finished.stderr, b"No space left on device")


@pytest.mark.skipif(sys.platform != "linux", reason="root gives up its privilege by prctl")
def test_a_read_only_output_is_told_before_any_work(command: Any, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(LINE)
    (tmp_path / "shut").mkdir(mode=0o555)
    finished = command("classify", "page.txt", "-o", "shut/out.jsonl", "-q", privileged=False)
    assert finished.returncode == 1
    _assert_one_sentence(finished.stderr, b"shut/out.jsonl: cannot be written: Permission denied")


def test_an_output_where_nothing_can_be_made_is_told(command: Any, tmp_path: Path) -> None:
    (tmp_path / "page.txt").write_text(LINE)
    finished = command("classify", "page.txt", "-o", "nowhere/out.jsonl", "-q")
    assert finished.returncode == 1
    _assert_one_sentence(finished.stderr, b"nowhere/out.jsonl: cannot be written")


@pytest.mark.parametrize("name", ["page.txt", "page.jsonl", "page.txt.gz"])
def test_an_input_that_vanished_is_named(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, tiny_folder: Path
) -> None:
    """It was there when the command looked and is gone when it is read."""
    page = tmp_path / name
    page.write_text(LINE)

    def find_and_lose(*words: Any) -> Any:
        found = find_sources(*words)
        page.unlink()
        return found

    monkeypatch.setattr("classifier.cli.classify.find_sources", find_and_lose)
    output = tmp_path / "out.jsonl"
    words = ["classify", str(page), "-q", "--model", str(tiny_folder), "-o", str(output)]
    monkeypatch.setattr(sys, "argv", ["linespam", *words])
    with pytest.raises(SystemExit) as stop:
        main()
    assert stop.value.code == 1
    _assert_one_sentence(capsys.readouterr().err.encode(), f"{page}".encode(), b"No such file")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [["classify"], ["clean", *KEEP_ALL]])
def test_a_closed_pipe_ends_quietly(
    words: list[str], repo_root: Path, tiny_folder: Path, tmp_path: Path
) -> None:
    """As in ``linespam classify big.txt | head -1``."""
    page = tmp_path / "page.txt"
    page.write_text(LINE * 30_000)
    with subprocess.Popen(
        [sys.executable, "-m", "classifier", *words, str(page), "--model", str(tiny_folder)],
        env={**os.environ, "PYTHONPATH": str(repo_root)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        said = process.stderr.read()
        assert process.wait(timeout=300) == EXIT_CLOSED
    assert b"Traceback" not in said


def _children(process: int) -> list[int]:
    found = []
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        found += [int(word) for word in path.read_text().split()]
    return found


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's /proc")
def test_a_killed_worker_is_told_and_the_run_is_gone_on_with(
    command: Any, repo_root: Path, tiny_folder: Path, tmp_path: Path
) -> None:
    _pages(tmp_path / "in", 60, n_lines=1500)
    words = ["clean", "in", "-o", "out", "--jobs", "2", "--model", str(tiny_folder)]
    with subprocess.Popen(
        [sys.executable, "-m", "classifier", *words],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(repo_root), "OMP_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and len(list((tmp_path / "out").glob("*.txt"))) < 3:
            time.sleep(0.01)
        workers = _children(process.pid)
        for worker in workers[-1:]:
            os.kill(worker, signal.SIGKILL)
        _, said = process.communicate(timeout=300)
    assert workers
    assert process.returncode == 1
    _assert_one_sentence(said, b"worker process ended before its work was done", b"--resume")
    for shard in (tmp_path / "out").glob("*.txt"):
        number = int(shard.stem)
        whole = command("clean", f"in/{number:03}.txt", "-q").stdout
        assert shard.read_bytes() == whole
        break
    assert command("clean", "in", "-o", "out", "--resume", "-q").returncode == 0
    assert len(list((tmp_path / "out").glob("*.txt"))) == 60


def test_a_ledger_that_cannot_be_written_is_told(command: Any, tmp_path: Path) -> None:
    _pages(tmp_path / "in", 2, n_lines=3)
    (tmp_path / "out" / ".linespam" / "ledger.jsonl").mkdir(parents=True)
    finished = command("clean", "in", "-o", "out", "-q")
    assert finished.returncode == 1
    _assert_one_sentence(finished.stderr, b"ledger.jsonl")


def _clock(*seconds: float) -> Callable[[], float]:
    told = iter(seconds)
    last = seconds[-1]
    return lambda: next(told, last)


def test_a_clock_going_back_changes_no_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsysbinary: Any, tiny_folder: Path
) -> None:
    """Inputs dated in the future, results dated in the past: digests decide, not times."""
    folder = _pages(tmp_path / "in", 2, n_lines=3)
    output = tmp_path / "out"
    words = ["clean", str(folder), "-o", str(output), "-q", *KEEP_ALL]
    words += ["--model", str(tiny_folder)]

    def run(*more: str) -> None:
        monkeypatch.setattr(sys, "argv", ["linespam", *words, *more])
        with pytest.raises(SystemExit) as stop:
            main()
        assert not stop.value.code

    run()
    before = {path.name: path.read_bytes() for path in output.glob("*.txt")}
    for path in folder.iterdir():
        os.utime(path, (4e9, 4e9))
    (folder / "001.txt").write_text("ganz anders\n")
    os.utime(folder / "001.txt", (0, 0))
    monkeypatch.setattr(time, "time", _clock(1e9, 5e8, 0.0))
    run("--resume")
    after = {path.name: path.read_bytes() for path in output.glob("*.txt")}
    assert after["000.txt"] == before["000.txt"]
    assert after["001.txt"] != before["001.txt"]
