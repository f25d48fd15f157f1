r"""Predictions as rows: JSONL and TSV for programs, aligned text for people.

Rows for programs are UTF-8, put together column by column: of each column the spellings are looked
up or escaped all at once, and the pieces of all lines joined. ``json.dumps`` line by line would
take as long as the model. A lone surrogate, for which UTF-8 has no bytes, is written as its escape
``\ud800``; in a JSON string that escape is the surrogate itself.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from json.encoder import encode_basestring as quote

import numpy as np
from numpy.typing import NDArray

from classifier.datamodels import BLANK, PagePredictions, Span
from classifier.labels import LABELS
from classifier.text.printable import printable

_DIGITS = 10_000
"""Probabilities are written as multiples of 1 / 10,000: finer ones would say nothing."""

_NOTHING = _DIGITS + 1
"""What stands for the probability of a blank line where others have their ten-thousandths."""

_COMMON_LINES = 1_000
"""So many line numbers are spelled in advance."""

Pieces = NDArray[np.object_]
"""Array of bytes objects."""


def _array(spelled: Iterable[bytes]) -> Pieces:
    return np.array(list(spelled), dtype=np.object_)


# By index of the label; what a blank line has is the last, which is what `BLANK`, -1, picks.
_NAMES = [label.encode() for label in LABELS]
_LABEL_NAMES = _array([*(b'"%b"' % name for name in _NAMES), b"null"])
_VERDICTS = _array(b'", "label": %b, "confidence": ' % name for name in _LABEL_NAMES)
_CELLS = _array([*(name + b"\t" for name in _NAMES), b"\t"])

_PROBABILITY_NAMES = _array(
    [b', "probabilities": {"%b": ' % _NAMES[0], *(b', "%b": ' % name for name in _NAMES[1:])]
)

_JSON_ESCAPES = {
    mark.encode(): quote(mark)[1:-1].encode()  # the backslash first, as others are made of it
    for mark in ("\\", '"', *map(chr, range(0x20)))
    if mark != "\n"
}
_TSV_ESCAPES = {b"\\": rb"\\", b"\t": rb"\t", b"\r": rb"\r"}


def jsonl_rows(document_id: str, page: PagePredictions) -> bytes:
    """Return one JSON object a line of the page, each closed by a line feed.

    Examples
    --------
    >>> page = PagePredictions("", np.zeros((1, 4), np.float32), np.array([-1], np.int8))
    >>> jsonl_rows("a", page)[:51]
    b'{"id": "a", "line": 1, "text": "", "label": null, "'
    """
    values, decimals = _ten_thousandths(page), _decimals()
    is_blank = page.label_index == BLANK
    rows = np.empty((len(page), 14), dtype=np.object_)
    rows[:, 0] = b'{"id": ' + _quoted(document_id)
    rows[:, 1] = _line_numbers(b', "line": %d, "text": "', len(page))
    rows[:, 2] = _escaped_lines(page.text, _JSON_ESCAPES)
    rows[:, 3] = _VERDICTS[page.label_index]
    rows[:, 4] = decimals[_of_labels(values, page)]
    rows[:, 5:13:2] = _PROBABILITY_NAMES
    rows[:, 6:13:2] = decimals[values]
    rows[:, 13] = b'}, "spans": []}\n'
    rows[is_blank, 5] = b', "probabilities": null'
    rows[is_blank, 6:13] = b""
    rows[is_blank, 13] = b', "spans": []}\n'
    for index, spans in page.spans.items():
        rows[index, 13] = b'}, "spans": %b}\n' % _spans_json(spans)
    return b"".join(rows.ravel().tolist())


def jsonl_record(document_id: str, page: PagePredictions) -> bytes:
    """Return one JSON object for the page, with lists parallel to its lines."""
    values, decimals = _ten_thousandths(page), _decimals()
    spans = [b"[]"] * len(page)
    for index, found in page.spans.items():
        spans[index] = _spans_json(found)
    columns = (
        b'"%b": [%b]' % (name, _listed(column))
        for name, column in zip(_NAMES, decimals[values.T], strict=True)
    )
    return (
        b'{"id": %b, "labels": [%b], "confidences": [%b], "probabilities": {%b}, "spans": [%b]}\n'
    ) % (
        _quoted(document_id),
        _listed(_LABEL_NAMES[page.label_index]),
        _listed(decimals[_of_labels(values, page)]),
        b", ".join(columns),
        b", ".join(spans),
    )


def tsv_rows(document_id: str, page: PagePredictions) -> bytes:
    r"""Return id, line, label, confidence and text of each line, parted by tabs.

    Tabs, line ends and backslashes in id and text are written ``\t``, ``\r``, ``\n``, ``\\``;
    label and confidence of a blank line are empty.
    """
    rows = np.empty((len(page), 5), dtype=np.object_)
    rows[:, 0] = b"\\n".join(_escaped_lines(document_id, _TSV_ESCAPES))
    rows[:, 1] = _line_numbers(b"\t%d\t", len(page))
    rows[:, 2] = _CELLS[page.label_index]
    rows[:, 3] = _fixed_decimals()[_of_labels(_ten_thousandths(page), page)]
    rows[:, 4] = [b"%b\n" % line for line in _escaped_lines(page.text, _TSV_ESCAPES)]
    return b"".join(rows.ravel().tolist())


def text_rows(page: PagePredictions) -> str:
    r"""Return number, label, confidence and text of each line, aligned.

    Control characters are spelled as escapes; what cleaning would cut out of a line stands
    between ``[-`` and ``-]``.
    """
    number_width, label_width = len(str(len(page))), max(map(len, LABELS))
    rows = []
    for index, (line, label, confidence) in enumerate(_columns(page, blank="-")):
        text = printable(_marked(line, page.spans.get(index, ())))
        row = f"{index + 1:>{number_width}}  {label:<{label_width}}  {confidence:<6}  {text}"
        rows.append(row.rstrip() + "\n")
    return "".join(rows)


def span_lists(spans: Sequence[Span]) -> list[tuple[int, int, float]]:
    """Return `spans` as rows hold them: start, end, confidence."""
    return [(span.start, span.end, round(span.confidence, 4)) for span in spans]


def _spans_json(spans: Sequence[Span]) -> bytes:
    return json.dumps(span_lists(spans)).encode()


def _ten_thousandths(page: PagePredictions) -> NDArray[np.int64]:
    """Return the probabilities as multiples of 1 / 10,000, `_NOTHING` in blank lines."""
    values: NDArray[np.int64] = np.rint(page.probabilities * np.float64(_DIGITS)).astype(np.int64)
    values[page.label_index == BLANK] = _NOTHING
    return values


def _of_labels(values: NDArray[np.int64], page: PagePredictions) -> NDArray[np.int64]:
    """Return what `values` has in the column of each line's label; any column in blank lines."""
    chosen: NDArray[np.int64] = values[np.arange(len(values)), page.label_index]
    return chosen


