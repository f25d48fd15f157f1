"""Offsets of sources take up how generous their guidelines are."""

import numpy as np
import pytest

from classifier.model.calibration import softmax
from classifier.training.guidelines import SourceOffsets


def _trained(share_of_content: dict[str, float], n_steps: int = 3000) -> SourceOffsets:
    """Offsets after lines that all look the same and are content at their source's share."""
    rng = np.random.default_rng(0)
    names = list(share_of_content)
    guidelines = SourceOffsets(names)
    logits = np.zeros((4, 400), np.float32)
    logits[0] = np.log(3)
    for _ in range(n_steps):
        document = rng.integers(len(names), size=400)
        share = np.array([share_of_content[names[index]] for index in document])
        is_content = rng.random(400) < share
        probabilities = softmax(guidelines.added_to(logits, document))
        target = np.where(is_content, np.eye(4)[:, [0]], np.array([[0], [1], [1], [1]]) / 3)
        guidelines.step(((probabilities - target) / 400).astype(np.float32), document)
    return guidelines


def test_a_generous_source_gets_the_higher_offset() -> None:
    guidelines = _trained({"narrow": 0.3, "wide": 0.7})
    narrow, wide = guidelines.offsets
    assert wide - narrow == pytest.approx(2 * np.log(0.7 / 0.3), abs=0.25)


def test_the_mean_of_what_is_shown_stays_at_zero() -> None:
    assert _trained({"a": 0.2, "b": 0.5, "c": 0.9}, 50).offsets.mean() == pytest.approx(0)


def test_a_single_source_changes_nothing() -> None:
    guidelines = _trained({"only": 0.9}, 20)
    logits = np.ones((4, 2), np.float32)
    assert guidelines.added_to(logits, np.zeros(2, np.int64)).tolist() == logits.tolist()
