"""Documents that are written to a pattern: code, law, mathematics, papers, recipes, exams."""

from classifier.corpus.grammar.dice import Forms
from classifier.corpus.grammar.odd_listings import chapter
from classifier.corpus.grammar.odd_sayings import CLAUSES, sayings
from classifier.corpus.grammar.odd_stock import (
    Stock,
    capitalised,
    numbered,
    until,
)
from classifier.corpus.grammar.wording import without_accents

_CLAUSE_NUMBERS = Forms(
    ("({n}) ", "{a}.{n}. ", "{n}. ", "{l}) ", "{a}.{n} ", "§ {n} "),
    ("{n}° ", "({l}) ", "{a}-{n}. ", "{n}.- ", "{r}. "),
)
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_QUESTIONS = Forms(
    (("Q: ", "A: "), ("{n}. ", ""), ("– ", "– "), ("", "")), (("Q. ", "A. "), ("▶ ", ""))
)
_CODE = Forms(
    (
        ("def {a}_{b}({c}):", "    # {text}", "    {b} = {c} + {n}", "    return {b}", ""),
        ("import {a}", "from {b} import {c}", "{a}.{c}('{text}', {n})", "print({a}.{b}[{n}])"),
        ("$ {a} --{b}={n} {c}.txt", "{text}", "$ cd /usr/{a}/{b} && make {c}", "{a}: {n} files"),
        ("SELECT {a}, {b}", "  FROM {c}", " WHERE {a} > {n};", "-- {text}"),
        ("{{", '  "{a}": {n},', '  "{b}": "{text}",', '  "{c}": [{n}, {n}]', "}}"),
        ('<{a} id="{b}">', "  <{c}>{text}</{c}>", "</{a}>"),
        ("for (int {a} = 0; {a} < {n}; {a}++) {{", "    {b}[{a}] = {c};", "}}", "// {text}"),
        ("[{a}]", "{b} = {n}", "{c} = {text}", "; {text}", ""),
        ("{date} {clock} INFO {a}: {text}", "{date} {clock} WARN {b}.{c}: {n}"),
    ),
    (
        ("fn {a}({b}: u32) -> u32 {{", "    // {text}", "    {b} * {n}", "}}"),
        ("{a}:", "  {b}: {n}", "  {c}:", '    - "{text}"', "  # {text}"),
        ("--- {a}/{b}.c", "+++ {a}/{b}.c", "@@ -{n},7 +{n},7 @@", "-  {c} = 0;", "+  {c} = {n};"),
        ("function {a}({b}) {{", "  const {c} = {b} ?? {n}; // {text}", "  return {c};", "}}"),
        (".{a} {{", "  {b}: {n}px;", "}}", "/* {text} */"),
        ("{a};{b};{c}", "{n};{text};{n}", "{n};{text};{n}", "{n};{text};{n}"),
    ),
)
_NAMES = ("value", "index", "total", "item", "path", "node", "size", "user", "count", "key", "row")
_FORMULAS = Forms(
    (
        *("{x}² + {a}{x} − {b} = 0", "{x} = {a}, {y} = {b}", "f({x}) = {a}{x}³ − {b}{x}"),
        *(
            "∑ {x}ᵢ ≤ {a}",
            "lim {x}→∞ ({x} + {a})/{x} = 1",
            "{x} ∈ ℝ, {x} > {a}",
            "{x}/{y} = {a}/{b}",
        ),
        *(
            "{a} × {b} = {ab}",
            "{a} + {b} = {sum}",
            "P({x} | {y}) = 0.{a}",
            "∫ {x} d{x} = {x}²/2 + C",
        ),
        *(
            "\\frac{{{x}}}{{{a}}} = \\sqrt{{{b}}}",
            "{x}_{{n+1}} = {a}{x}_n + {b}",
            "⇒ {x} = {a}   ({n})",
        ),
        *("| {a} {b} |", "|{x} − {y}| < ε", "{a} {b} {sum}", "{x} ≡ {a} (mod {b})"),
    ),
    (
        *(
            "{x} ↦ {a}{x} + {b}",
            "∀{x} ∃{y}: {x} < {y} + {a}",
            "$${x}^{a} - {b} = {y}$$",
            "{a} · {b} = {ab}",
        ),
        *(
            "det A = {a}",
            "{sum} − {a} = {b}",
            "[{a}, {b}; {b}, {a}]",
            "∂{x}/∂{y} = {a}",
            "{x}̄ = {a} ± {b}",
        ),
    ),
)
_OPTIONS = Forms(
    (("a) ", "b) ", "c) ", "d) "), ("A. ", "B. ", "C. ", "D. ")), (("(1) ", "(2) ", "(3) "),)
)
_AMOUNTS = (
    "1",
    "2",
    "3",
    "1/2",
    "½",
    "¼",
    "100 g",
    "250 g",
    "500 g",
    "200 ml",
    "2 dl",
    "1 kg",
    "1–2",
)


