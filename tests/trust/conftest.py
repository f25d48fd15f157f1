"""What the tests of trust share: a model folder of our own, and the command as a process."""

import ctypes
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from classifier.model.line_classifier import LineClassifier

Command = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture(scope="session")
def tiny_folder(tiny_model: LineClassifier, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of a small trained model; nothing may change it."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    tiny_model.save(folder, extra_files={"README.md": "# tiny\n"})
    return folder


@pytest.fixture
def folder(tiny_folder: Path, tmp_path: Path) -> Path:
    """A copy of it, to be damaged."""
    return Path(shutil.copytree(tiny_folder, tmp_path / "model"))


def limit_file_size(n_bytes: int) -> Callable[[], None]:
    """Return what makes writing beyond so many bytes of a file fail, as on a full disk."""

    def limit() -> None:
        import signal  # noqa: PLC0415 - runs in the child alone

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, n_bytes))

    return limit


def give_up_privilege() -> None:
    """Let permissions count for root too, which CI often is: drop what overrides them (Linux)."""
    if os.geteuid() == 0:
        drop_from_bounding_set, overrides_permissions = 24, 1
        ctypes.CDLL(None).prctl(drop_from_bounding_set, overrides_permissions, 0, 0, 0)


@pytest.fixture
def command(repo_root: Path, tmp_path: Path, tiny_folder: Path) -> Command:
    """Run ``linespam`` as a process of its own, with the tiny model where one is wanted."""

    def run(
        *words: object,
        given: bytes | None = None,
        model: bool = True,
        file_bytes: int | None = None,
        privileged: bool = True,
    ) -> subprocess.CompletedProcess[bytes]:
        options = ["--model", str(tiny_folder)] if model else []
        before = None if file_bytes is None else limit_file_size(file_bytes)
        return subprocess.run(
            [sys.executable, "-m", "classifier", *map(str, words), *options],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(repo_root), "OMP_NUM_THREADS": "1"},
            input=given,
            capture_output=True,
            check=False,
            timeout=600,
            preexec_fn=before if privileged else give_up_privilege,
        )

    return run
