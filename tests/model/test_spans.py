"""Spans: found where they should be, decisions follow from them, any text is accepted."""

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from classifier.datamodels import FoundSpans, OperatingPoint, PagePredictions, Span
from classifier.features.featurizer import featurize
from classifier.labels import LABELS, STUFFING_INDEX
from classifier.model.line_classifier import LineClassifier
from classifier.model.spans import SpanFinder, SpanWeights, runs_of_spam
from classifier.text.batch import LineBatch

PAGE = (
    "【quan bia 88】Chợ nổi Cái Răng đón hàng nghìn lượt khách dịp lễ\n"
    "Sáng nay,hợnổiCáiRăngđónhàngnghìnlượtkháchdịpquan bia 88 nhiều du khách đã đến chợ từ sớm."
)


@pytest.fixture(scope="module")
def model(tiny_model: LineClassifier, spans_by_form: SpanWeights) -> LineClassifier:
    with_spans = dataclasses.replace(tiny_model.model_, spans=spans_by_form)
    return LineClassifier().adopt(with_spans, tiny_model.manifest_)


def parts_of(text: str, weights: SpanWeights) -> list[str]:
    batch = LineBatch.from_texts([text])
    features, finder = featurize(batch), SpanFinder(weights)
    inputs = finder.inputs(features, batch.document_of_line, np.arange(batch.n_lines))
    parts = finder.find(features, inputs)
    return [
        batch.line(line)[start:end]
        for line, start, end in zip(
            parts.line.tolist(), parts.start.tolist(), parts.end.tolist(), strict=True
        )
    ]


def test_title_and_sentence_lose_what_was_put_in(spans_by_form: SpanWeights) -> None:
    assert parts_of(PAGE, spans_by_form) == [
        "【quan bia 88】",
        "hợnổiCáiRăngđónhàngnghìnlượtkháchdịp",
        "quan bia 88",
    ]


def test_what_is_clean_has_no_part(spans_by_form: SpanWeights) -> None:
    text = "Chợ nổi Cái Răng đón hàng nghìn lượt khách\nSáng nay, nhiều du khách đã đến."
    assert parts_of(text, spans_by_form) == []


def test_a_run_ends_with_its_line_and_is_parted_where_another_begins() -> None:
    margin = np.array([-1.0, 2, 3, 3, 2, 1])
    logits = np.zeros((4, 6), np.float32)
    logits[1, 2] = 1  # begins
    first, last = runs_of_spam(logits, margin, np.array([0, 5, 6]))
    assert list(zip(first.tolist(), last.tolist(), strict=True)) == [(1, 2), (2, 5), (5, 6)]


def test_weights_are_made_of_their_arrays(spans_by_form: SpanWeights) -> None:
    again = SpanWeights.of_arrays(spans_by_form.arrays())
    for name, array in spans_by_form.arrays().items():
        np.testing.assert_array_equal(array, again.arrays()[name])


# decisions


def found_page(rest: float, confidence: float) -> PagePredictions:
    probabilities = np.array([[0.2, 0.7, 0.05, 0.05]], np.float32)
    found = {0: FoundSpans((Span(0, 4, confidence),), rest)}
    return PagePredictions.decided(
        "[ad] Markt", probabilities, np.zeros(1, bool), found, OperatingPoint()
    )


def test_spans_are_cut_where_they_are_sure_and_the_rest_is_content() -> None:
    page = found_page(rest=0.9, confidence=0.8)
    assert (page.labels, page.clean(), page[0].is_kept) == (["stuffing"], "Markt", True)
    assert found_page(rest=0.4, confidence=0.8).clean() == ""
    assert found_page(rest=0.9, confidence=0.4).clean() == ""


def test_another_point_decides_on_spans_anew() -> None:
    page = found_page(rest=0.9, confidence=0.8)
    assert page.at(OperatingPoint("keep", 0.0)).clean() == "[ad] Markt"
    careful = page.at(OperatingPoint("careful", 0.15))
    assert (careful.labels, careful.spans) == (["content"], {})
    assert page.at(OperatingPoint("keen", 0.95)).spans == {}
    assert page.at(OperatingPoint("keen", 0.95)).at(OperatingPoint()).clean() == "Markt"


def test_probabilities_stay_a_distribution(model: LineClassifier) -> None:
    page = model.classify(PAGE)
    np.testing.assert_allclose(page.probabilities.sum(axis=1), 1, atol=1e-6)
    plain = dataclasses.replace(model.model_, spans=None)
    before = LineClassifier().adopt(plain, model.manifest_).classify(PAGE)
    assert before.found == {}
    for index, line in page.found.items():
        moved = max(span.confidence for span in line.spans) * line.rest
        expected = before.probabilities[index] * (1 - moved)
        expected[STUFFING_INDEX] += moved
        np.testing.assert_allclose(page.probabilities[index], expected, atol=1e-5)


LINES = st.one_of(
    st.text(st.characters(exclude_categories=[]), max_size=30),
    st.sampled_from(
        [
            *PAGE.split("\n"),
            "[kw kw] Ende",
            "kw kw | Ende und Anfang | kw kw",
            "\ud800【\u200b】é\u0301",
            "ab" * 60,
            "",
            "字" * 40,
        ]
    ),
)


@given(st.lists(LINES, max_size=8).map("\n".join))
@settings(max_examples=150, deadline=None)
def test_any_text_gets_spans_inside_its_lines(model: LineClassifier, text: str) -> None:
    page = model.classify(text)
    for line in page:
        bounds = [at for span in line.spans for at in (span.start, span.end)]
        assert bounds == sorted(bounds)
        assert not bounds or 0 <= bounds[0] <= bounds[-1] <= len(line.text)
        assert all(span.start < span.end and 0 < span.confidence <= 1 for span in line.spans)
    assert page.probabilities.shape == (len(page), len(LABELS))
    assert page.at(OperatingPoint("all", 0.0)).clean() == text


@given(st.lists(st.lists(LINES, max_size=6).map("\n".join), max_size=4))
@settings(max_examples=60, deadline=None)
def test_a_page_has_the_same_spans_in_any_batch(model: LineClassifier, texts: list[str]) -> None:
    together = model.classify_many(texts, batch_lines=1000)
    for text, page in zip(texts, together, strict=True):
        alone = model.classify(text)
        assert page.found == alone.found
        np.testing.assert_array_equal(page.probabilities, alone.probabilities)


TITLE = "Council opens the new river bridge"
COPY = TITLE.replace(" ", "")


@given(st.lists(LINES, max_size=6).map("\n".join))
@example(f"{TITLE}\nsoon {COPY}\n{COPY} soon")
@settings(max_examples=60, deadline=None)
def test_a_line_is_seen_alike_whichever_lines_are_looked_at_with_it(
    spans_by_form: SpanWeights, text: str
) -> None:
    batch = LineBatch.from_texts([text])
    features, finder = featurize(batch), SpanFinder(spans_by_form)
    together = finder.inputs(features, batch.document_of_line, np.arange(batch.n_lines))
    for line, (first, end) in zip(
        together.tokens.lines.tolist(), pairwise(together.tokens.offsets.tolist()), strict=True
    ):
        alone = finder.inputs(features, batch.document_of_line, np.array([line]))
        np.testing.assert_array_equal(alone.matrix, together.matrix[:, first:end])
