"""What every method is worth on one benchmark set."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from accuracy_goals import SET_TARGETS
from content_methods import Method, Pages
from numpy.typing import NDArray

from classifier.datamodels import OperatingPoint
from classifier.labels import CONTENT_INDEX
from classifier.model.line_classifier import LineClassifier
from classifier.training.evaluate import Evaluation, evaluate, keep_metrics
from classifier.training.review import review_band
from classifier.training.scored_lines import ScoredLines

MAX_CONTENT_LOSS = 0.01

Figures = dict[str, Any]
Bands = Sequence[Mapping[str, float]]


def set_figures(
    name: str,
    pages: Pages,
    methods: Mapping[str, Method],
    model: LineClassifier,
    known_sites: set[str],
    bands: Bands,
) -> Figures:
    """Return the figures of all methods, and more of the first, which is the model."""
    found: Figures = {"methods": {}}
    for method, how in methods.items():
        probabilities = how.judge(pages)
        evaluation = evaluate(pages, probabilities)
        found["methods"][method] = _keep_figures(evaluation, is_rule=how.is_rule)
        if len(found["methods"]) == 1:
            found |= _size(evaluation)
            found |= _verdict(name, evaluation.keep.lines.f1)
            found["by_language"] = _by_language(evaluation)
            found["new_sites"] = _new_sites(pages, probabilities, known_sites)
            point = model.operating_point(MAX_CONTENT_LOSS)
            found["at_content_loss"] = _at_point(pages, probabilities, point)
            found["review"] = _review(pages, probabilities, bands)
    return found


def _keep_figures(evaluation: Evaluation, *, is_rule: bool) -> Figures:
    report = evaluation.to_dict()
    keep: Any = report["keep"]
    spread: Any = report["intervals"]
    return {
        unit: {
            **{key: keep[unit][key] for key in ("precision", "recall", "f1")},
            "f1_interval": [spread[f"keep_f1_{unit}"][end] for end in ("low", "high")],
            # A rule knows no more and less likely: there is nothing to rank.
            "average_precision": None if is_rule else keep[f"{unit}_average_precision"],
        }
        for unit in ("lines", "chars")
    }


def _size(evaluation: Evaluation) -> Figures:
    return {
        "pages": evaluation.n_documents,
        "groups": evaluation.n_groups,
        "lines": evaluation.n_lines,
        "content_lines": evaluation.keep.lines.support,
    }


def _verdict(name: str, f1: float) -> Figures:
    if name not in SET_TARGETS:
        return {}
    return {"target": SET_TARGETS[name], "met": bool(f1 >= SET_TARGETS[name])}


def _by_language(evaluation: Evaluation) -> Figures:
    return {
        language: {
            "pages": part.n_documents,
            "lines": part.n_lines,
            "f1_lines": _decimals(part.keep.lines.f1),
            "f1_chars": _decimals(part.keep.chars.f1),
            "average_precision": _decimals(part.keep.lines_average_precision),
        }
        for language, part in evaluation.by_language.items()
    }


def _new_sites(
    pages: Pages, probabilities: Sequence[NDArray[np.float32]], known_sites: set[str]
) -> Figures:
    """Return how many pages are of sites of which no page was trained on, and their F1."""
    new = [index for index, page in enumerate(pages) if page.group not in known_sites]
    keep = keep_metrics(
        ScoredLines.of(
            [pages[index] for index in new],
            [probabilities[index] for index in new],
            point=OperatingPoint(),
        )
    )
    return {
        "pages": len(new),
        "f1_lines": _decimals(keep.lines.f1),
        "f1_chars": _decimals(keep.chars.f1),
    }


def _at_point(
    pages: Pages, probabilities: Sequence[NDArray[np.float32]], point: OperatingPoint
) -> Figures:
    """Return what is lost and removed where a small content loss was asked for."""
    lines = ScoredLines.of(pages, probabilities, point=point)
    keep = keep_metrics(lines)
    dropped = lines.given[~lines.is_content] != CONTENT_INDEX
    return {
        "asked": MAX_CONTENT_LOSS,
        "content_threshold": _decimals(point.content_threshold),
        "content_chars_lost": _decimals(1 - keep.chars.recall),
        "content_lines_lost": _decimals(1 - keep.lines.recall),
        "other_lines_removed": _decimals(float(dropped.mean()) if len(dropped) else float("nan")),
    }


def _review(
    pages: Pages, probabilities: Sequence[NDArray[np.float32]], bands: Bands
) -> list[Figures]:
    """Return what the bands found on held-out training sites bring here."""
    lines = ScoredLines.of(pages, probabilities, point=OperatingPoint())
    found = []
    for band in bands:
        limits = {key: band[key] for key in ("max_error", "low", "high")}
        here = review_band(lines.is_content, lines.content_probability, **limits)
        found.append(
            {
                **limits,
                "coverage": _decimals(here.coverage),
                "error_outside": _decimals(here.error_outside),
                "error_inside": _decimals(here.error_inside),
            }
        )
    return found


def _decimals(value: float) -> float | None:
    return round(value, 4) if np.isfinite(value) else None
