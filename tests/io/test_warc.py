"""WARC and WET as warcio writes them, and as nobody should."""

import gc
import gzip
import io
import os
import re
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, BinaryIO

import pytest
from fastwarc.warc import ArchiveIterator
from warcio.archiveiterator import ArchiveIterator as WarcioIterator
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from classifier.datamodels import Document
from classifier.io.base import BadRecord, Cleaned, Piece, Source
from classifier.io.compression import gzip_member
from classifier.io.formats import FORMATS, find_sources
from classifier.io.reading import SourceReader

PAGES = [
    ("<p>Die Brücke ist offen.</p>".encode(), "text/html; charset=utf-8", {}),
    ("<p>Мост снова открыт для всех.</p>".encode("cp1251"), "text/html; charset=windows-1251", {}),
    ("<p>橋が開通しました。とても嬉しいです。</p>".encode("euc-jp"), "text/html", {}),
    (gzip.compress(b"<p>Packed on the way</p>"), "text/html", {"Content-Encoding": "gzip"}),
    (b"%PDF-1.4", "application/pdf", {}),
    (b"plain words", "text/plain", {}),
]
TEXTS = [
    "Die Brücke ist offen.",
    "Мост снова открыт для всех.",
    "橋が開通しました。とても嬉しいです。",
    "Packed on the way",
    "plain words",
]


