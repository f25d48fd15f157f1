"""Operating points: from the share of content one is ready to lose to a threshold."""

from itertools import pairwise

import numpy as np
import pytest

from classifier.datamodels import OperatingPoint
from classifier.errors import ConfigError
from classifier.labels import Label
from classifier.model.line_classifier import LineClassifier
from classifier.training.fit import TrainingResult

POINTS = [
    {"max_content_loss": 0.001, "content_threshold": 0.05},
    {"max_content_loss": 0.01, "content_threshold": 0.2},
    {"max_content_loss": 0.1, "content_threshold": 0.7},
]


@pytest.fixture
def model(tiny_model: LineClassifier) -> LineClassifier:
    """A model with three known points."""
    return LineClassifier().adopt(tiny_model.model_, {"operating_points": POINTS})


@pytest.mark.parametrize(
    ("loss", "threshold"),
    [(0.001, 0.05), (0.01, 0.2), (0.099, 0.2), (0.1, 0.7), (0.9, 0.7), (0.0005, 0.0), (0, 0.0)],
)
def test_between_two_points_the_safer_one_is_taken(
    loss: float, threshold: float, model: LineClassifier
) -> None:
    point = model.operating_point(loss)
    assert point.content_threshold == threshold
    assert point.name == f"content loss {loss:g}"


def test_order_in_the_manifest_does_not_matter(tiny_model: LineClassifier) -> None:
    model = LineClassifier().adopt(tiny_model.model_, {"operating_points": POINTS[::-1]})
    assert model.operating_point(0.05).content_threshold == 0.2


def test_a_model_without_points_loses_nothing(tiny_model: LineClassifier) -> None:
    model = LineClassifier().adopt(tiny_model.model_, {})
    assert model.operating_point(0.5).content_threshold == 0.0


@pytest.mark.parametrize("loss", [-0.01, 1, 95, float("nan"), float("inf")])
def test_a_loss_out_of_range_is_refused(loss: float, model: LineClassifier) -> None:
    with pytest.raises(ConfigError, match=f"from 0 to below 1. Got {loss} instead"):
        model.operating_point(loss)


@pytest.mark.parametrize("threshold", [-0.1, 1.1, float("nan")])
def test_a_threshold_out_of_range_is_refused(threshold: float) -> None:
    with pytest.raises(ConfigError, match="must be between 0 and 1"):
        OperatingPoint("odd", content_threshold=threshold)


def test_the_threshold_itself_is_kept_and_ties_go_to_the_first_label() -> None:
    probabilities = np.array(
        [[0.5, 0.5, 0, 0], [0.49, 0.51, 0, 0], [0.2, 0.3, 0.2, 0.3], [0.4, 0.0, 0.3, 0.3]],
        dtype=np.float32,
    )
    blank = np.array([False, False, False, False])
    assert OperatingPoint().label_index(probabilities, blank).tolist() == [0, 1, 1, 2]
    generous = OperatingPoint("generous", content_threshold=0.2)
    assert generous.label_index(probabilities, ~blank).tolist() == [-1] * 4
    assert generous.label_index(probabilities, blank).tolist() == [0, 0, 0, 0]


def test_deciding_late_is_deciding_at_once(model: LineClassifier) -> None:
    text = "Startseite\n\nEin ganzer Satz über den Markt.\nbonus slot\nAlle Rechte vorbehalten"
    page = model.classify(text)
    for loss in (0, 0.01, 0.1):
        point = model.operating_point(loss)
        late, at_once = page.at(point), model.classify(text, point=point)
        assert late.labels == at_once.labels
        assert late.probabilities is page.probabilities


def test_readiness_to_lose_more_keeps_no_more(model: LineClassifier) -> None:
    page = model.classify("Menü\nEin Satz.\nbonus slot gacor\nweiter lesen\n© 2021")
    kept = [page.at(model.operating_point(loss)).kept for loss in (0, 0.001, 0.01, 0.1)]
    for generous, strict in pairwise(kept):
        assert not (strict & ~generous).any()


def test_points_of_a_training_lose_no_more_than_they_say(tiny_training: TrainingResult) -> None:
    points = tiny_training.model.manifest_["operating_points"]
    thresholds = [item["content_threshold"] for item in points]
    assert thresholds == sorted(thresholds)
    for item in points:
        point = tiny_training.model.operating_point(item["max_content_loss"])
        lost = total = 0
        for document, probabilities in zip(
            tiny_training.documents, tiny_training.out_of_fold, strict=True
        ):
            labels = point.label_index(probabilities, np.zeros(len(probabilities), np.bool_))
            for line, code, label in zip(document.lines, document.codes, labels, strict=True):
                if code == "c":
                    total += len(line)
                    lost += len(line) * (list(Label)[label] != Label.CONTENT)
        assert lost <= item["max_content_loss"] * total
