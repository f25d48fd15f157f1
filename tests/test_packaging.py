"""The wheel holds what it needs and nothing else, and works where no developer's tool is."""

import importlib.metadata
import json
import os
import shutil
import subprocess
import sys
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from packaging.requirements import Requirement

pytestmark = pytest.mark.slow

PAGE = "\n".join(
    (
        "Neue Brücke über den Fluss eröffnet",
        "",
        "Nach drei Jahren Bauzeit rollt seit Samstag der Verkehr über die neue Brücke.",
        "Startseite | Impressum | Datenschutz",
    )
)

# What may lie in the wheel besides modules: (folder, suffixes).
DATA_IN_WHEEL = {
    "classifier": {"py.typed"},
    "classifier/text": {"codepoints.npz"},
}


def _run(*words: str | Path, given: str | None = None, cwd: Path | None = None) -> str:
    finished = subprocess.run(
        [str(word) for word in words],
        cwd=cwd,
        input=given,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert finished.returncode == 0, finished.stdout + finished.stderr
    return finished.stdout


@pytest.fixture(scope="module")
def wheel(repo_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built with the tools that are here: no network."""
    folder = tmp_path_factory.mktemp("wheel")
    build = ("wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", folder)
    _run(sys.executable, "-m", "pip", *build, repo_root)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_wheel_holds_every_module_and_its_data(names: set[str], repo_root: Path) -> None:
    modules = {
        path.relative_to(repo_root).as_posix() for path in (repo_root / "classifier").rglob("*.py")
    }
    data = {f"{folder}/{name}" for folder, inside in DATA_IN_WHEEL.items() for name in inside}
    assert modules | data <= names


def test_wheel_holds_the_whole_model(names: set[str], repo_root: Path) -> None:
    model = {path.name for path in (repo_root / "models" / "line-1").iterdir()}
    assert {"manifest.json", "weights.npz", "README.md", "report.json"} <= model
    assert {f"classifier/_models/line-1/{name}" for name in model} <= names


def test_wheel_holds_nothing_else(names: set[str]) -> None:
    top = {name.partition("/")[0] for name in names}
    assert {name for name in top if not name.endswith(".dist-info")} == {"classifier"}
    assert {name for name in names if {"tests", "data", "seeds"} & set(name.split("/"))} == set()
    assert {name for name in names if name.endswith((".pyc", ".pkl", ".joblib"))} == set()


def test_wheel_holds_the_licence(names: set[str]) -> None:
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_same_files_give_the_same_bytes(kind: str, repo_root: Path, tmp_path: Path) -> None:
    """Built in another folder, of files of another time and other permissions of the group."""
    digests = []
    for name, seconds, mode in (("one", 1_000_000_000, 0o644), ("another", 1_700_000_000, 0o664)):
        checkout = _copy_of_what_is_packed(repo_root, tmp_path / name)
        for path in checkout.rglob("*"):
            if path.is_file():
                path.chmod(mode)
            os.utime(path, (seconds, seconds))
        output = tmp_path / f"{name}-dist"
        _run(sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", output, cwd=checkout)
        (built,) = output.iterdir()
        digests.append((built.name, sha256(built.read_bytes()).hexdigest()))
    assert digests[0] == digests[1]


def _copy_of_what_is_packed(repo_root: Path, folder: Path) -> Path:
    folder.mkdir()
    unpacked = shutil.ignore_patterns("__pycache__", ".*")
    for name in ("classifier", "models"):
        shutil.copytree(repo_root / name, folder / name, ignore=unpacked)
    for name in ("pyproject.toml", "README.md", "CHANGELOG.md", "LICENSE"):
        shutil.copy(repo_root / name, folder / name)
    return folder


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ``bin`` of a fresh environment: the wheel, what it requires, no developer's tool.

    The required distributions are linked from the running environment, so that nothing is
    downloaded and nothing that is not required can be imported.
    """
    folder = tmp_path_factory.mktemp("fresh")
    _run(sys.executable, "-m", "venv", "--without-pip", folder / "venv")
    python = folder / "venv" / "bin" / "python"
    where = _run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
    linked = folder / "linked"
    _link_required(wheel, linked)
    (Path(where) / "linked.pth").write_text(f"{linked}\n", encoding="utf-8")
    install = ("--python", python, "install", "--no-deps", "--no-index", wheel)
    _run(sys.executable, "-m", "pip", *install)
    return python.parent


def _link_required(wheel: Path, linked: Path) -> None:
    linked.mkdir()
    waiting, done = _required_by(_metadata(wheel)), set[str]()
    while waiting:
        name = waiting.pop()
        if name not in done:
            done.add(name)
            distribution = importlib.metadata.distribution(name)
            waiting += _required_by(distribution)
            _link(distribution, linked)


def _metadata(wheel: Path) -> importlib.metadata.Distribution:
    distribution, version = wheel.name.split("-")[:2]
    inside = zipfile.Path(wheel, f"{distribution}-{version}.dist-info/")
    return importlib.metadata.PathDistribution(inside)


def _required_by(distribution: importlib.metadata.Distribution) -> list[str]:
    requirements = [Requirement(text) for text in distribution.requires or []]
    return [
        requirement.name
        for requirement in requirements
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""})
    ]


