"""The same million lines through Ray Data, Spark and the command (``make bench-hosts``).

Documents of ``corpora/pages`` and ``corpora/unlabelled`` over and over, as Parquet files of about
50,000 lines each. Each contestant annotates them with two processes and writes Parquet; Ray and
Spark in a process of their own, one after the other. Then all rows are compared: labels, spans and
probabilities must be equal. Last, the most memory a process of our own holds while it does what a
worker does: batches of few pages, of many, and one long page.

Prints a table with the speed, start of the host included and not, and the most memory a worker
held; writes ``results/hosts.json`` and the tables of docs/pipelines.md; exits with 1 if any row
differs. ``--page`` only writes the tables anew, ``--check`` says whether they are up to date.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from batch import make_documents
from environment import RESULTS, ROOT, machine, versions, write_result, write_text
from numpy.typing import NDArray
from readme_figures import filled

from classifier.adapters.arrow import AnnotateTable
from classifier.adapters.process_model import ready_model
from classifier.training.tables import number, table

N_LINES, N_WORKERS, N_LINES_A_SHARD = 1_000_000, 2, 50_000
COMMAND, RAY, SPARK = "linespam classify --jobs 2", "Ray Data, up to 2 actors", "Spark, local[2]"
RESULT, PAGE = RESULTS / "hosts.json", ROOT / "docs" / "pipelines.md"

# What a worker does: pages a batch.
MODEL, LONG_PAGE = "model read", "one page of 40 million characters"
WORK = {MODEL: 0, "batches of 1,000 pages": 1000, "batches of 4,000 pages": 4000, LONG_PAGE: 1}
LONG_PAGE_CHARS = 40_000_000

Figures = dict[str, Any]


def main() -> int:
    """Run everything, compare, show it, write it down."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--lines", type=int, default=N_LINES)
    parser.add_argument("--output", type=Path, default=RESULT)
    parser.add_argument("--page", action="store_true", help="only write the tables of the page")
    parser.add_argument("--check", action="store_true", help="only say if they are up to date")
    parser.add_argument("--host", nargs=2, metavar=("NAME", "FOLDER"), help=argparse.SUPPRESS)
    parser.add_argument("--work", nargs=2, metavar=("NAME", "FOLDER"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.page or options.check:
        return write_page(is_check=options.check)
    if options.work:
        print(worker_megabytes(options.work[0], Path(options.work[1])))
        return 0
    if options.host:
        name, folder = options.host
        print(json.dumps(HOSTS[name](Path(folder))))
        return 0
    with tempfile.TemporaryDirectory(prefix="bench-hosts-") as folder:
        result = measure(Path(folder), options.lines)
    show(result)
    write_result(options.output, result)
    if options.output == RESULT:
        write_page(is_check=False)
    return 0 if all(each["rows_that_differ"] == 0 for each in result["contestants"].values()) else 1


def measure(folder: Path, n_lines: int) -> Figures:
    """Let the command and the hosts have the same files, and compare what they made."""
    facts = make_documents(folder, n_lines)
    facts["shards"] = _make_shards(folder, facts["lines"])
    figures = {COMMAND: _run_command(folder), RAY: _run_host(RAY, folder)}
    figures[SPARK] = _run_host(SPARK, folder)
    wanted = _made(folder / COMMAND)
    for name, found in figures.items():
        found["lines_per_second"] = round(facts["lines"] / found["seconds"])
        found.update(_differences(_made(folder / name), wanted))
    return {
        "command": "make bench-hosts",
        "versions": versions(["numpy", "pyarrow", "ray", "pyspark"]),
        "machine": machine() | {"load_at_the_end": round(os.getloadavg()[0], 2)},
        "documents": facts,
        "contestants": figures,
        "worker_megabytes": {name: _run_worker(name, folder) for name in WORK},
    }


def _make_shards(folder: Path, n_lines: int) -> int:
    """Cut the documents up into files; each row's number is its id."""
    table = pq.read_table(folder / "pages.parquet")
    ids = pa.array([str(row) for row in range(table.num_rows)])
    table = table.set_column(0, "id", ids)
    n_shards = -(-n_lines // N_LINES_A_SHARD)
    size = -(-table.num_rows // n_shards)
    (folder / "pages").mkdir()
    for shard in range(n_shards):
        path = folder / "pages" / f"{shard:04}.parquet"
        pq.write_table(table.slice(shard * size, size), path)
    return n_shards


def _run_command(folder: Path) -> Figures:
    words = [sys.executable, "-m", "classifier", "classify", str(folder / "pages")]
    words += ["-o", f"{folder / COMMAND}/", "--format", "parquet", "--jobs", str(N_WORKERS)]
    start = time.perf_counter()
    subprocess.run([*words, "--quiet"], env=_environment(), check=True, stdout=subprocess.DEVNULL)
    return {"seconds": round(time.perf_counter() - start, 2)}


def _run_host(name: str, folder: Path) -> Figures:
    words = [sys.executable, __file__, "--host", name, str(folder)]
    start = time.perf_counter()
    found = subprocess.run(words, env=_environment(), check=True, stdout=subprocess.PIPE)
    seconds = time.perf_counter() - start
    figures: Figures = json.loads(found.stdout.splitlines()[-1])
    peaks = [int(path.read_text()) for path in (folder / f"{name} notes").iterdir()]
    return {"seconds": round(seconds, 2), **figures, "worker_peak_megabytes": sorted(peaks)}


def _environment() -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "RAY_USAGE_STATS_ENABLED": "0",
    }


@dataclass(frozen=True, kw_only=True)
class MeasuredStep(AnnotateTable):
    """Annotates, and notes the most memory this process ever held, in MB (Linux)."""

    notes: str = ""

    def __call__(self, table: Any) -> Any:
        """Return the annotated table."""
        done = AnnotateTable.__call__(self, table)
        Path(self.notes, str(os.getpid())).write_text(str(_peak_megabytes()))
        return done


def _peak_megabytes() -> int:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return round(int(re.findall(r"^VmHWM:\s+(\d+)", status, re.MULTILINE)[0]) / 1024)


def _run_worker(name: str, folder: Path) -> int:
    words = [sys.executable, __file__, "--work", name, str(folder)]
    environment = {**_environment(), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    return int(subprocess.run(words, env=environment, check=True, stdout=subprocess.PIPE).stdout)


def worker_megabytes(name: str, folder: Path) -> int:
    """Do what a worker does and return the most memory this process ever held, in MB."""
    step = AnnotateTable()
    ready_model(step.model)
    if name == LONG_PAGE:
        line = "Der Gemeinderat beschloss am Montag den Bau der neuen Schule.\n"
        step(pa.table({"text": [line * (LONG_PAGE_CHARS // len(line))]}))
    elif WORK[name]:
        file = pq.ParquetFile(folder / "pages.parquet")
        batches = file.iter_batches(WORK[name], columns=["text"])
        for _ in step.map_batches(islice(batches, 4000 // WORK[name])):
            pass
    return _peak_megabytes()


def _step(name: str, folder: Path) -> MeasuredStep:
    notes = folder / f"{name} notes"
    notes.mkdir()
    return MeasuredStep(notes=str(notes))


def run_ray(folder: Path) -> Figures:
    """Annotate by Ray Data; return the seconds without the start of Ray."""
    import ray  # noqa: PLC0415 - of the dependency group `hosts`

    from classifier.adapters.ray_data import map_dataset  # noqa: PLC0415

    ray.init(
        num_cpus=N_WORKERS,
        include_dashboard=False,
        log_to_driver=False,
        object_store_memory=1 << 30,
        _node_ip_address="127.0.0.1",
    )
    start = time.perf_counter()
    dataset = ray.data.read_parquet(str(folder / "pages"))
    annotated = map_dataset(dataset, _step(RAY, folder), actors=(1, N_WORKERS))
    annotated.write_parquet(str(folder / RAY))
    return {"seconds_without_start": round(time.perf_counter() - start, 2)}


def run_spark(folder: Path) -> Figures:
    """Annotate by Spark; return the seconds without the start of Spark."""
    from pyspark.sql import SparkSession  # noqa: PLC0415 - of the dependency group `hosts`

    from classifier.adapters.spark import map_data_frame  # noqa: PLC0415

    builder = SparkSession.builder.master(f"local[{N_WORKERS}]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.sql.execution.arrow.maxRecordsPerBatch", "1024")
    spark = builder.getOrCreate()
    start = time.perf_counter()
    frame = spark.read.parquet(str(folder / "pages"))
    map_data_frame(frame, _step(SPARK, folder)).write.parquet(str(folder / SPARK))
    seconds = time.perf_counter() - start
    spark.stop()
    return {"seconds_without_start": round(seconds, 2)}


HOSTS: dict[str, Callable[[Path], Figures]] = {RAY: run_ray, SPARK: run_spark}


def _made(folder: Path) -> Any:
    """Return all rows a contestant wrote, in the order of the documents."""
    paths = sorted(folder.glob("*.parquet"))
    table = pa.concat_tables(pq.read_table(path).replace_schema_metadata() for path in paths)
    order = pa.array([int(row) for row in table["id"].to_pylist()])
    return table.append_column("n", order).sort_by("n").combine_chunks()


def _differences(found: Any, wanted: Any) -> Figures:
    """Count documents of which anything differs, and lines whose probabilities are not equal."""
    if len(found) != len(wanted):
        return {"rows_that_differ": abs(len(found) - len(wanted))}
    rows = range(len(wanted))
    names = ("id", "labels", "confidences", "probabilities", "spans")
    columns = [[each[name].to_pylist() for name in names] for each in (found, wanted)]
    differ = sum(
        any(one[row] != other[row] for one, other in zip(*columns, strict=True)) for row in rows
    )
    one, other = (_probabilities(each) for each in (found, wanted))
    if one.shape != other.shape:
        return {"rows_that_differ": differ}
    gap = np.abs(one - other).max(axis=0)
    return {
        "rows_that_differ": differ,
        "lines_with_another_probability": int((gap > 0).sum()),
        "greatest_difference": round(float(gap.max()), 5),
    }


def _probabilities(table: Any) -> NDArray[np.float32]:
    columns = table["probabilities"].combine_chunks().flatten()
    return np.stack(
        [column.flatten().fill_null(0).to_numpy(zero_copy_only=False) for column in columns]
    )


def write_page(*, is_check: bool) -> int:
    """Write the tables of docs/pipelines.md, or check them; return the exit code."""
    old = PAGE.read_text(encoding="utf-8")
    result = json.loads(RESULT.read_text(encoding="utf-8")) if RESULT.is_file() else None
    parts = {"hosts": hosts_markdown, "workers": workers_markdown}
    new = filled(
        old,
        {name: "Not measured yet." if result is None else of(result) for name, of in parts.items()},
    )
    if is_check and new != old:
        print(f"{PAGE.name} is not up to date; run: python {Path(__file__).name} --page")
        return 1
    if new != old:
        write_text(PAGE, new)
    return 0


def hosts_markdown(result: Figures) -> str:
    """Return speed, memory and differences of the hosts as the page shows them."""
    facts, cores = result["documents"], result["machine"]["cores"]
    rows = [
        [
            name,
            number(found["seconds"], 1),
            number(found.get("seconds_without_start"), 1),
            number(found["lines_per_second"]),
            number(max(found.get("worker_peak_megabytes", ()), default=None)),
            number(found["rows_that_differ"]),
        ]
        for name, found in result["contestants"].items()
    ]
    head = ["", "seconds", "without start", "lines a second", "MB a worker", "rows that differ"]
    intro = (
        f"{number(facts['lines'])} lines of {number(facts['documents'])} pages in "
        f"{facts['shards']} Parquet files, {cores} cores:"
    )
    return f"{intro}\n\n{table(head, rows)}"


def workers_markdown(result: Figures) -> str:
    """Return the memory of a worker as the page shows it."""
    rows = [[name, number(found)] for name, found in result["worker_megabytes"].items()]
    return table(["what a worker does", "most memory, MB"], rows)


def show(result: Figures) -> None:
    """Print what was found."""
    facts = result["documents"]
    print(", ".join(f"{name} {version}" for name, version in result["versions"].items()))
    print(", ".join(f"{name} {value}" for name, value in result["machine"].items()))
    print(f"\n{facts['lines']:,} lines of {facts['documents']:,} pages in {facts['shards']} files")
    heads = f"{'seconds':>9}{'less start':>12}{'lines/s':>10}{'rows differ':>13}{'worker MB':>14}"
    print(" " * 28 + heads)
    for name, found in result["contestants"].items():
        peaks = ", ".join(map(str, found.get("worker_peak_megabytes", ())))
        print(
            f"{name:28}{found['seconds']:>9}{found.get('seconds_without_start', ''):>12}"
            f"{found['lines_per_second']:>10,}{found['rows_that_differ']:>13}{peaks:>14}"
        )
        print(
            f"{'':28}probabilities not equal in {found['lines_with_another_probability']} lines, "
            f"by at most {found['greatest_difference']}"
        )
    for name, megabytes in result["worker_megabytes"].items():
        print(f"{name:40}{megabytes:>8} MB")


if __name__ == "__main__":
    sys.exit(main())
