"""Queries no lexicon has: never empty, varied, in the letters of the page or in others."""

from collections.abc import Callable

import numpy as np
import pytest

from classifier.corpus.grammar.dice import Dice
from classifier.corpus.grammar.holdout import spam_lexicons
from classifier.corpus.grammar.scene import Scene
from classifier.corpus.grammar.unlisted import unlisted_queries
from classifier.corpus.grammar.wording import romanised, script_of, sentence_gaps
from classifier.corpus.lexicons import Lexicon

SEEDS = range(60)
Headlines = dict[str, tuple[str, ...]]


def made(language: str, headlines: Headlines) -> list[tuple[str, ...]]:
    """Queries of many pages of one language."""
    texts = headlines.get(language) or ("Kylän vanha saha avataan museona",)
    dice = [Dice(np.random.default_rng(seed), held_out=False) for seed in SEEDS]
    return [unlisted_queries(each, language, texts, headlines) for each in dice]


@pytest.mark.parametrize("language", ["en", "vi", "zh", "fi"])
def test_no_query_is_empty_or_endless(language: str, headlines: Headlines) -> None:
    for queries in made(language, headlines):
        assert len(queries) == 16
        assert all(query == query.strip() and 0 < len(query) <= 80 for query in queries)


def test_some_pages_have_queries_in_another_script_and_some_in_their_own(
    headlines: Headlines,
) -> None:
    for language, own, other in (("en", "LATIN", "CJK"), ("zh", "CJK", "LATIN")):
        scripts = {script_of(queries[0]) for queries in made(language, headlines)}
        assert {own, other} <= scripts


def test_without_headlines_of_others_the_own_texts_will_do() -> None:
    for queries in made("fi", {}):
        assert all(queries)


def test_some_queries_are_words_of_no_text(headlines: Headlines) -> None:
    known = set(" ".join(text for texts in headlines.values() for text in texts).lower().split())
    unknown = [not set(queries[0].lower().split()) & known for queries in made("en", headlines)]
    assert 0.2 < np.mean(unknown) < 0.8


def test_a_third_of_the_pages_for_training_have_keywords_of_no_lexicon(
    make_scene: Callable[..., Scene], lexicons: dict[str, Lexicon]
) -> None:
    for held_out, low, high in ((False, 0.27, 0.47), (True, 0.05, 0.27)):
        listed = {
            query.casefold()
            for lexicon in spam_lexicons(lexicons, held_out=held_out).values()
            for queries in lexicon.queries.values()
            for query in queries
        }
        scenes = [make_scene("en", seed, held_out=held_out) for seed in range(200)]
        share = np.mean([scene.keywords[0].casefold() not in listed for scene in scenes])
        assert low < share < high


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("новости", "novosti"),
        ("뉴스", "nyuseu"),
        ("ニュース", "niyusu"),
        ("समाचार", "samacara"),
        ("الأخبار", "alakhbar"),
        ("Đường phố", "Duong pho"),
    ],
)
def test_other_scripts_are_written_in_latin_letters(text: str, expected: str) -> None:
    assert romanised(text) == expected


def test_ideographs_become_syllables() -> None:
    assert romanised("新闻").isascii()
    assert romanised("新闻").isalpha()


def test_sentences_end_at_a_period_behind_a_word_before_another() -> None:
    text = "He came. She left, no. 4 of 3.5! Then? End."
    parts = ["He came.", " She left, no.", " 4 of 3.5! Then?"]
    assert sentence_gaps(text) == [len("".join(parts[:n])) for n in (1, 2, 3)]
    assert sentence_gaps("今天是。那个") == [4]
