"""Folds and hold-outs: whole groups, nobody forgotten, stable when pages are added."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.errors import ConfigError, InputError
from classifier.training.splits import assign_folds, hold_out

GROUPS = [f"site-{index % 400}.example" for index in range(2000)]
SIZES = [10 + index % 37 for index in range(2000)]


@given(
    st.lists(st.tuples(st.text(max_size=4), st.integers(0, 5000)), min_size=1, max_size=60),
    st.integers(2, 6),
    st.integers(-3, 3),
)
def test_folds_hold_whole_groups_and_none_is_empty(
    pages: list[tuple[str, int]], n_folds: int, seed: int
) -> None:
    groups, sizes = [page[0] for page in pages], [page[1] for page in pages]
    if len(set(groups)) < n_folds:
        with pytest.raises(InputError, match="add pages of other sites, ask for fewer folds"):
            assign_folds(groups, n_folds, sizes=sizes, seed=seed)
        return
    folds = assign_folds(groups, n_folds, sizes=sizes, seed=seed)
    assert set(folds.tolist()) == set(range(n_folds))
    assert len(set(zip(groups, folds.tolist(), strict=True))) == len(set(groups))


def test_folds_do_not_depend_on_the_order_of_pages() -> None:
    folds = assign_folds(GROUPS, 5, sizes=SIZES, seed=0)
    turned = assign_folds(GROUPS[::-1], 5, sizes=SIZES[::-1], seed=0)
    np.testing.assert_array_equal(folds, turned[::-1])


def test_added_pages_move_no_small_group() -> None:
    folds = assign_folds(GROUPS, 5, sizes=SIZES, seed=0)
    more = [f"new-{index}.example" for index in range(500)]
    grown = assign_folds(GROUPS + more, 5, sizes=SIZES + [20] * 500, seed=0)
    np.testing.assert_array_equal(folds, grown[: len(GROUPS)])


def test_another_seed_gives_other_folds() -> None:
    first = assign_folds(GROUPS, 5, sizes=SIZES, seed=0)
    second = assign_folds(GROUPS, 5, sizes=SIZES, seed=1)
    assert (first != second).mean() > 0.5


def test_large_groups_even_the_folds_out() -> None:
    groups = [*GROUPS, *(f"large-{index}" for index in range(10))]
    sizes = [*SIZES, *[6000] * 10]
    lines = np.bincount(assign_folds(groups, 5, sizes=sizes, seed=0), weights=sizes)
    assert lines.max() / lines.min() < 1.6
    large = assign_folds(groups, 5, sizes=sizes, seed=0)[-10:]
    assert len(set(large.tolist())) >= 4


def test_few_groups_are_dealt_by_size() -> None:
    groups, sizes = ["a", "b", "c", "d", "e", "f"], [100, 50, 50, 40, 30, 30]
    lines = np.bincount(assign_folds(groups, 3, sizes=sizes, seed=0), weights=sizes)
    # 100 | 50 40 | 50 30 30: largest first, each to the emptiest fold.
    assert sorted(lines.tolist()) == [90, 100, 110]


def test_one_fold_is_none() -> None:
    with pytest.raises(ConfigError, match=r"'n_folds' of a split must be at least 2\. Got 1"):
        assign_folds(["a", "b"], 1, sizes=[1, 1], seed=0)


def test_the_share_held_out_is_about_what_was_asked() -> None:
    held = hold_out(GROUPS, 0.2, 0)
    assert 0.14 < held.mean() < 0.26
    assert not set(np.array(GROUPS)[held]) & set(np.array(GROUPS)[~held])


def test_what_was_held_out_stays_held_out() -> None:
    more = [*GROUPS, *(f"new-{index}.example" for index in range(500))]
    np.testing.assert_array_equal(hold_out(GROUPS, 0.2, 3), hold_out(more, 0.2, 3)[: len(GROUPS)])


def test_a_hold_out_is_spread_over_the_folds() -> None:
    folds = assign_folds(GROUPS, 5, sizes=SIZES, seed=0)
    held = np.bincount(folds[hold_out(GROUPS, 0.2, 0)], minlength=5)
    assert held.min() > 0


@given(st.integers(0, 50), st.sampled_from([0.001, 0.5, 0.999]))
def test_a_hold_out_is_never_nothing_nor_all(seed: int, share: float) -> None:
    held = hold_out(["a", "a", "b", "c"], share, seed)
    assert 0 < held.sum() < 4


def test_one_group_cannot_be_parted() -> None:
    with pytest.raises(InputError, match="add pages of another site"):
        hold_out(["a", "a"], 0.2, 0)


@pytest.mark.parametrize("share", [0.0, 1.0, -0.1])
def test_a_share_out_of_range_is_named(share: float) -> None:
    with pytest.raises(ConfigError, match=rf"between 0 and 1\. Got {share}"):
        hold_out(["a", "b"], share, 0)
