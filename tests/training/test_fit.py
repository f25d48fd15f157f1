"""From labelled documents to a model: out of fold, the same every time, telling its progress."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from classifier.datamodels import LabelledDocument
from classifier.errors import ConfigError, InputError
from classifier.model.stacker import Stacker
from classifier.training import fit as fit_module
from classifier.training.dataset import data_digest
from classifier.training.fit import TrainingResult, TrainingSettings, fit_line_classifier

QUICK = TrainingSettings(n_folds=2, n_passes=2, lexical_iterations=5)


@pytest.fixture(scope="module")
def few(tiny_documents: tuple[LabelledDocument, ...]) -> tuple[LabelledDocument, ...]:
    return tiny_documents[:16]


@pytest.fixture(scope="module")
def quick(few: tuple[LabelledDocument, ...]) -> TrainingResult:
    return fit_line_classifier(few, settings=QUICK)


def _arrays(result: TrainingResult) -> dict[str, np.ndarray]:
    model = result.model.model_
    return {
        **model.stacker.weights.arrays(),
        "table": model.lexical.table,
        "bias": model.lexical.bias,
        "temperature": np.array(model.temperature),
    }


def test_out_of_fold_has_a_row_for_every_line(tiny_training: TrainingResult) -> None:
    assert len(tiny_training.out_of_fold) == len(tiny_training.documents)
    for document, page in zip(tiny_training.documents, tiny_training.out_of_fold, strict=True):
        assert page.shape == (len(document.lines), 4)
        assert page.dtype == np.float32
        is_visible = [bool(line.strip()) for line in document.lines]
        np.testing.assert_allclose(page.sum(axis=1), is_visible, atol=1e-5)


def test_pages_not_seen_are_judged_better_than_by_chance(tiny_training: TrainingResult) -> None:
    right = known = 0
    for document, page in zip(tiny_training.documents, tiny_training.out_of_fold, strict=True):
        for code, row in zip(document.codes, page, strict=True):
            if code in "cslb":
                known += 1
                right += "cslb"[row.argmax()] == code
    assert right / known > 0.5


def test_the_same_seed_gives_the_same_model_bit_for_bit(
    few: tuple[LabelledDocument, ...], quick: TrainingResult
) -> None:
    again = fit_line_classifier(few, settings=QUICK)
    for name, array in _arrays(quick).items():
        np.testing.assert_array_equal(_arrays(again)[name], array, name)
    for one, other in zip(quick.out_of_fold, again.out_of_fold, strict=True):
        np.testing.assert_array_equal(one, other)
    assert again.model.manifest_ == quick.model.manifest_


def test_another_seed_gives_another_model(
    few: tuple[LabelledDocument, ...], quick: TrainingResult
) -> None:
    other = fit_line_classifier(few, settings=replace(QUICK, seed=1))
    assert (_arrays(other)["output"] != _arrays(quick)["output"]).any()
    assert other.model.manifest_["training"]["seed"] == 1


def test_no_fold_sees_a_group_it_judges(
    few: tuple[LabelledDocument, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: dict[str, list[set[str]]] = {"lexical": [], "training": [], "held out": []}
    groups = np.array([document.group for document in few])

    def remember(kind: str, documents: np.ndarray) -> None:
        seen[kind].append(set(groups[documents]))

    fit_lexical, trainer = fit_module.fit_lexical, fit_module.StackerTrainer

    def fit_lexical_(dataset: object, documents: np.ndarray, **options: object) -> object:
        remember("lexical", documents)
        return fit_lexical(dataset, documents, **options)

    class Trainer(trainer):
        def fit(self, training: np.ndarray, held_out: np.ndarray, **options: object) -> object:
            remember("training", training)
            remember("held out", held_out)
            return super().fit(training, held_out, **options)

    monkeypatch.setattr(fit_module, "fit_lexical", fit_lexical_)
    monkeypatch.setattr(fit_module, "StackerTrainer", Trainer)
    monkeypatch.setattr(fit_module.os, "cpu_count", lambda: 1)
    fit_line_classifier(few, settings=QUICK)
    folds = [seen["lexical"][0], seen["lexical"][1]]
    assert not folds[0] & folds[1], "with two folds, each is fitted on what the other judges"
    assert folds[0] | folds[1] == set(groups) == seen["lexical"][2]
    for fold, training, held_out in zip(
        seen["lexical"], seen["training"], seen["held out"], strict=True
    ):
        assert training | held_out == fold
        assert training
        assert held_out
        assert not training & held_out


def test_of_several_starts_the_best_on_sites_held_out_is_kept(
    few: tuple[LabelledDocument, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted: list[tuple[int, float, Stacker]] = []

    class Trainer(fit_module.StackerTrainer):
        def fit(self, training: np.ndarray, held_out: np.ndarray, **options: Any) -> Any:
            stacker, loss = super().fit(training, held_out, **options)
            fitted.append((options["seed"], loss, stacker))
            return stacker, loss

    monkeypatch.setattr(fit_module, "StackerTrainer", Trainer)
    monkeypatch.setattr(fit_module.os, "cpu_count", lambda: 1)
    model = fit_line_classifier(few, settings=replace(QUICK, n_starts=3)).model.model_
    everything = fitted[QUICK.n_folds :]
    assert [seed - QUICK.seed for seed, _, _ in everything] == [0, 1, 2]
    best = min(everything, key=lambda each: each[1])[2]
    np.testing.assert_array_equal(model.stacker.weights.output, best.weights.output)


def test_progress_goes_from_0_to_1(few: tuple[LabelledDocument, ...]) -> None:
    told: list[tuple[str, float]] = []
    fit_line_classifier(
        few, settings=QUICK, on_progress=lambda stage, done: told.append((stage, done))
    )
    shares = [done for _, done in told]
    assert shares == sorted(shares)
    assert (shares[0], shares[-1]) == (0, 1)
    assert all(stage for stage, _ in told)
    assert len(set(shares)) > 2 * QUICK.n_folds


def test_the_manifest_says_what_it_was_trained_on(
    few: tuple[LabelledDocument, ...], quick: TrainingResult
) -> None:
    training = quick.model.manifest_["training"]
    assert training["documents"] == len(few)
    assert training["lines"] == sum(len(document.lines) for document in few)
    assert training["groups"] == len({document.group for document in few})
    assert (training["folds"], training["passes"], training["seed"]) == (2, 2, 0)
    losses = [point["max_content_loss"] for point in quick.model.manifest_["operating_points"]]
    assert losses == sorted(losses)
    assert losses


def test_the_digest_changes_with_texts_and_labels(few: tuple[LabelledDocument, ...]) -> None:
    first, *rest = few
    changed = [
        few,
        (replace(first, codes="c" * len(first.codes)), *rest),
        (replace(first, lines=("x", *first.lines[1:])), *rest),
        (*rest, first),
    ]
    assert len({data_digest(documents) for documents in changed}) == len(changed)


def test_blank_pages_are_no_obstacle(few: tuple[LabelledDocument, ...]) -> None:
    blank = LabelledDocument("blank", ("", "\u200b"), "??", group="blank.example")
    result = fit_line_classifier((blank, *few), settings=QUICK)
    assert not result.out_of_fold[0].any()
    assert result.out_of_fold[0].shape == (2, 4)


def test_collections_left_unjudged_still_have_probabilities(
    few: tuple[LabelledDocument, ...],
) -> None:
    documents = [
        replace(item, source="clean/x" if index % 4 == 0 else "pages/y")
        for index, item in enumerate(few)
    ]
    settings = replace(QUICK, unjudged=frozenset({"clean"}))
    result = fit_line_classifier(documents, settings=settings)
    assert len(result.out_of_fold) == len(documents)
    assert result.out_of_fold[0].any()


@pytest.mark.parametrize(
    ("documents", "error", "message"),
    [
        ([], InputError, r"0 groups \(sites\) for 2 folds"),
        ([LabelledDocument("a", ("x",), "c")], InputError, r"1 groups \(sites\) for 2 folds"),
        (
            [LabelledDocument(name, ("x",), "?") for name in "abcd"],
            InputError,
            "no line of these documents has a known label; label some",
        ),
    ],
)
def test_what_cannot_be_trained_on_is_said(
    documents: list[LabelledDocument], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        fit_line_classifier(documents, settings=QUICK)


def test_one_fold_is_too_few(few: tuple[LabelledDocument, ...]) -> None:
    with pytest.raises(ConfigError, match="at least 2"):
        fit_line_classifier(few, settings=replace(QUICK, n_folds=1))
