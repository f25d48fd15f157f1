"""A user's 200 labelled lines: better on that user's pages, not worse elsewhere.

``make fine-tuning``. Collections that differ from the rest (forums, recipes, news of one language)
are users in turn. The model to start from is trained by the recipe of the shipped one, without
their pages and sites and without a share of the sites of all others; it is kept in
``build/fine-tuning``. For each user and each of some draws, pages with about 200 known lines are
what the user labelled; `training.fine_tuning` fits the model to them, as ``train --from`` does.
Measured are the user's other pages, of other sites where there are any, and the pages left out
elsewhere, before and after. Prints a table, writes ``results/fine_tuning.json``, exits with 1 if
the users' pages do not gain on average, or pages elsewhere lose more than the margin of
``train --max-loss``.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import mean
from typing import Any
from zlib import crc32

import numpy as np
from cases import markdown_table, model_facts
from environment import RESULTS, ROOT, versions, write_result

from classifier.datamodels import LabelledDocument
from classifier.labels import UNKNOWN_CODE
from classifier.model.line_classifier import LineClassifier
from classifier.training.evaluate import Evaluation, evaluate
from classifier.training.fine_tuning import fine_tune
from classifier.training.fit import TrainingSettings, fit_line_classifier
from classifier.training.recipe import SETTINGS, training_documents

USERS = ("harvest_forums", "recipes", "fundus", "turku_linequality", "zh_news_wwwxmu")
N_LINES, N_DRAWS = 200, 5
MAX_LOSS = 0.01
"""How much a figure elsewhere may fall: the margin of ``train --replaces``."""

ELSEWHERE_SHARE = 10
"""One of so many sites, by a hash of its name, is left out of training and measured on."""

_MEASURED = 400
"""Most pages measured on, of the user's and elsewhere."""

_NO_PAGES = frozenset({"made", "excerpts", "clean", "spam", "spam-lines"})
"""Collections that are no pages as they come."""

FIGURES = ("keep_f1_lines", "keep_f1_chars")


def user_of(document: LabelledDocument) -> str | None:
    """Return the user whose page it is, if any."""
    name = document.source.rpartition("/")[2]
    return name if name in USERS else None


def parted(
    documents: Sequence[LabelledDocument],
) -> tuple[list[LabelledDocument], list[LabelledDocument], dict[str, list[LabelledDocument]]]:
    """Return pages to train on, pages to measure on elsewhere, and each user's pages."""
    users: dict[str, list[LabelledDocument]] = {name: [] for name in USERS}
    for document in documents:
        user = user_of(document)
        if user and document.collection not in _NO_PAGES:
            users[user].append(document)
    known = {document.group for pages in users.values() for document in pages if document.group}
    others = [item for item in documents if not user_of(item) and item.group not in known]
    training = [item for item in others if not _is_left_out(item)]
    elsewhere = [item for item in others if _is_left_out(item) and item.collection not in _NO_PAGES]
    return training, elsewhere, users


def _is_left_out(document: LabelledDocument) -> bool:
    return crc32((document.group or document.id).encode()) % ELSEWHERE_SHARE == 0


