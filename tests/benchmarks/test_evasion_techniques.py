"""Each disguise alters what it should, keeps the rest readable, and leaves alone what it cannot."""

import html
import unicodedata

import numpy as np
import pytest
from evasion_techniques import DISGUISES, is_joint

KEYWORDS = (
    "online casino bonus",
    "казино онлайн",
    "áo đấu 88",
    "สล็อตเว็บตรง",
    "代开发票",
    "토토사이트",
)


def _disguised(name: str, text: str, seed: int = 1) -> str:
    return DISGUISES[name](text, np.random.default_rng(seed))


@pytest.mark.parametrize("name", DISGUISES)
def test_same_chance_gives_the_same_disguise(name: str) -> None:
    assert [_disguised(name, word) for word in KEYWORDS] == [
        _disguised(name, word) for word in KEYWORDS
    ]


@pytest.mark.parametrize("name", DISGUISES)
def test_every_disguise_alters_a_latin_keyword(name: str) -> None:
    assert _disguised(name, "online casino bonus") != "online casino bonus"


@pytest.mark.parametrize("name", ["homoglyphs", "mixed scripts", "leetspeak"])
@pytest.mark.parametrize("keyword", ["online casino", "казино онлайн"])
def test_swapped_letters_leave_length_and_gaps(name: str, keyword: str) -> None:
    found = _disguised(name, keyword)
    assert len(found) == len(keyword)
    assert found.index(" ") == keyword.index(" ")
    assert found != keyword


@pytest.mark.parametrize(
    ("keyword", "foreign"), [("online casino", "CYRILLIC"), ("казино онлайн", "LATIN")]
)
def test_homoglyphs_come_from_another_script(keyword: str, foreign: str) -> None:
    found = _disguised("homoglyphs", keyword)
    new = [b for a, b in zip(keyword, found, strict=True) if a != b]
    assert new
    assert all(unicodedata.name(char).startswith(foreign) for char in new)


@pytest.mark.parametrize("name", ["fullwidth letters", "styled letters"])
@pytest.mark.parametrize("keyword", ["online casino 88", "áo đấu cờ bạc"])
def test_styled_letters_fold_back_to_the_keyword(name: str, keyword: str) -> None:
    found = _disguised(name, keyword)
    assert found != keyword
    assert unicodedata.normalize("NFKC", found) == keyword


@pytest.mark.parametrize("name", ["fullwidth letters", "styled letters"])
@pytest.mark.parametrize("keyword", ["казино", "สล็อต", "代开发票", "토토", "ऑनलाइन ज़रूर"])
def test_styles_leave_other_scripts_as_they_are(name: str, keyword: str) -> None:
    assert _disguised(name, keyword) == keyword


@pytest.mark.parametrize("keyword", KEYWORDS)
def test_invisible_characters_stand_between_letters_only(keyword: str) -> None:
    for name in ("zero-width characters", "soft hyphens"):
        found = _disguised(name, keyword)
        assert "".join(c for c in found if unicodedata.category(c) != "Cf") == keyword
        assert len(found) > len(keyword)
        assert not any(unicodedata.category(word[0]) == "Cf" for word in found.split(" "))


def test_spaced_letters_keep_words_apart() -> None:
    assert _disguised("spaced letters", "slot 88") == "s l o t  8 8"


@pytest.mark.parametrize("keyword", KEYWORDS)
def test_entities_are_those_of_the_keyword(keyword: str) -> None:
    found = _disguised("entity leftovers", keyword)
    assert "&#" in found
    assert html.unescape(found).replace("\u00a0", " ") == keyword


@pytest.mark.parametrize(
    ("keyword", "parts"),
    [("casino", ["cas", "ino"]), ("free slots", ["free", "slots"]), ("代开发票", ["代开", "发票"])],
)
def test_split_breaks_once_in_the_middle(keyword: str, parts: list[str]) -> None:
    assert _disguised("split over lines", keyword).split("\n") == parts


def test_split_leaves_one_letter_whole() -> None:
    assert _disguised("split over lines", "x") == "x"


def test_nothing_stands_before_a_mark_or_at_an_edge() -> None:
    text = "ab\u0301 c"
    assert [index for index in range(len(text) + 1) if is_joint(text, index)] == [1]
