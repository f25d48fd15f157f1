"""Letters made hard to match and easy to read: styled, look-alike, spaced, with marks between."""

from collections.abc import Callable

from classifier.corpus.grammar.dice import Dice, Forms
from classifier.corpus.grammar.wording import is_mark

_LOOKALIKES = str.maketrans("aeopcxyABEHKMOPCTXsiI0", "аеорсхуАВЕНКМОРСТХѕіІO")
_LEET = str.maketrans("aeiosAEIOS", "4310543105")
_SMALL_CAPITALS = str.maketrans("abcdefghijklmnoprstuvwz", "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘʀꜱᴛᴜᴠᴡᴢ")
_FENCES = Forms(
    ("★{}★", "⭐️ {} ⭐️", "➤ {} ◄", "🔥{}🔥", "✅ {} ✅", "►{}◄", "💰 {} 💰", "☎ {} ☎", "⚡{}⚡"),
    ("꧁ {} ꧂", "☆{}☆", "《☆ {} ☆》", "🎰 {} 🎰", "▂▃▅ {} ▅▃▂", "👉{}👈", "╠ {} ╣", "♛{}♛"),
)


def _styled(first_capital: int, first_small: int, first_digit: int = 0) -> Callable[[str], str]:
    def styled(text: str) -> str:
        return "".join(
            chr(first_capital + ord(c) - 65)
            if "A" <= c <= "Z"
            else chr(first_small + ord(c) - 97)
            if "a" <= c <= "z"
            else chr(first_digit + ord(c) - 48)
            if first_digit and "0" <= c <= "9"
            else c
            for c in text
        )

    return styled


def _between(joint: str) -> Callable[[str], str]:
    def parted(text: str) -> str:
        pieces = []
        for i, c in enumerate(text):
            is_joint = i and not is_mark(c) and not c.isspace() and not text[i - 1].isspace()
            pieces.append(joint + c if is_joint else c)
        return "".join(pieces)

    return parted


def _mixed_case(text: str) -> str:
    return "".join(c.upper() if i % 2 else c.lower() for i, c in enumerate(text))


OBFUSCATIONS: dict[str, Callable[[str], str]] = {
    "bold": _styled(0x1D400, 0x1D41A, 0x1D7CE),
    "sans bold": _styled(0x1D5D4, 0x1D5EE, 0x1D7EC),
    "fullwidth": _styled(0xFF21, 0xFF41, 0xFF10),
    "look-alikes": lambda text: text.translate(_LOOKALIKES),
    "spaced": _between(" "),
    "zero width": _between("\u200b"),
    "digits for letters": lambda text: text.translate(_LEET),
    "mixed case": _mixed_case,
    "entities": lambda text: "".join(f"&#{ord(c)};" if c.isalnum() else c for c in text),
    "circled": _styled(0x24B6, 0x24D0),
    "monospace": _styled(0x1D670, 0x1D68A, 0x1D7F6),
    "small capitals": lambda text: text.lower().translate(_SMALL_CAPITALS),
    "soft hyphens": _between("\u00ad"),
    "dotted": _between("."),
    "marks": _between("\u0336"),
}
"""By name; what a way cannot change stays as it is."""

OBFUSCATION_NAMES = Forms(
    tuple(list(OBFUSCATIONS)[:9]),
    tuple(list(OBFUSCATIONS)[9:]),
)


def obfuscated(text: str, name: str) -> str:
    """Return `text` with its letters hidden in the way called `name`."""
    return OBFUSCATIONS[name](text)


def fenced(dice: Dice, text: str) -> str:
    """Return `text` between two of the signs that shall catch the eye."""
    return dice.form(_FENCES).format(text)
