"""Lexicons are read whole or refused with the file and the key."""

import json
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from classifier.corpus.lexicons import NICHES, read_lexicon, read_lexicons
from classifier.errors import InputError

FRAME = (
    *("related", "searches", "friends", "menu", "sections", "social", "forms"),
    *("read_more", "names", "sites", "cities"),
)
LEAST = {"queries": 24, "menu": 30, "names": 15, "cities": 25, "titles": 12, "salad": 60}


def toml_of(table: dict[str, Any]) -> str:
    """The table as TOML, for the kinds of values lexicons have."""
    rows = [f'{key} = "{value}"' for key, value in table.items() if isinstance(value, str)]
    for name, section in table.items():
        if isinstance(section, dict):
            rows += [
                f"[{name}]",
                *(f"{key} = {json.dumps(value)}" for key, value in section.items()),
            ]
    return "\n".join(rows)


@pytest.fixture
def table() -> dict[str, Any]:
    """The smallest lexicon there can be."""
    slots = {
        "editor": ["Ed: {slot}"],
        "source": ["From {slot}"],
        "category": ["In {slot}"],
        "previous": ["Before: {title}"],
        "next": ["After: {title}"],
        "breadcrumb": ["Top > {slot} > {title}"],
        "tags": ["Tags: {list}"],
        "meta": ["{date} {name}"],
        "legal": ["{year} {site}"],
    }
    spam: dict[str, Any] = {
        "promo": ["Write {handle}"],
        "titles": ["{query} {year}"],
        "doorway": ["{query} in {city}"],
        "comments": ["{brand}!"],
        "questions": [["Why?", "By bus."]],
        "splices": [" {query} "],
        "spintax": ["{{a|b}} c"],
        "salad": ["lamp", "run"],
    }
    return {
        "language": "xx",
        "name": "Exemplary",
        "queries": {niche: [f"{niche} online"] for niche in NICHES},
        "frame": {**{key: [f"a {key}"] for key in FRAME}, **slots},
        "spam": spam,
    }


@pytest.fixture
def write(tmp_path: Path) -> Callable[[dict[str, Any]], Path]:
    """A function that writes a table as the lexicon of language xx."""

    def written(table: dict[str, Any]) -> Path:
        path = tmp_path / "xx.toml"
        path.write_text(toml_of(table), encoding="utf-8")
        return path

    return written


def test_a_lexicon_is_read_as_written(
    table: dict[str, Any], write: Callable[[dict[str, Any]], Path]
) -> None:
    lexicon = read_lexicon(write(table))
    assert (lexicon.language, lexicon.name) == ("xx", "Exemplary")
    assert lexicon.queries["apk"] == ("apk online",)
    assert lexicon.frame.breadcrumb == ("Top > {slot} > {title}",)
    assert lexicon.spam.questions == (("Why?", "By bus."),)
    assert lexicon.spam.spintax[0].format() == "{a|b} c"


@pytest.mark.parametrize(
    ("section", "key", "value", "message"),
    [
        ("queries", "apk", None, "no queries.apk"),
        ("frame", "menu", [], "frame.menu must be a list of at least one text"),
        ("frame", "menu", ["Home", "Home"], "frame.menu has 'Home' twice"),
        ("frame", "menu", ["Home", " "], r"frame.menu\[1\] must be a text that is not empty"),
        ("frame", "menu", ["a\nb"], r"frame.menu\[0\] has a line break"),
        ("frame", "menu", "Home", "frame.menu must be a list"),
        ("frame", "colour", ["red"], "unknown key frame.colour"),
        ("frame", "editor", ["Ed"], r"frame.editor\[0\]: 'Ed' has no {slot}"),
        ("frame", "editor", ["{slot} {name}"], r"unknown placeholder {name}; allowed: {slot}"),
        ("frame", "meta", ["{date"], r"frame.meta\[0\]: .*double a brace"),
        ("spam", "promo", ["{colour}"], r"unknown placeholder {colour}; allowed: {brand}"),
        ("spam", "splices", ["here"], r"spam.splices\[0\]: 'here' has no {query}"),
        ("spam", "spintax", ["{a|b}"], r"spam.spintax\[0\]: unknown placeholder {a\|b}"),
        ("spam", "questions", [["Why?"]], r"spam.questions\[0\] must be a question and an answer"),
    ],
)
def test_what_is_wrong_is_named_by_file_and_key(
    table: dict[str, Any],
    write: Callable[[dict[str, Any]], Path],
    section: str,
    key: str,
    value: object,
    message: str,
) -> None:
    if value is None:
        del table[section][key]
    else:
        table[section][key] = value
    with pytest.raises(InputError, match=rf"xx\.toml: .*{message}"):
        read_lexicon(write(table))


def test_a_file_is_named_after_its_language(
    table: dict[str, Any], write: Callable[[dict[str, Any]], Path]
) -> None:
    table["language"] = "yy"
    with pytest.raises(InputError, match=r"xx\.toml: language is 'yy'.*expected 'xx'"):
        read_lexicon(write(table))


def test_what_is_not_toml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "xx.toml"
    path.write_text("language = ", encoding="utf-8")
    with pytest.raises(InputError, match=r"xx\.toml: not TOML in UTF-8"):
        read_lexicon(path)


def test_a_folder_without_lexicons_is_refused(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"no lexicons here; expected files named <language>\.toml"
    ):
        read_lexicons(tmp_path)


def test_lexicons_of_the_project_are_valid_and_of_full_size(repo_root: Path) -> None:
    for language, lexicon in read_lexicons(repo_root / "data" / "lexicons").items():
        sizes = {niche: len(lexicon.queries[niche]) for niche in NICHES}
        assert min(sizes.values()) >= LEAST["queries"], (language, sizes)
        for key in ("menu", "names", "cities"):
            assert len(getattr(lexicon.frame, key)) >= LEAST[key], (language, key)
        for key in ("titles", "salad"):
            assert len(getattr(lexicon.spam, key)) >= LEAST[key], (language, key)


def test_toml_of_writes_what_is_read(table: dict[str, Any]) -> None:
    assert tomllib.loads(toml_of(table)) == table
