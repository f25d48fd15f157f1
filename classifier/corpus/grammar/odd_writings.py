"""Documents that are texts of odd forms: entries, threads, verse, talk, two languages, briefs."""

from classifier.corpus.grammar.dice import Forms
from classifier.corpus.grammar.odd_sayings import UTTERANCES, sayings
from classifier.corpus.grammar.odd_stock import (
    COLUMNS,
    Stock,
    capitalised,
    first_words,
    until,
)
from classifier.corpus.grammar.page import BODY, BOILERPLATE, MadeLine
from classifier.corpus.grammar.wording import squeezed, without_accents

_ENTRIES = Forms(
    ("{t} – {d}", "{t}: {d}", "{t}\t{d}", "{t} - {d}", "{t} ({p}) {d}", "{t} = {d}", "{t}. {d}"),
    ("{t} → {d}", "{t} | {d}", "{t}, {p} {d}", "{t} [{p}] {d}", "• {t}: {d}", "{t} ⇒ {d}"),
)
_PARTS_OF_SPEECH = (
    "n.",
    "v.",
    "adj.",
    "s.",
    "m.",
    "f.",
    "pl.",
    "adv.",
    "名",
    "动",
    "น.",
    "ก.",
    "сущ.",
)
_SPEAKERS = Forms(
    ("{w}: {t}", "{w}. {t}", "{W}: {t}", "– {t}", "— {t}", "{w} — {t}", "“{t}”", "<{w}> {t}"),
    ("[{c}] {w}: {t}", "{w}\t{t}", "{W}. – {t}", "«{t}»", "{w} ({c}) {t}", "{w}：{t}"),
)
_MARKS = Forms(
    ("【{m}】{t}", "【{m}】{t}", "[{m}] {t}", "({m}) {t}", "［{m}］{t}", "{m}: {t}", "「{m}」{t}"),
    ("〔{m}〕{t}", "『{m}』{t}", "<{m}> {t}", "{t}【{m}】", "{t}（{m}）", "■{m}　{t}"),
)


def glossary(stock: Stock, size: int) -> list[str]:
    """Return terms and what they mean, under letters at times; entries of a dictionary."""
    dice = stock.dice
    form = dice.form(_ENTRIES)
    is_parted, has_letters, is_short = dice.chance(0.15), dice.chance(0.2), dice.chance(0.4)
    terms = [dice.pick((stock.word, stock.word, stock.title))() for _ in range(size)]
    terms.sort(key=str.casefold)
    rows: list[str] = []
    for before, term in zip(["", *terms], terms, strict=False):
        if has_letters and term[:1].upper() != before[:1].upper():
            rows.append(term[:1].upper())
        meaning = stock.phrase() if is_short else stock.sentence()
        if dice.chance(0.1):
            meaning = f"{dice.pick(('→', 'cf.', '=', '↑'))} {stock.word()}"
        speech = dice.pick(_PARTS_OF_SPEECH)
        rows += [term, meaning] if is_parted else [form.format(t=term, d=meaning, p=speech)]
    return rows


def forum_thread(stock: Stock, size: int) -> list[MadeLine]:
    """Return posts and answers: names and dates are frame, what is said and quoted content."""
    dice = stock.dice
    talk = sayings(UTTERANCES, stock.language)
    has_date, has_quotes, is_chat = dice.chance(0.7), dice.chance(0.4), dice.chance(0.3)
    quote = dice.pick(("> ", ">> ", "| "))
    users = [_user(stock) for _ in range(5)]
    lines: list[MadeLine] = []
    said = stock.sentence()
    while len(lines) < size:
        texts = [stock.sentence()] if not talk or dice.chance(0.7) else [dice.pick(talk)]
        if dice.chance(0.3):
            texts.append(dice.pick(talk) if talk and dice.chance(0.4) else stock.sentence())
        user = dice.pick(users)
        if is_chat:
            clock = f"[{stock.clock()}] " if has_date else ""
            lines += [MadeLine(f"{clock}{user}: {text}", "c", role=BODY) for text in texts]
            continue
        heads = [user, *([f"{stock.date()} {stock.clock()}"] if has_date else [])]
        lines += [MadeLine(text, BOILERPLATE) for text in heads]
        if has_quotes and dice.chance(0.5):
            lines.append(MadeLine(f"{quote}{said}", "c", role=BODY))
        lines += [MadeLine(text, "c", role=BODY) for text in texts]
        said = texts[0]
    return lines


def _user(stock: Stock) -> str:
    dice = stock.dice
    plain = squeezed(without_accents(stock.name())).lower().strip(".,")
    return dice.pick((stock.name(), plain, f"{plain}{dice.number(1, 99)}", stock.word()))


