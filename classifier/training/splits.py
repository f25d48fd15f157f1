"""Folds and hold-outs by group: pages of one site or template family always stay together.

A group goes where a hash of its name and the seed says. Adding pages then moves no other group, so
figures before and after stay comparable and what was held out stays held out. Only the few groups
too big for chance to even out are placed by size.
"""

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from classifier.errors import ConfigError, InputError

# Of a fold's fair share. On the corpora (3,300 groups, 5 folds) this places five groups by size,
# and the smallest and the largest fold are 2 to 6 % of their lines apart.
_LARGE_SHARE = 0.05


def assign_folds(
    groups: Sequence[str], n_folds: int, *, sizes: Sequence[int], seed: int
) -> NDArray[np.int64]:
    """Return the fold of each document.

    Groups below a twentieth of a fold go by hash; the others, largest first, to the fold with the
    fewest lines. Where this leaves a fold empty (few groups), all groups are placed by size.

    Parameters
    ----------
    groups
        The group of each document.
    n_folds
        How many folds; none is empty.
    sizes
        Lines of each document.
    seed
        Another seed gives other folds.

    Returns
    -------
    folds : int64 array of shape (n_documents,)

    Raises
    ------
    ConfigError
        If `n_folds` is below 2.
    InputError
        If there are fewer groups than folds.
    """
    if n_folds < 2:
        raise ConfigError(f"the 'n_folds' of a split must be at least 2. Got {n_folds} instead.")
    names, group_of_document = np.unique(np.array(groups, dtype=object), return_inverse=True)
    if len(names) < n_folds:
        raise InputError(
            f"the pages: {len(names)} groups (sites) for {n_folds} folds; add pages of other "
            "sites, ask for fewer folds, or give the pages a url or a group of their own"
        )
    # An empty group still counts, or all of them would go to one fold.
    lines = np.bincount(group_of_document, weights=np.maximum(sizes, 1)).astype(np.int64)
    hashes = np.array([_hash(name, seed, b"fold") for name in names], dtype=np.uint64)
    fold = (hashes % np.uint64(n_folds)).astype(np.int64)
    is_large = lines >= _LARGE_SHARE * lines.sum() / n_folds
    if len(np.unique(fold[~is_large])) < n_folds:
        is_large = np.ones_like(is_large)
    filled = np.bincount(fold[~is_large], weights=lines[~is_large], minlength=n_folds)
    order = np.lexsort((hashes, -lines))
    for group in order[is_large[order]]:
        fold[group] = filled.argmin()
        filled[fold[group]] += lines[group]
    return fold[group_of_document]


def hold_out(groups: Sequence[str], share: float, seed: int) -> NDArray[np.bool_]:
    """Return which documents are held out: about `share` of the groups, at least one, not all.

    Raises
    ------
    ConfigError
        If `share` is not between 0 and 1.
    InputError
        If there are fewer than two groups.
    """
    if not 0.0 < share < 1.0:
        raise ConfigError(f"the 'share' held out must be between 0 and 1. Got {share} instead.")
    hashes = {name: _hash(name, seed, b"hold-out") / 2**64 for name in set(groups)}
    if len(hashes) < 2:
        raise InputError(
            f"the pages: {len(hashes)} group (site), which cannot be parted; "
            "add pages of another site"
        )
    by_hash = sorted(hashes, key=lambda name: (hashes[name], name))
    held = {name for name in by_hash if hashes[name] < share} or {by_hash[0]}
    if len(held) == len(hashes):
        held.remove(by_hash[-1])
    return np.array([name in held for name in groups], dtype=np.bool_)


def _hash(name: str, seed: int, purpose: bytes) -> int:
    # Different purposes, different hashes: else a hold-out would empty one fold.
    key = f"{seed}\0{name}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(key, digest_size=8, person=purpose).digest(), "big")
