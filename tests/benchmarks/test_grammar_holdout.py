"""Four labels on made pages: over all, and over the whole pages of each recipe and family."""

import numpy as np
import pytest
from grammar_holdout import documents_of, holdout_figures

from classifier.corpus.grammar.holdout import HELD_OUT_FAMILIES
from classifier.corpus.synthesize import MadePage
from classifier.datamodels import LabelledDocument
from classifier.labels import LABEL_CODES, LABELS

UNSEEN = sorted(HELD_OUT_FAMILIES)[0]


def _made(number: int, codes: str, recipe: str, families: tuple[str, ...]) -> MadePage:
    document = LabelledDocument(
        id=f"grammar/held out {number}/daily/{number % 2}",
        lines=tuple(f"line {index}" for index in range(len(codes))),
        codes=codes,
        source="grammar",
        language="en" if number else "zh",
        group=f"grammar/held out {recipe}",
    )
    return MadePage(document, {}, families, host_group=f"host {number % 2}")


MADE = [
    _made(0, "cslb", "doorway", ("tag cloud",)),
    _made(1, "ccss", "doorway", ("tag cloud", UNSEEN)),
    _made(2, "cb", "farm", (UNSEEN,)),
]


def _rows(given: str) -> np.ndarray:
    return np.eye(len(LABELS), dtype=np.float32)[[LABEL_CODES.index(code) for code in given]]


@pytest.fixture(scope="module")
def figures() -> dict[str, object]:
    return holdout_figures(MADE, [_rows("cslb"), _rows("ccbb"), _rows("cb")])


def test_pages_hosts_and_labels_are_counted(figures: dict) -> None:
    assert (figures["pages"], figures["hosts"], figures["host_groups"]) == (3, 2, 2)
    assert (figures["lines"], figures["languages"]) == (10, 2)
    assert figures["by_label"]["content"]["f1"] == 1
    assert figures["by_label"]["stuffing"] == {
        "precision": 1.0,
        "recall": pytest.approx(1 / 3, abs=1e-4),
        "f1": 0.5,
        "lines": 3,
    }
    assert figures["macro_f1"] == pytest.approx((1 + 0.5 + 1 + 2 / 3) / 4, abs=1e-4)
    assert figures["met"] is False


def test_families_have_the_whole_pages_that_went_through_them(figures: dict) -> None:
    families = figures["by_family"]
    assert {name: part["pages"] for name, part in families.items()} == {"tag cloud": 2, UNSEEN: 2}
    assert [name for name, part in families.items() if part["held_out"]] == [UNSEEN]
    assert families[UNSEEN]["lines"] == 6
    assert families[UNSEEN]["f1"]["stuffing"] == 0
    assert families["tag cloud"]["f1"]["linkfarm"] == 1


def test_recipes_and_languages_part_the_pages(figures: dict) -> None:
    recipes = figures["by_recipe"]
    assert {name: part["pages"] for name, part in recipes.items()} == {
        "doorway": 2,
        "farm": 1,
    }
    assert figures["by_language"]["zh"]["macro_f1"] == 1


def test_documents_stay_with_their_host() -> None:
    assert [page.group for page in documents_of(MADE)] == ["host 0", "host 1", "host 0"]
