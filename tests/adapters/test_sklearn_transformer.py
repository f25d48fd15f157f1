"""Cleaning and classifying lines inside of scikit-learn: pipelines, tables, clones, workers."""

import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from joblib import Parallel, delayed
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.utils import get_tags

from classifier.adapters.sklearn_transformer import DocumentCleaner
from classifier.errors import InputError, ModelError
from classifier.model.line_classifier import LineClassifier

Texts = Callable[[int], list[str]]


@pytest.fixture
def wanted(texts: Texts, tiny_model: LineClassifier) -> list[str]:
    return [page.clean() for page in tiny_model.classify_many(texts(60))]


def test_documents_come_out_clean(texts: Texts, wanted: list[str], model_folder: Path) -> None:
    found = DocumentCleaner(model_folder).fit_transform(texts(60))
    assert isinstance(found, np.ndarray)
    assert found.dtype == object
    assert found.tolist() == wanted
    assert found.tolist() != texts(60)


def test_text_steps_follow_in_a_pipeline(
    texts: Texts, wanted: list[str], model_folder: Path
) -> None:
    kinds = np.array([len(text) % 2 for text in wanted])
    pipeline = Pipeline(
        [
            ("clean", DocumentCleaner(model_folder)),
            ("words", TfidfVectorizer(analyzer="char", ngram_range=(1, 2))),
            ("kind", LogisticRegression()),
        ]
    ).fit(texts(60), kinds)
    by_hand = make_pipeline(*clone(pipeline).named_steps.values())[1:].fit(wanted, kinds)
    assert pipeline.predict(texts(60)).tolist() == by_hand.predict(wanted).tolist()
    assert (
        pipeline[:-1].get_feature_names_out().tolist()
        == by_hand[:-1].get_feature_names_out().tolist()
    )


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_set_output_gives_a_table_of_one_column(
    library: str, texts: Texts, wanted: list[str], model_folder: Path
) -> None:
    frames = pytest.importorskip(library, reason=f"{library} is not installed (group hosts)")
    cleaner = DocumentCleaner(model_folder).set_output(transform=library)
    series = frames.Series("body", texts(60)) if library == "polars" else frames.Series(texts(60))
    for documents in (texts(60), series, frames.DataFrame({"body": texts(60)})):
        found = cleaner.fit_transform(documents)
        assert isinstance(found, frames.DataFrame)
        assert list(found.columns) == ["text"]
        assert list(found["text"]) == wanted
    assert cleaner.get_feature_names_out().tolist() == ["text"]


def test_parameters_clone_and_search(texts: Texts, model_folder: Path) -> None:
    cleaner = DocumentCleaner(model_folder, max_content_loss=0.1)
    assert clone(cleaner).get_params() == {"model": model_folder, "max_content_loss": 0.1}
    pipeline = make_pipeline(cleaner, TfidfVectorizer(analyzer="char"), LogisticRegression())
    search = GridSearchCV(pipeline, {"documentcleaner__max_content_loss": [None, 0.0]}, cv=2)
    search.fit(texts(40), [0, 1] * 20)
    assert len(search.cv_results_["params"]) == 2


def test_a_model_in_memory_outlives_clone_if_frozen(
    texts: Texts, wanted: list[str], tiny_model: LineClassifier
) -> None:
    assert DocumentCleaner(tiny_model).transform(texts(60)).tolist() == wanted
    frozen = clone(DocumentCleaner(FrozenEstimator(tiny_model)))
    assert frozen.transform(texts(60)).tolist() == wanted
    with pytest.raises((ModelError, NotFittedError), match="not fitted"):
        clone(DocumentCleaner(tiny_model)).transform(texts(60))


def test_what_is_pickled_is_small_unless_the_model_is_in_memory(
    texts: Texts, wanted: list[str], tiny_model: LineClassifier, model_folder: Path
) -> None:
    small, whole = DocumentCleaner(model_folder), DocumentCleaner(tiny_model)
    small.transform(texts(1))
    assert len(pickle.dumps(small)) < 1000
    for cleaner in (small, whole):
        again = pickle.loads(pickle.dumps(cleaner))  # noqa: S301 - our own
        assert again.transform(texts(60)).tolist() == wanted


def test_line_classifier_goes_to_joblib_workers(texts: Texts, tiny_model: LineClassifier) -> None:
    parts = [texts(60)[:30], texts(60)[30:]]
    found = Parallel(n_jobs=2)(delayed(tiny_model.predict)(part) for part in parts)
    assert [labels for part in found for labels in part] == tiny_model.predict(texts(60))
    again: Any = pickle.loads(pickle.dumps(tiny_model))  # noqa: S301 - our own
    for one, other in zip(
        again.predict_proba(texts(9)), tiny_model.predict_proba(texts(9)), strict=True
    ):
        assert np.array_equal(one, other)
    assert again.get_params() == tiny_model.get_params()


@pytest.mark.parametrize(
    ("documents", "message"),
    [
        ("one text", "got one string"),
        (["a", None], "document 1 must be a text; got NoneType"),
        (np.array([["a", "b"]], dtype=object), r"got an array of shape \(1, 2\)"),
    ],
)
def test_refused_documents(documents: Any, message: str, tiny_model: LineClassifier) -> None:
    with pytest.raises(InputError, match=message):
        DocumentCleaner(tiny_model).transform(documents)


def test_no_documents_and_empty_ones(tiny_model: LineClassifier) -> None:
    assert DocumentCleaner(tiny_model).transform([]).shape == (0,)
    assert DocumentCleaner(tiny_model).transform(["", "\n"]).tolist() == ["", "\n"]


def test_tags_say_what_goes_in() -> None:
    tags = get_tags(DocumentCleaner())
    assert (tags.input_tags.string, tags.input_tags.two_d_array, tags.requires_fit) == (
        True,
        False,
        False,
    )
