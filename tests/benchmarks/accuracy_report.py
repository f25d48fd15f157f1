"""What a model's own report says of held-out training sites: four labels, calibration, review."""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from classifier.labels import LABELS
from classifier.training.metrics import counts_of_confusion, macro_f1, rates_of_counts

GOLD_PREFIX = "gold/"

Figures = dict[str, Any]


def report_figures(folder: Path | None) -> Figures:
    """Return ``gold``, ``calibration`` and ``review`` of a model folder's ``report.json``.

    None for what the report does not have.
    """
    report = _report(folder)
    calibration: Figures | None = None
    if "calibration_by_script" in report:
        calibration = {"all": report["calibration"], **report["calibration_by_script"]}
    return {
        "gold": gold_figures(report),
        "calibration": calibration,
        "review": report.get("review"),
    }


def review_bands(folder: Path | None) -> list[dict[str, float]]:
    """Return the bands for review of a model folder's report; none if it has none."""
    bands: list[dict[str, float]] = _report(folder).get("review", [])
    return bands


def gold_figures(report: Figures) -> Figures | None:
    """Return the four-label figures of the pages labelled by hand, out of fold."""
    parts = [
        part for name, part in report.get("by_source", {}).items() if name.startswith(GOLD_PREFIX)
    ]
    if not parts:
        return None
    confusions = np.array([part["labels"]["confusion"] for part in parts], dtype=np.float64)
    confusion: NDArray[np.float64] = confusions.sum(axis=0)
    rates = map(rates_of_counts, counts_of_confusion(confusion))
    return {
        "pages": sum(part["n_documents"] for part in parts),
        "lines": int(confusion.sum()),
        "macro_f1": round(float(macro_f1(confusion)), 4),
        "by_label": {
            str(label): {"f1": round(rate.f1, 4), "lines": rate.support}
            for label, rate in zip(LABELS, rates, strict=True)
        },
    }


def _report(folder: Path | None) -> Figures:
    path = folder / "report.json" if folder else None
    if path is None or not path.is_file():
        return {}
    found: Figures = json.loads(path.read_text(encoding="utf-8"))
    return found