@contextmanager
def unclosed_files() -> Iterator[None]:
    """warcio leaves the temporary files of its records to be closed when they are forgotten."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        yield
        gc.collect()


@unclosed_files()
def warc(*, packed: bool, pages: list[Any] = PAGES) -> bytes:
    sink = io.BytesIO()
    writer = WARCWriter(sink, gzip=packed)
    writer.write_record(writer.create_warcinfo_record("a.warc", {"software": "by hand"}))
    for number, (body, kind, more) in enumerate(pages):
        head = StatusAndHeaders(
            "200 OK", [("Content-Type", kind), *more.items()], protocol="HTTP/1.1"
        )
        url = f"https://a.example/{number}"
        writer.write_record(
            writer.create_warc_record(
                url, "request", payload=io.BytesIO(b""), http_headers=_request()
            )
        )
        writer.write_record(
            writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=head)
        )
    return sink.getvalue()


def _request() -> StatusAndHeaders:
    return StatusAndHeaders("GET / HTTP/1.1", [("Host", "a.example")], is_http_request=True)


@unclosed_files()
def wet(*bodies: bytes, packed: bool = True) -> bytes:
    sink = io.BytesIO()
    writer = WARCWriter(sink, gzip=packed)
    for number, body in enumerate(bodies):
        writer.write_record(
            writer.create_warc_record(
                f"https://a.example/{number}",
                "conversion",
                payload=io.BytesIO(body),
                warc_content_type="text/plain",
                warc_headers_dict={"WARC-Identified-Content-Language": "deu"},
            )
        )
    return sink.getvalue()


def items_of(folder: Path, data: bytes, name: str = "a.warc.gz") -> list[Document | BadRecord]:
    (folder / name).write_bytes(data)
    (source,) = find_sources([str(folder / name)])
    parse = FORMATS[source.format].parse
    return [item for piece in SourceReader().pieces(source) for item in parse(piece, source)]


def texts(items: list[Document | BadRecord]) -> list[str]:
    return [item.text for item in items if isinstance(item, Document)]


def faults(items: list[Document | BadRecord]) -> list[tuple[int | None, str]]:
    return [(each.record, each.reason) for each in items if isinstance(each, BadRecord)]


@pytest.mark.parametrize("packed", [True, False], ids=["packed", "plain"])
def test_pages_of_a_warc_are_documents(tmp_path: Path, *, packed: bool) -> None:
    items = items_of(tmp_path, warc(packed=packed), "a.warc.gz" if packed else "a.warc")
    assert texts(items) == TEXTS
    assert faults(items) == []
    first = items[0]
    assert isinstance(first, Document)
    assert first.id.startswith("urn:uuid:")
    assert first.fields["WARC-Target-URI"] == "https://a.example/0"


def test_chunked_response_is_put_together(tmp_path: Path) -> None:
    body = b"8\r\n<p>One, \r\n7\r\ntwo</p>\r\n0\r\n\r\n"
    data = warc(packed=True, pages=[(body, "text/html", {"Transfer-Encoding": "chunked"})])
    assert texts(items_of(tmp_path, data)) == ["One, two"]


def test_wet_records_are_documents(tmp_path: Path) -> None:
    bodies = ["menu\nEine Brücke\n".encode(), "Мост открыт для всех людей".encode("cp1251")]
    items = items_of(tmp_path, wet(*bodies), "a.warc.wet.gz")
    assert texts(items) == ["menu\nEine Brücke\n", "Мост открыт для всех людей"]


@pytest.mark.parametrize("name", ["a.warc.gz", "a.wet"])
def test_cleaned_records_are_read_by_others(tmp_path: Path, name: str) -> None:
    data = (
        warc(packed=True) if name == "a.warc.gz" else wet(b"menu\nEine Br\xc3\xbccke", packed=False)
    )
    (tmp_path / name).write_bytes(data)
    (source,) = find_sources([str(tmp_path / name)])
    form = FORMATS[source.format]
    written = b""
    for piece in SourceReader().pieces(source):
        documents = [each for each in form.parse(piece, source) if isinstance(each, Document)]
        cleaned = [Cleaned(document, ["ü", document.id]) for document in documents]
        written += b"".join(map(gzip_member, form.render(piece, source, cleaned)))
    ours = [
        (r.headers["WARC-Target-URI"], r.reader.read())
        for r in ArchiveIterator(io.BytesIO(written))
    ]
    with unclosed_files():
        theirs = [
            (r.rec_headers["WARC-Target-URI"], r.content_stream().read(), r.rec_type)
            for r in WarcioIterator(io.BytesIO(written))
        ]
    assert ours == [each[:2] for each in theirs]
    assert {each[2] for each in theirs} == {"conversion"}
    assert len(ours) == (5 if name == "a.warc.gz" else 1)
    assert all(body.startswith("ü\nurn:uuid:".encode()) for _, body in ours)
    (tmp_path / "b.wet.gz").write_bytes(written)
    again = items_of(tmp_path, written, "b.wet.gz")
    assert [text.partition("\n")[0] for text in texts(again)] == ["ü"] * len(ours)


def members(data: bytes) -> list[bytes]:
    starts = [match.start() for match in re.finditer(rb"WARC/1\.\d\r\n", data)]
    return [data[a:b] for a, b in zip(starts, [*starts[1:], len(data)], strict=True)]


def with_length(data: bytes, record: int, length: bytes, *, packed: bool) -> bytes:
    """The same file with a false length in one record."""
    parts = members(data)
    parts[record] = re.sub(
        rb"(?m)^Content-Length: \d+", b"Content-Length: " + length, parts[record], count=1
    )
    return b"".join(gzip.compress(part) if packed else part for part in parts)


@pytest.mark.parametrize("packed", [True, False], ids=["packed", "plain"])
@pytest.mark.parametrize("length", [b"5", b"99999", b"150", b"many", b"-1", b""])
def test_wrong_length_costs_one_record(tmp_path: Path, length: bytes, *, packed: bool) -> None:
    data = with_length(warc(packed=False), 4, length, packed=packed)  # the second response
    items = items_of(tmp_path, data, "a.warc.gz" if packed else "a.warc")
    assert [text for text in TEXTS if text not in texts(items)] == [TEXTS[1]]
    assert len(faults(items)) == 1
    assert faults(items)[0][0] == 5


@pytest.mark.parametrize("missing", [1, 30, 300])
def test_file_cut_short_keeps_what_is_whole(tmp_path: Path, missing: int) -> None:
    data = wet(*[f"Seite {number} ".encode() * 20 for number in range(9)])
    items = items_of(tmp_path, data[:-missing], "a.wet.gz")
    whole = 9 if missing == 1 else 8 if missing == 30 else len(texts(items))
    assert len(texts(items)) == whole
    assert texts(items) == [f"Seite {number} " * 20 for number in range(whole)]
    assert len(faults(items)) == (missing != 1)


def test_damaged_member_costs_one_record(tmp_path: Path) -> None:
    data = wet(*[f"Seite {number} ".encode() * 50 for number in range(5)])
    starts = [match.start() for match in re.finditer(rb"\x1f\x8b\x08", data)]
    broken = bytearray(data)
    broken[starts[2] + 60 : starts[2] + 90] = b"\xff" * 30
    items = items_of(tmp_path, bytes(broken), "a.wet.gz")
    assert texts(items) == [f"Seite {number} " * 50 for number in (0, 1, 3, 4)]
    assert len(faults(items)) == 1


@pytest.mark.parametrize(
    "data",
    [b"hello\n" * 99, gzip.compress(b"hello\n" * 99), b"\x1f\x8b\x08" + b"\xff" * 99],
    ids=["no WARC", "no WARC packed", "no gzip"],
)
def test_what_is_no_warc_is_said(tmp_path: Path, data: bytes) -> None:
    assert faults(items_of(tmp_path, data)) == [
        (1, "is no WARC record, or damaged; fetch the file again")
    ]


def test_empty_file_is_said(tmp_path: Path) -> None:
    assert faults(items_of(tmp_path, b"")) == [
        (None, "is empty; a WARC file has at least one record")
    ]


@pytest.mark.parametrize(
    "pages",
    [
        [(b"\x1f\x8bnot gzip", "text/html", {"Content-Encoding": "gzip"})],
        [(b"zz\r\nnot chunked", "text/html", {"Transfer-Encoding": "chunked"})],
    ],
    ids=["false packing", "false chunks"],
)
def test_broken_response_does_not_end_the_run(tmp_path: Path, pages: list[Any]) -> None:
    items = items_of(tmp_path, warc(packed=True, pages=[*pages, *PAGES]))
    assert texts(items)[-5:] == TEXTS
    assert len(items) == 6


def rewritten(data: bytes, *edits: tuple[bytes, bytes]) -> bytes:
    for old, new in edits:
        assert old in data
        data = data.replace(old, new)
    return data


@pytest.mark.parametrize(
    "edits",
    [
        [(b"WARC-Type: ", b"warc-type: "), (b"WARC-Record-ID: ", b"warc-record-id:")],
        [(b"WARC-Type: response", b"WARC-Type: Response"), (b"Content-Type: ", b"content-type: ")],
        [
            (b"WARC-Type: response", b"warc-type: RESPONSE"),
            (b"application/http", b"APPLICATION/HTTP"),
        ],
    ],
    ids=["names", "type", "all"],
)
def test_case_of_fields_does_not_matter(tmp_path: Path, edits: list[tuple[bytes, bytes]]) -> None:
    items = items_of(tmp_path, rewritten(warc(packed=False), *edits), "a.warc")
    assert texts(items) == TEXTS
    assert faults(items) == []


def test_fields_in_other_case_are_carried(tmp_path: Path) -> None:
    names = (b"WARC-Type", b"WARC-Target-URI", b"WARC-Record-ID", b"WARC-Date", b"Content-Type")
    data = rewritten(warc(packed=False), *((name + b":", name.lower() + b":") for name in names))
    path = tmp_path / "a.warc"
    path.write_bytes(data)
    (source,) = find_sources([str(path)])
    file_format = FORMATS["warc"]
    pieces = [piece for piece in SourceReader().pieces(source) if piece.data]
    document = next(iter(file_format.parse(pieces[0], source)))
    assert isinstance(document, Document)
    (record,) = file_format.render(pieces[0], source, [Cleaned(document, ["a"])])
    for name in (b"WARC-Target-URI", b"WARC-Refers-To", b"WARC-Date"):
        assert re.search(rb"(?m)^" + name + rb": \S+", record)


@pytest.mark.parametrize(
    ("edit", "reason"),
    [
        (
            (b"\r\n", b"\n"),
            "has lines in its header that do not end in CR LF; write the file again",
        ),
        ((b"WARC-Type: ", b"WARC-Kind: "), "has no field WARC-Type; write the file again"),
    ],
    ids=["line feeds alone", "no type"],
)
def test_record_that_cannot_be_told_is_bad(
    tmp_path: Path, edit: tuple[bytes, bytes], reason: str
) -> None:
    data = rewritten(wet(b"eins", b"zwei", packed=False), edit)
    items = items_of(tmp_path, data, "a.wet")
    assert texts(items) == []
    assert {fault for _, fault in faults(items)} == {reason}
    assert len(faults(items)) == data.count(b"WARC/1.")


def test_name_that_is_no_unicode_does_not_end_the_run() -> None:
    document = Document("\udcff.warc:1", "a", {"WARC-Target-URI": "https://a.example/\udce9"})
    (record,) = FORMATS["warc"].render(
        Piece(1, b""), Source("-", None, "warc"), [Cleaned(document, ["a"])]
    )
    assert b"WARC-Target-URI: https://a.example/\\udce9\r\n" in record


@contextmanager
def pipe_of(data: bytes) -> Iterator[BinaryIO]:
    """The reading end of a pipe into which another thread writes."""
    reading, writing = os.pipe()

    def write() -> None:
        with os.fdopen(writing, "wb") as stream, suppress(BrokenPipeError):
            stream.write(data)

    thread = threading.Thread(target=write)
    thread.start()
    with os.fdopen(reading, "rb") as stream:
        yield stream
    thread.join()


@pytest.mark.parametrize("packed", [True, False], ids=["packed", "plain"])
def test_pipe_is_read(*, packed: bool) -> None:
    source = Source("-", None, "warc")
    pages = PAGES + [(b"<p>long</p>" * 20_000, "text/html", {})] * 20
    with pipe_of(warc(packed=packed, pages=pages)) as pipe:
        pieces = list(FORMATS["warc"].split(pipe, source))
    items = [item for piece in pieces for item in FORMATS["warc"].parse(piece, source)]
    assert texts(items)[: len(TEXTS)] == TEXTS
    assert len(items) == len(TEXTS) + 20
    assert faults(items) == []


def test_pipe_says_where_it_ends() -> None:
    data = with_length(warc(packed=False), 4, b"5", packed=False)
    with pipe_of(data) as pipe:
        pieces = list(FORMATS["warc"].split(pipe, Source("-", None, "warc")))
    assert [piece.fault for piece in pieces if piece.fault] == [
        "claims a length that is not its own; write the file again",
        "cannot be read on behind a bad record; give a file that is no stream",
    ]
