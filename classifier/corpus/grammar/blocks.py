"""Blocks of keywords and menus of them (sections 1.7, 4 and 5.7, 5.9)."""

from classifier.corpus.grammar.dice import Forms
from classifier.corpus.grammar.lists import joined, listed
from classifier.corpus.grammar.obfuscation import OBFUSCATION_NAMES, obfuscated
from classifier.corpus.grammar.page import LINKFARM, STUFFING, MadeLine, Page
from classifier.corpus.grammar.scene import Scene
from classifier.corpus.grammar.wording import is_unspaced, squeezed

_TAILS = Forms(
    ("login", "apk", "2024", "online", "free", "link", "app", "下载", "官网", "hôm nay", "купить"),
    ("mirror", "rtp", "terbaru", "最新版", "giriş", "gratis", "review", "price", "отзывы", "80%"),
)
_SUBDOMAINS = ("", "www.", "m.", "wap.", "web.", "ios.", "app.", "vip.", "new.", "h5.")
_SCORES = Forms(("{}-{}", "{} : {}", "{}.{}{}", "{}/{}"), ("{}–{}", "{}'{}", "({}) {}", "{}|{}|{}"))


def one_a_line(page: Page, scene: Scene) -> Page:
    """List queries one a line, some of them twice (4.1)."""
    dice = scene.dice
    queries = dice.sample(scene.queries, dice.number(5, 24))
    if dice.chance(0.3):
        queries = [query for query in queries for _ in range(dice.pick((1, 1, 2)))]
    return _placed(page, scene, listed(scene, queries))


def keyword_grid(page: Page, scene: Scene) -> Page:
    """Cross one keyword with tails and heads, one a line or on one line (1.7, 4.1)."""
    dice = scene.dice
    joint = "" if is_unspaced(scene.keywords[0]) else " "
    tails = [dice.form(_TAILS) for _ in range(dice.number(4, 12))]
    heads = [dice.pick(scene.keywords) for _ in tails]
    pairs = zip(heads, tails, strict=True)
    texts = [
        f"{tail}{joint}{head}" if dice.chance(0.25) else f"{head}{joint}{tail}"
        for head, tail in pairs
    ]
    return _placed(page, scene, listed(scene, texts) if dice.chance(0.7) else [joined(dice, texts)])


def keyword_line(page: Page, scene: Scene) -> Page:
    """Put ten and more queries on one line with one separator (4.2)."""
    dice = scene.dice
    queries = [scene.keyword, *dice.many(scene.queries, dice.number(4, 40))]
    return _placed(page, scene, [joined(dice, queries)], first=0.3)


def tag_cloud(page: Page, scene: Scene) -> Page:
    """Show a cloud of queries, as tags, capitals or hashtags (4.3)."""
    dice = scene.dice
    queries = dice.many(scene.queries, dice.number(8, 40))
    style = dice.number(0, 3)
    if style == 0:
        queries = [f"#{squeezed(query)}" for query in queries]
    elif style == 1:
        queries = [query.title() for query in queries]
    is_long = dice.chance(0.5)
    texts = [" ".join(queries)] if is_long else queries[:20]
    heading = dice.pick(scene.frame.searches) if dice.chance(0.3) else ""
    return _placed(page, scene, texts, heading=heading)


def city_grid(page: Page, scene: Scene) -> Page:
    """Cross the keyword with cities: service areas, one a line or on one line (4.4)."""
    dice = scene.dice
    cities = dice.sample(scene.frame.cities, dice.number(5, 24))
    joint = "" if is_unspaced(scene.keywords[0]) else dice.pick((" ", " ", " - ", " in "))
    keyword = scene.keyword
    city_first = dice.chance(0.5)
    texts = [
        f"{city}{joint}{keyword}" if city_first else f"{keyword}{joint}{city}" for city in cities
    ]
    return _placed(page, scene, listed(scene, texts) if dice.chance(0.6) else [joined(dice, texts)])


def related_searches(page: Page, scene: Scene) -> Page:
    """List queries under a heading of related searches (4.5)."""
    dice = scene.dice
    queries = dice.sample(scene.queries, dice.number(4, 16))
    heading = dice.pick(scene.frame.searches)
    if dice.chance(0.3):
        return _placed(page, scene, [f"{heading}: {joined(dice, queries)}"])
    return _placed(page, scene, listed(scene, queries), heading=heading)


