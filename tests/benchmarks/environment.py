"""Where a benchmark runs and what it reads: versions, machine, corpora, the result file."""

import importlib.metadata
import json
import os
import platform
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import classifier

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).resolve().parent / "results"


def versions(distributions: Sequence[str]) -> dict[str, str]:
    """Return the versions of Python, linespam and other distributions; absent ones say so."""
    found = {"python": platform.python_version(), "linespam": classifier.__version__}
    for name in distributions:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def machine() -> dict[str, Any]:
    """Return what the machine says of itself: cores, processor, system."""
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "architecture": platform.machine(),
        "system": f"{platform.system()} {platform.release()}",
    }


def _processor() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.is_file():
        for row in cpuinfo.read_text(encoding="utf-8").splitlines():
            if row.startswith("model name"):
                return row.partition(":")[2].strip()
    return platform.processor() or "unknown"


def corpora() -> Path:
    """Return the folder of the corpora.

    Raises
    ------
    SystemExit
        If it is not there.
    """
    folder = Path(os.environ.get("LINESPAM_CORPORA") or ROOT / ".." / "shared" / "corpora")
    if not (folder / "benchmark").is_dir():
        raise SystemExit(
            "no corpora beside the checkout (../shared/corpora); set LINESPAM_CORPORA to a folder "
            "that holds benchmark/"
        )
    return folder.resolve()


def write_result(path: Path, result: Mapping[str, Any]) -> None:
    """Write a result as JSON, all or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(result, ensure_ascii=False, indent=1, allow_nan=False) + "\n"
    write_text(path, text)


def write_text(path: Path, text: str) -> None:
    """Write a text file, all or nothing."""
    waiting = path.with_name(f"{path.name}.new")
    waiting.write_text(text, encoding="utf-8")
    waiting.replace(path)
