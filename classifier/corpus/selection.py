"""How much is taken of what there is: caps, and lines that a site repeats on every page."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from classifier.corpus.deduplicate import Sketches, line_hashes, overlaps
from classifier.datamodels import LabelledDocument
from classifier.labels import CONTENT_INDEX, LABEL_CODES, UNKNOWN_CODE

_TEMPLATE_SHARE = 0.5
"""Sites are one family if two of their pages share this much of the shorter one's long lines."""

_CONTENT = LABEL_CODES[CONTENT_INDEX]

Named = Callable[[LabelledDocument], str]


def within_cap(documents: Sequence[LabelledDocument], *, most: int, of: Named) -> list[bool]:
    """Return which documents to keep: at most so many of each name that `of` gives.

    They are chosen by hash of source and id, so that adding others changes little.
    """
    counts: Counter[str] = Counter()
    is_kept = [False] * len(documents)
    for index in sorted(range(len(documents)), key=lambda index: _hash(documents[index])):
        name = of(documents[index])
        counts[name] += 1
        is_kept[index] = counts[name] <= most
    return is_kept


def without_repeated_frame(
    documents: Sequence[LabelledDocument], *, most: int
) -> list[LabelledDocument]:
    """Return the documents with the labels of overly repeated lines masked.

    A line that is not content and stands on more than `most` pages of one site teaches nothing
    new after that: its label becomes unknown on the other pages, where it stays as surroundings.
    """
    hashes = line_hashes([line for document in documents for line in document.lines])
    counts: Counter[tuple[str, int]] = Counter()
    masked = []
    first = 0
    for document in documents:
        rows = hashes[first : first + len(document.lines)].tolist()
        first += len(rows)
        codes = list(document.codes)
        new = {
            row
            for row, code in zip(rows, codes, strict=True)
            if code not in (_CONTENT, UNKNOWN_CODE)
        }
        counts.update((document.group, row) for row in new)
        often = {row for row in new if counts[document.group, row] > most}
        for index, row in enumerate(rows):
            if row in often and codes[index] != _CONTENT:
                codes[index] = UNKNOWN_CODE
        masked.append(replace(document, codes="".join(codes)) if often else document)
    return masked


def template_families(groups: Sequence[str], sketches: Sketches) -> dict[str, str]:
    """Return for groups (sites) made of one template the name they share.

    Parameters
    ----------
    groups
        The group of each sketched document.
    sketches
        Of documents whose long lines are not to be expected twice: spam.

    Returns
    -------
    families
        Only groups whose name changes; the family has the name of its first group.
    """
    pairs = overlaps(sketches, sketches)
    smaller = np.minimum(sketches.sizes[pairs.left], sketches.sizes[pairs.right])
    is_same = (pairs.left < pairs.right) & (pairs.n_shared >= _TEMPLATE_SHARE * smaller)
    return _components(groups, pairs.left[is_same], pairs.right[is_same])


def _components(
    groups: Sequence[str], left: NDArray[np.int64], right: NDArray[np.int64]
) -> dict[str, str]:
    parent = {group: group for group in groups}

    def root(group: str) -> str:
        while parent[group] != group:
            group = parent[group]
        return group

    joined = {
        (groups[one], groups[other])
        for one, other in zip(left.tolist(), right.tolist(), strict=True)
    }
    for pair in sorted(joined):
        first, second = sorted(root(group) for group in pair)
        parent[second] = first
    return {group: root(group) for group in parent if root(group) != group}


def _hash(document: LabelledDocument) -> bytes:
    name = f"{document.source}\0{document.id}".encode("utf-8", "surrogatepass")
    return blake2b(name, digest_size=8).digest()
