"""Documents that are tables: figures, properties, prices, times, matches, draws."""

from collections.abc import Callable

from classifier.corpus.grammar.dice import Forms
from classifier.corpus.grammar.odd_stock import (
    BULLETS,
    COLUMNS,
    Stock,
    capitalised,
    until,
)

_TOTALS = ("Σ", "=", "∑")
_PAIRS = Forms(
    ("{k}: {v}", "{k} {v}", "{k}\t{v}", "{k} | {v}", "{k} - {v}", "{k}:{v}", "{k} ..... {v}"),
    ("{k} = {v}", "{k}  {v}", "| {k} | {v} |", "{k} → {v}", "{k}; {v}", "– {k}: {v}"),
)
_LEADERS = Forms(
    (" ..... ", " ", "\t", " – ", "  ", " | ", ": "),
    (" …… ", " . . . . ", " ____ ", " / ", "……", " -- "),
)
_PRICES = Forms(
    ("{p} €", "${p}", "{p}", "£{p}", "{w} Kč", "{w} lei", "{w} ₽", "{w}元", "¥{w}", "{w} บาท"),
    ("€ {p}", "{p} zł", "₹{w}", "Rp {w}", "{w}円", "{w} kr", "₩{w}", "{w} Ft", "{w} ₫"),
)
_MATCHES = Forms(
    (
        *("{a} - {b} {x}:{y}", "{a} – {b} {x}:{y} ({i}:{j})", "{a} {x}-{y} {b}", "{a} vs {b}"),
        *("{time} {a} - {b}", "{a} {x} {b} {y}", "{a}\t{x}:{y}\t{b}"),
    ),
    (
        *("{a} v {b}", "{a} — {b} — {x}:{y}", "{a}/{b} {x}/{y}", "{a} | {b} | {time}"),
        *("({x}-{y}) {a} - {b}", "{a} {x} : {y} {b}", "{a}–{b} {x}–{y}"),
    ),
)
_STANDINGS = Forms(
    (
        "{n}. {a} {g} {w} {d} {l} {x}:{y} {p}",
        "{n} {a} {g} {p}",
        "{n}\t{a}\t{g}\t{w}\t{d}\t{l}\t{p}",
    ),
    ("{n}) {a} – {p}", "{a} | {g} | {x}-{y} | {p}", "{n:02} {a} {w}-{d}-{l} ({p})"),
)
_DRAWN = Forms((" ", ", ", " - ", "-", "  ", "\t"), (" · ", "/", "+", ". ", "、"))


def data_table(stock: Stock, size: int) -> list[str]:
    """Return a table: places, people, years or words, and figures in up to six columns."""
    dice = stock.dice
    labels: Callable[[], str] = dice.pick(
        (stock.city, stock.name, stock.title, stock.word, lambda: str(stock.year()), stock.date)
    )
    cells = [dice.pick(_cells(stock)) for _ in range(dice.number(1, 6))]
    table = [[labels(), *(cell() for cell in cells)] for _ in range(size)]
    if dice.chance(0.6):
        table.insert(0, dice.sample(stock.terms("heading"), len(cells) + 1))
    if dice.chance(0.3):
        total = dice.pick((stock.terms("heading")[4], *_TOTALS))
        table.insert(max(1, size - 1), [total, *(cell() for cell in cells)])
    style = dice.number(0, 9)
    if style == 0:  # as text loses its columns: one cell a line
        return [cell for row in table for cell in row]
    if style == 1:
        return [f"| {' | '.join(row)} |" for row in table]
    if style == 2:
        widths = [max(len(row[i]) for row in table if i < len(row)) for i in range(len(table[0]))]
        return [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip()
            for row in table
        ]
    joint = dice.form(COLUMNS)
    return [joint.join(row) for row in table]


def _cells(stock: Stock) -> list[Callable[[], str]]:
    dice = stock.dice
    return [
        stock.whole,
        lambda: stock.whole(99),
        stock.fraction,
        lambda: f"{stock.fraction()}{dice.pick(('%', ' %'))}",
        lambda: str(stock.year()),
        stock.measure,
        lambda: f"{dice.pick('+-±')}{stock.fraction(9, 2)}",
        lambda: dice.pick(("-", "–", "n/a", "x", "✓", "*", stock.whole(9))),
        stock.word,
        stock.clock,
        stock.date,
    ]


def specification_sheet(stock: Stock, size: int) -> list[str]:
    """Return properties and their values, under headings at times."""
    dice = stock.dice
    form = dice.form(_PAIRS)
    keys = [*stock.terms("property"), *(capitalised(stock.word()) for _ in range(size))]
    keys = dice.sample(keys, dice.number(10, len(keys)))
    values: list[Callable[[], str]] = [
        stock.measure,
        stock.measure,
        lambda: " × ".join(stock.whole(300) for _ in range(3)) + " mm",
        stock.word,
        lambda: f"{stock.whole(90)}–{stock.whole(200)} {dice.pick(('W', 'mm', '°C', 'V', 'kg'))}",
        lambda: f"{dice.pick('ABCDEFGKMRSTX')}{dice.pick('ABDEX-')}{dice.number(10, 9999)}",
        lambda: dice.pick(
            ("✓", "-", "IP67", "USB 2.0", "A++", "DIN 912", "M8", "RAL 7016", '1/2"')
        ),
        lambda: f"{stock.word()}, {stock.word()}",
    ]
    is_parted = dice.chance(0.15)  # key and value on lines of their own
    group = dice.number(4, 9) if dice.chance(0.3) else size + 1
    rows: list[str] = []
    for n in range(size):
        if n % group == group - 1:
            rows.append(stock.title())
        key, value = keys[n % len(keys)], dice.pick(values)()
        rows += [key, value] if is_parted else [form.format(k=key, v=value)]
    return rows


