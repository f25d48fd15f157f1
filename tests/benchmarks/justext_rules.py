"""jusText's rules on plain text: length and function words of a line, then its neighbours.

After Pomikálek 2011, "Removing Boilerplate and Duplicate Content from Web Corpora", and the
constants of justext 3.0.2. Plain text has neither links nor headings, so the rules about them have
nothing to say; a line stands for a paragraph.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set

import numpy as np
from numpy.typing import NDArray

from classifier.datamodels import LabelledDocument

LENGTH_LOW, LENGTH_HIGH = 70, 200
STOPWORDS_LOW, STOPWORDS_HIGH = 0.30, 0.32

COVERAGE = 0.5
"""Share of running words that the function words of a language make up: the most frequent ones."""

_FEWEST_WORDS = 20_000
# written without spaces between words
_UNSPACED = frozenset({"zh", "ja", "th", "lo", "km", "my", "bo"})

_GOOD, _NEARLY, _SHORT, _BAD = "good", "neargood", "short", "bad"


def function_words(documents: Iterable[LabelledDocument]) -> dict[str, frozenset[str]]:
    """Return by language the most frequent words of content that make up half of it.

    jusText's own lists are the most frequent words of each language's Wikipedia. Left out are
    languages with little text, and those that write no spaces.
    """
    counts: dict[str, Counter[str]] = {}
    for document in documents:
        if document.language not in _UNSPACED:
            words = counts.setdefault(document.language, Counter())
            for line, code in zip(document.lines, document.codes, strict=True):
                if code == "c":
                    words.update(line.lower().split())
    return {
        language: _most_frequent(words)
        for language, words in counts.items()
        if words.total() >= _FEWEST_WORDS
    }


def _most_frequent(words: Counter[str]) -> frozenset[str]:
    ranked = [pair for pair in words.most_common() if any(map(str.isalpha, pair[0]))]
    running = np.cumsum([count for _, count in ranked])
    n_words = int(np.searchsorted(running, COVERAGE * running[-1])) + 1
    return frozenset(word for word, _ in ranked[:n_words])


def keeps_by_justext(lines: Sequence[str], words: Set[str] | None) -> NDArray[np.bool_]:
    """Return which lines of a page jusText keeps.

    Parameters
    ----------
    lines
        Of one page; blank ones are passed over.
    words
        Function words of its language; None if unknown: density is then not asked for, as in
        jusText's language-independent mode.
    """
    texts = [" ".join(line.split()) for line in lines]
    visible = [index for index, text in enumerate(texts) if text]
    classes = _in_context([_alone(texts[index], words) for index in visible])
    kept = np.zeros(len(lines), dtype=np.bool_)
    kept[[index for index, name in zip(visible, classes, strict=True) if name == _GOOD]] = True
    return kept


def keep_pages(
    pages: Sequence[LabelledDocument], words: Mapping[str, Set[str]]
) -> list[NDArray[np.bool_]]:
    """Return `keeps_by_justext` of every page, with the function words of its language."""
    return [keeps_by_justext(page.lines, words.get(page.language)) for page in pages]


def _alone(text: str, words: Set[str] | None) -> str:
    """Return the class of a line by itself (``classify_paragraphs``)."""
    if "©" in text or "&copy" in text:
        return _BAD
    if len(text) < LENGTH_LOW:
        return _SHORT
    density = 1.0
    if words is not None:
        parts = text.lower().split()
        density = sum(part in words for part in parts) / len(parts)
    if density >= STOPWORDS_HIGH:
        return _GOOD if len(text) > LENGTH_HIGH else _NEARLY
    return _NEARLY if density >= STOPWORDS_LOW else _BAD


def _in_context(alone: Sequence[str]) -> list[str]:
    """Return the classes after a look at the neighbours (``revise_paragraph_classification``)."""
    classes = list(alone)
    sure = _neighbours(classes, {_GOOD, _BAD})
    nearly = _neighbours(classes, {_GOOD, _BAD, _NEARLY})
    for index, name in enumerate(alone):
        if name == _SHORT:
            classes[index] = _of_short(sure[index], nearly[index])
    sure = _neighbours(classes, {_GOOD, _BAD})
    revised = list(classes)
    # One after the other: a line that turns good makes its neighbour good.
    before = _BAD
    for index, name in enumerate(classes):
        if name == _NEARLY:
            revised[index] = _BAD if (before, sure[index][1]) == (_BAD, _BAD) else _GOOD
        before = revised[index]
    return revised


def _of_short(sure: tuple[str, str], nearly: tuple[str, str]) -> str:
    if sure[0] == sure[1]:
        return sure[0]
    # between the two: kept if what lies towards the bad side is nearly good
    sides = zip(sure, nearly, strict=True)
    return _GOOD if any(pair == (_BAD, _NEARLY) for pair in sides) else _BAD


def _neighbours(classes: Sequence[str], wanted: Set[str]) -> list[tuple[str, str]]:
    """Return of each line the nearest wanted class before and behind; the page's edges are bad."""
    sides = []
    for sequence in (classes, classes[::-1]):
        nearest, found = _BAD, []
        for name in sequence:
            found.append(nearest)
            nearest = name if name in wanted else nearest
        sides.append(found)
    return list(zip(sides[0], sides[1][::-1], strict=True))
