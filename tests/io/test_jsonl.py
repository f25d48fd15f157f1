"""JSONL records come in one by one and go out with all they held."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.datamodels import Document
from classifier.errors import InputError
from classifier.io.base import Source
from classifier.io.jsonl import dump_jsonl, read_jsonl

SOURCE = Source(name="pages.jsonl", path=None, format="jsonl")

any_text = st.text(st.characters(exclude_categories=[]), max_size=30)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | any_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(any_text, inner, max_size=3),
    max_leaves=6,
)


def read(data: bytes) -> list[Document]:
    return list(read_jsonl(io.BytesIO(data), SOURCE))


@given(any_text, st.dictionaries(any_text.filter(lambda key: key != "id"), values, max_size=4))
def test_reading_and_writing_gives_the_same_record(text: str, others: dict[str, Any]) -> None:
    record = json.loads(json.dumps({**others, "text": text}))
    (document,) = read(json.dumps(record).encode())
    assert document.text == record["text"]
    assert json.loads(dump_jsonl(document, document.text.split("\n"))) == record


@given(st.lists(any_text.map(lambda text: text.replace("\n", " ")), max_size=4))
def test_reading_and_writing_gives_the_same_lines(lines: list[str]) -> None:
    record = json.loads(json.dumps({"lines": lines}))
    (document,) = read(json.dumps(record).encode())
    assert json.loads(dump_jsonl(document, document.text.split("\n"))) == record


def test_ids_are_strings_or_the_place() -> None:
    data = (
        b'{"id": 7, "text": ""}\n\n{"text": ""}\r\n{"id": null, "text": ""}\n{"id":"a","text":""}'
    )
    assert [each.id for each in read(data)] == ["7", "pages.jsonl:3", "pages.jsonl:4", "a"]


def test_byte_order_mark_before_the_first_record_is_no_fault() -> None:
    assert [each.text for each in read(b'\xef\xbb\xbf{"text": "a"}\n')] == ["a"]


def test_records_are_read_one_by_one() -> None:
    stream = io.BytesIO(b'{"text": "a"}\n{"text": "b"}\nbroken')
    documents = read_jsonl(stream, SOURCE)
    assert next(documents).text == "a"
    assert stream.tell() == len(b'{"text": "a"}\n')


def test_invalid_utf8_is_named_by_offset_in_the_file() -> None:
    with pytest.raises(InputError, match=r"^standard input:2: invalid UTF-8 at byte offset 5 "):
        read(b"\xef\xbb\xbf\n{\xff\n")


def test_number_too_long_is_refused() -> None:
    with pytest.raises(InputError, match="a number too long"):
        read(b'{"text": "", "n": ' + b"1" * 5000 + b"}")


def test_document_without_fields_gets_a_record() -> None:
    assert dump_jsonl(Document(id="a", text="x\ny"), ["y"]) == b'{"id": "a", "text": "y"}\n'
