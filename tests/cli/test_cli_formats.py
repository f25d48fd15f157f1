"""Every format with every command, on files other tools have written."""

import bz2
import gzip
import io
import json
import re
import shutil
import subprocess
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
import zstandard
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from classifier.io.formats import KNOWN_SUFFIXES

pytestmark = [
    pytest.mark.usefixtures("rule_model"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # of warcio's temporary files
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]

ROW_FORMATS = ["jsonl", "tsv", "text", "documents", "parquet", "dolma"]
PAGES = {"a": "menu Start\nDie Brücke ist offen.\n[ad] Markt am Samstag", "b": "pills\n橋が開通"}
CLEANED = ["Die Brücke ist offen.\nMarkt am Samstag", "橋が開通"]
LABELS = [["boilerplate", "content", "stuffing"], ["stuffing", "content"]]


def test_outputs_that_cannot_be_are_refused(run: Any, tmp_path: Path) -> None:
    page = tmp_path / "page.txt"
    page.write_text("menu a\n", encoding="utf-8")
    for name in ("rows.parquet.gz", "rows.parquet.zst"):
        finished = run("classify", page, "-o", tmp_path / name)
        assert "Parquet packs its columns itself" in finished.err
        assert not (tmp_path / name).exists()
    for command in ("classify", "clean"):
        assert "is no name" in run(command, page, "-o", "").err


def _records() -> str:
    rows = ({"id": name, "text": text, "n": {"x": [1]}} for name, text in PAGES.items())
    return "".join(json.dumps(row) + "\n" for row in rows)


Write = Callable[[Path], None]


def _by_command(*words: str, given: str = _records()) -> Write:
    """Have another program write the file from what it reads, records if nothing else is given."""

    def write(path: Path) -> None:
        if shutil.which(words[0]) is None:
            pytest.skip(f"no {words[0]} here")
        with path.open("wb") as stream:
            subprocess.run(words, input=given.encode(), stdout=stream, check=True)

    return write


JQ, GZIP, ZSTD = ("jq", "-c", "."), ("gzip", "-c"), ("zstd", "-q", "-c")
_AS_TEXT = ("jq", "-rj", 'select(.id == "a").text')
_HTML = "<html><body><p>" + PAGES["a"].replace("\n", "<br>") + "</p></body></html>"


def _parquet(path: Path) -> None:
    import pyarrow as pa  # noqa: PLC0415

    rows = [json.loads(row) for row in _records().splitlines()]
    pq.write_table(pa.Table.from_pylist(rows), path, compression="zstd", row_group_size=1)


def _warc(path: Path) -> None:
    with path.open("wb") as stream, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        writer = WARCWriter(stream, gzip=path.suffix == ".gz")
        for name, text in PAGES.items():
            body = f"<p>{text}</p>".replace("\n", "<br>").encode()
            head = StatusAndHeaders("200 OK", [("Content-Type", "text/html")], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(
                    f"https://x.example/{name}",
                    "response",
                    payload=io.BytesIO(body),
                    http_headers=head,
                    warc_headers_dict={"WARC-Record-ID": f"<{name}>"},
                )
            )


def _wet(path: Path) -> None:
    from fastwarc.warc import WarcRecord, WarcRecordType  # noqa: PLC0415

    with gzip.open(path, "wb") if path.suffix == ".gz" else path.open("wb") as stream:
        for name, text in PAGES.items():
            record = WarcRecord()
            record.init_headers(record_type=WarcRecordType.conversion)
            record.headers["WARC-Record-ID"] = f"<{name}>"
            record.headers["Content-Type"] = "text/plain"
            record.set_bytes_content(text.encode())
            record.write(stream)


# Files of one document have the first page alone.
FORMATS: dict[str, Write] = {
    "page.txt": _by_command(*_AS_TEXT),
    "page.txt.gz": _by_command(*GZIP, given=PAGES["a"]),
    "page.txt.zst": _by_command(*ZSTD, given=PAGES["a"]),
    "pages.jsonl": _by_command(*JQ),
    "pages.jsonl.gz": _by_command(*GZIP),
    "pages.jsonl.zst": _by_command(*ZSTD),
    "pages.ndjson": _by_command(*JQ),
    "pages.ndjson.gz": _by_command(*GZIP),
    "pages.ndjson.zst": _by_command(*ZSTD),
    "pages.parquet": _parquet,
    "pages.warc": _warc,
    "pages.warc.gz": _warc,
    "pages.wet": _wet,
    "pages.wet.gz": _wet,
    "pages.warc.wet": _wet,
    "pages.warc.wet.gz": _wet,
    "page.html": _by_command("tee", given=_HTML),
    "page.html.gz": _by_command(*GZIP, given=_HTML),
    "page.html.zst": _by_command(*ZSTD, given=_HTML),
    "page.htm": _by_command("tee", given=_HTML),
    "page.htm.gz": _by_command(*GZIP, given=_HTML),
    "page.htm.zst": _by_command(*ZSTD, given=_HTML),
}


# Where cleaned documents are of another format than the file.
CLEANED_NAMES = {
    "pages.warc": "pages.warc.wet",
    "pages.warc.gz": "pages.warc.wet.gz",
    "page.html": "page.html.txt",
    "page.html.gz": "page.html.txt.gz",
    "page.html.zst": "page.html.txt.zst",
    "page.htm": "page.htm.txt",
    "page.htm.gz": "page.htm.txt.gz",
    "page.htm.zst": "page.htm.txt.zst",
}


def n_pages(path: Path) -> int:
    return 1 if path.name.startswith("page.") else 2


def ids_of(path: Path) -> list[str]:
    return [str(path)] if n_pages(path) == 1 else list(PAGES)


def labels_of(path: Path) -> list[list[str]]:
    return LABELS[: n_pages(path)]


@pytest.fixture(params=FORMATS)
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / request.param
    FORMATS[request.param](path)
    return path


def unpacked(path: Path) -> bytes:
    if path.suffix == ".gz":
        return gzip.decompress(path.read_bytes())
    if path.suffix == ".zst":
        return zstandard.ZstdDecompressor().stream_reader(path.read_bytes()).read()
    return path.read_bytes()


def cleaned_texts(path: Path) -> list[str]:
    """The documents of a cleaned file, as other tools read them."""
    if path.suffix == ".parquet":
        table = pq.read_table(path)
        assert table.column("n").to_pylist() == [{"x": [1]}] * 2
        return [str(text) for text in table.column("text").to_pylist()]
    if ".wet" in path.name:
        with path.open("rb") as stream:
            return [each.content_stream().read().decode() for each in ArchiveIterator(stream)]
    if path.name.startswith("page."):
        return [unpacked(path).decode()]
    rows = [json.loads(row) for row in unpacked(path).splitlines()]
    assert [row["n"] for row in rows] == [{"x": [1]}] * 2
    return [row["text"] for row in rows]


def labels_in(data: bytes, row_format: str, ids: list[str]) -> list[str]:
    """The labels of all lines that rows say; their ids are checked."""
    if row_format == "parquet":
        table = pq.read_table(io.BytesIO(data))
        assert table.column("id").to_pylist() == ids
        return [label for labels in table.column("labels").to_pylist() for label in labels]
    lines = data.decode().splitlines()
    if row_format == "text":
        return [row.split()[1] for row in lines if row and row not in ids]
    if row_format == "tsv":
        cells = [row.split("\t") for row in lines]
        assert list(dict.fromkeys(row[0] for row in cells)) == ids
        return [row[2] for row in cells]
    found = [json.loads(row) for row in lines]
    assert list(dict.fromkeys(row["id"] for row in found)) == ids
    return [label for row in found for label in row.get("labels", [row.get("label")])]


@pytest.mark.parametrize("mode", ["file", "folder"])
def test_clean_gives_the_format_it_was_given(run: Any, made: Path, mode: str) -> None:
    shard = CLEANED_NAMES.get(made.name, made.name)
    out = made.parent / "out"
    out.mkdir()
    finished = run("clean", made, "-o", out / shard if mode == "file" else out)
    assert finished.code == 0, finished.err
    assert cleaned_texts(out / shard) == CLEANED[: n_pages(made)]


@pytest.mark.parametrize("mode", ["stdout", "file", "folder"])
@pytest.mark.parametrize("row_format", [each for each in ROW_FORMATS if each != "dolma"])
def test_classify_writes_rows(run: Any, made: Path, row_format: str, mode: str) -> None:
    out = made.parent / "out"
    words = {"stdout": [], "file": ["-o", f"{out}.rows"], "folder": ["-o", f"{out}/"]}[mode]
    finished = run("classify", made, "--format", row_format, *words)
    assert finished.code == 0, finished.err
    if mode == "folder":
        (shard,) = [each for each in out.iterdir() if each.is_file()]
        data = unpacked(shard)
    else:
        data = out.with_suffix(".rows").read_bytes() if mode == "file" else finished.out
    labels = [label for labels in labels_of(made) for label in labels]
    assert labels_in(data, row_format, ids_of(made)) == labels


def test_parquet_rows_have_spans(run: Any, made: Path) -> None:
    out = made.parent / "rows.parquet"  # its suffix says what it holds
    assert run("classify", made, "-o", out).code == 0
    table = pq.read_table(out)
    assert table.column("labels").to_pylist() == labels_of(made)
    assert table.column("spans").to_pylist()[0][2][0]["end"] == 5


@pytest.mark.parametrize("mode", ["stdout", "folder"])
def test_classify_writes_dolma_attributes(run: Any, made: Path, mode: str) -> None:
    out = made.parent / "out"
    words = ["-o", f"{out}/"] if mode == "folder" else []
    finished = run("classify", made, "--format", "dolma", *words)
    assert finished.code == 0, finished.err
    data = finished.out
    if mode == "folder":
        (shard,) = [each for each in out.iterdir() if each.is_file()]
        data = unpacked(shard)
    rows = [json.loads(row) for row in data.decode().splitlines()]
    assert [row["id"] for row in rows] == ids_of(made)
    assert rows[0]["attributes"]["linespam__lines__boilerplate"] == [[0, 11, 0.85]]
    assert rows[0]["attributes"]["linespam__lines__stuffing"] == [[33, 38, 0.9877]]


def test_table_of_the_readme_names_what_is_tested(repo_root: Path) -> None:
    """Each suffix of the table is known, none is missing, and files of all are tested above."""
    readme = (repo_root / "README.md").read_text(encoding="utf-8")
    _, _, section = readme.partition("### Formats\n")
    rows = [row.split(" | ") for row in section.partition("\n### ")[0].splitlines() if "| " in row]
    named = set()
    for row in rows[1:]:
        suffixes = re.findall(r"`(\.[\w.]+)`", row[0])
        packed = [each for each in suffixes if each in (".gz", ".zst")]
        named |= {each + more for each in suffixes if each not in packed for more in ("", *packed)}
    tested = {each[each.index(".") :] for each in FORMATS}
    assert named == tested
    # a name that ends in .warc.wet ends in .wet
    assert {each.removeprefix(".warc") if ".wet" in each else each for each in tested} == set(
        KNOWN_SUFFIXES.split(", ")
    )
    assert re.findall(r"`(\w+)`", rows[1][-1]) == ROW_FORMATS


def test_html_and_text_files_are_documents(run: Any, tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.html").write_bytes(
        "<div>menu</div><div>Мост открыт для всех.</div>".encode("cp1251")
    )
    (folder / "b.txt.gz").write_bytes(gzip.compress(b"menu\nEin Satz."))
    assert run("clean", folder).text == "Мост открыт для всех.\nEin Satz."
    out = tmp_path / "out"
    assert run("clean", folder, "-o", out).code == 0
    assert (out / "a.html.txt").read_text(encoding="utf-8") == "Мост открыт для всех."
    assert gzip.decompress((out / "b.txt.gz").read_bytes()) == b"Ein Satz."
    assert run("classify", folder / "a.html", "--format", "text").text.startswith("1  boilerplate")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("page.txt", None),
        ("page.txt", "text"),
        ("page.html", "html"),
        ("pages.jsonl", "jsonl"),
        ("pages.parquet", "parquet"),
        ("pages.warc.gz", "warc"),
        ("pages.wet.gz", "wet"),
    ],
)
def test_standard_input_is_what_one_says(
    run: Any, tmp_path: Path, name: str, kind: str | None
) -> None:
    path = tmp_path / name
    FORMATS[name](path)
    words = ["--input-format", kind] if kind else []
    finished = run("classify", "-", *words, stdin=path.read_bytes())
    assert finished.code == 0, finished.err
    assert len(finished.text.splitlines()) == sum(map(len, labels_of(path)))


