"""Pages as they could also have been: always some lines, in order, and content stays."""

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.datamodels import LabelledDocument
from classifier.labels import allowed_labels
from classifier.training.augment import FrameExchange, augmented_lines
from classifier.training.dataset import Dataset, build_dataset

PAGES = st.text(st.sampled_from("cslbo?"), min_size=1, max_size=40)
SEEDS = st.integers(0, 2**32 - 1)


def _shown(codes: str, seed: int, first: int = 100) -> np.ndarray:
    rng = np.random.default_rng(seed)
    lines = np.arange(first, first + len(codes))
    return augmented_lines(lines, allowed_labels(codes).T, rng)


def _draws(codes: str, count: int = 400) -> Iterator[list[int]]:
    for seed in range(count):
        yield (_shown(codes, seed) - 100).tolist()


@given(PAGES, SEEDS)
def test_some_lines_of_the_page_are_shown_in_order(codes: str, seed: int) -> None:
    shown = _shown(codes, seed)
    assert len(shown) >= 1
    assert (np.diff(shown) > 0).all()
    assert 100 <= shown[0] <= shown[-1] < 100 + len(codes)


@given(PAGES, SEEDS)
def test_it_is_the_page_or_a_crop_or_runs_of_frame_are_left_out(codes: str, seed: int) -> None:
    shown = (_shown(codes, seed) - 100).tolist()
    if shown == list(range(shown[0], shown[-1] + 1)) and len(shown) >= 5:
        return
    left_out = set(range(len(codes))) - set(shown)
    assert all(codes[line] in "slbo" for line in left_out)
    for line in left_out:
        for neighbour in (line - 1, line + 1):
            if 0 <= neighbour < len(codes) and codes[neighbour] in "slbo":
                assert neighbour in left_out, "a run goes or stays as a whole"


@given(PAGES, SEEDS)
def test_chance_comes_from_the_generator_alone(codes: str, seed: int) -> None:
    np.testing.assert_array_equal(_shown(codes, seed), _shown(codes, seed))


def test_all_three_kinds_occur_as_often_as_meant() -> None:
    codes = "bb" + "c" * 20 + "ll" + "c" * 20 + "bb"
    whole = cropped = thinned = 0
    for shown in _draws(codes):
        if len(shown) == len(codes):
            whole += 1
        elif shown == list(range(shown[0], shown[-1] + 1)) and not {2, 43} <= set(shown):
            cropped += 1
        else:
            thinned += 1
    assert 90 <= cropped <= 150
    assert 50 <= thinned <= 150
    assert whole >= 150


@pytest.mark.parametrize("codes", ["b", "c", "cslb?", "ooooo"])
def test_a_short_page_is_never_cropped(codes: str) -> None:
    content = [line for line, code in enumerate(codes) if code in "c?"]
    assert all(set(content) <= set(shown) for shown in _draws(codes))


def test_a_page_of_frame_alone_is_never_emptied() -> None:
    assert all(shown for shown in _draws("bbbb"))


def _exchange(codes: tuple[str, ...], languages: tuple[str, ...]) -> tuple[FrameExchange, Dataset]:
    documents = [
        LabelledDocument(f"{number}", tuple(f"line {i}" for i in range(len(page))), page)
        for number, page in enumerate(codes)
    ]
    ones = np.ones(len(documents), np.float32)
    dataset = build_dataset(documents, ones, ones)
    return FrameExchange(dataset, np.arange(len(codes) - 1), languages), dataset


FRAMED = ("bbb" + "c?sc" + "lllb",) * 10


def test_an_article_stands_in_the_frame_of_another_page_of_its_language() -> None:
    exchange, dataset = _exchange(FRAMED, ("en",) * 10)
    rng = np.random.default_rng(0)
    lenders = set()
    for _ in range(200):
        shown = exchange.lines(3, rng)
        assert shown is not None
        article = np.arange(3 * 11 + 3, 3 * 11 + 7)
        np.testing.assert_array_equal(shown[3:7], article)
        lender = dataset.document_of_line[np.concatenate([shown[:3], shown[7:]])]
        assert len(set(lender.tolist())) == 1
        lenders.add(int(lender[0]))
    assert lenders == set(range(9)), "the last page may not take part"


@pytest.mark.parametrize(
    ("codes", "languages"),
    [
        (FRAMED, ("",) * 10),
        (FRAMED, ("en", "de", "fr", "el", "ru") * 2),
        (("b" * 11,) * 10, ("en",) * 10),
        (("bc" * 2,) * 10, ("en",) * 10),
    ],
    ids=["no language", "too few of each", "no article", "hardly any frame"],
)
def test_a_page_keeps_its_frame_where_there_is_none_to_exchange(
    codes: tuple[str, ...], languages: tuple[str, ...]
) -> None:
    exchange, _ = _exchange(codes, languages)
    assert exchange.lines(3, np.random.default_rng(0)) is None
