"""JSONL: one document a line, an object with ``text`` or ``lines``, all else carried through."""

import io
import json
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, BinaryIO, cast

from classifier.datamodels import Document
from classifier.io.base import (
    DEFAULT_FIELDS,
    MAX_RECORD_BYTES,
    PIECE_BYTES,
    BadRecord,
    Cleaned,
    FieldNames,
    Format,
    Piece,
    RecordError,
    Source,
    decode,
    encode_rows,
    file_fault,
)

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_MAX_LEVELS = 500
"""Python reads twice as many and then, called from deeper down, cannot write them again."""

_GAP = re.compile(r"[ \t\r\n]*[{:,]?[ \t\r\n]*")
"""What parts keys and values of an object."""

_TOO_LONG = f"is longer than {MAX_RECORD_BYTES >> 20} MB; split the document"


def _right(fields: FieldNames) -> str:
    return (
        f"a record is one JSON object a line, with {fields.text!r} (string)"
        f"{_or_lines(fields, ' or ', ' (list of strings)')}"
    )


def _or_lines(fields: FieldNames, before: str, after: str = "") -> str:
    """Return what is said of ``lines``, which stand in only for a text called ``text``."""
    return f"{before}'lines'{after}" if fields.text == "text" else ""


def split_jsonl(stream: BinaryIO, source: Source) -> Iterator[Piece]:
    """Yield blocks of whole lines; they depend on the bytes alone, not on how these arrive."""
    number, offset, is_empty = 1, 0, True
    fault: Exception | None = None
    while fault is None:
        block, fault = _block(cast("io.BufferedReader", stream))
        if not block:
            break
        whole, too_long = _without_endless_line(block)
        if whole.strip():
            is_empty = False
            yield Piece(number, whole, offset)
        number += whole.count(b"\n")
        offset += len(block)
        if too_long:
            is_empty = False
            yield Piece(number, b"", offset, fault=_TOO_LONG)
            offset += _skip_line(stream)
            number += 1
    if fault is not None:
        raise fault
    if is_empty:
        yield file_fault(f"is empty; {_right(source.fields)}")


def _block(stream: io.BufferedReader) -> tuple[bytes, Exception | None]:
    """Return the next block of whole lines, and what ended it early: packed data that is broken.

    Read in steps, as what one call has unpacked before it fails is lost.
    """
    parts: list[bytes] = []
    missing = PIECE_BYTES
    try:
        while missing and (part := stream.read1(missing)):
            parts.append(part)
            missing -= len(part)
        if parts and not parts[-1].endswith(b"\n"):
            parts.append(stream.readline(MAX_RECORD_BYTES))
    except (EOFError, OSError, zlib.error) as error:
        block = b"".join(parts)
        return block[: block.rfind(b"\n") + 1], error
    return b"".join(parts), None


def _without_endless_line(block: bytes) -> tuple[bytes, bool]:
    """Return the whole lines of `block`, and whether one follows that is too long."""
    if block.endswith(b"\n") or len(block) < MAX_RECORD_BYTES:
        return block, False
    end = block.rfind(b"\n") + 1
    return block[:end], True


def _skip_line(stream: BinaryIO) -> int:
    n_bytes = 0
    while part := stream.readline(PIECE_BYTES):
        n_bytes += len(part)
        if part.endswith(b"\n"):
            break
    return n_bytes


def parse_jsonl(piece: Piece, source: Source) -> Iterator[Document | BadRecord]:
    """Yield the documents of a block of lines; blank lines are skipped.

    ``Document.fields`` is the whole record. If it has both ``text`` and ``lines``, the text counts.
    """
    if piece.fault:
        yield piece.bad(source)
        return
    offset = piece.offset
    for number, raw in enumerate(piece.data.split(b"\n"), start=piece.number):
        data = raw.removeprefix(_BYTE_ORDER_MARK) if number == 1 else raw
        if data.strip():
            try:
                line = decode(data, offset + len(raw) - len(data))
                yield _document(line, source.fields, default_id=f"{source.name}:{number}")
            except RecordError as fault:
                yield BadRecord(source.where, number, str(fault))
        offset += len(raw) + 1


