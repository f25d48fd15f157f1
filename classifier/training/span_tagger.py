"""Train the tagger of tokens: the stacker's network, lines for pages and tokens for lines."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from classifier.model.calibration import softmax
from classifier.model.pages import Pages
from classifier.model.span_ngrams import EVIDENCE
from classifier.model.span_tokens import ranges
from classifier.model.spans import CHANNELS, N_BLOCKS, OTHER, REST, ROLES
from classifier.model.stacker import Stacker, StackerWeights
from classifier.training.convolution import Adam, StackerSettings, fold_in, schedule
from classifier.training.span_examples import SpanExamples

_LONGEST_LINE = 200
_SAMPLED_TOKENS = 300_000
_LEAST_SCALE = 0.05
_SPAM_WEIGHT, _OTHER_WEIGHT = 3.0, 0.4


def tagger_settings(n_passes: int) -> StackerSettings:
    """Return how the tagger is built and trained.

    `lexical_dropout` is the share of lines shown without what their n-grams weigh: keywords and
    languages never seen have no weights either.
    """
    return StackerSettings(
        channels=CHANNELS,
        n_blocks=N_BLOCKS,
        n_passes=n_passes,
        lines_per_step=1500,
        learning_rate=4e-3,
        lexical_dropout=0.35,
        input_dropout=0.03,
    )


def fit_tagger(
    examples: SpanExamples,
    lines: NDArray[np.bool_],
    *,
    settings: StackerSettings,
    seed: int,
    on_pass: Callable[[int, float], None] = lambda _index, _loss: None,
) -> StackerWeights:
    """Train on some lines, their evidence filled in by n-grams that did not see them.

    Parameters
    ----------
    examples
        Lines by tokens.
    lines
        Array of shape (n_lines,): which of them teach.
    settings
        How.
    seed
        Of everything random.
    on_pass
        Told the number of each pass and its mean loss.
    """
    return _Trainer(examples, settings, np.random.default_rng(seed), seed).fit(lines, on_pass)


class _Trainer:
    def __init__(
        self,
        examples: SpanExamples,
        settings: StackerSettings,
        rng: np.random.Generator,
        seed: int,
    ) -> None:
        self.examples, self.settings, self.rng = examples, settings, rng
        n_tokens = len(examples.roles)
        sample = rng.choice(n_tokens, min(_SAMPLED_TOKENS, n_tokens), replace=False)
        self.mean = examples.matrix[sample].mean(axis=0)
        self.scale = np.maximum(examples.matrix[sample].std(axis=0), _LEAST_SCALE)
        self.weights = StackerWeights.initialised(
            len(self.mean),
            channels=settings.channels,
            n_blocks=settings.n_blocks,
            n_labels=len(ROLES),
            seed=seed,
        )
        self.adam = Adam(self.weights.arrays(), settings)

    def fit(
        self, lines: NDArray[np.bool_], on_pass: Callable[[int, float], None]
    ) -> StackerWeights:
        plain = np.flatnonzero(lines & ~self.examples.has_span)
        spanned = np.flatnonzero(lines & self.examples.has_span)
        sizes = np.minimum(np.diff(self.examples.offsets), _LONGEST_LINE)
        # of the lines without a span each pass shows others
        n_plain = min(len(plain), max(len(spanned), len(plain) // 3))
        steps: list[list[NDArray[np.int64]]] = []
        for _ in range(self.settings.n_passes):
            shown = np.append(spanned, self.rng.choice(plain, n_plain, replace=False))
            shown = self.rng.permutation(shown)
            step = np.cumsum(sizes[shown]) // self.settings.lines_per_step
            steps.append(np.split(shown, np.flatnonzero(np.diff(step)) + 1))
        total, done = sum(map(len, steps)), 0
        for index, chunks in enumerate(steps):
            losses = 0.0
            for chosen in chunks:
                gradients, loss = self._gradients(chosen)
                self.adam.step(gradients, self.settings.learning_rate * schedule(done, total))
                done, losses = done + 1, losses + loss
            on_pass(index + 1, losses / len(chunks))
        average = {name: array.copy() for name, array in self.adam.average.items()}
        return fold_in(self.weights.map_arrays(average), self.mean, self.scale)

    def _gradients(self, chosen: NDArray[np.int64]) -> tuple[dict[str, NDArray[np.float32]], float]:
        tokens, offsets = self._tokens(chosen)
        roles = self.examples.roles[tokens]
        inputs = ((self.examples.matrix[tokens] - self.mean) / self.scale).T
        sizes = np.diff(offsets)
        kept = self.rng.random((len(inputs), len(chosen))) >= self.settings.input_dropout
        kept[: len(EVIDENCE)] &= self.rng.random(len(chosen)) >= self.settings.lexical_dropout
        inputs = inputs * np.repeat(kept, sizes, axis=1)
        dropout = self.settings.channel_dropout
        shape = (self.settings.n_blocks, self.settings.channels)
        keep = (self.rng.random(shape) >= dropout).astype(np.float32) / np.float32(1 - dropout)
        pages, stacker = Pages.of(offsets), Stacker(self.weights)
        logits, trace = stacker.forward(np.ascontiguousarray(inputs, np.float32), pages, keep)
        gradient = softmax(logits)
        at = (roles, np.arange(len(roles)))
        weights = _token_weights(roles)
        loss = float(-(np.log(np.maximum(gradient[at], 1e-9)) * weights).sum())
        gradient[at] -= 1
        gradients, _ = stacker.backward((gradient * weights).astype(np.float32), trace, pages, keep)
        return gradients, loss

    def _tokens(self, chosen: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the tokens of some lines; of long ones a part."""
        first = self.examples.offsets[chosen]
        size = np.diff(self.examples.offsets)[chosen]
        spare = np.maximum(size - _LONGEST_LINE, 0)
        first = first + (self.rng.random(len(chosen)) * (spare + 1)).astype(np.int64)
        return ranges(first, np.minimum(size, _LONGEST_LINE))


def _token_weights(roles: NDArray[np.int8]) -> NDArray[np.float64]:
    """Return how much each token counts: more in a span and beside one, where its edges are."""
    is_spam = (roles != REST) & (roles != OTHER)
    is_near = is_spam.copy()
    is_near[1:] |= is_spam[:-1]
    is_near[:-1] |= is_spam[1:]
    weights: NDArray[np.float64] = np.where(is_near, _SPAM_WEIGHT, 1.0)
    weights[roles == OTHER] = _OTHER_WEIGHT
    weights /= weights.sum()
    return weights
