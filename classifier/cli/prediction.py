"""One run over many documents: model, reader, progress and summary put together."""

from collections import deque
from collections.abc import Iterator, Sequence
from pathlib import Path

from classifier.cli.feedback import Feedback
from classifier.datamodels import PagePredictions
from classifier.io.base import Source
from classifier.io.reading import DocumentReader, SourceDocument
from classifier.model.line_classifier import LineClassifier


class PredictionRun:
    """Documents of the sources with their predictions, in order, read and labelled in batches.

    At bad input, everything before it comes out first; then its InputError is raised.
    """

    def __init__(
        self,
        sources: Sequence[Source],
        *,
        model: Path | None,
        max_content_loss: float | None,
        quiet: bool,
    ) -> None:
        self._model = LineClassifier.load(model)
        self._point = (
            None if max_content_loss is None else self._model.operating_point(max_content_loss)
        )
        self._reader = DocumentReader(sources)
        self._waiting: deque[SourceDocument] = deque()
        self.feedback = Feedback(self._reader, quiet=quiet)

    def __iter__(self) -> Iterator[tuple[SourceDocument, PagePredictions]]:
        with self.feedback:
            for page in self._model.classify_many(self._texts(), point=self._point):
                self.feedback.add(page)
                yield self._waiting.popleft(), page
        self._reader.raise_failure()

    def _texts(self) -> Iterator[str]:
        for item in self._reader:
            self._waiting.append(item)
            yield item.document.text
