"""A new model against the one it replaces, on the same pages: what it loses, what it changes."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from classifier.datamodels import LabelledDocument, OperatingPoint
from classifier.labels import LABEL_CODES, LABELS, NOT_CONTENT_CODE, UNKNOWN_CODE, Label
from classifier.training.evaluate import Evaluation
from classifier.training.tables import table

_SHOWN_CHANGES = 20
_SHOWN_CHARS = 60


@dataclass(frozen=True, slots=True)
class ChangedLine:
    """A line that gets another label than before.

    Attributes
    ----------
    page
        ``file:line`` its page was read from.
    line
        Its number in the page, from 1.
    text
        The line.
    truth
        Name of its label in the labelled page, ``other`` or ``unknown``.
    before, after
        Labels by the replaced and by the new model.
    confidence
        Of the new label.
    """

    page: str
    line: int
    text: str
    truth: str
    before: Label
    after: Label
    confidence: float

    @property
    def outcome(self) -> str:
        """Whether the change is right as far as the label of the page says."""
        if self.truth == "unknown":
            return "unknown"
        if self.truth == "other":
            was, now = (label != Label.CONTENT for label in (self.before, self.after))
        else:
            was, now = self.before == self.truth, self.after == self.truth
        if was == now:
            return "neither"
        return "now right" if now else "now wrong"


def losses(new: Evaluation, old: Evaluation, margin: float) -> list[str]:
    """Return which figures fall by more than `margin`, each as a phrase.

    Parameters
    ----------
    new, old
        Evaluations on the same pages.
    margin
        How much a figure may fall.
    """
    figures = (
        ("macro F1 of the labels", new.labels.macro_f1, old.labels.macro_f1),
        ("F1 keeping content, lines", new.keep.lines.f1, old.keep.lines.f1),
        ("F1 keeping content, characters", new.keep.chars.f1, old.keep.chars.f1),
    )
    # A figure there was nothing to measure for is NaN and falls by nothing.
    return [
        f"{name} {after:.3f} instead of {before:.3f}"
        for name, after, before in figures
        if before - after > margin
    ]


def changed_lines(
    documents: Sequence[LabelledDocument],
    new: Sequence[NDArray[np.float32]],
    old: Sequence[NDArray[np.float32]],
) -> list[ChangedLine]:
    """Return the lines whose label changes, in order.

    Parameters
    ----------
    documents
        Labelled pages.
    new, old
        For each page an array of shape (n_lines, 4): probabilities by the new model, out of fold,
        and by the one it replaces.
    """
    point = OperatingPoint()
    names = dict(zip(LABEL_CODES, map(str, LABELS), strict=True))
    names |= {NOT_CONTENT_CODE: "other", UNKNOWN_CODE: "unknown"}
    found: list[ChangedLine] = []
    for document, after, before in zip(documents, new, old, strict=True):
        is_blank = np.logical_not(after.any(axis=1))
        now, was = (point.label_index(rows, is_blank) for rows in (after, before))
        found += [
            ChangedLine(
                page=document.origin or document.id,
                line=index + 1,
                text=document.lines[index],
                truth=names[document.codes[index]],
                before=LABELS[was[index]],
                after=LABELS[now[index]],
                confidence=float(after[index, now[index]]),
            )
            for index in np.flatnonzero(now != was).tolist()
        ]
    return found


def changes_markdown(changes: Sequence[ChangedLine], n_lines: int) -> str:
    """Return how many lines change from what to what, and the surest changes."""
    if not changes:
        return "No line changes its label."
    outcomes = Counter(change.outcome for change in changes)
    counted = Counter((change.before, change.after) for change in changes)
    told = ", ".join(f"{count:,} {outcome}" for outcome, count in outcomes.most_common())
    moves = [[before, after, f"{count:,}"] for (before, after), count in counted.most_common()]
    surest = sorted(changes, key=lambda change: -change.confidence)[:_SHOWN_CHANGES]
    rows = [
        [
            f"{change.page}, line {change.line}",
            change.before,
            change.after,
            change.truth,
            " ".join(change.text.split())[:_SHOWN_CHARS],
        ]
        for change in surest
    ]
    return (
        f"{len(changes):,} of {n_lines:,} lines change their label: {told}. All of them are in "
        f"changes.jsonl of the model.\n\n{table(['before', 'after', 'lines'], moves)}\n\n"
        f"The surest:\n\n{table(['where', 'before', 'after', 'labelled', 'text'], rows)}"
    )


def changes_jsonl(changes: Sequence[ChangedLine]) -> str:
    """Return a row a change, without the text, which belongs to its publisher."""
    rows = (
        {
            "page": change.page,
            "line": change.line,
            "before": change.before,
            "after": change.after,
            "labelled": change.truth,
            "confidence": round(change.confidence, 4),
        }
        for change in changes
    )
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
