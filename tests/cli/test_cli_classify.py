"""``linespam classify``: rows on standard output, the rest on standard error."""

import gzip
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from classifier.cli.app import main

PAGE = (
    "Rada gminy zbiera się w środę.\n\npills tanio bez recepty\nother: Wyniki biegu\nmenu Szukaj\n"
)

pytestmark = pytest.mark.usefixtures("rule_model")


def rows_of(finished: Any) -> list[dict[str, Any]]:
    return [json.loads(row) for row in finished.text.splitlines()]


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "strona.txt"
    path.write_text(PAGE, encoding="utf-8")
    return path


def test_classify_writes_a_row_a_line(run: Any, page: Path) -> None:
    rows = rows_of(run("classify", page))
    assert [row["label"] for row in rows] == [
        "content",
        None,
        "stuffing",
        "linkfarm",
        "boilerplate",
        None,
    ]
    assert rows[0] == {
        "id": str(page),
        "line": 1,
        "text": "Rada gminy zbiera się w środę.",
        "label": "content",
        "confidence": 0.85,
        "probabilities": {
            "content": 0.85,
            "stuffing": 0.05,
            "linkfarm": 0.05,
            "boilerplate": 0.05,
        },
        "spans": [],
    }
    assert list(rows[1]) == list(rows[0])
    assert (rows[1]["confidence"], rows[1]["probabilities"], rows[1]["spans"]) == (None, None, [])


def test_classify_reads_standard_input(run: Any) -> None:
    finished = run("classify", "-", stdin="مرحبا بكم\r\npills".encode())
    rows = rows_of(finished)
    assert [(row["id"], row["text"]) for row in rows] == [("-", "مرحبا بكم\r"), ("-", "pills")]
    assert finished.err.startswith("1 document, 2 lines: 1 content, 1 stuffing, 0 linkfarm, 0 ")


def test_classify_reads_jsonl_from_standard_input(run: Any) -> None:
    finished = run(
        "classify", "-", "--input-format", "jsonl", stdin=b'{"text": "a"}\n{"id": 7, "text": "b"}\n'
    )
    assert [row["id"] for row in rows_of(finished)] == ["-:1", "7"]


def test_classify_summary_counts_blank_lines_apart(run: Any, page: Path) -> None:
    assert run("classify", page).err.startswith(
        "1 document, 6 lines: 1 content, 1 stuffing, 1 linkfarm, 1 boilerplate, 2 blank ("
    )


def test_classify_quiet_writes_nothing_on_standard_error(run: Any, page: Path) -> None:
    finished = run("classify", page, "--quiet")
    assert (finished.code, finished.err) == (0, "")


def test_classify_per_document_writes_parallel_lists(run: Any, page: Path) -> None:
    (row,) = rows_of(run("classify", page, "--format", "documents"))
    assert row["labels"] == ["content", None, "stuffing", "linkfarm", "boilerplate", None]
    assert row["confidences"] == [0.85, None, 0.85, 0.85, 0.85, None]
    assert row["probabilities"]["stuffing"] == [0.05, None, 0.85, 0.05, 0.05, None]
    assert row["spans"] == [[]] * 6


def test_classify_tsv_has_five_columns_a_line(run: Any) -> None:
    finished = run("classify", "-", "--format", "tsv", stdin=b"a\tb\\c\r\n\nmenu")
    assert finished.text.split("\n") == [
        "-\t1\tcontent\t0.8500\ta\\tb\\\\c\\r",
        "-\t2\t\t\t",
        "-\t3\tboilerplate\t0.8500\tmenu",
        "",
    ]


def test_classify_text_is_aligned_and_safe_to_look_at(run: Any) -> None:
    finished = run("classify", "-", "--format", "text", stdin="[ad] 見出し\x1b[2J\n\nmenu".encode())
    assert finished.text.split("\n") == [
        "1  stuffing     0.0500  [-[ad] -]見出し\\x1b[2J",
        "2  -            -",
        "3  boilerplate  0.8500  menu",
        "",
    ]


