"""Stream many lines through a model in a process of its own: how long, and how much memory.

Run by ``throughput.py``: ``python streaming.py PAGES.jsonl.gz N_LINES [MODEL]`` prints one JSON
object. Pages are repeated by a generator, one at a time, so that nothing but the model's own work
can make memory grow.
"""

import gzip
import json
import resource
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path

from classifier.model.line_classifier import LineClassifier


def read_texts(path: Path) -> list[str]:
    """Return the pages of a labelled file as texts."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        return ["\n".join(json.loads(row)["lines"]) for row in file]


def repeated(texts: Sequence[str], n_lines: int) -> Iterator[str]:
    """Yield the texts over and over, until they have at least `n_lines` lines."""
    for text in cycle(texts):
        if n_lines <= 0:
            return
        n_lines -= text.count("\n") + 1
        yield text


def touch(model: LineClassifier, texts: Iterator[str] | Sequence[str]) -> tuple[int, float]:
    """Classify `texts` and look at label and confidence of every line: lines, sum of both."""
    n_lines, total = 0, 0.0
    for page in model.classify_many(texts):
        n_lines += len(page)
        total += float(page.label_index.sum()) + float(page.confidences.sum())
    return n_lines, total


def peak_memory_bytes() -> int:
    """Return the most memory this process has held.

    Linux counts in ru_maxrss what the parent held when it started this process, so a benchmark
    with big libraries loaded would measure itself; VmHWM begins anew with the program.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        for row in status.read_text(encoding="ascii", errors="replace").splitlines():
            if row.startswith("VmHWM:"):
                return int(row.split()[1]) * 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def main(words: Sequence[str]) -> None:
    """Stream once and print what it took."""
    texts = read_texts(Path(words[0]))
    model = LineClassifier.load(words[2] if len(words) > 2 else None)
    touch(model, texts[:20])  # tables that are made on first use
    start = time.perf_counter()
    n_lines, _ = touch(model, repeated(texts, int(words[1])))
    seconds = time.perf_counter() - start
    result = {"lines": n_lines, "seconds": seconds, "peak_memory_bytes": peak_memory_bytes()}
    sys.stdout.write(json.dumps(result) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
