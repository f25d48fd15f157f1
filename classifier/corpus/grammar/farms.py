"""Lists of links to pages and sites that have nothing to do with the article (section 5)."""

from classifier.corpus.grammar import contacts
from classifier.corpus.grammar.dice import Forms
from classifier.corpus.grammar.lists import end_place, joined, listed, with_rows_between
from classifier.corpus.grammar.page import BOILERPLATE, LINKFARM, STUFFING, MadeLine, Page, lines_of
from classifier.corpus.grammar.scene import Scene
from classifier.corpus.grammar.wording import (
    clipped,
    squeezed,
    without_accents,
    without_punctuation,
)

_BRACKETS = Forms(("【{}】", "[{}]", "「{}」", "({})"), ("『{}』", "«{}»", "▷{}◁"))
_PROFILES = Forms(
    (
        "https://{}/{}",
        "http://www.{}/user/{}",
        "{}/@{}",
        "https://{}/u/{}",
    ),
    ("https://{}/profile/{}.html", "{}/members/{}/", "http://{}/?id={}"),
)
_ECHOES = Forms(
    ("[…]{}[…]", "[...]{}[...]", "[...] {} [...]…", "… {} …", "[…]we found {} worth a visit[…]"),
    ("(...) {} (...)", "«…{}…»", "[..]here are some links to {}[..]", "{} »»»"),
)
_CMS_ROWS = Forms(
    ("阅读 {n}", "{d} 阅读({n})", "Views: {n}", "{d}", "[{d}]"),
    ("发布日期：{d} 点击：{n}", "{n} lượt xem", "文档序号 {n}", "{d} | {n}"),
)


def unrelated_headlines(page: Page, scene: Scene) -> Page:
    """Hang a list of unrelated headlines on the page (5.1), dated now and then (5.8)."""
    dice = scene.dice
    size = dice.pick((dice.number(3, 10), dice.number(8, 30), dice.number(15, 45)))
    items = lines_of(listed(scene, _mixed_headlines(scene, size)), LINKFARM)
    if dice.chance(0.15):
        items = with_rows_between(scene, items, _row)
    return _as_list(page, scene, items)


def clipped_headlines(page: Page, scene: Scene) -> Page:
    """Hang a list of headlines cut at a fixed length on the page (5.8, 6.9)."""
    dice = scene.dice
    width = dice.number(12, 34)
    ending = dice.form(Forms(("", "...", "…"), ("..", " […]", "。。。")))
    texts = [
        f"{clipped(text, 0, width)}{ending if len(text) > width else ''}"
        for text in _mixed_headlines(scene, dice.number(6, 30))
    ]
    return _as_list(page, scene, lines_of(listed(scene, texts), LINKFARM))


def stuffed_headlines(page: Page, scene: Scene) -> Page:
    """Hang such a list on the page in which keywords stand before some headlines (0)."""
    dice = scene.dice
    share = dice.pick((0.2, 0.5, 1.0))
    bracket = dice.form(_BRACKETS)
    lines = []
    for text in listed(scene, _mixed_headlines(scene, dice.number(6, 24))):
        is_stuffed = dice.chance(share)
        shown = f"{bracket.format(scene.query)}{text}" if is_stuffed else text
        lines.append(MadeLine(shown, STUFFING if is_stuffed else LINKFARM))
    return _as_list(page, scene, lines)


def previous_and_next(page: Page, scene: Scene) -> Page:
    """Name an unrelated previous and next article (5.2)."""
    dice = scene.dice
    language = _other_language(scene) if dice.chance(0.4) else ""
    texts = [
        dice.pick(templates).format(title=scene.headline(language))
        for templates in (scene.frame.previous, scene.frame.next)
    ]
    if dice.chance(0.15):
        texts = texts[:1]
    return page.inserted(page.article_end, lines_of(texts, LINKFARM))


def stuffed_previous_and_next(page: Page, scene: Scene) -> Page:
    """Name queries or formula titles as the previous and next article (5.2)."""
    dice = scene.dice
    texts = []
    for templates in (scene.frame.previous, scene.frame.next):
        title = scene.query if dice.chance(0.5) else scene.spam_text(dice.pick(scene.spam.titles))
        texts.append(dice.pick(templates).format(title=title))
    return page.inserted(page.article_end, lines_of(texts, STUFFING))


