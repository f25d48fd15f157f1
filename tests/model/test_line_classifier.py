"""`LineClassifier` as users meet it: load, classify, fit, predict, save, and what it refuses."""

import pickle
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone, is_classifier
from sklearn.exceptions import NotFittedError, SkipTestWarning
from sklearn.utils.estimator_checks import check_estimator, parametrize_with_checks
from sklearn.utils.validation import check_is_fitted

from classifier.datamodels import LabelledDocument, OperatingPoint, PagePredictions
from classifier.errors import ConfigError, InputError, LabelError, ModelError
from classifier.labels import LABELS, Label
from classifier.model.line_classifier import LineClassifier

PAGE = "Startseite | Kontakt\n\nDer Rat beschloss am Montag den Bau der Brücke.\nslot gacor 88\n"


class MatrixClaiming(LineClassifier):
    """scikit-learn runs no check on estimators of texts; this one says it takes matrices."""

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.two_d_array = True
        return tags


_FITS_NUMBERS = "fits on a matrix of numbers; X is a sequence of texts, y of label sequences"
_OWN_ERROR = "expects a ValueError of scikit-learn's wording; our errors are InputErrors"

EXPECTED_FAILED_CHECKS = {
    "check_estimators_unfitted": (
        "expects NotFittedError; predicting must not import scikit-learn, so it is a ModelError"
    ),
    "check_requires_y_none": _OWN_ERROR,
    "check_estimators_empty_data_messages": _OWN_ERROR,
    "check_classifiers_regression_target": _OWN_ERROR,
    "check_supervised_y_no_nan": _OWN_ERROR,
    "check_estimators_nan_inf": _OWN_ERROR,
    "check_estimator_sparse_array": _OWN_ERROR,
    "check_estimator_sparse_matrix": _OWN_ERROR,
    "check_complex_data": _OWN_ERROR,
    **dict.fromkeys(
        (
            "check_classifier_data_not_an_array",
            "check_classifier_multioutput",
            "check_classifiers_classes",
            "check_classifiers_one_label",
            "check_classifiers_train",
            "check_dict_unchanged",
            "check_dont_overwrite_parameters",
            "check_dtype_object",
            "check_estimators_dtypes",
            "check_estimators_fit_returns_self",
            "check_estimators_overwrite_params",
            "check_estimators_pickle",
            "check_f_contiguous_array_estimator",
            "check_fit1d",
            "check_fit2d_1feature",
            "check_fit2d_1sample",
            "check_fit2d_predict1d",
            "check_fit_check_is_fitted",
            "check_fit_idempotent",
            "check_fit_score_takes_y",
            "check_methods_sample_order_invariance",
            "check_methods_subset_invariance",
            "check_n_features_in",
            "check_n_features_in_after_fitting",
            "check_pipeline_consistency",
            "check_positive_only_tag_during_fit",
            "check_readonly_memmap_input",
            "check_supervised_y_2d",
        ),
        _FITS_NUMBERS,
    ),
}


with warnings.catch_warnings():
    # it cannot be a BaseEstimator: predicting must not import scikit-learn
    warnings.filterwarnings("ignore", message=".*does not inherit from `sklearn.base.BaseEst")
    with_checks = parametrize_with_checks(
        [MatrixClaiming()], expected_failed_checks=lambda _estimator: EXPECTED_FAILED_CHECKS
    )


@with_checks
def test_check_of_scikit_learn(estimator: Any, check: Any) -> None:
    check(estimator)


def test_the_checks_scikit_learn_itself_chooses_pass() -> None:
    with pytest.warns(SkipTestWarning, match="requires input"):
        check_estimator(LineClassifier())


def _x(documents: Sequence[LabelledDocument]) -> list[str]:
    return [document.text for document in documents]


def _y(documents: Sequence[LabelledDocument]) -> list[list[str]]:
    return [list(document.codes) for document in documents]


@pytest.fixture(scope="module")
def few_documents(tiny_documents: tuple[LabelledDocument, ...]) -> tuple[LabelledDocument, ...]:
    return tiny_documents[:12]


