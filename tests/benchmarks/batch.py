"""Big runs: speed, scaling and memory of the command on many lines (``make bench-batch``).

One run, the same documents throughout, made of ``corpora/pages`` and ``corpora/unlabelled`` over
and over, as JSONL and as Parquet:

- ``linespam classify`` into a folder with one process and with two, from JSONL and from Parquet,
  its start included;
- beside it, by one process with the documents in memory: `classify_many`, every label and
  confidence looked at; the same with cleaned text; datatrove's ``C4QualityFilter`` without its
  count of sentences, which needs data of its own; C4's line rules; the length rule;
- ``linespam clean`` with one process beside datatrove's own pipeline of reader, that filter and
  writer, from JSONL to JSONL, both from their start;
- the most memory all processes of a run held together, and the processor time they took.

Machines are noisy, so all take turns, and ratios are formed turn by turn. Prints tables, writes
``results/batch.json``, exits with 1 if a target is missed.
"""

import argparse
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any

from environment import RESULTS, ROOT, corpora, machine, versions, write_result
from throughput import ratio, take_turns

N_LINES, N_ROUNDS = 2_000_000, 3
_POLL_SECONDS = 0.05

ONE, TWO = "classify --jobs 1", "classify --jobs 2"
FROM_PARQUET = "classify --jobs 1, Parquet"
CLEAN, PIPELINE = "clean --jobs 1", "datatrove pipeline, C4QualityFilter"
LABELS, CLEANED = "classify_many in memory", "classify_many and clean in memory"
C4_FILTER, C4_RULES, LENGTH_RULE = "datatrove C4QualityFilter", "C4 line rules", "length rule"
IN_MEMORY = (LABELS, CLEANED, C4_FILTER, C4_RULES, LENGTH_RULE)

# name: (numerator, denominator, target, whether the figure must be at least or at most that)
RATIOS = {
    "speed, 2 jobs / 1 job": (ONE, TWO, 1.7, "at least"),
    "time, command / in memory": (ONE, LABELS, 1.6, "at most"),
    "speed, Parquet / JSONL": (ONE, FROM_PARQUET, 1.0, "at least"),
    f"documents a second / {PIPELINE}": (PIPELINE, CLEAN, 1.0, "at least"),
    f"documents a second / {C4_FILTER}": (C4_FILTER, CLEANED, 1.0, "at least"),
    f"documents a second / {C4_RULES}": (C4_RULES, CLEANED, 1.0, "at least"),
    f"documents a second / {LENGTH_RULE}": (LENGTH_RULE, CLEANED, 1.0, "at least"),
}
MAX_MEGABYTES = 600

Figures = dict[str, Any]


