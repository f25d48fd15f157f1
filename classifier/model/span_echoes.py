"""Spam that comes back: a phrase found in one line of a page, word for word in others.

A keyword is put into title, body and slots of the frame alike. Where it stands out, in brackets
before a headline, the tagger finds it; the same words in the middle of a sentence do not stand out,
but they are the same words.
"""

from collections.abc import Iterator, Mapping, Sequence

from classifier.datamodels import Span

_SURE = 0.8
"""Confidence from which on a found part is looked for elsewhere."""

_MIN_WORDS = 2
_MIN_CHARS = 6
"""Words, and letters and digits, of a phrase that is told from ordinary ones by being repeated."""

_MIN_JOINED_CHARS = 12
"""Letters and digits of a phrase of a single word: a copy of the title without its spaces."""

_MOST_PHRASES = 16

Spans = Mapping[int, tuple[Span, ...]]


def with_echoes(
    lines: Sequence[str], is_open: Sequence[bool], spans: Spans
) -> tuple[dict[int, tuple[Span, ...]], dict[tuple[int, int], int]]:
    """Return the spans of a page with those that repeat a sure one.

    Parameters
    ----------
    lines
        Of the page.
    is_open
        For each line whether it may have spans.
    spans
        What was found, by index of the line.

    Returns
    -------
    spans : dict
        By index of the line, sorted and disjoint. A repeated phrase has the confidence of the part
        it repeats, and takes the place of less sure parts that it overlaps.
    sources : dict
        For the line and start of each span added, the line that it repeats.
    """
    enlarged = dict(spans)
    sources: dict[tuple[int, int], int] = {}
    for phrase, source, confidence in _phrases(lines, spans):
        for index, line in enumerate(lines):
            if not is_open[index]:
                continue
            for start in _places(line, phrase):
                echo = Span(start, start + len(phrase), confidence)
                here = enlarged.get(index, ())
                met = [span for span in here if span.start < echo.end and echo.start < span.end]
                if any(span.confidence >= confidence for span in met):
                    continue
                kept = [span for span in here if span not in met]
                enlarged[index] = tuple(sorted([*kept, echo], key=lambda span: span.start))
                sources[index, start] = source
    return enlarged, sources


def _phrases(lines: Sequence[str], spans: Spans) -> list[tuple[str, int, float]]:
    """Return phrases to look for, with line and confidence, surest first."""
    surest: dict[str, tuple[str, int, float]] = {}
    for index, parts in spans.items():
        for span in parts:
            phrase = _core(lines[index][span.start : span.end])
            known = surest.get(phrase)
            if span.confidence >= _SURE and (known is None or known[2] < span.confidence):
                surest[phrase] = (phrase, index, span.confidence)
    telling = [row for phrase, row in surest.items() if _is_telling(phrase)]
    return sorted(telling, key=lambda row: (-row[2], row[1], row[0]))[:_MOST_PHRASES]


def _core(part: str) -> str:
    places = [at for at, character in enumerate(part) if character.isalnum()]
    return part[places[0] : places[-1] + 1] if places else ""


def _is_telling(phrase: str) -> bool:
    n_chars = sum(map(str.isalnum, phrase))
    has_words = len(phrase.split()) >= _MIN_WORDS and n_chars >= _MIN_CHARS
    return has_words or n_chars >= _MIN_JOINED_CHARS


def _places(line: str, phrase: str) -> Iterator[int]:
    start = line.find(phrase)
    while start >= 0:
        yield start
        start = line.find(phrase, start + len(phrase))
