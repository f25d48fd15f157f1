"""HTML: the visible text of a page, a block a line, by resiliparse; whatever its characters are."""

import codecs
from collections.abc import Iterator
from typing import BinaryIO

from classifier.datamodels import Document
from classifier.io.base import BadRecord, Format, Piece, Source, read_whole
from classifier.io.extras import optional_module
from classifier.io.text import render_text

EXTRA = "warc"

_BEYOND_ASCII = bytes(range(0x80, 0x100))

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


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

    A byte order mark counts before all else; then, because no other text looks like it, whether it
    is valid UTF-8; then what the server said, what the page itself says, what its bytes look like.
    Who says UTF-8 is not believed if most bytes beyond ASCII are none.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace")
    if not _is_escaped(charset):
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


def _is_escaped(charset: str | None) -> bool:
    """Whether it writes everything in ASCII, so that it is valid UTF-8 and is not meant so."""
    return charset is not None and charset.strip().lower().startswith(("iso-2022", "hz"))


HTML = Format(
    suffixes=(".html", ".htm"),
    split=_split,
    parse=_parse,
    render=render_text,
    cleaned_as="text",
    cleaned_suffix=".txt",
)
