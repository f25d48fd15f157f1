"""Every operation labels what it adds and changes nothing else."""

from collections import Counter
from collections.abc import Callable

import pytest

from classifier.corpus.grammar.families import (
    BLOCKS,
    DISGUISES,
    ENGINES,
    FAMILIES,
    FARMS,
    FRAMES,
    HIDINGS,
    INJECTIONS,
    INSERTED_LINES,
    MACHINE_TEXT,
    NEGATIVES,
    SLOTS,
    STUFFED_FARMS,
    TITLES,
    Family,
    allowed,
    applied,
)
from classifier.corpus.grammar.holdout import HELD_OUT_FAMILIES
from classifier.corpus.grammar.page import Page, injected, lines_of
from classifier.corpus.grammar.scene import Scene
from classifier.datamodels import Span, cut
from classifier.labels import CODES

SEEDS = range(12)
LANGUAGES = ("en", "vi", "zh", "ar", "fi")
REWRITING = {"badly joined title", "spintax in sentence", "spun sentences", "annotated letters"}
"""Families that alter a whole line of the article, which is stuffing then."""

MakeScene = Callable[..., Scene]


def made(
    family: Family, host_pages: dict[str, Page], make_scene: MakeScene, *, held_out: bool = False
) -> list[tuple[Page, Page]]:
    """Pages before and after a family, in many languages and with many seeds."""
    pairs = []
    for seed in SEEDS:
        for language in LANGUAGES:
            scene = make_scene(language, seed, held_out=held_out)
            page = _host(family, host_pages[language], scene)
            pairs.append((page, applied(family, page, scene)))
    return pairs


def bare(text: str) -> str:
    """A text without its white space."""
    return "".join(text.split())


def added(before: Page, after: Page) -> Page:
    """The lines of `after` that `before` has not, as a page."""
    left = Counter(line.text for line in before.lines)
    lines = []
    for line in after.lines:
        if left[line.text] > 0:
            left[line.text] -= 1
        else:
            lines.append(line)
    return Page(tuple(lines))


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
@pytest.mark.parametrize("held_out", [False, True])
def test_every_family_works_on_some_page_and_keeps_the_rules(
    family: Family, held_out: bool, host_pages: dict[str, Page], make_scene: MakeScene
) -> None:
    pairs = made(family, host_pages, make_scene, held_out=held_out)
    changed = [(before, after) for before, after in pairs if after is not before]
    assert len(changed) >= 3
    for before, after in changed:
        assert after.families == (family.name,)
        assert after.headline == before.headline
        for line in after.lines:
            assert "\n" not in line.text
            assert line.code in CODES
            assert bool(line.text.strip()) or line.code == "?"
            ends = [0, *(offset for span in line.spans for offset in span), len(line.text)]
            assert ends == sorted(ends)
            assert all(start < end for start, end in line.spans)
            assert not line.spans or line.code == "s"


def _host(family: Family, page: Page, scene: Scene) -> Page:
    """A host with what a family works on: a menu for the one that swaps its items, or spam."""
    if family.name == "swapped menu items":
        return page.inserted(0, lines_of(["Home", "News", "About", "Contact"], "b"))
    if family in DISGUISES:
        last = page.body[-1]
        line = injected(page.lines[last], len(page.lines[last].text), scene.keywords[0], before=" ")
        spam = lines_of([f"{scene.brand} {scene.keywords[0]} {scene.domain}"], "s")
        return page.replaced(last, line).inserted(0, spam)
    return page


@pytest.mark.parametrize("family", [*TITLES, *INJECTIONS], ids=lambda family: family.name)
@pytest.mark.parametrize("held_out", [False, True])
def test_cutting_the_spans_gives_the_line_back(
    family: Family, held_out: bool, host_pages: dict[str, Page], make_scene: MakeScene
) -> None:
    n_spans = 0
    for before, after in made(family, host_pages, make_scene, held_out=held_out):
        originals = {bare(line.text) for line in before.lines}
        for line in after.lines:
            if line.spans:
                spans = [Span(start, end, 1.0) for start, end in line.spans]
                assert bare(cut(line.text, spans)) in originals
                n_spans += len(spans)
    whole_line = {"query chain", "glued queries", "formula title", "title variants"}
    assert bool(n_spans) is (family.name not in whole_line | {"badly joined title"})


