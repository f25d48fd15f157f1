"""Sketches find the same text in another frame, order or case, and nothing in common phrases."""

from collections.abc import Sequence

import numpy as np
import pytest

from classifier.corpus.deduplicate import (
    RUN_CHARS,
    are_among,
    copies,
    later_copies,
    line_hashes,
    overlaps,
    sketch,
)
from classifier.datamodels import LabelledDocument

# Letters of six scripts; sentences of them are drawn, so that no two pages share any by chance.
ALPHABETS = {
    "latin": "abcdefghijklmnopqrstuvwxyz",
    "cyrillic": "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "greek": "αβγδεζηθικλμνξοπρστυφχψω",
    "arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "thai": "กขคงจฉชซญดตถทนบปผพฟภมยรลวสหอ",
    "han": "".join(chr(0x4E00 + index) for index in range(0, 4000, 7)),
}


def article(seed: int, script: str = "latin", n_lines: int = 12) -> list[str]:
    rng = np.random.default_rng(seed)
    letters = list(ALPHABETS[script])
    words = ["".join(rng.choice(letters, 6)) for _ in range(n_lines * 12)]
    return [" ".join(words[12 * line : 12 * line + 12]) for line in range(n_lines)]


def page(*parts: Sequence[str]) -> LabelledDocument:
    lines = tuple(line for part in parts for line in part)
    return LabelledDocument("page", lines, "c" * len(lines))


def is_copy(first: LabelledDocument, second: LabelledDocument) -> bool:
    (answer,) = copies(sketch([first]), sketch([second])).tolist()
    return bool(answer)


@pytest.mark.parametrize("script", ALPHABETS)
def test_the_same_article_in_another_frame_is_found(script: str) -> None:
    text = article(1, script)
    framed = page(["Menu", "Home"], text, article(2, script, 3))
    assert is_copy(framed, page(text, ["Impressum"]))


@pytest.mark.parametrize("script", ALPHABETS)
def test_another_article_in_the_same_script_is_not(script: str) -> None:
    assert not is_copy(page(article(1, script)), page(article(2, script)))


def test_case_spaces_and_the_order_of_lines_do_not_hide_it() -> None:
    text = article(3)
    changed = [line.upper().replace(" ", "  \u00a0") for line in reversed(text)]
    assert is_copy(page(changed), page(text))


def test_an_excerpt_is_found_in_the_whole_and_the_whole_holds_it() -> None:
    text = article(4, n_lines=40)
    assert is_copy(page(text[:12]), page(text))
    assert is_copy(page(text), page(text[:12]))


def test_a_shared_paragraph_is_no_copy() -> None:
    shared = article(5, n_lines=3)
    assert not is_copy(page(shared, article(6)), page(shared, article(7)))


def test_a_short_notice_inside_a_long_page_is_no_copy() -> None:
    notice = article(8, n_lines=1)
    assert not is_copy(page(notice, article(9)), page(notice))


def test_short_lines_leave_no_trace() -> None:
    menu = ["Home", "About us", "Contact", "Opening hours"] * 50
    assert not len(sketch([page(menu)]).hashes)


def test_what_stands_on_many_originals_is_a_template() -> None:
    policy = article(10, n_lines=8)
    originals = [page(policy, article(20 + number)) for number in range(9)]
    assert not copies(sketch([page(policy)]), sketch(originals)).any()
    assert copies(sketch([page(policy)]), sketch(originals[:3])).all()


def test_only_the_later_of_two_equal_pages_is_a_copy() -> None:
    text = article(11)
    pages = [page(text), page(article(12)), page(["Menu"], text), page(text[:6])]
    assert later_copies(sketch(pages)).tolist() == [False, False, True, False]


def test_text_of_templates_does_not_make_pages_alike() -> None:
    policy = article(16, n_lines=30)
    pages = [page(policy, article(30 + number, n_lines=4)) for number in range(12)]
    assert not later_copies(sketch(pages)).any()
    assert later_copies(sketch([*pages, page(["Menu"], pages[3].lines)])).tolist()[-1]


def test_short_pages_are_copies_if_the_same_to_the_letter() -> None:
    pages = [page(["Seite nicht", "gefunden"]), page(["SEITE", "nicht gefunden"]), page(["Seite"])]
    assert later_copies(sketch(pages)).tolist() == [False, True, False]
    assert copies(sketch(pages), sketch(pages[:1])).tolist() == [True, True, False]


def test_the_batch_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    pages = [page(article(number, n_lines=3 + number % 4)) for number in range(20)]
    whole = sketch(pages)
    monkeypatch.setattr("classifier.corpus.deduplicate._CHARS_PER_BATCH", 500)
    parts = sketch(pages)
    np.testing.assert_array_equal(whole.hashes, parts.hashes)
    np.testing.assert_array_equal(whole.documents, parts.documents)


def test_pages_without_text_are_counted_and_share_nothing() -> None:
    empty, full = page([""]), page(article(13))
    sketches = sketch([empty, full, empty])
    assert sketches.n_documents == 3
    assert sketches.sizes[0] == sketches.sizes[2] == 0
    assert not later_copies(sketches).any()
    assert not copies(sketches, sketch([])).any()
    assert not copies(sketches, sketch([empty])).any()
    assert sketch([]).n_documents == 0


def test_overlaps_count_shared_hashes_of_each_pair() -> None:
    text = article(14)
    left, right = sketch([page(text), page(article(15))]), sketch([page(["x"]), page(text)])
    found = overlaps(left, right)
    assert (found.left.tolist(), found.right.tolist()) == ([0], [1])
    assert found.n_shared.tolist() == [left.sizes[0]]


def test_runs_do_not_cross_lines() -> None:
    line = "a" * (RUN_CHARS - 1)
    assert not len(sketch([page([line] * 100)]).hashes)


def test_line_hashes_ignore_case_and_spaces_but_nothing_else() -> None:
    first, same, other, blank, swapped = line_hashes(
        ["Straße 12", "STRASSE  12", "Straße 13", " \u3000", "12 Straße"]
    )
    assert first == same
    assert len({int(first), int(other), int(swapped), 0}) == 4
    assert blank == 0


def test_line_hashes_do_not_depend_on_other_lines() -> None:
    lines = ["Καλημέρα", "", "今日は", "\ud800"]
    alone = [int(line_hashes([line])[0]) for line in lines]
    assert line_hashes(lines).tolist() == alone


def test_are_among_finds_hashes_in_a_sorted_list() -> None:
    known = np.array([3, 5, 9], np.uint64)
    assert are_among(np.array([5, 4, 9, 10], np.uint64), known).tolist() == [1, 0, 1, 0]
    assert not are_among(np.array([5], np.uint64), known[:0]).any()
