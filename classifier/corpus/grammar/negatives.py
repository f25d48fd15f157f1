"""Genuine things that look like spam, and stay content (section 10 of the taxonomy)."""

from dataclasses import replace

from classifier.corpus.grammar import contacts
from classifier.corpus.grammar.dice import Forms
from classifier.corpus.grammar.lists import bulleted
from classifier.corpus.grammar.page import BODY, CONTENT, MadeLine, Page, lines_of
from classifier.corpus.grammar.scene import Scene
from classifier.corpus.grammar.wording import clipped, word_gaps

_PREFIXES = Forms(
    (
        "【独家】",
        "【图】",
        "[Video]",
        "【速報】",
        "[Updated] ",
        "(Photos) ",
        "【写真】",
        "[단독] ",
        "[ẢNH] ",
        "«",
    ),
    (
        "【視頻】",
        "【動画】",
        "[Analysis] ",
        "[종합] ",
        "(Foto) ",
        "[VIDEO] ",
        "【深度】",
        "[Infografis] ",
        "『",
    ),
)
_SUFFIXES = Forms(
    (
        "【動画あり】",
        "（图）",
        " (video)",
        " [photos]",
        "（组图）",
        " (1)",
        " - {section}",
        " | {site}",
        "_{section}",
    ),
    (
        " （写真）",
        " (VIDEO)",
        "［詳報］",
        " [opinion]",
        " · {site}",
        " — {section} — {site}",
        " (2/3)",
    ),
)
_CLOSERS = {"«": "»", "『": "』"}
_CREDITS = Forms(
    ("({name})", "(Foto: {name})", "（{name}）", "[{name}/{site}]", "(Photo by {name}/{site})"),
    ("© {name}", "（記者{name}）", "/ {name} /", "(c) {site}", "<{name}>"),
)
_SCARS = Forms(
    (" |", "|", " …", "...", " \ufffd", "&nbsp;"), ("&amp;", " ||", "Â", " [...]", "…...")
)
_ADDRESSES = Forms(
    ("https://www.{s}/{b}/{n}.html", "doi:10.{n}/{a}.{b}", "{b}@{s}", "#{a}{b}"),
    ("http://{s}/?p={n}&q={b}", "{a}_{b}_{n}.pdf", "ISBN 978-{n}-{n}", "/usr/share/{a}/{b}"),
)
_SPECS = Forms(
    ("{k}: {n} {u}", "{k} {n}{u}", "{k} - {n} {u}"),
    ("{k} = {n} {u}", "{k}\t{n} {u}", "{k} | {n} | {u}"),
)
_UNITS = ("kg", "cm", "%", "mm", "€", "km", "W", "g", "ml", "°C", "GB", "h")


def bracketed_headline(page: Page, scene: Scene) -> Page:
    """Mark the headline as papers do: exclusive, pictures, update; section and site behind."""
    if page.title is None or page.lines[page.title].code != CONTENT:
        return page
    line = page.lines[page.title]
    text = line.text
    if scene.dice.chance(0.6):
        prefix = scene.dice.form(_PREFIXES)
        text = f"{prefix}{text}{_CLOSERS.get(prefix, '')}"
    else:
        suffix = scene.dice.form(_SUFFIXES)
        text += suffix.format(section=scene.dice.pick(scene.frame.sections), site=scene.site)
    return page.replaced(page.title, replace(line, text=text))


def repeated_headline(page: Page, scene: Scene) -> Page:
    """Repeat the headline, bare or with the site's name, as page title or caption."""
    if page.title is None:
        return page
    dice = scene.dice
    text = page.headline
    if dice.chance(0.6):
        text += dice.pick((" - ", " | ", "_", " – ")) + scene.site
    at = dice.pick((0, page.article_start, page.title + 1))
    return page.inserted(at, lines_of([text], CONTENT))


def bullet_list(page: Page, scene: Scene) -> Page:
    """Turn a run of the body's lines, or their beginnings, into a list with bullets."""
    dice = scene.dice
    body = [i for i in page.body if page.lines[i].code == CONTENT]
    if len(body) < 4:
        return page
    start = dice.number(0, len(body) - 4)
    run = body[start : start + dice.number(4, 10)]
    texts = [page.lines[i].text for i in run]
    if dice.chance(0.5):
        texts = [_first_words(text, dice.number(3, 9)) for text in texts]
    for index, text in zip(run, bulleted(scene, texts), strict=True):
        page = page.replaced(index, replace(page.lines[index], text=text))
    return page


def figures_table(page: Page, scene: Scene) -> Page:
    """Put a table of figures by place into the article."""
    dice = scene.dice
    columns = dice.number(1, 5)
    joint = dice.pick((" ", "\t", " | ", "  "))
    rows = [
        joint.join([city, *(_figure(scene) for _ in range(columns))])
        for city in dice.sample(scene.frame.cities, dice.number(4, 15))
    ]
    return _in_body(page, scene, rows)


def branch_list(page: Page, scene: Scene) -> Page:
    """List the places of a chain or of an event: content of its page."""
    dice = scene.dice
    cities = dice.sample(scene.frame.cities, dice.number(5, 20))
    style = dice.number(0, 2)
    if style == 0:
        rows = cities
    elif style == 1:
        rows = [", ".join(cities)]
    else:
        rows = [f"{city}, {dice.pick(scene.frame.names)}, {dice.number(1, 300)}" for city in cities]
    return _in_body(page, scene, rows)


