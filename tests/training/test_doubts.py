"""Planted faults of labelled pages are found, and sound pages raise no doubt."""

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from classifier.datamodels import LabelledDocument
from classifier.training.doubts import Doubt, doubts_markdown, doubts_of

N_SITES = 12


def _page(index: int, language: str = "de") -> LabelledDocument:
    return LabelledDocument(
        id=f"page {index}",
        lines=(
            f"Überschrift Nummer {index} mit einigen Wörtern",
            f"Der Rat von Ort {index} tagte am Montag und beschloss den Haushalt.",
            f"Im Anschluss an Sitzung {index} sprach die Vorsitzende mit der Presse.",
            f"billige Tabletten {index} online bestellen",
            "Impressum",
            "andere Meldungen",
        ),
        codes="cccsbl",
        language=language,
        group=f"site{index}.example",
        origin=f"pages.jsonl:{index + 1}",
    )


PAGES = [_page(index) for index in range(N_SITES)]


def _agreeing(pages: list[LabelledDocument]) -> list[NDArray[np.float32]]:
    return [
        np.array([[0.97 * (code == each) + 0.01 for each in "cslb"] for code in page.codes], "f4")
        for page in pages
    ]


def _doubts(pages: list[LabelledDocument]) -> list[Doubt]:
    return doubts_of(pages, _agreeing(pages))


def test_sound_pages_raise_no_doubt() -> None:
    assert _doubts(PAGES) == []


def test_few_sites_are_told() -> None:
    (doubt,) = _doubts(PAGES[:5])
    assert doubt.reason.startswith("There are 5 sites (groups), below 10")


def test_a_label_of_few_sites_is_told() -> None:
    pages = [replace(page, codes="cccbbb") for page in PAGES[:-1]] + [PAGES[-1]]
    assert [doubt.reason.partition(":")[0] for doubt in _doubts(pages)] == [
        "Lines labelled stuffing come from 1 of the sites, below 3",
        "Lines labelled linkfarm come from 1 of the sites, below 3",
    ]


def test_a_language_of_one_site_is_told() -> None:
    (doubt,) = _doubts([*PAGES, _page(20, "th"), replace(_page(21, "th"), group="site20.example")])
    assert doubt.reason.startswith("Languages of one site only: th.")


def test_a_language_the_holdout_lacks_is_told() -> None:
    pages = [*PAGES, replace(_page(20, "sw"), codes="??????")]
    (doubt,) = _doubts(pages)
    assert doubt.reason == "Languages the hold-out lacks, no line of them being labelled: sw."


@pytest.mark.parametrize("change", ["none", "case and space", "menu"])
def test_the_same_page_in_two_groups_is_told(change: str) -> None:
    copied = replace(PAGES[3], id="copy", group="mirror.example", origin="more.tsv:1")
    if change == "case and space":
        copied = replace(copied, lines=tuple(f" {line.upper()}  " for line in copied.lines))
    if change == "menu":
        copied = replace(copied, lines=("Start", *copied.lines), codes=f"b{copied.codes}")
    (doubt,) = _doubts([*PAGES, copied])
    assert doubt.reason.startswith("1 pairs of pages in different groups share at least 80%")
    assert doubt.places == ("pages.jsonl:4 and more.tsv:1 (100%)",)


def test_the_same_page_in_one_group_is_no_leak() -> None:
    assert _doubts([*PAGES, replace(PAGES[3], id="copy")]) == []


def test_pages_with_another_text_are_no_leak() -> None:
    other = replace(PAGES[3], id="other", group="mirror.example")
    other = replace(other, lines=(*other.lines[:2], *PAGES[5].lines[2:4], "x", "y"))
    assert _doubts([*PAGES, other]) == []


def test_labels_that_models_contradict_are_listed_surest_first() -> None:
    rows = _agreeing(PAGES)
    rows[2][4] = [0.98, 0.0, 0.02, 0.0]
    rows[7][0] = [0.0, 0.99, 0.01, 0.0]
    rows[8][0] = [0.1, 0.9, 0.0, 0.0]  # not sure enough
    (doubt,) = doubts_of(PAGES, rows)
    assert doubt.reason.startswith("2 labels are contradicted")
    assert doubt.places[0].startswith(
        "pages.jsonl:8, line 1 of the page: labelled 'c', stuffing by 0.990: Überschrift Nummer 7"
    )
    assert doubt.places[1].startswith("pages.jsonl:3, line 5 of the page: labelled 'b', content")


def test_what_codes_leave_open_is_no_contradiction() -> None:
    pages = [replace(page, codes="ccc?o?") for page in PAGES]
    assert doubts_of(pages, _agreeing(PAGES)) == []


def test_doubts_are_a_list_to_read() -> None:
    doubts = [Doubt("One."), Doubt("Two.", ("a:1", "b:2"))]
    assert doubts_markdown(doubts) == "- One.\n- Two.\n  - a:1\n  - b:2"
