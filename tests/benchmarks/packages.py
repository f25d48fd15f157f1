"""Wheel and sdist: the same bytes twice, and at work on every Python and end of the dependencies.

``make packages``. Both are built from copies of the committed files in two folders at two times,
the wheel also from the sdist; their bytes must be the same. Then the wheel is installed into a
fresh environment of each Python that is here, once with the newest and once with the lowest allowed
version of each dependency, from wheels alone, so without a compiler; there the command classifies
the seed page and trains on tiny pages. Lists every distribution the wheel brings with it, with its
licence. Needs a package registry. Prints tables, writes ``results/packages.json``, exits with 1 if
anything differs or fails; a Python that is not installed is said to be so.
"""

import argparse
import io
import json
import os
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

from cases import markdown_table
from environment import RESULTS, ROOT, write_result

PYTHONS = ("python3.11", "python3.12", "python3.13")

_LIST = """
import importlib.metadata, json
print(json.dumps(sorted(
    [
        item.metadata["Name"], item.version,
        item.metadata["License-Expression"] or ", ".join(
            name.rpartition(" :: ")[2]
            for name in item.metadata.get_all("Classifier", [])
            if name.startswith("License ::") and not name.endswith("OSI Approved")
        ) or (item.metadata["License"] or "not stated").partition(chr(10))[0],
    ]
    for item in importlib.metadata.distributions()
)))
"""

_REQUIRED = """
import importlib.metadata, json, sys
from pip._vendor.packaging.requirements import Requirement
found = [Requirement(text) for text in importlib.metadata.requires("linespam")]
print(json.dumps([
    f"{each.name}=={minimum.version}"
    for each in found
    if each.marker is None or each.marker.evaluate({"extra": ""})
    for minimum in each.specifier
    if minimum.operator == ">="
]))
"""


def build(folder: Path, *, seconds: int) -> tuple[Path, Path]:
    """Return wheel and sdist of the committed files, copied to `folder` with that time."""
    checkout = folder / "checkout"
    words = ["git", "archive", "HEAD"]
    archive = subprocess.run(words, cwd=ROOT, capture_output=True, check=True)
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as packed:
        packed.extractall(checkout, filter="data")
    return built(checkout, folder / "dist", seconds=seconds)


def built(checkout: Path, output: Path, *, seconds: int) -> tuple[Path, Path]:
    """Build wheel and sdist of a folder whose files get the time of modification `seconds`."""
    for path in checkout.rglob("*"):
        os.utime(path, (seconds, seconds))
    words = ["-m", "hatchling", "build", "-t", "wheel", "-t", "sdist", "-d", output]
    _run([sys.executable, *words], cwd=checkout)
    (wheel,), (sdist,) = output.glob("*.whl"), output.glob("*.tar.gz")
    return wheel, sdist


def builds(folder: Path) -> tuple[Path, dict[str, Any]]:
    """Build everything twice; return a wheel and what was found."""
    wheel, sdist = build(folder / "one", seconds=1_000_000_000)
    other_wheel, other_sdist = build(folder / "another", seconds=1_700_000_000)
    unpacked = folder / "unpacked"
    with tarfile.open(sdist) as packed:
        packed.extractall(unpacked, filter="data")
    (top,) = unpacked.iterdir()
    of_sdist, _ = built(top, folder / "of-sdist", seconds=1_500_000_000)
    return wheel, {
        "wheel": _facts(wheel),
        "sdist": _facts(sdist),
        "wheel is the same twice": _digest(wheel) == _digest(other_wheel),
        "sdist is the same twice": _digest(sdist) == _digest(other_sdist),
        "wheel of the sdist is the same": _digest(wheel) == _digest(of_sdist),
    }


def _facts(path: Path) -> dict[str, Any]:
    return {"name": path.name, "bytes": path.stat().st_size, "sha256": _digest(path)}


def _digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


