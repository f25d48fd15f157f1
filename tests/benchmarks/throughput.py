"""Speed, memory and start-up of the shipped model beside two usual classifiers (``make bench``).

One run, one core, the lines of ``corpora/benchmark/scrapinghub``:

- lines/s and MB/s of `classify_many`, every line's label and confidence looked at, beside
  (a) fastText supervised and (b) scikit-learn's hashed character n-grams with logistic regression,
  both trained on the same lines (they are only timed), their input ready before the clock starts;
- memory and time of 0.1 and 1 million streamed lines;
- start-up of the command beside that of the two packages it needs most.

Machines are noisy, so the contestants, a process each, take turns, and ratios are formed turn by
turn. Prints tables, writes ``results/throughput.json``, exits with 1 if a target is missed.
"""

import os

if __name__ == "__main__":  # only before numpy is loaded does this count
    os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1", MKL_NUM_THREADS="1")

import argparse
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from contestants import FASTTEXT, LINESPAM, SKLEARN, Contestant
from environment import RESULTS, ROOT, corpora, machine, versions, write_result

from classifier.training.labelled import read_labelled

N_ROUNDS, N_STREAMED_ROUNDS, N_STARTS = 11, 5, 15
STREAMED_LINES = (100_000, 1_000_000)

# name: (target, whether the figure must be at least or at most that)
TARGETS = {
    f"speed / {FASTTEXT}": (1.5, "at least"),
    f"speed / {SKLEARN}": (30.0, "at least"),
    "memory, 1 million / 0.1 million lines": (1.1, "at most"),
    "time a line, 1 million / 0.1 million lines": (1.1, "at most"),
    "start-up / import numpy, typer": (3.0, "at most"),
}

Figures = dict[str, Any]


