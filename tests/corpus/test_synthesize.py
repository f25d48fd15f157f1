"""Made pages: same seed same pages, held-out things apart, hosts whole."""

import time
from collections import Counter
from dataclasses import replace

import pytest

from classifier.corpus.grammar.families import FAMILIES
from classifier.corpus.grammar.holdout import (
    HELD_OUT_FAMILIES,
    HELD_OUT_NICHES,
    spam_lexicons,
)
from classifier.corpus.grammar.recipes import RECIPES
from classifier.corpus.lexicons import Lexicon
from classifier.corpus.synthesize import MadePage, made_pages
from classifier.datamodels import LabelledDocument
from classifier.errors import ConfigError

Hosts = list[LabelledDocument]
Headlines = dict[str, tuple[str, ...]]
Lexicons = dict[str, Lexicon]


@pytest.fixture(scope="module")
def pages(hosts: Hosts, headlines: Headlines, lexicons: Lexicons) -> list[MadePage]:
    return made_pages(hosts, headlines, lexicons, n_pages=1500, seed=4)


@pytest.fixture(scope="module")
def held_out_pages(hosts: Hosts, headlines: Headlines, lexicons: Lexicons) -> list[MadePage]:
    return made_pages(hosts, headlines, lexicons, n_pages=1500, seed=4, held_out=True)


def test_the_seed_decides_everything(
    pages: list[MadePage], hosts: Hosts, headlines: Headlines, lexicons: Lexicons
) -> None:
    again = made_pages(hosts, headlines, lexicons, n_pages=40, seed=4)
    other = made_pages(hosts, headlines, lexicons, n_pages=40, seed=5)
    assert again == pages[:40]
    assert other != again


def test_every_line_has_a_code_and_spans_lie_in_stuffed_lines(
    pages: list[MadePage], held_out_pages: list[MadePage]
) -> None:
    for page in (*pages, *held_out_pages):
        lines, codes = page.document.lines, page.document.codes
        assert len(lines) == len(codes) > 0
        assert all("\n" not in line for line in lines)
        assert all(code == "?" for line, code in zip(lines, codes, strict=True) if not line.strip())
        for index, spans in page.spans.items():
            assert codes[index] == "s"
            assert all(0 <= start < end <= len(lines[index]) for start, end in spans)


def test_every_family_is_reached(pages: list[MadePage], held_out_pages: list[MadePage]) -> None:
    reached = {name for page in held_out_pages for name in page.families}
    assert reached == set(FAMILIES) - {"interface rows"}  # no interface was given
    usual = {name for page in pages for name in page.families}
    assert usual == set(FAMILIES) - HELD_OUT_FAMILIES - {"interface rows"}


def test_interface_rows_are_used_where_given(
    hosts: Hosts, headlines: Headlines, lexicons: Lexicons
) -> None:
    interface = {host.language: ["Kirjaudu ⟦X⟧"] for host in hosts}
    pages = made_pages(hosts, headlines, lexicons, n_pages=60, seed=1, interface=interface)
    rows = [line for page in pages for line in page.document.lines if "Kirjaudu" in line]
    assert rows
    assert not any("⟦X⟧" in row for row in rows)


def test_shares_of_recipes_are_those_stated(pages: list[MadePage]) -> None:
    found = Counter(page.document.group.removeprefix("grammar/") for page in pages)
    total = sum(share for share, _ in RECIPES.values())
    for name, (share, _) in RECIPES.items():
        assert abs(found[name] / len(pages) - share / total) < 0.04


def test_groups_tell_held_out_pages_and_the_host_is_known(
    pages: list[MadePage], held_out_pages: list[MadePage], hosts: Hosts
) -> None:
    groups = {page.document.group for page in pages}
    assert not groups & {page.document.group for page in held_out_pages}
    assert {page.host_group for page in pages} == {host.group for host in hosts}
    ids = [page.document.id for page in (*pages, *held_out_pages)]
    assert len(set(ids)) == len(ids)


def test_spam_of_any_kind_is_in_two_thirds_of_the_pages_of_every_language(
    pages: list[MadePage],
) -> None:
    spam: dict[str, list[bool]] = {}
    for page in pages:
        spam.setdefault(page.document.language, []).append("s" in page.document.codes)
    shares = {language: sum(found) / len(found) for language, found in spam.items()}
    assert all(0.45 < share < 0.75 for share in shares.values()), shares