def poem(stock: Stock, size: int) -> list[str]:
    """Return verse in stanzas, numbered at times; songs with their chorus."""
    dice = stock.dice
    words = dice.number(2, 6)
    verse, stanzas = dice.number(2, 6), dice.pick(("blank", "number", "song", "none"))
    is_lower, end = dice.chance(0.3), dice.pick(("", "", ",", " /"))
    number = dice.pick(("{n}", "{n}.", "* * *", "({n})"))
    chorus_name, verse_name, *_ = stock.terms("song")
    lines = [first_words(text, words) for text in stock.run(size)]
    lines = [text.lower() if is_lower else capitalised(text) for text in lines]
    chorus = lines[: dice.number(1, 3)]
    rows: list[str] = []
    for n, start in enumerate(range(0, size, verse), start=1):
        if stanzas == "number":
            rows.append(number.format(n=n))
        elif stanzas == "song":
            name = chorus_name if n % 2 == 0 else f"{verse_name} {n // 2 + 1}"
            rows += ["", f"[{name}]" if is_lower else f"{name}:"]
        elif stanzas == "blank" and n > 1:
            rows.append("")
        is_chorus = stanzas == "song" and n % 2 == 0
        rows += chorus if is_chorus else [f"{text}{end}" for text in lines[start : start + verse]]
    return rows


def dialogue(stock: Stock, size: int) -> list[str]:
    """Return a play, an interview, subtitles: who speaks and what is said."""
    dice = stock.dice
    form = dice.form(_SPEAKERS)
    talk = sayings(UTTERANCES, stock.language)
    who = [dice.pick((stock.name, stock.name, stock.word))() for _ in range(dice.number(2, 4))]
    style = dice.number(0, 9)
    if style == 0:
        return _subtitles(stock, size)

    def turn() -> list[str]:
        speaker = dice.pick(who)
        text = dice.pick(talk) if talk and dice.chance(0.2) else stock.sentence()
        rows = [form.format(w=speaker, W=speaker.upper(), t=text, c=stock.clock())]
        if style == 1:  # the name on a line of its own
            rows = [speaker.upper(), text]
        if dice.chance(0.08):
            rows.append(f"({stock.phrase()})")
        return rows

    return until(size, turn)


def _subtitles(stock: Stock, size: int) -> list[str]:
    dice = stock.dice
    rows: list[str] = []
    second = dice.number(0, 60)
    for n in range(1, size // 3 + 2):
        start = f"00:{second // 60:02}:{second % 60:02},{dice.number(0, 999):03}"
        second += dice.number(1, 6)
        end = f"00:{second // 60:02}:{second % 60:02},{dice.number(0, 999):03}"
        rows += [str(n), f"{start} --> {end}", first_words(stock.sentence(), 8), ""]
    return rows


def parallel_text(stock: Stock, size: int) -> list[str]:
    """Return a text in two languages: line by line, side by side, or as a list of words."""
    dice, scene = stock.dice, stock.scene
    others = sorted({*scene.materials.frames, *scene.materials.headlines} - {scene.language})
    other = "en" if "en" in others and dice.chance(0.4) else dice.pick(others or [scene.language])
    joint, style = dice.form(COLUMNS), dice.number(0, 4)
    if style == 0:
        return until(size, lambda: [stock.sentence(), _text_in(other, stock)])
    if style == 1:
        return [f"{stock.word()}{joint}{_word_in(other, stock)}" for _ in range(size)]
    if style == 2:
        return until(size, lambda: ["", capitalised(stock.phrase()), _phrase_in(other, stock)])
    if style == 3:
        half = max(2, size // 2)
        texts = [stock.sentence() for _ in range(half)]
        return texts + [_text_in(other, stock) for _ in range(size - half)]
    return [f"{capitalised(stock.phrase())}{joint}{_phrase_in(other, stock)}" for _ in range(size)]


def _text_in(language: str, stock: Stock) -> str:
    return stock.scene.sentence(language) or stock.scene.headline(language)


def _phrase_in(language: str, stock: Stock) -> str:
    """Return the beginning of a text; whole headlines below each other would be links."""
    return first_words(_text_in(language, stock), stock.dice.number(2, 7))


def _word_in(language: str, stock: Stock) -> str:
    lexicon = stock.scene.materials.frames.get(language)
    if lexicon and stock.dice.chance(0.8):
        return stock.dice.pick((*lexicon.spam.salad, *lexicon.frame.sections))
    return first_words(stock.scene.headline(language), 2)


def news_in_brief(stock: Stock, size: int) -> list[str]:
    """Return news in brief: each with a marked headline, as 【…】, and a sentence or two."""
    dice, scene = stock.dice, stock.scene
    form = dice.form(_MARKS)
    mark = dice.pick((stock.city, stock.date, lambda: dice.pick(scene.frame.sections), stock.word))

    def brief() -> list[str]:
        head = form.format(m=mark(), t=stock.headline())
        return [head, *(stock.sentence() for _ in range(dice.number(1, 2)))]

    return until(size, brief)
