"""Cleaning as a step of a scikit-learn pipeline, before those that read text."""

from collections.abc import Iterable
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, TransformerMixin

from classifier.adapters.process_model import Model, judged
from classifier.errors import InputError


class DocumentCleaner(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # untyped bases
    """Gives documents without the lines, and parts of lines, that are not content.

    The model is a trained one and not fitted anew: in a pipeline ``y`` is about documents, and the
    model's is about lines. What is pickled and cloned are the parameters alone, unless `model` is
    one in memory.

    Parameters
    ----------
    model
        A model folder, None for the shipped one; or a `LineClassifier` in memory, in a
        ``sklearn.frozen.FrozenEstimator`` if the pipeline is to be cloned, because ``clone`` gives
        back estimators that are not fitted.
    max_content_loss
        Share of content characters one is ready to lose; None decides at 0.5.
    """

    def __init__(self, model: Model = None, max_content_loss: float | None = None) -> None:
        self.model = model
        self.max_content_loss = max_content_loss

    def fit(self, X: Iterable[str], y: object = None) -> Self:  # noqa: ARG002 - the contract
        """Do nothing: what there is to learn is in the model."""
        return self

    def transform(self, X: Iterable[str]) -> NDArray[np.object_]:
        """Return the documents, cleaned.

        Parameters
        ----------
        X
            Documents: a list, array or series of texts; or a table of one column.

        Returns
        -------
        cleaned : object array of shape (n_documents,)
            ``""`` where nothing stays. With ``set_output``, a table of one column ``text``.

        Raises
        ------
        InputError
            If one of them is no text.
        """
        texts = _documents(X)
        cleaned = [page.clean() for page in judged(self.model, texts, self.max_content_loss)]
        return np.array([*cleaned, None], dtype=object)[:-1]

    def get_feature_names_out(self, input_features: object = None) -> NDArray[np.object_]:  # noqa: ARG002
        """Return the name of the one column."""
        return np.array(["text"], dtype=object)

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401 - scikit-learn's tags
        tags = super().__sklearn_tags__()
        tags.input_tags.string = tags.input_tags.one_d_array = True
        tags.input_tags.two_d_array = False
        tags.requires_fit = False
        return tags


def _documents(X: Iterable[str]) -> list[str]:
    if isinstance(X, str):
        raise InputError("X must be a sequence of documents; got one string")
    shape: tuple[int, ...] = getattr(X, "shape", (0,))
    if len(shape) == 2 and shape[1] == 1:
        X = np.asarray(X, dtype=object)[:, 0]
    elif len(shape) != 1:
        raise InputError(f"X must be documents, one-dimensional; got an array of shape {shape}")
    texts = list(X)
    for index, text in enumerate(texts):
        if not isinstance(text, str):
            raise InputError(f"document {index} must be a text; got {type(text).__name__}")
    return texts
