"""Rows of single texts of the corpora: headlines and interface texts to make pages of, spam."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from classifier.corpus.layout import read_rows
from classifier.datamodels import LabelledDocument
from classifier.labels import LABEL_CODES, STUFFING_INDEX

_STUFFING = LABEL_CODES[STUFFING_INDEX]


def texts_by_language(files: Sequence[Path], *, fewest_bytes: int = 1) -> dict[str, list[str]]:
    """Return the texts of rows with ``lang`` and ``t``, their white space made single.

    Shorter ones are left out; bytes of UTF-8, because a Chinese character says more than a letter.
    """
    texts: dict[str, list[str]] = {}
    for path in files:
        for _, row in read_rows(path, ("lang", "t")):
            text = " ".join(row["t"].split())
            if len(text.encode("utf-8", "surrogatepass")) >= fewest_bytes:
                texts.setdefault(row["lang"], []).append(text)
    return texts


def spam_lines(files: Sequence[Path]) -> list[LabelledDocument]:
    """Return each line that is known to be spam as a document of one line."""
    documents = []
    for path in files:
        for number, row in read_rows(path, ("source", "lang", "t", "label")):
            text = row["t"].replace("\n", " ")
            if row["label"] == _STUFFING and text.strip():
                documents.append(_spam_line(number, text, row))
    return documents


def _spam_line(number: int, text: str, row: Mapping[str, Any]) -> LabelledDocument:
    source = f"spam-lines/{row['source']}"
    return LabelledDocument(
        id=f"spam-line {number}",
        lines=(text,),
        codes=_STUFFING,
        source=source,
        language=row["lang"],
        group=source,
        licence=str(row.get("license") or ""),
    )
