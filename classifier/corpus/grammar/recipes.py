"""Which families a page goes through: mixtures with stated shares."""

from collections.abc import Callable
from dataclasses import replace

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
    ODD_DOCUMENTS,
    SLOTS,
    STUFFED_FARMS,
    TITLES,
    Family,
    allowed,
    applied,
)
from classifier.corpus.grammar.odd_documents import alone, extended
from classifier.corpus.grammar.page import Page
from classifier.corpus.grammar.scene import Scene

Recipe = Callable[[Page, Scene], Page]

# Most pages have a menu, a byline, other articles and rights; most headlines are bare.
_FRAMES = [*FRAMES, *(FAMILIES[name] for name in ("menu", "byline", "legal rows", "related list"))]
_OTHER_LANGUAGE_SHARE = 0.35
_DISGUISED_SHARE = 0.2
_NEGATIVES = [*NEGATIVES, *NEGATIVES[:2], *NEGATIVES[:2]]


def with_negatives(page: Page, scene: Scene, size: int) -> Page:
    """Return the page with `size` kinds of things that only look like spam."""
    return _through(page, scene, _NEGATIVES, size)


def _through(page: Page, scene: Scene, families: list[Family], size: int) -> Page:
    """Return the page after `size` random ones of `families`."""
    held_out = scene.dice.held_out
    for family in scene.dice.sample(allowed(families, held_out=held_out), size):
        page = applied(family, page, scene)
    return page


def _framed(page: Page, scene: Scene, most: int = 9) -> Page:
    return _through(page, scene, _FRAMES, scene.dice.number(0, most))


def _heavy(page: Page, scene: Scene) -> Page:
    """Spam of many kinds about one keyword, the frame before or after it."""
    dice = scene.dice
    if dice.chance(0.7):
        page = _framed(page, scene)
    page = _through(page, scene, INJECTIONS, dice.number(0, 3))
    page = _through(page, scene, TITLES, dice.number(1, 2))
    page = _through(page, scene, SLOTS, dice.number(0, 3))
    page = _through(page, scene, [*INSERTED_LINES, *MACHINE_TEXT], dice.number(0, 3))
    page = _through(page, scene, BLOCKS, dice.number(0, 2))
    page = _through(page, scene, [*FARMS[:3], *FARMS, *STUFFED_FARMS], dice.number(0, 3))
    return _framed(_disguised(page, scene), scene, 2)


def _pool(page: Page, scene: Scene) -> Page:
    """Make what an engine's pool serves: a copied article, its keyword all over, a footer."""
    dice = scene.dice
    if dice.chance(0.4):
        page = applied(FAMILIES["shuffled paragraphs"], page, scene)
    page = _through(page, scene, INJECTIONS, dice.number(1, 2))
    page = _through(page, scene, TITLES[:4], 1)
    if dice.chance(0.5):
        page = applied(FAMILIES["engine frame"], page, scene)
    else:
        page = _through(page, scene, SLOTS, dice.number(1, 2))
    page = _through(page, scene, [*FARMS[:3], *FARMS], dice.number(1, 2))
    return _framed(page, scene, 3)


def _single(page: Page, scene: Scene) -> Page:
    """One injection and nothing else, mostly in a page with its frame."""
    dice = scene.dice
    if dice.chance(0.6):
        page = _framed(page, scene)
    kinds = [*INJECTIONS, *INJECTIONS, *INJECTIONS, *TITLES, *SLOTS, *INSERTED_LINES]
    before = page
    while page is before:  # families that find nothing to work on leave the page as it is
        page = _through(page, scene, [*kinds, *BLOCKS, *MACHINE_TEXT], 1)
    return _disguised(page, scene)


def _hidden(page: Page, scene: Scene) -> Page:
    """Leave an article untouched but for a line or two of spam between or around its lines."""
    dice = scene.dice
    if dice.chance(0.6):
        page = _framed(page, scene)
    return _disguised(_through(page, scene, HIDINGS, 1), scene)


def _disguised(page: Page, scene: Scene) -> Page:
    """Return the page as it is, or with its spam made hard to match."""
    if not scene.dice.chance(_DISGUISED_SHARE):
        return page
    return _through(page, scene, DISGUISES, scene.dice.pick((1, 1, 2)))


def _farm(page: Page, scene: Scene) -> Page:
    """Leave an article untouched and hang lists of links to others on it."""
    dice = scene.dice
    if dice.chance(0.5):
        page = _framed(page, scene, 6)
    page = _through(page, scene, [*FARMS[:3], *FARMS], dice.pick((1, 1, 1, 2)))
    return _framed(page, scene, 2)


def _doorway(page: Page, scene: Scene) -> Page:
    """Make a page of spam alone: shells, doorways, blocks and lists of queries, in a frame."""
    dice = scene.dice
    kinds = [*ENGINES[1:], *ENGINES[1:], *BLOCKS, *STUFFED_FARMS, *INSERTED_LINES, *TITLES[4:8]]
    page = applied(dice.pick(ENGINES[1:]), page, scene)
    page = _through(page, scene, [*kinds, *MACHINE_TEXT[:4]], dice.number(1, 5))
    page = _through(page, scene, SLOTS, dice.number(0, 3))
    if dice.chance(0.4):
        page = _through(page, scene, FARMS, 1)
    return _framed(_disguised(page, scene), scene)


def _clean(page: Page, scene: Scene) -> Page:
    """Put an article in a genuine frame, or leave it bare."""
    return page if scene.dice.chance(0.1) else _framed(page, scene, 11)


def _negative(page: Page, scene: Scene) -> Page:
    """Make an article with what only looks like spam, mostly in a genuine frame."""
    dice = scene.dice
    page = with_negatives(page, scene, dice.number(1, 4))
    return _framed(page, scene) if dice.chance(0.7) else page


def _odd(page: Page, scene: Scene) -> Page:
    """Make a document of an odd form, half of them bare, few behind the article."""
    dice = scene.dice
    frames = scene.materials.frames
    if dice.chance(_OTHER_LANGUAGE_SHARE):  # hosts of many languages are few
        language = dice.pick(sorted(frames))
        page, scene = Page(()), replace(scene, language=language, frame=frames[language].frame)
    is_framed = dice.chance(0.5)
    if not is_framed:
        page = replace(page, lines=tuple(line for line in page.lines if line.role))
    article, kinds = page, allowed(ODD_DOCUMENTS, held_out=dice.held_out)
    for family in dice.sample(kinds, dice.pick((1, 1, 1, 2))):
        page = extended(page, article, applied(family, article, scene))
    if dice.chance(0.85):
        page = alone(page, article)
    return _framed(page, scene) if is_framed else page


RECIPES: dict[str, tuple[float, Recipe]] = {
    "heavy": (0.18, _heavy),
    "pool": (0.11, _pool),
    "single": (0.16, _single),
    "hidden": (0.07, _hidden),
    "farm": (0.1, _farm),
    "doorway": (0.1, _doorway),
    "clean": (0.12, _clean),
    "negative": (0.08, _negative),
    "odd": (0.08, _odd),
}
"""By name, what pages are made by: their share, and how."""
