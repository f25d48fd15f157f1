r"""Text safe to look at: what moves a cursor, breaks a line or hides is spelled as an escape."""

import re

_UNSAFE = re.compile(
    # Controls, marks that turn the writing direction, line separators, byte order mark, surrogates.
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


def printable(text: str) -> str:
    r"""Return `text` as one line that any terminal shows as it is.

    Examples
    --------
    >>> print(printable("a\tb\x1b[2J\u202e"))
    a\tb\x1b[2J\u202e
    """
    return _UNSAFE.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)
