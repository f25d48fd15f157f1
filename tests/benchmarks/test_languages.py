"""What is left out is whole languages, each with all its pages and in one fold."""

from collections import Counter
from dataclasses import replace

import pytest
from languages import TURNS, chosen_pages, left_out, markdown, script_of_language

from classifier.datamodels import LabelledDocument

PAGES = [
    LabelledDocument(str(number), ("line",), "c", language=language, group=f"site {number % 9}")
    for number, language in enumerate(["en", "zh", "zh-TW", "el", "ru", "uk", "de", "ja"] * 9)
]


def test_no_language_is_left_out_twice_and_there_are_six_scripts() -> None:
    codes = Counter(code for scripts in TURNS for group in scripts.values() for code in group)
    assert set(codes.values()) == {1}
    assert sum(not title.startswith("Latin") for scripts in TURNS for title in scripts) >= 6


def test_chinese_and_japanese_share_characters_and_are_left_out_together() -> None:
    chinese, japanese = script_of_language("zh-TW"), script_of_language("ja")
    assert chinese is not None
    assert japanese is not None
    assert chinese[0] == japanese[0]


def test_the_languages_left_out_keep_all_pages_and_the_others_a_share_of_sites() -> None:
    chosen = chosen_pages(PAGES, share=0.4)
    languages, everything = (Counter(page.language for page in pages) for pages in (chosen, PAGES))
    assert {code: languages[code] for code in ("zh", "ja")} == {"zh": 9, "ja": 9}
    assert 0 < languages["en"] < everything["en"]
    assert chosen_pages(PAGES, share=1) == PAGES


def test_pages_of_one_turn_are_one_group() -> None:
    grouped = left_out(PAGES)
    groups = {
        language: {page.group for page in grouped if page.language == language}
        for language in ("zh", "ja", "el", "ru", "en")
    }
    assert groups["zh"] == groups["ja"] != groups["el"] == groups["ru"]
    assert len(groups["zh"]) == len(groups["el"]) == 1
    assert len(groups["en"]) > 1
    assert [page.lines for page in grouped] == [page.lines for page in PAGES]


def test_clean_text_is_left_out_only_where_asked() -> None:
    clean = [replace(page, source="clean/books") for page in PAGES]
    assert [page.group for page in left_out(clean)] == [page.group for page in clean]
    assert [page.group for page in left_out(clean, clean_too=True)] == [
        page.group for page in left_out(PAGES)
    ]


def test_pages_made_of_labelled_pages_are_left_out_with_them() -> None:
    made = [
        LabelledDocument(
            f"grammar/0/{host}/7", ("line",), "c", source="made/grammar", language="el"
        )
        for host in ("clean/books", "pages/daniel")
    ]
    of_clean, of_labelled = left_out(made)
    assert (of_clean.group, of_labelled.group) == ("", "languages left out, 1")


def test_table_has_a_row_a_script() -> None:
    part = {"languages": "el", "pages": 3, "lines": 40, "f1_with": 0.8, "f1_without": 0.75}
    text = markdown({"scripts": {"Greek": {**part, "loss": 0.05, "f1_unseen": 0.7}}})
    assert text.splitlines()[-1] == "| Greek | el | 3 | 40 | 0.800 | 0.750 | 0.050 | 0.700 |"


@pytest.mark.parametrize("language", ["en", "de", "und", ""])
def test_other_languages_are_never_left_out(language: str) -> None:
    assert script_of_language(language) is None
