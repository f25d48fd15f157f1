"""Rules that keep or drop a line by itself, as data pipelines use them: what a model must beat."""

import re

LATIN_CHARS, CJK_CHARS = 80, 30
"""From how many characters on the length rule keeps a line; ideographs say more each."""

_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff]")

# The line rules of C4 (Raffel et al. 2020, section 2.2, arXiv 1910.10683), with the constants of
# datatrove's C4QualityFilter at its defaults.
_C4_ENDS = (".", "?", "!", '"', "'")
_C4_ELLIPSIS = "..."
_C4_MIN_WORDS = 3
_C4_MAX_WORD_CHARS = 1000
_C4_POLICY = (
    "terms of use",
    "privacy policy",
    "cookie policy",
    "uses cookies",
    "use of cookies",
    "use cookies",
)


def keeps_by_length(line: str) -> bool:
    """Return whether a line is long: 80 characters, 30 where a third of them are CJK.

    Examples
    --------
    >>> keeps_by_length("short"), keeps_by_length("x" * 80), keeps_by_length("字" * 30)
    (False, True, True)
    """
    is_cjk = 3 * len(_CJK.findall(line)) >= len(line)
    return len(line) >= (CJK_CHARS if is_cjk else LATIN_CHARS)


def keeps_by_c4(line: str) -> bool:
    """Return whether C4's line rules keep a line.

    Kept is what ends in terminal punctuation, has at least three words and no endless one, and
    names neither JavaScript nor a policy. The rules for whole pages (``lorem ipsum``, braces, fewer
    than five sentences) are left out: they would drop a page, not a line.

    Examples
    --------
    >>> keeps_by_c4("The bridge is open again."), keeps_by_c4("Home | News | Contact")
    (True, False)
    >>> keeps_by_c4("Please enable JavaScript to read on."), keeps_by_c4("And so on...")
    (False, False)
    """
    text = line.strip()
    words = text.split()
    lower = text.lower()
    return (
        text.endswith(_C4_ENDS)
        and not text.endswith(_C4_ELLIPSIS)
        and len(words) >= _C4_MIN_WORDS
        and max(map(len, words), default=0) <= _C4_MAX_WORD_CHARS
        and "javascript" not in lower
        and not any(phrase in lower for phrase in _C4_POLICY)
    )
