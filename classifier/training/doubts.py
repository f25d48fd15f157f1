"""Reasons to doubt labelled pages, or the figures measured on them, found by looking at both."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from classifier.datamodels import LabelledDocument
from classifier.labels import LABEL_CODES, LABELS, UNKNOWN_CODE, allowed_labels

_FEW_GROUPS = 10
_FEW_GROUPS_OF_LABEL = 3

_SURE = 0.97
"""Confidence from which on an answer out of fold speaks against a label."""

_LONG_LINE = 25
_SAME_SHARE = 0.8
_MOST_PAGES_OF_A_LINE = 50
_LEAST_LINES = 3

_SHOWN = 20
_SHOWN_CHARS = 60


@dataclass(frozen=True, slots=True)
class Doubt:
    """One reason to look again.

    Attributes
    ----------
    reason
        One sentence.
    places
        What to look at, the worst first; not all if there are many.
    """

    reason: str
    places: tuple[str, ...] = ()


def doubts_of(
    documents: Sequence[LabelledDocument], out_of_fold: Sequence[NDArray[np.float32]]
) -> list[Doubt]:
    """Return everything that makes a training on these pages doubtful.

    Parameters
    ----------
    documents
        Labelled pages.
    out_of_fold
        For each page an array of shape (n_lines, 4): probabilities by models that did not see its
        group.
    """
    return [
        *_few_sites(documents),
        *_thin_languages(documents),
        *_leaks(documents),
        *_doubtful_labels(documents, out_of_fold),
    ]


def doubts_markdown(doubts: Sequence[Doubt]) -> str:
    """Return doubts as a list to read."""
    rows = []
    for doubt in doubts:
        rows.append(f"- {doubt.reason}")
        rows += [f"  - {place}" for place in doubt.places]
    return "\n".join(rows)


def _group(document: LabelledDocument) -> str:
    return document.group or document.id


def _few_sites(documents: Sequence[LabelledDocument]) -> Iterator[Doubt]:
    n_groups = len({_group(document) for document in documents})
    if n_groups < _FEW_GROUPS:
        yield Doubt(
            f"There are {n_groups} sites (groups), below {_FEW_GROUPS}: the figures say little "
            "about other sites. Label pages of more sites."
        )
    for code, label in zip(LABEL_CODES, LABELS, strict=True):
        groups = {_group(document) for document in documents if code in document.codes}
        if 0 < len(groups) < _FEW_GROUPS_OF_LABEL:
            yield Doubt(
                f"Lines labelled {label} come from {len(groups)} of the sites, below "
                f"{_FEW_GROUPS_OF_LABEL}: where one is held out, hardly any are learned from."
            )


def _thin_languages(documents: Sequence[LabelledDocument]) -> Iterator[Doubt]:
    """Find languages that folds cannot both learn and measure."""
    groups: dict[str, set[str]] = defaultdict(set)
    measured: set[str] = set()
    for document in documents:
        groups[document.language].add(_group(document))
        if document.codes.strip(UNKNOWN_CODE):
            measured.add(document.language)
    missing = sorted(set(groups) - measured)
    if missing:
        yield Doubt(
            f"Languages the hold-out lacks, no line of them being labelled: {', '.join(missing)}."
        )
    single = sorted(name for name in measured if len(groups[name]) == 1)
    if single and len(groups) > 1:
        yield Doubt(
            f"Languages of one site only: {', '.join(single)}. The hold-out has them where "
            "training lacks them; how well the model does with them is not measured."
        )


def _leaks(documents: Sequence[LabelledDocument]) -> Iterator[Doubt]:
    """Find pages that are the same, or nearly, in two groups: folds can part them."""
    pairs = sorted(_same_pages(documents), reverse=True)
    if pairs:
        yield Doubt(
            f"{len(pairs):,} pairs of pages in different groups share at least "
            f"{_SAME_SHARE:.0%} of their long lines. What is learned from one is measured on the "
            "other; give them one group.",
            tuple(
                f"{documents[one].origin or documents[one].id} and "
                f"{documents[other].origin or documents[other].id} ({share:.0%})"
                for share, one, other in pairs[:_SHOWN]
            ),
        )


def _same_pages(documents: Sequence[LabelledDocument]) -> Iterator[tuple[float, int, int]]:
    """Yield share of long lines in common (of the larger page) and the two pages."""
    lines = [_long_lines(document.lines) for document in documents]
    for (one, other), count in _lines_in_common(lines).items():
        share = count / max(len(lines[one]), len(lines[other]))
        if share >= _SAME_SHARE and _group(documents[one]) != _group(documents[other]):
            yield share, one, other


def _lines_in_common(lines: Sequence[set[bytes]]) -> dict[tuple[int, int], int]:
    """Return how many lines two pages share, for pairs that share any."""
    pages_of_line: dict[bytes, list[int]] = defaultdict(list)
    for index, hashes in enumerate(lines):
        if len(hashes) >= _LEAST_LINES:
            for each in hashes:
                pages_of_line[each].append(index)
    common: dict[tuple[int, int], int] = defaultdict(int)
    for pages in pages_of_line.values():
        # What stands on more pages is a template's, and comparing all pairs would take for ever.
        if 1 < len(pages) <= _MOST_PAGES_OF_A_LINE:
            for pair in combinations(pages, 2):
                common[pair] += 1
    return common


def _long_lines(lines: Iterable[str]) -> set[bytes]:
    folded = (" ".join(line.casefold().split()) for line in lines)
    return {
        blake2b(line.encode("utf-8", "surrogatepass"), digest_size=8).digest()
        for line in folded
        if len(line) >= _LONG_LINE
    }


def _doubtful_labels(
    documents: Sequence[LabelledDocument], out_of_fold: Sequence[NDArray[np.float32]]
) -> Iterator[Doubt]:
    """Find labels that models which saw neither them nor their site surely disagree with.

    A simple form of confident learning (Northcutt et al. 2021).
    """
    found: list[tuple[float, str]] = []
    for document, rows in zip(documents, out_of_fold, strict=True):
        allowed = allowed_labels(document.codes)
        given = rows.argmax(axis=1)
        confidence = rows[np.arange(len(rows)), given]
        is_doubtful = (confidence >= _SURE) & ~allowed[np.arange(len(rows)), given]
        for index in np.flatnonzero(is_doubtful).tolist():
            text = " ".join(document.lines[index].split())[:_SHOWN_CHARS]
            found.append(
                (
                    float(confidence[index]),
                    f"{document.origin or document.id}, line {index + 1} of the page: labelled "
                    f"{document.codes[index]!r}, {LABELS[given[index]]} by "
                    f"{confidence[index]:.3f}: {text}",
                )
            )
    if found:
        found.sort(key=lambda each: -each[0])
        yield Doubt(
            f"{len(found):,} labels are contradicted, with a confidence of {_SURE} and more, by "
            "models that saw neither them nor their site: wrong labels, or lines to learn from.",
            tuple(place for _, place in found[:_SHOWN]),
        )
