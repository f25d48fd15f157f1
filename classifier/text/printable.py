r"""Text safe to look at: what moves a cursor, breaks a line or hides is spelled as an escape."""

import re

# Controls, marks that turn the writing direction, line separators, byte order mark, surrogates.
_OTHERS = "\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff"

_UNSAFE = re.compile(f"[\x00-\x1f{_OTHERS}]")
_UNSAFE_IN_LINES = re.compile(f"[\x00-\x08\x0b-\x1f{_OTHERS}]")


def printable(text: str) -> str:
    r"""Return `text` as one line that any terminal shows as it is.

    Examples
    --------
    >>> print(printable("a\tb\x1b[2J\u202e"))
    a\tb\x1b[2J\u202e
    """
    return _UNSAFE.sub(_escape, text)


def printable_lines(text: str) -> str:
    r"""Return `text` with its line feeds and tabs as they are, all else as `printable` has it.

    Examples
    --------
    >>> printable_lines("a\tb\x1b[2J\n")
    'a\tb\\x1b[2J\n'
    """
    return _UNSAFE_IN_LINES.sub(_escape, text)


def _escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode("ascii")
