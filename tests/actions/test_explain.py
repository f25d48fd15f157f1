"""What an explanation says adds up to the logits, and names what is really in the line."""

import dataclasses

import numpy as np
import pytest

from classifier.actions.explain import Explanation, explain_line
from classifier.actions.explain_spans import SpanExplanation, explain_spans
from classifier.datamodels import FoundSpans, Span
from classifier.errors import InputError
from classifier.labels import LABELS
from classifier.model.line_classifier import LineClassifier
from classifier.model.spans import SpanWeights

PAGE = "Inicio | Contacto\n\nEl río creció dos metros en una noche.\nLlama ya al 555 010 203 y gana"


@pytest.fixture(scope="module")
def explanation(tiny_model: LineClassifier) -> Explanation:
    return explain_line(tiny_model, PAGE, 3)


def test_contributions_add_up_to_the_logits(explanation: Explanation) -> None:
    for label in LABELS:
        total = sum(part.values[label] for part in explanation.contributions)
        assert total == pytest.approx(explanation.logits[label], abs=1e-6)


def test_steps_of_the_integral_miss_little(explanation: Explanation) -> None:
    (rounding,) = [part for part in explanation.contributions if part.name.startswith("rounding")]
    assert max(abs(value) for value in rounding.values.values()) < 0.05


def test_logits_are_those_of_the_probabilities(explanation: Explanation) -> None:
    logits = np.array([explanation.logits[label] for label in LABELS])
    expected = np.exp(logits) / np.exp(logits).sum()
    given = [explanation.line.probabilities[label] for label in LABELS]
    assert given == pytest.approx(expected.tolist(), abs=1e-4)


def test_ngrams_named_are_in_the_line(explanation: Explanation) -> None:
    line = f"⏎{explanation.line.text.lower()}⏎"
    named = [part.name for part in explanation.contributions if part.kind == "n-gram"]
    assert "word creció" in named
    assert "words dos metros" in named
    for name in named:
        assert name.split(" ", 1)[1] in line if name.startswith("word") else name in line


def test_other_lines_have_their_share(explanation: Explanation) -> None:
    kinds = {part.kind for part in explanation.contributions}
    assert kinds == {"bias", "feature", "n-gram", "neighbours", "page"}


def test_strongest_comes_first(explanation: Explanation) -> None:
    sizes = [max(map(abs, part.values.values())) for part in explanation.contributions]
    assert sizes == sorted(sizes, reverse=True)


@pytest.mark.parametrize(
    ("number", "message"),
    [(0, "line 0: the page has lines 1 to 4"), (5, "line 5"), (2, "line 2 is blank")],
)
def test_a_line_that_cannot_be_explained(
    tiny_model: LineClassifier, number: int, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        explain_line(tiny_model, PAGE, number)


SPAM = (
    "【kup tanie leki】Rada miasta otwiera nowy most nad rzeką\n"
    "Wczoraj, RadaMiastaOtwieraNowyMost kup tanie leki mieszkańcy przyszli tłumnie na otwarcie."
)


@pytest.fixture(scope="module")
def explained_spans(
    tiny_model: LineClassifier, spans_by_form: SpanWeights
) -> tuple[SpanExplanation, ...]:
    # surer of content than it is, so that both lines are looked at
    stacker = tiny_model.model_.stacker.biased(6.0)
    model = dataclasses.replace(tiny_model.model_, stacker=stacker, spans=spans_by_form)
    return explain_spans(model, SPAM, 1)


def test_contributions_of_a_part_add_up_to_its_logit(
    explained_spans: tuple[SpanExplanation, ...],
) -> None:
    assert explained_spans
    for part in explained_spans:
        assert sum(value for _, value in part.contributions) == pytest.approx(part.logit)
        assert part.span.confidence == pytest.approx(1 / (1 + np.exp(-part.logit)))
        assert SPAM.split("\n")[1][part.span.start : part.span.end] == part.text


def test_evidence_names_the_line_and_the_phrase(
    explained_spans: tuple[SpanExplanation, ...],
) -> None:
    evidence = {part.text: part.evidence for part in explained_spans}
    assert evidence["RadaMiastaOtwieraNowyMost"][0] == "25 characters of line 1 without its spaces"
    assert "“kup tanie leki” is spam in line 1" in evidence["kup tanie leki"]


def test_a_part_that_shows_in_the_cleaned_page_alone_says_so(
    tiny_model: LineClassifier, spans_by_form: SpanWeights, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {1: FoundSpans((Span(0, 7, 0.75),), rest=0.9)}
    monkeypatch.setattr("classifier.actions.explain_spans.find_line_spans", lambda *_: found)
    model = dataclasses.replace(tiny_model.model_, spans=spans_by_form)
    (part,) = explain_spans(model, SPAM, 1)
    assert (part.span, part.text) == (found[1].spans[0], "Wczoraj")
    assert part.evidence == ("shows once the other spam of the page is cut out",)
    assert part.logit == pytest.approx(np.log(3))


def test_a_model_without_spans_explains_none(explanation: Explanation) -> None:
    assert explanation.spans == ()
