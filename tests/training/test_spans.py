"""What is learned of spans finds keywords it has never seen, and leaves articles alone."""

import numpy as np
import pytest

from classifier.datamodels import LabelledDocument
from classifier.features.featurizer import featurize
from classifier.model.spans import BEGIN, INSIDE, OTHER, REST, SpanFinder, SpanWeights, span_shapes
from classifier.text.batch import LineBatch
from classifier.training import span_examples as examples_module
from classifier.training.span_examples import span_examples
from classifier.training.span_ngrams import ngram_counts
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

SETTINGS = SpanSettings(n_passes=60)
"""Few lines are learned in many passes."""


def stuffed(number: int, keyword: str) -> LabelledDocument:
    title, body = _TITLES[number % 6], _BODIES[number % 6]
    prefix = f"【{keyword}】"
    at = body.index(",") + 1
    lines = (prefix + title, f"{body[:at]} {keyword}{body[at:]}", _BODIES[(number + 1) % 6])
    spans = {0: ((0, len(prefix)),), 1: ((at + 1, at + 1 + len(keyword)),)}
    return LabelledDocument(str(number), lines, "ssc", group=str(number), spans=spans)


def plain(number: int) -> LabelledDocument:
    lines = (_TITLES[number % 6], _BODIES[number % 6], f"【{number}】", "Home | Login")
    return LabelledDocument(f"plain {number}", lines, "cccb")


def pages() -> list[LabelledDocument]:
    return [stuffed(number, _KEYWORDS[number % 5]) for number in range(60)] + [
        plain(number) for number in range(120)
    ]


@pytest.fixture(scope="module")
def weights() -> SpanWeights:
    return fit_spans(pages(), SETTINGS)


def found_in(weights: SpanWeights, text: str) -> list[str]:
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


@pytest.mark.parametrize("number", range(6))
def test_a_keyword_never_seen_is_found_by_its_form(weights: SpanWeights, number: int) -> None:
    keyword = ("brelo mivva", "tundri vosk 77")[number % 2]
    assert f"【{keyword}】" in found_in(weights, stuffed(number, keyword).text)


def test_real_lines_are_left_alone(weights: SpanWeights) -> None:
    assert found_in(weights, "\n".join((*_TITLES, *_BODIES))) == []


def test_training_is_the_same_each_time(weights: SpanWeights) -> None:
    again = fit_spans(pages(), SETTINGS).arrays()
    for name, array in weights.arrays().items():
        np.testing.assert_array_equal(array, again[name])
        assert (array.dtype, array.shape) == (np.float32, span_shapes()[name])


def test_the_gate_opens_for_lines_with_spans(weights: SpanWeights) -> None:
    batch = LineBatch.from_texts([stuffed(2, "brelo mivva").text])
    promise = SpanFinder(weights).promise(featurize(batch), np.ones(3, dtype=np.bool_))
    assert promise[0] > 0


def test_roles_follow_from_labels_and_spans(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(examples_module, "SHARES", dict.fromkeys("cslb", 1.0))
    page = LabelledDocument(
        "a", ("[x y]z w", "kw kw", "top", "Menu", "?"), "sscb?", spans={0: ((0, 5),)}
    )
    examples = span_examples([page], seed=0)
    assert examples.roles.tolist() == [
        *(BEGIN, INSIDE, INSIDE, INSIDE, REST, REST),
        *(OTHER, OTHER, REST, OTHER),
    ]
    assert examples.has_span.tolist() == [True, False, False, False]
    assert examples.is_spam.tolist() == [False, True, False, False]
    assert examples.is_content.tolist() == [False, False, True, False]
    first, last = examples.spans()
    assert (first.tolist(), last.tolist()) == ([0], [4])


def test_pages_stuffed_with_the_same_word_have_the_same_key() -> None:
    one, same, other = (
        span_examples([stuffed(number, keyword)], seed=0).key[0]
        for number, keyword in ((0, "casino bonus"), (3, "free casino"), (0, "tundri vosk"))
    )
    assert one == same != other


def test_ngrams_of_a_part_are_those_inside() -> None:
    page = LabelledDocument("a", ("abcd efgh",), "s", spans={0: ((0, 4),)})
    ngrams = span_examples([page], seed=0).ngrams
    counts = ngram_counts(ngrams, np.array([0, 0]), np.array([1, 2]))
    # four letters: three pairs, one four, one word; the whole line has 8 + 6 + 2 and a word pair
    assert (counts[0].toarray() > 0).sum() == 5
    assert counts[1].multiply(counts[1]).sum() <= 1 + 1e-9
