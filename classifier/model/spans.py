"""Finds spam inside lines that are otherwise content, and says how sure it is.

A small dilated convolution over the tokens of a line gives each its probabilities (`ROLES`); the
network is that of the page model, with lines for pages and tokens for lines. A run of tokens that
are likely to be spam is a span, parted where another begins.
"""

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from classifier.features.featurizer import LINE_FEATURES, LineFeatures
from classifier.model.pages import Pages
from classifier.model.span_features import TOKEN_FEATURES, token_inputs
from classifier.model.span_inputs import TokenInputs
from classifier.model.span_ngrams import EVIDENCE, N_SPAN_BUCKETS, TokenNgrams
from classifier.model.stacker import Stacker, StackerWeights

Array = NDArray[np.float32]

ROLES = ("rest", "begin", "inside", "other")
"""What a token can be: of the content of a line, the first of a span, a later one, or of a line
that is no content at all."""

REST, BEGIN, INSIDE, OTHER = range(len(ROLES))

CHANNELS, N_BLOCKS = 64, 5
"""Size of the network as it is trained; it sees 31 tokens to each side, and the whole line through
its pool."""

_SPAM_FROM = 0.5
"""Probability from which on a token is of a span."""

_FLOOR = 0.5
"""Confidence from which on a span is kept for operating points to decide on."""


@dataclass(frozen=True, slots=True)
class SpanWeights:
    """What was learned of spans.

    Attributes
    ----------
    ngrams
        Array of shape (N_SPAN_BUCKETS + 1,): the weight of every n-gram; the last, for positions
        without one, is zero.
    tagger
        The network over tokens.
    gate
        Array of shape (len(LINE_FEATURES) + 1,): weights of a line's features, and the bias; lines
        above zero are looked at token by token.
    calibration
        Array of shape (2,): factor and shift from the mean logit of a span's tokens to the logit
        of its confidence.
    """

    ngrams: Array
    tagger: StackerWeights
    gate: Array
    calibration: Array

    def arrays(self) -> dict[str, Array]:
        """Return the arrays by name."""
        own = {name: getattr(self, name) for name in ("ngrams", "gate", "calibration")}
        return own | {f"tagger_{name}": array for name, array in self.tagger.arrays().items()}

    @classmethod
    def of_arrays(cls, arrays: dict[str, Array]) -> "SpanWeights":
        """Return the weights made of `arrays`, named as `arrays` names them."""
        tagger = {each.name: arrays[f"tagger_{each.name}"] for each in fields(StackerWeights)}
        own = {name: arrays[name] for name in ("ngrams", "gate", "calibration")}
        return cls(tagger=StackerWeights(**tagger), **own)


def span_shapes(channels: int = CHANNELS, n_blocks: int = N_BLOCKS) -> dict[str, tuple[int, ...]]:
    """Return names and shapes of the arrays of `SpanWeights` with a tagger of some size."""
    return {
        "ngrams": (N_SPAN_BUCKETS + 1,),
        "gate": (len(LINE_FEATURES) + 1,),
        "calibration": (2,),
        "tagger_input": (channels, len(TOKEN_FEATURES)),
        "tagger_input_bias": (channels,),
        "tagger_blocks": (n_blocks, channels, 3 * channels),
        "tagger_block_biases": (n_blocks, channels),
        "tagger_pool": (channels, 2 * channels),
        "tagger_pool_bias": (channels,),
        "tagger_output": (len(ROLES), channels),
        "tagger_output_bias": (len(ROLES),),
    }


@dataclass(frozen=True, slots=True)
class FoundParts:
    """Parts of lines, in order of place.

    Attributes
    ----------
    line
        Array of shape (n_parts,): indices of lines in the batch.
    start, end
        Arrays of shape (n_parts,): code points of the line.
    logit
        Array of shape (n_parts,): of the confidence.
    first, last
        Arrays of shape (n_parts,): the first token, and the one behind the last, among those
        that were looked at.
    """

    line: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    logit: NDArray[np.float64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]

    def chosen(self, keep: NDArray[np.bool_]) -> "FoundParts":
        """Return the parts for which `keep`, of shape (n_parts,), is true."""
        return FoundParts(*(getattr(self, each.name)[keep] for each in fields(self)))


