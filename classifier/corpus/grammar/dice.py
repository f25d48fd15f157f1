"""Random choices of one page, and choices that are kept for evaluation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Forms(Generic[T]):
    """Ways to write one thing: those for training, and those that are held out.

    Pages made for evaluation use the held-out forms and no other, so that a model is measured on
    brackets, separators, layouts and frames it has never seen.
    """

    usual: tuple[T, ...]
    held_out: tuple[T, ...]


class Dice:
    """Random choices of one page, quick for single draws.

    Parameters
    ----------
    generator
        Where randomness comes from.
    held_out
        Whether to choose the held-out forms.
    """

    def __init__(self, generator: np.random.Generator, *, held_out: bool) -> None:
        self._random = generator.random
        self.held_out = held_out

    def chance(self, probability: float) -> bool:
        """Return true with this probability."""
        return float(self._random()) < probability

    def number(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + int(self._random() * (high - low + 1))

    def pick(self, items: Sequence[T]) -> T:
        """Return one of `items`."""
        return items[int(self._random() * len(items))]

    def form(self, forms: Forms[T]) -> T:
        """Return one of the forms this page may use."""
        return self.pick(forms.held_out if self.held_out else forms.usual)

    def weighted(self, weights: Sequence[float]) -> int:
        """Return an index, as likely as its weight."""
        left = float(self._random()) * sum(weights)
        for index, weight in enumerate(weights):
            left -= weight
            if left < 0:
                return index
        return len(weights) - 1

    def sample(self, items: Sequence[T], size: int) -> list[T]:
        """Return `size` of `items` in random order, each once; all of them if there are fewer."""
        pool = list(items)
        size = min(size, len(pool))
        for index in range(size):
            other = self.number(index, len(pool) - 1)
            pool[index], pool[other] = pool[other], pool[index]
        return pool[:size]

    def many(self, items: Sequence[T], size: int) -> list[T]:
        """Return `size` of `items`, the same one more than once if it falls so."""
        return [self.pick(items) for _ in range(size)]
