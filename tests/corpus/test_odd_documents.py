"""Whole documents of odd forms: content line by line, in any language, each another."""

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pytest

from classifier.corpus.grammar.families import FAMILIES, ODD_DOCUMENTS, Family, applied
from classifier.corpus.grammar.odd_documents import alone, extended
from classifier.corpus.grammar.odd_sayings import CLAUSES, MONTHS, UTTERANCES, month, sayings
from classifier.corpus.grammar.odd_stock import first_words, stock_of
from classifier.corpus.grammar.odd_wording import THEMES, terms
from classifier.corpus.grammar.page import BODY, MadeLine, Page, lines_of
from classifier.corpus.grammar.recipes import RECIPES
from classifier.corpus.grammar.scene import Scene

LANGUAGES = ("en", "vi", "zh", "ar", "fi", "ko")
"""Those of the hosts, and one that has a lexicon and no host."""

NEEDED = {
    "part": 7,
    "change": 7,
    "property": 9,
    "heading": 10,
    "role": 8,
    "food": 10,
    "kitchen": 7,
    "paper": 7,
    "journey": 7,
    "song": 5,
    "draw": 4,
    "contact": 6,
    "genre": 8,
}
"""By theme, how many words every language has."""

MakeScene = Callable[..., Scene]
Pages = dict[str, Page]


def documents(
    family: Family, host_pages: Pages, make_scene: MakeScene, *, held_out: bool = False
) -> list[Page]:
    """Documents of a family alone, in many languages and with many seeds."""
    made = []
    for language in LANGUAGES:
        article = host_pages.get(language, Page(()))
        for seed in range(6):
            scene = make_scene("en" if language == "ko" else language, seed, held_out=held_out)
            page = applied(family, article, replace(scene, language=language))
            made.append(alone(page, article))
    return made


def texts(page: Page) -> list[str]:
    """The lines that are not blank."""
    return [line.text for line in page.lines if line.text.strip()]


@pytest.mark.parametrize("family", ODD_DOCUMENTS, ids=lambda family: family.name)
@pytest.mark.parametrize("held_out", [False, True])
def test_every_line_is_content_and_documents_are_of_a_length(
    family: Family, held_out: bool, host_pages: Pages, make_scene: MakeScene
) -> None:
    sizes = []
    for page in documents(family, host_pages, make_scene, held_out=held_out):
        sizes.append(len(texts(page)))
        codes = {line.code for line in page.lines if line.text.strip()}
        assert codes == {"c"} or (family.name == "forum thread" and codes == {"b", "c"})
        assert page.lines[-1].code == "c"
        assert page.families == (family.name,)
    assert min(sizes) >= 3
    assert max(sizes) <= 60
    assert len(set(sizes)) > 5


def test_about_two_in_five_documents_are_short(host_pages: Pages, make_scene: MakeScene) -> None:
    sizes = [
        len(texts(page))
        for family in ODD_DOCUMENTS
        for page in documents(family, host_pages, make_scene)
    ]
    assert 0.3 < sum(size <= 12 for size in sizes) / len(sizes) < 0.5
    assert sum(size > 30 for size in sizes) > 0.1 * len(sizes)


@pytest.mark.parametrize("family", ODD_DOCUMENTS, ids=lambda family: family.name)
def test_no_slot_stays_unfilled(family: Family, host_pages: Pages, make_scene: MakeScene) -> None:
    slot = re.compile(r"(?<![\\{_^])\{[A-Za-z]{1,6}(:02)?\}")
    for held_out in (False, True):
        for page in documents(family, host_pages, make_scene, held_out=held_out):
            assert not [text for text in texts(page) if slot.search(text) and "\\" not in text]


def test_seeds_make_other_layouts_and_no_document_repeats_itself(
    host_pages: Pages, make_scene: MakeScene
) -> None:
    for family in ODD_DOCUMENTS:
        pages = documents(family, host_pages, make_scene)
        assert len({tuple(texts(page)) for page in pages}) == len(pages)
    tables = documents(FAMILIES["data table"], host_pages, make_scene)
    separators = {mark for page in tables for mark in "\t|," if mark in "".join(texts(page))}
    assert len(separators) > 1
    rosters = documents(FAMILIES["name roster"], host_pages, make_scene)
    assert any(re.match(r"\W|\d", text) for page in rosters for text in texts(page))


def test_a_document_is_alone_when_the_article_is_taken_out(
    host_pages: Pages, make_scene: MakeScene
) -> None:
    family = FAMILIES["glossary"]
    framed = host_pages["en"].inserted(0, lines_of(["Home", "News"], "b"))
    framed = framed.inserted(len(framed.lines), lines_of(["Contact"], "b"))
    for seed in range(8):
        page = alone(applied(family, framed, make_scene("en", seed)), framed)
        assert [line.text for line in page.lines[:2]] == ["Home", "News"]
        assert page.lines[-1].text == "Contact"
        assert all(line.code == "c" for line in page.lines[2:-1])
        assert page.headline == ("" if page.title is None else page.lines[page.title].text)


