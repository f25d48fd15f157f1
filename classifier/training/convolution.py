"""Train the stacker: Adam on altered pages, averaged weights, the pass best on held-out sites."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.features.page_inputs import page_inputs
from classifier.model.calibration import softmax
from classifier.model.pages import Pages
from classifier.model.stacker import Stacker, StackerWeights
from classifier.training.augment import FrameExchange, augmented_lines
from classifier.training.dataset import Dataset
from classifier.training.guidelines import SourceOffsets

Array = NDArray[np.float32]

_SAMPLED_DOCUMENTS = 1500
_LEAST_SCALE = 0.05


@dataclass(frozen=True, slots=True)
class StackerSettings:
    """How the stacker is built and trained.

    Attributes
    ----------
    channels, n_blocks
        Size of the network; block ``k`` looks ``2 ** k`` lines back and ahead.
    n_passes
        Times every page is shown, at most.
    lines_per_step
        Lines per gradient step.
    learning_rate
        Largest step of Adam (Kingma & Ba 2015); rises over the first 5 % of the steps, then falls
        along a cosine.
    weight_decay
        Decoupled (Loshchilov & Hutter 2019), on matrices only.
    lexical_dropout
        Share of pages shown without n-grams, so that the network does not depend on them where
        the language is new.
    input_dropout
        Share of a page's inputs set to their mean, so that no single one is relied upon.
    channel_dropout
        Share of channels of each block silenced in a step.
    frame_exchange
        Share of the pages shown in the frame of another page of their language.
    averaging
        Decay of the running average of the weights that is kept (Polyak & Juditsky 1992).
    longest_page
        Lines a page may show in one pass; longer ones are cropped.
    """

    channels: int = 32
    n_blocks: int = 6
    n_passes: int = 8
    lines_per_step: int = 3000
    learning_rate: float = 3e-3
    weight_decay: float = 0.03
    lexical_dropout: float = 0.12
    input_dropout: float = 0.1
    channel_dropout: float = 0.05
    frame_exchange: float = 0.4
    averaging: float = 0.995
    longest_page: int = 1500


@dataclass(frozen=True, slots=True)
class _Step:
    inputs: Array
    pages: Pages
    allowed: NDArray[np.bool_]
    weights: Array
    document_of_line: NDArray[np.int64]


class Adam:
    """Adam with decoupled weight decay, and a running average of the weights."""

    def __init__(self, arrays: dict[str, Array], settings: StackerSettings) -> None:
        self.arrays = arrays
        self.settings = settings
        self.average = {name: array.copy() for name, array in arrays.items()}
        self._first = {name: np.zeros_like(array) for name, array in arrays.items()}
        self._second = {name: np.zeros_like(array) for name, array in arrays.items()}
        self._steps = 0

    def step(self, gradients: dict[str, Array], rate: float) -> None:
        """Move the arrays, and their average after them."""
        self._steps += 1
        bias_first, bias_second = 1 - 0.9**self._steps, 1 - 0.999**self._steps
        # early on the average would remember the random start
        keep = min(self.settings.averaging, self._steps / (self._steps + 9))
        for name, gradient in gradients.items():
            first, second = self._first[name], self._second[name]
            first += 0.1 * (gradient - first)
            second += 0.001 * (gradient * gradient - second)
            update = (first / bias_first) / (np.sqrt(second / bias_second) + 1e-8)
            if self.arrays[name].ndim > 1 and not name.endswith(("bias", "biases")):
                update += self.settings.weight_decay * self.arrays[name]
            self.arrays[name] -= np.float32(rate) * update
            self.average[name] += np.float32(1 - keep) * (self.arrays[name] - self.average[name])


class StackerTrainer:
    """Trains one stacker.

    Parameters
    ----------
    dataset
        All documents.
    lexical
        Array of shape (n_lexical, n_lines): lexical outputs of each line, by heads that did not
        see its document.
    sources
        The source of each document, for what its guidelines add.
    languages
        The language of each document whose frame may be exchanged; empty for the others.
    settings
        How to train.
    """

    def __init__(
        self,
        dataset: Dataset,
        lexical: Array,
        *,
        sources: Sequence[str],
        languages: Sequence[str],
        settings: StackerSettings,
    ) -> None:
        self.dataset, self.lexical, self.settings = dataset, lexical, settings
        self.sources, self.languages = sources, languages
        self._document_of_line = dataset.document_of_line

    def fit(
        self,
        training: NDArray[np.int64],
        held_out: NDArray[np.int64],
        *,
        seed: int,
        on_pass: Callable[[int, float], None] = lambda _index, _loss: None,
    ) -> tuple[Stacker, float]:
        """Train on some documents, keep the pass that does best on others.

        Parameters
        ----------
        training, held_out
            Indices of documents, of different sites.
        seed
            Of everything random.
        on_pass
            Told the number of each finished pass and its loss on the held-out documents.

        Returns
        -------
        stacker
            Of the best pass.
        loss : float
            Its loss on the held-out documents.
        """
        rng = np.random.default_rng(seed)
        training, held_out = (self._weighted(which) for which in (training, held_out))
        mean, scale = self._standardisation(training, rng)
        exchange = FrameExchange(self.dataset, training, self.languages)
        weights = StackerWeights.initialised(
            len(mean),
            channels=self.settings.channels,
            n_blocks=self.settings.n_blocks,
            n_labels=len(self.dataset.allowed),
            seed=seed,
        )
        adam = Adam(weights.arrays(), self.settings)
        guidelines = SourceOffsets(self.sources)
        best, best_loss = fold_in(weights, mean, scale), np.inf
        steps_per_pass = -(-self._visible(training) // self.settings.lines_per_step)
        total = max(1, steps_per_pass * self.settings.n_passes)
        done = 0
        for index in range(self.settings.n_passes):
            for lines in self._shown(training, exchange, rng):
                step = self._step(lines, (mean, scale), rng)
                rate = self.settings.learning_rate * schedule(done, total)
                adam.step(self._gradients(weights, guidelines, step, rng), rate)
                done += 1
            averaged = weights.map_arrays({k: v.copy() for k, v in adam.average.items()})
            stacker = Stacker(fold_in(averaged, mean, scale))
            loss = self.loss(stacker, held_out)
            on_pass(index + 1, loss)
            if loss < best_loss:
                best, best_loss = stacker.weights, loss
        return Stacker(best), float(best_loss)

    def logits(self, stacker: Stacker, documents: NDArray[np.int64]) -> Array:
        """Return the logits of all lines of some documents, shape (n_labels, n_lines)."""
        sizes = np.diff(self.dataset.document_offsets)[documents]
        group = np.cumsum(sizes) // 20_000
        parts = [
            self._logits_of_batch(stacker, documents[group == index]) for index in np.unique(group)
        ]
        empty = np.zeros((len(self.dataset.allowed), 0), np.float32)
        return np.concatenate([empty, *parts], axis=1)

    def loss(self, stacker: Stacker, documents: NDArray[np.int64]) -> float:
        """Return the weighted mean negative log-likelihood of what is known of the lines."""
        lines = self.dataset.lines_of(documents)
        probabilities = softmax(self.logits(stacker, documents))
        likelihood = (probabilities * self.dataset.allowed[:, lines]).sum(axis=0)
        weights = self.dataset.weights[lines]
        losses = -np.log(np.maximum(likelihood, 1e-9))
        return float((losses * weights).sum() / max(weights.sum(), 1e-9))

    def _weighted(self, documents: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the documents that have a line that counts."""
        running = np.concatenate([[0], np.cumsum(self.dataset.weights > 0)])
        counting = np.diff(running[self.dataset.document_offsets]) > 0
        return documents[counting[documents]]

    def _logits_of_batch(self, stacker: Stacker, documents: NDArray[np.int64]) -> Array:
        lines = self.dataset.lines_of(documents)
        sizes = np.diff(self.dataset.document_offsets)[documents]
        offsets = np.concatenate([[0], np.cumsum(sizes)])
        return stacker.logits(self._inputs(lines, offsets), Pages.of(offsets))

    def inputs(self, documents: NDArray[np.int64]) -> Array:
        """Return what the stacker reads of some documents, shape (n_inputs, n_lines)."""
        sizes = np.diff(self.dataset.document_offsets)[documents]
        offsets = np.concatenate([[0], np.cumsum(sizes)])
        return self._inputs(self.dataset.lines_of(documents), offsets)

    def _inputs(self, lines: NDArray[np.int64], offsets: NDArray[np.int64]) -> Array:
        return page_inputs(
            self.dataset.matrix[:, lines],
            self.lexical[:, lines],
            self.dataset.lengths[lines],
            self.dataset.edges[:, lines],
            offsets,
        )

    def _visible(self, documents: NDArray[np.int64]) -> int:
        sizes = np.diff(self.dataset.document_offsets)[documents]
        return int(np.minimum(sizes, self.settings.longest_page).sum())

    def _standardisation(
        self, documents: NDArray[np.int64], rng: np.random.Generator
    ) -> tuple[Array, Array]:
        sample = rng.permutation(documents)[:_SAMPLED_DOCUMENTS]
        inputs = self.inputs(sample)
        weights = self.dataset.weights[self.dataset.lines_of(sample)]
        mean = np.average(inputs, axis=1, weights=weights)
        variance = np.average((inputs - mean[:, None]) ** 2, axis=1, weights=weights)
        # a feature that hardly varies here must not explode where it does
        scale = np.maximum(np.sqrt(variance), _LEAST_SCALE)
        return mean.astype(np.float32), scale.astype(np.float32)

    def _shown(
        self, documents: NDArray[np.int64], exchange: FrameExchange, rng: np.random.Generator
    ) -> Iterator[list[NDArray[np.int64]]]:
        """Show every page once, in random order and altered, some thousand lines a step.

        Yields the lines of each page of a step.
        """
        pages: list[NDArray[np.int64]] = []
        for document in rng.permutation(documents).tolist():
            first, end = self.dataset.document_offsets[document : document + 2]
            if first == end:
                continue
            is_exchanged = rng.random() < self.settings.frame_exchange
            lines = exchange.lines(document, rng) if is_exchanged else None
            if lines is None:
                lines = np.arange(first, end)
            shown = augmented_lines(lines, self.dataset.allowed[:, lines], rng)
            if len(shown) > self.settings.longest_page:
                start = int(rng.integers(len(shown) - self.settings.longest_page))
                shown = shown[start : start + self.settings.longest_page]
            pages.append(shown)
            if sum(map(len, pages)) >= self.settings.lines_per_step:
                yield pages
                pages = []
        if pages:
            yield pages

    def _step(
        self,
        lines: list[NDArray[np.int64]],
        standard: tuple[Array, Array],
        rng: np.random.Generator,
    ) -> _Step:
        chosen = np.concatenate(lines)
        sizes = np.array([len(page) for page in lines])
        offsets = np.concatenate([[0], np.cumsum(sizes)])
        known = rng.random(len(lines)) >= self.settings.lexical_dropout
        lexical = self.lexical[:, chosen] * np.repeat(known, sizes)
        inputs = page_inputs(
            self.dataset.matrix[:, chosen],
            lexical,
            self.dataset.lengths[chosen],
            self.dataset.edges[:, chosen],
            offsets,
        )
        mean, scale = standard
        inputs -= mean[:, None]
        inputs /= scale[:, None]
        kept = rng.random((len(inputs), len(lines))) >= self.settings.input_dropout
        inputs *= np.repeat(kept, sizes, axis=1)
        return _Step(
            inputs=inputs,
            pages=Pages.of(offsets),
            allowed=self.dataset.allowed[:, chosen],
            weights=self.dataset.weights[chosen],
            document_of_line=self._document_of_line[chosen],
        )

    def _gradients(
        self,
        weights: StackerWeights,
        guidelines: SourceOffsets,
        step: _Step,
        rng: np.random.Generator,
    ) -> dict[str, Array]:
        stacker = Stacker(weights)
        shape = (self.settings.n_blocks, self.settings.channels)
        dropout = self.settings.channel_dropout
        keep = (rng.random(shape) >= dropout).astype(np.float32) / np.float32(1 - dropout)
        logits, trace = stacker.forward(step.inputs, step.pages, keep)
        probabilities = softmax(guidelines.added_to(logits, step.document_of_line))
        possible = probabilities * step.allowed
        posterior = possible / np.maximum(possible.sum(axis=0), 1e-9)
        gradient = (probabilities - posterior) * step.weights
        gradient /= max(float(step.weights.sum()), 1e-9)
        guidelines.step(gradient, step.document_of_line)
        gradients, _ = stacker.backward(gradient.astype(np.float32), trace, step.pages, keep)
        return gradients


def schedule(step: int, total: int) -> float:
    """Return the share of the largest step: rising at first, then falling along a cosine."""
    warm_up = max(1, total // 20)
    if step < warm_up:
        return (step + 1) / warm_up
    share = min(1.0, (step - warm_up) / max(1, total - warm_up))
    return 0.5 * (1 + float(np.cos(np.pi * share)))


def fold_in(weights: StackerWeights, mean: Array, scale: Array) -> StackerWeights:
    """Return weights for inputs as they come, instead of standardised ones."""
    arrays = weights.arrays()
    arrays["input"] = arrays["input"] / scale
    arrays["input_bias"] = arrays["input_bias"] - arrays["input"] @ mean
    return weights.map_arrays(arrays)
