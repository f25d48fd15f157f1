"""Keywords, copies of the title and contacts inside real sentences (sections 2.1 to 2.7)."""

from collections.abc import Callable

from classifier.corpus.grammar.dice import Dice, Forms
from classifier.corpus.grammar.obfuscation import OBFUSCATION_NAMES, fenced, obfuscated
from classifier.corpus.grammar.page import (
    STUFFING,
    MadeLine,
    Page,
    injected,
    is_inside,
)
from classifier.corpus.grammar.scene import Scene
from classifier.corpus.grammar.wording import (
    clipped,
    comma_gaps,
    is_loose,
    is_unspaced,
    squeezed,
    without_accents,
    without_punctuation,
    word_gaps,
)

_SHORTEST_HOST = 40
_LEAD = 4
_SHORTEST_COPY = 12
_SEPARATING = ",，、.。-–—|:：;； "
_SPLICES = Forms(
    (" {}", " {} ", " ({})", " 【{}】", " [{}]", "{}", " “{}”"),
    (" «{}»", " <{}>", " *{}*", " 「{}」", " /{}/", " ＃{}", " -={}=-"),
)
_CONTACTS = Forms(
    ("({})", "【{}】", "⏩{}⏪", " {}", " {}", "☎{}", "👉 {}"),
    ("→{}←", "<< {} >>", " *{}*", "📲{}", "「{}」", "➤ {}"),
)


def keyword_splice(page: Page, scene: Scene) -> Page:
    """Paste the keyword between two words or clauses of one to three lines (2.1)."""
    dice = scene.dice
    for _ in range(dice.pick((1, 1, 1, 2, 3))):
        page = _spliced(page, scene, _splice(scene, scene.keyword))
    return page


def title_copy(page: Page, scene: Scene) -> Page:
    """Paste a copy of the headline without its spaces, clipped, into a sentence (2.2)."""
    copy = _copied_title(page, scene)
    if not copy:
        return page
    return _spliced(page, scene, copy, near_start=True, glue=scene.dice.chance(0.7))


def title_copy_and_keyword(page: Page, scene: Scene) -> Page:
    """Paste such a copy and the keyword side by side: two spans that meet (2.1 and 2.2)."""
    copy = _copied_title(page, scene)
    place = _place(page, scene, near_start=True) if copy else None
    if place is None:
        return page
    index, at = place
    first, second = (copy, scene.keyword) if scene.dice.chance(0.6) else (scene.keyword, copy)
    line = injected(page.lines[index], at, second)
    between = scene.dice.pick(("", "", " "))
    return page.replaced(index, injected(line, at, first, after=between))


def anchor_words(page: Page, scene: Scene) -> Page:
    """Paste phrases of one niche at random places of many lines (2.3)."""
    dice = scene.dice
    for _ in range(dice.number(3, 10)):
        page = _spliced(page, scene, _splice(scene, scene.query, plain=True))
    return page


def appended_sentence(page: Page, scene: Scene) -> Page:
    """End every few lines of the article with a sentence around the keyword (2.4)."""
    dice = scene.dice
    step = dice.number(2, 4)
    for index in page.open_body[::step][:8]:
        line = page.lines[index]
        if len(line.text) < _SHORTEST_HOST or line.spans or is_loose(line.text[-1]):
            continue
        sentence = scene.spam_text(dice.pick(scene.spam.doorway)).strip()
        joint = "" if is_unspaced(line.text) else " "
        page = page.replaced(index, injected(line, len(line.text), sentence, before=joint))
    return page


def doorway_lines(page: Page, scene: Scene) -> Page:
    """Put sentences around the keyword between the lines of the article (2.4, 2.5)."""
    dice = scene.dice
    for _ in range(dice.number(1, 5)):
        text = scene.spam_text(dice.pick(scene.spam.doorway), query=scene.keyword)
        if dice.chance(0.12):  # snippets run on into the frame
            text = f"{text} {scene.frame_text(dice.pick(scene.frame.legal))}"
        body = page.body
        at = dice.pick(body) if body else len(page.lines)
        page = page.inserted(at, [MadeLine(text, STUFFING)])
    return page


def promo_paragraph(page: Page, scene: Scene) -> Page:
    """Open the article with a paragraph of a trade's praise and contacts (2.5)."""
    dice = scene.dice
    parts = [*dice.sample(scene.spam.doorway, 2), dice.pick(scene.spam.promo)]
    text = " ".join(scene.spam_text(part) for part in parts[: dice.number(1, 3)])
    at = page.body[0] if page.body else page.article_end
    return page.inserted(at, [MadeLine(text, STUFFING)])


def contact_in_sentence(page: Page, scene: Scene) -> Page:
    """Paste a handle, domain or phone number into a sentence (2.6)."""
    dice = scene.dice
    contact = dice.pick((scene.domain, scene.handle, scene.phone, f"{scene.brand} {scene.domain}"))
    return _spliced(page, scene, dice.form(_CONTACTS).format(contact))