def test_names_of_fields_can_be_said(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"url": "u", "body": "menu\\nEin Satz.", "text": 1}\n')
    fields = ("--input-format", "text=body,id=url")
    assert json.loads(run("clean", path, *fields).text) == {
        "url": "u",
        "body": "Ein Satz.",
        "text": 1,
    }
    assert json.loads(run("classify", path, *fields).text.splitlines()[0])["id"] == "u"


def test_formats_that_do_not_mix_say_so(run: Any, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(_records())
    _parquet(tmp_path / "b.parquet")
    assert "jsonl and parquet do not mix in one stream" in run("clean", tmp_path).err


def test_unknown_packing_is_refused(run: Any, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.bz2").write_bytes(bz2.compress(_records().encode()))
    assert "unknown suffix '.bz2'; known are" in run("classify", tmp_path / "a.jsonl.bz2").err


@pytest.mark.parametrize(
    ("name", "module", "extra"),
    [
        ("pages.parquet", "pyarrow", "parquet"),
        ("pages.jsonl.zst", "zstandard", "zstd"),
        ("pages.warc.gz", "fastwarc.warc", "warc"),
        ("pages.html", "resiliparse.extract.html2text", "warc"),
    ],
)
def test_missing_package_names_the_extra(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, module: str, extra: str
) -> None:
    path = tmp_path / name
    path.write_bytes(b"anything")
    monkeypatch.setitem(sys.modules, module, None)
    finished = run("classify", path)
    package = module.partition(".")[0]
    assert finished.code == 1
    assert finished.err == (
        f"linespam: {package} is not installed. Run: pip install 'linespam[{extra}]'\n"
    )


def test_summary_of_a_folder_run_is_json(run: Any, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(_records() + "broken\n")
    out = tmp_path / "out"
    summary = json.loads(run("clean", tmp_path / "a.jsonl", "-o", out, "--jobs", 1, "-q").text)
    assert summary.pop("seconds") >= 0
    assert summary.pop("documents_per_second") > 0
    assert summary.pop("lines_per_second") > 0
    assert summary == {
        "documents": 2,
        "lines": 5,
        "labels": {"content": 2, "stuffing": 2, "linkfarm": 0, "boilerplate": 1, "blank": 0},
        "characters": sum(map(len, PAGES.values())),
        "lines_removed": 2,
        "lines_cut": 1,
        "characters_removed": sum(map(len, PAGES.values())) - sum(map(len, CLEANED)),
        "errors": 1,
        "shards": {"written": 1, "finished_before": 0},
    }
    again = json.loads(run("clean", tmp_path / "a.jsonl", "-o", out, "--resume").text)
    assert (again["shards"], again["documents"]) == ({"written": 0, "finished_before": 1}, 2)


def test_resume_needs_a_folder(run: Any, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    finished = run("clean", tmp_path / "a.txt", "-o", tmp_path / "b.txt", "--resume")
    assert (finished.code, "--resume goes on with a run into a folder" in finished.err) == (1, True)


@pytest.mark.parametrize("jobs", ["0", "-1", "two"])
def test_jobs_are_a_number_from_one(run: Any, tmp_path: Path, jobs: str) -> None:
    (tmp_path / "a.txt").write_text("a")
    assert run("classify", tmp_path / "a.txt", "--jobs", jobs).code == 2
