"""What a built corpus says of itself: counts by source and label, languages, licences, drops."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from classifier.datamodels import LabelledDocument

Dropped = Mapping[str, Mapping[str, int]]
"""By source, then by reason, how many documents were left out."""


def counts(documents: Sequence[LabelledDocument]) -> dict[str, Any]:
    """Return how much there is of what, as values of JSON."""
    labels = Counter("".join(item.codes for item in documents))
    return {
        "documents": len(documents),
        "lines": sum(len(item.lines) for item in documents),
        "groups": len({item.group for item in documents}),
        "spans": sum(len(found) for item in documents for found in item.spans.values()),
        "labels": dict(sorted(labels.items())),
        "languages": _by_frequency(item.language for item in documents),
    }


def counts_by_source(
    documents: Sequence[LabelledDocument], dropped: Dropped
) -> dict[str, dict[str, Any]]:
    """Return `counts` of each source, with its licences and what was left out and why.

    A source of which nothing is left is there too.
    """
    by_source: dict[str, list[LabelledDocument]] = {name: [] for name in dropped}
    for item in documents:
        by_source.setdefault(item.source, []).append(item)
    return {
        name: {
            **counts(items),
            "licences": _by_frequency(item.licence or "not stated" for item in items),
            "dropped": dict(sorted(dropped.get(name, {}).items())),
        }
        for name, items in sorted(by_source.items())
    }


def _by_frequency(names: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(names).items(), key=lambda item: (-item[1], item[0])))
