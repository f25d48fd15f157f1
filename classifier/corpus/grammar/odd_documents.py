"""Whole documents that look odd and are worth keeping: every line is content (section 10).

Where `classifier.corpus.grammar.negatives` puts a block of such lines into an article, here they
are the document. Each operation adds one behind the article, with its own heading; `alone` leaves
the article out.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import wraps

from classifier.corpus.grammar import odd_listings as listings
from classifier.corpus.grammar import odd_papers as papers
from classifier.corpus.grammar import odd_tables as tables
from classifier.corpus.grammar import odd_writings as writings
from classifier.corpus.grammar.dice import Dice
from classifier.corpus.grammar.odd_stock import Stock, capitalised, stock_of
from classifier.corpus.grammar.page import BODY, CONTENT, TITLE, MadeLine, Page, lines_of
from classifier.corpus.grammar.scene import Scene

Writer = Callable[[Stock, int], Sequence[str | MadeLine]]
Operation = Callable[[Page, Scene], Page]

_SHORT_SHARE = 0.4  # a third of the pages, as some hold two documents
_SHORTEST, _SHORT, _LONGEST = 5, 12, 60
_HEADLESS_SHARE = 0.25
_CAPITALS_SHARE = 0.05
_INDENTED_SHARE = 0.08
_OWN_DIGITS_SHARE = 0.3


def document(write: Writer, genre: int | None) -> Operation:
    """Return the operation that adds the document `write` makes, under the same name.

    `genre` is the place of what it calls itself among the terms of `genre`.
    """

    @wraps(write)
    def operation(page: Page, scene: Scene) -> Page:
        stock = stock_of(page, scene)
        size = _size(scene.dice)
        rows = [*_heading(page, stock, genre), *map(_line, write(stock, size))]
        return page.inserted(page.article_end, _finished(_within(rows, size), stock))

    return operation


OPERATIONS = [
    document(write, genre)
    for write, genre in (
        (tables.data_table, None),
        (listings.name_roster, 1),
        (listings.release_notes, None),
        (tables.specification_sheet, None),
        (tables.price_list, 4),
        (tables.departure_times, 2),
        (listings.address_list, None),
        (tables.match_results, 0),
        (listings.track_list, None),
        (tables.draw_record, 0),
        (listings.contents_list, 7),
        (listings.event_programme, 5),
        (listings.reference_list, None),
        (writings.glossary, 3),
        (papers.source_code, None),
        (papers.statute, None),
        (writings.forum_thread, None),
        (writings.poem, None),
        (writings.dialogue, None),
        (papers.theorem, None),
        (papers.paper_front, None),
        (writings.parallel_text, None),
        (writings.news_in_brief, None),
        (papers.kitchen_recipe, None),
        (papers.exam_paper, 6),
    )
]
"""One a genre."""


def extended(page: Page, article: Page, made: Page) -> Page:
    """Return `page` with what was added behind `article` to give `made`, and its families."""
    behind = len(article.lines) - article.article_end
    added = made.lines[article.article_end : len(made.lines) - behind]
    new = made.families[len(article.families) :]
    return replace(page.inserted(page.article_end, added), families=(*page.families, *new))


def alone(page: Page, article: Page) -> Page:
    """Return `page` without the lines and families of `article`, behind which it was extended."""
    start, end = article.article_start, article.article_end
    page = replace(
        page,
        lines=(*page.lines[:start], *page.lines[end:]),
        families=page.families[len(article.families) :],
    )
    headline = "" if page.title is None else page.lines[page.title].text
    return replace(page, headline=headline)


def _size(dice: Dice) -> int:
    """Return how many lines a document has: many are short, few are long."""
    if dice.chance(_SHORT_SHARE):
        return dice.number(_SHORTEST, _SHORT)
    return min(dice.number(_SHORT + 1, _LONGEST) for _ in range(2))


def _line(row: str | MadeLine) -> MadeLine:
    if isinstance(row, MadeLine):
        return row
    return MadeLine(row, CONTENT, role=BODY) if row.strip() else lines_of([row], CONTENT)[0]


def _heading(page: Page, stock: Stock, genre: int | None) -> list[MadeLine]:
    """Return the document's headline, none at times."""
    dice = stock.dice
    if dice.chance(_HEADLESS_SHARE):
        return []
    texts = [
        page.headline or stock.headline(),
        stock.title(),
        f"{capitalised(stock.phrase())} ({stock.year()})",
        f"{stock.title()} - {stock.scene.site}",
    ]
    if genre is not None:
        name = stock.terms("genre")[genre]
        joint = dice.pick((" – ", ": ", " "))
        texts += [name, f"{name} {stock.year()}", f"{name}{joint}{stock.title()}"]
    return [MadeLine(dice.pick(texts), CONTENT, role=TITLE)]


def _within(lines: Sequence[MadeLine], size: int) -> list[MadeLine]:
    """Return the first lines, `size` of them not blank, up to the last of content."""
    kept: list[MadeLine] = []
    for line in lines:
        if size == 0:
            break
        kept.append(line)
        size -= bool(line.text.strip())
    while kept and kept[-1].code != CONTENT:
        kept.pop()
    return kept


def _finished(lines: list[MadeLine], stock: Stock) -> list[MadeLine]:
    """Return the document in capitals, indented, or with its script's own digits at times."""
    dice = stock.dice
    if dice.chance(_OWN_DIGITS_SHARE):
        lines = [replace(line, text=stock.numerals(line.text)) for line in lines]
    if dice.chance(_CAPITALS_SHARE):
        lines = [replace(line, text=line.text.upper()) for line in lines]
    if dice.chance(_INDENTED_SHARE):
        indent = dice.pick(("  ", "\t", "    "))
        lines = [
            replace(line, text=f"{indent}{line.text}") if line.role == BODY else line
            for line in lines
        ]
    return lines
