"""What every test may ask for: the checkout, tiny pages, a model trained on them, the corpora."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from classifier.datamodels import LabelledDocument
from classifier.model.line_classifier import LineClassifier
from classifier.training.labelled import read_labelled

if TYPE_CHECKING:
    from classifier.training.fit import TrainingResult


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


@pytest.fixture(scope="session")
def tiny_documents(repo_root: Path) -> tuple[LabelledDocument, ...]:
    """Thirty small labelled pages in twelve languages."""
    return tuple(read_labelled([repo_root / "tests" / "cases" / "tiny_pages.jsonl"]))


@pytest.fixture(scope="session")
def tiny_training(tiny_documents: tuple[LabelledDocument, ...]) -> "TrainingResult":
    """What training on the tiny pages gives; takes some seconds, so nothing may change it."""
    # scikit-learn takes a second to import, which tests of other things need not wait for
    from classifier.training.fit import (  # noqa: PLC0415
        TrainingSettings,
        fit_line_classifier,
    )

    settings = TrainingSettings(n_folds=2, n_passes=25)
    return fit_line_classifier(tiny_documents, settings=settings)


@pytest.fixture(scope="session")
def tiny_model(tiny_training: "TrainingResult") -> LineClassifier:
    """A real model, trained on the tiny pages; nothing may change it."""
    return tiny_training.model