def product_chain(page: Page, scene: Scene) -> Page:
    """Put titles of goods of many nouns in a row, cut from queries (4.6)."""
    dice = scene.dice
    texts = []
    for _ in range(dice.number(1, 10)):
        words = [w for query in dice.many(scene.queries, dice.number(4, 9)) for w in query.split()]
        words = dice.sample(words, dice.number(10, 28))
        texts.append(" ".join([*words, *dice.sample((scene.brand, str(scene.year), "100%"), 1)]))
    return _placed(page, scene, texts)


def result_rows(page: Page, scene: Scene) -> Page:
    """Head rows of odds and results with the keyword (4.7)."""
    dice = scene.dice
    texts = []
    for _ in range(dice.number(3, 12)):
        numbers = [dice.number(0, 99) for _ in range(9)]
        scores = " ".join(dice.form(_SCORES).format(*numbers[i : i + 3]) for i in range(3))
        texts.append(f"{scene.keyword} {scene.date()} {scores}")
    return _placed(page, scene, texts)


def stuffed_menu(page: Page, scene: Scene) -> Page:
    """Put a menu of keywords at the top: one a line, or with pipes on one line (5.7)."""
    dice = scene.dice
    items = dice.sample(scene.queries, dice.number(4, 12))
    texts = [joined(dice, items)] if dice.chance(0.4) else items
    return page.inserted(0, [MadeLine(text, STUFFING) for text in texts])


def swapped_menu_items(page: Page, scene: Scene) -> Page:
    """Swap a few items of a menu of ordinary words for keywords (7, 9)."""
    dice = scene.dice
    head = [i for i, line in enumerate(page.lines[: page.article_start]) if line.code == "b"]
    for index in dice.sample(head, dice.number(1, 4)):
        page = page.replaced(index, MadeLine(scene.query, STUFFING))
    return page


def domain_roll(page: Page, scene: Scene) -> Page:
    """Name one domain with all its subdomains, or domains one letter apart (5.9)."""
    dice = scene.dice
    name = squeezed(scene.domain.removeprefix("https://").removeprefix("www."))
    if dice.chance(0.6):
        heads = dice.sample(_SUBDOMAINS, dice.number(3, 8))
        texts = [f"{dice.pick(('http://', ''))}{head}{name}" for head in heads]
    else:
        texts = [
            f"www.{dice.number(100, 9999)}{letter}.com" for letter in dice.sample("abcdefjkmx", 6)
        ]
    return _placed(page, scene, texts if dice.chance(0.5) else [joined(dice, texts)])


def mirror_roll(page: Page, scene: Scene) -> Page:
    """Announce mirrors of a domain, numbered on and on (5.9)."""
    dice = scene.dice
    name, number = scene.brand.lower(), dice.number(1, 180)
    ending = scene.domain.rpartition(".")[2][:6] or "com"
    texts = [f"{name}{number + i}.{ending}" for i in range(dice.number(2, 10))]
    if dice.chance(0.6):
        texts = [f"{scene.keyword}: {text}" for text in texts]
    if dice.chance(0.3):
        texts = [obfuscated(text, dice.form(OBFUSCATION_NAMES)) for text in texts]
    return _placed(page, scene, texts if dice.chance(0.6) else [" → ".join(texts)])


def _placed(
    page: Page, scene: Scene, texts: list[str], *, first: float = 0.1, heading: str = ""
) -> Page:
    """Put stuffed lines behind the article, sometimes in it, above it or at the top.

    The neutral name of a list is labelled as the name of any list of links.
    """
    dice = scene.dice
    place = dice.weighted((0.45, 0.25, 0.1, 0.1, first))
    body = page.body
    at = (
        len(page.lines),
        page.article_end,
        dice.pick(body) if body else len(page.lines),
        page.article_start,
        0,
    )[place]
    head = [MadeLine(heading, LINKFARM)] if heading else []
    return page.inserted(at, [*head, *(MadeLine(text, STUFFING) for text in texts)])
