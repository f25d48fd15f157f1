"""Imports point downwards: the layers of docs/architecture.md, held by reading the source."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = "classifier"

# From the bottom up; what shares a row is a sibling and imports only downwards and itself.
LAYERS: tuple[frozenset[str], ...] = (
    frozenset({"errors", "healing", "version"}),
    frozenset({"labels"}),
    frozenset({"datamodels"}),
    frozenset({"text"}),
    frozenset({"features"}),
    frozenset({"model"}),
    frozenset({"actions", "io"}),
    frozenset({"batch", "adapters", "training", "corpus"}),
    frozenset({"cli"}),
    frozenset({"__main__", ""}),  # "" is the package root, which offers the public names
)
LEVEL = {part: level for level, layer in enumerate(LAYERS) for part in layer}

ALLOWED: dict[tuple[str, str], str] = {
    ("classifier.model.line_classifier", "classifier.training.fit"): (
        "fit sits on the estimator by scikit-learn's contract; training needs scikit-learn, which "
        "predicting must not import, so the import is inside fit"
    ),
}
"""Imports that do not point downwards, each with its reason."""

HEAVY = frozenset({"sklearn", "scipy"})
HEAVY_PARTS = frozenset({"training", "adapters"})
ALLOWED_HEAVY: dict[tuple[str, str], str] = {
    ("classifier.model.line_classifier", "sklearn.utils"): (
        "__sklearn_tags__ returns scikit-learn's own tag objects; only scikit-learn asks for them, "
        "so the import is inside the method"
    ),
}
"""Imports of scikit-learn or scipy outside of the parts that fit, each with its reason."""

BANNED_NAMES = frozenset({"utils", "util", "helpers", "helper", "common", "misc", "manager"})

Modules = dict[str, ast.Module]


def _read_modules(package: Path) -> Modules:
    modules = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        modules[name] = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    return modules


def _part(module: str) -> str:
    return module.removeprefix(ROOT).removeprefix(".").partition(".")[0]


def _imported(tree: ast.Module, modules: Modules) -> Iterator[str]:
    """Every module the source imports, wherever the statement stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = "." * node.level + (node.module or "")
            for alias in node.names:
                name = f"{origin}.{alias.name}"
                yield name if name in modules else origin


def _own(name: str) -> bool:
    return name == ROOT or name.startswith(f"{ROOT}.")


def _faults_of_import(importer: str, imported: str) -> Iterator[str]:
    where = f"{importer} imports {imported}"
    if imported.startswith("."):
        yield f"{where}: relative; write it from {ROOT} on"
    elif _own(imported):
        if (importer, imported) not in ALLOWED:
            yield from _faults_of_own_import(importer, imported, where)
    elif (
        imported.partition(".")[0] in HEAVY
        and _part(importer) not in HEAVY_PARTS
        and (importer, imported) not in ALLOWED_HEAVY
    ):
        yield f"{where}: predicting needs numpy alone; only {sorted(HEAVY_PARTS)} may"


def _faults_of_own_import(importer: str, imported: str, where: str) -> Iterator[str]:
    source, target = _part(importer), _part(imported)
    if imported == ROOT:
        yield f"{where}: nobody imports the package root; name the module"
    elif source not in LEVEL or target not in LEVEL:
        yield f"{where}: {source if source not in LEVEL else target!r} has no layer; give it one"
    elif source != target and LEVEL[target] == LEVEL[source]:
        yield f"{where}: siblings do not know each other"
    elif LEVEL[target] > LEVEL[source]:
        yield f"{where}: upwards"


def _layer_faults(modules: Modules) -> list[str]:
    return [
        fault
        for importer, tree in modules.items()
        for imported in sorted(set(_imported(tree, modules)))
        for fault in _faults_of_import(importer, imported)
    ]


def _name_faults(modules: Modules) -> list[str]:
    return [
        f"{name}: say in the name what it is for"
        for name in modules
        if BANNED_NAMES & set(name.split("."))
    ]


