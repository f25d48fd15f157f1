"""WARC and WET: the HTML and text records of a crawl, by fastwarc; cleaned, they are WET.

Reading goes on after what is broken: a record whose length is wrong, or packed data that is
damaged, is one bad record, and the next one is looked for behind it.
"""

import uuid
from collections.abc import Generator, Iterator, Sequence
from typing import Any, BinaryIO, cast

from classifier.datamodels import Document
from classifier.io.base import (
    MAX_RECORD_BYTES,
    PIECE_BYTES,
    BadRecord,
    Cleaned,
    Format,
    Piece,
    RecordError,
    Source,
    encode_rows,
    file_fault,
)
from classifier.io.extras import optional_module
from classifier.io.html import EXTRA, decode_page, html_text

_GZIP_MAGIC = b"\x1f\x8b\x08"
_RECORD_START = b"WARC/1."
_HTML_TYPES = ("text/html", "application/xhtml+xml")
_CARRIED = ("WARC-Target-URI", "WARC-Date", "WARC-Identified-Content-Language")
_FIELD_NAMES = {
    name.lower(): name
    for name in ("WARC-Type", "WARC-Record-ID", "Content-Type", "Content-Length", *_CARRIED)
}
"""Names of fields as we look them up: a file may write them in any case."""

_EMPTY = "is empty; a WARC file has at least one record"
_BROKEN = "is no WARC record, or damaged; fetch the file again"
_WRONG_LENGTH = "claims a length that is not its own; write the file again"
_CUT_SHORT = "is cut short, {} of {} bytes are there; fetch the file again"
_TOO_LONG = f"is longer than {MAX_RECORD_BYTES >> 20} MB; no page is"
_NO_TYPE = "has no field WARC-Type; write the file again"
_NO_CRLF = "has lines in its header that do not end in CR LF; write the file again"
_NO_SEEKING = "cannot be read on behind a bad record; give a file that is no stream"


def _split(stream: BinaryIO, _: Source) -> Iterator[Piece]:
    """Yield the records that may hold a page, each with what its header says."""
    optional_module("resiliparse.extract.html2text", EXTRA)  # say so before any work is done
    yield from _Records(stream).pieces()


class _Records:
    """The records of a file, one behind: only the next one shows that a length was right."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream if stream.seekable() else cast("BinaryIO", _Counted(stream))
        self._iterator = optional_module("fastwarc.warc", EXTRA).ArchiveIterator
        self._number = 0

    def pieces(self) -> Iterator[Piece]:
        fault_at = yield from self._until_fault(is_first=True)
        while fault_at is not None:
            if not self._stream.seekable():
                yield file_fault(_NO_SEEKING)
                return
            start = self._next_start(fault_at + 1)
            if start is None:
                return
            self._stream.seek(start)
            fault_at = yield from self._until_fault(is_first=False, start=start)
        if self._number == 0:
            yield file_fault(_EMPTY)

    def _until_fault(self, *, is_first: bool, start: int = 0) -> Generator[Piece, None, int | None]:
        """Yield records; return where the first bad one starts, None if none is bad."""
        held: Piece | None = None
        try:
            for record in self._iterator(self._stream, parse_http=False):
                yield from _pages(held)
                self._number += 1
                start, held = record.stream_pos, Piece(self._number, b"")
                held = _piece(record, self._number)
                if held.fault:
                    yield held
                    return start
        except OSError as error:
            if error.errno:
                raise
            if held is not None and "header" in str(error):
                yield Piece(self._number, b"", fault=_WRONG_LENGTH)
            elif held is not None or is_first:
                yield from _pages(held)
                self._number += 1
                yield Piece(self._number, b"", fault=_BROKEN)
            return start
        yield from _pages(held)
        return None

    def _next_start(self, position: int) -> int | None:
        """Return where the next record may start, at `position` or later."""
        self._stream.seek(0)
        is_packed = self._stream.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
        mark = _GZIP_MAGIC if is_packed else b"\n" + _RECORD_START
        position -= not is_packed  # the line feed before a record may be the byte before
        self._stream.seek(position)
        kept = b""
        while block := self._stream.read(PIECE_BYTES):
            found = (kept + block).find(mark)
            if found >= 0:
                return position - len(kept) + found + (not is_packed)
            position += len(block)
            kept = (kept + block)[-len(mark) + 1 :]
        return None


class _Counted:
    """A stream that cannot seek but says where it is, which fastwarc asks and a pipe refuses."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._position = 0

    def read(self, size: int = -1) -> bytes:
        data = self._stream.read(size)
        self._position += len(data)
        return data

    def tell(self) -> int:
        return self._position

    def seekable(self) -> bool:
        return False


