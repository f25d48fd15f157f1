"""Fuzz: ``python tests/fuzz/fuzz.py [--minutes M] [--engine atheris|hypothesis] [target ...]``.

The time is shared among the targets and, for each, between the engines that are here. atheris
(libFuzzer for Python) follows coverage and needs its package; Hypothesis mutates the seeds blindly
and is always there. What is interesting is kept in ``build/fuzz/`` and gone on with next time;
``--keep`` adds the smallest inputs that reach all of it to ``corpus/``, which every test run
replays. A finding is written to ``findings/``, where ``test_fuzz.py`` runs it again for ever.
"""

import argparse
import importlib.util
import os
import random
import re
import shlex
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

HERE = Path(__file__).resolve().parent
CHECKOUT = HERE.parents[1]
KEPT = CHECKOUT / "build" / "fuzz"
FINDINGS = HERE / "findings"

_CHILD = "--child"
_ENGINES = ("hypothesis", "atheris")
_MAX_BYTES = 1 << 16
_KEPT_BYTES = 1 << 10
_SECONDS_FOR_ONE = 120
_MEGABYTES = 4096


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz all targets or some; return 1 if there is a finding."""
    sys.path[:0] = [str(CHECKOUT), str(HERE)]
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == [_CHILD]:
        _follow_coverage(given[1], given[2:])
        return 0
    import targets  # noqa: PLC0415 - found beside this file

    parser = argparse.ArgumentParser(prog="fuzz")
    parser.add_argument("targets", nargs="*", help=f"of {', '.join(targets.TARGETS)}")
    parser.add_argument("--minutes", type=float, default=5.0, help="for all targets together")
    parser.add_argument("--engine", choices=_ENGINES, help="all that are here if not given")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", action="store_true", help="add what was reached to corpus/")
    chosen = parser.parse_args(given)
    unknown = set(chosen.targets) - set(targets.TARGETS)
    if unknown:
        parser.error(f"unknown target {', '.join(sorted(unknown))}")
    names = chosen.targets or list(targets.TARGETS)
    if chosen.keep:
        for name in names:
            _keep(name)
        return 0
    engines = [chosen.engine] if chosen.engine else _engines()
    seconds = chosen.minutes * 60 / len(names) / len(engines)
    n_findings = 0
    for name in names:
        for engine in engines:
            fuzz = _in_child if engine == "atheris" else _mutate
            start = time.monotonic()
            is_sound, n_runs = fuzz(name, seconds, chosen.seed)
            minutes = (time.monotonic() - start) / 60
            found = "ok" if is_sound else "FINDING"
            sys.stdout.write(f"{name:<16}{engine:<12}{minutes:>6.1f} min{n_runs:>12,}  {found}\n")
            sys.stdout.flush()
            n_findings += not is_sound
    return 1 if n_findings else 0


def _engines() -> list[str]:
    return [name for name in _ENGINES if importlib.util.find_spec(name)]


def _in_child(name: str, seconds: float, seed: int) -> tuple[bool, int]:
    """Run libFuzzer, which never returns, in a process of its own; sound? how many inputs?"""
    import targets  # noqa: PLC0415 - found beside this file

    findings, kept = FINDINGS / name, KEPT / name
    findings.mkdir(parents=True, exist_ok=True)
    kept.mkdir(parents=True, exist_ok=True)
    for seed_bytes in targets.seeds(name):
        (kept / sha256(seed_bytes).hexdigest()[:16]).write_bytes(seed_bytes)
    finished = _libfuzzer(
        name,
        f"-max_total_time={max(1, int(seconds))}",
        f"-max_len={_MAX_BYTES}",
        f"-artifact_prefix={findings}/",
        f"-seed={seed + 1}",
        "-print_final_stats=1",
        str(kept),
    )
    with suppress(OSError):  # it holds something
        findings.rmdir()
    if finished.returncode:
        sys.stdout.write(finished.stderr.decode("utf-8", "replace")[-4000:])
    return finished.returncode == 0, _n_executed(finished.stderr)


def _n_executed(said: bytes) -> int:
    """Return how many inputs libFuzzer says it ran; none if it ended before it could say."""
    counts = re.findall(rb"stat::number_of_executed_units:\s*(\d+)", said)
    return int(counts[-1]) if counts else 0


def _keep(name: str) -> None:
    """Add to the corpus what reaches code that nothing in it reaches, the smallest first."""
    import targets  # noqa: PLC0415 - found beside this file

    (KEPT / name).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        merged = Path(folder)
        for number, data in enumerate(targets.seeds(name)):
            (merged / f"seed-{number}").write_bytes(data)
        n_seeds = len(list(merged.iterdir()))
        finished = _libfuzzer(
            name, "-merge=1", f"-max_len={_KEPT_BYTES}", str(merged), str(KEPT / name)
        )
        if finished.returncode:
            raise SystemExit(finished.stderr.decode("utf-8", "replace")[-4000:])
        found = [path.read_bytes() for path in merged.iterdir() if "seed-" not in path.name]
        targets.add_to_corpus(name, found)
    sys.stdout.write(f"{name:<16}{n_seeds} seeds, {len(found)} more\n")


def _libfuzzer(name: str, *options: str) -> subprocess.CompletedProcess[bytes]:
    words = [sys.executable, str(Path(__file__).resolve()), _CHILD, name, *options]
    # else what is slow on a busy machine would be put among the findings
    limits = [
        f"-timeout={_SECONDS_FOR_ONE}",
        f"-report_slow_units={_SECONDS_FOR_ONE}",
        f"-rss_limit_mb={_MEGABYTES}",
    ]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "OMP_NUM_THREADS": "1"}
    return subprocess.run([*words, *limits], env=environment, capture_output=True, check=False)


def _follow_coverage(name: str, options: Sequence[str]) -> None:
    import atheris  # noqa: PLC0415 - not on every machine

    with atheris.instrument_imports(include=["classifier"], enable_loader_override=False):
        import targets  # noqa: PLC0415 - only what is imported here is followed
    # libFuzzer merges in processes of its own, which it starts by a shell as what stands first here
    command = shlex.join([sys.executable, str(Path(__file__).resolve()), _CHILD, name])
    atheris.Setup([command, *options], lambda data: targets.run(name, data))
    atheris.Fuzz()


def _mutate(name: str, seconds: float, seed: int) -> tuple[bool, int]:
    """Run Hypothesis on changed seeds until the time is over; sound? how many inputs?"""
    import targets  # noqa: PLC0415 - found beside this file
    from hypothesis import HealthCheck, Phase, given, settings  # noqa: PLC0415
    from hypothesis import seed as seeded  # noqa: PLC0415
    from strategies import changed_seeds  # noqa: PLC0415

    end = time.monotonic() + seconds
    rng = random.Random(seed)  # noqa: S311 - the same run every time
    last, n_runs = [b""], 0
    while time.monotonic() < end:

        @seeded(rng.randrange(1 << 30))
        @settings(
            max_examples=100,
            deadline=None,
            database=None,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        )
        @given(changed_seeds(name))
        def attempt(data: bytes) -> None:
            nonlocal n_runs
            last[0] = data
            n_runs += 1
            targets.run(name, data)

        try:
            attempt()
        except Exception:  # noqa: BLE001 - whatever is raised here is a finding
            folder = FINDINGS / name
            folder.mkdir(parents=True, exist_ok=True)
            (folder / sha256(last[0]).hexdigest()[:16]).write_bytes(last[0])
            traceback.print_exc(file=sys.stdout)
            return False, n_runs
    return True, n_runs


if __name__ == "__main__":
    sys.exit(main())