def test_two_documents_stand_behind_each_other_below_the_article(
    host_pages: Pages, make_scene: MakeScene
) -> None:
    article = host_pages["vi"]
    first, second = FAMILIES["poem"], FAMILIES["price list"]
    one = applied(first, article, make_scene("vi", 1))
    other = applied(second, article, make_scene("vi", 2))
    both = extended(extended(article, article, one), article, other)
    n_host = len(article.lines)
    assert both.lines == (*article.lines, *one.lines[n_host:], *other.lines[n_host:])
    assert both.families == ("poem", "price list")


def test_names_and_dates_of_a_thread_are_frame_and_what_is_said_is_not(
    host_pages: Pages, make_scene: MakeScene
) -> None:
    said = {line.text for line in host_pages["en"].lines} | set(sayings(UTTERANCES, "en"))
    article = host_pages["en"]
    found = set()
    for seed in range(10):
        page = alone(applied(FAMILIES["forum thread"], article, make_scene("en", seed)), article)
        for line in page.lines:
            if line.text in said:
                found.add(line.code)
            if line.code == "b":
                assert line.role == ""
    assert found == {"c"}


def test_sums_of_exercises_are_right(host_pages: Pages, make_scene: MakeScene) -> None:
    sums = re.compile(r"(\d+) ([×+·]) (\d+) = (\d+)")
    found = [
        match.groups()
        for held_out in (False, True)
        for page in documents(FAMILIES["theorem"], host_pages, make_scene, held_out=held_out)
        for text in texts(page)
        for match in [sums.fullmatch(text)]
        if match
    ]
    assert len(found) > 5
    for one, sign, other, result in found:
        expected = int(one) + int(other) if sign == "+" else int(one) * int(other)
        assert int(result) == expected


def test_sentences_come_in_their_order_and_not_twice(
    host_pages: Pages, make_scene: MakeScene
) -> None:
    body = [
        MadeLine(f"The {n}th house of the street was painted.", "c", role=BODY) for n in range(60)
    ]
    stock = stock_of(Page(tuple(body)), make_scene("en", 3))
    given = [stock.sentence() for _ in range(60)]
    assert sorted(given) == sorted(line.text for line in body)
    numbers = [int(re.findall(r"\d+", text)[0]) for text in given]
    assert all(after == (before + 1) % 60 for before, after in pairwise(numbers))


def test_digits_are_those_of_the_language(make_scene: MakeScene) -> None:
    assert stock_of(Page(()), make_scene("ar", 1)).numerals("7.15") == "٧.١٥"
    assert stock_of(Page(()), make_scene("en", 1)).numerals("7.15") == "7.15"


def test_languages_without_words_of_a_theme_take_those_of_the_host(
    host_pages: Pages, make_scene: MakeScene
) -> None:
    page = Page((MadeLine("Zazpi etxe zahar daude kalean.", "c", role=BODY),) * 50)
    stock = stock_of(page, replace(make_scene("en", 1), language="eu"))
    assert set(stock.terms("journey")) <= {"Zazpi", "Etxe", "Zahar", "Daude", "Kalean"}
    assert len(stock.terms("journey")) == NEEDED["journey"]


def test_unspaced_text_is_cut_at_its_phrases() -> None:
    assert first_words("古镇老桥，今日完工", 2) == "古镇老桥"
    assert first_words("The bridge is closed", 2) == "The bridge"


@pytest.mark.parametrize("theme", THEMES)
def test_every_theme_has_all_its_words_in_twenty_languages_and_more(theme: str) -> None:
    assert len(THEMES[theme]) >= 20
    for language in THEMES[theme]:
        words = terms(theme, language)
        assert len(words) >= NEEDED[theme], language
        assert all(word == word.strip() != "" for word in words)


def test_sayings_are_whole() -> None:
    assert all(len(names.split()) == 12 for names in MONTHS.values())
    assert (month("ro", 2), month("xx", 2)) == ("februarie", "")
    for language in UTTERANCES:
        assert len(set(sayings(UTTERANCES, language))) >= 6
    for language in CLAUSES:
        for clause in sayings(CLAUSES, language):
            assert "{" not in clause.format(n=3, date="1.5.")


def test_half_of_the_recipe_is_bare_and_none_of_it_stuffing(
    host_pages: Pages, make_scene: MakeScene
) -> None:
    recipe = RECIPES["odd"][1]
    pages = [recipe(host_pages["fi"], make_scene("fi", seed)) for seed in range(120)]
    codes = [{line.code for line in page.lines} - {"?"} for page in pages]
    assert all(found <= {"c", "b", "l"} for found in codes)
    assert 0.35 < sum(found == {"c"} for found in codes) / len(pages) < 0.7
    names = {family.name for family in ODD_DOCUMENTS}
    n_kinds = [len(names & set(page.families)) for page in pages]
    assert set(n_kinds) == {1, 2}
    first = host_pages["fi"].lines[1]
    assert 0.02 < sum(first in page.lines for page in pages) / len(pages) < 0.3
