"""A page without what is not content, and a record of everything taken out."""

import json

import numpy as np

from classifier.actions.annotate import span_lists
from classifier.datamodels import BLANK, PagePredictions, cut
from classifier.labels import LABELS


def cleaned_lines(page: PagePredictions) -> list[str]:
    """Return the lines that stay, spans cut out; joined by line feeds they are ``page.clean()``."""
    return [
        cut(line, page.spans.get(index, ()))
        for index, (line, is_kept) in enumerate(zip(page.lines, page.kept.tolist(), strict=True))
        if is_kept
    ]


def removal_rows(document_id: str, page: PagePredictions) -> str:
    """Return one JSON object for each line that cleaning takes out, whole or in part.

    ``spans`` is null where the whole line goes, else what is cut: start, end, confidence.
    """
    lines, confidences = page.lines, page.confidences.tolist()
    removed = set(np.flatnonzero(~page.kept).tolist()) | set(page.spans)
    rows = []
    for index in sorted(removed):
        label = int(page.label_index[index])
        row = {
            "id": document_id,
            "line": index + 1,
            "text": lines[index],
            "label": None if label == BLANK else LABELS[label],
            "confidence": None if label == BLANK else round(confidences[index], 4),
            "spans": span_lists(page.spans[index]) if index in page.spans else None,
        }
        rows.append(json.dumps(row, ensure_ascii=False) + "\n")
    return "".join(rows)
