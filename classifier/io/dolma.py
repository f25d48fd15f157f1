"""Attribute files of dolma: for every document the spans its mixer can take out.

A row has the document's id and, by label, ``[start, end, confidence]`` in code points of the text
(`dolma`_, docs/data-format.md); rows stand in the order of the documents. Taking all spans out
gives the lines that cleaning keeps: a span of a whole line holds the line feed that goes with it,
one inside of a line what its healing takes out (a space that healing would put in is not put in).

.. _dolma: https://github.com/allenai/dolma
"""

import json
from itertools import pairwise

import numpy as np

from classifier.datamodels import PagePredictions
from classifier.healing import healed_cuts
from classifier.io.base import encode_rows
from classifier.labels import LABELS, Label
from classifier.text.lines import line_offsets

EXPERIMENT = "linespam"
"""What attribute names begin with; dolma wants the name of the folder the files lie in."""


def attribute_row(document_id: str, page: PagePredictions) -> bytes:
    """Return the attributes of one document as a JSON object on a line."""
    spans: dict[Label, list[tuple[int, int, float]]] = {
        label: [] for label in LABELS if label != Label.CONTENT
    }
    edges = list(pairwise(line_offsets(page.text).tolist()))
    kept = np.flatnonzero(page.kept)
    last_kept = int(kept[-1]) if len(kept) else -1
    confidences = page.confidences.tolist()
    for index in np.flatnonzero(~page.kept).tolist():
        # Behind the last line that stays, the line feed to go is the one before.
        shift = 1 if 0 <= last_kept < index else 0
        start, end = (edge - shift for edge in edges[index])
        label = LABELS[int(page.label_index[index])]
        row = (start, min(end, len(page.text)), round(confidences[index], 4))
        spans[label].append(row)
    for index, found in page.spans.items():
        first, last = edges[index]
        line = page.text[first : last - 1]
        for start, end, _ in healed_cuts(line, [(span.start, span.end) for span in found]):
            sure = min(span.confidence for span in found if start <= span.start < end)
            spans[Label.STUFFING].append((first + start, first + end, round(sure, 4)))
    attributes = {f"{EXPERIMENT}__lines__{label}": sorted(rows) for label, rows in spans.items()}
    record = {"id": document_id, "attributes": attributes}
    return encode_rows(json.dumps(record, ensure_ascii=False) + "\n")
