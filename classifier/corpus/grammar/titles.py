"""Keywords in headlines: brackets, chains, glued queries, formulas (sections 1.1 to 1.10)."""

from classifier.corpus.grammar.dice import Forms
from classifier.corpus.grammar.page import (
    BODY,
    CONTENT,
    STUFFING,
    TITLE,
    MadeLine,
    Page,
    injected,
    stuffed,
)
from classifier.corpus.grammar.scene import Scene
from classifier.corpus.grammar.wording import clipped, is_loose, squeezed

_BRACKETS = Forms(
    ("【{}】", "【{}】", "[{}]", "「{}」", "《{}》", "({})", "⏩{}⏪", "★{}★", "（{}）", "{{{}}}"),
    ("『{}』", "«{}»", "〖{}〗", "▷{}◁", "<{}>", "〔{}〕", "☆{}☆", "❰{}❱", "|{}|"),
)
_SEPARATORS = Forms(
    ("_", " - ", " | ", "-", ",", " – ", "，", ": ", "|", " _ "),
    ("·", "｜", " / ", " » ", "—", " ~ ", " • ", "；", " :: "),
)
_CHAINS = Forms(
    ("_", "-", ",", " - ", " | ", "，", ", ", "|", " "),
    ("·", "｜", "/", "、", " » ", " ~ ", " • ", "+", " & "),
)
_OFFICIAL = Forms(
    (
        "官方网站",
        "official site",
        "app下载",
        "(官方)网站/网页版登录入口",
        "APK",
        "官网",
        "link alternatif",
    ),
    (
        "全站最新版",
        "official website 2025",
        "官方版下载",
        "手机版",
        "giriş",
        "зеркало",
        "IOS/Android",
    ),
)
_DOUBLED_JOINTS = Forms((" ", " - ", "", "_"), (" | ", "…", " — ", "/"))


def bracketed_keyword(page: Page, scene: Scene) -> Page:
    """Put a bracketed keyword before, seldom behind, the headline (1.1)."""
    return _at_title_edge(page, scene, scene.dice.form(_BRACKETS).format(scene.keyword))


def separated_keywords(page: Page, scene: Scene) -> Page:
    """Put one keyword or a chain of them before or behind the headline (1.2)."""
    dice = scene.dice
    size = dice.pick((1, 1, 1, 2, 2, 3))
    separator = dice.form(_SEPARATORS)
    chain = separator.join([scene.keyword, *dice.sample(scene.queries, size - 1)])
    return _at_title_edge(page, scene, chain, separator)


def glued_keyword(page: Page, scene: Scene) -> Page:
    """Put a keyword before or behind the headline with nothing between (1.4, 1.10)."""
    keyword = scene.keyword
    if scene.dice.chance(0.3):
        keyword = f"{scene.brand}{squeezed(keyword)}"
    return _at_title_edge(page, scene, keyword, "")


def official_prefix(page: Page, scene: Scene) -> Page:
    """Put a query and ``official site``, whatever the language, before the headline (1.5)."""
    dice = scene.dice
    core = f"{scene.keyword}{dice.pick(('', ' '))}{dice.form(_OFFICIAL)}"
    return _at_title_edge(page, scene, core, dice.form(_SEPARATORS))


def query_chain(page: Page, scene: Scene) -> Page:
    """Give the page a first line that is a chain of queries (1.2, 1.3)."""
    dice = scene.dice
    queries = [scene.keyword, *dice.sample(scene.queries, dice.number(2, 5))]
    tail = [dice.pick((scene.brand, scene.site))] if dice.chance(0.4) else []
    chain = dice.form(_CHAINS)
    if tail and dice.chance(0.3):
        bracketed = dice.form(_BRACKETS).format(chain.join(queries))
        return _as_first_line(page, scene, f"{bracketed} - {tail[0]}")
    return _as_first_line(page, scene, chain.join([*queries, *tail]))


def glued_queries(page: Page, scene: Scene) -> Page:
    """Give the page a first line of a brand and queries with joins lost (1.4)."""
    dice = scene.dice
    queries = dice.sample(scene.queries, dice.number(2, 4))
    joints = [dice.pick(("", "", " ")) for _ in queries]
    text = scene.brand + "".join(
        f"{joint}{query}" for joint, query in zip(joints, queries, strict=True)
    )
    return _as_first_line(page, scene, text)


def formula_title(page: Page, scene: Scene) -> Page:
    """Give the page a title made by formula around the keyword (1.6, 1.7)."""
    return _as_first_line(page, scene, scene.spam_text(scene.dice.pick(scene.spam.titles)))


def title_variants(page: Page, scene: Scene) -> Page:
    """Repeat formula titles of one keyword down the page's head (1.6, 1.7)."""
    dice = scene.dice
    titles = dice.sample(scene.spam.titles, dice.number(2, 5))
    texts = [scene.spam_text(title, query=scene.query) for title in titles]
    return page.inserted(page.article_start, [MadeLine(text, STUFFING) for text in texts])


def badly_joined_title(page: Page, scene: Scene) -> Page:
    """Cut the headline, or double it, and hang a keyword and half a sentence on it (1.10)."""
    if page.title is None or len(page.headline) < 12 or not page.open_body:
        return page
    dice = scene.dice
    joint = dice.form(_DOUBLED_JOINTS)
    cut = clipped(page.headline, 0, dice.number(len(page.headline) // 2, len(page.headline)))
    body = page.lines[dice.pick(page.open_body)].text
    half = clipped(body, 0, dice.number(10, 40))
    ending = dice.pick((half, cut, scene.date(), scene.site))
    text = f"{cut}{joint}{scene.keyword}{joint}{ending}"
    return page.replaced(page.title, stuffed(page.lines[page.title], text))


def repeated_title(page: Page, scene: Scene) -> Page:
    """Repeat the headline as a caption or page title; the copy carries the keyword (0)."""
    if page.title is None or is_loose(page.headline[0]) or is_loose(page.headline[-1]):
        return page
    dice = scene.dice
    copy = MadeLine(page.headline, CONTENT)
    if dice.chance(0.7):
        bracketed = dice.form(_BRACKETS).format(scene.keyword)
        copy = injected(copy, 0, bracketed, after=dice.pick(("", " ")))
    if copy.code == CONTENT:
        joint = dice.form(_SEPARATORS).strip(" ") or "-"
        copy = injected(copy, len(copy.text), scene.keyword, before=f" {joint} ")
    at = dice.pick((page.article_start, page.article_end, *page.body[:1]))
    return page.inserted(at, [copy])


def _at_title_edge(page: Page, scene: Scene, core: str, separator: str | None = None) -> Page:
    """Put `core` before or behind the headline; `None` stands for an optional space."""
    title = page.title
    if title is None or not page.lines[title].is_open:
        return page
    joint = scene.dice.pick(("", "", " ")) if separator is None else separator
    core = core.strip()
    line = page.lines[title]
    if scene.dice.chance(0.7) and not is_loose(line.text[0]):
        return page.replaced(title, injected(line, 0, core, after=joint))
    if is_loose(line.text[-1]):
        return page
    return page.replaced(title, injected(line, len(line.text), core, before=joint))


def _as_first_line(page: Page, scene: Scene, text: str) -> Page:
    """Put `text` above the article, or in the headline's place; a page of spam begins with it."""
    title = page.title
    if title is not None and scene.dice.chance(0.25):
        return page.replaced(title, stuffed(page.lines[title], text))
    at = scene.dice.pick((0, page.article_start))
    role = "" if any(line.role in (TITLE, BODY) for line in page.lines) else TITLE
    return page.inserted(at, [MadeLine(text, STUFFING, role=role)])
