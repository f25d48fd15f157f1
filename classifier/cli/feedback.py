"""What a run says on standard error: a progress bar while it lasts, one line when it is done."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np

from classifier.datamodels import PagePredictions
from classifier.io.reading import DocumentReader
from classifier.labels import LABELS

if TYPE_CHECKING:
    from rich.progress import Progress

_PATIENCE_SECONDS = 0.7
"""A run shorter than this shows no bar at all."""

_REFRESH_SECONDS = 0.2


class Feedback:
    """Counts documents and lines, shows how far reading has come, sums up."""

    def __init__(self, reader: DocumentReader, *, quiet: bool) -> None:
        self._reader = reader
        self._quiet = quiet
        self._started = time.monotonic()
        self._next_refresh = self._started + _PATIENCE_SECONDS
        self._is_visible = not quiet and sys.stderr.isatty()
        self._bar: Progress | None = None
        self._n_documents = 0
        self._n_removed = 0
        self._n_cut = 0
        self._counts = np.zeros(len(LABELS) + 1, np.int64)  # blank lines first

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def add(self, page: PagePredictions) -> None:
        """Count one more document."""
        self._n_documents += 1
        self._n_removed += len(page) - int(page.kept.sum())
        self._n_cut += len(page.spans)
        self._counts += np.bincount(page.label_index.astype(np.int64) + 1, minlength=5)
        now = time.monotonic()
        if self._is_visible and now >= self._next_refresh:
            self._next_refresh = now + _REFRESH_SECONDS
            self._refresh()

    def summarise(self, *, removals: bool = False) -> None:
        """Write the summary line, with what cleaning took out if asked for."""
        if self._quiet:
            return
        blank, *labelled = self._counts.tolist()
        parts = [f"{count:,} {label}" for count, label in zip(labelled, LABELS, strict=True)]
        if blank:
            parts.append(f"{blank:,} blank")
        done = f"; {self._n_removed:,} removed, {self._n_cut:,} cut" if removals else ""
        sys.stderr.write(
            f"{_counted(self._n_documents, 'document')}, "
            f"{_counted(int(self._counts.sum()), 'line')}: {', '.join(parts)}{done} "
            f"({time.monotonic() - self._started:.1f} s)\n"
        )

    def _refresh(self) -> None:
        if self._bar is None:
            self._bar = _progress_bar()
            self._bar.add_task("", total=self._reader.total_bytes)
            self._bar.start()
        self._bar.update(
            self._bar.task_ids[0],
            completed=self._reader.read_bytes,
            description=_counted(int(self._counts.sum()), "line"),
        )


def _progress_bar() -> "Progress":
    # Importing rich takes longer than labelling most pages.
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
