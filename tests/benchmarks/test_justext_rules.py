"""jusText's rules do what the package does on the same text, where it is installed."""

from dataclasses import dataclass

import justext_rules
import numpy as np
import pytest
from justext_rules import function_words, keeps_by_justext

from classifier.datamodels import LabelledDocument

WORDS = frozenset({"the", "of", "and", "a", "to", "in", "was", "it"})
PROSE = "The bridge was opened to the people of the town in the spring and it was a feast. " * 3
NEARLY = PROSE[:100]
MENU = "Products Services Solutions Partners Careers Locations Downloads Newsroom Investors Blog"


@dataclass
class _Path:
    dom: str = "p"
    xpath: str = "p"


def test_prose_keeps_the_short_lines_between_and_frame_goes() -> None:
    page = [MENU, "Home", PROSE, "In the spring", "", PROSE, "Share", "© The Town 2024", MENU]
    kept = keeps_by_justext(page, WORDS).tolist()
    assert kept == [False, False, True, True, False, True, False, False, False]


def test_without_function_words_length_alone_decides() -> None:
    assert keeps_by_justext([MENU * 3], None).tolist() == [True]
    assert keeps_by_justext([MENU * 3], WORDS).tolist() == [False]


def test_a_page_of_blank_lines_has_nothing_to_keep() -> None:
    assert keeps_by_justext(["", "  "], WORDS).tolist() == [False, False]


def test_lines_get_the_classes_of_the_package() -> None:
    core = pytest.importorskip("justext.core", reason="justext is not installed")
    paragraph = pytest.importorskip("justext.paragraph")
    rng = np.random.default_rng(0)
    kinds = [MENU, "Home", PROSE, NEARLY, "In the spring", "© The Town and the people " * 9]
    for _ in range(300):
        page = [kinds[index] for index in rng.integers(len(kinds), size=rng.integers(1, 14))]
        made = [paragraph.Paragraph(_Path()) for _ in page]
        for one, text in zip(made, page, strict=True):
            one.append_text(text)
        core.classify_paragraphs(made, WORDS)
        core.revise_paragraph_classification(made)
        assert keeps_by_justext(page, WORDS).tolist() == [not one.is_boilerplate for one in made]


def test_function_words_are_the_most_frequent_of_content(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(justext_rules, "_FEWEST_WORDS", 8)
    documents = [
        LabelledDocument("a", ("the cat and The dog", "menu menu menu menu"), "cb", language="en"),
        LabelledDocument("b", ("the the - - - - end",), "c", language="en"),
        LabelledDocument("c", ("zu wenig",), "c", language="de"),
        LabelledDocument("d", ("我 们 " * 10,), "c", language="zh"),
    ]
    assert function_words(documents) == {"en": frozenset({"the"})}