def _record(line: str, fields: FieldNames) -> dict[str, object]:
    try:
        # Without its end, an error at the end of the line has a column of the line.
        record = json.loads(line.rstrip("\r\n"))
    except json.JSONDecodeError as error:
        raise RecordError(
            f"broken JSON at column {error.colno} ({error.msg}); {_right(fields)}"
        ) from error
    except (RecursionError, ValueError) as error:
        raise RecordError(
            f"JSON nested too deep or with a number too long; {_right(fields)}"
        ) from error
    if not isinstance(record, dict):
        raise RecordError(f"the record is {_kind(record)}; {_right(fields)}")
    # brackets are mostly those of texts, but no record is deeper than it has any
    if line.count("[") + line.count("{") > _MAX_LEVELS and _is_too_deep(record):
        raise RecordError(f"JSON nested over {_MAX_LEVELS} levels deep; {_right(fields)}")
    return record


def _is_too_deep(record: dict[str, object]) -> bool:
    level: list[Any] = [record]
    for _ in range(_MAX_LEVELS):
        held = (each.values() if isinstance(each, dict) else each for each in level)
        level = [inner for each in held for inner in each if isinstance(inner, dict | list)]
        if not level:
            return False
    return True


def _document(line: str, fields: FieldNames, *, default_id: str) -> Document:
    record = _record(line, fields)
    given = record.get(fields.id)
    if given is not None and (isinstance(given, bool) or not isinstance(given, str | int)):
        raise RecordError(f"{fields.id!r} is {_kind(given)}; it must be a string or an integer")
    return Document(
        id=default_id if given is None else str(given),
        text=_text(record, fields),
        fields=record,
        record=line,
    )


def _text(record: dict[str, object], fields: FieldNames) -> str:
    name = fields.text
    if name in record:
        text = record[name]
        if isinstance(text, str):
            return text
        raise RecordError(f"{name!r} is {_kind(text)}; it must be a string")
    if name != "text" or "lines" not in record:
        missing = f"the record has no {name!r}{_or_lines(fields, ' and no ')}"
        raise RecordError(f"{missing}; {_right(fields)}")
    lines = record["lines"]
    if not isinstance(lines, list):
        raise RecordError(f"'lines' is {_kind(lines)}; it must be a list of strings")
    for index, line in enumerate(lines):
        if not isinstance(line, str):
            raise RecordError(f"'lines'[{index}] is {_kind(line)}; it must be a string")
        if "\n" in line:
            raise RecordError(f"'lines'[{index}] holds a line feed; split it there")
    return "\n".join(lines)


def dump_jsonl(
    document: Document, lines: Sequence[str], fields: FieldNames = DEFAULT_FIELDS
) -> bytes:
    r"""Return the document's record with `lines` in place of its own, in the form it had.

    All else stays as it was written: order, spaces, digits of numbers, keys that come twice. Where
    a record has both ``text`` and ``lines`` and they say the same, both are replaced.

    Lone surrogates are written as ``\ud800``, so that the bytes are valid UTF-8 and valid JSON.
    """
    record: Mapping[str, object] = document.fields or {"id": document.id, "text": document.text}
    written = document.record or json.dumps(record, ensure_ascii=False)
    text = "\n".join(lines)
    if text != document.text:
        values: dict[str, object] = {fields.text: text} if fields.text in record else {}
        if fields.text == "text" and record.get("lines", []) == document.text.split("\n"):
            values["lines"] = list(lines)
        written = _with_values(written, values)
    # Only strings can hold a lone surrogate, and there JSON's escape is Python's.
    return encode_rows(f"{written}\n")


def _with_values(record: str, values: Mapping[str, object]) -> str:
    """Return a JSON object as it is written but for the values of some keys."""
    decoder = json.JSONDecoder()
    parts, done, at = [], 0, _after_gap(record, 0)
    while record[at] != "}":
        key, at = decoder.raw_decode(record, at)
        start = _after_gap(record, at)
        _, end = decoder.raw_decode(record, start)
        if key in values:
            parts += [record[done:start], json.dumps(values[key], ensure_ascii=False)]
            done = end
        at = _after_gap(record, end)
    return "".join([*parts, record[done:]])


def _after_gap(record: str, at: int) -> int:
    gap = _GAP.match(record, at)
    return gap.end() if gap else at


def _render(_: Piece, source: Source, cleaned: Sequence[Cleaned]) -> Sequence[bytes]:
    return [dump_jsonl(document, lines, source.fields) for document, lines in cleaned]


def _kind(value: object) -> str:
    names = {"NoneType": "null", "dict": "an object", "list": "a list", "str": "a string"}
    names |= {"bool": "a boolean", "int": "a number", "float": "a number"}
    return names[type(value).__name__]


JSONL = Format(
    suffixes=(".jsonl", ".ndjson"),
    split=split_jsonl,
    parse=parse_jsonl,
    render=_render,
    cleaned_as="jsonl",
    has_fields=True,
)
