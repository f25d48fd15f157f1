"""JSONL records come in one by one and go out with all they held."""

import io
import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.datamodels import Document
from classifier.errors import InputError
from classifier.io.base import BadRecord, FieldNames, Source
from classifier.io.jsonl import JSONL, dump_jsonl

SOURCE = Source(name="pages.jsonl", path=None, format="jsonl")

any_text = st.text(st.characters(exclude_categories=[]), max_size=30)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | any_text,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(any_text, inner, max_size=3),
    max_leaves=6,
)


def read(data: bytes) -> list[Document]:
    return list(JSONL.read(io.BytesIO(data), SOURCE))


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


def _called_from_deeper_down(n_calls: int, document: Document) -> bytes:
    if n_calls:
        return _called_from_deeper_down(n_calls - 1, document)
    return dump_jsonl(document, ["kept"])


@pytest.mark.parametrize("pattern", ["[{}]", '{{"[": {}}}'])
def test_a_record_that_is_read_can_be_written_however_deep_it_is(pattern: str) -> None:
    before, after = pattern.format("\0").split("\0")
    for n_levels in (1, 100, 498, 499, 500, *range(900, 1000)):
        nested = f"{before * n_levels}0{after * n_levels}"
        data = f'{{"text": "[[{{", "x": {nested}}}\n'.encode()
        if n_levels < 500:  # the record is a level itself
            (document,) = read(data)
            written = _called_from_deeper_down(30, document)
            assert written == data.replace(b'"[[{"', b'"kept"')
        else:
            with pytest.raises(InputError, match="nested"):
                read(data)


def test_brackets_of_the_text_are_no_levels() -> None:
    (document,) = read(json.dumps({"text": "[{" * 5000, "x": [[1], {"a": []}]}).encode())
    assert document.text == "[{" * 5000


def test_ids_are_strings_or_the_place() -> None:
    data = (
        b'{"id": 7, "text": ""}\n\n{"text": ""}\r\n{"id": null, "text": ""}\n{"id":"a","text":""}'
    )
    assert [each.id for each in read(data)] == ["7", "pages.jsonl:3", "pages.jsonl:4", "a"]


def test_byte_order_mark_before_the_first_record_is_no_fault() -> None:
    assert [each.text for each in read(b'\xef\xbb\xbf{"text": "a"}\n')] == ["a"]


def test_documents_before_a_bad_record_come_out_first() -> None:
    documents = JSONL.read(io.BytesIO(b'{"text": "a"}\n{"text": "b"}\nbroken'), SOURCE)
    assert [next(documents).text, next(documents).text] == ["a", "b"]
    with pytest.raises(InputError, match=r"^standard input:3: broken JSON at column 1 "):
        next(documents)


def test_bad_records_stand_among_the_good_ones() -> None:
    (piece,) = JSONL.split(io.BytesIO(b'{"text": "a"}\n[]\n\n{"text": "b"}\n{"te'), SOURCE)
    items = list(JSONL.parse(piece, SOURCE))
    assert [item.text for item in items if isinstance(item, Document)] == ["a", "b"]
    assert [(item.file, item.record) for item in items if isinstance(item, BadRecord)] == [
        ("standard input", 2),
        ("standard input", 5),
    ]


def test_pieces_are_whole_lines_and_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("classifier.io.jsonl.PIECE_BYTES", 50)
    data = b"".join(b'{"id": "%d", "text": "%s"}\n' % (n, b"x" * (n * 7 % 90)) for n in range(99))
    pieces = list(JSONL.split(io.BytesIO(data + b"\n\n" + data.rstrip()), SOURCE))
    assert len(pieces) > 50
    documents = [item for piece in pieces for item in JSONL.parse(piece, SOURCE)]
    assert [item.id for item in documents if isinstance(item, Document)] == [
        str(n) for n in [*range(99), *range(99)]
    ]
    last = pieces[-1]
    assert (data + b"\n\n" + data)[last.offset :].startswith(last.data)


