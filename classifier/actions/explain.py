"""Why a line got its label: every part's contribution to every logit, adding up to the logit.

The network's parts come from integrated gradients (Sundararajan, Taly & Yan 2017): on the way from
a page whose inputs are all zero to the page as it is, gradients are averaged and multiplied by the
inputs, which adds up to the difference of the logits. What falls to the lexical logits of the line
itself is handed on to its n-grams in proportion to their weights.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.actions.explain_spans import SpanExplanation, explain_spans
from classifier.datamodels import Line
from classifier.errors import InputError
from classifier.features.featurizer import LINE_FEATURES, LineFeatures, featurize
from classifier.features.ngrams import NO_NGRAM
from classifier.features.position import POSITION_FEATURES
from classifier.labels import LABELS, Label
from classifier.model.lexical import LEXICAL_FEATURES, N_CONTRASTS, LexicalHead
from classifier.model.line_classifier import LineClassifier
from classifier.model.page_model import STACKER_INPUTS, PageModel
from classifier.model.pages import Pages
from classifier.text.batch import LineBatch

_N_STEPS = 64
"""Points on the way from the baseline; they miss 0.01 to 0.03 of a logit, a row of its own."""

_LEXICAL_ROWS = slice(len(LINE_FEATURES), len(LINE_FEATURES) + N_CONTRASTS)
_OWN_ROWS = len(LINE_FEATURES) + len(LEXICAL_FEATURES) + len(POSITION_FEATURES)


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one part added to each logit.

    Attributes
    ----------
    kind
        ``bias``, ``feature`` (of the line itself), ``n-gram`` (of the line itself),
        ``neighbours`` (other lines) or ``page`` (what surrounds the line, on average).
    name
        Which.
    values
        By label.
    """

    kind: str
    name: str
    values: dict[Label, float]


@dataclass(frozen=True, slots=True)
class Explanation:
    """One line's logits and what they are made of.

    Attributes
    ----------
    line
        The line as classified.
    logits
        By label, calibrated; the contributions of each label add up to it.
    contributions
        Strongest first, by the largest absolute value.
    spans
        Parts of the line that may be spam, cut at this operating point or not. They move a share
        of the line's probabilities, which the logits know nothing of, to stuffing.
    """

    line: Line
    logits: dict[Label, float]
    contributions: tuple[Contribution, ...]
    spans: tuple[SpanExplanation, ...] = ()


def explain_line(model: LineClassifier, text: str, number: int) -> Explanation:
    """Explain the label of one line of a page.

    Parameters
    ----------
    model
        Which model to ask.
    text
        The page.
    number
        The line, counted from 1.

    Raises
    ------
    InputError
        If there is no such line, or it is blank.
    """
    n_lines = text.count("\n") + 1
    if not 1 <= number <= n_lines:
        raise InputError(f"line {number}: the page has lines 1 to {n_lines}; choose one of them")
    line = model.classify(text)[number - 1]
    if line.label is None:
        raise InputError(f"line {number} is blank and has no label; choose a line with text")
    features = featurize(LineBatch.from_texts([text]))
    column = int(np.searchsorted(features.visible, number - 1))
    inputs = model.model_.inputs(features).astype(np.float64)
    logits, baseline, shares = _integrated_gradients(model.model_, inputs, column)
    values = [_contribution("bias", "what every line starts from", baseline)]
    values += _own_contributions(model.model_.lexical, features, shares, column)
    values += _other_contributions(shares, column)
    # the integral is taken in steps: what they miss is a row of its own, not hidden
    missing = logits - np.sum([_row(value) for value in values], axis=0)
    values.append(_contribution("bias", "rounding of the integral", missing))
    values.sort(key=lambda value: -float(np.abs(_row(value)).max()))
    return Explanation(
        line=line,
        logits=dict(zip(LABELS, logits.tolist(), strict=True)),
        contributions=tuple(values),
        spans=explain_spans(model.model_, text, number - 1),
    )