def fixtures(page: Page, scene: Scene) -> Page:
    """List fixtures and results of places playing each other."""
    dice = scene.dice
    rows = []
    has_date = dice.chance(0.5)
    for _ in range(dice.number(3, 12)):
        home, away = dice.pick(scene.frame.cities), dice.pick(scene.frame.cities)
        score = dice.pick((f"{dice.number(0, 5)}:{dice.number(0, 4)}", "-", "vs"))
        rows.append(f"{scene.date() + ' ' if has_date else ''}{home} {score} {away}")
    return _in_body(page, scene, rows)


def draw_results(page: Page, scene: Scene) -> Page:
    """List results of a draw, as newspapers print them."""
    dice = scene.dice
    rows = [
        f"{scene.date()} {' '.join(str(dice.number(0, 99)) for _ in range(dice.number(3, 8)))}"
        for _ in range(dice.number(1, 6))
    ]
    return _in_body(page, scene, rows)


def specifications(page: Page, scene: Scene) -> Page:
    """List specifications: a word of the text, a figure, a unit."""
    dice = scene.dice
    form = dice.form(_SPECS)
    words = [w for i in page.body[:20] for w in page.lines[i].text.split()[:3] if w.isalpha()]
    if len(words) < 4:
        return page
    rows = [
        form.format(k=word[:18].capitalize(), n=dice.number(1, 900), u=dice.pick(_UNITS))
        for word in dice.sample(words, dice.number(4, 10))
    ]
    return _in_body(page, scene, rows)


def name_list(page: Page, scene: Scene) -> Page:
    """List people: a team, winners, a cast."""
    dice = scene.dice
    names = dice.sample(scene.frame.names, dice.number(4, 15))
    if dice.chance(0.5):
        names = [f"{name} ({dice.pick(scene.frame.cities)})" for name in names]
    return _in_body(page, scene, bulleted(scene, names) if dice.chance(0.6) else [", ".join(names)])


def credited_captions(page: Page, scene: Scene) -> Page:
    """End lines with the name of a photographer or author in brackets."""
    dice = scene.dice
    for index in dice.sample(page.open_body, dice.number(1, 3)):
        line = page.lines[index]
        if line.code != CONTENT:
            continue
        credit = dice.form(_CREDITS).format(name=dice.pick(scene.frame.names), site=scene.site)
        page = page.replaced(index, replace(line, text=f"{line.text} {credit}"))
    return page


def damaged_lines(page: Page, scene: Scene) -> Page:
    """Damage genuine lines as extraction does: spaces lost, stray signs, cut ends."""
    dice = scene.dice
    for index in dice.sample(page.open_body, dice.number(1, 5)):
        line = page.lines[index]
        if line.code != CONTENT or len(line.text) < 20:
            continue
        style = dice.number(0, 2)
        if style == 0:
            text = _spaces_lost(scene, line.text)
        elif style == 1:
            text = f"{line.text}{dice.form(_SCARS)}"
        else:
            text = f"{clipped(line.text, 0, dice.number(15, len(line.text)))}…"
        page = page.replaced(index, replace(line, text=text))
    return page


def long_tokens(page: Page, scene: Scene) -> Page:
    """Put addresses, file names and identifiers into sentences that speak of them."""
    dice = scene.dice
    words = [word.lower() for word in page.headline.split() if word.isalnum()] or ["index"]
    for index in dice.sample(page.open_body, dice.number(1, 2)):
        line = page.lines[index]
        gaps = word_gaps(line.text)
        if line.code != CONTENT or not gaps:
            continue
        token = dice.form(_ADDRESSES).format(
            a=dice.pick(words),
            b=dice.pick(words),
            s=contacts.site(dice, dice.pick(words)),
            n=dice.number(1000, 99999),
        )
        at = dice.pick(gaps)
        page = page.replaced(index, replace(line, text=f"{line.text[:at]} {token}{line.text[at:]}"))
    return page


def parallel_headlines(page: Page, scene: Scene) -> Page:
    """Give the headline once more in another letter case, as a second headline does."""
    if page.title is None or page.headline.upper() == page.headline:
        return page
    text = scene.dice.pick((page.headline.upper(), page.headline.title()))
    return page.inserted(page.title + 1, lines_of([text], CONTENT))


def _in_body(page: Page, scene: Scene, rows: list[str]) -> Page:
    body = page.body
    if not body:
        return page
    at = scene.dice.pick((body[-1] + 1, scene.dice.pick(body)))
    return page.inserted(at, [MadeLine(row, CONTENT, role=BODY) for row in rows])


def _first_words(text: str, size: int) -> str:
    gaps = word_gaps(text)
    cut = gaps[size] if len(gaps) > size else len(text)
    return clipped(text, 0, min(cut, 90))


def _figure(scene: Scene) -> str:
    dice = scene.dice
    return dice.pick(
        (
            str(dice.number(1, 9999)),
            f"{dice.number(0, 99)}.{dice.number(0, 9)}",
            f"{dice.number(0, 99)},{dice.number(0, 9)} %",
            str(dice.number(1950, 2025)),
            "-",
        )
    )


def _spaces_lost(scene: Scene, text: str) -> str:
    """Lose the spaces of one stretch of a line."""
    gaps = [at for at in word_gaps(text) if text[at] == " "]
    if len(gaps) < 3:
        return text
    first = scene.dice.number(0, len(gaps) - 3)
    lost = set(gaps[first : first + scene.dice.number(1, 12)])
    return "".join(c for at, c in enumerate(text) if at not in lost)