def _cycle(modules: Modules) -> list[str]:
    """One cycle of imports between modules, as the list of its modules; empty if there is none."""
    graph = {
        name: {
            imported
            for imported in _imported(tree, modules)
            if imported in modules and imported != name and (name, imported) not in ALLOWED
        }
        for name, tree in modules.items()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


@pytest.fixture(scope="module")
def modules(repo_root: Path) -> Modules:
    found = _read_modules(repo_root / ROOT)
    assert f"{ROOT}.datamodels" in found
    return found


def test_imports_point_downwards(modules: Modules) -> None:
    assert _layer_faults(modules) == []


def test_modules_import_each_other_in_no_circle(modules: Modules) -> None:
    assert _cycle(modules) == []


def test_module_names_say_what_they_are_for(modules: Modules) -> None:
    assert _name_faults(modules) == []


def test_every_part_has_a_layer(modules: Modules) -> None:
    assert {_part(name) for name in modules} <= set(LEVEL)


def test_allowed_imports_are_still_there(modules: Modules) -> None:
    """An exception that nobody needs any more is one too many."""
    imports = {
        (name, imported) for name, tree in modules.items() for imported in _imported(tree, modules)
    }
    assert {*ALLOWED, *ALLOWED_HEAVY} - imports == set()


PLANTED = {
    "upwards": (
        {"text/lines.py": "from classifier.features.shape import widths"},
        "classifier.text.lines imports classifier.features.shape: upwards",
    ),
    "upwards inside a function": (
        {"text/lines.py": "def f():\n    import classifier.cli.app"},
        "classifier.text.lines imports classifier.cli.app: upwards",
    ),
    "upwards for the type checker only": (
        {"labels.py": "if TYPE_CHECKING:\n    from classifier.datamodels import Line"},
        "classifier.labels imports classifier.datamodels: upwards",
    ),
    "a submodule by its package": (
        {"io/text.py": "from classifier.actions import clean"},
        "classifier.io.text imports classifier.actions.clean: siblings do not know each other",
    ),
    "a sibling": (
        {"training/fit.py": "from classifier.batch.run import run"},
        "classifier.training.fit imports classifier.batch.run: siblings do not know each other",
    ),
    "the root by name": (
        {"io/text.py": "from classifier import LineClassifier"},
        "classifier.io.text imports classifier: nobody imports the package root; name the module",
    ),
    "the root whole": (
        {"cli/app.py": "import classifier"},
        "classifier.cli.app imports classifier: nobody imports the package root; name the module",
    ),
    "a part without a layer": (
        {"text/lines.py": "import classifier.extra.thing"},
        "classifier.text.lines imports classifier.extra.thing: 'extra' has no layer; give it one",
    ),
    "a relative import": (
        {"text/lines.py": "from . import batch"},
        "classifier.text.lines imports .: relative; write it from classifier on",
    ),
    "scikit-learn on the way of predicting": (
        {"model/lexical.py": "def f():\n    from sklearn.linear_model import SGDClassifier"},
        "classifier.model.lexical imports sklearn.linear_model: predicting needs numpy alone; "
        "only ['adapters', 'training'] may",
    ),
}


def _plant(folder: Path, files: dict[str, str]) -> Modules:
    present = {"actions/clean.py": "", "text/__init__.py": "", "text/batch.py": ""}
    for name, source in {**present, **files}.items():
        path = folder / ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")
    return _read_modules(folder / ROOT)


@pytest.mark.parametrize(("files", "fault"), PLANTED.values(), ids=PLANTED)
def test_a_planted_fault_is_found(tmp_path: Path, files: dict[str, str], fault: str) -> None:
    assert _layer_faults(_plant(tmp_path, files)) == [fault]


def test_sound_imports_are_no_fault(tmp_path: Path) -> None:
    files = {
        "__init__.py": "from classifier.cli.app import main",
        "training/fit.py": "import sklearn\nfrom classifier.training import splits",
        "training/splits.py": "from classifier.text.batch import LineBatch",
    }
    planted = _plant(tmp_path, files)
    assert (_layer_faults(planted), _name_faults(planted), _cycle(planted)) == ([], [], [])


def test_a_planted_circle_is_found(tmp_path: Path) -> None:
    files = {
        "text/one.py": "from classifier.text.two import f",
        "text/two.py": "def f():\n    from classifier.text import one",
    }
    assert {"classifier.text.one", "classifier.text.two"} == set(_cycle(_plant(tmp_path, files)))


def test_a_planted_empty_name_is_found(tmp_path: Path) -> None:
    faults = _name_faults(_plant(tmp_path, {"text/utils.py": ""}))
    assert faults == ["classifier.text.utils: say in the name what it is for"]
