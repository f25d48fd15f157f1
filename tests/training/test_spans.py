"""What is learned of spans finds keywords it has never seen, and leaves articles alone."""

import dataclasses

import numpy as np
import pytest

from classifier.datamodels import LabelledDocument
from classifier.features.featurizer import featurize
from classifier.model.spans import SPAN_FEATURES, SpanFinder, SpanWeights
from classifier.text.batch import LineBatch
from classifier.training.span_ngrams import SpanPage, ngram_counts, span_page
from classifier.training.spans import SpanSettings, fit_spans

_TITLES = (
    "Council opens new bridge over the river",
    "Rada otwiera nowy most nad rzeką w mieście",
    "Hội đồng khánh thành cầu mới qua sông lớn",
    "Совет открыл новый мост через реку в городе",
    "Stadtrat eröffnet neue Brücke über den Fluss",
    "El ayuntamiento abre un puente nuevo sobre el río",
)
_BODIES = (
    "The work took three years, said the mayor, and cost less than had been planned at first.",
    "Prace trwały trzy lata, mówi burmistrz, i kosztowały mniej, niż planowano na początku.",
    "Công trình kéo dài ba năm, theo ông thị trưởng, và tốn ít hơn so với dự kiến ban đầu.",
    "Работы шли три года, сказал мэр, и стоили меньше, чем было намечено в самом начале.",
    "Die Arbeiten dauerten drei Jahre, sagte der Bürgermeister, und kosteten weniger als geplant.",
    "Las obras duraron tres años, dijo el alcalde, y costaron menos de lo previsto al inicio.",
)
_KEYWORDS = ("slot gacor 88", "ty le keo", "kup tanie leki", "casino bonus", "vay tien nhanh")


SETTINGS = SpanSettings(n_passes=300, n_rounds=1)
"""Few candidates are learned in many passes."""


def stuffed(number: int, keyword: str) -> SpanPage:
    title, body = _TITLES[number % 6], _BODIES[number % 6]
    prefix = f"【{keyword}】"
    at = body.index(",") + 1
    lines = (prefix + title, f"{body[:at]} {keyword}{body[at:]}", _BODIES[(number + 1) % 6])
    document = LabelledDocument(str(number), lines, "ssc")
    return span_page(document, {0: [(0, len(prefix))], 1: [(at + 1, at + 1 + len(keyword))]})


def plain(number: int) -> SpanPage:
    lines = (_TITLES[number % 6], _BODIES[number % 6], f"【{number}】", "Home | Login")
    return span_page(LabelledDocument(str(number), lines, "cccb"))


@pytest.fixture(scope="module")
def weights() -> SpanWeights:
    pages = [stuffed(number, _KEYWORDS[number % 5]) for number in range(30)]
    pages += [plain(number) for number in range(30)]
    return fit_spans(pages, SETTINGS)


def found_in(weights: SpanWeights, text: str) -> list[str]:
    batch = LineBatch.from_texts([text])
    is_open = np.ones(batch.n_lines, bool)
    found = SpanFinder(weights).find(batch, featurize(batch), [text], is_open)
    candidates = found.candidates.at(found.logits > 0)
    return [
        batch.codepoints[start - 1 : end - 1].tobytes().decode("utf-32-le")
        for start, end in zip(candidates.start.tolist(), candidates.end.tolist(), strict=True)
    ]


@pytest.mark.parametrize("number", range(6))
def test_a_keyword_never_seen_is_found_by_its_form(weights: SpanWeights, number: int) -> None:
    keyword = ("brelo mivva", "tundri vosk 77")[number % 2]
    parts = found_in(weights, stuffed(number, keyword).text)
    assert parts
    assert all(keyword in part for part in parts)


def test_real_lines_are_left_alone(weights: SpanWeights) -> None:
    assert found_in(weights, "\n".join((*_TITLES, *_BODIES))) == []


def test_training_is_the_same_each_time(weights: SpanWeights) -> None:
    pages = [stuffed(number, _KEYWORDS[number % 5]) for number in range(30)]
    pages += [plain(number) for number in range(30)]
    again = fit_spans(pages, SETTINGS)
    for field in dataclasses.fields(SpanWeights):
        one, other = getattr(weights, field.name), getattr(again, field.name)
        np.testing.assert_array_equal(one, other)
        assert one.dtype == np.float32
    assert weights.hidden.shape[1] == len(SPAN_FEATURES)


def test_lines_of_unknown_kind_teach_nothing() -> None:
    page = span_page(LabelledDocument("a", ("x", "y", "z", "w"), "cs?o"), {})
    assert page.is_known.tolist() == [True, False, False, False]
    assert page.is_spam.tolist() == [False, True, False, False]


def test_ngrams_of_a_part_are_those_inside() -> None:
    features = featurize(LineBatch.from_texts(["abcd efgh"]))
    counts = ngram_counts(features, np.array([1, 1]), np.array([5, 10]))
    # four letters: three pairs, one four, one word; the whole line has 8 + 6 + 2 and a word pair
    assert (counts[0].toarray() > 0).sum() == 5
    assert counts[1].multiply(counts[1]).sum() <= 1 + 1e-9
