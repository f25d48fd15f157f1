"""The most memory that runs hold, whatever the size of a file or a line (``make bench-memory``).

Files of made-up pages, each with a field of 50 kB to be carried through, are cleaned by two
processes into a folder:

- JSONL of 50 MB and of 5 GB, Parquet of 5 GB: memory must not grow with the file;
- a line of 200 MB, as a text file and as a record of JSONL: memory may be some times the line, as a
  record is held whole.

Prints a table, writes ``results/memory.json``, exits with 1 if a target is missed. Needs 11 GB of
disk.
"""

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

from batch import run_command
from environment import RESULTS, machine, versions, write_result

FILE_BYTES, LINE_BYTES = 5_000_000_000, 200_000_000
N_SMALLER = 100
"""How many times smaller the small file is."""

MAX_MEGABYTES, MAX_GROWTH, MAX_LINES_HELD = 600, 1.2, 6

SMALL, LARGE, TABLE = "JSONL, small", "JSONL, large", "Parquet, large"
TEXT_LINE, JSONL_LINE = "text, one line", "JSONL, one line"

_SENTENCES = (
    "Der Gemeinderat beschloss am Montag den Bau der neuen Schule.",
    "Home | News | Contact | Log in",
    "Мост через реку снова открыт для движения.",
    "cheap pills online buy cheap pills best price pills",
    "新しい橋が開通しました。",
    "- Museum zeigt Münzen aus dem Flussbett",
    "© 2021 Alle Rechte vorbehalten",
    "",
)
_N_LINES, _CARRIED = 20, "<div class='page'>" * 2800

Figures = dict[str, Any]