def _pages(held: Piece | None) -> Iterator[Piece]:
    if held is not None and held.head:
        yield held


def _piece(record: Any, number: int) -> Piece:  # noqa: ANN401 - fastwarc's record
    """Return a record as a piece; without head if it is of a kind that holds no page."""
    head = tuple((_FIELD_NAMES.get(name.lower(), name), value) for name, value in record.headers)
    named = dict(head)
    if any("\n" in value for value in named.values()):
        return Piece(number, b"", fault=_NO_CRLF)
    kind = named.get("WARC-Type", "").strip().lower()
    if not kind:
        return Piece(number, b"", fault=_NO_TYPE)
    if kind not in ("response", "resource", "conversion"):
        return Piece(number, b"")
    data = record.reader.read(MAX_RECORD_BYTES + 1)
    if len(data) > MAX_RECORD_BYTES:
        return Piece(number, b"", fault=_TOO_LONG)
    claimed = named.get("Content-Length", "").strip()
    if not claimed.isdecimal() or len(data) != int(claimed):
        fault = _CUT_SHORT.format(len(data), claimed) if claimed.isdecimal() else _WRONG_LENGTH
        return Piece(number, b"", fault=fault)
    return Piece(number, data, head=head)


def _parse(piece: Piece, source: Source) -> Iterator[Document | BadRecord]:
    if piece.fault:
        yield piece.bad(source)
        return
    head = dict(piece.head)
    try:
        text = _text(piece.data, head)
    except RecordError as fault:
        yield BadRecord(source.where, piece.number, str(fault))
        return
    if text is not None:
        name = head.get("WARC-Record-ID", "").strip("<>") or f"{source.name}:{piece.number}"
        yield Document(id=name, text=text, fields=head)


def _text(data: bytes, head: dict[str, str]) -> str | None:
    """Return the text of a record, None if it is neither HTML nor text."""
    declared = head.get("Content-Type", "")
    is_response = head["WARC-Type"].strip().lower() == "response"
    if is_response or declared.strip().lower().startswith("application/http"):
        data, declared = _payload(data)
    kind, _, parameters = declared.partition(";")
    charset = parameters.lower().partition("charset=")[2].partition(";")[0] or None
    kind = kind.strip().lower()
    if kind in _HTML_TYPES or (not kind and data.lstrip()[:1] == b"<"):
        return html_text(data, charset)
    if kind == "text/plain":
        return decode_page(data, charset)
    return None


def _payload(data: bytes) -> tuple[bytes, str]:
    """Return what an HTTP response carries, unpacked, and its declared type."""
    warc = optional_module("fastwarc.warc", EXTRA)
    head = (
        b"WARC/1.0\r\nWARC-Type: response\r\nContent-Type: application/http; msgtype=response\r\n"
        b"Content-Length: %d\r\n\r\n"
    )
    try:
        record = warc.WarcRecord.from_bytes(head % len(data) + data + b"\r\n\r\n")
        record.parse_http(auto_decode="all")
        return record.reader.read(), (record.http_headers or {}).get("Content-Type") or ""
    except OSError as error:
        raise RecordError(
            f"holds a broken HTTP response ({error}); fetch the page again"
        ) from error


def _render(_: Piece, __: Source, cleaned: Sequence[Cleaned]) -> Sequence[bytes]:
    """Return cleaned records as WET: conversion records that refer to what they were."""
    records = []
    for document, lines in cleaned:
        body = "\n".join(lines).encode("utf-8", "replace")
        given = dict(document.fields)
        name = encode_rows(f"{document.id}#clean").decode()
        head = {
            "WARC-Type": "conversion",
            "WARC-Record-ID": f"<{uuid.uuid5(uuid.NAMESPACE_URL, name).urn}>",
            "WARC-Refers-To": str(given.get("WARC-Record-ID", "")),
            **{name: str(given[name]) for name in _CARRIED if name in given},
            "Content-Type": "text/plain",
            "Content-Length": str(len(body)),
        }
        rows = "".join(f"{name}: {value}\r\n" for name, value in head.items() if value)
        records.append(encode_rows(f"WARC/1.0\r\n{rows}\r\n") + body + b"\r\n\r\n")
    return records


WARC = Format(
    suffixes=(".warc", ".warc.gz"),
    split=_split,
    parse=_parse,
    render=_render,
    cleaned_as="wet",
    cleaned_suffix=".wet",
    is_packable=False,
)
WET = Format(
    suffixes=(".wet", ".wet.gz"),
    split=_split,
    parse=_parse,
    render=_render,
    cleaned_as="wet",
    is_packable=False,
)
