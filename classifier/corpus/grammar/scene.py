"""What one made page is about: its keyword, brand, contacts, site and languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from classifier.corpus.grammar import contacts
from classifier.corpus.grammar.dice import Dice
from classifier.corpus.grammar.holdout import HELD_OUT_LANGUAGES
from classifier.corpus.grammar.wording import made_up_query, without_accents, without_punctuation
from classifier.corpus.lexicons import Frame, Lexicon, Spam
from classifier.datamodels import LabelledDocument

_OWN_LANGUAGE_SHARE = 0.6
_MADE_UP_SHARE = 0.15
_MADE_UP_WITHOUT_LEXICON_SHARE = 0.5

_PERCENTS = (
    *("100%", "50%", "200%", "30%", "88k", "150%"),
    *("20 %", "1.5%", "70%", "$100", "99k", "5%"),
)
_SHORTEST_SENTENCE, _LONGEST_SENTENCE = 30, 400
_FALLBACK_TEXT = "news of the day from the town"


@dataclass(frozen=True, slots=True)
class Materials:
    """What pages are made of, besides their hosts.

    Attributes
    ----------
    frames, spam
        Lexicons by language, for the frame of pages and for what spam may be taken from (see
        `classifier.corpus.grammar.holdout`).
    headlines
        By language, none of them empty.
    interface
        Lines of the interfaces of sites by language, which may be empty.
    bodies
        By language, articles of which a page may have a line or two besides its own.
    """

    frames: Mapping[str, Lexicon]
    spam: Mapping[str, Lexicon]
    headlines: Mapping[str, Sequence[str]]
    interface: Mapping[str, Sequence[str]]
    bodies: Mapping[str, Sequence[LabelledDocument]]
    languages: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "languages", tuple(sorted(self.headlines)))


@dataclass(frozen=True, slots=True)
class Scene:
    """What one page is about, and its dice.

    Attributes
    ----------
    dice
        Random choices.
    language
        Of the host.
    frame, spam
        Texts of the page's frame and of its spam, which may be of another language.
    keywords
        One to three queries that come back all over the page.
    queries
        Others of the same niche, few of them of another.
    """

    dice: Dice
    materials: Materials
    language: str
    frame: Frame
    spam: Spam
    keywords: tuple[str, ...]
    queries: tuple[str, ...]
    brand: str
    domain: str
    handle: str
    phone: str
    city: str
    site: str
    year: int

    @property
    def keyword(self) -> str:
        """The page's main keyword, mostly as it is, or one of its few others."""
        return self.keywords[0] if self.dice.chance(0.7) else self.dice.pick(self.keywords)

    @property
    def query(self) -> str:
        """Any query of the niche, the main ones most often."""
        return self.keyword if self.dice.chance(0.5) else self.dice.pick(self.queries)

    def spam_text(self, template: str, *, query: str = "") -> str:
        """Return a template of the lexicon's ``spam`` filled for this page."""
        return template.format(
            query=query or self.keyword,
            brand=self.brand,
            domain=self.domain,
            handle=self.handle,
            phone=self.phone,
            percent=self.dice.pick(_PERCENTS),
            city=self.city,
            year=self.year,
        )

    def frame_text(self, template: str) -> str:
        """Return a template of ``frame.meta`` or ``frame.legal`` filled for this page."""
        return template.format(
            date=self.date(),
            number=self.dice.number(0, 4000),
            name=self.dice.pick(self.frame.names),
            year=self.year,
            site=self.site,
        )

    def date(self) -> str:
        """Return a date in one of many writings."""
        dice = self.dice
        year, month, day = dice.number(2006, 2026), dice.number(1, 12), dice.number(1, 28)
        clock = f"{dice.number(0, 23):02}:{dice.number(0, 59):02}"
        forms = (
            f"{year}-{month:02}-{day:02}",
            f"{day:02}/{month:02}/{year}",
            f"{day}.{month}.{year}",
            f"{month}/{day}/{year}",
            f"{year}/{month:02}/{day:02} {clock}",
            f"{year}-{month:02}-{day:02} {clock}:{dice.number(0, 59):02}",
            f"{day:02}-{month:02}-{year}, {clock}",
        )
        if self.language in ("zh", "ja") and dice.chance(0.3):
            return f"{year}年{month}月{day}日"
        return dice.pick(forms)

    def headline(self, language: str = "") -> str:
        """Return a headline, in the page's language where there are any, else in some other."""
        known = self.materials.headlines
        language = language or self.language
        if not known.get(language):
            language = self.dice.pick(self.materials.languages) if known else ""
        return " ".join(self.dice.pick(known[language]).split()) if language else _FALLBACK_TEXT

    def headlines(self, size: int, language: str = "") -> list[str]:
        """Return `size` different headlines, fewer where the language has few."""
        drawn = (self.headline(language) for _ in range(size))
        return list(dict.fromkeys(drawn))

    def sentence(self, language: str = "") -> str:
        """Return a line of the body of another article, empty if there is none."""
        bodies = self.materials.bodies.get(language or self.language)
        if not bodies:
            return ""
        body = self.dice.pick(bodies)
        fitting = [
            text.strip()
            for text, code in zip(body.lines[:40], body.codes[:40], strict=True)
            if code == "c" and _SHORTEST_SENTENCE <= len(text) <= _LONGEST_SENTENCE
        ]
        return self.dice.pick(fitting) if fitting else ""

    def words(self, size: int) -> list[str]:
        """Return unconnected words, mostly of the page's language, of the spam's at times."""
        dice = self.dice
        own = self.materials.frames.get(self.language)
        if dice.chance(0.3):
            return dice.many(self.spam.salad, size)
        if own and dice.chance(0.5):
            return dice.many(own.spam.salad, size)
        texts = " ".join(self.headlines(max(4, size // 3)))
        return dice.many(without_punctuation(texts).split() or self.spam.salad, size)


def scene_of(dice: Dice, materials: Materials, language: str, own_texts: Sequence[str]) -> Scene:
    """Return what a page in `language` shall be about; `own_texts` are its lines."""
    frame_lexicon = materials.frames.get(language) or _borrowed(dice, materials.frames)
    spam_lexicon = _spam_lexicon(dice, materials.spam, language)
    own = materials.headlines.get(language) or own_texts or (_FALLBACK_TEXT,)
    has_lexicon = language in materials.spam
    is_made_up = dice.chance(_MADE_UP_SHARE if has_lexicon else _MADE_UP_WITHOUT_LEXICON_SHARE)
    if is_made_up:
        # now and then of the article's own words, as agencies stuff their own trade
        texts = own_texts if own_texts and dice.chance(0.25) else own
        queries = tuple(made_up_query(dice, texts) for _ in range(16))
    else:
        queries = _queries(dice, spam_lexicon)
    brand = contacts.brand(dice)
    return Scene(
        dice=dice,
        materials=materials,
        language=language,
        frame=frame_lexicon.frame,
        spam=spam_lexicon.spam,
        keywords=queries[: dice.number(1, 3)],
        queries=queries,
        brand=brand,
        domain=contacts.domain(dice, brand),
        handle=contacts.handle(dice, brand),
        phone=contacts.phone(dice),
        city=dice.pick(spam_lexicon.frame.cities),
        site=dice.pick(frame_lexicon.frame.sites),
        year=dice.number(2019, 2026),
    )


def _borrowed(dice: Dice, lexicons: Mapping[str, Lexicon]) -> Lexicon:
    is_english = "en" in lexicons and dice.chance(0.5)
    return lexicons["en" if is_english else dice.pick(sorted(lexicons))]


def _spam_lexicon(dice: Dice, lexicons: Mapping[str, Lexicon], language: str) -> Lexicon:
    if language in lexicons and dice.chance(_OWN_LANGUAGE_SHARE):
        return lexicons[language]
    unseen = [code for code in sorted(lexicons) if code in HELD_OUT_LANGUAGES]
    return lexicons[dice.pick(unseen or sorted(lexicons))]


def _queries(dice: Dice, lexicon: Lexicon) -> tuple[str, ...]:
    """Return queries of one niche in random order, a few of another among them at times."""
    niches = list(lexicon.queries)
    queries = dice.sample(lexicon.queries[dice.pick(niches)], 24)
    if dice.chance(0.3):
        queries += dice.sample(lexicon.queries[dice.pick(niches)], 6)
    style = dice.number(0, 9)
    if style == 0:
        queries = [without_accents(query) for query in queries]
    elif style == 1:
        queries = [query.title() for query in queries]
    elif style == 2:
        queries = [query.upper() for query in queries]
    return tuple(queries)