def labelled_by(
    pages: Sequence[LabelledDocument], seed: int, n_lines: int = N_LINES
) -> tuple[list[LabelledDocument], list[LabelledDocument]]:
    """Return pages of about `n_lines` known lines, of at least two, and the user's other pages.

    The last page is labelled as far as the lines go. Other pages are of other sites; where the
    user has too few sites for that, they are just other pages.
    """
    rng = np.random.default_rng(seed)
    own: list[LabelledDocument] = []
    left = n_lines
    for index in rng.permutation(len(pages)).tolist():
        page = _labelled_as_far(pages[index], n_lines // 2 if not own else left)
        n_known = len(page.codes) - page.codes.count(UNKNOWN_CODE)
        if not n_known:
            continue
        own.append(page)
        left -= n_known
        if left <= 0:
            break
    ids, sites = {page.id for page in own}, {page.group for page in own}
    rest = [page for page in pages if page.id not in ids]
    apart = [page for page in rest if page.group not in sites]
    return own, apart if len(apart) >= len(rest) // 2 else rest


def _labelled_as_far(page: LabelledDocument, most: int) -> LabelledDocument:
    known = [index for index, code in enumerate(page.codes) if code != UNKNOWN_CODE]
    if len(known) <= most:
        return page
    end = known[most]
    return replace(page, codes=page.codes[:end] + UNKNOWN_CODE * (len(page.codes) - end))


def figures(model: LineClassifier, pages: Sequence[LabelledDocument]) -> dict[str, float]:
    """Return F1 of keeping content by lines and by characters."""
    rows = model.predict_proba([page.text for page in pages])
    found: Evaluation = evaluate(pages, rows, seed=0)
    return dict(zip(FIGURES, (found.keep.lines.f1, found.keep.chars.f1), strict=True))


def gains(before: Mapping[str, float], after: Mapping[str, float]) -> dict[str, float]:
    """Return how much each figure rises."""
    return {name: round(after[name] - before[name], 4) for name in before}


def draws_of(
    base: LineClassifier,
    pages: Sequence[LabelledDocument],
    elsewhere: Sequence[LabelledDocument],
    n_draws: int,
    n_lines: int = N_LINES,
) -> list[dict[str, Any]]:
    """Return for each draw what the user's other pages and those elsewhere gain."""
    before_elsewhere = figures(base, elsewhere)
    drawn = []
    for seed in range(n_draws):
        own, others = labelled_by(pages, seed, n_lines)
        measured = _sample(others, seed)
        tuned = fine_tune(base, own, settings=TrainingSettings(seed=seed)).model
        before = figures(base, measured)
        drawn.append(
            {
                "pages_labelled": len(own),
                "pages_measured": len(measured),
                "before": {name: round(value, 4) for name, value in before.items()},
                "gain": gains(before, figures(tuned, measured)),
                "gain_elsewhere": gains(before_elsewhere, figures(tuned, elsewhere)),
            }
        )
    return drawn


def _sample(pages: Sequence[LabelledDocument], seed: int) -> list[LabelledDocument]:
    order = np.random.default_rng(seed).permutation(len(pages))[:_MEASURED]
    return [pages[index] for index in sorted(order.tolist())]


def summary(drawn: Sequence[Mapping[str, Any]]) -> dict[str, float]:
    """Return the mean gain of each figure over the draws, of the user and elsewhere."""
    return {
        f"{where}, {name}": round(mean(draw[key][name] for draw in drawn), 4)
        for where, key in (("user", "gain"), ("elsewhere", "gain_elsewhere"))
        for name in FIGURES
    }


def is_met(users: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether users gain on average, and no user's labels cost more than allowed elsewhere."""
    means = [user["mean"] for user in users.values()]
    gained = all(mean(row[f"user, {name}"] for row in means) > 0 for name in FIGURES)
    kept = all(row[f"elsewhere, {name}"] >= -MAX_LOSS for row in means for name in FIGURES)
    return gained and kept


def base_model(
    documents: Sequence[LabelledDocument], settings: TrainingSettings, every: int
) -> LineClassifier:
    """Return the model to start from, trained now or by an earlier run on the same pages."""
    name = f"base-{settings.n_passes}-{settings.n_folds}-{every}"
    folder = ROOT / "build" / "fine-tuning" / name
    if not folder.is_dir():
        result = fit_line_classifier(documents[::every], settings=settings, on_progress=_tell)
        result.model.save(folder)
    return LineClassifier.load(folder)


def _tell(stage: str, done: float) -> None:
    print(f"{done:4.0%} {stage}", file=sys.stderr, flush=True)


def main() -> int:
    """Train, fit to each user, measure; show it, write it down."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--built", type=Path, default=ROOT / "build" / "corpus")
    parser.add_argument("--passes", type=int, default=SETTINGS.n_passes)
    parser.add_argument("--folds", type=int, default=SETTINGS.n_folds)
    parser.add_argument("--every", type=int, default=1, help="train on one of so many pages")
    parser.add_argument("--draws", type=int, default=N_DRAWS)
    parser.add_argument("--output", type=Path, default=RESULTS / "fine_tuning.json")
    options = parser.parse_args()
    training, elsewhere, users = parted(training_documents(options.built))
    settings = replace(SETTINGS, n_passes=options.passes, n_folds=options.folds)
    base = base_model(training, settings, options.every)
    elsewhere = _sample(elsewhere, 0)
    measured: dict[str, dict[str, Any]] = {}
    for name, pages in users.items():
        drawn = draws_of(base, pages, elsewhere, options.draws)
        measured[name] = {"pages": len(pages), "draws": drawn, "mean": summary(drawn)}
        print(name, measured[name]["mean"], file=sys.stderr, flush=True)
    result = {
        "command": "make fine-tuning",
        "versions": versions(["numpy", "scipy", "scikit-learn"]),
        "base": model_facts(base)
        | {"passes": options.passes, "folds": options.folds, "one_page_of": options.every},
        "lines_labelled": N_LINES,
        "pages_elsewhere": len(elsewhere),
        "max_loss": MAX_LOSS,
        "users": measured,
        "met": is_met(measured),
    }
    write_result(options.output, result)
    print(table(measured))
    return 0 if result["met"] else 1


def table(users: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the mean gains as a table."""
    names = list(next(iter(users.values()))["mean"])
    rows = [
        [user, *(f"{found['mean'][name]:+.3f}" for name in names)] for user, found in users.items()
    ]
    return markdown_table(["user", *names], rows)


if __name__ == "__main__":
    sys.exit(main())
