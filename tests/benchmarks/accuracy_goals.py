"""What the shipped model is to reach, and whether it does."""

from collections.abc import Mapping, Sequence
from typing import Any

SET_TARGETS = {"scrapinghub": 0.90, "cleaneval_en": 0.88, "turku_dev": 0.80, "dragnet2012": 0.80}
"""Line F1 of keeping content at a probability of 0.5."""

HTML_TOOLS = ("justext", "resiliparse")
"""Tools that see the HTML, whose mean F1 is to be exceeded on the sets they were measured on."""

MOST_CONTENT_LOST = 0.015
"""Share of content characters, where a loss of 0.01 was asked for."""

GOLD_MACRO_F1, GOLD_STUFFING_F1 = 0.82, 0.85
CALIBRATION_ERROR = 0.02
LANGUAGE_LOSS = 0.08

Result = Mapping[str, Any]
Goal = dict[str, Any]


def goals(result: Result) -> list[Goal]:
    """Return every goal with what was measured and whether it is met; None if nothing was."""
    sets = result["sets"]
    found: list[Goal] = []
    for name, figures in sets.items():
        if name in SET_TARGETS:
            found.append(_at_least(f"F1 lines, {name}", _f1s(figures)[0], SET_TARGETS[name]))
    found += [_above_others(name, figures) for name, figures in sets.items()]
    found += _above_html_tools(result)
    lost = sorted(figures["at_content_loss"]["content_chars_lost"] for figures in sets.values())
    if len(lost) > 1:
        text = "content characters lost at 0.01 asked, all sets but the worst"
        found.append(_at_most(text, lost[-2], MOST_CONTENT_LOST))
    return found + _of_labels(result) + _of_the_rest(result)


def _of_labels(result: Result) -> list[Goal]:
    made, gold = result["held_out_spam"], result["gold"]
    found = [_at_least("macro F1, pages of held-out spam", made["macro_f1"], made["target"])]
    macro = gold and gold["macro_f1"]
    stuffing = gold and gold["by_label"]["stuffing"]["f1"]
    found.append(_at_least("macro F1, hand-labelled pages out of fold", macro, GOLD_MACRO_F1))
    text = "F1 of stuffing, hand-labelled pages out of fold"
    return [*found, _at_least(text, stuffing, GOLD_STUFFING_F1)]


def _of_the_rest(result: Result) -> list[Goal]:
    hard, languages, scripts = (
        result[key] for key in ("hard_negatives", "languages", "calibration")
    )
    lost = next(iter(hard["methods"].values()))["lines_lost_share"]
    error = scripts and scripts["all"]["content"]["expected_calibration_error"]
    worst = languages and languages["largest_loss"]
    return [
        _at_most("content lines lost, hard negatives", lost, hard["target"]),
        _at_most("calibration error of content, held-out sites", error, CALIBRATION_ERROR),
        _at_most("F1 lost on a script without a labelled page in training", worst, LANGUAGE_LOSS),
    ]


def _above_others(name: str, figures: Result) -> Goal:
    ours, *others = _f1s(figures)
    return _at_least(f"above every text-only method, {name}", ours, max(others, default=0.0))


def _above_html_tools(result: Result) -> list[Goal]:
    scores = {
        name: tools
        for name, tools in result["html_tools"]["line_scores"].items()
        if name in result["sets"]
    }
    if not scores:
        return []
    ours = _mean([_f1s(result["sets"][name])[0] for name in scores])
    text = f"mean F1 lines of {' and '.join(scores)}, above {{}} on HTML"
    means = {tool: _mean([tools[tool]["f1"] for tools in scores.values()]) for tool in HTML_TOOLS}
    return [_at_least(text.format(tool), ours, mean) for tool, mean in means.items()]


def _f1s(figures: Result) -> list[float]:
    """Return the line F1 of all methods, the model's first."""
    return [method["lines"]["f1"] for method in figures["methods"].values()]


def _at_least(what: str, found: float | None, goal: float) -> Goal:
    met = None if found is None else found >= goal
    return {"what": what, "found": found, "goal": goal, "is_limit": False, "met": met}


def _at_most(what: str, found: float | None, goal: float) -> Goal:
    met = None if found is None else found <= goal
    return {"what": what, "found": found, "goal": goal, "is_limit": True, "met": met}


def _mean(values: Sequence[float]) -> float:
    return round(sum(values) / len(values), 4)
