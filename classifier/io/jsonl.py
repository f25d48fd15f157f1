"""JSONL: one document a line, an object with ``text`` or ``lines``, all else carried through."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO

from classifier.datamodels import Document
from classifier.errors import InputError
from classifier.io.base import Format, Source, decode

_RIGHT = "a record is one JSON object a line, with 'text' (string) or 'lines' (list of strings)"
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read_jsonl(stream: BinaryIO, source: Source) -> Iterator[Document]:
    """Yield the documents of `source`, reading one line after the other; blank lines are skipped.

    ``Document.fields`` is the whole record. If it has both ``text`` and ``lines``, the text counts.

    Raises
    ------
    InputError
        At the first line that is no such record, or if there is none at all.
    """
    offset, is_empty = 0, True
    for number, raw in enumerate(stream, start=1):
        data = raw.removeprefix(_BYTE_ORDER_MARK) if number == 1 else raw
        if data.strip():
            is_empty = False
            where = f"{source.where}:{number}"
            record = _parse(decode(data, where, offset + len(raw) - len(data)), where)
            yield _document(record, where, default_id=f"{source.name}:{number}")
        offset += len(raw)
    if is_empty:
        raise InputError(f"{source.where}: is empty; {_RIGHT}")


def _parse(line: str, where: str) -> dict[str, object]:
    try:
        # Without its end, an error at the end of the line has a column of the line.
        record = json.loads(line.rstrip("\r\n"))
    except json.JSONDecodeError as error:
        raise InputError(
            f"{where}: broken JSON at column {error.colno} ({error.msg}); {_RIGHT}"
        ) from error
    except (RecursionError, ValueError) as error:
        raise InputError(
            f"{where}: JSON nested too deep or with a number too long; {_RIGHT}"
        ) from error
    if not isinstance(record, dict):
        raise InputError(f"{where}: the record is {_kind(record)}; {_RIGHT}")
    return record


def _document(record: dict[str, object], where: str, *, default_id: str) -> Document:
    given = record.get("id")
    if given is not None and (isinstance(given, bool) or not isinstance(given, str | int)):
        raise InputError(f"{where}: 'id' is {_kind(given)}; it must be a string or an integer")
    return Document(
        id=default_id if given is None else str(given),
        text=_text(record, where),
        fields=record,
    )


def _text(record: dict[str, object], where: str) -> str:
    if "text" in record:
        text = record["text"]
        if isinstance(text, str):
            return text
        raise InputError(f"{where}: 'text' is {_kind(text)}; it must be a string")
    if "lines" not in record:
        raise InputError(f"{where}: the record has no 'text' and no 'lines'; {_RIGHT}")
    lines = record["lines"]
    if not isinstance(lines, list):
        raise InputError(f"{where}: 'lines' is {_kind(lines)}; it must be a list of strings")
    for index, line in enumerate(lines):
        if not isinstance(line, str):
            raise InputError(f"{where}: 'lines'[{index}] is {_kind(line)}; it must be a string")
        if "\n" in line:
            raise InputError(f"{where}: 'lines'[{index}] holds a line feed; split it there")
    return "\n".join(lines)


def dump_jsonl(document: Document, lines: Sequence[str]) -> bytes:
    r"""Return the document's record with `lines` in place of its own, in the form it had.

    Lone surrogates are written as ``\ud800``, so that the bytes are valid UTF-8 and valid JSON.
    """
    record: Mapping[str, object] = document.fields or {"id": document.id, "text": document.text}
    text = "\n".join(lines)
    if text != document.text:
        record = {**record, **({"text": text} if "text" in record else {"lines": list(lines)})}
    written = json.dumps(record, ensure_ascii=False) + "\n"
    # Only strings can hold a lone surrogate, and there JSON's escape is Python's.
    return written.encode("utf-8", "backslashreplace")


def _kind(value: object) -> str:
    names = {"NoneType": "null", "dict": "an object", "list": "a list", "str": "a string"}
    names |= {"bool": "a boolean", "int": "a number", "float": "a number"}
    return names[type(value).__name__]


JSONL = Format(suffix=".jsonl", read=read_jsonl, dump=dump_jsonl)
