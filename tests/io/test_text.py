"""Text files come in and go out byte for byte."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.datamodels import Document
from classifier.errors import InputError
from classifier.io.base import Source
from classifier.io.text import dump_text, read_text

SOURCE = Source(name="page.txt", path=None, format="text")


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1))
def test_reading_and_writing_gives_the_same_bytes(text: str) -> None:
    data = text.encode("utf-8")
    (document,) = read_text(io.BytesIO(data), SOURCE)
    assert document.id == "page.txt"
    assert dump_text(document, document.text.split("\n")) == data


@pytest.mark.parametrize("text", ["\ufeffa", "a\r\nb\r", "\n", "\u2028\x85\x0b", "\U0010ffff"])
def test_odd_characters_stay(text: str) -> None:
    (document,) = read_text(io.BytesIO(text.encode()), SOURCE)
    assert document.text == text


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "is empty"),
        (b"ab\0", r"looks binary \(NUL byte at offset 2\)"),
        (b"ab\xc3", r"invalid UTF-8 at byte offset 2 \(0xc3\)"),
        (b"\xed\xa0\x80", "invalid UTF-8 at byte offset 0"),
        ("hé".encode("utf-16"), "invalid UTF-8|looks binary"),
    ],
)
def test_bad_bytes_are_refused(data: bytes, message: str) -> None:
    with pytest.raises(InputError, match=message):
        list(read_text(io.BytesIO(data), SOURCE))


def test_lone_surrogates_cannot_be_written_as_text() -> None:
    with pytest.raises(InputError, match=r"^x: holds the lone surrogate U\+D800, .* as JSONL$"):
        dump_text(Document(id="x", text="a\ud800"), ["a\ud800"])
