"""The model of this process: loaded once, whoever asks for it, and never pickled by a step."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from classifier.datamodels import OperatingPoint, PagePredictions
from classifier.model.judging import judge
from classifier.model.line_classifier import LineClassifier

Model = LineClassifier | str | Path | None
"""What a step takes for a model: one in memory, a model folder, None for the shipped one."""


@lru_cache(maxsize=4)
def process_model(folder: Path | None) -> LineClassifier:
    """Return the model in `folder`, the shipped one if None; this process reads it only once.

    Raises
    ------
    ModelError
        If anything in the folder is not as its manifest says.
    """
    return LineClassifier.load(folder)


def ready_model(model: Model) -> LineClassifier:
    """Return `model` itself if it is one in memory, else the one of this process."""
    # not asked whether it is a LineClassifier: scikit-learn's FrozenEstimator stands for one
    if model is None or isinstance(model, str | Path):
        return process_model(None if model is None else Path(model))
    return model


def judged(
    model: Model, texts: Sequence[str], max_content_loss: float | None
) -> Iterator[PagePredictions]:
    """Yield the predictions for many documents, in their order.

    Parameters
    ----------
    model
        Which one judges.
    texts
        The documents.
    max_content_loss
        Share of content characters one is ready to lose; None decides at 0.5.
    """
    ready = ready_model(model)
    loss = max_content_loss
    point = OperatingPoint() if loss is None else ready.operating_point(loss)
    yield from judge(ready, texts, point)
