"""Big runs: speed, scaling and memory of the command on many lines (``make bench-batch``).

One run, the same documents throughout, made of ``corpora/pages`` and ``corpora/unlabelled`` over
and over, as JSONL and as Parquet:

- ``linespam classify`` into a folder with one process and with two, from JSONL to JSONL, and with
  one from Parquet to Parquet and from Parquet to JSONL, its start included;
- beside it, by one process with the documents in memory: `classify_many`, every label and
  confidence looked at; the same with cleaned text; datatrove's ``C4QualityFilter`` without its
  count of sentences, which needs data of its own; C4's line rules; the length rule;
- ``linespam clean`` with one process beside datatrove's own pipeline of reader, that filter and
  writer, from JSONL to JSONL, both from their start;
- the most memory all processes of a run held together, and the processor time they took.

Machines are noisy, so all take turns, and ratios are formed turn by turn; a first turn over few
documents does not count. No turn is begun that would end after ``--minutes``. Prints tables, writes
``results/batch.json`` and the table of the README, exits with 1 if a target is missed. ``--page``
only writes the table anew, ``--check`` says whether it is up to date.
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
from typing import Any, NamedTuple

from environment import RESULTS, ROOT, corpora, machine, versions, write_result, write_text
from readme_figures import filled
from throughput import ratio

from classifier.training.tables import number, table

N_LINES, N_WARM_UP_LINES, N_ROUNDS, MINUTES = 2_000_000, 20_000, 3, 11.0
RESULT, README = RESULTS / "batch.json", ROOT / "README.md"
_POLL_SECONDS = 0.05

ONE, TWO = "classify --jobs 1", "classify --jobs 2"
PARQUET = "classify --jobs 1, Parquet to Parquet"
TO_JSONL = "classify --jobs 1, Parquet to JSONL"
CLEAN, PIPELINE = "clean --jobs 1", "datatrove pipeline, C4QualityFilter"
LABELS, CLEANED = "classify_many in memory", "classify_many and clean in memory"
C4_FILTER, C4_RULES, LENGTH_RULE = "datatrove C4QualityFilter", "C4 line rules", "length rule"
IN_MEMORY = (LABELS, C4_FILTER, C4_RULES, LENGTH_RULE)

# name: (numerator, denominator, target, whether the figure must be at least or at most that)
RATIOS = {
    "speed, 2 jobs / 1 job": (ONE, TWO, 1.7, "at least"),
    "time, command / in memory": (ONE, LABELS, 1.6, "at most"),
    "speed, Parquet / JSONL": (ONE, PARQUET, 1.0, "at least"),
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
    parser.add_argument("--minutes", type=float, default=MINUTES, help="for all turns together")
    parser.add_argument("--output", type=Path, default=RESULT)
    parser.add_argument("--page", action="store_true", help="only write the table of the README")
    parser.add_argument("--check", action="store_true", help="only say whether it is up to date")
    parser.add_argument("--in-memory", nargs=2, metavar=("NAME", "FILE"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.page or options.check:
        return write_readme(is_check=options.check)
    if options.in_memory and options.in_memory[0] == PIPELINE:
        run_pipeline(Path(options.in_memory[1]))
        return 0
    if options.in_memory:
        print(json.dumps(time_in_memory(options.in_memory[0], Path(options.in_memory[1]))))
        return 0
    with tempfile.TemporaryDirectory(prefix="bench-batch-") as folder:
        result = measure(Path(folder), options.lines, options.rounds, options.minutes)
    show(result)
    write_result(options.output, result)
    if options.output == RESULT:
        write_readme(is_check=False)
    return 0 if all(target["met"] for target in result["targets"].values()) else 1


def measure(folder: Path, n_lines: int, n_rounds: int, minutes: float) -> Figures:
    """Make the documents and let everybody have them in turns."""
    few, all_of_them = folder / "few", folder / "all"
    make_documents(few, min(n_lines, N_WARM_UP_LINES))
    facts = make_documents(all_of_them, n_lines)
    take_turn(few)
    rounds: list[dict[str, Run]] = []
    end, longest = time.monotonic() + 60 * minutes, 0.0
    while len(rounds) < n_rounds and time.monotonic() + longest < end:
        start = time.monotonic()
        rounds.append(take_turn(all_of_them))
        longest = max(longest, time.monotonic() - start)
    seconds = {name: [each[name].seconds for each in rounds] for name in rounds[0]}
    return {
        "command": "make bench-batch",
        "versions": versions(["numpy", "pyarrow", "datatrove"]),
        "machine": machine() | {"load_at_the_end": round(os.getloadavg()[0], 2)},
        "documents": facts,
        "rounds": len(rounds),
        "targets": judge(rounds),
        "contestants": {
            name: {
                "lines_per_second": round(facts["lines"] / statistics.median(times)),
                "documents_per_second": round(facts["documents"] / statistics.median(times)),
                "seconds": [round(value, 3) for value in times],
                "processor_seconds": [round(each[name].processor_seconds, 3) for each in rounds],
                "peak_megabytes": [round(each[name].peak_bytes / 1e6, 1) for each in rounds],
            }
            for name, times in seconds.items()
        },
    }


class Run(NamedTuple):
    """What a run took: seconds, processor seconds, most bytes of memory; 0 if not measured."""

    seconds: float
    processor_seconds: float = 0.0
    peak_bytes: int = 0


def take_turn(folder: Path) -> dict[str, Run]:
    """Let each contestant have the documents of a folder once."""
    pages, rows = folder / "pages.jsonl", folder / "pages.parquet"
    done = {
        ONE: run_command(ONE, pages, "--jobs", "1"),
        TWO: run_command(TWO, pages, "--jobs", "2"),
        PARQUET: run_command(PARQUET, rows, "--jobs", "1", "--format", "parquet"),
        TO_JSONL: run_command(TO_JSONL, rows, "--jobs", "1"),
        CLEAN: run_command(CLEAN, pages, "--jobs", "1"),
        PIPELINE: _run_process([__file__, "--in-memory", PIPELINE, str(folder)], folder),
    }
    for name in IN_MEMORY:
        done |= _run_in_memory(name, pages)
    return done


def make_documents(folder: Path, n_lines: int) -> Figures:
    """Write at least `n_lines` lines of documents as JSONL and as Parquet; return how many."""
    import pyarrow as pa  # noqa: PLC0415 - of the dependency group `dev`
    import pyarrow.parquet as pq  # noqa: PLC0415

    folder.mkdir(exist_ok=True)
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
    for turn, path in enumerate(cycle(files)):
        with gzip.open(path, "rt", encoding="utf-8") as rows:
            for row in map(json.loads, rows):
                text = "\n".join(row["lines"])
                yield {"id": f"{turn}/{row['id']}", "text": text, "url": row.get("url") or ""}


def run_command(name: str, path: Path, *options: str) -> Run:
    """Run a command, the first word of `name`, on a file, into the folder ``out`` beside it."""
    words = ["-m", "classifier", name.partition(" ")[0], str(path), "--quiet", *options]
    return _run_process([*words, "-o", f"{path.parent / 'out'}/"], path.parent)


def _run_process(words: Sequence[str], folder: Path) -> Run:
    """Run Python on `words`, with no results of others in the way."""
    shutil.rmtree(folder / "out", ignore_errors=True)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    nothing = subprocess.DEVNULL
    before = os.times()
    start, peak = time.perf_counter(), 0
    words = [sys.executable, *words]
    with subprocess.Popen(words, env=environment, stdout=nothing, stderr=nothing) as process:
        while process.poll() is None:
            peak = max(peak, _held_bytes(process.pid))
            time.sleep(_POLL_SECONDS)
    seconds, after = time.perf_counter() - start, os.times()
    if process.returncode:
        raise SystemExit(f"{' '.join(words)} failed with exit code {process.returncode}")
    taken = after.children_user + after.children_system
    return Run(seconds, taken - before.children_user - before.children_system, peak)


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


def _run_in_memory(name: str, path: Path) -> dict[str, Run]:
    words = [sys.executable, __file__, "--in-memory", name, str(path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    found = subprocess.run(words, check=True, capture_output=True, env=environment)
    return {each: Run(seconds) for each, seconds in json.loads(found.stdout).items()}


def time_in_memory(name: str, path: Path) -> dict[str, float]:
    """Return the seconds that judging documents takes once they are in memory."""
    with path.open(encoding="utf-8") as rows:
        texts = [json.loads(row)["text"] for row in rows]
    judge_texts = _judge_of(name)
    judge_texts(texts[:20])  # tables that are made on first use
    start = time.perf_counter()
    cleaning = judge_texts(texts)
    seconds = time.perf_counter() - start
    return {LABELS: seconds - cleaning, CLEANED: seconds} if name == LABELS else {name: seconds}


def _judge_of(name: str) -> Callable[[Sequence[str]], float]:
    """Return what judges texts and says how many of its seconds went into cleaning them."""
    if name == LABELS:
        return _line_classifier()
    if name == C4_FILTER:
        return _c4_filter()
    from line_rules import keeps_by_c4, keeps_by_length  # noqa: PLC0415

    keeps = keeps_by_c4 if name == C4_RULES else keeps_by_length

    def judge_texts(texts: Sequence[str]) -> float:
        for text in texts:
            "\n".join(line for line in text.split("\n") if keeps(line))
        return 0.0

    return judge_texts


def _line_classifier() -> Callable[[Sequence[str]], float]:
    from classifier.model.line_classifier import LineClassifier  # noqa: PLC0415

    model = LineClassifier.load()

    def judge_texts(texts: Sequence[str]) -> float:
        cleaning = 0.0
        for page in model.classify_many(texts):
            page.label_index.sum()
            page.confidences.sum()
            start = time.perf_counter()
            page.clean()
            cleaning += time.perf_counter() - start
        return cleaning

    return judge_texts


def _c4_filter() -> Callable[[Sequence[str]], float]:
    from datatrove.data import Document  # noqa: PLC0415 - of the dependency group `bench`
    from datatrove.pipeline.filters import C4QualityFilter  # noqa: PLC0415

    c4 = C4QualityFilter(min_num_sentences=-1)

    def judge_texts(texts: Sequence[str]) -> float:
        for text in texts:
            c4.filter(Document(text=text, id=""))
        return 0.0

    return judge_texts


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


def judge(rounds: Sequence[Mapping[str, Run]]) -> Figures:
    """Return for each target what was wanted, what was found, and whether it was met.

    Examples
    --------
    >>> slow, fast = Run(3.0, peak_bytes=10_000_000), Run(1.5, peak_bytes=20_000_000)
    >>> turn = {name: slow for pair in RATIOS.values() for name in pair[:2]} | {TWO: fast}
    >>> found = judge([turn, turn])
    >>> found["speed, 2 jobs / 1 job"]["median"], found["speed, 2 jobs / 1 job"]["met"]
    (2.0, True)
    >>> found["peak memory in MB, all processes"]["median"]
    20.0
    """
    judged: Figures = {}
    for name, (top, bottom, wanted, sense) in RATIOS.items():
        found = ratio(*([each[side].seconds for each in rounds] for side in (top, bottom)))
        met = found["median"] >= wanted if sense == "at least" else found["median"] <= wanted
        judged[name] = {"target": f"{sense} {wanted:g}", **found, "met": met}
    ours = [run for each in rounds for name, run in each.items() if name != PIPELINE]
    most = round(max(run.peak_bytes for run in ours) / 1e6, 1)
    judged["peak memory in MB, all processes"] = {
        "target": f"at most {MAX_MEGABYTES}",
        "median": most,
        "least": most,
        "greatest": most,
        "met": most <= MAX_MEGABYTES,
    }
    return judged


def write_readme(*, is_check: bool) -> int:
    """Write the table of the README, or check it; return the exit code."""
    old = README.read_text(encoding="utf-8")
    found = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.is_file() else None
    new = filled(old, {"batch": batch_markdown(found)})
    if is_check and new != old:
        print(f"{README.name} is not up to date; run: python {Path(__file__).name} --page")
        return 1
    if new != old:
        write_text(README, new)
    return 0


def batch_markdown(result: Mapping[str, Any] | None) -> str:
    """Return the figures as the README shows them."""
    if result is None:
        return "Not measured yet."
    facts, machine_facts = result["documents"], result["machine"]
    speeds = [
        [
            name,
            number(figures["lines_per_second"]),
            number(figures["documents_per_second"]),
            number(round(max(figures["peak_megabytes"])) or None),
        ]
        for name, figures in result["contestants"].items()
    ]
    ratios = [
        [
            name,
            f"{target['median']:.2f} ({target['least']:.2f}-{target['greatest']:.2f})",
            target["target"],
            "met" if target["met"] else "missed",
        ]
        for name, target in result["targets"].items()
        if name in RATIOS
    ]
    intro = (
        f"{number(facts['lines'])} lines of {number(facts['documents'])} pages, "
        f"{number(facts['jsonl_bytes'] // 10**6)} MB of JSONL, on {machine_facts['cores']} cores "
        f"({machine_facts['processor']}), {result['rounds']} turns; memory of all processes."
    )
    return "\n\n".join(
        [
            intro,
            table(["", "lines a second", "pages a second", "peak memory, MB"], speeds),
            table(["median of the turns (least-greatest)", "found", "aimed at", ""], ratios),
        ]
    )


def show(result: Mapping[str, Any]) -> None:
    """Print what was found."""
    facts = result["documents"]
    print(", ".join(f"{name} {version}" for name, version in result["versions"].items()))
    print(", ".join(f"{name} {value}" for name, value in result["machine"].items()))
    print(f"\n{facts['lines']:,} lines of {facts['documents']:,} pages")
    print(f"{'':40}{'lines/s':>12}{'pages/s':>10}{'peak MB':>10}")
    for name, figures in result["contestants"].items():
        rates = figures["lines_per_second"], figures["documents_per_second"]
        peak = max(figures["peak_megabytes"])
        print(f"{name:40}{rates[0]:>12,}{rates[1]:>10,}{peak or '':>10}")
    print(f"\n{'median ratio, round by round':64}{'(least-greatest)':>26}{'target':>16}")
    for name, target in result["targets"].items():
        found = f"{target['median']:.2f} ({target['least']:.2f}-{target['greatest']:.2f})"
        verdict = "met" if target["met"] else "MISSED"
        print(f"{name:64}{found:>26}{target['target']:>16}  {verdict}")


if __name__ == "__main__":
    sys.exit(main())
