"""Parts of a folder are found by name, and rows of texts are checked."""

import gzip
from pathlib import Path

import pytest

from classifier.corpus.layout import CLEAN, GOLD, PAGES, Layout, file_digest, read_rows
from classifier.errors import InputError


def test_a_part_is_a_file_or_a_folder_of_files(tmp_path: Path) -> None:
    for name in ("pages/b.jsonl", "pages/a.tsv", "pages/notes.md", "clean/documents.jsonl"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    layout = Layout(tmp_path)
    assert [layout.name(path) for path in layout.files(PAGES)] == ["pages/a.tsv", "pages/b.jsonl"]
    assert [path.name for path in layout.files(CLEAN)] == ["documents.jsonl"]
    assert layout.files(GOLD) == []
    layout.check()


def test_a_folder_with_nothing_to_build_from_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no labelled pages here; expected at least one of pages"):
        Layout(tmp_path).check()


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.jsonl.gz"])
def test_rows_have_their_numbers(tmp_path: Path, name: str) -> None:
    data = '{"t": "früh"}\n\n{"t": "spät", "more": 1}\n'.encode()
    path = tmp_path / name
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    assert list(read_rows(path, ("t",))) == [(1, {"t": "früh"}), (3, {"t": "spät", "more": 1})]


FAULTS = {
    "not JSON": (b"{oops", "1: not JSON"),
    "not UTF-8": (b'{"t": "\xff"}', "1: not JSON"),
    "not an object": (b"[1]", "1: the row is a list; expected an object"),
    "no text": (b'{"t": 5}', "1: no text 't'; a row of this file needs t"),
}


@pytest.mark.parametrize(("data", "message"), FAULTS.values(), ids=FAULTS)
def test_faulty_rows_are_named(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_bytes(data)
    with pytest.raises(InputError, match=f"rows.jsonl:{message}"):
        list(read_rows(path, ("t",)))


def test_damaged_gzip_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl.gz"
    path.write_bytes(gzip.compress(b'{"t": "a"}\n' * 100)[:-9])
    with pytest.raises(InputError, match="is damaged"):
        list(read_rows(path, ("t",)))


def test_digest_is_that_of_the_bytes(tmp_path: Path) -> None:
    path = tmp_path / "abc"
    path.write_bytes(b"abc")
    assert file_digest(path).startswith("ba7816bf8f01cfea")