@pytest.fixture(scope="module")
def fitted(few_documents: tuple[LabelledDocument, ...]) -> LineClassifier:
    return LineClassifier(n_folds=2, n_passes=2, seed=3).fit(
        _x(few_documents), _y(few_documents), groups=[item.group for item in few_documents]
    )


def _assert_same(one: PagePredictions, other: PagePredictions) -> None:
    np.testing.assert_array_equal(one.probabilities, other.probabilities)
    np.testing.assert_array_equal(one.label_index, other.label_index)
    assert one.text == other.text


# classify


def test_every_line_gets_a_label_and_a_confidence(tiny_model: LineClassifier) -> None:
    page = tiny_model.classify(PAGE)
    assert [line.text for line in page] == PAGE.split("\n")
    assert [line.label is None for line in page] == [False, True, False, False, True]
    assert page.probabilities.shape == (5, 4)
    assert page.probabilities.dtype == np.float32
    np.testing.assert_allclose(page.probabilities[[0, 2, 3]].sum(axis=1), 1, atol=1e-6)
    assert not page.probabilities[[1, 4]].any()
    confidences = page.probabilities[[0, 2, 3], page.label_index[[0, 2, 3]]]
    np.testing.assert_array_equal(page.confidences[[0, 2, 3]], confidences)


@pytest.mark.parametrize("text", ["", "\n\n", "\u200b", " \t\r"])
def test_blank_pages_have_blank_lines(text: str, tiny_model: LineClassifier) -> None:
    page = tiny_model.classify(text)
    assert page.labels == [None] * (text.count("\n") + 1)
    assert page.clean() == text


def test_the_tiny_pages_are_mostly_learned(
    tiny_model: LineClassifier, tiny_documents: tuple[LabelledDocument, ...]
) -> None:
    assert tiny_model.score(_x(tiny_documents), _y(tiny_documents)) > 0.7


def test_a_point_decides_what_is_kept(tiny_model: LineClassifier) -> None:
    keep_all = OperatingPoint("all", content_threshold=0.0)
    assert tiny_model.classify(PAGE, point=keep_all).clean() == PAGE
    keep_none = OperatingPoint("none", content_threshold=1.0)
    assert tiny_model.classify(PAGE, point=keep_none).clean() == "\n"
    (page,) = tiny_model.classify_many([PAGE], point=keep_all)
    assert set(page.labels) == {Label.CONTENT, None}


def test_pages_are_read_as_they_are_needed(tiny_model: LineClassifier) -> None:
    read: list[int] = []

    def pages() -> Iterator[str]:
        for number in range(10):
            read.append(number)
            yield PAGE

    results = tiny_model.classify_many(pages(), batch_lines=12)
    assert read == []
    next(results)
    assert read == [0, 1, 2]
    assert len(list(results)) == 9


def test_nothing_gives_nothing(tiny_model: LineClassifier) -> None:
    assert list(tiny_model.classify_many([])) == []


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda model: model.classify(["a"]), "classify takes one text; got list"),
        (lambda model: model.classify(None), "classify takes one text; got NoneType"),
        (lambda model: model.classify(b"a"), "classify takes one text; got bytes"),
        (lambda model: model.classify_many("a"), "an iterable of documents; got one string"),
        (lambda model: list(model.classify_many([b"a"])), "documents must be texts; got bytes"),
        (lambda model: model.predict([3]), "documents must be texts; got int"),
        (lambda model: model.score("a", [["c"]]), "got one string"),
        (lambda model: model.score(["a"], None), "y is None"),
    ],
)
def test_what_is_no_text_is_refused(call: Any, message: str, tiny_model: LineClassifier) -> None:
    with pytest.raises(InputError, match=message):
        call(tiny_model)


@pytest.mark.parametrize("batch_lines", [0, -5])
def test_a_batch_has_at_least_one_line(batch_lines: int, tiny_model: LineClassifier) -> None:
    with pytest.raises(ConfigError, match=f"at least 1. Got {batch_lines} instead"):
        tiny_model.classify_many([PAGE], batch_lines=batch_lines)


