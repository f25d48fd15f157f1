"""datatrove: steps of its pipelines that annotate or clean documents, many at a time.

Importing this module needs datatrove, because its steps are classes derived from datatrove's.
"""

import contextlib
import json
from abc import abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from classifier.actions.annotate import jsonl_record
from classifier.actions.clean import removal_rows
from classifier.adapters.process_model import Model, judged
from classifier.datamodels import BLANK, PagePredictions
from classifier.errors import InputError
from classifier.io.extras import optional_module
from classifier.labels import LABELS

_Document = optional_module("datatrove.data", "datatrove").Document
_PipelineStep: Any = optional_module("datatrove.pipeline.base", "datatrove").PipelineStep

DEFAULT_BATCH_SIZE = 500
"""Documents judged together."""


class LineStep(_PipelineStep):  # type: ignore[misc]  # of datatrove, which is optional
    """What both steps have in common: documents come in batches and go out in their order.

    Only the parameters are pickled; each process loads the model once. Statistics: documents
    ``total``, ``forwarded`` and ``dropped``; lines as ``line-total`` and by label
    ``line-content``, ``line-stuffing``, ...

    Parameters
    ----------
    model
        A model folder, None for the shipped one; or one in memory, which is then pickled.
    max_content_loss
        Share of content characters one is ready to lose; None decides at 0.5.
    batch_size
        Documents judged together.
    """

    type = "LINES"

    def __init__(
        self,
        *,
        model: Model = None,
        max_content_loss: float | None = None,
        batch_size: int = DEFAULT_BATCH_SIZE,
    ) -> None:
        super().__init__()
        self.model = model
        self.max_content_loss = max_content_loss
        self.batch_size = batch_size

    @abstractmethod
    def finished(self, document: Any, page: PagePredictions, rank: int) -> bool:  # noqa: ANN401
        """Change `document` by what was found; return whether it goes on."""

    def run(self, data: Iterable[Any], rank: int = 0, world_size: int = 1) -> Iterator[Any]:  # noqa: ARG002
        """Yield the documents of `data`, annotated or cleaned (datatrove's contract)."""
        waiting = iter(data)
        while documents := list(islice(waiting, self.batch_size)):
            with self.track_time("batch"), threadpool_limits(1):
                texts = [document.text for document in documents]
                pages = list(judged(self.model, texts, self.max_content_loss))
            self._count_lines(pages)
            for document, page in zip(documents, pages, strict=True):
                goes_on = self.finished(document, page, rank)
                self.stat_update("total", "forwarded" if goes_on else "dropped")
                if goes_on:
                    self.update_doc_stats(document)
                    yield document

    def _count_lines(self, pages: Sequence[PagePredictions]) -> None:
        self.stat_update("batches")
        for page in pages:
            self.stat_update("line-total", value=len(page))
            codes = page.label_index[page.label_index != BLANK]
            counts = np.bincount(codes, minlength=len(LABELS))
            for label, count in zip(LABELS, counts.tolist(), strict=True):
                if count:
                    self.stat_update(f"line-{label}", value=count)


class AnnotateLines(LineStep):
    r"""Puts what the model says of the lines into the metadata of each document.

    The keys are ``labels``, ``confidences``, ``probabilities`` and ``spans``: lists parallel to
    ``text.split("\n")``, as in ``linespam classify --format documents``.

    Parameters
    ----------
    prefix
        Put before the names of the keys.
    **settings
        Those of `LineStep`.
    """

    name = "Annotate lines"

    def __init__(self, *, prefix: str = "", **settings: Any) -> None:  # noqa: ANN401
        super().__init__(**settings)
        self.prefix = prefix

    def finished(self, document: Any, page: PagePredictions, rank: int) -> bool:  # noqa: ANN401, ARG002
        """Add the lists to the metadata of `document`."""
        record = json.loads(jsonl_record(document.id, page))
        del record["id"]
        added = {self.prefix + name: value for name, value in record.items()}
        taken = sorted(set(added) & set(document.metadata))
        if taken:
            raise InputError(
                f"document {document.id}: metadata has {', '.join(taken)} already; set them "
                "apart: prefix='line_'"
            )
        document.metadata.update(added)
        return True


class CleanLines(LineStep):
    """Takes the lines, and parts of lines, that are not content out of each document.

    A document of which no line with text stays is dropped. Further statistics: lines taken out
    whole by label, ``line-filter-stuffing``, ...; ``line-cut``, lines something was cut out of;
    ``characters-removed``; ``dropped_nothing_left``.

    Parameters
    ----------
    exclusion_writer
        A datatrove writer that gets every line taken out, whole or in part, as a document: its
        text, the id of its document, and line number, label, confidence, spans and cuts in the
        metadata.
    **settings
        Those of `LineStep`.
    """

    name = "Clean lines"

    def __init__(self, exclusion_writer: Any = None, **settings: Any) -> None:  # noqa: ANN401
        super().__init__(**settings)
        self.exclusion_writer = exclusion_writer

    def run(self, data: Iterable[Any], rank: int = 0, world_size: int = 1) -> Iterator[Any]:
        """Yield the documents of `data`, cleaned (datatrove's contract)."""
        with self.exclusion_writer or contextlib.nullcontext():
            yield from super().run(data, rank, world_size)

    def finished(self, document: Any, page: PagePredictions, rank: int) -> bool:  # noqa: ANN401
        """Replace the text of `document`."""
        removed = [json.loads(row) for row in removal_rows(document.id, page).split("\n") if row]
        for row in removed:
            is_cut = row["spans"] is not None
            self.stat_update("line-cut" if is_cut else f"line-filter-{row['label']}")
            if self.exclusion_writer:
                text, document_id = row.pop("text"), row.pop("id")
                excluded = _Document(text=text, id=document_id, metadata=row)
                self.exclusion_writer.write(excluded, rank)
        document.text = page.clean()
        if removed:
            self.stat_update("characters-removed", value=len(page.text) - len(document.text))
        if document.text.strip():
            return True
        self.stat_update("dropped_nothing_left")
        return False
