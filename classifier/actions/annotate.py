r"""Predictions as rows: JSONL and TSV for programs, aligned text for people.

Rows are put together as text, not by way of dictionaries: at a million lines a second of
classification, ``json.dumps`` would take most of the time.
"""

import json
from collections.abc import Sequence
from json.encoder import encode_basestring as quote

import numpy as np

from classifier.datamodels import BLANK, PagePredictions, Span
from classifier.labels import LABELS
from classifier.text.printable import printable

_DIGITS = 10_000
"""Probabilities are written as multiples of 1 / 10,000: finer ones would say nothing."""

_TSV_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\r": "\\r", "\n": "\\n"})


class _Decimals(dict[int, str]):
    """How a number of ten-thousandths is spelled; each is spelled once."""

    def __missing__(self, ten_thousandths: int) -> str:
        self[ten_thousandths] = spelled = repr(ten_thousandths / _DIGITS)
        return spelled


_DECIMALS = _Decimals()


def jsonl_rows(document_id: str, page: PagePredictions) -> str:
    """Return one JSON object a line of the page, each closed by a line feed.

    Examples
    --------
    >>> page = PagePredictions("", np.zeros((1, 4), np.float32), np.array([-1], np.int8))
    >>> jsonl_rows("a", page)[:51]
    '{"id": "a", "line": 1, "text": "", "label": null, "'
    """
    head = f'{{"id": {quote(document_id)}, "line": '
    fields = [f', "label": "{label}", "confidence": ' for label in LABELS]
    content, stuffing, linkfarm, boilerplate = (f'"{label}": ' for label in LABELS)
    spelled, rows = _DECIMALS, []
    for number, (text, label, four) in enumerate(
        zip(page.lines, page.label_index.tolist(), _ten_thousandths(page), strict=True), start=1
    ):
        if label == BLANK:
            rows.append(
                f'{head}{number}, "text": {quote(text)}, "label": null, "confidence": null, '
                '"probabilities": null, "spans": []}\n'
            )
            continue
        spans = _spans_json(page.spans[number - 1]) if number - 1 in page.spans else "[]"
        c, s, l, b = four  # noqa: E741 - the codes of the four labels
        rows.append(
            f'{head}{number}, "text": {quote(text)}{fields[label]}{spelled[four[label]]}, '
            f'"probabilities": {{{content}{spelled[c]}, {stuffing}{spelled[s]}, '
            f'{linkfarm}{spelled[l]}, {boilerplate}{spelled[b]}}}, "spans": {spans}}}\n'
        )
    return "".join(rows)


def jsonl_record(document_id: str, page: PagePredictions) -> str:
    """Return one JSON object for the page, with lists parallel to its lines."""
    labels = page.label_index.tolist()
    rows = _ten_thousandths(page)
    confidences = [
        None if label == BLANK else row[label] / _DIGITS
        for label, row in zip(labels, rows, strict=True)
    ]
    probabilities = {
        name: [
            None if label == BLANK else row[column] / _DIGITS
            for label, row in zip(labels, rows, strict=True)
        ]
        for column, name in enumerate(LABELS)
    }
    record = {
        "id": document_id,
        "labels": page.labels,
        "confidences": confidences,
        "probabilities": probabilities,
        "spans": [span_lists(page.spans.get(index, ())) for index in range(len(page))],
    }
    return json.dumps(record, ensure_ascii=False) + "\n"


def tsv_rows(document_id: str, page: PagePredictions) -> str:
    r"""Return id, line, label, confidence and text of each line, parted by tabs.

    Tabs, line ends and backslashes in id and text are written ``\t``, ``\r``, ``\n``, ``\\``;
    label and confidence of a blank line are empty.
    """
    head = document_id.translate(_TSV_ESCAPES)
    return "".join(
        f"{head}\t{number}\t{label}\t{confidence}\t{text.translate(_TSV_ESCAPES)}\n"
        for number, (text, label, confidence) in enumerate(_columns(page, blank=""), start=1)
    )


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


def _spans_json(spans: Sequence[Span]) -> str:
    return json.dumps(span_lists(spans))


def _ten_thousandths(page: PagePredictions) -> list[list[int]]:
    rounded: list[list[int]] = (
        np.rint(page.probabilities.astype(np.float64) * _DIGITS).astype(np.int64).tolist()
    )
    return rounded


def _columns(page: PagePredictions, *, blank: str) -> list[tuple[str, str, str]]:
    """Text, label and confidence of each line, the latter two `blank` where it is blank."""
    names = [*LABELS, blank]
    return [
        (text, names[label], blank if label == BLANK else f"{row[label] / _DIGITS:.4f}")
        for text, label, row in zip(
            page.lines, page.label_index.tolist(), _ten_thousandths(page), strict=True
        )
    ]


def _marked(line: str, spans: Sequence[Span]) -> str:
    pieces, position = [], 0
    for span in spans:
        pieces += [line[position : span.start], "[-", line[span.start : span.end], "-]"]
        position = span.end
    return "".join([*pieces, line[position:]])