def test_usual_pages_have_no_query_and_no_template_that_is_held_out(
    pages: list[MadePage], held_out_pages: list[MadePage], lexicons: Lexicons
) -> None:
    kept_back = [
        query.casefold()
        for lexicon in lexicons.values()
        for niche in HELD_OUT_NICHES
        for query in lexicon.queries[niche]
    ]
    for made, expected in ((pages, False), (held_out_pages, True)):
        text = "\n".join(page.document.text for page in made).casefold()
        assert any(query in text for query in kept_back) is expected


def test_lexicons_are_shared_out_without_rest(lexicons: Lexicons) -> None:
    usual = spam_lexicons(lexicons, held_out=False)
    held_out = spam_lexicons(lexicons, held_out=True)
    assert set(usual) == {"en", "vi", "zh"}
    assert set(held_out) == set(lexicons)
    whole = lexicons["vi"]
    for first, second in ((usual["vi"], held_out["vi"]),):
        assert {*first.queries, *second.queries} == set(whole.queries)
        assert not set(first.queries) & set(second.queries)
        assert {*first.spam.promo, *second.spam.promo} == set(whole.spam.promo)
        assert not set(first.spam.promo) & set(second.spam.promo)
    assert held_out["ko"] == lexicons["ko"]


def test_frames_of_hosts_stay_where_hosts_are_taken_whole(pages: list[MadePage]) -> None:
    whole = [page for page in pages if "o" in page.document.codes]
    assert whole
    for page in whole:
        pairs = zip(page.document.lines, page.document.codes, strict=True)
        others = [line for line, code in pairs if code == "o"]
        assert set(others) <= {"Site name", "Advertisement", "Login", "Contact us"}


def test_blank_lines_stay_blank_and_unlabelled(pages: list[MadePage]) -> None:
    blanks = [
        code
        for page in pages
        for line, code in zip(page.document.lines, page.document.codes, strict=True)
        if not line.strip()
    ]
    assert blanks
    assert set(blanks) == {"?"}


def test_clean_pages_hold_no_stuffing(pages: list[MadePage]) -> None:
    for page in pages:
        if page.document.group in (
            "grammar/clean",
            "grammar/negative",
            "grammar/farm",
            "grammar/odd",
        ):
            assert "s" not in page.document.codes


def test_doorways_are_mostly_without_article(pages: list[MadePage]) -> None:
    doorways = [page for page in pages if page.document.group == "grammar/doorway"]
    without = [page for page in doorways if "c" not in page.document.codes]
    assert 0.4 < len(without) / len(doorways) < 0.9


def test_headlines_that_are_garbled_or_endless_are_left_out(
    hosts: Hosts, lexicons: Lexicons
) -> None:
    headlines = {"en": ["Storm warning", "bad \ufffd bytes", "two\nlines", "x" * 400]}
    pages = made_pages(hosts, headlines, lexicons, n_pages=120, seed=2)
    text = "\n".join(page.document.text for page in pages)
    assert "Storm warning" in text
    assert "bad \ufffd" not in text
    assert "x" * 400 not in text


def test_hosts_of_one_line_and_no_headlines_at_all_will_do(lexicons: Lexicons) -> None:
    tiny = LabelledDocument("tiny", ("A short line.", ""), "c?", "press", "eo", group="tiny")
    for page in made_pages([tiny], {}, lexicons, n_pages=200, seed=0):
        assert len(page.document.lines) == len(page.document.codes)


def test_what_cannot_work_is_refused(
    hosts: Hosts, headlines: Headlines, lexicons: Lexicons
) -> None:
    other = [replace(host, codes="o" * len(host.codes)) for host in hosts]
    with pytest.raises(ConfigError, match="no host has a line of content"):
        made_pages(other, headlines, lexicons, n_pages=1, seed=0)
    with pytest.raises(ConfigError, match="no lexicon was given"):
        made_pages(hosts, headlines, {}, n_pages=1, seed=0)
    with pytest.raises(ConfigError, match="all lexicons are of held-out languages"):
        made_pages(hosts, headlines, {"ko": lexicons["ko"]}, n_pages=1, seed=0)


def test_ten_thousand_pages_take_less_than_two_minutes(
    hosts: Hosts, headlines: Headlines, lexicons: Lexicons
) -> None:
    start = time.process_time()
    made_pages(hosts, headlines, lexicons, n_pages=250, seed=0)
    assert time.process_time() - start < 3.0
