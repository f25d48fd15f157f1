"""Other bounds for a part likely to be spam: its brackets, its sentence, up to a separator.

N-grams tell roughly where a keyword is; what was put in with it ends where the line says so.
"""

from collections.abc import Iterator

Bounds = tuple[int, int]

_PAIRS = dict(
    zip("([{<（［｛＜【〖〔❰「『《〈«“‘⏩▷►→", ")]}>）］｝＞】〗〕❱」』》〉»”’⏪◁◄←", strict=True)
)
_SAME = frozenset("★☆*＊|｜\"'#＃❤♥⭐✅🔥⚡💰🎰☎♛")
_SEPARATORS = frozenset("|｜_＿-–—―·•・,，、;；:：/／~～»›+&")
_STOPS = frozenset(".。！!?？؟।…")
_MAX_TITLE_CHARS = 200
_MAX_GROWTH = 40
_MAX_SENTENCE_CHARS = 300
_MAX_FENCE = 2


def variants(line: str, start: int, end: int) -> Iterator[Bounds]:
    """Yield other bounds around one part of a line, as many as differ from its own.

    Examples
    --------
    >>> list(variants("Rain (cheap pills) on Monday", 6, 17))
    [(5, 18)]
    """
    seen = {(start, end)}
    for found in (
        _enclosed(line, start, end),
        _separated(line, start, end),
        _sentence(line, start, end),
    ):
        if found is not None and found not in seen:
            seen.add(found)
            yield found
            wider = _enclosed(line, *found)
            if wider is not None and wider not in seen:
                seen.add(wider)
                yield wider


def _enclosed(line: str, start: int, end: int) -> Bounds | None:
    """Return the part with the brackets, quotation marks or signs on both of its sides."""
    found = None
    for _ in range(_MAX_FENCE):
        left, right = start, end
        while left > 0 and line[left - 1] == " " and start - left < 1:
            left -= 1
        while right < len(line) and line[right] == " " and right - end < 1:
            right += 1
        if left == 0 or right == len(line):
            return found
        before, after = line[left - 1], line[right]
        if _PAIRS.get(before) != after and not (before == after and before in _SAME):
            return found
        start, end = left - 1, right + 1
        found = start, end
    return found


def _separated(line: str, start: int, end: int) -> Bounds | None:
    """Return the part between the nearest separators or ends of a short line."""
    if len(line) > _MAX_TITLE_CHARS:
        return None
    left, right = start, end
    while left > 0 and line[left - 1] not in _SEPARATORS:
        left -= 1
    while right < len(line) and line[right] not in _SEPARATORS:
        right += 1
    return _within(line, left, right, start, end)


def _sentence(line: str, start: int, end: int) -> Bounds | None:
    """Return the sentence the part stands in, if it is the line's last."""
    if len(line) - start > _MAX_SENTENCE_CHARS:
        return None
    left = start
    while left > max(start - _MAX_SENTENCE_CHARS, 0):
        if line[left - 1] in _STOPS and _parts(line, left):
            break
        left -= 1
    else:
        return None
    if left == 0 or any(
        _parts(line, at + 1) for at in range(end, len(line) - 2) if line[at] in _STOPS
    ):
        return None
    while left < start and line[left].isspace():
        left += 1
    return left, len(line.rstrip())


def _parts(line: str, at: int) -> bool:
    """Whether a sentence may begin at a place behind a full stop."""
    return at < len(line) and (line[at].isspace() or ord(line[at]) >= 0x2E80)


def _within(line: str, left: int, right: int, start: int, end: int) -> Bounds | None:
    while left < start and line[left].isspace():
        left += 1
    while right > end and line[right - 1].isspace():
        right -= 1
    if start - left + right - end > _MAX_GROWTH or (left == 0 and right == len(line)):
        return None
    return left, right
