"""HTML: the visible text of a page, a block a line, by resiliparse; whatever its characters are."""

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from classifier.datamodels import Document
from classifier.io.base import BadRecord, Format, Piece, Source, read_whole
from classifier.io.extras import optional_module
from classifier.io.text import render_text

EXTRA = "warc"

_BEYOND_ASCII = bytes(range(0x80, 0x100))

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    # before those of UTF-16, one of which it begins with
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


_BEYOND_WHATWG = ("hz-gb-2312", "iso-2022-kr")
"""Encodings browsers no longer read, and Python does."""

_HEAD_BYTES = 4096

_START_BYTES = 256
"""How a page begins is markup, whatever its language."""

_WIDE = (
    ("utf-32-le", (False, True, True, True)),
    ("utf-32-be", (True, True, True, False)),
    ("utf-16-le", (False, True, False, True)),
    ("utf-16-be", (True, False, True, False)),
)
"""Which of four bytes are mostly NUL."""

_NAMED_ESCAPED = re.compile(
    rb"<meta\b[^>]*charset\s*=\s*[\"']?\s*(iso-2022-jp|iso-2022-kr|hz-gb-2312)", re.IGNORECASE
)
"""Encodings whose bytes are all ASCII, as the head of a page names them."""


def _split(stream: BinaryIO, _: Source) -> Iterator[Piece]:
    return read_whole(stream, "is empty; a page has at least one line")


def _parse(piece: Piece, source: Source) -> Iterator[Document | BadRecord]:
    if piece.fault:
        yield piece.bad(source)
    else:
        yield Document(id=source.name, text=html_text(piece.data))


def html_text(data: bytes, charset: str | None = None) -> str:
    """Return the visible text of a page.

    Parameters
    ----------
    data
        The page as served.
    charset
        What the server said its characters are; None if it did not say.
    """
    extract = optional_module("resiliparse.extract.html2text", EXTRA)
    text: str = extract.extract_plain_text(
        decode_page(data, charset),
        preserve_formatting=True,
        list_bullets=False,
        alt_texts=False,
    )
    return text


def decode_page(data: bytes, charset: str | None = None) -> str:
    """Return the characters of a page; bytes that are none become U+FFFD.

    A byte order mark counts before all else; then NUL bytes where UTF-16 and UTF-32 have them;
    then, because no other text looks like it, whether it is valid UTF-8; then what the server said,
    what the page itself says, what its bytes look like. Who says UTF-8 is not believed if most
    bytes beyond ASCII are none. Encodings that write everything in ASCII (ISO-2022, HZ) are valid
    UTF-8 without being meant so, and are those that server or page name.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    wide = _wide_encoding(data[:_START_BYTES])
    if wide:
        return data.decode(wide, "replace")
    escaped = _escaped_encoding(data, charset)
    if escaped in _BEYOND_WHATWG:
        return data.decode(escaped, "replace")
    if escaped:
        charset = escaped
    else:
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
    encodings = optional_module("resiliparse.parse.encoding", EXTRA)
    # By the names of WHATWG Encoding, section 4.2: what is served as Latin-1 is Windows-1252.
    known = encodings.map_encoding_to_html5
    declared = known(charset.strip().strip("\"'"), fallback_utf8=False) if charset else None
    found = declared or encodings.detect_encoding(data, from_html_meta=True)
    if found == "utf-8" and _is_mostly_broken(data):
        found = encodings.detect_encoding(data)
    text: str = encodings.bytes_to_str(data, found, errors="replace", fallback_encodings=())
    return text


def _is_mostly_broken(data: bytes) -> bool:
    """Whether UTF-8 makes nothing of most bytes beyond ASCII; a stray one breaks little."""
    n_beyond = len(data) - len(data.translate(None, _BEYOND_ASCII))
    return 2 * data.decode("utf-8", "replace").count("\ufffd") > n_beyond


def _wide_encoding(start: bytes) -> str:
    """Return UTF-16 or UTF-32, whichever has its NUL bytes as `start` does; empty if none has.

    Markup is ASCII, so most units are one byte beside NUL bytes; in all other encodings a NUL byte
    means nothing.
    """
    units = np.frombuffer(start[: len(start) & ~3], np.uint8).reshape(-1, 4)
    if not len(units):
        return ""
    share = (units == 0).mean(axis=0)
    for encoding, is_nul in _WIDE:
        if np.where(is_nul, share > 0.5, share < 0.1).all():
            return encoding
    return ""


def _escaped_encoding(data: bytes, charset: str | None) -> str:
    """Return the encoding that writes everything in ASCII and is meant; empty if none is."""
    if charset is not None and charset.strip().lower().startswith(("iso-2022", "hz")):
        return charset.strip().lower()
    if b"\x1b" not in data and b"~{" not in data:
        return ""
    named = _NAMED_ESCAPED.search(data[:_HEAD_BYTES])
    return named[1].decode().lower() if named else ""


HTML = Format(
    suffixes=(".html", ".htm"),
    split=_split,
    parse=_parse,
    render=render_text,
    cleaned_as="text",
    cleaned_suffix=".txt",
)
