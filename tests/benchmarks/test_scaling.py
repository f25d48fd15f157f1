"""Time grows with the text and not faster: ``make scaling`` in short."""

import pytest
import scaling

from classifier.model.line_classifier import LineClassifier

pytestmark = pytest.mark.slow

SIZES = (10_000, 100_000, 1_000_000)

FACTOR = 4.0
"""A step of quadratic time would show as 100. Neighbours on the machine, and large arrays that
leave the cache, cost more than the 1.3 that are measured where nothing else runs."""


@pytest.fixture(scope="module")
def model() -> LineClassifier:
    return LineClassifier.load()


@pytest.mark.parametrize("name", scaling.TEXTS)
def test_a_character_costs_as_much_in_a_large_page(name: str, model: LineClassifier) -> None:
    costs = scaling.costs_of(model, name, SIZES)
    assert set(costs) == set(SIZES)
    assert scaling.growth(costs) <= FACTOR


@pytest.mark.parametrize("name", list(scaling.HOSTILE))
def test_hostile_sizes_are_gone_through(name: str) -> None:
    run = scaling.hostile_run(name, share=0.01)
    assert run["exit_code"] == 0
    assert run["megabytes"] < scaling.MAX_MEGABYTES / 4


def test_growth_of_square_time_is_seen() -> None:
    assert scaling.growth({size: size * 1e-6 for size in SIZES}) == pytest.approx(100)


@pytest.mark.parametrize("name", scaling.TEXTS)
def test_texts_have_the_size_that_is_asked_for(name: str) -> None:
    text = scaling.text_of(name, 12_345)
    assert len(text) == 12_345
    assert text == scaling.text_of(name, 20_000)[:12_345]