def test_endless_line_is_one_bad_record_and_reading_goes_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("classifier.io.jsonl.PIECE_BYTES", 30)
    monkeypatch.setattr("classifier.io.jsonl.MAX_RECORD_BYTES", 100)
    data = b'{"text": "a"}\n{"text": "%s"}\n{"text": "b"}\n{"text": ""}' % (b"x" * 500)
    items = [
        item
        for piece in JSONL.split(io.BytesIO(data), SOURCE)
        for item in JSONL.parse(piece, SOURCE)
    ]
    assert [item.record if isinstance(item, BadRecord) else item.text for item in items] == [
        "a",
        2,
        "b",
        "",
    ]


def test_fields_can_have_other_names() -> None:
    source = replace(SOURCE, fields=FieldNames(text="body", id="url"))
    record = {"url": "https://a.example", "body": "a\nb", "text": 3, "id": []}
    (document,) = JSONL.read(io.BytesIO(json.dumps(record).encode()), source)
    assert (document.id, document.text) == ("https://a.example", "a\nb")
    written = json.loads(dump_jsonl(document, ["b"], source.fields))
    assert written == {**record, "body": "b"}
    with pytest.raises(InputError, match="the record has no 'body'; a record is one JSON object"):
        list(JSONL.read(io.BytesIO(b'{"text": "a", "lines": []}'), source))


def test_invalid_utf8_is_named_by_offset_in_the_file() -> None:
    with pytest.raises(InputError, match=r"^standard input:2: invalid UTF-8 at byte offset 5 "):
        read(b"\xef\xbb\xbf\n{\xff\n")


def test_number_too_long_is_refused() -> None:
    with pytest.raises(InputError, match="a number too long"):
        read(b'{"text": "", "n": ' + b"1" * 5000 + b"}")


def test_document_without_fields_gets_a_record() -> None:
    assert dump_jsonl(Document(id="a", text="x\ny"), ["y"]) == b'{"id": "a", "text": "y"}\n'


@given(
    st.dictionaries(any_text.filter(lambda key: key != "id"), values, max_size=4),
    st.sampled_from([(", ", ": "), (",", ":"), (" ,\t", "\r: ")]),
    st.booleans(),
)
def test_record_that_stays_is_written_as_it_was(
    others: dict[str, Any], separators: tuple[str, str], ascii_only: bool
) -> None:
    written = json.dumps({**others, "text": "a\nb"}, separators=separators, ensure_ascii=ascii_only)
    data = written.encode("utf-8", "backslashreplace")
    (document,) = read(data)
    assert dump_jsonl(document, ["a", "b"]) == data + b"\n"
    changed = json.loads(dump_jsonl(document, ["b"]))
    assert changed == {**json.loads(written), "text": "b"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (r'{"n": 1.10, "text": "a\nb", "n": 1e999}', r'{"n": 1.10, "text": "b", "n": 1e999}'),
        (r' {"x":{"text":"a\nb"},"text":"a\nb"} ', r' {"x":{"text":"a\nb"},"text":"b"} '),
        (r'{"text": "spam", "text": "a\nb"}', r'{"text": "b", "text": "b"}'),
        (r'{"te\u0078t": "a\nb"}', r'{"te\u0078t": "b"}'),
        (r'{"lines": ["a", "b"], "x": "\u00e9é"}', r'{"lines": ["b"], "x": "\u00e9é"}'),
        (r'{"lines": ["a", "b"], "text": "a\nb"}', r'{"lines": ["b"], "text": "b"}'),
        (r'{"lines": ["a"], "text": "a\nb"}', r'{"lines": ["a"], "text": "b"}'),
        ('{"text": "a\\nb"}\r', '{"text": "b"}\r'),
    ],
)
def test_only_the_text_is_written_anew(before: str, after: str) -> None:
    (document,) = read(before.encode())
    assert dump_jsonl(document, ["b"]) == after.encode() + b"\n"
