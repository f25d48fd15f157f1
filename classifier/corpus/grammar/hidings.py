"""Spam that dodges filters: alone among good lines, around them, parted, letters in disguise."""

from collections.abc import Callable
from dataclasses import replace

from classifier.corpus.grammar import titles
from classifier.corpus.grammar.lists import joined
from classifier.corpus.grammar.obfuscation import OBFUSCATION_NAMES, fenced, obfuscated
from classifier.corpus.grammar.page import (
    CONTENT,
    STUFFING,
    TITLE,
    MadeLine,
    Page,
    Spans,
    stuffed,
)
from classifier.corpus.grammar.scene import Scene
from classifier.corpus.grammar.wording import is_mark, is_unspaced, word_gaps

_TITLES: tuple[Callable[[Page, Scene], Page], ...] = (
    titles.bracketed_keyword,
    titles.separated_keywords,
    titles.glued_keyword,
    titles.official_prefix,
)
_SHORTEST_PARTED = 12
_SPACED = "spaced"
_LETTERSPACED_LENGTH = 40


def stray_lines(page: Page, scene: Scene) -> Page:
    """Put one or two lines of spam between good lines of the article (2.5)."""
    for _ in range(scene.dice.pick((1, 1, 2))):
        body = page.body
        at = scene.dice.pick(body[1:]) if len(body) > 1 else page.article_end
        page = page.inserted(at, [_stray(scene)])
    return page


def wrapping_line(page: Page, scene: Scene) -> Page:
    """Put the same line of spam above and below the article (2.5)."""
    line = _stray(scene)
    page = page.inserted(page.article_end, [line])
    return page.inserted(page.article_start, [line])


def parted_lines(page: Page, scene: Scene) -> Page:
    """Break lines of spam in two or three, keywords in the middle (3)."""
    dice = scene.dice
    for index in reversed(range(len(page.lines))):
        line = page.lines[index]
        if line.code != STUFFING or len(line.text) < _SHORTEST_PARTED or dice.chance(0.3):
            continue
        page = page.replaced(index, *_parted(line, _breaks(line, scene)))
    return page


def disguised_keywords(page: Page, scene: Scene) -> Page:
    """Hide the letters of keywords wherever the page has them as spam (3)."""
    dice = scene.dice
    name = dice.form(OBFUSCATION_NAMES)
    if not dice.held_out and dice.chance(0.3):
        name = _SPACED
    for index, line in enumerate(page.lines):
        if line.code == STUFFING:
            page = page.replaced(index, _disguised(line, scene.keywords, name))
    return page


def broken_lines(page: Page, scene: Scene) -> Page:
    """Break genuine lines in two, as narrow columns do, and space the letters of a short one."""
    dice = scene.dice
    for index in sorted(dice.sample(page.open_body, dice.number(1, 4)), reverse=True):
        line = page.lines[index]
        gaps = word_gaps(line.text)
        if line.code != CONTENT or not gaps:
            continue
        if len(line.text) < _LETTERSPACED_LENGTH and not is_unspaced(line.text):
            page = page.replaced(index, replace(line, text=obfuscated(line.text, _SPACED)))
            continue
        at = dice.pick(gaps)
        halves = [replace(line, text=part.strip()) for part in (line.text[:at], line.text[at:])]
        page = page.replaced(index, *halves)
    return page


def _stray(scene: Scene) -> MadeLine:
    """Return a line of spam of one of the kinds that stand anywhere."""
    dice = scene.dice
    kind = dice.number(0, 5)
    if kind == 0:
        text = scene.spam_text(dice.pick(scene.spam.promo), query=scene.query)
    elif kind == 1:
        text = scene.spam_text(dice.pick(scene.spam.doorway), query=scene.keyword)
    elif kind == 2:
        text = scene.spam_text(dice.pick(scene.spam.titles))
    elif kind == 3:
        text = joined(dice, [scene.keyword, *dice.sample(scene.queries, dice.number(1, 6))])
    else:  # the stuffed headline of another page
        headline = scene.headline()
        other = Page((MadeLine(headline, CONTENT, role=TITLE),), headline=headline)
        text = dice.pick(_TITLES)(other, scene).lines[0].text
    text = fenced(dice, text) if dice.chance(0.15) else text
    return MadeLine(text, STUFFING)


def _breaks(line: MadeLine, scene: Scene) -> list[int]:
    """Return where a line breaks: in its keyword where it is known, else anywhere inside."""
    dice = scene.dice
    if line.spans:
        spans = [span for span in line.spans if span[1] - span[0] > 3]
    else:
        found = [(line.text.find(keyword), len(keyword)) for keyword in scene.keywords]
        spans = [(start, start + size) for start, size in found if start >= 0 and size > 3]
    spans = spans or [(0, len(line.text))]
    start, end = dice.pick(spans)
    places = {dice.number(start + 1, end - 1) for _ in range(dice.pick((1, 1, 2)))}
    return sorted(at for at in places if 0 < at < len(line.text) and not is_mark(line.text[at]))


def _parted(line: MadeLine, breaks: list[int]) -> list[MadeLine]:
    """Return the parts of a line; each keeps what lies in it of the spans."""
    parts = []
    for start, end in zip([0, *breaks], [*breaks, len(line.text)], strict=True):
        text = line.text[start:end]
        begin = start + len(text) - len(text.lstrip())
        text = text.strip()
        if not text:
            continue
        spans = _within(line.spans, begin, begin + len(text))
        if line.spans and not spans:
            parts.append(replace(line, text=text, code=CONTENT, spans=()))
        elif spans == ((0, len(text)),):
            parts.append(stuffed(line, text))
        else:
            parts.append(replace(line, text=text, spans=spans))
    return parts


def _within(spans: Spans, start: int, end: int) -> Spans:
    """Return what of the spans lies between two places, as places from the first on."""
    inside = ((max(first, start), min(last, end)) for first, last in spans)
    return tuple((first - start, last - start) for first, last in inside if first < last)


def _disguised(line: MadeLine, keywords: tuple[str, ...], name: str) -> MadeLine:
    """Return a line of spam with its keywords in disguise, only those of its spans if it has any.

    Of equal places the keyword named first is taken.
    """
    taken: list[tuple[int, int]] = []
    for keyword in keywords:
        at = line.text.find(keyword)
        while at >= 0 and keyword:
            end = at + len(keyword)
            is_free = all(end <= first or last <= at for first, last in taken)
            is_spam = not line.spans or any(f <= at and end <= last for f, last in line.spans)
            if is_free and is_spam:
                taken.append((at, end))
            at = line.text.find(keyword, end)
    text, spans = line.text, line.spans
    for start, end in sorted(taken, reverse=True):  # from behind, so that places before stay
        written = obfuscated(text[start:end], name)
        text = f"{text[:start]}{written}{text[end:]}"
        grown = len(written) - (end - start)
        spans = tuple(
            (first + grown * (first >= end), last + grown * (last >= end)) for first, last in spans
        )
    return replace(line, text=text, spans=spans)
