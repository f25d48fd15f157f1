"""Lexicons: what spam, and the frame around it, says in one language.

One file a language, ``<language>.toml``, with the queries spammers stuff by niche (``queries``),
the frame of ordinary sites (``frame``) and templates of spam (``spam``). Placeholders are those of
`str.format`; a literal brace is doubled.
"""

import string
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from classifier.errors import InputError

NICHES = (
    *("betting", "casino", "lottery", "pharma", "fashion"),
    *("loans", "escorts", "essays", "apk", "seo"),
)
"""What spam sells; every lexicon has queries for each."""

Texts = tuple[str, ...]

_SLOTS: dict[str, frozenset[str]] = {
    "editor": frozenset({"slot"}),
    "source": frozenset({"slot"}),
    "category": frozenset({"slot"}),
    "breadcrumb": frozenset({"slot", "title"}),
    "previous": frozenset({"title"}),
    "next": frozenset({"title"}),
    "tags": frozenset({"list"}),
    "meta": frozenset({"date", "number", "name"}),
    "legal": frozenset({"year", "site"}),
}
_SPAM_SLOTS = frozenset({"query", "brand", "domain", "handle", "phone", "percent", "city", "year"})
_SPAM_TEMPLATES = ("promo", "titles", "doorway", "comments", "splices")
_NECESSARY = {
    **dict.fromkeys(("editor", "source", "category", "breadcrumb"), "slot"),
    **dict.fromkeys(("previous", "next"), "title"),
    "tags": "list",
    "splices": "query",
}


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of ordinary pages in one language; placeholders as in the keys of the file."""

    editor: Texts
    source: Texts
    category: Texts
    breadcrumb: Texts
    previous: Texts
    next: Texts
    related: Texts
    searches: Texts
    friends: Texts
    tags: Texts
    menu: Texts
    sections: Texts
    meta: Texts
    social: Texts
    forms: Texts
    legal: Texts
    read_more: Texts
    names: Texts
    sites: Texts
    cities: Texts


@dataclass(frozen=True, slots=True)
class Spam:
    """Templates of spam in one language; `questions` are pairs of a question and an answer."""

    promo: Texts
    titles: Texts
    doorway: Texts
    comments: Texts
    questions: tuple[tuple[str, str], ...]
    splices: Texts
    spintax: Texts
    salad: Texts


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What is said in one language.

    Attributes
    ----------
    language
        ISO 639-1 code, the name of the file.
    name
        English name of the language.
    queries
        By niche, one entry for each of `NICHES`.
    frame, spam
        Texts and templates.
    """

    language: str
    name: str
    queries: Mapping[str, Texts]
    frame: Frame
    spam: Spam


def read_lexicons(folder: Path) -> dict[str, Lexicon]:
    """Return the lexicons of a folder by language, in order of their codes.

    Raises
    ------
    InputError
        If there is none, or a file is not as it should be; names the file and the key.
    """
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise InputError(f"{folder}: no lexicons here; expected files named <language>.toml")
    return {path.stem: read_lexicon(path) for path in paths}


def read_lexicon(path: Path) -> Lexicon:
    """Return the lexicon of one file.

    Raises
    ------
    InputError
        If the file is not TOML, a key is missing, unknown or of another kind, a text is empty or
        there twice, or a placeholder is unknown or missing.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path}: not TOML in UTF-8 ({error})") from error
    _check_keys(path, "", table, ("language", "name", "queries", "frame", "spam"))
    language = _text(path, "language", table["language"])
    if language != path.stem:
        raise InputError(
            f"{path}: language is {language!r}; the file of a language is named after it, "
            f"expected {path.stem!r}"
        )
    queries = _section(path, "queries", table["queries"], NICHES)
    frame = _section(path, "frame", table["frame"], [field.name for field in fields(Frame)])
    spam = _section(path, "spam", table["spam"], [field.name for field in fields(Spam)])
    questions = _pairs(path, "spam.questions", spam.pop("questions"))
    return Lexicon(
        language=language,
        name=_text(path, "name", table["name"]),
        queries={niche: _texts(path, f"queries.{niche}", queries[niche]) for niche in NICHES},
        frame=Frame(**{key: _texts(path, f"frame.{key}", frame[key]) for key in frame}),
        spam=Spam(
            questions=questions,
            **{key: _texts(path, f"spam.{key}", spam[key]) for key in spam},
        ),
    )


def _section(path: Path, key: str, value: object, expected: Sequence[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise InputError(f"{path}: {key} is a {type(value).__name__}; expected a table [{key}]")
    _check_keys(path, f"{key}.", value, expected)
    return dict(value)


def _check_keys(path: Path, prefix: str, table: Mapping[str, Any], expected: Sequence[str]) -> None:
    for key in expected:
        if key not in table:
            raise InputError(f"{path}: no {prefix}{key}; a lexicon needs {', '.join(expected)}")
    for key in table:
        if key not in expected:
            raise InputError(
                f"{path}: unknown key {prefix}{key}; expected one of {', '.join(expected)}"
            )


def _texts(path: Path, key: str, value: object) -> Texts:
    if not isinstance(value, list) or not value:
        raise InputError(f"{path}: {key} must be a list of at least one text")
    texts = tuple(_text(path, f"{key}[{index}]", item) for index, item in enumerate(value))
    if len(set(texts)) < len(texts):
        twice = next(text for index, text in enumerate(texts) if text in texts[:index])
        raise InputError(f"{path}: {key} has {twice!r} twice; keep one")
    name = key.rpartition(".")[2]
    for index, text in enumerate(texts):
        _check_placeholders(path, f"{key}[{index}]", text, name)
    return texts


def _text(path: Path, key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise InputError(f"{path}: {key} must be a text that is not empty. Got {value!r} instead.")
    if "\n" in value or "\r" in value:
        raise InputError(f"{path}: {key} has a line break; a text is one line")
    return value


def _pairs(path: Path, key: str, value: object) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, list) or not value:
        raise InputError(f"{path}: {key} must be a list of at least one pair of texts")
    pairs = []
    for index, item in enumerate(value):
        if not isinstance(item, list) or len(item) != 2:
            raise InputError(f"{path}: {key}[{index}] must be a question and an answer")
        first, second = (_text(path, f"{key}[{index}]", text) for text in item)
        pairs.append((first, second))
    return tuple(pairs)


def _check_placeholders(path: Path, key: str, text: str, name: str) -> None:
    if name in _SPAM_TEMPLATES:
        allowed = _SPAM_SLOTS
    elif name in _SLOTS or name == "spintax":
        allowed = _SLOTS.get(name, frozenset())
    else:  # never formatted, so braces mean nothing there
        allowed = frozenset()
        text = text.replace("{{", "").replace("}}", "")
    try:
        found = [field for _, field, _, _ in string.Formatter().parse(text) if field is not None]
    except ValueError as error:
        raise InputError(
            f"{path}: {key}: {error}; double a brace that is no placeholder"
        ) from error
    names = ", ".join(f"{{{slot}}}" for slot in sorted(allowed)) or "none"
    for field in found:
        if field not in allowed:
            raise InputError(f"{path}: {key}: unknown placeholder {{{field}}}; allowed: {names}")
    if name in _NECESSARY and _NECESSARY[name] not in found:
        raise InputError(f"{path}: {key}: {text!r} has no {{{_NECESSARY[name]}}}")
