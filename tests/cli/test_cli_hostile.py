"""Damaged crawl files in a run into a folder: what is whole is done, what is not is counted."""

import gc
import io
import json
import re
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastwarc.warc import WarcRecord, WarcRecordType
from warcio.archiveiterator import ArchiveIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

pytestmark = pytest.mark.usefixtures("rule_model", "unclosed_files")

# Text, how it is encoded, what the server says of it.
PAGES = [
    ("Die Brücke über den Fluss ist wieder offen.", "utf-8", "text/html; charset=utf-8"),
    ("Мост через реку снова открыт для движения.", "cp1251", "text/html; charset=windows-1251"),
    ("Мост через реку снова открыт для всех машин.", "cp1251", "text/html"),
    ("Мост через реку снова открыт для пешеходов.", "cp1251", "text/html; charset=utf-8"),
    ("新しい橋が開通しました。市民はとても喜んでいます。", "euc-jp", "text/html; charset=no-such"),
    ("新しい橋が開通しました。とても嬉しいです。", "shift_jis", "text/html"),
    ("Die Brücke ist am Montag wieder frei.", "latin-1", "text/html; charset=iso-8859-1"),
]
WRONG_LENGTH, LAST = 2, len(PAGES) - 1


@pytest.fixture
def unclosed_files() -> Iterator[None]:
    """warcio leaves the temporary files of its records to be closed when they are forgotten."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()


def _warc_records() -> list[bytes]:
    """A gzip member for each page, by warcio."""
    members = []
    for number, (text, encoding, kind) in enumerate(PAGES):
        sink = io.BytesIO()
        body = f"<html><body><p>menu</p><p>{text}</p></body></html>".encode(encoding)
        head = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
        writer = WARCWriter(sink, gzip=False)
        url = f"https://a.example/{number}"
        writer.write_record(
            writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=head)
        )
        members.append(sink.getvalue())
    return members


def _wet_records() -> list[bytes]:
    """The same texts as text records, by fastwarc."""
    members = []
    for number, (text, encoding, kind) in enumerate(PAGES):
        sink, record = io.BytesIO(), WarcRecord()
        record.init_headers(record_type=WarcRecordType.conversion)
        record.headers["WARC-Record-ID"] = f"<urn:{number}>"
        record.headers["Content-Type"] = kind.replace("html", "plain")
        record.set_bytes_content(f"menu\n{text}".encode(encoding))
        record.write(sink)
        members.append(sink.getvalue())
    return members


def _damaged(records: list[bytes], *, is_packed: bool) -> bytes:
    """One record claims a length that is not its own, the last one is cut short."""
    records[WRONG_LENGTH] = re.sub(
        rb"(?m)^Content-Length: \d+", b"Content-Length: 7", records[WRONG_LENGTH], count=1
    )
    if is_packed:
        import gzip  # noqa: PLC0415

        records = [gzip.compress(each) for each in records]
    return b"".join(records)[:-40]


def _texts(path: Path) -> list[str]:
    with path.open("rb") as stream:
        return [each.content_stream().read().decode("utf-8") for each in ArchiveIterator(stream)]


@pytest.mark.parametrize("is_packed", [True, False], ids=["packed", "plain"])
@pytest.mark.parametrize("kind", ["warc", "wet"])
def test_damaged_crawl_files_cost_what_is_damaged(
    run: Any, tmp_path: Path, kind: str, *, is_packed: bool
) -> None:
    records = _warc_records() if kind == "warc" else _wet_records()
    ending = ".gz" if is_packed else ""
    given = tmp_path / f"a.{kind}{ending}"
    given.write_bytes(_damaged(records, is_packed=is_packed))
    out = tmp_path / "out"
    finished = run("clean", given, "-o", f"{out}/", "--quiet")
    assert finished.code == 0, finished.err
    whole = [text for n, (text, *_) in enumerate(PAGES) if n not in (WRONG_LENGTH, LAST)]
    made = out / (f"a.warc.wet{ending}" if kind == "warc" else given.name)
    assert [text.strip() for text in _texts(made)] == whole
    summary = json.loads(finished.text)
    errors = (out / "_errors.jsonl").read_text(encoding="utf-8").splitlines()
    bad = [json.loads(row) for row in errors]
    assert (summary["documents"], summary["errors"]) == (len(whole), 2)
    assert [(row["file"], row["record"]) for row in bad] == [
        (str(given), WRONG_LENGTH + 1),
        (str(given), LAST + 1),
    ]
    assert all(row["reason"] for row in bad)
    strict = run("clean", given, "-o", f"{out}2/", "--strict", "--quiet")
    assert strict.code == 1
    assert f"a.{kind}{ending}:{WRONG_LENGTH + 1}: " in strict.err
