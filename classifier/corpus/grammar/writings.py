"""How a keyword is written where it is pasted: doubled, in capitals, with facts behind it."""

from classifier.corpus.grammar.obfuscation import obfuscated
from classifier.corpus.grammar.scene import Scene
from classifier.corpus.grammar.wording import is_unspaced, squeezed

_PLAIN_SHARE = 0.65
_FACT_JOINTS = (" ", " ", " ", "", ": ", " - ", "-", ", ", "|", " | ", "：", "+")
_FACT_SHELLS = ("{} ({})", "{}（{}）", "{} [{}]", "{}【{}】", "{} “{}”", "{}, {}!", "{} ({}!)")
_MARKS = (
    "✅",
    "🔥",
    "⭐",
    "💰",
    "❤️",
    "⚡",
    "🎁",
    "💯",
    "★",
    "●",
    "✔",
    "!",
    "!!",
    "?",
    "®",
    "™",
    "🆕",
)
_QUERY_JOINTS = (", ", " ", " / ", "/", ",", " | ", "|", "-", " - ", "_", " + ", "，", "&", "")


def written(scene: Scene, keyword: str) -> str:
    """Return a keyword as a page for training writes it, mostly as it is.

    Pages for evaluation write it as it is.
    """
    dice = scene.dice
    if dice.held_out or dice.chance(_PLAIN_SHARE):
        return keyword
    return dice.pick((_with_fact, _with_fact, _recast, _recast, _doubled, _marked, _paired))(
        scene, keyword
    )


def _recast(scene: Scene, keyword: str) -> str:
    """Write it in other letters or as one word."""
    words = keyword.split()
    return scene.dice.pick(
        (
            keyword.upper(),
            keyword.lower(),
            keyword.title(),
            obfuscated(keyword, "fullwidth"),
            squeezed(keyword),
            squeezed(keyword).lower(),
            squeezed(keyword.title()),
            f"#{squeezed(keyword)}",
            " ".join(f"#{word}" for word in words),
            "".join(f"#{word.title()}" for word in words),
            ".".join(words),
            keyword.swapcase(),
        )
    )


def _with_fact(scene: Scene, keyword: str) -> str:
    """Put the year, a city, a contact or a price behind it, or before."""
    dice = scene.dice
    fact = dice.pick(
        (
            *(str(scene.year), scene.brand, scene.brand, scene.city, scene.city, scene.domain),
            *(scene.domain, scene.phone, scene.handle, f"{scene.year}-{scene.year + 1}"),
            *(f"${dice.number(1, 999)}", f"{dice.number(5, 300)}%", f"{dice.number(1, 99)}k"),
            *(f"Top {dice.number(3, 50)}", f"{scene.city} {scene.phone}", str(dice.number(1, 999))),
        )
    )
    if dice.chance(0.3):
        return dice.pick(_FACT_SHELLS).format(keyword, fact)
    parts = (fact, keyword) if dice.chance(0.2) else (keyword, fact)
    return dice.pick(_FACT_JOINTS).join(parts)


def _doubled(scene: Scene, keyword: str) -> str:
    joint = scene.dice.pick(("", ",", "，")) if is_unspaced(keyword) else " "
    return joint.join([keyword] * scene.dice.pick((2, 2, 2, 3)))


def _marked(scene: Scene, keyword: str) -> str:
    """Put a sign that catches the eye at one of its ends or at both."""
    dice = scene.dice
    mark, space = dice.pick(_MARKS), dice.pick(("", "", " "))
    return dice.pick(
        (f"{mark}{space}{keyword}", f"{keyword}{space}{mark}", f"{mark}{keyword}{mark}")
    )


def _paired(scene: Scene, keyword: str) -> str:
    """Put a second query beside it."""
    dice = scene.dice
    return dice.pick(_QUERY_JOINTS).join((keyword, dice.pick(scene.queries)))
