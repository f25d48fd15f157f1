"""What was cleaned shows no other span when it is cleaned again."""

import dataclasses
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifier.corpus.lexicons import read_lexicons
from classifier.corpus.synthesize import made_pages
from classifier.datamodels import LabelledDocument, PagePredictions
from classifier.healing import healed_cuts, places_after_cuts
from classifier.model.line_classifier import LineClassifier
from classifier.model.spans import SpanWeights
from classifier.training.labelled import read_labelled

N_MADE = 300


@pytest.fixture(scope="module")
def shipped() -> LineClassifier:
    return LineClassifier.load()


@pytest.fixture(scope="module")
def made_texts(repo_root: Path, tiny_documents: tuple[LabelledDocument, ...]) -> list[str]:
    """Spam of all forms in the tiny pages, headlines made of their first lines."""
    headlines: dict[str, list[str]] = {}
    for document in tiny_documents:
        headlines.setdefault(document.language, []).append(document.lines[0])
    lexicons = read_lexicons(repo_root / "data" / "lexicons")
    return [
        page.document.text
        for held_out in (False, True)
        for page in made_pages(
            tiny_documents, headlines, lexicons, n_pages=N_MADE, seed=8, held_out=held_out
        )
    ]


def with_another_span(
    model: LineClassifier, pages: Sequence[PagePredictions]
) -> list[PagePredictions]:
    """Return the pages whose cleaned text, cleaned again, would lose another span."""
    again = model.classify_many([page.clean() for page in pages])
    return [page for page, after in zip(pages, again, strict=True) if after.spans]


def test_cleaned_made_pages_show_no_other_span(
    shipped: LineClassifier, made_texts: list[str]
) -> None:
    pages = list(shipped.classify_many(made_texts))
    cut = [page for page in pages if page.spans]
    assert len(cut) > N_MADE / 20
    assert with_another_span(shipped, cut) == []
    # where only lines went, the page is not looked at again, and what they left may tell another
    # tale; that must stay rare
    assert len(with_another_span(shipped, pages)) <= len(pages) / 50


def test_cleaned_written_pages_show_no_other_span(shipped: LineClassifier, repo_root: Path) -> None:
    files = [repo_root / "tests" / "cases" / name for name in ("hard_negatives", "tiny_pages")]
    documents = read_labelled([path.with_suffix(".jsonl") for path in files])
    seed = (repo_root / "seeds" / "page.txt").read_text(encoding="utf-8")
    pages = list(shipped.classify_many([seed, *(document.text for document in documents)]))
    assert pages[0].spans
    assert with_another_span(shipped, pages) == []


PIECES = st.sampled_from(
    [
        "【quan bia 88】",
        "quan bia 88",
        "[[kw kw] kw]",
        "(kw",
        "kw)",
        " | ",
        " ",
        ", ",
        "Chợ nổi Cái Răng đón hàng nghìn lượt khách dịp lễ",
        "hợnổiCáiRăngđónhàngnghìnlượtkháchdịp",
        "Sáng nay, nhiều du khách đã đến chợ.",
        "字字字字",
        "e\u0301",
    ]
)
LINES = st.lists(PIECES, max_size=7).map("".join)


@given(st.lists(LINES, max_size=6).map("\n".join))
@settings(max_examples=150, deadline=None)
def test_any_page_that_lost_a_span_shows_no_other(
    tiny_model: LineClassifier, spans_by_form: SpanWeights, text: str
) -> None:
    with_spans = dataclasses.replace(tiny_model.model_, spans=spans_by_form)
    model = LineClassifier().adopt(with_spans, tiny_model.manifest_)
    page = model.classify(text)
    for index, spans in page.spans.items():
        bounds = [at for span in spans for at in (span.start, span.end)]
        assert bounds == sorted(bounds)
        assert bounds[-1] <= len(page.lines[index])
    if page.spans:
        assert with_another_span(model, [page]) == []


@given(st.text(st.sampled_from("ab |,([)]字 "), max_size=30), st.data())
def test_every_character_that_stays_is_known_by_its_place(line: str, data: st.DataObject) -> None:
    bounds = sorted(data.draw(st.sets(st.integers(0, len(line)), max_size=6)))
    parts = list(zip(bounds[::2], bounds[1::2], strict=False))
    places = places_after_cuts(line, parts)
    left, position = [], 0
    for start, end, between in healed_cuts(line, parts):
        left += [*line[position:start], *between]
        position = end
    left += line[position:]
    assert len(places) == len(left)
    assert places == sorted(places)
    edits = {(start, end) for start, end, _ in healed_cuts(line, parts)}
    for (start, end), character in zip(places, left, strict=True):
        assert line[start:end] == character or (start, end) in edits