def _link(distribution: importlib.metadata.Distribution, linked: Path) -> None:
    tops = {file.parts[0] for file in distribution.files or []} - {"..", "__pycache__"}
    for top in tops:
        link = linked / top
        if not link.exists():
            link.symlink_to(Path(str(distribution.locate_file(top))))


def test_installed_wheel_has_all_it_requires_and_no_tool(installed: Path) -> None:
    assert "No broken requirements" in _run(
        sys.executable, "-m", "pip", "--python", installed / "python", "check"
    )
    find = "import importlib.util as u; print([n for n in {} if u.find_spec(n)])"
    tools = ["pytest", "hypothesis", "mypy", "ruff", "fasttext", "hatchling"]
    assert _run(installed / "python", "-c", find.format(tools)).strip() == "[]"


def test_installed_command_has_help(installed: Path) -> None:
    assert "classify" in _run(installed / "linespam", "--help")


def test_installed_command_classifies_a_page_from_stdin(installed: Path) -> None:
    rows = [
        json.loads(row)
        for row in _run(installed / "linespam", "classify", "-", given=PAGE).splitlines()
    ]
    assert [row["line"] for row in rows] == [1, 2, 3, 4]
    assert [row["text"] for row in rows] == PAGE.split("\n")
    assert [row["label"] is None for row in rows] == [False, True, False, False]
    for row in rows:
        if row["label"]:
            assert sum(row["probabilities"].values()) == pytest.approx(1, abs=1e-3)
            assert row["confidence"] == pytest.approx(row["probabilities"][row["label"]])


USER_CODE = """
from collections.abc import Iterator
from pathlib import Path

from classifier import ClassifierError, Label, Line, LineClassifier, PagePredictions, Span


def articles(texts: list[str], folder: Path | None = None) -> Iterator[str]:
    try:
        model = LineClassifier.load(folder)
    except ClassifierError as error:
        raise SystemExit(str(error)) from error
    point = model.operating_point(max_content_loss=0.01)
    for page in model.classify_many(texts, point=point):
        yield page.clean()


def spam(page: PagePredictions) -> list[tuple[int, float]]:
    lines: list[Line] = [line for line in page if line.label == Label.STUFFING]
    return [(line.number, line.confidence or 0.0) for line in lines]


def widths(spans: tuple[Span, ...]) -> list[int]:
    return [span.end - span.start for span in spans]


def train(X: list[str], y: list[list[str | None]], groups: list[str]) -> float:
    model = LineClassifier(n_folds=2).fit(X, y, groups=groups)
    return float(model.predict_proba(X)[0][0, 0]) + model.score(X, y)
"""

WRONG_USE = (
    ("LineClassifier.load().classify(7)", "arg-type"),
    ("LineClassifier.load().classify('x').celan()", "attr-defined"),
    ("LineClassifier(n_flods=2)", "call-arg"),
)


def test_user_code_type_checks_strictly_against_the_wheel(installed: Path, tmp_path: Path) -> None:
    """And what is wrong in it is found: the types of the package reach its users."""
    right, wrong = tmp_path / "right.py", tmp_path / "wrong.py"
    right.write_text(USER_CODE, encoding="utf-8")
    lines = ["from classifier import LineClassifier", *(line for line, _ in WRONG_USE)]
    wrong.write_text("\n".join(lines) + "\n", encoding="utf-8")
    options = ["--strict", "--config-file", os.devnull]
    options += ["--python-executable", str(installed / "python")]
    found = subprocess.run(
        [sys.executable, "-m", "mypy", *options, right.name, wrong.name],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    errors = [row.split(": ", 2) for row in found.stdout.splitlines() if ": error: " in row]
    assert [place for place, *_ in errors] == ["wrong.py:2", "wrong.py:3", "wrong.py:4"]
    for (_, _, said), (_, code) in zip(errors, WRONG_USE, strict=True):
        assert said.endswith(f"[{code}]")
