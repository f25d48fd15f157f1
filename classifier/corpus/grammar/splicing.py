"""Where something can be pasted into the lines of an article, and the pasting."""

from collections.abc import Callable

from classifier.corpus.grammar.dice import Dice
from classifier.corpus.grammar.page import MadeLine, Page, injected, is_inside
from classifier.corpus.grammar.scene import Scene
from classifier.corpus.grammar.wording import comma_gaps, word_gaps

SHORTEST_HOST = 40
"""Characters of the shortest line something is pasted into."""

SEPARATING = ",，、.。-–—|:：;； "
"""What parts words already, so that nothing more has to."""

_LEAD = 4

Finder = Callable[[str], list[int]]


def spliced(
    page: Page, scene: Scene, form: str, *, near_start: bool = False, glue: bool = True
) -> Page:
    """Paste `form` at a gap; its span is all of it but outer white space.

    Parameters
    ----------
    page, scene
        The page, and what it is about.
    form
        White space at its ends parts it from its neighbours.
    near_start
        Mostly in one of the first lines.
    glue
        Whether `form` may stand at a word without a space.
    """
    found = place(page, scene, near_start=near_start)
    if found is None:
        return page
    index, at = found
    line = page.lines[index]
    core = form.strip()
    is_spaced = form.startswith(" ") or not glue
    if at and line.text[at - 1] in SEPARATING:
        core = core.lstrip(SEPARATING)
    behind = form.endswith(" ") and line.text[at : at + 1] != " "
    return page.replaced(
        index,
        injected(line, at, core, before=" " if is_spaced else "", after=" " if behind else ""),
    )


def place(page: Page, scene: Scene, *, near_start: bool = False) -> tuple[int, int] | None:
    """Return a line and a gap in it where something can be pasted."""
    dice = scene.dice
    lines = [i for i in page.open_body if len(page.lines[i].text) >= SHORTEST_HOST]
    if near_start and dice.chance(0.8):
        lines = lines[:_LEAD]
    for index in dice.sample(lines, 4):
        gaps = _gaps(dice, page.lines[index])
        if gaps:
            return index, dice.pick(gaps[:2] if near_start and dice.chance(0.5) else gaps)
    return None


def place_of(page: Page, scene: Scene, find: Finder) -> tuple[int, int] | None:
    """Return a line and one of the gaps `find` finds in it."""
    lines = [i for i in page.open_body if len(page.lines[i].text) >= SHORTEST_HOST]
    for index in scene.dice.sample(lines, 6):
        gaps = free_gaps(page.lines[index], find)
        if gaps:
            return index, scene.dice.pick(gaps)
    return None


def free_gaps(line: MadeLine, find: Finder) -> list[int]:
    """Return the gaps of a line that lie in or at no part already injected."""
    return [at for at in find(line.text) if not _touches(line, at)]


def _gaps(dice: Dice, line: MadeLine) -> list[int]:
    finders: list[Finder] = [comma_gaps, word_gaps]
    if dice.chance(0.5):
        finders.reverse()
    for find in finders:
        gaps = free_gaps(line, find)
        if gaps:
            return gaps
    return []


def _touches(line: MadeLine, at: int) -> bool:
    """Whether a gap lies in or at a part already injected, where two injections would merge."""
    near = any(start - 2 <= at <= end + 2 for start, end in line.spans)
    return near or is_inside(line.spans, at)
