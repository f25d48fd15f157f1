"""Why a part of a line is taken for spam: what was found, where it comes from, what it counts.

The values are those of integrated gradients (Sundararajan, Taly & Yan 2017), as for labels: they
add up to the logit of the part's confidence.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.datamodels import Span
from classifier.features.featurizer import featurize
from classifier.model.line_spans import echoing_lines, find_line_spans, spans_by_line
from classifier.model.page_model import PageModel
from classifier.model.pages import Pages
from classifier.model.span_echoes import with_echoes
from classifier.model.span_features import TOKEN_FEATURES
from classifier.model.span_inputs import TokenInputs
from classifier.model.span_search import searched
from classifier.model.spans import BEGIN, INSIDE, OTHER, REST, SpanFinder, SpanWeights, spam_logits
from classifier.model.stacker import Stacker
from classifier.model.tiles import one_thread
from classifier.text.batch import LineBatch

_N_STEPS = 128
"""Points on the way from the baseline."""

_MAX_LINES = 10
_LEAST_DOUBT = 1e-12
_SHORTEST_PHRASE = 3


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
    with one_thread():  # the same bits as when the page is classified
        return _explained(model, model.spans, text, index)


def _explained(
    model: PageModel, weights: SpanWeights, text: str, index: int
) -> tuple[SpanExplanation, ...]:
    batch = LineBatch.from_texts([text])
    features = featurize(batch)
    finder = SpanFinder(weights)
    probabilities = model.judge(features)[0]
    settled = find_line_spans(model, batch, [text], features, probabilities.copy())
    lines = text.split("\n")
    tagged: dict[Span, SpanExplanation] = {}
    found: dict[int, tuple[Span, ...]] = {}
    for inputs, parts in searched(finder, batch, features, probabilities):
        chosen = np.flatnonzero(parts.line == index).tolist()
        by_line = spans_by_line(parts)
        found |= by_line
        for at, span in zip(chosen, by_line.get(index, ()), strict=True):
            tokens = np.arange(parts.first[at], parts.last[at])
            part = lines[index][span.start : span.end]
            tagged[span] = SpanExplanation(
                span=span,
                text=part,
                evidence=tuple(_evidence(inputs, tokens, lines, part, index)),
                logit=float(parts.logit[at]),
                contributions=_contributions(
                    weights, inputs, tokens, index, float(parts.logit[at])
                ),
            )
    is_echoing = echoing_lines(probabilities, found)
    spans, sources = with_echoes(lines, is_echoing.tolist(), found)
    at_once = spans.get(index, ())
    return tuple(
        tagged[span]
        if span in tagged
        else _of_echo(span, lines, index, sources[index, span.start])
        if span in at_once
        else _of_later_look(span, lines[index])
        for span in (settled[index].spans if index in settled else at_once)
    )


def _of_later_look(span: Span, line: str) -> SpanExplanation:
    """Explain a part that was found in the cleaned page, with other parts cut out already."""
    logit = _logit(span)
    return SpanExplanation(
        span=span,
        text=line[span.start : span.end],
        evidence=("shows once the other spam of the page is cut out",),
        logit=logit,
        contributions=(("as sure as in the page without the other spam", logit),),
    )


def _logit(span: Span) -> float:
    return float(np.log(span.confidence / max(1 - span.confidence, _LEAST_DOUBT)))


def _of_echo(span: Span, lines: list[str], index: int, source: int) -> SpanExplanation:
    """Explain a part that repeats one of another line, as sure as that."""
    logit = _logit(span)
    part = lines[index][span.start : span.end]
    return SpanExplanation(
        span=span,
        text=part,
        evidence=(f"“{part}” is spam in line {source + 1}",),
        logit=logit,
        contributions=((f"as sure as the same words in line {source + 1}", logit),),
    )


def _evidence(
    inputs: TokenInputs, tokens: NDArray[np.int64], lines: list[str], part: str, index: int
) -> Iterator[str]:
    first, last = inputs.tokens.first[tokens[0]], inputs.tokens.last[tokens[-1]]
    sources = inputs.copies.source[first:last]
    if (sources >= 0).any():
        values, counts = np.unique(sources[sources >= 0], return_counts=True)
        yield f"{counts.max()} characters of line {values[counts.argmax()] + 1} without its spaces"
    phrase = _inner(part)
    if len(phrase) >= _SHORTEST_PHRASE:
        others = [
            number
            for number, line in enumerate(lines, start=1)
            if number != index + 1 and phrase.casefold() in line.casefold()
        ]
        if others:
            named = ", ".join(map(str, others[:_MAX_LINES]))
            more = "" if len(others) <= _MAX_LINES else " and others"
            plural = "s" if len(others) > 1 else ""
            yield f"“{phrase}” stands in line{plural} {named}{more} too"
    yield from _forms(inputs, tokens)


def _inner(part: str) -> str:
    """Return a part without signs and white space at its ends."""
    places = [at for at, character in enumerate(part) if character.isalnum()]
    return part[places[0] : places[-1] + 1] if places else ""


_AT_EDGES: dict[str, str] = {
    "round or square bracket": "stands in brackets",
    "corner bracket": "stands in corner brackets",
    "brace or angle": "stands in brackets",
    "bar": "parted off by a bar",
    "underscore": "parted off by an underscore",
    "dash": "parted off by a dash",
    "bullet": "parted off by a bullet",
    "slash": "parted off by a slash",
    "arrow or emoji": "parted off by an arrow or a picture",
}
"""What the token at an edge of a part, or beside it, is, and what that means."""

_WITHIN: dict[str, tuple[float, str]] = {
    "rarity of the script in the line": (0.5, "another script than the rest of the line"),
    "rarity of the script in the document": (0.8, "another script than most of the page"),
    "styled letters": (0.3, "holds letters drawn as symbols"),
    "marks or unseen characters": (
        0.1,
        "holds characters that show nothing, or strike letters out",
    ),
    "period inside the run": (0.3, "holds a domain"),
    "at sign inside the run": (0.3, "holds a handle"),
}
"""From which mean over the tokens of a part on which words are said."""


def _forms(inputs: TokenInputs, tokens: NDArray[np.int64]) -> Iterator[str]:
    rows = dict(zip(TOKEN_FEATURES, inputs.matrix, strict=True))
    line = np.searchsorted(inputs.tokens.offsets, tokens[0], side="right") - 1
    begin, end = inputs.tokens.offsets[line : line + 2]
    edges = [tokens[0], tokens[-1]]
    edges += [tokens[0] - 1] if tokens[0] > begin else []
    edges += [tokens[-1] + 1] if tokens[-1] + 1 < end else []
    yield from dict.fromkeys(words for name, words in _AT_EDGES.items() if rows[name][edges].any())
    if rows["joined to the letters before"][tokens[0]]:
        yield "joined to the letters before it"
    if rows["joined to the letters after"][tokens[-1]]:
        yield "joined to the letters after it"
    for name, (least, words) in _WITHIN.items():
        if rows[name][tokens].mean() >= least:
            yield words


def _contributions(
    weights: SpanWeights,
    inputs: TokenInputs,
    tokens: NDArray[np.int64],
    index: int,
    logit: float,
) -> tuple[tuple[str, float], ...]:
    """Return what each feature adds to the logit, strongest first; they add up to it."""
    line = int(np.searchsorted(inputs.tokens.lines, index))
    begin, end = inputs.tokens.offsets[line : line + 2].tolist()
    # in double precision, so that the shares add up
    matrix: NDArray[Any] = inputs.matrix[:, begin:end].astype(np.float64)
    own = tokens - begin
    pages = Pages.of(np.array([0, end - begin]))
    stacker = Stacker(weights.tagger)
    factor, shift = weights.calibration.astype(np.float64).tolist()

    nothing: NDArray[Any] = stacker.forward(np.zeros_like(matrix), pages)[0]
    start = spam_logits(nothing)[own].mean()
    shares = np.zeros_like(matrix)
    for step in range(_N_STEPS):
        point: NDArray[Any] = matrix * ((step + 0.5) / _N_STEPS)
        logits, trace = stacker.forward(point, pages)
        gradient = np.zeros_like(logits)
        for one, other, sign in ((BEGIN, INSIDE, 1.0), (REST, OTHER, -1.0)):
            # of each pair the likelier counts more in the logarithm of the sum
            weight = 1 / (1 + np.exp(logits[other, own] - logits[one, own]))
            gradient[one, own], gradient[other, own] = sign * weight, sign * (1 - weight)
        shares += stacker.backward(gradient, trace, pages)[1]
    shares *= matrix * factor / _N_STEPS / len(own)
    values = dict(zip(TOKEN_FEATURES, shares[:, own].sum(axis=1).tolist(), strict=True))
    values["the words around it"] = float(shares.sum() - shares[:, own].sum())
    values["what every part starts from"] = factor * float(start) + shift
    values["rounding of the integral"] = logit - sum(values.values())
    return tuple(sorted(values.items(), key=lambda item: -abs(item[1])))
