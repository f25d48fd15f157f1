"""What one document of an odd form is written with: words, names, dates and figures at hand."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle

from classifier.corpus.grammar.dice import Dice, Forms
from classifier.corpus.grammar.odd_sayings import month
from classifier.corpus.grammar.odd_wording import terms
from classifier.corpus.grammar.page import CONTENT, Page
from classifier.corpus.grammar.scene import Scene
from classifier.corpus.grammar.wording import clipped, is_mark, is_unspaced, word_gaps

COLUMNS = Forms(
    (" ", "\t", " | ", "  ", ", ", "     ", "|", "\t", " - "),
    ("; ", " / ", " · ", "\t\t", " ¦ ", " – "),
)
"""What parts the columns of a table or the halves of an entry."""

BULLETS = Forms(
    ("", "", "- ", "* ", "• ", "{n}. ", "{n}) ", "· ", "{n:02} ", "– ", "({n}) ", "#{n} ", "— "),
    ("", "◦ ", "{n} - ", "[{n}] ", "▪ ", "+ ", "№{n} ", "{n}: ", "→ ", "● "),
)
"""What stands before the items of a list."""

_DATES = Forms(
    (
        *("{y}-{m:02}-{d:02}", "{d:02}.{m:02}.{y}", "{d:02}/{m:02}/{y}", "{d} {month} {y}"),
        *("{d} {month}, {y}", "{d}.{m}.", "{d:02}/{m:02}", "{d} {month}"),
    ),
    ("{d:02}-{m:02}-{y}", "{y}/{m:02}/{d:02}", "{d}. {month} {y}", "{y}.{m}.{d}", "{m}/{d}/{y}"),
)
_EAST_ASIAN_DATES = {
    "zh": ("{y}年{m}月{d}日", "{m}月{d}日"),
    "ja": ("{y}年{m}月{d}日", "{m}月{d}日"),
    "ko": ("{y}년 {m}월 {d}일", "{m}월 {d}일"),
    "vi": ("ngày {d} tháng {m} năm {y}", "{d}/{m}"),
}
_CLOCKS = Forms(("{h:02}:{m:02}", "{h:02}:{m:02}", "{h}.{m:02}"), ("{h}h{m:02}", "{h:02}.{m:02}"))
_NAMES = Forms(
    ("{first} {last}", "{first} {last}", "{first} {last}", "{last}, {first}", "{f}. {last}"),
    ("{LAST} {first}", "{last} {f}.", "{first} {l}.", "{last} {first}"),
)
_UNITS = (
    *("kg", "cm", "mm", "km", "W", "kW", "g", "ml", "l", "°C", "GB", "h", "min", "m²", "m³", "V"),
    *("Hz", "km/h", "dB", "bar", "ha", "t", "MB", "rpm", "lm", "mAh", "kcal", "MHz", "cm³", "%"),
)
_DIGITS = {
    "ar": "٠١٢٣٤٥٦٧٨٩",
    "fa": "۰۱۲۳۴۵۶۷۸۹",
    "ur": "۰۱۲۳۴۵۶۷۸۹",
    "hi": "०१२३४५६७८९",
    "mr": "०१२३४५६७८९",
    "bn": "০১২৩৪৫৬৭৮৯",
    "th": "๐๑๒๓๔๕๖๗๘๙",
}
_SENTENCE_END = re.compile(r"(?<=[.!?।۔؟։])\s+|(?<=[。！？])")
_PHRASE_END = re.compile(
    r"[.,;:!?()\[\]\"«»„“”…،؛؟，、。；：！？।۔։《》「」『』【】（）［］・·—–|/\t]+|\s-\s"
)
_ENGLISH = (
    *("water", "river", "school", "garden", "letter", "winter", "market", "bridge", "paper"),
    *("window", "stone", "morning", "island", "silver", "village", "travel", "harbour", "forest"),
)
_SHORTEST_PHRASE, _LONGEST_PHRASE = 6, 48
_LONGEST_SENTENCE = 240
_LONGEST_UNCUT = 30
_ENOUGH, _MOST_SENTENCES, _MOST_PHRASES = 40, 80, 120


@dataclass(frozen=True, slots=True)
class Stock:
    """Pieces of one language, and how this document writes dates, times and figures.

    Attributes
    ----------
    scene
        Of the page.
    words
        Single words; of languages without spaces, short pieces among them.
    phrases
        Parts of the sentences, in their order.
    proper
        Words that seem to be names, for languages without a lexicon.
    date_form, clock_form, name_form
        Templates.
    decimal, thousands
        What parts decimals and thousands.
    """

    scene: Scene
    words: tuple[str, ...]
    phrases: tuple[str, ...]
    proper: tuple[str, ...]
    date_form: str
    clock_form: str
    name_form: str
    decimal: str
    thousands: str
    _next_word: Iterator[str]
    _next_phrase: Iterator[str]
    _next_sentence: Iterator[str]
    _next_city: Iterator[str]

    @property
    def dice(self) -> Dice:
        """Of the page."""
        return self.scene.dice

    @property
    def language(self) -> str:
        """Of the document."""
        return self.scene.language

    def terms(self, theme: str) -> tuple[str, ...]:
        """Return the words of a theme, or as many words of the host where there are none."""
        known = terms(theme, self.language)
        if known:
            return known
        size = len(terms(theme, "en"))
        return tuple(capitalised(word) for word in self.dice.many(self.words, size))

    def word(self) -> str:
        """Return a word that was not given before, as long as there are such."""
        return next(self._next_word)

    def phrase(self) -> str:
        """Return a part of a sentence, another each time."""
        return next(self._next_phrase)

    def sentence(self) -> str:
        """Return a sentence, that which follows the last one."""
        return next(self._next_sentence)

    def headline(self) -> str:
        """Return a headline in the document's language, a sentence where there is none."""
        if self.language in self.scene.materials.headlines:
            return self.scene.headline(self.language)
        return first_words(self.sentence(), 12).rstrip(".。।")

    def title(self) -> str:
        """Return what can name a piece: a word, a phrase or a headline."""
        style = self.dice.number(0, 5)
        if style == 0:
            return capitalised(self.word())
        if style == 1:
            return first_words(self.headline(), self.dice.number(2, 6))
        return capitalised(first_words(self.phrase(), self.dice.number(1, 5)))

    def run(self, size: int) -> list[str]:
        """Return `size` phrases that follow each other, from the start again after the last."""
        start = self.dice.number(0, len(self.phrases) - 1)
        return [self.phrases[(start + i) % len(self.phrases)] for i in range(size)]

    def name(self) -> str:
        """Return a person's name, in the way of this document."""
        dice = self.dice
        if self.proper and dice.chance(0.7):
            parts = [dice.pick(self.proper), dice.pick(self.proper)]
        else:
            full = dice.pick(self.scene.frame.names)
            parts = full.split()
            others = dice.pick(self.scene.frame.names).split()
            if len(parts) == len(others) == 2:
                parts = [parts[0], others[1]]
        if len(parts) != 2:
            return " ".join(parts)
        first, last = parts
        return self.name_form.format(
            first=first, last=last, LAST=last.upper(), f=first[:1], l=last[:1]
        )

    def city(self) -> str:
        """Return the name of a place, another each time."""
        return next(self._next_city)

    def year(self) -> int:
        """Return a year."""
        return self.dice.number(1880 if self.dice.chance(0.2) else 1985, 2026)

    def date(self, year: int | None = None) -> str:
        """Return a date, in the way of this document."""
        number = self.dice.number(1, 12)
        return self.date_form.format(
            y=year or self.dice.number(1995, 2026),
            m=number,
            d=self.dice.number(1, 28),
            month=month(self.language, number) or number,
        )

    def clock(self, hour: int | None = None, minute: int | None = None) -> str:
        """Return a time of day, in the way of this document."""
        hour = self.dice.number(5, 23) if hour is None else hour
        minute = self.dice.number(0, 11) * 5 if minute is None else minute
        return self.clock_form.format(h=hour % 24, m=minute % 60)

    def whole(self, most: int = 9999) -> str:
        """Return a whole number."""
        return f"{self.dice.number(0, most):,}".replace(",", self.thousands)

    def fraction(self, most: int = 99, digits: int = 1) -> str:
        """Return a number with decimals."""
        high = 10**digits - 1
        return f"{self.dice.number(0, most)}{self.decimal}{self.dice.number(0, high):0{digits}}"

    def measure(self) -> str:
        """Return a figure with its unit."""
        dice = self.dice
        figure = self.whole(900) if dice.chance(0.6) else self.fraction(40, dice.number(1, 2))
        return f"{figure}{'' if dice.chance(0.3) else ' '}{dice.pick(_UNITS)}"

    def numerals(self, text: str) -> str:
        """Return `text` with the digits of the language's own script."""
        digits = _DIGITS.get(self.language)
        return text.translate(str.maketrans("0123456789", digits)) if digits else text