def promo_lines(page: Page, scene: Scene) -> Page:
    """Put promotional lines with contacts above, in or below the article (2.6)."""
    dice = scene.dice
    texts = [
        scene.spam_text(template, query=scene.query)
        for template in dice.sample(scene.spam.promo, dice.number(1, 4))
    ]
    if dice.chance(0.2):
        texts = [fenced(dice, text) for text in texts]
    at = dice.pick((page.article_start, page.article_end, page.article_end, *page.body[-1:]))
    return page.inserted(at, [MadeLine(text, STUFFING) for text in texts])


def obfuscated_lines(page: Page, scene: Scene) -> Page:
    """Put promotional lines with hidden letters around the article (3)."""
    dice = scene.dice
    name = dice.form(OBFUSCATION_NAMES)
    texts = []
    for template in dice.sample((*scene.spam.promo, *scene.spam.titles), dice.number(1, 3)):
        text = scene.spam_text(template)
        if dice.chance(0.5):
            text = text.replace(scene.brand, obfuscated(scene.brand, name))
            text = text.replace(scene.keywords[0], obfuscated(scene.keywords[0], name))
        else:
            text = obfuscated(text, name)
        texts.append(fenced(dice, text) if dice.chance(0.3) else text)
    at = dice.pick((page.article_start, page.article_end, *page.body[-2:]))
    return page.inserted(at, [MadeLine(text, STUFFING) for text in texts])


def obfuscated_splice(page: Page, scene: Scene) -> Page:
    """Paste brand and keyword, their letters hidden, into a sentence (2.7 and 3)."""
    dice = scene.dice
    core = dice.pick((scene.brand, scene.keyword, f"{scene.brand} {scene.keyword}"))
    core = obfuscated(core, dice.form(OBFUSCATION_NAMES))
    return _spliced(page, scene, f" {fenced(dice, core) if dice.chance(0.3) else core}")


def _splice(scene: Scene, keyword: str, *, plain: bool = False) -> str:
    dice = scene.dice
    if plain:
        return f" {keyword}"
    if dice.held_out or dice.chance(0.5):
        return dice.form(_SPLICES).format(keyword)
    return scene.spam_text(dice.pick(scene.spam.splices), query=keyword)


def _copied_title(page: Page, scene: Scene) -> str:
    """Return a clipped copy of the headline without spaces, empty if it is too short for one."""
    dice = scene.dice
    plain = page.headline
    if dice.chance(0.4):
        plain = without_punctuation(plain)
    if dice.held_out:
        write = dice.pick((_slug, _underscored, _reversed_halves))
    else:
        write = dice.pick((squeezed, squeezed, squeezed, _lower, _accentless))
    copy = write(plain)
    if len(copy) < _SHORTEST_COPY:
        return ""
    start = dice.pick((0, 0, 1, 1, 2, 3, dice.number(0, len(copy) // 4)))
    end = dice.number(start + max(_SHORTEST_COPY, len(copy) // 2), len(copy) + 12)
    return clipped(copy, start, min(end, len(copy))).strip(_SEPARATING)


def _lower(text: str) -> str:
    return squeezed(text).lower()


def _accentless(text: str) -> str:
    return squeezed(without_accents(text))


def _slug(text: str) -> str:
    return "-".join(without_accents(text).lower().split())


def _underscored(text: str) -> str:
    return "_".join(text.split())


def _reversed_halves(text: str) -> str:
    whole = squeezed(text)
    half = len(whole) // 2
    return clipped(whole, half, len(whole)) + clipped(whole, 0, half)


def _spliced(
    page: Page, scene: Scene, form: str, *, near_start: bool = False, glue: bool = True
) -> Page:
    """Paste `form` at a gap; its span is all of it but outer white space."""
    place = _place(page, scene, near_start=near_start)
    if place is None:
        return page
    index, at = place
    line = page.lines[index]
    core = form.strip()
    is_spaced = form.startswith(" ") or not glue
    if at and line.text[at - 1] in _SEPARATING:
        core = core.lstrip(_SEPARATING)
    behind = form.endswith(" ") and line.text[at : at + 1] != " "
    return page.replaced(
        index,
        injected(line, at, core, before=" " if is_spaced else "", after=" " if behind else ""),
    )


def _place(page: Page, scene: Scene, *, near_start: bool) -> tuple[int, int] | None:
    """Return a line and a gap in it where something can be pasted."""
    dice = scene.dice
    lines = [i for i in page.open_body if len(page.lines[i].text) >= _SHORTEST_HOST]
    if near_start and dice.chance(0.8):
        lines = lines[:_LEAD]
    for index in dice.sample(lines, 4):
        gaps = _gaps(dice, page.lines[index])
        if gaps:
            return index, dice.pick(gaps[:2] if near_start and dice.chance(0.5) else gaps)
    return None


def _gaps(dice: Dice, line: MadeLine) -> list[int]:
    finders: list[Callable[[str], list[int]]] = [comma_gaps, word_gaps]
    if dice.chance(0.5):
        finders.reverse()
    for find in finders:
        gaps = [at for at in find(line.text) if not _touches(line, at)]
        if gaps:
            return gaps
    return []


def _touches(line: MadeLine, at: int) -> bool:
    """Whether a gap lies in or at a part already injected, where two injections would merge."""
    near = any(start - 2 <= at <= end + 2 for start, end in line.spans)
    return near or is_inside(line.spans, at)
