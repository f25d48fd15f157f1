"""Pages of synthetic spam, frame and hard negatives, made of real articles by the grammar."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from classifier.corpus.grammar.dice import Dice
from classifier.corpus.grammar.holdout import HELD_OUT_LANGUAGES, spam_lexicons
from classifier.corpus.grammar.page import BODY, CONTENT, TITLE, MadeLine, Page, Spans
from classifier.corpus.grammar.recipes import RECIPES, with_negatives
from classifier.corpus.grammar.scene import Materials, scene_of
from classifier.corpus.lexicons import Lexicon
from classifier.datamodels import LabelledDocument
from classifier.errors import ConfigError

_LONGEST_ARTICLE = 60
_LONGEST_PAGE = 300
_LONGEST_HEADLINE = 160
_SHORTEST_BODY_LINE = 60
_WHOLE_PAGE_SHARE = 0.35
_NEGATIVE_SHARE = 0.2
_WITHOUT_ARTICLE = frozenset({"doorway"})
_ARTICLE_SHARE = 0.3  # of the pages that may do without
_SHORTEST_LINK, _LONGEST_LINK = 6, 220


@dataclass(frozen=True, slots=True)
class MadePage:
    """One page made by the grammar.

    Attributes
    ----------
    document
        Lines and codes; its `group` is ``grammar/`` and the page's recipe, with ``held out``
        before it for pages of held-out forms.
    spans
        By line index, the parts of stuffed lines to cut; the rest of such a line is content.
    families
        Names of the operations the page went through (`FAMILIES`), in order.
    host_group
        Group of its host. Whoever measures on sites that trained nothing gives hosts of the
        training sites alone: a comment or a second language may come from another of the hosts.
    """

    document: LabelledDocument
    spans: Mapping[int, Spans]
    families: tuple[str, ...]
    host_group: str


def made_pages(  # noqa: PLR0913 - what pages are made of, and three settings
    hosts: Sequence[LabelledDocument],
    headlines: Mapping[str, Sequence[str]],
    lexicons: Mapping[str, Lexicon],
    *,
    n_pages: int,
    seed: int,
    held_out: bool = False,
    interface: Mapping[str, Sequence[str]] | None = None,
) -> list[MadePage]:
    """Return pages made of articles, headlines and lexicons.

    Parameters
    ----------
    hosts
        Real pages or clean articles; of each page one host, drawn language by language.
    headlines
        By language.
    lexicons
        By language, see `classifier.corpus.lexicons`.
    n_pages
        How many; the first pages are the same whatever the number.
    seed
        Of everything random.
    held_out
        Make the pages from what is held out: forms, families, niches, languages of spam. Pages
        made without it use none of these.
    interface
        Further lines of the frame by language; ``⟦X⟧`` is a slot.

    Raises
    ------
    ConfigError
        If there is no host with content, or no lexicon.
    """
    usable = [host for host in hosts if CONTENT in host.codes]
    if not usable:
        raise ConfigError("no host has a line of content; give pages with lines labelled 'c'")
    if not lexicons:
        raise ConfigError("no lexicon was given; read some with read_lexicons")
    by_language: dict[str, list[LabelledDocument]] = {}
    for host in usable:
        by_language.setdefault(host.language, []).append(host)
    languages = sorted(by_language)
    weights = [len(by_language[language]) ** 0.75 for language in languages]
    known = {language: list(filter(_is_headline, headlines[language])) for language in headlines}
    known = {language: texts for language, texts in known.items() if texts}
    spam = spam_lexicons(lexicons, held_out=held_out)
    if not spam:
        raise ConfigError(
            f"all lexicons are of held-out languages ({', '.join(HELD_OUT_LANGUAGES)}); "
            "give one of another language, or set held_out=True"
        )
    materials = Materials(lexicons, spam, known, interface or {}, by_language)
    pages = []
    for number in range(n_pages):
        generator = np.random.default_rng([seed, int(held_out), number])
        dice = Dice(generator, held_out=held_out)
        host = dice.pick(by_language[languages[dice.weighted(weights)]])
        pages.append(_made_page(host, materials, dice, number))
    return pages


def _is_headline(text: str) -> bool:
    """Whether a text can stand in a list of headlines: one line, not garbled, not endless."""
    is_fit = _SHORTEST_LINK <= len(text) <= _LONGEST_LINK and "\ufffd" not in text
    return is_fit and text.isprintable()


def _made_page(host: LabelledDocument, materials: Materials, dice: Dice, number: int) -> MadePage:
    name = list(RECIPES)[dice.weighted([share for share, _ in RECIPES.values()])]
    recipe = RECIPES[name][1]
    has_article = name not in _WITHOUT_ARTICLE or dice.chance(_ARTICLE_SHARE)
    page = _host_page(host, dice) if has_article else Page(())
    own = [line.text for line in page.lines if line.role] or [t for t in host.lines if t.strip()]
    scene = scene_of(dice, materials, host.language, own)
    if page.body and dice.chance(_NEGATIVE_SHARE):
        page = with_negatives(page, scene, 1)
    return _finished(recipe(page, scene), host, dice, name, number)


def _finished(page: Page, host: LabelledDocument, dice: Dice, recipe: str, number: int) -> MadePage:
    prefix = "held out " if dice.held_out else ""
    return MadePage(
        document=LabelledDocument(
            id=f"grammar/{prefix}{number}/{host.source}/{host.id}",
            lines=tuple(line.text for line in page.lines),
            codes="".join(line.code for line in page.lines),
            source="grammar",
            language=host.language,
            group=f"grammar/{prefix}{recipe}",
        ),
        spans={index: line.spans for index, line in enumerate(page.lines) if line.spans},
        families=page.families,
        host_group=host.group,
    )


def _host_page(host: LabelledDocument, dice: Dice) -> Page:
    """Return a host with its frame or only the article, its headline and body found."""
    pairs = list(zip(host.lines, host.codes, strict=True))
    if set(host.codes) - {CONTENT, "?"} and dice.chance(_WHOLE_PAGE_SHARE):
        first = next(i for i, (_, code) in enumerate(pairs) if code == CONTENT)
        start = max(0, first - _LONGEST_PAGE // 3)
        pairs = pairs[start : start + _LONGEST_PAGE]
    else:
        pairs = [(text, code) for text, code in pairs if code == CONTENT][:_LONGEST_ARTICLE]
    article = [i for i, (text, code) in enumerate(pairs) if code == CONTENT and text.strip()]
    title = _headline(pairs, article)
    lines = [
        MadeLine(
            " ".join(text.split()) if i == title else text,
            code,
            role=TITLE if i == title else BODY if code == CONTENT and text.strip() else "",
        )
        for i, (text, code) in enumerate(pairs)
    ]
    return Page(tuple(lines), headline="" if title is None else lines[title].text)


def _headline(pairs: Sequence[tuple[str, str]], article: Sequence[int]) -> int | None:
    """Return the index of the headline: the first line, if short and with a body below."""
    if len(article) < 2:
        return None
    first, below = article[0], [len(pairs[i][0]) for i in article[1:4]]
    is_short = len(pairs[first][0].strip()) <= _LONGEST_HEADLINE
    return first if is_short and max(below) >= _SHORTEST_BODY_LINE else None