@pytest.mark.parametrize("family", INJECTIONS, ids=lambda family: family.name)
def test_injections_add_no_line(
    family: Family, host_pages: dict[str, Page], make_scene: MakeScene
) -> None:
    for before, after in made(family, host_pages, make_scene, held_out=True):
        assert len(after.lines) == len(before.lines)


ADDING = [
    *(
        *TITLES,
        *INSERTED_LINES,
        *HIDINGS,
        *SLOTS,
        *BLOCKS,
        *FARMS,
        *STUFFED_FARMS,
        *MACHINE_TEXT,
        *ENGINES,
    ),
    *(*FRAMES, FAMILIES["reader comments"], FAMILIES["repeated headline"]),
]


@pytest.mark.parametrize(
    "family",
    [family for family in ADDING if family.name not in REWRITING],
    ids=lambda family: family.name,
)
def test_lines_of_the_article_stay_as_they_are_beside_added_ones(
    family: Family, host_pages: dict[str, Page], make_scene: MakeScene
) -> None:
    for before, after in made(family, host_pages, make_scene, held_out=True):
        kept = [line.text for line in after.lines if line.code == "c" and line.role]
        expected = {line.text for line in before.lines}
        assert set(kept) <= expected
        article = [line for line in before.lines if line.code == "c" and line.role]
        assert len(kept) >= len(article) - 1  # a title may be stuffed


@pytest.mark.parametrize("name", sorted(REWRITING))
def test_lines_that_are_rewritten_are_stuffing_as_a_whole(
    name: str, host_pages: dict[str, Page], make_scene: MakeScene
) -> None:
    for before, after in made(FAMILIES[name], host_pages, make_scene, held_out=True):
        for old, new in zip(before.lines, after.lines, strict=True):
            assert new == old or (new.code, new.spans) == ("s", ())


@pytest.mark.parametrize(
    ("families", "codes"),
    [
        (SLOTS, "s"),
        (BLOCKS, "sl"),
        (FARMS, "lb"),
        (STUFFED_FARMS, "slb"),
        (FRAMES, "bl"),
        (NEGATIVES, "cb"),
        (INSERTED_LINES, "sb"),
    ],
    ids=["slots", "blocks", "farms", "stuffed farms", "frames", "negatives", "inserted lines"],
)
def test_what_is_added_has_the_labels_of_its_kind(
    families: list[Family], codes: str, host_pages: dict[str, Page], make_scene: MakeScene
) -> None:
    seen = set()
    for family in families:
        for before, after in made(family, host_pages, make_scene):
            new = {line.code for line in added(before, after).lines}
            assert new <= set(codes), family.name
            seen |= new
    assert seen == set(codes)


def test_titles_copied_into_sentences_are_copies_of_the_title(
    host_pages: dict[str, Page], make_scene: MakeScene
) -> None:
    for before, after in made(FAMILIES["title copy"], host_pages, make_scene):
        for line in after.lines:
            for start, end in line.spans:
                copy = bare(line.text[start:end])
                assert len(copy) >= 8
                letters = {c for c in before.headline.lower() if c.isalnum()}
                shared = sum(c in letters for c in copy.lower() if c.isalnum())
                assert shared >= 0.6 * len(copy)  # diacritics may be gone


def test_a_shuffle_moves_lines_and_changes_none(
    host_pages: dict[str, Page], make_scene: MakeScene
) -> None:
    for before, after in made(FAMILIES["shuffled paragraphs"], host_pages, make_scene):
        assert sorted(before.lines, key=str) == sorted(after.lines, key=str)
        assert after.lines[0] == before.lines[0]


def test_the_engine_fills_slots_with_one_label_each(
    host_pages: dict[str, Page], make_scene: MakeScene
) -> None:
    codes = Counter(
        line.code
        for before, after in made(FAMILIES["engine frame"], host_pages, make_scene)
        for line in added(before, after).lines
    )
    assert set(codes) == {"s", "b", "l"}


def test_held_out_families_exist_and_are_left_out() -> None:
    assert set(FAMILIES) >= HELD_OUT_FAMILIES
    every = list(FAMILIES.values())
    usual = {family.name for family in allowed(every, held_out=False)}
    assert usual == set(FAMILIES) - HELD_OUT_FAMILIES
    assert allowed(every, held_out=True) == every


def test_all_sections_of_the_taxonomy_have_families() -> None:
    assert {family.section for family in FAMILIES.values()} == {0, 1, 2, 3, 4, 5, 6, 7, 9, 10}
