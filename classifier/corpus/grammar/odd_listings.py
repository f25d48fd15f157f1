"""Documents that are lists: of people, changes, places, songs, chapters, hours, books."""

from classifier.corpus.grammar.dice import Forms
from classifier.corpus.grammar.odd_stock import (
    BULLETS,
    COLUMNS,
    Stock,
    first_words,
    numbered,
    until,
)

_VERSIONS = Forms(
    ("{v}", "v{v}", "## {v}", "{v} ({date})", "{word} {v}", "## [{v}] - {date}", "{date}: {v}"),
    ("= {v} =", "{word} {v} – {date}", "{v} / {date}", "[{v}]", "{date} {word} {v}", "{v}:"),
)
_CHANGES = Forms(
    ("{verb}: {what}", "{verb} {what}", "{what}", "[{verb}] {what}", "{verb} {what} (#{n})"),
    ("{verb} – {what}", "{what} ({verb})", "{what} [#{n}]", "{verb}({token}): {what}"),
)
_LEADERS = Forms(
    (" ..... ", " ", "\t", " – ", "  ", " | ", ": "),
    (" …… ", " . . . . ", " ____ ", " / ", "……", " -- "),
)
_TRACKS = Forms(
    ("{n}. {t} {m}:{s:02}", "{n:02} {t}", "{n}. {p} – {t}", "{t} ({m}:{s:02})", "{p} - {t}"),
    ("{side}{n}  {t}  {m}'{s:02}\"", "{n}: {t} [{m}:{s:02}]", "{t} / {p}", "{p}: “{t}” ({year})"),
)
_REFERENCES = Forms(
    (
        *("{name} ({year}). {title}. {place}: {site}.", "[{n}] {name}: {title}. {place} {year}."),
        *("{name}, “{title}”, {site} {v}({i}), {year}, pp. {p}–{q}.", "{n}. {name}. {title}."),
        "{name}, {other} ({year}): {title}. {site}, {v}, {p}-{q}. doi:10.{d}/{v}.{p}",
    ),
    (
        *("{name} {year}: {title}, S. {p}–{q}.", "({n}) {name} & {other}, {title}, {year}."),
        *("{title} / {name}. – {place}, {year}. – {p} c.", "{name}《{title}》{site}, {year}"),
        "{n} {name} et al. {site} {year};{v}:{p}–{q}. ISBN 978-{d}-{p}-{i}",
    ),
)
_TIMES = Forms(
    ("{a} – {b}", "{a}-{b}", "{a}", "{a}:"), ("{a} / {b}", "[{a}]", "{a} → {b}", "({a})")
)
_ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_POSTS = Forms(("{code} {city}", "{city} {code}", "{city}"), ("{city}-{code}", "{code}, {city}"))


def name_roster(stock: Stock, size: int) -> list[str]:
    """Return people: members, teams, winners, the dead, an index of authors."""
    dice = stock.dice
    names = [stock.name() for _ in range(size)]
    roles = stock.terms("role")
    style = dice.number(0, 8)
    if style == 0:
        rows = [f"{role}: {name}" for role, name in zip(dice.many(roles, size), names, strict=True)]
    elif style == 1:
        joint = dice.form(COLUMNS)
        rows = [f"{name}{joint}{dice.pick(roles)}" for name in names]
    elif style == 2:
        rows = _by_letter(sorted(names))
    elif style == 3:
        joint = dice.pick((" ", "\t", "  "))
        rows = [joint.join([str(dice.number(1, 99)), n, str(stock.year())]) for n in names]
    elif style == 4:
        born = [dice.number(1850, 1960) for _ in names]
        rows = [
            f"{name} ({year}–{min(year + dice.number(30, 90), 2026)})"
            for name, year in zip(names, born, strict=True)
        ]
    elif style == 5:
        rows = until(size, lambda: [dice.pick(roles), *(stock.name() for _ in range(3))])
    elif style == 6:
        rows = until(
            size,
            lambda: [
                f"{stock.city()}: {', '.join(stock.name() for _ in range(dice.number(3, 9)))}"
            ],
        )
    else:
        rows = numbered(dice, [f"{n}, {stock.city()}" if style == 7 else n for n in names])
    return rows


def _by_letter(names: list[str]) -> list[str]:
    """Return names in their order, each first letter as a heading."""
    rows, letter = [], ""
    for name in names:
        if name[:1] != letter:
            letter = name[:1]
            rows.append(letter)
        rows.append(name)
    return rows


def release_notes(stock: Stock, size: int) -> list[str]:
    """Return what changed in each version of a program."""
    dice = stock.dice
    *verbs, word = stock.terms("change")
    head, change, bullet = dice.form(_VERSIONS), dice.form(_CHANGES), dice.form(BULLETS)
    has_sections, has_blank = dice.chance(0.3), dice.chance(0.4)
    major, minor = dice.number(0, 30), dice.number(2, 20)
    year = dice.number(2010, 2026)

    def version() -> list[str]:
        nonlocal minor, major
        minor -= 1
        if minor < 0:
            major, minor = max(0, major - 1), dice.number(2, 9)
        number = f"{major}.{minor}{dice.pick(('', '.0', '.1', f'.{dice.number(0, 20)}', '-rc1'))}"
        rows = [""] if has_blank else []
        rows.append(head.format(v=number, date=stock.date(year), word=word))
        for n in range(1, dice.number(2, 7)):
            verb, what = dice.pick(verbs), dice.pick((stock.phrase, stock.title))()
            if has_sections and n % 3 == 1:
                rows.append(dice.pick(("", "### ")) + verb)
            token = _token(stock)
            text = change.format(verb=verb, what=what, n=dice.number(1, 9000), token=token)
            rows.append(bullet.format(n=n) + text)
        return rows

    return until(size, version)


