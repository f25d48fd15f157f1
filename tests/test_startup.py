"""What a fresh process loads: starting and predicting need no scikit-learn."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[1]

PAGE = "Der Gemeinderat beschloss am Montag den Bau der neuen Schule.\nStartseite | Impressum"

LOADED = """
import json, sys
{code}
heavy = ("sklearn", "scipy", "pandas", "pyarrow", "hypothesis", "pytest")
print(json.dumps(sorted(name for name in heavy if name in sys.modules)))
"""


def _run_python(*words: str) -> str:
    finished = subprocess.run(
        [sys.executable, *words],
        cwd=CHECKOUT,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert finished.returncode == 0, finished.stderr
    return finished.stdout


def _heavy_after(code: str) -> list[str]:
    """Heavy packages a fresh interpreter has loaded after running `code`."""
    found: list[str] = json.loads(_run_python("-c", LOADED.format(code=code)))
    return found


@pytest.mark.parametrize(
    "code",
    ["import classifier", "import classifier.cli.app"],
    ids=["the package", "the command line"],
)
def test_importing_loads_no_heavy_package(code: str) -> None:
    assert _heavy_after(code) == []


def test_predicting_loads_no_heavy_package() -> None:
    code = f"""
from classifier import LineClassifier
page = LineClassifier.load().classify({PAGE!r})
assert len(page) == 2, page
page.clean()
"""
    assert _heavy_after(code) == []


def test_classifying_at_the_command_line_loads_no_heavy_package(tmp_path: Path) -> None:
    page = tmp_path / "seite.txt"
    page.write_text(PAGE, encoding="utf-8")
    rows = tmp_path / "rows.jsonl"
    code = f"""
from classifier.cli.app import main
sys.argv = ["linespam", "classify", {str(page)!r}, "--quiet", "--output", {str(rows)!r}]
try:
    main()
except SystemExit as stop:
    assert not stop.code, stop.code
"""
    assert _heavy_after(code) == []
    assert len(rows.read_text(encoding="utf-8").splitlines()) == 2


def test_loaded_heavy_package_is_noticed() -> None:
    assert "scipy" in _heavy_after("import scipy")


def test_python_m_classifier_is_the_command() -> None:
    assert "classify" in _run_python("-m", "classifier", "--help")