def main() -> int:
    """Measure everything, show it, write it down."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--file-bytes", type=int, default=FILE_BYTES)
    parser.add_argument("--line-bytes", type=int, default=LINE_BYTES)
    parser.add_argument("--output", type=Path, default=RESULTS / "memory.json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bench-memory-") as folder:
        result = measure(Path(folder), options.file_bytes, options.line_bytes)
    show(result)
    write_result(options.output, result)
    return 0 if all(target["met"] for target in result["targets"].values()) else 1


def measure(folder: Path, file_bytes: int, line_bytes: int) -> Figures:
    """Make each file, clean it, and let it go again."""
    files: dict[str, tuple[str, Callable[[Path, int], None], int]] = {
        SMALL: ("small.jsonl", write_jsonl, file_bytes // N_SMALLER),
        LARGE: ("large.jsonl", write_jsonl, file_bytes),
        TABLE: ("large.parquet", write_parquet, file_bytes),
        TEXT_LINE: ("line.txt", write_line, line_bytes),
        JSONL_LINE: ("line.jsonl", write_line_record, line_bytes),
    }
    runs: dict[str, Figures] = {}
    for name, (file, write, n_bytes) in files.items():
        path = folder / file
        write(path, n_bytes)
        run = run_command("clean", path, "--jobs", "2")
        runs[name] = {
            "bytes": path.stat().st_size,
            "seconds": round(run.seconds, 1),
            "peak_megabytes": round(run.peak_bytes / 1e6, 1),
        }
        path.unlink()
        shutil.rmtree(folder / "out")
    return {
        "command": "make bench-memory",
        "versions": versions(["numpy", "pyarrow"]),
        "machine": machine() | {"load_at_the_end": round(os.getloadavg()[0], 2)},
        "runs": runs,
        "targets": judge(runs),
    }


def _pages() -> Iterator[dict[str, str]]:
    rng = random.Random(0)  # noqa: S311 - the same pages every time
    pages = ["\n".join(rng.choices(_SENTENCES, k=_N_LINES)) for _ in range(500)]
    number = 0
    while True:
        for text in pages:
            yield {"id": f"page-{number}", "text": text, "html": _CARRIED}
            number += 1


def write_jsonl(path: Path, n_bytes: int) -> None:
    """Write at least `n_bytes` of pages as JSONL."""
    with path.open("wb") as stream:
        for page in _pages():
            if stream.tell() >= n_bytes:
                return
            carried = page.pop("html")  # spelled in JSON as it is
            row = json.dumps(page, ensure_ascii=False)[:-1]
            stream.write(f'{row}, "html": "{carried}"}}\n'.encode())


def write_parquet(path: Path, n_bytes: int) -> None:
    """Write at least `n_bytes` of pages as Parquet, in row groups of 1,000, not compressed."""
    import pyarrow as pa  # noqa: PLC0415 - of the dependency group `dev`
    import pyarrow.parquet as pq  # noqa: PLC0415

    schema = pa.schema([(name, pa.string()) for name in ("id", "text", "html")])
    pages = _pages()
    with (
        path.open("wb") as stream,
        pq.ParquetWriter(stream, schema, compression="none", use_dictionary=False) as writer,
    ):
        while stream.tell() < n_bytes:
            writer.write_table(pa.Table.from_pylist(list(islice(pages, 1000)), schema))


def write_line(path: Path, n_bytes: int) -> None:
    """Write one line of text."""
    path.write_text(_line(n_bytes), encoding="utf-8")


def write_line_record(path: Path, n_bytes: int) -> None:
    """Write a record whose text is one line, and a short one after it."""
    texts = (_line(n_bytes), "Home | Contact\nEin Satz nach der langen Zeile.")
    with path.open("w", encoding="utf-8") as stream:
        for number, text in enumerate(texts):
            stream.write(json.dumps({"id": str(number), "text": text}) + "\n")


def _line(n_bytes: int) -> str:
    sentence = _SENTENCES[0] + " "
    return (sentence * (n_bytes // len(sentence) + 1))[:n_bytes]


def judge(runs: Mapping[str, Mapping[str, float]]) -> Figures:
    """Return for each target what was wanted, what was found, and whether it was met.

    Examples
    --------
    >>> runs = {name: {"bytes": 1e8, "peak_megabytes": 500} for name in (SMALL, LARGE, TABLE)}
    >>> runs |= {name: {"bytes": 1e8, "peak_megabytes": 700} for name in (TEXT_LINE, JSONL_LINE)}
    >>> [(target["found"], target["met"]) for target in judge(runs).values()]
    [(500, True), (500, True), (1.0, True), (7.0, False), (7.0, False)]
    """
    peaks = {name: run["peak_megabytes"] for name, run in runs.items()}
    growth = "peak memory, large JSONL / small"
    found = {
        f"peak memory, {LARGE}, MB": (peaks[LARGE], MAX_MEGABYTES),
        f"peak memory, {TABLE}, MB": (peaks[TABLE], MAX_MEGABYTES),
        growth: (round(peaks[LARGE] / peaks[SMALL], 2), MAX_GROWTH),
    }
    for name in (TEXT_LINE, JSONL_LINE):
        held = round(peaks[name] * 1e6 / runs[name]["bytes"], 2)
        found[f"peak memory, {name} / its size"] = (held, MAX_LINES_HELD)
    return {
        name: {"target": f"at most {most:g}", "found": value, "met": value <= most}
        for name, (value, most) in found.items()
    }


def show(result: Mapping[str, Any]) -> None:
    """Print what was found."""
    print(", ".join(f"{name} {version}" for name, version in result["versions"].items()))
    print(", ".join(f"{name} {value}" for name, value in result["machine"].items()))
    print(f"\n{'':20}{'MB':>10}{'seconds':>10}{'peak MB':>10}")
    for name, run in result["runs"].items():
        row = f"{run['bytes'] / 1e6:>10,.0f}{run['seconds']:>10}{run['peak_megabytes']:>10}"
        print(f"{name:20}{row}")
    print()
    for name, target in result["targets"].items():
        verdict = "met" if target["met"] else "MISSED"
        print(f"{name:48}{target['found']:>10}{target['target']:>16}  {verdict}")


if __name__ == "__main__":
    sys.exit(main())