@cache
def _decimals() -> Pieces:
    """Return how each ten-thousandth is spelled in JSON, and last what a blank line has."""
    return _array([*(repr(value / _DIGITS).encode() for value in range(_NOTHING)), b"null"])


@cache
def _fixed_decimals() -> Pieces:
    """Return how each ten-thousandth is spelled in a cell of TSV; a blank line's is empty."""
    return _array([*(b"%.4f\t" % (value / _DIGITS) for value in range(_NOTHING)), b"\t"])


@cache
def _common_numbers(form: bytes) -> list[bytes]:
    return [form % number for number in range(1, _COMMON_LINES + 1)]


def _line_numbers(form: bytes, n_lines: int) -> list[bytes]:
    """Return the numbers of lines in a form of theirs."""
    common = _common_numbers(form)
    return [*common[:n_lines], *(form % n for n in range(_COMMON_LINES + 1, n_lines + 1))]


def _quoted(text: str) -> bytes:
    return quote(text).encode("utf-8", "backslashreplace")


def _escaped_lines(text: str, escapes: Mapping[bytes, bytes]) -> list[bytes]:
    """Return the lines of a text with some characters of ASCII spelled otherwise."""
    data = text.encode("utf-8", "surrogatepass")
    for mark, escape in escapes.items():
        data = data.replace(mark, escape)
    try:
        text.encode()
    except UnicodeEncodeError:
        data = data.decode("utf-8", "surrogatepass").encode("utf-8", "backslashreplace")
    return data.split(b"\n")


def _listed(spelled: Pieces) -> bytes:
    return b", ".join(spelled.tolist())


def _columns(page: PagePredictions, *, blank: str) -> list[tuple[str, str, str]]:
    """Text, label and confidence of each line, the latter two `blank` where it is blank."""
    names = [*LABELS, blank]
    labels = page.label_index.tolist()
    values = _of_labels(_ten_thousandths(page), page).tolist()
    return [
        (text, names[label], blank if label == BLANK else f"{value / _DIGITS:.4f}")
        for text, label, value in zip(page.lines, labels, values, strict=True)
    ]


def _marked(line: str, spans: Sequence[Span]) -> str:
    pieces, position = [], 0
    for span in spans:
        pieces += [line[position : span.start], "[-", line[span.start : span.end], "-]"]
        position = span.end
    return "".join([*pieces, line[position:]])
