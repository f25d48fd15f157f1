"""Names and suffixes lead to sources."""

from pathlib import Path

import pytest

from classifier.errors import ConfigError, InputError
from classifier.io.formats import find_sources


@pytest.mark.parametrize(
    ("name", "chosen"),
    [
        ("a.txt", "text"),
        ("a.TXT", "text"),
        ("a.txt.gz", "text"),
        ("a.jsonl", "jsonl"),
        ("a.ndjson", "jsonl"),
        ("a.txt.zst", "text"),
        ("a.b.jsonl.gz", "jsonl"),
        ("a.jsonl.zst", "jsonl"),
        ("a.parquet", "parquet"),
        ("a.warc", "warc"),
        ("a.warc.gz", "warc"),
        ("a.warc.wet.gz", "wet"),
        ("a.wet", "wet"),
        ("a.html", "html"),
        ("a.HTM.gz", "html"),
        ("README", "text"),
    ],
)
def test_suffix_decides(tmp_path: Path, name: str, chosen: str) -> None:
    (tmp_path / name).touch()
    (source,) = find_sources([str(tmp_path / name)])
    assert (source.format, source.name, source.below) == (chosen, str(tmp_path / name), None)


@pytest.mark.parametrize("name", ["a.md", "a.gz", "a.json", "a.parquet.gz"])
def test_unknown_suffix_is_refused_unless_said(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    with pytest.raises(InputError, match=r"unknown suffix .* with --input-format"):
        find_sources([str(tmp_path / name)])
    (source,) = find_sources([str(tmp_path / name)], "text")
    assert source.format == "text"


def test_input_format_overrides_the_suffix(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    assert [each.format for each in find_sources([str(tmp_path), "-"], "jsonl")] == ["jsonl"] * 2


def test_standard_input_is_text() -> None:
    (source,) = find_sources(["-"])
    assert (source.format, source.where) == ("text", "standard input")


def test_folder_is_searched_down_in_order(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.txt", "a/b/c.jsonl", "a.txt", ".a.txt", ".x/a.txt", "a/note.md"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    sources = find_sources([f"{tmp_path}/"])
    assert [each.below for each in sources] == ["a/b/c.jsonl", "a/z.txt", "a.txt", "b.txt"]
    assert sources[0].name == f"{tmp_path}/a/b/c.jsonl"


@pytest.mark.parametrize(
    ("reading", "chosen", "fields"),
    [
        ("parquet", "parquet", ("text", "id")),
        ("jsonl:text=body", "jsonl", ("body", "id")),
        ("text=body,id=url", "text", ("body", "url")),
        ("jsonl:id=a=b", "jsonl", ("text", "a=b")),
    ],
)
def test_format_and_names_of_fields_can_be_said(
    reading: str, chosen: str, fields: tuple[str, str]
) -> None:
    (source,) = find_sources(["-"], reading)
    assert (source.format, source.fields) == (chosen, fields)


@pytest.mark.parametrize(
    ("reading", "message"),
    [
        ("docx", "unknown format 'docx'; known are text, jsonl, parquet"),
        ("jsonl:body", "cannot be understood; it is FORMAT, FORMAT:text=NAME"),
        ("jsonl:title=x", "cannot be understood"),
        ("text=", "cannot be understood"),
    ],
)
def test_what_cannot_be_understood_is_refused(reading: str, message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        find_sources(["-"], reading)


def test_said_format_is_that_of_every_file_in_a_folder(tmp_path: Path) -> None:
    for name in ("c4.json.gz", "a.txt", "LICENSE", ".hidden", "_errors.jsonl"):
        (tmp_path / name).touch()
    found = find_sources([str(tmp_path)], "jsonl")
    assert [(source.below, source.format) for source in found] == [
        ("LICENSE", "jsonl"),
        ("a.txt", "jsonl"),
        ("c4.json.gz", "jsonl"),
    ]
    assert [source.below for source in find_sources([str(tmp_path)], "text=body")] == ["a.txt"]


@pytest.mark.parametrize("name", ["text", "html", "warc", "wet"])
def test_fields_of_formats_without_any_are_refused(name: str) -> None:
    with pytest.raises(ConfigError, match=f"{name} has no fields to name"):
        find_sources(["-"], f"{name}:text=body")


def test_list_of_bad_records_is_no_input(tmp_path: Path) -> None:
    for name in ("_errors.jsonl", "a.jsonl", "_b.jsonl"):
        (tmp_path / name).touch()
    assert [each.below for each in find_sources([str(tmp_path)])] == ["_b.jsonl", "a.jsonl"]


def test_an_empty_name_is_no_folder() -> None:
    with pytest.raises(ConfigError, match="'' is no name"):
        find_sources([""])


def test_linked_folders_are_searched_once(tmp_path: Path) -> None:
    inputs, other = tmp_path / "in", tmp_path / "other"
    (inputs / "deep").mkdir(parents=True)
    other.mkdir()
    (inputs / "a.txt").touch()
    (other / "b.txt").touch()
    (inputs / "linked").symlink_to(other)
    (inputs / "deep" / "again").symlink_to(other)
    (other / "round").symlink_to(inputs)
    found = [source.below for source in find_sources([str(inputs)])]
    assert found == ["a.txt", "linked/b.txt"]
