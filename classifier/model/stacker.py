"""The stacker: a small dilated convolution over the lines of a page, in numpy.

It sees the shape, place and lexical logits of a line, of its neighbours (kernel 3, dilations
doubling from block to block) and, through one pooled vector, of the whole page. Residual blocks
after He et al. 2016, dilations after van den Oord et al. 2016 (WaveNet); the backward pass is
written by hand and checked against finite differences in the tests.

Arrays are column-major pages: one column a line, so that a feature is contiguous.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from classifier.labels import CONTENT_INDEX
from classifier.model.pages import Pages, gather_taps, pool_pages, scatter_taps
from classifier.model.tiles import multiply

Array = NDArray[np.float32]

_COLUMNS_AT_ONCE = 6144
"""Columns of a batch that go through the blocks together."""


@dataclass(slots=True)
class StackerWeights:
    """Everything a stacker learned.

    Attributes
    ----------
    input
        Array of shape (channels, n_inputs), the standardisation of the inputs folded in.
    input_bias
        Array of shape (channels,).
    blocks
        Array of shape (n_blocks, channels, 3 * channels): the taps before, at and after a line.
    block_biases
        Array of shape (n_blocks, channels).
    pool
        Array of shape (channels, 2 * channels): from mean and maximum over the page back to each
        line, after the middle block.
    pool_bias
        Array of shape (channels,).
    output
        Array of shape (n_labels, channels).
    output_bias
        Array of shape (n_labels,).
    """

    input: Array
    input_bias: Array
    blocks: Array
    block_biases: Array
    pool: Array
    pool_bias: Array
    output: Array
    output_bias: Array

    @classmethod
    def initialised(
        cls, n_inputs: int, *, channels: int, n_blocks: int, n_labels: int, seed: int
    ) -> "StackerWeights":
        """Return random weights: He et al. 2015, residual branches scaled down by their number."""
        rng = np.random.default_rng(seed)

        def normal(*shape: int, gain: float = 1.0) -> Array:
            scale = gain * np.sqrt(2 / shape[-1])
            return rng.normal(0, scale, shape).astype(np.float32)

        def zeros(*shape: int) -> Array:
            return np.zeros(shape, np.float32)

        return cls(
            input=normal(channels, n_inputs),
            input_bias=zeros(channels),
            blocks=normal(n_blocks, channels, 3 * channels, gain=n_blocks**-0.5),
            block_biases=zeros(n_blocks, channels),
            pool=normal(channels, 2 * channels, gain=0.5),
            pool_bias=zeros(channels),
            output=normal(n_labels, channels, gain=0.5),
            output_bias=zeros(n_labels),
        )

    def arrays(self) -> dict[str, Array]:
        """Return the arrays by name."""
        return {item.name: getattr(self, item.name) for item in fields(self)}

    def map_arrays(self, arrays: dict[str, Array]) -> "StackerWeights":
        """Return weights made of `arrays`."""
        return StackerWeights(**arrays)


@dataclass(slots=True)
class _Trace:
    """What the backward pass needs of the forward pass."""

    inputs: Array
    hidden: list[Array]
    taps: list[Array]
    active: list[NDArray[np.bool_]]
    pooled: Array
    pool_active: NDArray[np.bool_]
    at_maximum: Array


@dataclass(frozen=True, slots=True)
class Stacker:
    """A dilated convolution over the lines of pages.

    Attributes
    ----------
    weights
        What it learned.
    """

    weights: StackerWeights

    @property
    def n_blocks(self) -> int:
        """How many residual blocks there are; block ``k`` has dilation ``2 ** k``."""
        return len(self.weights.blocks)

    @property
    def pool_after(self) -> int:
        """The block after which the page's pooled vector is added."""
        return self.n_blocks // 2

    def logits(self, inputs: Array, pages: Pages) -> Array:
        """Return the logits of every line.

        Parameters
        ----------
        inputs
            Array of shape (n_inputs, n_lines).
        pages
            Which columns belong together.

        Returns
        -------
        logits : float32 array of shape (n_labels, n_lines)
        """
        weights = self.weights
        hidden = np.empty((len(weights.input), inputs.shape[1]), inputs.dtype)
        middle = self.pool_after + 1
        for part in _parts(inputs.shape[1], 2**middle - 1):
            columns = multiply(weights.input, inputs[:, part.reached])
            columns += weights.input_bias[:, None]
            self._convolve(_relu(columns), pages.part(part.reached), range(middle))
            if part.is_everything:
                hidden = columns
            else:
                hidden[:, part.own] = columns[:, part.kept]
        vector = multiply(weights.pool, pool_pages(hidden, pages))
        vector += weights.pool_bias[:, None]
        hidden += np.repeat(_relu(vector), pages.sizes, axis=1)
        logits = np.empty((len(weights.output), inputs.shape[1]), inputs.dtype)
        for part in _parts(inputs.shape[1], 2**self.n_blocks - 2**middle):
            columns = hidden if part.is_everything else hidden[:, part.reached].copy()
            self._convolve(columns, pages.part(part.reached), range(middle, self.n_blocks))
            multiply(weights.output, columns[:, part.kept], out=logits[:, part.own])
        logits += weights.output_bias[:, None]
        return logits

    def _convolve(self, hidden: Array, pages: Pages, blocks: range) -> None:
        """Send columns through some of the blocks, in place."""
        taps = np.empty((3 * len(hidden), hidden.shape[1]), hidden.dtype)
        branch = np.empty_like(hidden)
        for block in blocks:
            gather_taps(hidden, pages, 2**block, out=taps)
            multiply(self.weights.blocks[block], taps, out=branch)
            branch += self.weights.block_biases[block][:, None]
            hidden += _relu(branch)

    def biased(self, content_bias: float) -> "Stacker":
        """Return the same stacker with this much added to its logit of content."""
        arrays = self.weights.arrays()
        shift = np.zeros_like(arrays["output_bias"])
        shift[CONTENT_INDEX] = content_bias
        arrays["output_bias"] = arrays["output_bias"] + shift
        return Stacker(self.weights.map_arrays(arrays))

    def forward(
        self, inputs: Array, pages: Pages, keep: Array | None = None
    ) -> tuple[Array, _Trace]:
        """Return the logits and what `backward` needs; `keep` scales channels (dropout)."""
        weights = self.weights
        hidden = _relu(weights.input @ inputs + weights.input_bias[:, None])
        trace = _Trace(inputs, [hidden], [], [], hidden, hidden > 0, hidden)
        for block in range(self.n_blocks):
            taps = gather_taps(hidden, pages, 2**block)
            branch = weights.blocks[block] @ taps + weights.block_biases[block][:, None]
            if keep is not None:
                branch *= keep[block][:, None]
            trace.taps.append(taps)
            trace.active.append(branch > 0)
            hidden = hidden + np.maximum(branch, 0)
            if block == self.pool_after:
                trace.pooled = pool_pages(hidden, pages)
                trace.at_maximum = _share_of_maximum(hidden, trace.pooled, pages)
                vector = weights.pool @ trace.pooled + weights.pool_bias[:, None]
                trace.pool_active = vector > 0
                hidden = hidden + np.repeat(np.maximum(vector, 0), pages.sizes, axis=1)
            trace.hidden.append(hidden)
        return weights.output @ hidden + weights.output_bias[:, None], trace

    def backward(
        self, gradient: Array, trace: _Trace, pages: Pages, keep: Array | None = None
    ) -> tuple[dict[str, Array], Array]:
        """Return the gradients of all weights and of the inputs.

        Parameters
        ----------
        gradient
            Array of shape (n_labels, n_lines): of the loss with respect to the logits.
        trace, keep
            As `forward` returned and was given.
        pages
            As given to `forward`.

        Returns
        -------
        gradients : dict of arrays
            By the names of `StackerWeights`.
        inputs : array of shape (n_inputs, n_lines)
        """
        weights = self.weights
        grads = {name: np.zeros_like(array) for name, array in weights.arrays().items()}
        grads["output"] = gradient @ trace.hidden[-1].T
        grads["output_bias"] = gradient.sum(axis=1)
        flow: Array = weights.output.T @ gradient
        for block in reversed(range(self.n_blocks)):
            if block == self.pool_after:
                flow = flow + self._backward_pool(flow, trace, pages, grads)
            branch = flow * trace.active[block]
            if keep is not None:
                branch *= keep[block][:, None]
            grads["blocks"][block] = branch @ trace.taps[block].T
            grads["block_biases"][block] = branch.sum(axis=1)
            flow = flow + scatter_taps(weights.blocks[block].T @ branch, pages, 2**block)
        flow = flow * (trace.hidden[0] > 0)
        grads["input"] = flow @ trace.inputs.T
        grads["input_bias"] = flow.sum(axis=1)
        return grads, weights.input.T @ flow

    def _backward_pool(
        self, flow: Array, trace: _Trace, pages: Pages, grads: dict[str, Array]
    ) -> Array:
        channels = len(flow)
        vector = np.add.reduceat(flow, pages.starts, axis=1) * trace.pool_active
        grads["pool"] = vector @ trace.pooled.T
        grads["pool_bias"] = vector.sum(axis=1)
        pooled = self.weights.pool.T @ vector
        to_mean = np.repeat(pooled[:channels] / pages.sizes, pages.sizes, axis=1)
        to_maximum = np.repeat(pooled[channels:], pages.sizes, axis=1) * trace.at_maximum
        return (to_mean + to_maximum).astype(flow.dtype, copy=False)