def source_code(stock: Stock, size: int) -> list[str]:
    """Return code, commands, settings or a log, with comments of the host's words."""
    dice = stock.dice
    forms = dice.sample(_CODE.held_out if dice.held_out else _CODE.usual, dice.number(1, 2))
    own = [without_accents(word).lower() for word in dice.sample(stock.words, 40)]
    names = [word for word in own if word.isascii() and word.isidentifier()] or list(_NAMES)
    if dice.chance(0.3):
        names += _NAMES

    def block() -> list[str]:
        facts = {name: dice.pick(names) for name in "abc"}
        return [
            line.format(
                text=stock.phrase(),
                n=dice.number(0, 4096),
                date=f"{dice.number(2012, 2026)}-{dice.number(1, 12):02}-{dice.number(1, 28):02}",
                clock=f"{dice.number(0, 23):02}:{dice.number(0, 59):02}",
                **facts,
            )
            for line in dice.pick(forms)
        ]

    rows = until(size, block)
    if dice.chance(0.15):
        rows = [f"{n:>3} {row}" if row else row for n, row in enumerate(rows, start=1)]
    return rows


def statute(stock: Stock, size: int) -> list[str]:
    """Return articles and paragraphs of a law, a contract, rules; in capitals at times."""
    dice = stock.dice
    part = dice.pick(stock.terms("part")[:3])
    form = dice.form(_CLAUSE_NUMBERS)
    known = sayings(CLAUSES, stock.language)
    clauses = dice.sample(known, len(known))
    is_titled, is_upper = dice.chance(0.4), dice.chance(0.15)
    article = dice.number(0, 40)

    def section() -> list[str]:
        nonlocal article
        article += 1
        head = chapter(stock, part, article)
        if is_titled:
            head += dice.pick((". ", " – ", " ")) + stock.title()
        rows = [head.upper() if dice.chance(0.3) else head]
        for n in range(1, dice.number(2, 6)):
            text = stock.sentence()
            if clauses and dice.chance(0.25):
                text = clauses.pop().format(n=dice.number(1, 30), date=stock.date())
            number = form.format(n=n, a=article, l="abcdefgh"[n - 1], r=_ROMAN[n - 1])
            rows.append(number + text)
        return rows

    rows = until(size, section)
    return [row.upper() for row in rows] if is_upper else rows


