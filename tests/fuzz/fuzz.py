"""Fuzz: ``python tests/fuzz/fuzz.py [--minutes M] [--engine atheris|hypothesis] [target ...]``.

The time is shared among the targets. atheris (libFuzzer for Python) follows coverage and needs its
package; Hypothesis mutates the seeds blindly and is always there. What is interesting is kept in
``build/fuzz/`` and gone on with next time; a finding is written to ``tests/fuzz/findings/``, where
``tests/fuzz/test_fuzz.py`` runs it again for ever.
"""

import argparse
import importlib.util
import os
import random
import subprocess
import sys
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
_MAX_BYTES = 1 << 16
_SECONDS_FOR_ONE = 30
_MEGABYTES = 4096


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz all targets or some; return 1 if there is a finding."""
    sys.path[:0] = [str(CHECKOUT), str(HERE)]
    given = list(sys.argv[1:] if arguments is None else arguments)
    if given[:1] == [_CHILD]:
        _follow_coverage(given[1], float(given[2]), int(given[3]))
        return 0
    import targets  # noqa: PLC0415 - found beside this file

    parser = argparse.ArgumentParser(prog="fuzz")
    parser.add_argument("targets", nargs="*", help=f"of {', '.join(targets.TARGETS)}")
    parser.add_argument("--minutes", type=float, default=5.0, help="for all targets together")
    parser.add_argument("--engine", choices=["atheris", "hypothesis"], default=None)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args(given)
    unknown = set(chosen.targets) - set(targets.TARGETS)
    if unknown:
        parser.error(f"unknown target {', '.join(sorted(unknown))}")
    names = chosen.targets or list(targets.TARGETS)
    seconds = chosen.minutes * 60 / len(names)
    engine = chosen.engine or ("atheris" if importlib.util.find_spec("atheris") else "hypothesis")
    failed = []
    for name in names:
        is_sound = (
            _in_child(name, seconds, chosen.seed)
            if engine == "atheris"
            else (_mutate(name, seconds, chosen.seed))
        )
        sys.stdout.write(f"{name:<16}{'ok' if is_sound else 'FINDING'}\n")
        sys.stdout.flush()
        failed += [] if is_sound else [name]
    return 1 if failed else 0


def _in_child(name: str, seconds: float, seed: int) -> bool:
    """Run libFuzzer, which never returns, in a process of its own."""
    words = [sys.executable, str(Path(__file__).resolve()), _CHILD, name, str(seconds), str(seed)]
    environment = {**os.environ, "PYTHONPATH": str(CHECKOUT), "OMP_NUM_THREADS": "1"}
    findings = FINDINGS / name
    findings.mkdir(parents=True, exist_ok=True)
    finished = subprocess.run(words, env=environment, capture_output=True, check=False)
    with suppress(OSError):  # it holds something
        findings.rmdir()
    if finished.returncode:
        sys.stdout.write(finished.stderr.decode("utf-8", "replace")[-4000:])
    return finished.returncode == 0


def _follow_coverage(name: str, seconds: float, seed: int) -> None:
    import atheris  # noqa: PLC0415 - not on every machine

    with atheris.instrument_imports(include=["classifier"], enable_loader_override=False):
        import targets  # noqa: PLC0415 - only what is imported here is followed
    kept = KEPT / name
    kept.mkdir(parents=True, exist_ok=True)
    for seed_bytes in targets.seeds(name):
        (kept / sha256(seed_bytes).hexdigest()[:16]).write_bytes(seed_bytes)
    options = [
        f"-max_total_time={max(1, int(seconds))}",
        f"-max_len={_MAX_BYTES}",
        f"-timeout={_SECONDS_FOR_ONE}",
        f"-rss_limit_mb={_MEGABYTES}",
        f"-artifact_prefix={FINDINGS / name}/",
        f"-seed={seed + 1}",
    ]
    atheris.Setup([sys.argv[0], *options, str(kept)], lambda data: targets.run(name, data))
    atheris.Fuzz()


def _mutate(name: str, seconds: float, seed: int) -> bool:
    """Run Hypothesis on changed seeds until the time is over."""
    import targets  # noqa: PLC0415 - found beside this file
    from hypothesis import HealthCheck, Phase, given, settings  # noqa: PLC0415
    from hypothesis import seed as seeded  # noqa: PLC0415
    from strategies import changed_seeds  # noqa: PLC0415

    end = time.monotonic() + seconds
    rng = random.Random(seed)  # noqa: S311 - the same run every time
    last = [b""]
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
            last[0] = data
            targets.run(name, data)

        try:
            attempt()
        except Exception:  # noqa: BLE001 - whatever is raised here is a finding
            folder = FINDINGS / name
            folder.mkdir(parents=True, exist_ok=True)
            (folder / sha256(last[0]).hexdigest()[:16]).write_bytes(last[0])
            traceback.print_exc(file=sys.stdout)
            return False
    return True


if __name__ == "__main__":
    sys.exit(main())
