"""Attacks change keywords alone and know where lines came from; recall is compared in pairs."""

import json
from pathlib import Path
from typing import Any

import evasion
import evasion_attacks
import numpy as np
import pytest
from evasion import Outcome
from evasion_attacks import Attack, MarkedPage
from evasion_techniques import DISGUISES

from classifier.errors import InputError
from classifier.labels import LABEL_CODES

PAGE = MarkedPage(
    id="page",
    language="en",
    lines=("Home", "[big casino] Fair opens", "One.", "Two.", "Three.", "big casino, slots"),
    codes="bscccs",
    keywords={1: ((1, 11),), 5: ((0, 10), (12, 17))},
)


def _index(codes: str) -> np.ndarray:
    return np.array([LABEL_CODES.index(code) for code in codes], np.int8)


def _record(**changes: Any) -> dict[str, Any]:
    record = {"id": "a", "lines": ["Home", "big casino"], "labels": "bs"}
    return record | {"keywords": {"1": [[4, 10]]}} | changes


def _file(tmp_path: Path, record: dict[str, Any]) -> Path:
    path = tmp_path / "pages.jsonl"
    path.write_text(json.dumps(record) + "\n", encoding="utf-8")
    return path


def test_marked_pages_reads_keywords(tmp_path: Path) -> None:
    (page,) = evasion_attacks.marked_pages(_file(tmp_path, _record(lang="en")))
    assert page == MarkedPage("a", "en", ("Home", "big casino"), "bs", {1: ((4, 10),)})


