"""How lists look: bullets, endings, rows between the items, one line or many."""

from collections.abc import Callable, Sequence

from classifier.corpus.grammar.dice import Dice, Forms
from classifier.corpus.grammar.page import BOILERPLATE, MadeLine
from classifier.corpus.grammar.scene import Scene

BULLETS = Forms(
    ("", "", "", "- ", "- ", "• ", "* ", "· ", "» ", "> ", "{number}. ", "[{day}] ", "– "),
    ("", "", "■ ", "▪ ", "→ ", "{number}) ", "◆ ", "+ ", "□", "({number}) ", "● "),
)
_PLAIN_BULLETS = ("", "- ", "• ", "* ", "{number}. ", "{number}) ", "· ", "– ", "■ ", "▪ ")
ENDINGS = Forms(
    ("", "", "", "", "", " {day}", " ({views})", " …", " >>", "{day}"),
    ("", "", "", " | {views}", " [{day}]", "...", " - {site}", " ›", "\t{day}"),
)
JOINTS = Forms(
    (", ", ", ", " | ", " ", ",", " - ", "，", "、", " / ", "  ", "|"),
    ("; ", " · ", " • ", "\t", " » ", " + ", "；", "_", " ～ ", "//"),
)


def listed(scene: Scene, texts: Sequence[str]) -> list[str]:
    """Return items with one bullet and one ending for the whole list."""
    dice = scene.dice
    bullet, ending = dice.form(BULLETS), dice.form(ENDINGS)
    rows = []
    for number, text in enumerate(texts, start=1):
        facts = {"number": number, "day": "", "views": dice.number(2, 9000), "site": scene.site}
        if "{day}" in bullet or "{day}" in ending:
            facts["day"] = scene.date()
        rows.append(f"{bullet.format(**facts)}{text}{ending.format(**facts)}")
    return rows


def bulleted(scene: Scene, texts: Sequence[str]) -> list[str]:
    """Return items of a text's own list: one bullet for all, and no dates or counts."""
    bullet = scene.dice.pick(_PLAIN_BULLETS)
    return [f"{bullet.format(number=i)}{text}" for i, text in enumerate(texts, start=1)]


def with_rows_between(
    scene: Scene, items: Sequence[MadeLine], row: Callable[[Scene], str]
) -> list[MadeLine]:
    """Return items with a row of the frame after each: a date, a price, ``read more``."""
    lines = []
    for item in items:
        lines += [item, MadeLine(row(scene), BOILERPLATE)]
    return lines


def joined(dice: Dice, texts: Sequence[str]) -> str:
    """Return items on one line, parted by one separator."""
    return dice.form(JOINTS).join(texts)


def end_place(scene: Scene, n_lines: int, article_end: int) -> int:
    """Return where a list goes: behind the article, at the very end, or close behind."""
    return scene.dice.pick((article_end, n_lines, n_lines, min(article_end + 2, n_lines)))