def main() -> int:
    """Measure everything, show it, write it down."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--model", type=Path, help="model folder; the shipped model if not given")
    parser.add_argument("--rounds", type=int, default=N_ROUNDS, help="turns of each contestant")
    parser.add_argument("--output", type=Path, default=RESULTS / "throughput.json")
    options = parser.parse_args()
    core = _stay_on_one_core()
    path = corpora() / "benchmark" / "scrapinghub.jsonl.gz"
    speed = contest(path, options.model, options.rounds)
    streamed = stream_rounds(path, options.model)
    started = start_rounds(options.model)
    targets = judge({**speed["ratios"], **streamed["ratios"], **started["ratios"]})
    result: Figures = {
        "command": "make bench",
        "versions": versions(["numpy", "scikit-learn", "fasttext-wheel", "typer"]),
        "machine": machine() | {"cores_used": 1 if core is not None else "one thread, any core"},
        "targets": targets,
        "speed": speed,
        "streaming": streamed,
        "start_up": started,
    }
    show(result)
    write_result(options.output, result)
    return 0 if all(target["met"] for target in targets.values()) else 1


def _stay_on_one_core() -> int | None:
    """Bind this process and its children to one core, where the system can."""
    if not hasattr(os, "sched_setaffinity"):
        return None
    core = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {core})
    return core


def contest(path: Path, model: Path | None, n_rounds: int) -> Figures:
    """Let the contestants label the same lines in turns."""
    documents = list(read_labelled([path]))
    texts = [document.text for document in documents]
    n_lines = sum(len(document.lines) for document in documents)
    with ExitStack() as stack:
        contestants = {
            name: stack.enter_context(closing(Contestant(name, path, model)))
            for name in (LINESPAM, FASTTEXT, SKLEARN)
        }
        seconds = take_turns(contestants, n_rounds)
    n_bytes = sum(len(text.encode("utf-8", "surrogatepass")) for text in texts)
    return {
        "documents": len(texts),
        "lines": n_lines,
        "bytes": n_bytes,
        "contestants": {
            name: {
                "lines_per_second": round(n_lines / statistics.median(times)),
                "megabytes_per_second": round(n_bytes / statistics.median(times) / 1e6, 3),
                "seconds": _rounded(times),
            }
            for name, times in seconds.items()
        },
        "ratios": {
            f"speed / {name}": ratio(seconds[name], seconds[LINESPAM])
            for name in (FASTTEXT, SKLEARN)
        },
    }


def take_turns(
    contestants: Mapping[str, Callable[[], float]], n_rounds: int
) -> dict[str, list[float]]:
    """Return the seconds of each contestant in each round, after one round that does not count."""
    seconds: dict[str, list[float]] = {name: [] for name in contestants}
    for counts in (False, *[True] * n_rounds):
        for name, run in contestants.items():
            taken = run()
            if counts:
                seconds[name].append(taken)
    return seconds


def stream_rounds(path: Path, model: Path | None) -> Figures:
    """Stream few and many lines in turns, each time in a process of its own."""
    runs: dict[int, list[Figures]] = {n_lines: [] for n_lines in STREAMED_LINES}
    script = str(Path(__file__).with_name("streaming.py"))
    for _ in range(N_STREAMED_ROUNDS):
        for n_lines, found in runs.items():
            words = [sys.executable, script, str(path), str(n_lines), *_model_words(model)]
            finished = subprocess.run(words, check=True, capture_output=True, env=_environment())
            found.append(json.loads(finished.stdout))
    few, many = (runs[n_lines] for n_lines in STREAMED_LINES)
    few_seconds, many_seconds = (
        [run["seconds"] / run["lines"] for run in found] for found in (few, many)
    )
    memory = [[run["peak_memory_bytes"] for run in found] for found in (few, many)]
    return {
        "lines": list(STREAMED_LINES),
        "microseconds_a_line": [
            _rounded([t * 1e6 for t in s]) for s in (few_seconds, many_seconds)
        ],
        "peak_memory_megabytes": [_rounded([m / 1e6 for m in found]) for found in memory],
        "ratios": {
            "memory, 1 million / 0.1 million lines": ratio(memory[1], memory[0]),
            "time a line, 1 million / 0.1 million lines": ratio(many_seconds, few_seconds),
        },
    }


def start_rounds(model: Path | None) -> Figures:
    """Start the command and a bare Python with the two packages in turns.

    Byte code is kept in a folder of its own, filled by the round that does not count: installed
    packages have theirs, and a shell that forbids Python to write any would have us compile anew.
    """
    with TemporaryDirectory() as cache:
        return _start_rounds(model, {"PYTHONPYCACHEPREFIX": cache, "PYTHONDONTWRITEBYTECODE": ""})


def _start_rounds(model: Path | None, variables: Mapping[str, str]) -> Figures:
    bare = [sys.executable, "-c", "import numpy, typer"]
    classify = [sys.executable, "-m", "classifier", "classify", "seeds/page.txt"]
    classify += ["--model", str(model)] if model else []
    seconds = take_turns(
        {
            "linespam classify seeds/page.txt": lambda: _start(classify, variables),
            "import numpy, typer": lambda: _start(bare, variables),
        },
        N_STARTS,
    )
    ours, theirs = seconds.values()
    return {
        "seconds": {name: _rounded(times) for name, times in seconds.items()},
        "ratios": {"start-up / import numpy, typer": ratio(ours, theirs)},
    }


def _start(words: Sequence[str], variables: Mapping[str, str]) -> float:
    nothing, environment = subprocess.DEVNULL, {**_environment(), **variables}
    start = time.perf_counter()
    subprocess.run(words, check=True, stdout=nothing, stderr=nothing, cwd=ROOT, env=environment)
    return time.perf_counter() - start


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


def _model_words(model: Path | None) -> list[str]:
    return [str(model)] if model else []


def ratio(top: Sequence[float], bottom: Sequence[float]) -> dict[str, float]:
    """Return the median ratio round by round, and the least and greatest.

    Examples
    --------
    >>> ratio([2, 3, 8], [1, 1, 2])
    {'median': 3.0, 'least': 2.0, 'greatest': 4.0}
    """
    ratios = [a / b for a, b in zip(top, bottom, strict=True)]
    figures = {"median": statistics.median(ratios), "least": min(ratios), "greatest": max(ratios)}
    return {name: round(value, 3) for name, value in figures.items()}


def judge(ratios: Mapping[str, Mapping[str, float]]) -> dict[str, Figures]:
    """Return for each target what was wanted, what was found, and whether it was met.

    Examples
    --------
    >>> judge({"speed / fastText": {"median": 1.6}})["speed / fastText"]["met"]
    True
    """
    judged = {}
    for name, (wanted, sense) in TARGETS.items():
        if name in ratios:
            found = ratios[name]["median"]
            met = found >= wanted if sense == "at least" else found <= wanted
            judged[name] = {"target": f"{sense} {wanted:g}", **ratios[name], "met": met}
    return judged


def _rounded(values: Sequence[float]) -> list[float]:
    return [round(value, 4) for value in values]


def show(result: Mapping[str, Any]) -> None:
    """Print what was found."""
    speed, streamed = result["speed"], result["streaming"]
    print(", ".join(f"{name} {version}" for name, version in result["versions"].items()))
    print(", ".join(f"{name} {value}" for name, value in result["machine"].items()))
    print(f"\n{speed['lines']:,} lines of {speed['documents']:,} pages, {speed['bytes']:,} bytes")
    print(f"{'':16}{'lines/s':>12}{'MB/s':>10}")
    for name, figures in speed["contestants"].items():
        rates = figures["lines_per_second"], figures["megabytes_per_second"]
        print(f"{name:16}{rates[0]:>12,}{rates[1]:>10.2f}")
    print(f"\n{'streamed lines':16}{'us/line':>12}{'peak MB':>10}")
    for row in zip(*(streamed[key] for key in streamed if key != "ratios"), strict=True):
        print(f"{row[0]:<16,}{statistics.median(row[1]):>12.3f}{statistics.median(row[2]):>10.1f}")
    print(f"\n{'start-up':36}{'seconds':>10}")
    for name, times in result["start_up"]["seconds"].items():
        print(f"{name:36}{statistics.median(times):>10.3f}")
    print(f"\n{'median ratio, round by round':46}{'(least-greatest)':>26}{'target':>16}")
    for name, target in result["targets"].items():
        found = f"{target['median']:.2f} ({target['least']:.2f}-{target['greatest']:.2f})"
        verdict = "met" if target["met"] else "MISSED"
        print(f"{name:46}{found:>26}{target['target']:>16}  {verdict}")


if __name__ == "__main__":
    sys.exit(main())