def stock_of(page: Page, scene: Scene) -> Stock:
    """Return what a document in the scene's language is written with, of the page's own first."""
    dice = scene.dice
    texts = [page.lines[i].text for i in page.body if page.lines[i].code == CONTENT]
    own = _sentences(texts)
    start = dice.number(0, max(0, len(own) - 1))
    if len(own) < _ENOUGH:
        texts = [text for text in (scene.sentence() for _ in range(_ENOUGH - len(own))) if text]
        if not own and not texts:
            texts = scene.headlines(_ENOUGH)
    else:
        texts = []
    sentences = [*own[start:], *_sentences(texts), *own[:start]][:_MOST_SENTENCES]
    sentences = sentences or [" ".join(_ENGLISH)]
    phrases = _phrases(sentences)[:_MOST_PHRASES] or sentences
    lexicon = scene.materials.frames.get(scene.language)
    words = _words(phrases)
    if lexicon:
        words += dice.many((*lexicon.spam.salad, *lexicon.frame.sections), max(12, len(words)))
    words = words or list(_ENGLISH)
    proper = [] if lexicon else _proper(sentences)
    cities = proper if proper and dice.chance(0.6) else scene.frame.cities
    decimal = dice.pick((".", ","))
    return Stock(
        scene=scene,
        words=tuple(words),
        phrases=tuple(phrases),
        proper=tuple(proper),
        date_form=_date_form(dice, scene.language),
        clock_form=dice.form(_CLOCKS),
        name_form=dice.form(_NAMES),
        decimal=decimal,
        thousands=dice.pick(("", " ", "." if decimal == "," else ",")),
        _next_word=_shuffled(dice, words),
        _next_phrase=_shuffled(dice, phrases),
        _next_sentence=cycle(dict.fromkeys(sentences)),
        _next_city=_shuffled(dice, cities),
    )


