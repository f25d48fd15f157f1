"""What is kept for evaluation: niches, languages and templates of spam; families; forms.

A model trained on pages made without these is measured on pages made of them alone:

- **forms**: each variation of brackets, separators, bullets, layouts, engines' frames,
  obfuscations is a `classifier.corpus.grammar.dice.Forms` with a held-out part;
- **niches and languages**: queries of `HELD_OUT_NICHES` in any language, queries of any niche and
  templates in `HELD_OUT_LANGUAGES`; frames of these languages stay free, as they are no spam;
- **templates**: every fifth of a list in the other languages; lists of fewer than five, and the
  words of salads, are shared;
- **families**: `HELD_OUT_FAMILIES`, whole operations.
"""

from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from classifier.corpus.lexicons import NICHES, Lexicon, Spam

HELD_OUT_NICHES = ("essays", "loans")
"""Niches whose queries only pages for evaluation have."""

HELD_OUT_LANGUAGES = ("el", "ko", "pl", "pt", "tr")
"""Languages whose lexicon only pages for evaluation take their spam from."""

HELD_OUT_FAMILIES = frozenset(
    {
        *("badly joined title", "annotated letters", "mirror roll", "product chain"),
        *("glued headlines", "trackback echoes", "comment with brand"),
    }
)
"""Families of operations only pages for evaluation go through."""

_EVERY = 5


def spam_lexicons(lexicons: Mapping[str, Lexicon], *, held_out: bool) -> dict[str, Lexicon]:
    """Return the lexicons spam may be taken from, with the niches and templates it may use.

    Without any lexicon of a held-out language, pages for evaluation take held-out niches of the
    others.
    """
    kept = {}
    for language, lexicon in lexicons.items():
        is_unseen = language in HELD_OUT_LANGUAGES
        if is_unseen and not held_out:
            continue
        kept[language] = lexicon if is_unseen else _shared_out(lexicon, held_out=held_out)
    return kept


def _shared_out(lexicon: Lexicon, *, held_out: bool) -> Lexicon:
    niches = [niche for niche in NICHES if (niche in HELD_OUT_NICHES) == held_out]
    templates: dict[str, Any] = {
        field.name: _part(getattr(lexicon.spam, field.name), held_out=held_out)
        for field in fields(Spam)
        if field.name != "salad"  # words, not templates
    }
    return replace(
        lexicon,
        queries={niche: lexicon.queries[niche] for niche in niches},
        spam=replace(lexicon.spam, **templates),
    )


def _part(texts: tuple[object, ...], *, held_out: bool) -> tuple[object, ...]:
    """Return every fifth, or the others; lists too short to share out stay whole."""
    if len(texts) < _EVERY:
        return texts
    return tuple(text for i, text in enumerate(texts) if (i % _EVERY == _EVERY - 1) == held_out)
