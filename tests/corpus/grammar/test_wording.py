"""Gaps, copies and made-up words, in scripts with and without spaces."""

import numpy as np
import pytest

from classifier.corpus.grammar.dice import Dice
from classifier.corpus.grammar.obfuscation import OBFUSCATION_NAMES, OBFUSCATIONS, obfuscated
from classifier.corpus.grammar.wording import (
    clipped,
    comma_gaps,
    is_unspaced,
    made_up_query,
    squeezed,
    without_accents,
    without_punctuation,
    word_gaps,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The bridge is closed", False),
        ("桥面重新开放", True),
        ("สะพานปิดปรับปรุง", True),
        ("다리가 닫혔다", False),
        ("საბჭო შეიკრიბა", False),
        ("Chợ nổi mở lại", False),
        ("", False),
    ],
)
def test_scripts_without_spaces_are_told(text: str, expected: bool) -> None:
    assert is_unspaced(text) is expected


def test_word_gaps_lie_before_the_space_between_two_words() -> None:
    text = "One - two, three four"
    assert [text[:at] for at in word_gaps(text)] == ["One - two, three"]


def test_word_gaps_of_unspaced_text_part_no_mark_from_its_letter() -> None:
    text = "ที่นี่ดี"
    assert all(text[at:][0] not in "ี่ั" for at in word_gaps(text))
    assert word_gaps(text)


def test_comma_gaps_lie_behind_the_comma_before_a_word() -> None:
    text = "So, he came,\u201d and then, 2 more, "
    assert [text[:at] for at in comma_gaps(text)] == ["So,", "So, he came,\u201d and then,"]
    assert comma_gaps("施工，今天完工") == [3]


def test_copies_of_titles() -> None:
    title = "Chợ nổi: mở lại!"
    assert squeezed(title) == "Chợnổi:mởlại!"
    assert without_punctuation(title) == "Chợ nổi mở lại"
    assert without_accents("Đường Łódź ığ") == "Duong Lodz ig"
    assert without_accents("Москва й") == "Москва й"


def test_a_clipped_copy_parts_no_mark_from_its_letter() -> None:
    text = "e\u0301a\u0301o"
    assert clipped(text, 1, 3) == "a\u0301"


@pytest.mark.parametrize("texts", [("Storm warning for the coast",), ("本地花市今日开张",), ("",)])
def test_made_up_queries_are_never_empty(texts: tuple[str, ...]) -> None:
    dice = Dice(np.random.default_rng(5), held_out=False)
    queries = [made_up_query(dice, texts) for _ in range(50)]
    assert all(query.strip() == query and query for query in queries)


@pytest.mark.parametrize("name", OBFUSCATIONS)
def test_every_obfuscation_changes_letters_and_keeps_spaces_readable(name: str) -> None:
    hidden = obfuscated("Kuva Bet kasino", name)
    assert hidden != "Kuva Bet kasino"
    assert len(hidden.split()) >= 3
    assert "\n" not in hidden


def test_styled_letters_fold_back() -> None:
    import unicodedata  # noqa: PLC0415

    for name in ("bold", "sans bold", "fullwidth", "monospace"):
        assert unicodedata.normalize("NFKC", obfuscated("Kuva88", name)) == "Kuva88"


def test_no_obfuscation_is_both_usual_and_held_out() -> None:
    usual, held_out = set(OBFUSCATION_NAMES.usual), set(OBFUSCATION_NAMES.held_out)
    assert usual | held_out == set(OBFUSCATIONS)
    assert not usual & held_out