def _token(stock: Stock) -> str:
    word = stock.word()
    return (
        word.lower() if word.isascii() else stock.dice.pick(("core", "ui", "api", "docs", "i18n"))
    )


def address_list(stock: Stock, size: int) -> list[str]:
    """Return offices, branches or members with street, telephone and hours."""
    dice = stock.dice
    address, telephone, hours, street, floor, room = stock.terms("contact")
    post = dice.form(_POSTS)
    has_labels, is_one_line, has_blank = (dice.chance(0.5), dice.chance(0.35), dice.chance(0.4))
    is_street_last = dice.chance(0.4)

    def entry() -> list[str]:
        parts = [stock.word(), str(dice.number(1, 400))]
        where = " ".join([*parts, street] if is_street_last else [street, *parts])
        if dice.chance(0.3):
            where += f", {dice.number(1, 9)} {floor}"
        place = post.format(code=f"{dice.number(1000, 99999):05}", city=stock.city())
        phone = f"{dice.number(10, 999):03} {dice.number(100, 999)} {dice.number(10, 9999):04}"
        opening = f"{stock.clock(dice.number(7, 10))}–{stock.clock(dice.number(15, 20))}"
        labels = [f"{label}: " if has_labels else "" for label in (address, telephone, hours)]
        rows = [
            dice.pick((stock.name, stock.title, stock.city))(),
            f"{labels[0]}{where}, {place}",
            f"{labels[1]}{phone}",
            f"{labels[2]}{opening}",
            f"{room} {dice.number(1, 500)}",
        ][: dice.number(2, 5)]
        if is_one_line:
            return [dice.pick((", ", " | ", " – ")).join(rows)]
        return [*([""] if has_blank else []), *rows]

    return until(size, entry)


def track_list(stock: Stock, size: int) -> list[str]:
    """Return songs or films: number, title, artist, length, year."""
    dice = stock.dice
    form = dice.form(_TRACKS)
    rows = [
        form.format(
            n=n,
            t=stock.title(),
            p=stock.name(),
            m=dice.number(1, 9),
            s=dice.number(0, 59),
            side=dice.pick("AB"),
            year=stock.year(),
        )
        for n in range(1, size + 1)
    ]
    if dice.chance(0.4):
        _, _, lyrics, music, album = stock.terms("song")
        rows[:0] = [f"{lyrics}, {music}: {stock.name()}", f"{album} ({stock.year()})"]
    return rows


def contents_list(stock: Stock, size: int) -> list[str]:
    """Return the contents of a book or its index: headings or words, and pages."""
    dice = stock.dice
    leader = dice.form(_LEADERS)
    page = dice.number(1, 9)
    rows = []
    if dice.chance(0.4):
        words = sorted({stock.word() for _ in range(size * 2)})[:size] or [stock.word()]
        for word in words:
            pages = sorted(dice.number(1, 400) for _ in range(dice.number(1, 4)))
            rows.append(f"{word}{dice.pick((', ', ' '))}{', '.join(map(str, pages))}")
        return rows if len(rows) >= size else rows + until(size - len(rows), lambda: [stock.word()])
    style, part = dice.number(0, 4), dice.pick(stock.terms("part")[:4])
    for n in range(1, size + 1):
        page += dice.number(1, 15)
        number = (
            f"{chapter(stock, part, n)} ",
            f"{1 + n // 4}.{1 + n % 4} ",
            f"{_ROMAN[n % 12]}. ",
            f"{n}. ",
            "",
        )[style]
        rows.append(f"{number}{stock.title()}{leader}{page}")
    return rows


def chapter(stock: Stock, part: str, n: int) -> str:
    """Return the number of a chapter or an article, as the language counts them.

    Returns
    -------
    str
        Such as "Article 3", "第3条".
    """
    if stock.language in ("zh", "ja"):
        return f"第{n}{part}"
    if stock.language == "ko":
        return f"제{n}{part}"
    return f"{part} {n}"


def event_programme(stock: Stock, size: int) -> list[str]:
    """Return what happens when: a conference, an evening of television, a feast."""
    dice = stock.dice
    form, joint = dice.form(_TIMES), dice.pick((" ", "  ", "\t", " – "))
    has_speakers, is_parted = dice.chance(0.5), dice.chance(0.25)
    hour = dice.number(7, 10)
    rows: list[str] = []
    minutes = hour * 60
    while len(rows) < size:
        if not rows or minutes > 22 * 60:
            minutes = hour * 60
            rows.append(stock.date())
        start = stock.clock(minutes // 60, minutes % 60)
        minutes += dice.pick((15, 30, 45, 60, 90))
        time = form.format(a=start, b=stock.clock(minutes // 60, minutes % 60))
        what = stock.title()
        if has_speakers and dice.chance(0.7):
            what += dice.pick((f" ({stock.name()})", f", {stock.name()}", f" / {stock.name()}"))
        rows += [time, what] if is_parted else [f"{time}{joint}{what}"]
    return rows


def reference_list(stock: Stock, size: int) -> list[str]:
    """Return the literature a paper or an article rests on."""
    dice = stock.dice
    form = dice.form(_REFERENCES)
    return [
        form.format(
            n=n,
            name=stock.name(),
            other=stock.name(),
            year=stock.year(),
            title=first_words(stock.title(), 12),
            place=stock.city(),
            site=dice.pick(stock.scene.frame.sites),
            v=dice.number(1, 90),
            i=dice.number(1, 12),
            p=dice.number(1, 300),
            q=dice.number(301, 700),
            d=dice.number(1000, 9999),
        )
        for n in range(1, size + 1)
    ]