def friend_links(page: Page, scene: Scene) -> Page:
    """List other sites, by name or by address, under a heading (5.3)."""
    dice = scene.dice
    languages = dice.sample(sorted(scene.materials.frames), 3)
    frames = [scene.frame, *(scene.materials.frames[code].frame for code in languages)]
    frames = frames[: dice.pick((1, 1, 4))]
    sites = [dice.pick(dice.pick(frames).sites) for _ in range(dice.number(4, 18))]
    if dice.chance(0.25):
        sites = [f"www.{contacts.site(dice, _slug(site))}" for site in sites]
    heading = dice.pick(scene.frame.friends)
    if dice.chance(0.3):
        texts = [f"{heading}: {joined(dice, sites)}"]
    else:
        texts = [heading, *sites] if dice.chance(0.8) else [heading, joined(dice, sites)]
    return page.inserted(len(page.lines), lines_of(texts, LINKFARM))


def stuffed_friend_links(page: Page, scene: Scene) -> Page:
    """List queries as friends of the site (5.3)."""
    dice = scene.dice
    queries = dice.sample(scene.queries, dice.number(4, 18))
    heading = dice.pick(scene.frame.friends)
    if dice.chance(0.35):
        lines = lines_of([f"{heading}: {joined(dice, queries)}"], STUFFING)
    else:
        lines = [MadeLine(heading, LINKFARM), *lines_of(queries, STUFFING)]
    return page.inserted(len(page.lines), lines)


def glued_anchors(page: Page, scene: Scene) -> Page:
    """Put twenty and more anchors of queries on one line without spaces between (5.4)."""
    dice = scene.dice
    queries = dice.many(scene.queries, dice.number(8, 40))
    if dice.held_out:
        queries = [query.lower() for query in queries]
    elif dice.chance(0.5):
        queries = [dice.pick((query.title(), query)) for query in queries]
    at = dice.pick((0, len(page.lines), page.article_end))
    return page.inserted(at, [MadeLine("".join(queries), STUFFING)])


def glued_headlines(page: Page, scene: Scene) -> Page:
    """Put many headlines on one line without anything between (5.4)."""
    dice = scene.dice
    texts = _mixed_headlines(scene, dice.number(4, 14))
    at = end_place(scene, len(page.lines), page.article_end)
    return page.inserted(at, [MadeLine(dice.pick(("", "", " ")).join(texts), LINKFARM)])


def profile_links(page: Page, scene: Scene) -> Page:
    """Dump the profiles of one user name over many sites (5.5)."""
    dice = scene.dice
    user = without_accents(f"{scene.brand}{dice.number(1, 99)}").lower()
    names = [_slug(dice.pick(scene.frame.sites)) for _ in range(dice.number(5, 20))]
    sites = dict.fromkeys(contacts.site(dice, name) for name in names)
    pattern = dice.form(_PROFILES)
    texts = [pattern.format(site, user) for site in sites]
    return page.inserted(len(page.lines), lines_of(texts, LINKFARM))


def trackback_echoes(page: Page, scene: Scene) -> Page:
    """Echo posts with a keyword as author (5.6)."""
    dice = scene.dice
    lines = []
    for _ in range(dice.number(2, 8)):
        lines.append(MadeLine(scene.query, STUFFING))
        echoed = dice.pick((scene.headline(), scene.keyword, page.headline or scene.brand))
        lines.append(MadeLine(dice.form(_ECHOES).format(echoed), STUFFING))
    return page.inserted(len(page.lines), lines)


def _mixed_headlines(scene: Scene, size: int) -> list[str]:
    """Return headlines of the page's language, of one other, or of many."""
    dice = scene.dice
    mixture = dice.number(0, 9)
    if mixture < 6:
        return scene.headlines(size, "" if mixture < 4 else _other_language(scene))
    languages = [scene.language, *(_other_language(scene) for _ in range(dice.number(1, 4)))]
    drawn = (scene.headline(dice.pick(languages)) for _ in range(size))
    return list(dict.fromkeys(drawn))


def _other_language(scene: Scene) -> str:
    languages = scene.materials.languages
    return scene.dice.pick(languages) if languages else ""


def _row(scene: Scene) -> str:
    return scene.dice.form(_CMS_ROWS).format(n=scene.dice.number(1, 9000), d=scene.date())


def _slug(text: str) -> str:
    return squeezed(without_punctuation(without_accents(text))).lower()


def _as_list(page: Page, scene: Scene, items: list[MadeLine]) -> Page:
    dice = scene.dice
    heading = [dice.pick(scene.frame.related)] if dice.chance(0.5) else []
    at = end_place(scene, len(page.lines), page.article_end)
    if dice.chance(0.1):
        at = dice.pick((0, page.article_start, *page.body[-3:]))
    lines = [*lines_of(heading, LINKFARM), *items]
    if dice.chance(0.1):
        lines.append(MadeLine(dice.pick(scene.frame.read_more), BOILERPLATE))
    return page.inserted(at, lines)