def price_list(stock: Stock, size: int) -> list[str]:
    """Return dishes, wares or services and what they cost."""
    dice = stock.dice
    price, leader, bullet = dice.form(_PRICES), dice.form(_LEADERS), dice.form(BULLETS)
    food = stock.terms("food")
    is_menu, has_note = dice.chance(0.4), dice.chance(0.3)

    def item() -> list[str]:
        name = ", ".join(dice.sample(food, dice.number(1, 3))) if is_menu else stock.title()
        cost = price.format(p=stock.fraction(90, 2), w=stock.whole(900))
        if dice.chance(0.3):
            name += f" {stock.whole(900)} {dice.pick(('g', 'ml', 'cm', 'kg', 'l', '%'))}"
        return [f"{name}{leader}{cost}", *([stock.phrase()] if has_note else [])]

    rows = until(size, item)
    return [bullet.format(n=n) + row for n, row in enumerate(rows, start=1)]


def departure_times(stock: Stock, size: int) -> list[str]:
    """Return a timetable: stops and times, departures of one stop, hours and minutes."""
    dice = stock.dice
    line, stop, departs, arrives, platform, workdays, weekends = stock.terms("journey")
    joint = dice.pick((" ", "  ", "\t", " | "))
    style = dice.number(0, 4)
    if style == 0:
        rows = [joint.join([stop, arrives, departs])]
        minutes = dice.number(5, 12) * 60
        for _ in range(size):
            minutes += dice.number(2, 25)
            times = (stock.clock(at // 60, at % 60) for at in (minutes, minutes + 1))
            rows.append(joint.join([stock.city(), *times]))
    elif style == 1:
        n_times, gap, first = dice.number(3, 9), dice.number(2, 9), dice.number(4, 9) * 60
        rows = [dice.pick((workdays, weekends, f"{line} {dice.number(1, 300)}"))]
        rows += [
            joint.join(
                [stock.city(), *(stock.clock(at // 60 + t, at % 60) for t in range(n_times))]
            )
            for at in range(first, first + size * gap, gap)
        ]
    elif style == 2:
        head = dice.pick((workdays, weekends, f"{stop}: {stock.city()}"))
        past = [sorted(dice.sample(range(0, 60, 3), dice.number(1, 7))) for _ in range(size)]
        rows = [head] + [
            f"{hour % 24:02}{joint}{joint.join(f'{m:02}' for m in row)}"
            for hour, row in enumerate(past, start=5)
        ]
    elif style == 3:
        rows = [
            f"{stock.clock()} {stock.city()} – {stock.city()} {platform} {dice.number(1, 19)}"
            for _ in range(size)
        ]
    else:
        rows = until(
            size,
            lambda: [
                f"{line} {dice.number(1, 200)}",
                " – ".join(stock.city() for _ in range(dice.number(2, 6))),
                f"{dice.pick((workdays, weekends))}: {stock.clock()}, {stock.clock()}",
            ],
        )
    return rows


def match_results(stock: Stock, size: int) -> list[str]:
    """Return matches by day, with or without results, or the table of a league."""
    dice = stock.dice
    teams = [stock.city() for _ in range(12)]
    if dice.chance(0.3):
        form = dice.form(_STANDINGS)
        points = sorted((dice.number(0, 90) for _ in range(size)), reverse=True)
        return [_standing(stock, form, n, p) for n, p in enumerate(points, start=1)]
    form = dice.form(_MATCHES)
    results = stock.terms("genre")[0]
    days = dice.number(2, 7)

    def day() -> list[str]:
        head = dice.pick((stock.date(), results, f"{dice.number(1, 38)}.", stock.date()))
        matches = [
            form.format(
                a=home, b=guest, time=stock.clock(), **{k: dice.number(0, 5) for k in "xyij"}
            )
            for home, guest in (dice.sample(teams, 2) for _ in range(days))
        ]
        return [head, *matches]

    return until(size, day)


def _standing(stock: Stock, form: str, n: int, points: int) -> str:
    dice = stock.dice
    w, d, lost = points // 3, points % 3, dice.number(0, 8)
    return form.format(
        n=n,
        a=stock.city(),
        g=w + d + lost,
        w=w,
        d=d,
        l=lost,
        x=dice.number(5, 60),
        y=dice.number(5, 60),
        p=points,
    )


def draw_record(stock: Stock, size: int) -> list[str]:
    """Return drawn numbers by date, and what the prizes are, as papers print them."""
    dice = stock.dice
    head, numbers, prize, bonus = stock.terms("draw")
    joint, places = dice.form(_DRAWN), dice.number(3, 8)
    high, style = dice.pick((9, 36, 49, 80, 99)), dice.number(0, 3)

    def drawn() -> str:
        if high == 9:
            return joint.join(str(dice.number(0, 9)) for _ in range(places))
        return joint.join(map(str, sorted(dice.sample(range(1, high + 1), places))))

    def draw() -> list[str]:
        name = head.format(n=dice.number(10, 3000))
        if style == 0:
            return [f"{stock.date()} {drawn()}"]
        if style == 1:
            return [
                f"{name} {stock.date()}",
                f"{numbers}: {drawn()}",
                f"{bonus}: {dice.number(0, 99)}",
            ]
        if style == 2:
            return [stock.date(), drawn()]
        return [
            f"{name} {stock.date()}",
            *(f"{prize.rstrip('1I')}{n} {drawn()}" for n in (1, 2, 3)),
        ]

    return until(size, draw)