def install(wheel: Path, python: str, folder: Path, *, lowest: bool) -> dict[str, Any]:
    """Install the wheel into a fresh environment and use it there."""
    try:
        _run([python, "-m", "venv", str(folder)])
    except FileNotFoundError:
        return {"outcome": "not installed here"}
    except subprocess.CalledProcessError as error:
        return {"outcome": _last_line(error)}
    own = str(folder / "bin" / "python")
    pip = [own, "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    try:
        _run([*pip, "--no-deps", str(wheel)])
        pins = json.loads(_run([own, "-c", _REQUIRED])) if lowest else []
        _run([*pip, "--only-binary", ":all:", str(wheel), *pins])
        _run([own, "-m", "pip", "--disable-pip-version-check", "check"])
        labels = _use(folder)
    except subprocess.CalledProcessError as error:
        return {"outcome": _last_line(error)}
    installed = [row for row in json.loads(_run([own, "-c", _LIST])) if row[0] != "pip"]
    return {"outcome": "works", "labels": labels, "distributions": installed}


def _use(folder: Path) -> str:
    """Return the digest of what the seed page is labelled as; train and check a model."""
    command = str(folder / "bin" / "linespam")
    rows = _run([command, "classify", str(ROOT / "seeds" / "page.txt"), "--quiet"])
    labels = [json.loads(row)["label"] for row in rows.splitlines()]
    tiny = str(ROOT / "tests" / "cases" / "tiny_pages.jsonl")
    made = str(folder / "mine-1")
    _run([command, "train", tiny, "-o", made, "--folds", "2", "--passes", "1", "--quiet"])
    _run([command, "model", "verify", made])
    return sha256(json.dumps(labels).encode()).hexdigest()


def _run(words: Sequence[str | Path], cwd: Path | None = None) -> str:
    # a module of the checkout must not be found before the installed one
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    finished = subprocess.run(
        words, cwd=cwd, env=environment, capture_output=True, check=True, text=True
    )
    return finished.stdout


def _last_line(error: subprocess.CalledProcessError) -> str:
    said = (error.stderr or error.stdout or "").strip().splitlines()
    errors = [line for line in said if re.match(r"ERROR|linespam:", line)]
    return f"failed: {(errors or said or ['nothing said'])[-1]}"


def main() -> int:
    """Build, install, use; show it, write it down."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--python", nargs="+", default=PYTHONS)
    parser.add_argument("--output", type=Path, default=RESULTS / "packages.json")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="packages-") as name:
        folder = Path(name)
        wheel, facts = builds(folder)
        runs = {
            f"{Path(python).name}, {end}": install(
                wheel, python, folder / f"{number}-{end}", lowest=end == "lowest"
            )
            for number, python in enumerate(options.python)
            for end in ("newest", "lowest")
        }
    result = {"command": "make packages", "builds": facts, "installs": runs}
    write_result(options.output, result)
    print(tables(result))
    known = [run for run in runs.values() if run["outcome"] != "not installed here"]
    is_sound = all(value is not False for value in facts.values())
    works = known and all(run["outcome"] == "works" for run in known)
    same = len({run.get("labels") for run in known}) == 1
    return 0 if is_sound and works and same else 1


def tables(result: dict[str, Any]) -> str:
    """Return the result as tables: builds, installs, and what the wheel brings with it."""
    of_builds = [[key, str(value)] for key, value in result["builds"].items() if value in (0, 1)]
    of_installs = [[name, run["outcome"]] for name, run in result["installs"].items()]
    lists = [run["distributions"] for run in result["installs"].values() if "labels" in run]
    listed = lists[0] if lists else []
    return "\n\n".join(
        (
            markdown_table(["build", "found"], of_builds),
            markdown_table(["installed on", "outcome"], of_installs),
            markdown_table(["distribution", "version", "licence"], listed),
        )
    )


if __name__ == "__main__":
    sys.exit(main())