def main() -> int:
    """Measure everything, show it, write it down."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--lines", type=int, default=N_LINES)
    parser.add_argument("--rounds", type=int, default=N_ROUNDS, help="turns of each contestant")
    parser.add_argument("--output", type=Path, default=RESULTS / "batch.json")
    parser.add_argument("--in-memory", nargs=2, metavar=("NAME", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.in_memory and options.in_memory[0] == PIPELINE:
        run_pipeline(Path(options.in_memory[1]))
        return 0
    if options.in_memory:
        print(time_in_memory(options.in_memory[0], Path(options.in_memory[1])))
        return 0
    with tempfile.TemporaryDirectory(prefix="bench-batch-") as folder:
        result = measure(Path(folder), options.lines, options.rounds)
    show(result)
    write_result(options.output, result)
    return 0 if all(target["met"] for target in result["targets"].values()) else 1


def measure(folder: Path, n_lines: int, n_rounds: int) -> Figures:
    """Make the documents and let everybody have them in turns."""
    facts = make_documents(folder, n_lines)
    out = folder / "out"
    megabytes: dict[str, list[float]] = {}
    processor: dict[str, list[float]] = {}

    def process(name: str, *words: str) -> Callable[[], float]:
        def run() -> float:
            shutil.rmtree(out, ignore_errors=True)
            seconds, taken, peak = run_process([sys.executable, *words])
            processor.setdefault(name, []).append(round(taken, 3))
            megabytes.setdefault(name, []).append(round(peak / 1e6, 1))
            return seconds

        return run

    def command(name: str, file: str, jobs: int) -> Callable[[], float]:
        words = [name.partition(" ")[0], str(folder / file), "-o", f"{out}/", "--quiet"]
        return process(name, "-m", "classifier", *words, "--jobs", str(jobs))

    contestants: dict[str, Callable[[], float]] = {
        ONE: command(ONE, "pages.jsonl", 1),
        TWO: command(TWO, "pages.jsonl", 2),
        FROM_PARQUET: command(FROM_PARQUET, "pages.parquet", 1),
        CLEAN: command(CLEAN, "pages.jsonl", 1),
        PIPELINE: process(PIPELINE, __file__, "--in-memory", PIPELINE, str(folder)),
        **{name: _in_memory_run(name, folder / "pages.jsonl") for name in IN_MEMORY},
    }
    seconds = take_turns(contestants, n_rounds)
    return {
        "command": "make bench-batch",
        "versions": versions(["numpy", "pyarrow", "datatrove"]),
        "machine": machine() | {"load_at_the_end": round(os.getloadavg()[0], 2)},
        "documents": facts,
        "targets": judge(seconds, megabytes),
        "contestants": {
            name: {
                "lines_per_second": round(facts["lines"] / statistics.median(times)),
                "documents_per_second": round(facts["documents"] / statistics.median(times)),
                "seconds": [round(value, 3) for value in times],
                "processor_seconds": processor.get(name, []),
                "peak_megabytes": megabytes.get(name, []),
            }
            for name, times in seconds.items()
        },
    }


def make_documents(folder: Path, n_lines: int) -> Figures:
    """Write at least `n_lines` lines of documents as JSONL and as Parquet; return how many."""
    import pyarrow as pa  # noqa: PLC0415 - of the dependency group `dev`
    import pyarrow.parquet as pq  # noqa: PLC0415

    n_documents = n_done = 0
    schema = pa.schema([("id", pa.string()), ("text", pa.string()), ("url", pa.string())])
    rows: list[dict[str, str]] = []
    with (
        (folder / "pages.jsonl").open("w", encoding="utf-8") as stream,
        pq.ParquetWriter(folder / "pages.parquet", schema) as writer,
    ):
        for document in _documents():
            stream.write(json.dumps(document, ensure_ascii=False) + "\n")
            rows.append(document)
            n_documents += 1
            n_done += document["text"].count("\n") + 1
            if len(rows) == 1000 or n_done >= n_lines:
                writer.write_table(pa.Table.from_pylist(rows, schema))
                rows = []
            if n_done >= n_lines:
                break
    n_bytes = (folder / "pages.jsonl").stat().st_size
    return {"documents": n_documents, "lines": n_done, "jsonl_bytes": n_bytes}


def _documents() -> Iterator[dict[str, str]]:
    root = corpora()
    files = sorted([*(root / "pages").glob("*.gz"), *(root / "unlabelled").glob("*.gz")])
    for number, path in enumerate(cycle(files)):
        with gzip.open(path, "rt", encoding="utf-8") as rows:
            for row in map(json.loads, rows):
                text = "\n".join(row["lines"])
                yield {"id": f"{number}/{row['id']}", "text": text, "url": row.get("url") or ""}


def run_process(words: Sequence[str]) -> tuple[float, float, int]:
    """Run a program: seconds, processor seconds, and the most bytes all its processes held."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    nothing = subprocess.DEVNULL
    before = os.times()
    start, peak = time.perf_counter(), 0
    with subprocess.Popen(words, env=environment, stdout=nothing, stderr=nothing) as process:
        while process.poll() is None:
            peak = max(peak, _held_bytes(process.pid))
            time.sleep(_POLL_SECONDS)
    seconds, after = time.perf_counter() - start, os.times()
    if process.returncode:
        raise SystemExit(f"{' '.join(words)} failed with exit code {process.returncode}")
    taken = after.children_user + after.children_system
    return seconds, taken - before.children_user - before.children_system, peak


def _held_bytes(pid: int) -> int:
    """Return what a process and its children hold in memory of their own (Linux)."""
    total = 0
    try:
        for row in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
            if row.startswith("VmRSS:"):
                total += int(row.split()[1]) * 1024
        for task in Path(f"/proc/{pid}/task").iterdir():
            children = (task / "children").read_text(encoding="ascii").split()
            total += sum(_held_bytes(int(child)) for child in children)
    except OSError:  # gone in the meantime
        return total
    return total


