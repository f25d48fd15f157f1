"""Pages written for measuring (``tests/cases``), with what their records say beyond the labels."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from classifier.datamodels import LabelledDocument
from classifier.model.line_classifier import LineClassifier
from classifier.training.labelled import read_labelled

CASES = Path(__file__).resolve().parents[1] / "cases"


def read_cases(path: Path) -> list[tuple[LabelledDocument, Mapping[str, Any]]]:
    """Return every page, checked, beside its record.

    Raises
    ------
    InputError
        At the first record that is no labelled page.
    """
    documents = list(read_labelled([path]))
    rows = path.read_text(encoding="utf-8").split("\n")
    records = [json.loads(row) for row in rows if row.strip()]
    return list(zip(documents, records, strict=True))


def model_facts(model: LineClassifier) -> dict[str, Any]:
    """Return by what a result names the model it was measured with: name and digests."""
    return {key: model.manifest_[key] for key in ("name", "files") if key in model.manifest_}


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; every column but the first is aligned to the right."""
    rule = ["---", *["--:"] * (len(header) - 1)]
    return "\n".join(f"| {' | '.join(row)} |" for row in (header, rule, *rows))
