"""Genuine lines of other writers and writings: comments, a second language, code, capitals."""

from dataclasses import replace

from classifier.corpus.grammar.dice import Forms
from classifier.corpus.grammar.page import BODY, BOILERPLATE, CONTENT, MadeLine, Page
from classifier.corpus.grammar.scene import Scene
from classifier.corpus.grammar.wording import made_up_query, without_accents

_CODE = Forms(
    (
        "$ {a} --{b} {n}",
        "def {a}_{b}(value):",
        "    return {a}[{n}]",
        "{a}.{b} = {n};",
        "# {a}",
        "import {a}",
    ),
    (
        "if ({a} > {n}) {{ {b}(); }}",
        "SELECT {a} FROM {b} WHERE id = {n};",
        '<{a} class="{b}">{n}</{a}>',
        "sudo {a} install {b}",
        "// {a} {b}",
    ),
)
_CHANGES = Forms(
    ("* {a} {b} (#{n})", "- {a}: {b}", "v{m}.{n} {a} {b}"),
    ("+ {a} {b} [{n}]", "{m}.{n}.0 - {a}", "Fix {a} in {b}, closes #{n}"),
)
_MOST = 8


def reader_comments(page: Page, scene: Scene) -> Page:
    """Let readers answer the article: their names and dates are frame, their words content."""
    dice = scene.dice
    if not page.body:
        return page
    lines = []
    has_date = dice.chance(0.6)
    for _ in range(dice.number(1, 6)):
        text = scene.sentence()
        if not text:
            return page
        lines.append(MadeLine(dice.pick(scene.frame.names), BOILERPLATE))
        if has_date:
            lines.append(MadeLine(scene.date(), BOILERPLATE))
        lines.append(MadeLine(text, CONTENT))
    return page.inserted(page.article_end, lines)


def second_language(page: Page, scene: Scene) -> Page:
    """Follow lines of the body with lines of another language, as bilingual pages do."""
    dice = scene.dice
    languages = sorted(scene.materials.bodies)
    language = dice.pick(languages)
    body = page.body
    if language == scene.language or not body:
        return page
    is_parallel = dice.chance(0.5)
    places = body[:_MOST] if is_parallel else [body[-1]] * dice.number(2, _MOST)
    for index in reversed(places):
        text = scene.sentence(language)
        if text:
            page = page.inserted(index + 1, [MadeLine(text, CONTENT, role=BODY)])
    return page


def code_lines(page: Page, scene: Scene) -> Page:
    """Show code, commands or a list of changes."""
    dice = scene.dice
    body = page.body
    if not body:
        return page
    words = [without_accents(made_up_query(dice, [scene.headline()])).split() for _ in range(6)]
    names = [word for group in words for word in group]
    form = dice.pick((_CODE, _CHANGES))
    rows = [
        dice.form(form).format(
            a=dice.pick(names), b=dice.pick(names), n=dice.number(0, 999), m=dice.number(0, 9)
        )
        for _ in range(dice.number(3, 10))
    ]
    return page.inserted(dice.pick(body), [MadeLine(row, CONTENT, role=BODY) for row in rows])


def capitals(page: Page, scene: Scene) -> Page:
    """Set lines of the body in capitals, as notices and laws do."""
    for index in scene.dice.sample(page.open_body, scene.dice.number(1, 4)):
        line = page.lines[index]
        if line.code == CONTENT:
            page = page.replaced(index, replace(line, text=line.text.upper()))
    return page