@pytest.mark.parametrize(
    ("spans", "message"),
    [
        ({}, r"lines \[1\] are either stuffing or marked"),
        ({"0": [[0, 2]], "1": [[4, 10]]}, r"lines \[0\] are either stuffing or marked"),
        ({"1": []}, "expected at least one"),
        ({"1": [[4, 11]]}, "inside the line"),
        ({"1": [[6, 4]]}, "sorted"),
        ({"1": [[4, 8], [6, 10]]}, "apart from one another"),
    ],
    ids=["none", "of a frame line", "empty", "too long", "backwards", "overlapping"],
)
def test_marked_pages_refuses_spans_that_cannot_be(
    tmp_path: Path, spans: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        evasion_attacks.marked_pages(_file(tmp_path, _record(keywords=spans)))


def test_disguised_touches_the_keywords_only() -> None:
    attack = evasion_attacks.disguised(PAGE, lambda text, _: text.upper(), np.random.default_rng(0))
    assert attack.lines == (
        "Home", "[BIG CASINO] Fair opens", "One.", "Two.", "Three.", "BIG CASINO, SLOTS"
    )  # fmt: skip
    assert attack.codes == PAGE.codes
    assert attack.origin == {1: 1, 5: 5}


def test_disguised_does_not_count_lines_it_leaves_alone() -> None:
    attack = evasion_attacks.disguised(
        PAGE, lambda text, _: text.replace("slots", "s1ots"), np.random.default_rng(0)
    )
    assert attack.origin == {5: 5}


def test_disguised_over_lines_knows_where_every_part_came_from() -> None:
    split = DISGUISES["split over lines"]
    attack = evasion_attacks.disguised(PAGE, split, np.random.default_rng(0))
    assert attack.lines[1:3] == ("[big c", "asino] Fair opens")
    assert attack.lines[6:] == ("big c", "asino, sl", "ots")
    assert attack.codes == "bsscccsss"
    assert attack.origin == {1: 1, 2: 1, 6: 5, 7: 5, 8: 5}


def test_hidden_puts_one_spam_line_amid_the_article() -> None:
    first, second = evasion_attacks.placed(PAGE, evasion_attacks.hidden)
    assert first.lines == ("Home", "One.", "[big casino] Fair opens", "Two.", "Three.")
    assert first.codes == "bcscc"
    assert first.origin == {2: 1}
    assert second.origin == {2: 5}


def test_wrapped_puts_one_spam_line_on_both_sides_of_the_article() -> None:
    _, second = evasion_attacks.placed(PAGE, evasion_attacks.wrapped)
    spam = "big casino, slots"
    assert second.lines == ("Home", spam, "One.", "Two.", "Three.", spam)
    assert second.codes == "bscccs"
    assert second.origin == {1: 5, 5: 5}


def test_pages_without_an_article_are_no_hosts() -> None:
    doorway = MarkedPage("d", "en", ("Home", "slots"), "bs", {1: ((0, 5),)})
    assert evasion_attacks.placed(doorway, evasion_attacks.hidden) == []


def test_every_technique_changes_committed_pages_the_same_way_each_time() -> None:
    pages = evasion_attacks.marked_pages(evasion.PAGES)
    attacks = evasion_attacks.all_attacks(pages)
    assert len(attacks) == len(DISGUISES) + 2
    assert min(len(made) for made in attacks.values()) >= 40
    assert evasion_attacks.all_attacks(pages) == attacks


def test_committed_pages_are_as_many_and_as_varied_as_promised() -> None:
    pages = evasion_attacks.marked_pages(evasion.PAGES)
    assert len(pages) >= 40
    assert len({page.language for page in pages}) >= 8
    assert all(len(page.keywords) >= 2 for page in pages)


def test_outcomes_pair_each_line_with_its_plain_form() -> None:
    attack = Attack(PAGE, ("a", "b", "c"), "scs", {0: 1, 2: 5})
    found = evasion.outcomes(attack, _index("sbc"), _index("bcccbs"))
    assert found == [
        Outcome("en", is_found=True, is_found_plain=False),
        Outcome("en", is_found=False, is_found_plain=True),
    ]


def test_recall_falls_by_what_the_disguise_hides() -> None:
    found = [
        Outcome("en", is_found=now, is_found_plain=before)
        for now, before in ((True, True), (False, True), (False, True), (False, False))
    ]
    assert evasion.recall(found) == {"lines": 4, "plain_recall": 0.75, "recall": 0.25, "fall": 0.5}


def test_figures_part_languages_and_count_lost_content() -> None:
    french = MarkedPage("page 2", "fr", PAGE.lines, PAGE.codes, PAGE.keywords)
    attacks = [evasion_attacks.plain_attack(page) for page in (PAGE, french)]
    plain = {"page": _index("bscccs"), "page 2": _index("bccbcs")}
    measured = evasion.figures(attacks, list(plain.values()), plain)
    assert measured["lines"] == 4
    assert measured["recall"] == measured["plain_recall"] == 0.75
    assert measured["fall"] == 0
    assert measured["content_lines_lost_share"] == round(1 / 6, 4)
    assert {name: part["recall"] for name, part in measured["by_language"].items()} == {
        "en": 1.0,
        "fr": 0.5,
    }


def test_table_has_a_row_a_technique() -> None:
    figures = {"pages": 2, "lines": 4, "plain_recall": 0.75, "recall": 0.5, "fall": 0.25}
    rows = evasion.table({"spaced": figures | {"content_lines_lost_share": 0.02}}).splitlines()
    assert rows[2:] == ["| spaced | 2 | 4 | 0.750 | 0.500 | +0.250 | 2.0% |"]


def test_the_page_shows_the_result_that_is_committed(repo_root: Path) -> None:
    text = (evasion.RESULTS / "evasion.json").read_text(encoding="utf-8")
    page = (repo_root / "docs" / "evasion.md").read_text(encoding="utf-8")
    assert page == evasion.evasion_page(json.loads(text))


def test_the_page_says_what_is_missed() -> None:
    text = (evasion.RESULTS / "evasion.json").read_text(encoding="utf-8")
    result = json.loads(text)
    for found in result["techniques"].values():
        found["fall"] = 0.0
    assert "Every technique meets it." in evasion.evasion_page(result)
    result["techniques"]["leetspeak"]["fall"] = 0.06
    assert "Missed by 1 of 12 techniques: leetspeak." in evasion.evasion_page(result)
