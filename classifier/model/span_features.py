"""What the tagger sees of each token of a line."""

import numpy as np
from numpy.typing import NDArray

from classifier.features.featurizer import LineFeatures
from classifier.model.span_copies import despaced_copies
from classifier.model.span_documents import SearchedLines
from classifier.model.span_forms import LETTERS, SIGNS, fill_forms
from classifier.model.span_inputs import TokenInputs
from classifier.model.span_ngrams import EVIDENCE
from classifier.model.span_phrases import find_phrases
from classifier.model.span_recurrence import fill_recurrence
from classifier.model.span_surroundings import fill_surroundings
from classifier.model.span_tokens import LineCharacters, Tokens

TOKEN_FEATURES: tuple[str, ...] = (
    *EVIDENCE,
    *(name for name, _ in SIGNS),
    *LETTERS,
    "length",
    "space before",
    "space after",
    "joined to the letters before",
    "joined to the letters after",
    "capital after small letter",
    "opens a bracket",
    "closes a bracket",
    "inside brackets",
    "length of the bracket",
    "marks or unseen characters",
    "accents",
    "share of accents in the line",
    "share of accents in the document",
    "rarity of the script in the line",
    "rarity of the script in the document",
    "length of the unspaced run",
    "period inside the run",
    "at sign inside the run",
    "digits in the run",
    "signs in the run",
    "how usual its letter pairs are in the document",
    "letter pairs against the line",
    "share of capitalised words in the line",
    "place from the start",
    "place from the end",
    "first of the line",
    "last of the line",
    "tokens of the line",
    "number of the line",
    "first line of the document",
    "ends with punctuation",
    "phrase stands elsewhere",
    "how often the phrase stands",
    "phrase in the head",
    "phrase in a short line",
    "a phrase that comes back begins",
    "a phrase that comes back ends",
    "word stands elsewhere",
    "how often the word stands",
    "word in the head",
    "word in a short line",
    "copy of a line without its spaces",
    "a copy begins",
    "a copy ends",
)
"""Names of the rows of the tagger's inputs, in their order."""


def token_inputs(
    features: LineFeatures,
    document_of_line: NDArray[np.int64],
    lines: NDArray[np.int64],
) -> TokenInputs:
    """Return the tokens of some lines of a batch and the features of each, `EVIDENCE` left zero.

    Parameters
    ----------
    features
        Of the batch.
    document_of_line
        Array of shape (n_lines,).
    lines
        Array of shape (n_chosen,): indices of lines, sorted.
    """
    searched = SearchedLines.of(features, document_of_line, lines)
    chars = LineCharacters.of(features.characters, lines)
    phrases = find_phrases(features, chars, searched)
    copies = despaced_copies(features.characters, chars, searched)
    is_edge = _edges(phrases.cover) | _edges(copies.is_copied)
    tokens = Tokens.of(chars, is_edge)
    n = len(tokens.first)
    starts = chars.position[tokens.first] if n else np.zeros(0, np.int64)
    ends = chars.position[tokens.last - 1] + 1 if n else np.zeros(0, np.int64)
    inputs = TokenInputs(
        chars, tokens, np.zeros((len(TOKEN_FEATURES), n), np.float32), starts, ends, copies
    )
    if n:
        rows = dict(zip(TOKEN_FEATURES, inputs.matrix, strict=True))
        fill_forms(inputs, rows)
        fill_surroundings(features, searched, inputs, rows)
        fill_recurrence(features, searched, inputs, rows, phrases)
    return inputs


def _edges(flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
    edges = np.zeros(len(flags), dtype=np.bool_)
    edges[1:] = flags[1:] != flags[:-1]
    return edges
