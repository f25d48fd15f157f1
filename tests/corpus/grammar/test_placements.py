"""Further writings and places of keywords: varied in training, never in evaluation."""

from collections.abc import Callable

import pytest

from classifier.corpus.grammar.families import FAMILIES, Family, applied
from classifier.corpus.grammar.page import Page
from classifier.corpus.grammar.scene import Scene
from classifier.corpus.grammar.writings import written

SEEDS = range(40)
MakeScene = Callable[..., Scene]

ONLY_TRAIN = [family for family in FAMILIES.values() if family.only_trains]


def test_pages_for_evaluation_write_keywords_as_they_are(make_scene: MakeScene) -> None:
    for seed in SEEDS:
        assert written(make_scene("en", seed, held_out=True), "cheap pills") == "cheap pills"


def test_pages_for_training_write_keywords_in_many_ways(make_scene: MakeScene) -> None:
    texts = [written(make_scene("en", seed), "cheap pills") for seed in range(200)]
    assert 0.5 < texts.count("cheap pills") / len(texts) < 0.75
    assert len(set(texts)) > 40
    assert all(text.strip() == text for text in texts)
    for kind in ("CHEAP PILLS", "cheap pills cheap pills", "cheappills"):
        assert any(kind in text for text in texts), kind


@pytest.mark.parametrize("language", ["en", "zh", "ar"])
def test_the_keyword_is_between_the_words_of_the_headline(
    language: str, host_pages: dict[str, Page], make_scene: MakeScene
) -> None:
    for seed in SEEDS:
        page = host_pages[language]
        changed = applied(FAMILIES["keyword inside headline"], page, make_scene(language, seed))
        for start, end in changed.lines[0].spans:
            assert 0 < start < end < len(changed.lines[0].text)


def test_a_chain_ends_the_line_and_holds_other_queries_of_the_page(
    host_pages: dict[str, Page], make_scene: MakeScene
) -> None:
    for seed in SEEDS:
        scene = make_scene("en", seed)
        page = applied(FAMILIES["queries behind sentence"], host_pages["en"], scene)
        lines = [line for line in page.lines if line.spans]
        assert lines
        for line in lines:
            ((start, end),) = line.spans
            assert end == len(line.text)
            assert sum(query in line.text[start:] for query in set(scene.queries)) >= 1


def test_a_repeated_anchor_is_written_the_same_everywhere(
    host_pages: dict[str, Page], make_scene: MakeScene
) -> None:
    for seed in SEEDS:
        page = applied(FAMILIES["repeated anchor"], host_pages["vi"], make_scene("vi", seed))
        found = {
            line.text[start:end].strip(",") for line in page.lines for start, end in line.spans
        }
        assert len(found) == 1


def test_pieces_of_the_headline_are_of_its_letters(
    host_pages: dict[str, Page], make_scene: MakeScene
) -> None:
    headline = host_pages["fi"].headline
    known = set(headline.lower()) | set("[]()#“”【】:- aeiou")
    shares = []
    for seed in SEEDS:
        page = applied(FAMILIES["headline pieces"], host_pages["fi"], make_scene("fi", seed))
        for line in page.lines:
            for start, end in line.spans:
                text = line.text[start:end].lower()
                shares.append(sum(c in known for c in text) / len(text))
    assert sum(share == 1 for share in shares) > 0.6 * len(shares) > 30


@pytest.mark.parametrize("family", ONLY_TRAIN, ids=lambda family: family.name)
def test_pages_without_an_article_stay_as_they_are_or_gain_whole_lines(
    family: Family, make_scene: MakeScene
) -> None:
    for seed in SEEDS:
        page = applied(family, Page(()), make_scene("en", seed))
        assert all(line.code == "s" and not line.spans for line in page.lines)
