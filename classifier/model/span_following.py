"""Candidates that follow from others: with other bounds, and where the same phrase stands."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from classifier.model.span_candidates import Candidates, Row
from classifier.model.span_echoes import DocumentPhrases, inner_phrase
from classifier.model.span_variants import variants
from classifier.text.batch import LineBatch

_MAX_SOURCES = 60
"""Candidates of one document from which others follow, the likeliest; bounds the time."""

_ECHO_LOGIT = -1.5
"""Logit from which on the page is searched for echoes of a candidate."""


class Following:
    """What follows from candidates likely to be spam: other bounds, and where they come back.

    Parameters
    ----------
    batch, texts
        The documents.
    is_open
        Array of shape (n_lines,): which lines may hold spans.
    """

    def __init__(self, batch: LineBatch, texts: Sequence[str], is_open: NDArray[np.bool_]) -> None:
        self.batch, self.texts, self.is_open = batch, texts, is_open
        self.phrases: dict[int, DocumentPhrases] = {}
        self.lines: dict[int, str] = {}

    def candidates(self, found: Candidates, logits: NDArray[np.float64]) -> Candidates:
        """Return what follows from candidates with these logits."""
        rows: list[Row] = []
        seen: set[tuple[int, str]] = set()
        n_sources = Counter[int]()
        for index in np.argsort(-logits, kind="stable").tolist():
            line = int(found.line[index])
            document, first = self._document(line)
            n_sources[first] += 1
            if n_sources[first] > _MAX_SOURCES:
                continue
            begin = int(self.batch.line_offsets[line]) + 1
            start, end = int(found.start[index]) - begin, int(found.end[index]) - begin
            rows += self._variants(line, (start, end), int(found.evidence[index]), 0.0)
            logit = float(logits[index])
            phrase = inner_phrase(self._line(line)[start:end])
            if logit < _ECHO_LOGIT or (first, phrase.lower()) in seen:
                continue
            seen.add((first, phrase.lower()))
            strength = 1 / (1 + np.exp(-logit))
            for echo in document.echoes(phrase, line - first):
                at = first + echo.line
                if self.is_open[at]:
                    start = int(self.batch.line_offsets[at]) + 1
                    rows.append((at, start + echo.start, start + echo.end, line, 0, strength))
                    rows += self._variants(at, (echo.start, echo.end), line, strength)
        return Candidates.joined([Candidates.from_rows(rows)])

    def _variants(
        self, line: int, bounds: tuple[int, int], evidence: int, strength: float
    ) -> list[Row]:
        begin = int(self.batch.line_offsets[line]) + 1
        return [
            (line, begin + start, begin + end, evidence, 0, strength)
            for start, end in variants(self._line(line), *bounds)
        ]

    def _line(self, line: int) -> str:
        if line not in self.lines:
            self.lines[line] = self.batch.line(line)
        return self.lines[line]

    def _document(self, line: int) -> tuple[DocumentPhrases, int]:
        """Return the document of a line, and its first line."""
        offsets = self.batch.document_offsets
        document = int(np.searchsorted(offsets, line, side="right")) - 1
        if document not in self.phrases:
            self.phrases[document] = DocumentPhrases(self.texts[document])
        return self.phrases[document], int(offsets[document])
