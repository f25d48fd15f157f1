"""The genuine frame of pages: what is neither the article nor spam (labels b, lists of links l)."""

from collections.abc import Sequence

from classifier.corpus.grammar import contacts
from classifier.corpus.grammar.dice import Forms
from classifier.corpus.grammar.lists import end_place, joined, listed, with_rows_between
from classifier.corpus.grammar.page import BOILERPLATE, LINKFARM, Page, lines_of
from classifier.corpus.grammar.scene import Scene
from classifier.corpus.grammar.wording import without_punctuation

_PAGERS = Forms(
    ("1 2 3 4 5", "« 1 2 3 … 14 »", "1", "<< < 1 2 3 > >>", "1/12"),
    ("[1] [2] [3] [4]", "1 | 2 | 3 | … | 40", "1-20 / 312", "‹ 1 2 3 4 ›"),
)
_SEPARATED_MENU = Forms((" | ", " ", " / ", " · ", "  "), ("|", " • ", " » ", "\t"))
_CRUMBS = Forms((" > ", " » ", " / ", " :: ", "›"), (" → ", " ▸ ", "->", " | "))
_ADDRESS = Forms(
    ("Tel. {p}", "{c}, {n}", "info@{s}", "Tel: {p} Fax: {p}", "{n} {c}"),
    ("☎ {p}", "E-mail: office@{s}", "{c} {n}-{n}", "T {p} | F {p}"),
)


def menu(page: Page, scene: Scene) -> Page:
    """Put the site's menu on top: items of menus and names of sections."""
    dice = scene.dice
    items = _menu_items(scene, dice.pick((dice.number(3, 9), dice.number(6, 30))))
    if dice.chance(0.25):
        items = [dice.form(_SEPARATED_MENU).join(items)]
    head = [scene.site] if dice.chance(0.5) else []
    if dice.chance(0.2):
        head.append(scene.date())
    return page.inserted(0, lines_of([*head, *items], BOILERPLATE))


def sidebar_menu(page: Page, scene: Scene) -> Page:
    """Put a second menu, of sections, behind the article."""
    items = _menu_items(scene, scene.dice.number(4, 20))
    at = end_place(scene, len(page.lines), page.article_end)
    return page.inserted(at, lines_of(items, BOILERPLATE))


def breadcrumb(page: Page, scene: Scene) -> Page:
    """Say where in the site the article is."""
    dice = scene.dice
    title = page.headline or dice.pick(scene.frame.sections)
    if dice.chance(0.5):
        text = dice.pick(scene.frame.breadcrumb).format(
            slot=dice.pick(scene.frame.sections), title=title
        )
    else:
        levels = [
            dice.pick(scene.frame.menu),
            *dice.sample(scene.frame.sections, dice.number(1, 2)),
        ]
        text = dice.form(_CRUMBS).join(levels)
    return page.inserted(page.article_start, lines_of([text], BOILERPLATE))


def byline(page: Page, scene: Scene) -> Page:
    """Put dates, names and counts below the headline."""
    dice = scene.dice
    texts = [scene.frame_text(text) for text in dice.sample(scene.frame.meta, dice.number(1, 3))]
    if dice.chance(0.2):
        texts = [dice.pick((" | ", " ", "  ", " - ")).join(texts)]
    at = page.article_start if page.title is None else page.title + 1
    return page.inserted(at, lines_of(texts, BOILERPLATE))


def credits_row(page: Page, scene: Scene) -> Page:
    """Name the editor, source or section, with names people and papers have."""
    dice = scene.dice
    texts = []
    if dice.chance(0.7):
        texts.append(dice.pick(scene.frame.editor).format(slot=dice.pick(scene.frame.names)))
    if dice.chance(0.5):
        texts.append(dice.pick(scene.frame.source).format(slot=dice.pick(scene.frame.sites)))
    if dice.chance(0.3):
        texts.append(dice.pick(scene.frame.category).format(slot=dice.pick(scene.frame.sections)))
    return page.inserted(page.article_end, lines_of(texts, BOILERPLATE))


def share_rows(page: Page, scene: Scene) -> Page:
    """Offer to share, follow and print."""
    dice = scene.dice
    texts = dice.sample(scene.frame.social, dice.number(1, 6))
    below_title = page.article_start if page.title is None else page.title + 1
    return page.inserted(dice.pick((page.article_end, below_title)), lines_of(texts, BOILERPLATE))


def form_rows(page: Page, scene: Scene) -> Page:
    """Ask for a comment, a login, an address."""
    dice = scene.dice
    texts = dice.sample(scene.frame.forms, dice.number(2, 10))
    at = dice.pick((page.article_end, len(page.lines), 0))
    return page.inserted(at, lines_of(texts, BOILERPLATE))


def legal_rows(page: Page, scene: Scene) -> Page:
    """End the page with rights, policies and the menu once more."""
    dice = scene.dice
    texts = [scene.frame_text(text) for text in dice.sample(scene.frame.legal, dice.number(1, 6))]
    if dice.chance(0.4):
        texts += _menu_items(scene, dice.number(2, 8))
    return page.inserted(len(page.lines), lines_of(texts, BOILERPLATE))


