"""A model fitted to a few pages keeps most of what it was, and learns what they say."""

from dataclasses import replace

import numpy as np
import pytest

from classifier.datamodels import LabelledDocument
from classifier.errors import InputError
from classifier.model.line_classifier import LineClassifier
from classifier.training.fine_tuning import _Pages, _Problem, fine_tune
from classifier.training.fit import TrainingSettings

SETTINGS = TrainingSettings(n_folds=2)


@pytest.fixture(scope="module")
def own(tiny_documents: tuple[LabelledDocument, ...]) -> list[LabelledDocument]:
    """A user's pages: to this user, headlines of the frame are content."""
    return [
        replace(page, codes=page.codes.replace("b", "c").replace("l", "c"))
        for page in tiny_documents[:12]
    ]


def _share_right(model: LineClassifier, pages: list[LabelledDocument]) -> float:
    right = [
        "cslb"[row.argmax()] == code
        for page, found in zip(
            pages, model.predict_proba([each.text for each in pages]), strict=True
        )
        for code, row in zip(page.codes, found, strict=True)
        if code in "cslb"
    ]
    return float(np.mean(right))


def test_the_pages_are_learned(tiny_model: LineClassifier, own: list[LabelledDocument]) -> None:
    tuned = fine_tune(tiny_model, own, settings=SETTINGS)
    assert _share_right(tuned.model, own) > _share_right(tiny_model, own) + 0.05


def test_the_base_is_left_alone(tiny_model: LineClassifier, own: list[LabelledDocument]) -> None:
    before = {
        name: each.copy() for name, each in tiny_model.model_.stacker.weights.arrays().items()
    }
    tuned = fine_tune(tiny_model, own, settings=SETTINGS)
    for name, array in tiny_model.model_.stacker.weights.arrays().items():
        np.testing.assert_array_equal(array, before[name])
    assert tuned.model.model_.lexical is tiny_model.model_.lexical


def test_pages_that_say_what_is_known_change_little(
    tiny_model: LineClassifier, tiny_documents: tuple[LabelledDocument, ...]
) -> None:
    (page,) = (item for item in tiny_documents if item.id == tiny_documents[0].id)
    one, other = replace(page, group="a", id="a"), replace(page, group="b", id="b")
    tuned = fine_tune(tiny_model, [one, other], settings=SETTINGS)
    texts = [item.text for item in tiny_documents[10:]]
    before, after = tiny_model.predict_proba(texts), tuned.model.predict_proba(texts)
    assert np.abs(np.concatenate(before) - np.concatenate(after)).mean() < 0.1


def test_the_gradient_is_that_of_the_cost(
    tiny_model: LineClassifier, own: list[LabelledDocument]
) -> None:
    pages = _Pages.of(tiny_model.model_, own[:2], SETTINGS)
    lines, of_pages = pages._lines(np.arange(2))
    problem = _Problem(
        start=pages.base.stacker.weights,
        temperature=pages.base.temperature,
        inputs=pages.inputs[:, lines],
        pages=of_pages,
        allowed=pages.dataset.allowed[:, lines],
        weights=pages.dataset.weights[lines],
    )
    rng = np.random.default_rng(0)
    size = sum(array.size for array in problem.start.arrays().values())
    change = rng.normal(size=size) * 0.01
    _, gradient = problem._cost(change)
    for direction in rng.normal(size=(4, size)):
        step = 1e-3 * direction / np.linalg.norm(direction) * np.sqrt(size) * 0.1
        numeric = problem._cost(change + step)[0] - problem._cost(change - step)[0]
        assert numeric == pytest.approx(2 * gradient @ step, rel=0.05, abs=0.02)


def test_no_fold_sees_a_group_it_judges(
    tiny_model: LineClassifier, own: list[LabelledDocument], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[set[int]] = []
    judged: list[tuple[int, int]] = []
    tuned, judge = _Pages.tuned, _Pages.judge
    monkeypatch.setattr(
        _Pages, "tuned", lambda self, which: seen.append(set(which.tolist())) or tuned(self, which)
    )
    monkeypatch.setattr(
        _Pages,
        "judge",
        lambda self, stacker, page, rows: (
            judged.append((len(seen) - 1, page)) or judge(self, stacker, page, rows)
        ),
    )
    fine_tune(tiny_model, own, settings=SETTINGS)
    assert sorted(page for _, page in judged) == list(range(len(own)))
    for training, page in judged:
        groups = {own[index].group for index in seen[training]}
        assert own[page].group not in groups
    assert seen[-1] == set(range(len(own)))


def test_it_is_the_same_every_time(tiny_model: LineClassifier, own: list[LabelledDocument]) -> None:
    one, other = (fine_tune(tiny_model, own, settings=SETTINGS).model.model_ for _ in range(2))
    np.testing.assert_array_equal(one.stacker.weights.output, other.stacker.weights.output)


def test_the_manifest_says_where_it_started(
    tiny_model: LineClassifier, own: list[LabelledDocument]
) -> None:
    manifest = fine_tune(tiny_model, own, settings=SETTINGS).model.manifest_
    assert manifest["training"]["documents"] == len(own)
    assert "started_from" in manifest["training"]
    known = {p["max_content_loss"]: p for p in tiny_model.manifest_["operating_points"]}
    for point in manifest["operating_points"]:
        before = known[point["max_content_loss"]]["content_threshold"]
        assert point["content_threshold"] <= before


def test_pages_of_one_site_are_parted_by_page(
    tiny_model: LineClassifier, own: list[LabelledDocument]
) -> None:
    pages = [replace(page, group="one.example") for page in own[:3]]
    assert len(fine_tune(tiny_model, pages, settings=SETTINGS).out_of_fold) == 3


def test_one_page_is_too_few(tiny_model: LineClassifier, own: list[LabelledDocument]) -> None:
    with pytest.raises(InputError, match="one page, which cannot be measured on"):
        fine_tune(tiny_model, own[:1], settings=SETTINGS)


def test_pages_without_labels_are_refused(
    tiny_model: LineClassifier, own: list[LabelledDocument]
) -> None:
    pages = [replace(page, codes="?" * len(page.codes)) for page in own]
    with pytest.raises(InputError, match="no line of these documents has a known label"):
        fine_tune(tiny_model, pages, settings=SETTINGS)