@pytest.mark.parametrize(
    "call",
    [
        lambda model: model.classify(PAGE),
        lambda model: model.classify_many([PAGE]),
        lambda model: model.predict([PAGE]),
        lambda model: model.predict_proba([PAGE]),
        lambda model: model.score([PAGE], [["c"] * 5]),
        lambda model: model.operating_point(0.01),
        lambda model: model.save("nowhere"),
    ],
    ids=["classify", "many", "predict", "proba", "score", "point", "save"],
)
def test_an_unfitted_model_says_what_to_do(call: Any) -> None:
    with pytest.raises(ModelError, match=r"not fitted yet; call fit, or LineClassifier\.load\(\)"):
        call(LineClassifier())


# scikit-learn's verbs


def test_predicting_is_classifying(tiny_model: LineClassifier) -> None:
    texts = [PAGE, "", "別のページ"]
    pages = list(tiny_model.classify_many(texts))
    assert tiny_model.predict(texts) == [page.labels for page in pages]
    for found, page in zip(tiny_model.predict_proba(texts), pages, strict=True):
        np.testing.assert_array_equal(found, page.probabilities)
    assert tiny_model.classes_.tolist() == [str(label) for label in LABELS]


def test_score_is_the_share_of_known_lines_that_are_right(tiny_model: LineClassifier) -> None:
    labels = [label or "unknown" for label in tiny_model.predict([PAGE])[0]]
    assert tiny_model.score([PAGE], [labels]) == 1
    wrong = "linkfarm" if labels[0] != "linkfarm" else "boilerplate"
    assert tiny_model.score([PAGE], [[wrong, None, *labels[2:]]]) == pytest.approx(2 / 3)
    # "not content" and "unknown" name no label to be right about, and blank lines have none
    assert tiny_model.score([PAGE], [["o", "c", "?", labels[3], "c"]]) == 1
    assert np.isnan(tiny_model.score([PAGE], [[None] * 5]))


def test_fitting_returns_the_fitted_model(
    fitted: LineClassifier, few_documents: tuple[LabelledDocument, ...]
) -> None:
    check_is_fitted(fitted)
    assert fitted.folder_ is None
    assert fitted.manifest_["training"]["documents"] == len(few_documents)
    assert fitted.manifest_["training"]["groups"] == len({item.group for item in few_documents})
    assert fitted.manifest_["training"]["passes"] == 2
    assert fitted.get_params() == {"n_folds": 2, "n_passes": 2, "seed": 3}


def test_labels_may_be_names_codes_or_none(tiny_documents: tuple[LabelledDocument, ...]) -> None:
    names: dict[str, str | None] = {
        "c": "content",
        "s": Label.STUFFING,
        "l": "l",
        "b": "boilerplate",
        "o": "other",
        "?": None,
    }
    chosen = [*tiny_documents[:4], tiny_documents[-1]]
    y = [[names[code] for code in document.codes] for document in chosen]
    model = LineClassifier(n_folds=2, n_passes=1).fit(_x(chosen), y)
    same = LineClassifier(n_folds=2, n_passes=1).fit(_x(chosen), _y(chosen))
    _assert_same(model.classify(PAGE), same.classify(PAGE))
    assert model.manifest_["training"]["groups"] == len(chosen), "each its own without groups"