def contact_rows(page: Page, scene: Scene) -> Page:
    """Give the site's address, telephone and mail."""
    dice = scene.dice
    slug = "".join(without_punctuation(scene.site).split()).lower()
    address = contacts.site(dice, slug)
    forms = {dice.form(_ADDRESS) for _ in range(dice.number(1, 4))}
    texts = [
        form.format(
            p=f"0{dice.number(100, 999)} {dice.number(10000, 99999)}",
            c=dice.pick(scene.frame.cities),
            n=dice.number(1, 400),
            s=address,
        )
        for form in sorted(forms)
    ]
    at = dice.pick((len(page.lines), len(page.lines), 0))
    return page.inserted(at, lines_of([scene.site, *texts], BOILERPLATE))


def interface_rows(page: Page, scene: Scene) -> Page:
    """Put lines of the interface of forums, shops and blogs around the article."""
    dice = scene.dice
    rows = scene.materials.interface.get(scene.language) or ()
    if not rows:
        return page
    texts = [_filled(scene, text) for text in dice.sample(rows, dice.number(2, 12))]
    return page.inserted(
        dice.pick((0, page.article_end, len(page.lines))), lines_of(texts, BOILERPLATE)
    )


def read_more_inside(page: Page, scene: Scene) -> Page:
    """Break the article with an invitation to read on, or a link to another article."""
    dice = scene.dice
    body = page.body
    if len(body) < 3:
        return page
    if dice.chance(0.4):
        lines = lines_of([dice.pick(scene.frame.read_more)], BOILERPLATE)
    else:
        title, heading = scene.headline(), dice.pick(scene.frame.related)
        texts = [f"{heading}: {title}"] if dice.chance(0.6) else [heading, title]
        lines = lines_of(texts, LINKFARM)
    return page.inserted(dice.pick(body[1:]), lines)


def related_list(page: Page, scene: Scene) -> Page:
    """List other articles of the site, with dates or ``read more`` between them at times."""
    dice = scene.dice
    headlines = scene.headlines(dice.pick((dice.number(2, 6), dice.number(4, 20))))
    items = lines_of(listed(scene, headlines), LINKFARM)
    style = dice.number(0, 9)
    if style == 0:
        items = with_rows_between(scene, items, lambda s: s.date())
    elif style == 1:
        items = with_rows_between(scene, items, lambda s: s.dice.pick(s.frame.sections))
    elif style == 2:
        more = dice.pick(scene.frame.read_more)
        items = with_rows_between(scene, items, lambda _: more)
    elif style == 3:
        items = with_rows_between(scene, items, lambda s: s.frame_text(s.dice.pick(s.frame.meta)))
    heading = lines_of([dice.pick(scene.frame.related)] if dice.chance(0.75) else [], LINKFARM)
    at = end_place(scene, len(page.lines), page.article_end)
    if dice.chance(0.15):
        at = page.article_start
    return page.inserted(at, [*heading, *items])


def ordinary_tags(page: Page, scene: Scene) -> Page:
    """Name the article's topics: words of its own headline and of sections (10)."""
    dice = scene.dice
    words = [word for word in without_punctuation(page.headline).split() if 3 < len(word) < 16]
    topics = dice.sample([*words, *scene.frame.sections], dice.number(2, 8))
    if dice.chance(0.7):
        texts = [dice.pick(scene.frame.tags).format(list=joined(dice, topics))]
    else:
        texts = topics
    return page.inserted(page.article_end, lines_of(texts, LINKFARM))


def pager(page: Page, scene: Scene) -> Page:
    """Put page numbers behind the article."""
    return page.inserted(page.article_end, lines_of([scene.dice.form(_PAGERS)], BOILERPLATE))


def own_previous_and_next(page: Page, scene: Scene) -> Page:
    """Name the previous and the next article of the site."""
    dice = scene.dice
    texts = [
        dice.pick(templates).format(title=scene.headline())
        for templates in (scene.frame.previous, scene.frame.next)
    ]
    return page.inserted(page.article_end, lines_of(texts, LINKFARM))


def _menu_items(scene: Scene, size: int) -> list[str]:
    dice = scene.dice
    pool: Sequence[str] = (*scene.frame.menu, *scene.frame.sections)
    rows = scene.materials.interface.get(scene.language)
    if rows and dice.chance(0.3):
        pool = (*pool, *(text for text in dice.sample(rows, size) if len(text) < 30))
    return [_filled(scene, text) for text in dice.sample(pool, size)]


def _filled(scene: Scene, text: str) -> str:
    """Fill the slots of interface lines with names, sites and numbers."""
    while "⟦X⟧" in text:
        filler = scene.dice.pick(
            (scene.dice.pick(scene.frame.names), str(scene.dice.number(1, 99)), scene.site)
        )
        text = text.replace("⟦X⟧", filler, 1)
    return " ".join(text.split())
