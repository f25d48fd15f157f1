"""What a run says on standard error: a progress bar while it lasts, one line when it is done."""

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

from classifier.batch.totals import Totals
from classifier.labels import LABELS

if TYPE_CHECKING:
    from rich.progress import Progress

_PATIENCE_SECONDS = 0.7
"""A run shorter than this shows no bar at all."""

_REFRESH_SECONDS = 0.2


class Feedback:
    """Counts what is done, shows how far reading has come, sums up.

    Parameters
    ----------
    total_bytes
        Size of all inputs, None if it is unknown.
    quiet
        Whether to say nothing.
    """

    def __init__(self, total_bytes: int | None, *, quiet: bool) -> None:
        self._total_bytes = total_bytes
        self._quiet = quiet
        self._started = time.monotonic()
        self._next_refresh = self._started + _PATIENCE_SECONDS
        self._is_visible = not quiet and sys.stderr.isatty()
        self._bar: Progress | None = None
        self._totals = Totals()

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

    def add(self, read_bytes: int, totals: Totals) -> None:
        """Count what one more part of the inputs came to, and how far in them it ends."""
        self._totals += totals
        now = time.monotonic()
        if self._is_visible and now >= self._next_refresh:
            self._next_refresh = now + _REFRESH_SECONDS
            self._refresh(read_bytes)

    def rate(self) -> dict[str, float]:
        """Return how long it has taken, and how much was done a second."""
        seconds = time.monotonic() - self._started
        return {
            "seconds": round(seconds, 3),
            "documents_per_second": round(self._totals.documents / max(seconds, 1e-9), 1),
            "lines_per_second": round(self._totals.lines / max(seconds, 1e-9), 1),
        }

    def summarise(self, *, removals: bool = False) -> None:
        """Write the summary line, with what cleaning took out if asked for."""
        if self._quiet:
            return
        totals = self._totals
        parts = [f"{getattr(totals, label):,} {label}" for label in LABELS]
        if totals.blank:
            parts.append(f"{totals.blank:,} blank")
        done = f"; {totals.removed_lines:,} removed, {totals.cut_lines:,} cut" if removals else ""
        bad = f"; {counted(totals.errors, 'bad record')}" if totals.errors else ""
        sys.stderr.write(
            f"{counted(totals.documents, 'document')}, {counted(totals.lines, 'line')}: "
            f"{', '.join(parts)}{done}{bad} ({time.monotonic() - self._started:.1f} s)\n"
        )

    def _refresh(self, read_bytes: int) -> None:
        if self._bar is None:
            self._bar = _progress_bar()
            self._bar.add_task("", total=self._total_bytes)
            self._bar.start()
        rate = self._totals.lines / (time.monotonic() - self._started)
        self._bar.update(
            self._bar.task_ids[0],
            completed=read_bytes,
            description=f"{counted(self._totals.lines, 'line')}, {rate:,.0f} a second",
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


def counted(count: int, noun: str) -> str:
    """Return `count` and the noun, in the plural but for one."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
