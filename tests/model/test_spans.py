"""Spans: candidates are where they should be, decisions follow from them, any text is accepted."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.datamodels import FoundSpans, OperatingPoint, PagePredictions, Span
from classifier.features.featurizer import featurize
from classifier.labels import LABELS, STUFFING_INDEX
from classifier.model.line_classifier import LineClassifier
from classifier.model.span_candidates import Candidates, delimited, trimmed
from classifier.model.span_copies import despaced_copies, skeleton
from classifier.model.span_echoes import DocumentPhrases
from classifier.model.span_ngrams import N_SPAN_BUCKETS
from classifier.model.span_repeats import repeated_phrases
from classifier.model.span_runs import UNIT_FEATURES
from classifier.model.span_variants import variants
from classifier.model.spans import N_HIDDEN, SPAN_FEATURES, SpanFinder, SpanWeights
from classifier.text.batch import LineBatch

TITLES = {
    "vi": "Chợ nổi Cái Răng đón hàng nghìn lượt khách dịp lễ",
    "pl": "Rada miasta przyjęła plan budowy nowego mostu",
    "ru": "Совет города утвердил план строительства моста",
    "ko": "시의회는 새 다리 건설 계획을 만장일치로 승인했다",
    "ar": "أقر مجلس المدينة خطة بناء الجسر الجديد بالإجماع",
    "hi": "नगर परिषद ने नए पुल के निर्माण की योजना को मंजूरी दी",
    "el": "Το δημοτικό συμβούλιο ενέκρινε το σχέδιο της γέφυρας",
    "de": "Der Stadtrat stimmt dem Plan für die neue Brücke zu",
}


def weights_by_form() -> SpanWeights:
    """Weights that know no word: brackets at an edge, copies and echoes of them are spam."""
    hidden = np.zeros((N_HIDDEN, len(SPAN_FEATURES)), np.float32)
    hidden[0, SPAN_FEATURES.index("in corner brackets")] = 6
    hidden[0, SPAN_FEATURES.index("copy of another line without its spaces")] = 2
    hidden[0, SPAN_FEATURES.index("echo of a part likely to be spam")] = 6
    output = np.zeros(N_HIDDEN, np.float32)
    output[0] = 1
    return SpanWeights(
        ngrams=np.zeros(N_SPAN_BUCKETS + 1, np.float32),
        units=np.zeros(len(UNIT_FEATURES), np.float32),
        hidden=hidden,
        hidden_bias=np.zeros(N_HIDDEN, np.float32),
        output=output,
        biases=np.array([0, -3], np.float32),
    )


@pytest.fixture(scope="module")
def model(tiny_model: LineClassifier) -> LineClassifier:
    with_spans = dataclasses.replace(tiny_model.model_, spans=weights_by_form())
    return LineClassifier().adopt(with_spans, tiny_model.manifest_)


def parts_of(text: str, candidates: Candidates) -> set[str]:
    batch = LineBatch.from_texts([text])
    return {
        batch.codepoints[start - 1 : end - 1].tobytes().decode("utf-32-le", "surrogatepass")
        for start, end in zip(candidates.start.tolist(), candidates.end.tolist(), strict=True)
    }


def parted(text: str) -> set[str]:
    batch = LineBatch.from_texts([text])
    characters = featurize(batch).characters
    return parts_of(text, delimited(characters, batch.codepoints, np.ones(batch.n_lines, bool)))


def copied(text: str) -> set[str]:
    batch = LineBatch.from_texts([text])
    is_open = np.ones(batch.n_lines, bool)
    characters = featurize(batch).characters
    found = despaced_copies(characters, [text], batch.document_offsets, is_open)
    return parts_of(text, found)


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ("【quán bia 88】Hội chợ khai mạc", "【quán bia 88】"),
        ("Hội chợ khai mạc [quan bia 88]", "[quan bia 88]"),
        ("quan bia 88 | Hội chợ khai mạc", "quan bia 88"),
        ("Hội chợ khai mạc_quan bia 88", "quan bia 88"),
        ("«تنزيل»خبر اليوم", "«تنزيل»"),
    ],
)
def test_brackets_and_separators_at_the_edge_are_candidates(line: str, part: str) -> None:
    assert part in parted(line)


def test_hyphenated_words_and_long_prose_are_no_candidates() -> None:
    assert parted("Ein Vier-Augen-Gespräch im Rat") == set()
    assert parted("Er kam - wie immer - zu spät. " * 12) == set()


@pytest.mark.parametrize("language", TITLES)
@pytest.mark.parametrize("clip", [(0, 0), (1, 2), (3, 4)], ids=str)
def test_a_title_without_its_spaces_is_found(language: str, clip: tuple[int, int]) -> None:
    title = TITLES[language]
    bare = title.replace(" ", "")
    copy = bare[clip[0] : len(bare) - clip[1]]
    found = copied(f"{title}\nabc de, {copy} fgh ij.")
    assert len(found) == 1
    # a combining mark at an end is neither letter nor digit, and may stay outside
    assert abs(len(found.pop()) - len(copy)) <= 1


def test_slugs_and_copies_without_accents_are_found() -> None:
    title = TITLES["pl"]
    slug = "rada-miasta-przyjela-plan-budowy"
    assert copied(f"{title}\nWczoraj {slug} w nocy.") == {slug}


def test_words_that_stand_elsewhere_as_they_are_are_no_copies() -> None:
    word = "Donaudampfschifffahrtsgesellschaft"
    assert copied(f"Die {word} fährt.\nDort liegt die {word} im Hafen.") == set()
    assert copied("https://example.org/der-stadtrat-tagt\nDer Stadtrat tagt heute lange") == set()


def test_a_repeated_phrase_reaches_as_far_as_it_repeats() -> None:
    text = "mua xe cu gia re\nHôm qua trời mưa mua xe cu gia re nên chợ vắng."
    batch = LineBatch.from_texts([text])
    nothing = np.zeros(N_SPAN_BUCKETS + 1, np.float32)
    found = repeated_phrases(
        featurize(batch), nothing, np.array([False, True]), batch.document_of_line
    )
    assert parts_of(text, found) == {"mua xe cu gia re"}


def test_echoes_are_no_parts_of_longer_words() -> None:
    phrases = DocumentPhrases("odds\nThe oddsmaker left\nBest odds today")
    assert [(echo.line, echo.start) for echo in phrases.echoes("odds", 0)] == [(2, 5)]


def test_variants_take_in_brackets_and_the_last_sentence() -> None:
    assert list(variants("Ein [ Kredit ] Tag", 6, 12)) == [(4, 14)]
    line = "Der Rat tagte lange. Kredit sofort gibt es hier."
    start = line.index("Kredit sofort")
    assert (21, len(line)) in variants(line, start, start + 13)


def test_skeletons_drop_what_is_no_letter() -> None:
    assert skeleton("Đà-Nẵng, 2024!") == "đanang2024"


def test_candidates_are_trimmed_and_joined_once() -> None:
    batch = LineBatch.from_texts([" - ab - "])
    characters = featurize(batch).characters
    whole = Candidates.from_rows([(0, 1, 9, -1, 0, 0.0), (0, 1, 9, 3, 0, 0.5)])
    joined = Candidates.joined([trimmed(characters, whole)])
    assert (len(joined), joined.strength.tolist()) == (1, [0.5])
    assert parts_of(" - ab - ", joined) == {"ab"}


PAGE = (
    "【quan bia 88】Chợ nổi Cái Răng đón hàng nghìn lượt khách dịp lễ\n"
    "Sáng nay,hợnổiCáiRăngđónhàngnghìnlượtkháchdịpquan bia 88 nhiều du khách đã đến chợ từ sớm."
)


def test_title_and_sentence_lose_what_was_put_in() -> None:
    batch = LineBatch.from_texts([PAGE])
    finder = SpanFinder(weights_by_form())
    found = finder.find(batch, featurize(batch), [PAGE], np.ones(2, bool))
    assert parts_of(PAGE, found.candidates) == {
        "【quan bia 88】",
        "hợnổiCáiRăngđónhàngnghìnlượtkháchdịp",
        "quan bia 88",
    }
    assert np.all(np.diff(found.candidates.start) > 0)


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
        for index in set(page.found) | set(alone.found):
            one, other = page.found[index], alone.found[index]
            assert [(s.start, s.end) for s in one.spans] == [(s.start, s.end) for s in other.spans]


def test_cleaning_what_is_clean_changes_nothing(model: LineClassifier) -> None:
    keep = OperatingPoint("spans", 0.5)
    batch = LineBatch.from_texts([PAGE])
    finder = SpanFinder(weights_by_form())
    found = finder.find(batch, featurize(batch), [PAGE], np.ones(2, bool))
    assert len(found.candidates) == 3
    cleaned = "\n".join(
        ["Chợ nổi Cái Răng đón hàng nghìn lượt khách dịp lễ", "Sáng nay, nhiều du khách đã đến."]
    )
    assert model.classify(cleaned, point=keep).found == {}