def theorem(stock: Stock, size: int) -> list[str]:
    """Return mathematics: statements, proofs, formulas, sums, rows of numbers."""
    dice = stock.dice
    statement, proof = stock.terms("paper")[5:7]
    is_bare = dice.chance(0.3)
    form = dice.form(_FORMULAS)

    def formula() -> str:
        a, b = dice.number(1, 99), dice.number(2, 40)
        x, y = dice.sample("xyzabnktuvpq", 2)
        drawn = form if is_bare else dice.form(_FORMULAS)
        return drawn.format(x=x, y=y, a=a, b=b, ab=a * b, sum=a + b, n=dice.number(1, 60))

    def piece() -> list[str]:
        if is_bare:
            return [formula()]
        head = f"{statement} {dice.number(1, 9)}.{dice.number(1, 20)}. {stock.sentence()}"
        return [head, *(formula() for _ in range(dice.number(1, 4))), f"{proof}. {formula()} ∎"]

    rows = until(size, piece)
    return numbered(dice, rows) if is_bare and dice.chance(0.4) else rows


def paper_front(stock: Stock, size: int) -> list[str]:
    """Return how a paper begins: authors, abstract, lines of keywords, headings."""
    dice = stock.dice
    abstract, keywords, introduction, conclusion, *_ = stock.terms("paper")
    joint = dice.pick((", ", "; ", " · ", " – ", "，", "、", " "))
    colon = dice.pick((": ", "：", ". ", " — "))

    def key_line(name: str) -> str:
        size = dice.number(3, 9)
        terms = [dice.pick((stock.word, stock.title))() for _ in range(size)]
        return f"{name}{colon}{joint.join(terms)}"

    def paper() -> list[str]:
        authors = [f"{stock.name()}{dice.pick(('', '¹', '²', '*', ' (1)'))}" for _ in range(3)]
        rows = [
            capitalised(stock.phrase()),
            ", ".join(authors[: dice.number(1, 3)]),
            f"{dice.pick(stock.scene.frame.sites)}, {stock.city()}",
            f"{abstract}{colon}{stock.sentence()} {stock.sentence()}",
            key_line(keywords),
            *([key_line("Keywords")] if keywords != "Keywords" and dice.chance(0.4) else []),
            f"doi:10.{dice.number(1000, 9999)}/{dice.number(100, 99999)}",
            f"1. {introduction}",
            stock.sentence(),
            f"{dice.number(2, 6)}. {conclusion}",
            stock.sentence(),
        ]
        return rows[: dice.number(5, len(rows))]

    return until(size, paper)


def kitchen_recipe(stock: Stock, size: int) -> list[str]:
    """Return a dish: what goes into it by amounts, and what is to be done."""
    dice = stock.dice
    ingredients, method, *spoons, minutes = stock.terms("kitchen")
    food = stock.terms("food")
    is_amount_last = dice.chance(0.3)
    n_items = min(max(2, size // 2), dice.number(3, 12))
    items = []
    for name in dice.sample(food, n_items):
        amount = dice.pick(_AMOUNTS)
        if amount[-1].isdigit() or amount in "½¼":
            amount += f" {dice.pick(spoons)}" if dice.chance(0.9) else ""
        items.append(f"{name} {amount}" if is_amount_last else f"{amount} {name}")
    steps = numbered(dice, [stock.sentence() for _ in range(max(1, size - n_items - 3))])
    time = f"{dice.number(5, 90)} {minutes}"
    return [time, ingredients, *numbered(dice, items), method, *steps]


def exam_paper(stock: Stock, size: int) -> list[str]:
    """Return questions with choices, gaps to fill, questions and answers."""
    dice = stock.dice
    style = dice.number(0, 2)
    letters = dice.form(_OPTIONS)
    ask, answer = dice.form(_QUESTIONS)
    number = dice.number(0, 20)

    def question() -> list[str]:
        nonlocal number
        number += 1
        text = f"{number}. {stock.sentence()}"
        if style == 0:
            return [text, *(f"{letter}{stock.word()}" for letter in letters)]
        if style == 1:
            at = text.find(" ", len(text) // 2)
            return [f"{text[:at]} ______{text[at:]}" if at > 0 else f"{text} (    )"]
        return [f"{ask.format(n=number)}{stock.phrase()}?", f"{answer}{stock.sentence()}"]

    return until(size, question)
