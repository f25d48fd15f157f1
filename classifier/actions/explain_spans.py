"""Why a part of a line is taken for spam: what was found, where it comes from, what it counts.

The values are those of integrated gradients (Sundararajan, Taly & Yan 2017), as for labels: they
add up to the logit of the part's confidence.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.datamodels import Span
from classifier.features.featurizer import featurize
from classifier.model.line_spans import (
    doubted_documents,
    open_lines,
    spans_by_line,
    suspect_documents,
)
from classifier.model.page_model import PageModel
from classifier.model.span_echoes import DocumentPhrases, inner_phrase
from classifier.model.spans import SPAN_FEATURES, SpanFinder, SpanWeights
from classifier.text.batch import LineBatch

_N_STEPS = 256
"""Points on the way from the baseline."""

_MAX_LINES = 10


@dataclass(frozen=True, slots=True)
class SpanExplanation:
    """One part of a line and why it is taken for spam.

    Attributes
    ----------
    span
        Where it is, and how sure.
    text
        The part.
    evidence
        What was found, in words: which other line, which phrase, which break.
    logit
        Of the confidence; the contributions add up to it.
    contributions
        Name and value, strongest first.
    """

    span: Span
    text: str
    evidence: tuple[str, ...]
    logit: float
    contributions: tuple[tuple[str, float], ...]


def explain_spans(model: PageModel, text: str, index: int) -> tuple[SpanExplanation, ...]:
    """Explain the parts found in one line of a page.

    Parameters
    ----------
    model
        The page model; one that was taught no spans finds none.
    text
        The page.
    index
        The line, counted from 0.
    """
    if model.spans is None:
        return ()
    batch = LineBatch.from_texts([text])
    features = featurize(batch)
    probabilities = model.judge(features)[0]
    if not doubted_documents(batch, probabilities).any():
        return ()
    is_open, is_suspect = open_lines(probabilities), suspect_documents(batch, probabilities)
    found = SpanFinder(model.spans).find(batch, features, [text], is_open, is_suspect)
    found = found.at(np.flatnonzero(found.candidates.line == index))
    spans = spans_by_line(batch, found).get(index, ())
    line, phrases = batch.line(index), DocumentPhrases(text)
    explained = []
    for at, span in enumerate(spans):
        rows = found.features[:, at]
        part = line[span.start : span.end]
        source, copied = int(found.candidates.evidence[at]), int(found.candidates.copied[at])
        explained.append(
            SpanExplanation(
                span=span,
                text=part,
                evidence=(
                    *_origin(source, copied),
                    *_echoes(phrases, part, index),
                    *_form(dict(zip(SPAN_FEATURES, rows.tolist(), strict=True))),
                ),
                logit=float(found.logits[at]),
                contributions=_contributions(model.spans, rows),
            )
        )
    return tuple(explained)


def _origin(source: int, copied: int) -> list[str]:
    if copied:
        return [f"{copied} letters of line {source + 1} without its spaces"]
    return [f"found by its copy in line {source + 1}"] if source >= 0 else []


def _echoes(phrases: DocumentPhrases, part: str, index: int) -> list[str]:
    phrase = inner_phrase(part)
    lines = sorted({echo.line + 1 for echo in phrases.echoes(phrase, index)})
    if not lines:
        return []
    named = ", ".join(map(str, lines[:_MAX_LINES]))
    more = "" if len(lines) <= _MAX_LINES else " and others"
    return [f"“{phrase}” stands in line{'s' if len(lines) > 1 else ''} {named}{more} too"]


_FORMS: dict[str, str] = {
    "in corner brackets": "stands in corner brackets",
    "in other brackets": "stands in brackets",
    "beside a bar or underscore": "parted off by a bar or underscore",
    "beside a dash": "parted off by a dash",
    "beside another separator": "parted off by a separator",
    "joined to a word before": "joined to the word before it",
    "joined to a word after": "joined to the word after it",
    "letters of another script than the rest": "another script than the rest of the line",
    "no accents where the rest has them": "no accents in a line that has them",
    "all lower case where the rest is not": "all in lower case in a line that is not",
    "domains and handles": "holds a domain or handle",
    "styled letters": "holds letters drawn as symbols",
    "zero-width characters": "holds characters that show nothing",
}


def _form(rows: dict[str, float]) -> list[str]:
    return [words for name, words in _FORMS.items() if rows[name] > 0.5]


def _contributions(
    weights: SpanWeights, rows: NDArray[np.float64]
) -> tuple[tuple[str, float], ...]:
    """Return what each feature adds to the logit, strongest first; they add up to it."""
    steps = (np.arange(_N_STEPS) + 0.5) / _N_STEPS
    hidden = weights.hidden.astype(np.float64)
    is_active = (hidden @ rows)[:, None] * steps + weights.hidden_bias[:, None] > 0
    gradient = (weights.output * is_active.mean(axis=1)) @ hidden
    start, end = (float(weights.logits(at[:, None])[0]) for at in (np.zeros_like(rows), rows))
    values = dict(zip(SPAN_FEATURES, (gradient * rows).tolist(), strict=True))
    values["what every part starts from"] = start
    values["rounding of the integral"] = end - sum(values.values())
    return tuple(sorted(values.items(), key=lambda item: -abs(item[1])))
