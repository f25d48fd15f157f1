"""A page without what is not content, and a record of everything taken out."""

import json
from itertools import compress

import numpy as np

from classifier.actions.annotate import span_lists
from classifier.datamodels import BLANK, PagePredictions, cut
from classifier.healing import healed_cuts
from classifier.labels import LABELS


def cleaned_lines(page: PagePredictions) -> list[str]:
    """Return the lines that stay, spans cut out; joined by line feeds they are ``page.clean()``."""
    lines = page.lines
    for index, spans in page.spans.items():
        lines[index] = cut(lines[index], spans)
    return list(compress(lines, page.kept.tolist()))


def removal_rows(document_id: str, page: PagePredictions) -> str:
    """Return one JSON object for each line that cleaning takes out, whole or in part.

    ``spans`` is null where the whole line goes, else what was found: start, end, confidence.
    ``cuts`` is then what was done to the line: from where to where, and what stands there now. It
    differs from the spans where a cut was healed.
    """
    lines, confidences = page.lines, page.confidences.tolist()
    removed = set(np.flatnonzero(~page.kept).tolist()) | set(page.spans)
    rows = []
    for index in sorted(removed):
        label = int(page.label_index[index])
        row: dict[str, object] = {
            "id": document_id,
            "line": index + 1,
            "text": lines[index],
            "label": None if label == BLANK else LABELS[label],
            "confidence": None if label == BLANK else round(confidences[index], 4),
            "spans": None,
        }
        if index in page.spans:
            spans = page.spans[index]
            parts = [(span.start, span.end) for span in spans]
            row |= {"spans": span_lists(spans), "cuts": healed_cuts(lines[index], parts)}
        rows.append(json.dumps(row, ensure_ascii=False) + "\n")
    return "".join(rows)
