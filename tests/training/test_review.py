"""The band for review keeps its promise outside and is no wider than it must be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.training.review import review_band, review_table

CONTENT = np.array([0, 0, 1, 0, 0, 1, 0, 1, 1, 1], dtype=np.bool_)
PROBABILITY = np.array([0.1, 0.2, 0.3, 0.35, 0.4, 0.6, 0.7, 0.8, 0.9, 0.95], dtype=np.float32)


def test_without_mistakes_the_band_holds_all_that_overlaps() -> None:
    (band,) = review_table(CONTENT, PROBABILITY, (0.0,))
    assert band.low == pytest.approx(0.3)
    assert 0.7 < band.high < 0.701
    assert band.coverage == pytest.approx(0.5)
    assert band.error_outside == 0
    assert band.error_inside == pytest.approx(2 / 5)


def test_one_mistake_of_either_kind_may_leave_no_band() -> None:
    (band,) = review_table(CONTENT, PROBABILITY, (0.2,))
    assert (band.low, band.high) == (0.5, 0.5)
    assert band.coverage == 1
    assert band.error_outside == pytest.approx(0.2)
    assert np.isnan(band.error_inside)


def test_a_given_band_is_measured_as_it_is() -> None:
    band = review_band(CONTENT, PROBABILITY, low=0.35, high=0.7, max_error=0.1)
    assert band.coverage == pytest.approx(7 / 10)  # 0.35, 0.4 and 0.6 are inside
    assert band.error_outside == pytest.approx(2 / 7)
    assert band.error_inside == 0


def test_of_one_kind_of_lines_there_is_nothing_to_tell() -> None:
    assert review_table(np.ones(3, np.bool_), PROBABILITY[:3]) == ()
    assert review_table(np.zeros(3, np.bool_), PROBABILITY[:3]) == ()


@given(
    st.lists(st.tuples(st.booleans(), st.integers(0, 20)), min_size=2, max_size=60).filter(
        lambda rows: len({content for content, _ in rows}) == 2
    ),
    st.sampled_from([0.0, 0.02, 0.1, 0.3]),
)
def test_the_limit_holds_for_both_mistakes(rows: list[tuple[bool, int]], limit: float) -> None:
    content = np.array([row[0] for row in rows], dtype=np.bool_)
    probability = np.array([row[1] / 20 for row in rows], dtype=np.float32)
    (band,) = review_table(content, probability, (limit,))
    assert band.low <= 0.5 <= band.high
    assert np.mean(probability[content] < band.low) <= limit
    assert np.mean(probability[~content] >= band.high) <= limit
