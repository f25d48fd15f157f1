"""Made pages keep the article as it is and label every list item."""

import pytest

from classifier.datamodels import LabelledDocument
from classifier.training.link_lists import pages_with_link_lists

HEADLINES = {
    "en": ["Council votes on bridge", "Storm warning for the coast"],
    "vi": ["Mưa lớn kéo dài nhiều ngày", "Giá gạo tăng nhẹ trong tuần"],
}


def host(name: str, codes: str = "ccccob", language: str = "en") -> LabelledDocument:
    lines = tuple(f"{name} line {index}" for index in range(len(codes)))
    return LabelledDocument(name, lines, codes, "press", language, group=f"{name}.example")


def test_articles_keep_their_content_lines_in_order_and_nothing_else() -> None:
    hosts = [host(f"page {index}") for index in range(40)]
    for page in pages_with_link_lists(hosts, HEADLINES, n_pages=40, seed=1):
        kept = [line for line, code in zip(page.lines, page.codes, strict=True) if code == "c"]
        number = page.id.rsplit("/", 1)[1]
        assert kept == [f"{number} line {index}" for index in range(4)]


def test_every_other_line_is_a_link() -> None:
    (page,) = pages_with_link_lists([host("page")], HEADLINES, n_pages=1, seed=2)
    items = [line for line, code in zip(page.lines, page.codes, strict=True) if code == "l"]
    assert set(page.codes) == {"c", "l"}
    assert len(items) >= 5
    assert sum(any(text in item for text in HEADLINES["en"]) for item in items) >= len(items) // 2


def test_a_made_page_stays_in_the_group_of_its_host() -> None:
    (page,) = pages_with_link_lists([host("page")], HEADLINES, n_pages=1, seed=3)
    assert (page.group, page.source) == ("page.example", "made/press")


def test_pages_without_an_article_are_no_hosts() -> None:
    assert pages_with_link_lists([host("page", "cccoo")], HEADLINES, n_pages=9, seed=0) == []


def test_no_host_is_used_twice() -> None:
    pages = pages_with_link_lists([host("a"), host("b")], HEADLINES, n_pages=9, seed=0)
    assert len({page.id for page in pages}) == len(pages) == 2


@pytest.mark.parametrize("seed", [0, 7])
def test_the_seed_decides_everything(seed: int) -> None:
    hosts = [host("a"), host("b", language="xx")]
    first = pages_with_link_lists(hosts, HEADLINES, n_pages=2, seed=seed)
    assert first == pages_with_link_lists(hosts, HEADLINES, n_pages=2, seed=seed)
