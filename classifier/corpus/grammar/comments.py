"""Comments and searches that advertise (sections 2.7 and 2.8)."""

from classifier.corpus.grammar import contacts
from classifier.corpus.grammar.dice import Dice, Forms
from classifier.corpus.grammar.lists import joined
from classifier.corpus.grammar.page import BOILERPLATE, STUFFING, MadeLine, Page, injected
from classifier.corpus.grammar.scene import Scene
from classifier.corpus.grammar.wording import is_loose, made_up_query, squeezed

_SEARCHES = Forms(
    ('"{}"', "“{}” - {n}", "{} ({n})", "?s={}", "search: {}"),
    ("«{}» {n}", "q={}&p={n}", "Results for {}", "[{}] = {n}"),
)
_MARKUP = Forms(
    (
        "[url=http://{a}/]{k}[/url]",
        "[link=http://{a}/]{k}[/link]",
        "http://{a}/ {k}",
        '<a href="http://{a}/">{k}</a>',
    ),
    ("[URL=http://{a}/{b}.html]{k}[/URL]", "[[http://{a}|{k}]]", "{k} ( http://{a}/?{b} )"),
)
_LETTERS = "bcdfghjklmnpqrstvwxzaeiouyBCDKLMNPRTVXZ"
_LONGEST_COMMENT = 160


def spam_comments(page: Page, scene: Scene) -> Page:
    """Hang spam comments under the article, names and dates of commenters between (2.7)."""
    dice = scene.dice
    lines = []
    has_names, has_dates = dice.chance(0.6), dice.chance(0.4)
    for _ in range(dice.number(1, 8)):
        if has_names:
            is_stuffed = dice.chance(0.3)
            name = scene.query if is_stuffed else dice.pick(scene.frame.names)
            lines.append(MadeLine(name, STUFFING if is_stuffed else BOILERPLATE))
        if has_dates:
            lines.append(MadeLine(scene.date(), BOILERPLATE))
        text = scene.spam_text(dice.pick(scene.spam.comments), query=scene.query)
        if dice.chance(0.15):
            text = f"{_token(dice)} {text} {_token(dice)}"
        lines.append(MadeLine(text, STUFFING))
    return page.inserted(page.article_end, lines)


def comment_with_brand(page: Page, scene: Scene) -> Page:
    """End a short line of the body, as of a comment, with the brand (2.7)."""
    dice = scene.dice
    short = [i for i in page.open_body if _is_comment(page.lines[i].text)]
    if not short:
        return page
    index = dice.pick(short)
    line = page.lines[index]
    core = dice.pick((scene.brand, scene.domain, f"{scene.brand} {scene.keyword}"))
    if line.spans and line.spans[-1][1] == len(line.text):
        return page
    return page.replaced(index, injected(line, len(line.text), core, before=" "))


def _is_comment(text: str) -> bool:
    return len(text) < _LONGEST_COMMENT and not is_loose(text[-1])


def search_injection(page: Page, scene: Scene) -> Page:
    """Show the advertisement as what was searched for on the site (2.8)."""
    dice = scene.dice
    query = joined(dice, [scene.keyword, dice.pick((scene.domain, scene.handle, scene.brand))])
    text = dice.form(_SEARCHES).format(query, dice.number(0, 400), n=dice.number(0, 400))
    lines = [MadeLine(text, STUFFING)]
    if dice.chance(0.4):
        path = squeezed(made_up_query(dice, scene.headlines(3)))[:9]
        lines.append(MadeLine("/".join([path] * dice.number(3, 6)), STUFFING))
    return page.inserted(dice.pick((0, page.article_start)), lines)


def link_comments(page: Page, scene: Scene) -> Page:
    """Hang comments of link markup and random letters under the article (2.7, 3)."""
    dice = scene.dice
    lines = []
    for _ in range(dice.number(1, 6)):
        links = [
            dice.form(_MARKUP).format(
                a=contacts.site(dice, _token(dice).lower()), b=_token(dice), k=_anchor(scene)
            )
            for _ in range(dice.number(1, 4))
        ]
        words = [_token(dice) for _ in range(dice.number(0, 5))]
        parts = dice.sample([*links, *words], len(links) + len(words))
        if dice.chance(0.4):
            lines.append(MadeLine(dice.pick((scene.query, _token(dice))), STUFFING))
        lines.append(MadeLine(dice.pick((", ", " ")).join(parts), STUFFING))
    return page.inserted(page.article_end, lines)


def _anchor(scene: Scene) -> str:
    return scene.query if scene.dice.chance(0.6) else _token(scene.dice)


def _token(dice: Dice) -> str:
    return "".join(dice.many(_LETTERS, dice.number(5, 12)))
