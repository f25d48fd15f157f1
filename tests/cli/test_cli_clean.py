"""``linespam clean``: the input's own format without what is not content, nothing lost silently."""

import gzip
import json
import os
from pathlib import Path
from typing import Any

import pytest

PAGE = "menu Start\r\nDie Brücke ist offen.\r\n\r\n[ad] Markt am Samstag\npills günstig\n"
CLEANED = "Die Brücke ist offen.\r\n\r\nMarkt am Samstag\n"

pytestmark = pytest.mark.usefixtures("rule_model")


def visible(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith("."))


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "seite.txt"
    path.write_bytes(PAGE.encode())
    return path


def test_clean_text_gives_text(run: Any, page: Path) -> None:
    finished = run("clean", page)
    assert finished.out == CLEANED.encode()
    assert finished.err.startswith(
        "1 document, 6 lines: 1 content, 2 stuffing, 0 linkfarm, 1 boilerplate, 2 blank; "
        "2 removed, 1 cut ("
    )


def test_clean_keeps_every_byte_of_content(run: Any) -> None:
    data = "\ufeffÀ la une\x0b\x85\u2028fin\r\r\n\n\n  \t".encode()
    assert run("clean", "-", stdin=data).out == data


def test_clean_jsonl_keeps_all_other_fields(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    records: list[dict[str, Any]] = [
        {"url": "https://a.example", "text": "menu\nEen zin.", "id": 7, "n": [1.5, None]},
        {"lines": ["pills", "Μια πρόταση.", ""], "labels": "sc?"},
        {"id": "x", "lines": []},
        {"id": "y", "lines": ["pills"], "text": "pills"},
        {"id": "z", "text": "a\ud800"},
        {"id": "w", "lines": ["menu"]},
    ]
    path.write_text("".join(json.dumps(record) + "\n" for record in records))
    finished = run("clean", path)
    cleaned = [json.loads(row) for row in finished.text.splitlines()]
    assert cleaned == [
        {**records[0], "text": "Een zin."},
        {**records[1], "lines": ["Μια πρόταση.", ""]},
        records[2],
        {**records[3], "text": "", "lines": []},
        records[4],
        {**records[5], "lines": []},
    ]
    assert list(cleaned[0]) == list(records[0])


def test_clean_removed_says_what_and_why(run: Any, page: Path, tmp_path: Path) -> None:
    removed = tmp_path / "removed.jsonl"
    finished = run("clean", page, "--removed", removed)
    assert finished.out == CLEANED.encode()
    rows = [json.loads(row) for row in removed.read_text(encoding="utf-8").splitlines()]
    assert rows == [
        {
            "id": str(page),
            "line": 1,
            "text": "menu Start\r",
            "label": "boilerplate",
            "confidence": 0.85,
            "spans": None,
        },
        {
            "id": str(page),
            "line": 4,
            "text": "[ad] Markt am Samstag",
            "label": "stuffing",
            "confidence": 0.05,
            "spans": [[0, 5, 0.9877]],
            "cuts": [[0, 5, ""]],
        },
        {
            "id": str(page),
            "line": 5,
            "text": "pills günstig",
            "label": "stuffing",
            "confidence": 0.85,
            "spans": None,
        },
    ]


def test_clean_removed_needs_a_file(run: Any, page: Path) -> None:
    assert "--removed needs a file" in run("clean", page, "--removed", "-").err


def test_clean_several_texts_follow_one_another(run: Any, tmp_path: Path) -> None:
    for name, text in (("a.txt", "uno"), ("b.txt", "pills"), ("c.txt", "dos\n"), ("d.txt", "tres")):
        (tmp_path / name).write_text(text)
    assert run("clean", tmp_path).out == b"uno\ndos\ntres"


def test_clean_mixed_formats_need_a_folder(run: Any, page: Path, tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text('{"text": "a"}\n')
    assert "do not mix in one stream" in run("clean", tmp_path).err


def test_clean_one_file_to_a_file(run: Any, page: Path, tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    target.write_text("old")
    target.chmod(0o640)
    assert run("clean", page, "-o", target).out == b""
    assert target.read_bytes() == CLEANED.encode()
    assert target.stat().st_mode & 0o777 == 0o640


def test_clean_one_file_to_a_folder(run: Any, page: Path, tmp_path: Path) -> None:
    run("clean", page, "-o", f"{tmp_path}/new/")
    assert (tmp_path / "new" / "seite.txt").read_bytes() == CLEANED.encode()


def test_clean_folder_to_a_folder_keeps_names(run: Any, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    (pages / "sub").mkdir(parents=True)
    (pages / "a.txt").write_text("menu\nHallo")
    (pages / "sub" / "b.jsonl").write_text('{"text": "x"}\n{"text": "menu"}\n')
    (pages / "sub" / "c.txt.gz").write_bytes(gzip.compress(b"menu\nHej"))
    out = tmp_path / "out"
    assert run("clean", pages, "-o", out, "--removed", tmp_path / "r.jsonl").code == 0
    assert (out / "a.txt").read_bytes() == b"Hallo"
    assert (out / "sub" / "b.jsonl").read_text() == '{"text": "x"}\n{"text": ""}\n'
    packed = (out / "sub" / "c.txt.gz").read_bytes()
    assert gzip.decompress(packed) == b"Hej"
    run("clean", pages, "-o", out)
    assert (out / "sub" / "c.txt.gz").read_bytes() == packed


def test_clean_failed_folder_run_keeps_whole_files_only(run: Any, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "a.txt").write_text("Hallo")
    (pages / "b.jsonl").write_text('{"text": "x"}\n{"text": "y"}\n{"text')
    out, removed = tmp_path / "out", tmp_path / "r.jsonl"
    finished = run("clean", pages, "-o", out, "--removed", removed, "--strict")
    assert finished.code == 1
    assert "b.jsonl:3: broken JSON" in finished.err
    assert visible(out) == ["a.txt"]
    assert not removed.exists()


def test_clean_folder_lists_bad_records_and_goes_on(run: Any, tmp_path: Path) -> None:
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "a.jsonl").write_text('{"text": "x"}\n{"text\n{"text": "menu\\ny"}\n')
    (pages / "b.txt").write_bytes(b"\xff")
    (pages / "c.txt").write_text("Hallo")
    out = tmp_path / "out"
    finished = run("clean", pages, "-o", out)
    assert finished.code == 0
    assert visible(out) == ["_errors.jsonl", "a.jsonl", "b.txt", "c.txt"]
    assert (out / "a.jsonl").read_text() == '{"text": "x"}\n{"text": "y"}\n'
    assert (out / "b.txt").read_bytes() == b""
    bad = [json.loads(row) for row in (out / "_errors.jsonl").read_text().splitlines()]
    assert [(row["file"], row["record"]) for row in bad] == [
        (f"{pages}/a.jsonl", 2),
        (f"{pages}/b.txt", None),
    ]
    assert bad[0]["reason"].startswith("broken JSON at column 2")
    summary = json.loads(finished.text)
    assert (summary["documents"], summary["errors"]) == (3, 2)
    assert (summary["characters_removed"], summary["lines_removed"]) == (5, 1)
    assert "; 2 bad records (" in finished.err


def test_clean_refuses_to_write_over_an_input(run: Any, page: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.txt"
    link.symlink_to(page)
    for arguments in (
        ["-o", page],
        ["-o", link],
        ["-o", tmp_path],
        ["--removed", page],
        ["-o", tmp_path / "new.txt", "--removed", tmp_path / "new.txt"],
    ):
        finished = run("clean", page, *arguments)
        assert finished.code == 1
        assert "would be written over" in finished.err
    assert page.read_bytes() == PAGE.encode()
    assert not list(tmp_path.glob(".*"))


def test_clean_refuses_two_inputs_of_one_name(run: Any, tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "x.txt").write_text(name)
    finished = run("clean", tmp_path / "a", tmp_path / "b" / "x.txt", "-o", tmp_path / "out")
    assert "is an output already" in finished.err


def test_clean_several_inputs_need_a_folder(run: Any, page: Path, tmp_path: Path) -> None:
    for target in ("all.jsonl", "all.TXT.gz"):
        finished = run("clean", page, page, "-o", tmp_path / target)
        assert "several inputs or a folder are cleaned into a folder" in finished.err


def test_clean_standard_input_has_no_name_in_a_folder(run: Any, page: Path) -> None:
    assert "has no name" in run("clean", page, "-", "-o", page.parent / "out", stdin=b"a").err


def test_clean_of_nothing_is_packed_all_the_same(run: Any, page: Path) -> None:
    page.write_text("", encoding="utf-8")
    assert run("clean", page, "-o", page.parent / "a.txt.gz").code == 1
    page.write_text("menu a", encoding="utf-8")
    assert run("clean", page, "-o", page.parent / "a.txt.gz").code == 0
    assert gzip.decompress((page.parent / "a.txt.gz").read_bytes()) == b""


@pytest.mark.skipif(os.name != "posix", reason="devices are POSIX")
def test_clean_writes_into_a_pipe_without_replacing_it(run: Any, page: Path) -> None:
    assert run("clean", page, "-o", "/dev/null", "--removed", "/dev/null").code == 0
    assert not Path("/dev/null").is_file()


def test_clean_max_content_loss_keeps_more(run: Any, page: Path) -> None:
    assert b"pills" in run("clean", page, "--max-content-loss", "0.001").out


def test_an_empty_name_for_removed_rows_is_refused(run: Any, page: Path) -> None:
    finished = run("clean", page, "--removed", "")
    assert (finished.code, finished.out) == (1, b"")
    assert finished.err == "linespam: --removed '': is no name; give a file\n"
