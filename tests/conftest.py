"""What every test may ask for: the checkout, tiny pages, a model trained on them, the corpora."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from classifier.datamodels import LabelledDocument
from classifier.model.line_classifier import LineClassifier
from classifier.model.span_features import TOKEN_FEATURES
from classifier.model.spans import BEGIN, INSIDE, SpanWeights, span_shapes
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


@pytest.fixture(scope="session")
def spans_by_form() -> SpanWeights:
    """Weights that know no word: brackets, copies, and phrases the head has too are spam."""
    arrays = {name: np.zeros(shape, np.float32) for name, shape in span_shapes().items()}
    spam = ("inside brackets", "copy of a line without its spaces", "phrase in the head")
    edges = {
        "opens a bracket": 2,
        "a copy begins": 1,
        "a phrase that comes back begins": 1,
        "inside brackets": -1,
    }
    for channel, weights in enumerate((dict.fromkeys(spam, 1), edges)):
        for name, weight in weights.items():
            arrays["tagger_input"][channel, TOKEN_FEATURES.index(name)] = weight
    arrays["tagger_output"][[BEGIN, INSIDE], 0] = 12
    arrays["tagger_output"][BEGIN, 1] = 6
    arrays["tagger_output_bias"][[BEGIN, INSIDE]] = (-6, -4)
    arrays["gate"][-1] = 4
    arrays["calibration"][:] = (1, 0)
    return SpanWeights.of_arrays(arrays)