@dataclass(frozen=True, slots=True)
class _Part:
    """Columns that are worked on together.

    Attributes
    ----------
    reached
        They and those around them that they depend on.
    own
        They alone; each column is of one part.
    kept
        They among those reached.
    is_everything
        Whether there is no other part.
    """

    reached: slice
    own: slice
    kept: slice
    is_everything: bool


def _parts(n_columns: int, reach: int) -> Iterator[_Part]:
    """Yield parts of a batch that fit the cache, so that a large page costs what small ones do."""
    for start in range(0, n_columns, _COLUMNS_AT_ONCE):
        end = min(start + _COLUMNS_AT_ONCE, n_columns)
        first, last = max(start - reach, 0), min(end + reach, n_columns)
        yield _Part(
            reached=slice(first, last),
            own=slice(start, end),
            kept=slice(start - first, end - first),
            is_everything=end - start == n_columns,
        )


def _share_of_maximum(hidden: Array, pooled: Array, pages: Pages) -> Array:
    """Mark the lines where a page's maximum is reached; ties share it equally."""
    maximum = np.repeat(pooled[len(hidden) :], pages.sizes, axis=1)
    reached = (hidden == maximum).astype(hidden.dtype)
    count = np.add.reduceat(reached, pages.starts, axis=1)
    share: Array = reached / np.repeat(count, pages.sizes, axis=1)
    return share


def _relu(values: Array) -> Array:
    """Set what is negative to zero, in place; numpy compares rows faster than with one number."""
    return np.maximum(values, np.zeros(values.shape[1], values.dtype), out=values)
