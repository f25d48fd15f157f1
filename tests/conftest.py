"""What every test may ask for: the checkout, and the corpora if they are there."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def repo_root() -> Path:
    """Top of the checkout."""
    return Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def corpora(repo_root: Path) -> Path:
    """The folder of labelled corpora; the test is skipped where it is absent."""
    folder = Path(os.environ.get("LINESPAM_CORPORA") or repo_root / ".." / "shared" / "corpora")
    if not folder.is_dir():
        pytest.skip(
            "no corpora beside the checkout (../shared/corpora); set LINESPAM_CORPORA to run this"
        )
    return folder.resolve()