@dataclass(frozen=True, slots=True)
class SpanFinder:
    """Finds spam inside the lines of a batch.

    Attributes
    ----------
    weights
        What was learned.
    """

    weights: SpanWeights

    def promise(self, features: LineFeatures, is_open: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Return the logit of being worth a look at every token, of each line, shape (n_lines,).

        Parameters
        ----------
        features
            Of the batch.
        is_open
            Array of shape (n_lines,): which lines may be; of the others it is minus infinity.
        """
        chosen = np.flatnonzero(is_open[features.visible])
        # not a matrix product, whose bits would depend on the number of lines
        logits = (self.weights.gate[:-1, None] * features.matrix.take(chosen, axis=1)).sum(axis=0)
        promise = np.full(features.characters.n_lines, -np.inf, dtype=np.float32)
        promise[features.visible[chosen]] = logits + self.weights.gate[-1]
        return promise

    def inputs(
        self,
        features: LineFeatures,
        document_of_line: NDArray[np.int64],
        lines: NDArray[np.int64],
    ) -> TokenInputs:
        """Return the tokens of some lines, every feature filled in."""
        inputs = token_inputs(features, document_of_line, lines)
        evidence = TokenNgrams.of(features, inputs).evidence(self.weights.ngrams)
        inputs.matrix[: len(EVIDENCE)] = evidence
        return inputs

    def find(self, features: LineFeatures, inputs: TokenInputs) -> FoundParts:
        """Return the parts of lines that are likely to be spam."""
        tokens = inputs.tokens
        if len(tokens.first) == 0:
            none = np.zeros(0, dtype=np.int64)
            return FoundParts(none, none, none, none.astype(np.float64), none, none)
        logits = Stacker(self.weights.tagger).logits(inputs.matrix, Pages.of(tokens.offsets))
        margin = spam_logits(logits.astype(np.float64))
        first, last = runs_of_spam(logits, margin, tokens.offsets)
        line = tokens.lines[np.searchsorted(tokens.offsets, first, side="right") - 1]
        begin = features.characters.line_starts[line] + 1
        # each span summed alone, so that no other line changes a bit of it
        bounds = zip(first.tolist(), last.tolist(), strict=True)
        mean = np.array([np.add.reduce(margin[a:b]) for a, b in bounds], dtype=np.float64)
        mean /= last - first
        factor, shift = self.weights.calibration.astype(np.float64)
        logit = factor * mean + shift
        keep = logit > np.log(_FLOOR / (1 - _FLOOR))
        first, last, line, begin = first[keep], last[keep], line[keep], begin[keep]
        return FoundParts(
            line=line,
            start=inputs.starts[first] - begin,
            end=inputs.ends[last - 1] - begin,
            logit=logit[keep],
            first=first,
            last=last,
        )


def spam_logits(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the logit of being of a span, shape (n_tokens,), from those of the roles."""
    spam: NDArray[np.float64] = np.logaddexp(logits[BEGIN], logits[INSIDE])
    spam -= np.logaddexp(logits[REST], logits[OTHER])
    return spam


def runs_of_spam(
    logits: Array, margin: NDArray[np.float64], offsets: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first token of each span, and the one behind its last."""
    n = len(margin)
    is_spam = margin > np.log(_SPAM_FROM / (1 - _SPAM_FROM))
    is_first = np.zeros(n, dtype=np.bool_)
    is_first[offsets[:-1]] = True
    goes_on = np.append(False, is_spam[:-1]) & ~is_first
    starts = is_spam & (~goes_on | (logits[BEGIN] > logits[INSIDE]))
    first = np.flatnonzero(starts)
    stops = np.append(np.flatnonzero(~is_spam | is_first | starts), n)
    return first, stops[np.searchsorted(stops, first, side="right")]