def _in_memory_run(name: str, path: Path) -> Callable[[], float]:
    def run() -> float:
        words = [sys.executable, __file__, "--in-memory", name, str(path)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        found = subprocess.run(words, check=True, capture_output=True, env=environment)
        return float(found.stdout)

    return run


def time_in_memory(name: str, path: Path) -> float:
    """Return the seconds one way of judging documents takes once they are in memory."""
    with path.open(encoding="utf-8") as rows:
        texts = [json.loads(row)["text"] for row in rows]
    judge_texts = _judge_of(name)
    judge_texts(texts[:20])  # tables that are made on first use
    start = time.perf_counter()
    judge_texts(texts)
    return time.perf_counter() - start


def _judge_of(name: str) -> Callable[[Sequence[str]], object]:
    if name == C4_FILTER:
        return _c4_filter()
    if name in (C4_RULES, LENGTH_RULE):
        from line_rules import keeps_by_c4, keeps_by_length  # noqa: PLC0415

        keeps = keeps_by_c4 if name == C4_RULES else keeps_by_length
        return lambda texts: [
            "\n".join(line for line in text.split("\n") if keeps(line)) for text in texts
        ]
    from classifier.model.line_classifier import LineClassifier  # noqa: PLC0415

    model = LineClassifier.load()
    if name == CLEANED:
        return lambda texts: sum(len(page.clean()) for page in model.classify_many(texts))
    return lambda texts: sum(
        float(page.label_index.sum()) + float(page.confidences.sum())
        for page in model.classify_many(texts)
    )


def _c4_filter() -> Callable[[Sequence[str]], object]:
    from datatrove.data import Document  # noqa: PLC0415 - of the dependency group `bench`
    from datatrove.pipeline.filters import C4QualityFilter  # noqa: PLC0415

    c4 = C4QualityFilter(min_num_sentences=-1)
    return lambda texts: [c4.filter(Document(text=text, id="")) for text in texts]


def run_pipeline(folder: Path) -> None:
    """Run datatrove's own pipeline over ``pages.jsonl`` of a folder, in this process."""
    from datatrove.executor import LocalPipelineExecutor  # noqa: PLC0415
    from datatrove.pipeline.filters import C4QualityFilter  # noqa: PLC0415
    from datatrove.pipeline.readers import JsonlReader  # noqa: PLC0415
    from datatrove.pipeline.writers import JsonlWriter  # noqa: PLC0415

    steps = [
        JsonlReader(str(folder), glob_pattern="pages.jsonl"),
        C4QualityFilter(min_num_sentences=-1),
        JsonlWriter(str(folder / "out"), compression=None),
    ]
    executor = LocalPipelineExecutor(steps, logging_dir=str(folder / "out" / "logs"))
    executor.run()


def judge(
    seconds: Mapping[str, Sequence[float]], megabytes: Mapping[str, Sequence[float]]
) -> Figures:
    """Return for each target what was wanted, what was found, and whether it was met."""
    judged: Figures = {}
    for name, (top, bottom, wanted, sense) in RATIOS.items():
        found = ratio(seconds[top], seconds[bottom])
        met = found["median"] >= wanted if sense == "at least" else found["median"] <= wanted
        judged[name] = {"target": f"{sense} {wanted:g}", **found, "met": met}
    ours = [values for name, values in megabytes.items() if name != PIPELINE]
    most = max(value for values in ours for value in values)
    judged["peak memory in MB, all processes"] = {
        "target": f"at most {MAX_MEGABYTES}",
        "median": most,
        "least": most,
        "greatest": most,
        "met": most <= MAX_MEGABYTES,
    }
    return judged


def show(result: Mapping[str, Any]) -> None:
    """Print what was found."""
    facts = result["documents"]
    print(", ".join(f"{name} {version}" for name, version in result["versions"].items()))
    print(", ".join(f"{name} {value}" for name, value in result["machine"].items()))
    print(f"\n{facts['lines']:,} lines of {facts['documents']:,} pages")
    print(f"{'':36}{'lines/s':>12}{'pages/s':>10}{'peak MB':>10}")
    for name, figures in result["contestants"].items():
        rates = figures["lines_per_second"], figures["documents_per_second"]
        peak = max(figures["peak_megabytes"], default=0)
        print(f"{name:36}{rates[0]:>12,}{rates[1]:>10,}{peak or '':>10}")
    print(f"\n{'median ratio, round by round':48}{'(least-greatest)':>26}{'target':>16}")
    for name, target in result["targets"].items():
        found = f"{target['median']:.2f} ({target['least']:.2f}-{target['greatest']:.2f})"
        verdict = "met" if target["met"] else "MISSED"
        print(f"{name:48}{found:>26}{target['target']:>16}  {verdict}")


if __name__ == "__main__":
    sys.exit(main())