def _integrated_gradients(
    model: PageModel, inputs: NDArray[Any], column: int
) -> tuple[NDArray[Any], NDArray[Any], NDArray[np.float64]]:
    """Return the line's logits, those of the baseline, and each input's share of the difference.

    In the precision of `inputs`: double, so that the shares add up.

    Returns
    -------
    logits, baseline : arrays of shape (n_labels,)
    shares : array of shape (n_labels, n_inputs, n_lines)
    """
    pages = Pages.of(np.array([0, inputs.shape[1]]))
    stacker = model.stacker
    start = np.zeros_like(inputs)
    shares = np.zeros((len(LABELS), *inputs.shape))
    for step in range(_N_STEPS):
        point: NDArray[Any] = inputs * ((step + 0.5) / _N_STEPS)
        logits, trace = stacker.forward(point, pages)
        for label in range(len(LABELS)):
            gradient = np.zeros_like(logits)
            gradient[label, column] = 1
            shares[label] += stacker.backward(gradient, trace, pages)[1]
    shares *= inputs / _N_STEPS / model.temperature
    at_end, at_start = (stacker.logits(x, pages)[:, column] for x in (inputs, start))
    return at_end / model.temperature, at_start / model.temperature, shares


def _own_contributions(
    head: LexicalHead, features: LineFeatures, shares: NDArray[np.float64], column: int
) -> list[Contribution]:
    own = shares[:, :, column]
    names = list(enumerate(STACKER_INPUTS[:_OWN_ROWS]))
    plain = [
        _contribution("feature", name, own[:, row])
        for row, name in names
        if not _LEXICAL_ROWS.start <= row < _LEXICAL_ROWS.stop
    ]
    return [*plain, *_ngram_contributions(head, features, own[:, _LEXICAL_ROWS], column)]


def _ngram_contributions(
    head: LexicalHead, features: LineFeatures, shares: NDArray[np.float64], column: int
) -> list[Contribution]:
    """Hand the shares of the lexical logits on to the n-grams (and the head's bias)."""
    line = int(features.visible[column])
    buckets, texts = _ngrams_of(features, line)
    scale = np.sqrt(max(float(features.ngrams.ngrams_per_line[line]), 1.0))
    weights = head.table[buckets, :N_CONTRASTS].astype(np.float64) / scale
    parts = np.concatenate([weights, head.bias[None].astype(np.float64)])
    total = parts.sum(axis=0)
    # a logit of zero moved nothing: its n-grams cancel each other out
    per_unit = np.divide(shares, total, out=np.zeros_like(shares), where=np.abs(total) > 1e-9)
    values = parts @ per_unit.T
    by_text: dict[str, NDArray[np.float64]] = {}
    for text, value in zip([*texts, ""], values, strict=True):
        by_text[text] = by_text.get(text, np.zeros(len(LABELS))) + value
    bias = _contribution("bias", "how common each label is", by_text.pop(""))
    return [bias, *(_contribution("n-gram", text, value) for text, value in by_text.items())]


def _ngrams_of(features: LineFeatures, line: int) -> tuple[NDArray[np.intp], list[str]]:
    """Return the buckets of all n-grams of a line, and how they read."""
    characters, ngrams = features.characters, features.ngrams
    start, end = characters.line_starts[line : line + 2]
    folded = "".join(map(chr, characters.folded[start : end + 1].tolist())).replace("\n", "⏎")
    buckets: list[int] = []
    texts: list[str] = []
    for size, all_buckets in ((2, ngrams.pair_buckets), (4, ngrams.quad_buckets)):
        found = all_buckets[start:end]
        for offset in np.flatnonzero(found != NO_NGRAM).tolist():
            buckets.append(int(found[offset]))
            texts.append(folded[offset : offset + size])
    first, last = np.searchsorted(characters.word_starts, (start, end))
    for word in range(int(first), int(last)):
        begin, stop = characters.word_starts[word], characters.word_ends[word]
        buckets.append(int(ngrams.word_buckets[word]))
        texts.append(f"word {folded[begin - start : stop - start]}")
        if ngrams.word_pair_buckets[word] != NO_NGRAM:
            stop = characters.word_ends[word + 1]
            buckets.append(int(ngrams.word_pair_buckets[word]))
            texts.append(f"words {folded[begin - start : stop - start]}")
    return np.array(buckets, dtype=np.intp), texts


def _other_contributions(shares: NDArray[np.float64], column: int) -> list[Contribution]:
    others = np.delete(shares, column, axis=2)
    values = [
        _contribution("page", name, shares[:, row, column])
        for row, name in enumerate(STACKER_INPUTS)
        if row >= _OWN_ROWS
    ]
    before, after = others[:, :, :column], others[:, :, column:]
    for name, part in (("lines before", before), ("lines after", after)):
        values.append(_contribution("neighbours", name, part.sum(axis=(1, 2))))
    return values


def _contribution(kind: str, name: str, values: NDArray[np.float64]) -> Contribution:
    return Contribution(kind, name, dict(zip(LABELS, values.tolist(), strict=True)))


def _row(value: Contribution) -> NDArray[np.float64]:
    return np.array(list(value.values.values()))