def test_classify_text_names_each_of_several_documents(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "two.jsonl"
    path.write_text('{"id": "a\\u0007", "text": "x"}\n{"id": "b", "text": "y"}\n')
    assert run("classify", path, "--format", "text").text.split("\n") == [
        "a\\x07",
        "1  content      0.8500  x",
        "",
        "b",
        "1  content      0.8500  y",
        "",
        "",
    ]


def test_classify_spans_are_in_the_row(run: Any) -> None:
    (row,) = rows_of(run("classify", "-", stdin=b"[ad] Council meets"))
    assert row["spans"] == [[0, 5, 0.9877]]


def test_classify_writes_lone_surrogates_as_escapes(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "odd.jsonl"
    path.write_text('{"id": "\\udc41", "text": "a\\ud800b 😀"}\n')
    for arguments in ([], ["--format", "documents"]):
        finished = run("classify", path, *arguments)
        assert finished.code == 0
        assert rows_of(finished)[0]["id"] == "\udc41"
    assert rows_of(run("classify", path))[0]["text"] == "a\ud800b 😀"
    for row_format in ("tsv", "text"):
        assert "a\\ud800b" in run("classify", path, "--format", row_format).text


def test_classify_max_content_loss_moves_the_threshold(run: Any, page: Path) -> None:
    rows = rows_of(run("classify", page, "--max-content-loss", "0.01"))
    assert {row["label"] for row in rows} == {"content", None}


def test_classify_max_content_loss_out_of_range_is_one_sentence(run: Any, page: Path) -> None:
    finished = run("classify", page, "--max-content-loss", "1.5")
    assert (finished.code, finished.out) == (1, b"")
    assert finished.err == "linespam: max_content_loss must be in [0, 1). Got 1.5 instead.\n"


def test_classify_folder_takes_known_files_in_order(run: Any, tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".git").mkdir()
    for name in ("b/z.txt", "c.md", ".hidden.txt", ".git/x.txt", "a.txt"):
        (tmp_path / name).write_text(name)
    (tmp_path / "d.jsonl.gz").write_bytes(gzip.compress(b'{"lines": ["1", "2"]}\n'))
    ids = [row["id"] for row in rows_of(run("classify", tmp_path))]
    assert ids == [f"{tmp_path}/{name}" for name in ("a.txt", "b/z.txt", *["d.jsonl.gz:1"] * 2)]


def test_classify_output_file_appears_complete(run: Any, page: Path, tmp_path: Path) -> None:
    target = tmp_path / "rows.jsonl"
    finished = run("classify", page, "-o", target)
    assert finished.out == b""
    assert len(target.read_text(encoding="utf-8").splitlines()) == 6
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rows.jsonl", "strona.txt"]


def test_classify_rows_before_bad_input_are_written(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "broken.jsonl"
    path.write_text('{"text": "a"}\n\n{"text": "b"}\n{"text": \n{"text": "c"}\n')
    finished = run("classify", path)
    assert finished.code == 1
    assert [row["text"] for row in rows_of(finished)] == ["a", "b"]
    assert finished.err.startswith(
        f"linespam: {path}:4: broken JSON at column 10 (Expecting value)"
    )
    assert finished.err.count("\n") == 1


def test_classify_failed_run_leaves_no_file(run: Any, page: Path, tmp_path: Path) -> None:
    target = tmp_path / "rows.jsonl"
    target.write_text("as it was")
    finished = run("classify", page, tmp_path / "absent.txt", "-o", target)
    assert finished.code == 1
    (tmp_path / "bad.txt").write_bytes(b"\xff")
    assert run("classify", page, tmp_path / "bad.txt", "-o", target).code == 1
    assert target.read_text() == "as it was"
    assert not list(tmp_path.glob(".*"))


BAD_FILES = {
    "binary": ("page.txt", b"PK\x03\x04\0\0", "looks binary (NUL byte at offset 4)"),
    "no UTF-8": ("page.txt", b"abc\xe9d", "invalid UTF-8 at byte offset 3 (0xe9)"),
    "empty text": ("page.txt", b"", "is empty; a page has at least one line"),
    "empty JSONL": ("page.jsonl", b"\n \n", "is empty; a record is one JSON object"),
    "JSONL no UTF-8": (
        "page.jsonl",
        b'{"text": ""}\n{"\xff',
        ":2: invalid UTF-8 at byte offset 15",
    ),
    "JSONL binary": ("page.jsonl", b"PAR1\0", ":1: looks binary (NUL byte at offset 4)"),
    "broken JSON": ("page.jsonl", b"{'text': 1}", ":1: broken JSON at column 2"),
    "too deep": ("page.jsonl", b"[" * 100_000, ":1: JSON nested too deep"),
    "no object": ("page.jsonl", b'["text"]', ":1: the record is a list"),
    "no text": ("page.jsonl", b'{"body": "a"}', ":1: the record has no 'text' and no 'lines'"),
    "text null": ("page.jsonl", b'{"text": null}', ":1: 'text' is null; it must be a string"),
    "lines text": ("page.jsonl", b'{"lines": "a"}', ":1: 'lines' is a string; it must be a list"),
    "lines items": ("page.jsonl", b'{"lines": ["a", 3]}', ":1: 'lines'[1] is a number"),
    "line feed": ("page.jsonl", b'{"lines": ["a\\nb"]}', ":1: 'lines'[0] holds a line feed"),
    "id": ("page.jsonl", b'{"id": true, "text": "a"}', ":1: 'id' is a boolean; it must be"),
    "no gzip": ("page.txt.gz", b"plain text", "broken gzip data"),
    "half a gzip": ("page.txt.gz", gzip.compress(b"a" * 999)[:-9], "broken gzip data"),
    "damaged gzip": ("page.jsonl.gz", gzip.compress(b"abc")[:10] + b"\xff" * 20, "broken gzip"),
    "suffix": (
        "page.docx",
        b"PK",
        "unknown suffix '.docx'; known are .txt, .txt.gz, .txt.zst, .jsonl",
    ),
}


@pytest.mark.parametrize(("name", "data", "message"), BAD_FILES.values(), ids=BAD_FILES)
def test_classify_bad_input_is_one_sentence(
    run: Any, tmp_path: Path, name: str, data: bytes, message: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    finished = run("classify", path)
    assert finished.code == 1
    assert finished.err.startswith(f"linespam: {path}")
    assert message in finished.err
    assert finished.err.count("\n") == 1


def test_classify_empty_standard_input_is_one_sentence(run: Any) -> None:
    assert run("classify", "-").err == (
        "linespam: standard input: is empty; a page has at least one line\n"
    )


def test_classify_missing_file_is_one_sentence(run: Any) -> None:
    finished = run("classify", "absent\n.txt")
    assert finished.err == (
        "linespam: absent\\n.txt: no such file or folder; give a file, a folder, or - for "
        "standard input\n"
    )


def test_classify_folder_without_known_file_is_one_sentence(run: Any, tmp_path: Path) -> None:
    finished = run("classify", tmp_path)
    assert finished.code == 1
    assert "no file with a known suffix in this folder; known are .txt" in finished.err


def test_classify_standard_input_twice_is_one_sentence(run: Any) -> None:
    assert "can be read only once" in run("classify", "-", "-").err


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_classify_unreadable_file_is_one_sentence(run: Any, page: Path) -> None:
    page.chmod(0)
    assert run("classify", page).err.endswith(
        "cannot be read: Permission denied; give a readable file\n"
    )


def test_classify_refuses_to_write_over_an_input(run: Any, page: Path) -> None:
    finished = run("classify", page, "-o", page.parent / "." / page.name)
    assert finished.code == 1
    assert "is an input; give another output" in finished.err
    assert page.read_text(encoding="utf-8") == PAGE


def test_classify_output_in_no_folder_is_one_sentence(run: Any, page: Path) -> None:
    finished = run("classify", page, "-o", page.parent / "absent" / "rows.jsonl")
    assert finished.code == 1
    assert "cannot be written: there is no folder" in finished.err


def test_classify_into_a_folder_writes_a_file_for_each_input(run: Any, page: Path) -> None:
    finished = run("classify", page, "-o", page.parent)
    assert json.loads(finished.text)["lines"] == 6
    rows = (page.parent / "strona.txt.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(row)["line"] for row in rows] == [1, 2, 3, 4, 5, 6]


def test_other_system_errors_are_one_sentence(run: Any) -> None:
    finished = run("classify", "x" * 5000)
    assert (finished.code, finished.err.count("\n")) == (1, 1)
    assert "File name too long" in finished.err


def test_wrong_usage_exits_2(run: Any) -> None:
    assert run("classify").code == 2
    assert run("classify", "-", "--format", "xml").code == 2
    assert run("sort").code == 2


def test_no_argument_shows_help(run: Any) -> None:
    assert "classify" in run().text + run().err


def test_version_is_printed(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.metadata.version", lambda _: "9.9")
    finished = run("--version")
    assert (finished.code, finished.text) == (0, "linespam 9.9\n")


def test_interrupt_exits_130(run: Any, page: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("classifier.cli.classify.find_sources", interrupted)
    assert run("classify", page).code == 130
    monkeypatch.setattr("classifier.cli.app.app", lambda **_: interrupted())
    assert run("classify", page).code == 130


@pytest.mark.skipif(os.name != "posix", reason="pipes close quietly on POSIX only")
def test_closed_standard_output_ends_quietly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "long.txt"
    page.write_text("Ein Satz, der steht.\n" * 2000)
    reading, writing = os.pipe()
    os.close(reading)
    monkeypatch.setattr(sys, "argv", ["linespam", "classify", str(page)])
    with open(writing, "wb", closefd=False) as raw:
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw))
        with pytest.raises(SystemExit) as stop:
            main()
        sys.stdout.flush()
    os.close(writing)
    assert stop.value.code == 141
    assert capsys.readouterr().err == ""


def test_progress_bar_is_for_terminals_and_long_runs_only(
    run: Any, page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("classifier.cli.feedback._PATIENCE_SECONDS", 0.0)
    assert "\x1b" not in run("classify", page).err
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm")
    shown = run("classify", page)
    assert "\x1b" in shown.err
    assert shown.err.endswith(" s)\n")
    assert "\x1b" not in shown.text
    assert run("classify", page, "--quiet").err == ""
    assert "\x1b" in run("classify", "-", stdin=b"a").err


@pytest.fixture
def shipped(repo_root: Path) -> Path:
    if not (repo_root / "models" / "line-1" / "manifest.json").is_file():
        pytest.skip("no shipped model in models/line-1; run: make model")
    return repo_root


def test_shipped_model_in_a_pipe(shipped: Path) -> None:
    command = [sys.executable, "-m", "classifier", "classify", "-", "--quiet"]
    page = "Startseite\nDer Gemeinderat beschloss am Montag den Bau der neuen Schule.\n"
    finished = subprocess.run(
        command, cwd=shipped, input=page.encode(), capture_output=True, check=True
    )
    rows = [json.loads(row) for row in finished.stdout.splitlines()]
    assert "\n".join(row["text"] for row in rows) == page
    for row in rows[:2]:
        assert sum(row["probabilities"].values()) == pytest.approx(1, abs=3e-4)
        assert row["confidence"] == row["probabilities"][row["label"]]
    assert finished.stderr == b""