def capitalised(text: str) -> str:
    """Return `text` with a capital first letter and the rest as it is."""
    return text[:1].upper() + text[1:]


def first_words(text: str, size: int) -> str:
    """Return the first `size` words of `text`; without spaces, up to the first one or so."""
    if is_unspaced(text):
        first = next(iter(_phrases([text])), text)
        return first if len(first) <= _LONGEST_UNCUT else clipped(first, 0, _LONGEST_UNCUT)
    gaps = word_gaps(text)
    return clipped(text, 0, gaps[size - 1]) if size <= len(gaps) else text.strip()


def numbered(dice: Dice, items: Sequence[str]) -> list[str]:
    """Return items with one bullet or numbering for all."""
    bullet = dice.form(BULLETS)
    return [f"{bullet.format(n=n)}{item}" for n, item in enumerate(items, start=1)]


def until(size: int, piece: Callable[[], Sequence[str]]) -> list[str]:
    """Return rows of pieces, as many pieces as make `size` rows."""
    rows: list[str] = []
    while len(rows) < size:
        rows += piece()
    return rows


def _shuffled(dice: Dice, items: Sequence[str]) -> Iterator[str]:
    """Return different items in random order, from the start again after the last."""
    different = list(dict.fromkeys(items))
    return cycle(dice.sample(different, len(different)))


def _date_form(dice: Dice, language: str) -> str:
    own = _EAST_ASIAN_DATES.get(language)
    if own and dice.chance(0.5):
        return dice.pick(own)
    form = dice.form(_DATES)
    while "month" in form and not month(language, 1):
        form = dice.form(_DATES)
    return form


def _sentences(texts: Sequence[str]) -> list[str]:
    """Return the sentences of lines, those too long cut between words."""
    parts = [part.strip() for text in texts for part in _SENTENCE_END.split(text)]
    return [clipped(part, 0, _LONGEST_SENTENCE) for part in parts if len(part) > _SHORTEST_PHRASE]


def _phrases(sentences: Sequence[str]) -> list[str]:
    pieces = [piece.strip(" *-•#><~_'") for text in sentences for piece in _PHRASE_END.split(text)]
    if is_unspaced("".join(sentences[:5])):  # there a space ends a phrase
        pieces = [part for piece in pieces for part in piece.split()]
    short = [
        piece if len(piece) <= _LONGEST_PHRASE else _cut(piece)
        for piece in pieces
        if any(c.isalpha() for c in piece)
    ]
    return [piece for piece in short if len(piece) >= _SHORTEST_PHRASE // 2]


def _cut(phrase: str) -> str:
    """Return the beginning of a phrase that is too long."""
    gaps = word_gaps(phrase)
    fitting = [at for at in gaps[:12] if at <= _LONGEST_PHRASE]
    return clipped(phrase, 0, fitting[-1] if fitting else _LONGEST_PHRASE)


def _words(phrases: Sequence[str]) -> list[str]:
    if is_unspaced("".join(phrases[:20])):
        return [piece for piece in phrases if len(piece) <= _SHORTEST_PHRASE]
    tokens = [token for phrase in phrases for token in phrase.split()]
    return [token for token in tokens if 3 <= len(token) <= 18 and _is_word(token)]


def _proper(sentences: Sequence[str]) -> list[str]:
    """Return words with a capital inside sentences, of scripts that have capitals."""
    tokens = [token.strip(".,;:!?()\"'«»„“”") for text in sentences for token in text.split()[1:]]
    return [token for token in tokens if len(token) > 3 and _is_word(token) and token.istitle()]


def _is_word(token: str) -> bool:
    return all(c.isalpha() or is_mark(c) for c in unicodedata.normalize("NFC", token))
