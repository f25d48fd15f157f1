"""Slots of the frame filled with keywords (sections 0 and 9), and slots left unfilled (1.9)."""

from classifier.corpus.grammar.dice import Forms
from classifier.corpus.grammar.lists import joined
from classifier.corpus.grammar.page import BOILERPLATE, STUFFING, MadeLine, Page
from classifier.corpus.grammar.scene import Scene

_UNFILLED = Forms(
    (
        "$brand",
        "{keyword}",
        "BRAND_NAME",
        "%city%",
        "{title}",
        "[keyword]",
        "{{brand}}",
        "<keyword>",
    ),
    (
        "{转码站名}",
        "<随机关键词/>",
        "#KEY#",
        "%%title%%",
        "[[site]]",
        "Site 1",
        "{$name}",
        "__KW__",
    ),
)
_EDITORS = Forms(
    ("(责任编辑：{slot})", "责任编辑：{slot}", "[Editor: {slot}]", "编辑:{slot}", "作者：{slot}"),
    ("（責任編輯 {slot}）", "【責編：{slot}】", "<Editor {slot}>", "— {slot} —", "文/{slot}"),
)


def keyword_editor(page: Page, scene: Scene) -> Page:
    """Fill the editor's slot, in the page's language or a Chinese engine's, with a keyword."""
    dice = scene.dice
    is_chinese = dice.held_out or dice.chance(0.4)
    template = dice.form(_EDITORS) if is_chinese else dice.pick(scene.frame.editor)
    return _added(page, page.article_end, template.format(slot=scene.keyword))


def keyword_source(page: Page, scene: Scene) -> Page:
    """Fill the source's slot with a keyword."""
    at = scene.dice.pick((page.article_end, _below_title(page)))
    return _added(page, at, scene.dice.pick(scene.frame.source).format(slot=scene.keyword))


def keyword_category(page: Page, scene: Scene) -> Page:
    """Fill the category's slot with a keyword."""
    at = scene.dice.pick((page.article_start, _below_title(page), page.article_end))
    return _added(page, at, scene.dice.pick(scene.frame.category).format(slot=scene.keyword))


def keyword_breadcrumb(page: Page, scene: Scene) -> Page:
    """Fill a breadcrumb's category, or its category and title, with keywords."""
    dice = scene.dice
    template = dice.pick(scene.frame.breadcrumb)
    if page.headline and "{title}" in template and dice.chance(0.2):  # the title alone is stuffed
        slot, title = dice.pick(scene.frame.sections), f"[{scene.keyword}]{page.headline}"
    else:
        slot = scene.keyword
        title = page.headline if page.headline and dice.chance(0.6) else scene.query
    text = template.format(slot=slot, title=title)
    return _added(page, dice.pick((0, page.article_start)), text)


def keyword_tags(page: Page, scene: Scene) -> Page:
    """Fill the tags' row with queries (4.2, 4.3)."""
    dice = scene.dice
    queries = [scene.keyword, *dice.sample(scene.queries, dice.number(1, 9))]
    text = dice.pick(scene.frame.tags).format(list=joined(dice, queries))
    return _added(page, dice.pick((page.article_end, len(page.lines))), text)


def keyword_meta(page: Page, scene: Scene) -> Page:
    """Put a keyword where the byline has a person (9)."""
    templates = [text for text in scene.frame.meta if "{name}" in text]
    if not templates:
        return page
    template = scene.dice.pick(templates)
    text = template.format(name=scene.keyword, date=scene.date(), number=scene.dice.number(0, 4000))
    return _added(page, _below_title(page), text)


def keyword_copyright(page: Page, scene: Scene) -> Page:
    """Put a keyword where the copyright line has a company (9)."""
    templates = [text for text in scene.frame.legal if "{site}" in text]
    if not templates:
        return page
    text = scene.dice.pick(templates).format(year=scene.year, site=scene.keyword)
    return _added(page, len(page.lines), text)


def description(page: Page, scene: Scene) -> Page:
    """Show the page's description: the site's name over and over, keywords behind (1.8)."""
    dice = scene.dice
    name = dice.pick((scene.brand, scene.keyword))
    parts = [
        scene.spam_text(template, query=name)
        for template in dice.sample(scene.spam.doorway, dice.number(1, 2))
    ]
    text = " ".join([*parts, joined(dice, [name, *dice.sample(scene.queries, dice.number(0, 5))])])
    return _added(page, dice.pick((0, page.article_start, page.article_end)), text)


def unfilled_slots(page: Page, scene: Scene) -> Page:
    """Leave the slots of the engine's templates unfilled (1.9)."""
    dice = scene.dice
    slot = dice.form(_UNFILLED)
    templates = dice.sample((*scene.spam.titles, *scene.spam.doorway, *scene.spam.promo), 3)
    texts = [
        template.format(
            **dict.fromkeys(("query", "brand"), slot),
            **dict.fromkeys(
                ("city", "domain", "handle"), dice.pick((slot, scene.brand, scene.city))
            ),
            phone=scene.phone,
            percent="100%",
            year=scene.year,
        )
        for template in templates[: dice.number(1, 3)]
    ]
    at = dice.pick((page.article_start, page.article_end, *page.body[-1:]))
    lines = [MadeLine(text, STUFFING if slot in text else BOILERPLATE) for text in texts]
    return page.inserted(at, [line for line in lines if line.code == STUFFING])


def _below_title(page: Page) -> int:
    return page.article_start if page.title is None else page.title + 1


def _added(page: Page, at: int, text: str) -> Page:
    return page.inserted(at, [MadeLine(text, STUFFING)])