@pytest.mark.parametrize(
    ("x", "y", "groups", "error", "message"),
    [
        ("a", [["c"]], None, InputError, "got one string"),
        (["a"], None, None, InputError, "y is None"),
        (["a", "b"], [["c"]], None, InputError, "X has 2 documents, y 1 label sequences"),
        (["a"], [["c"]], ["g", "h"], InputError, "groups 2; they must be as many"),
        (["a\nb"], [["c"]], None, InputError, "document 0 has 2 lines and 1 labels"),
        (["a", 7], [["c"], ["c"]], None, InputError, "document 1 must be a text; got int"),
        (["a"], [["ham"]], None, LabelError, "unknown label 'ham'; labels are content, "),
        (["a"], [["c"]], None, InputError, r"1 groups \(sites\) for 5 folds"),
        ([], [], None, InputError, r"0 groups \(sites\) for 5 folds"),
        (list("abcdef"), [["?"]] * 6, None, InputError, "no line of these documents has a known"),
    ],
)
def test_labels_that_do_not_fit_are_refused(
    x: Any, y: Any, groups: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        LineClassifier().fit(x, y, groups=groups)


@pytest.mark.parametrize(
    ("name", "value", "fewest"),
    [
        ("n_folds", 1, 2),
        ("n_folds", 2.0, 2),
        ("n_passes", 0, 1),
        ("seed", -1, 0),
        ("seed", None, 0),
        ("seed", "1", 0),
    ],
)
def test_numbers_that_cannot_be_are_refused(name: str, value: Any, fewest: int) -> None:
    with pytest.raises(ConfigError, match=f"'{name}' of a training must be .* at least {fewest}"):
        LineClassifier(**{name: value}).fit(["a", "b"], [["c"], ["b"]])


@pytest.mark.parametrize("kind", [int, np.int64, str])
def test_groups_may_be_numbers(kind: Any, tiny_documents: tuple[LabelledDocument, ...]) -> None:
    chosen = tiny_documents[:6]
    groups = np.array([kind(number) for number in range(6)])
    model = LineClassifier(n_folds=2, n_passes=1).fit(_x(chosen), _y(chosen), groups=groups)
    assert model.manifest_["training"]["groups"] == 6


def test_parameters_can_be_read_set_and_cloned(fitted: LineClassifier) -> None:
    copy = clone(fitted)
    assert copy.get_params() == fitted.get_params()
    assert copy.set_params(n_passes=7) is copy
    assert copy.n_passes == 7
    assert fitted.n_passes == 2
    with pytest.raises(NotFittedError):
        check_is_fitted(copy)
    assert is_classifier(copy)
    assert repr(copy) == "LineClassifier(n_folds=2, n_passes=7, seed=3)"


def test_an_unknown_parameter_is_refused() -> None:
    message = "LineClassifier has no parameter 'folds'; it has n_folds, n_passes, seed"
    with pytest.raises(ConfigError, match=message):
        LineClassifier().set_params(folds=3)


# folders


def test_a_saved_model_predicts_the_same(fitted: LineClassifier, tmp_path: Path) -> None:
    fitted = clone(fitted).adopt(fitted.model_, fitted.manifest_)
    before = fitted.classify(PAGE)
    fitted.save(tmp_path / "mine", extra_files={"README.md": "# Card\n"})
    assert fitted.folder_ == tmp_path / "mine"
    loaded = LineClassifier.load(str(tmp_path / "mine"))
    _assert_same(loaded.classify(PAGE), before)
    assert loaded.folder_ == tmp_path / "mine"
    assert loaded.manifest_ == fitted.manifest_
    assert loaded.operating_point(0.02) == fitted.operating_point(0.02)
    assert (tmp_path / "mine" / "README.md").read_text() == "# Card\n"


def test_a_copy_by_pickle_predicts_the_same(tiny_model: LineClassifier) -> None:
    copy = pickle.loads(pickle.dumps(tiny_model))  # noqa: S301 - made a moment ago, by us
    _assert_same(copy.classify(PAGE), tiny_model.classify(PAGE))


def test_no_model_in_a_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"is not a model folder: it has no manifest\.json"):
        LineClassifier.load(tmp_path)


def test_the_shipped_model_is_loaded_by_default(repo_root: Path) -> None:
    if not (repo_root / "models" / "line-1" / "manifest.json").is_file():
        pytest.skip("models/line-1 is not trained yet; run make model")
    model = LineClassifier.load()
    assert model.manifest_["name"] == "line-1"
    assert len(model.classify(PAGE)) == 5
