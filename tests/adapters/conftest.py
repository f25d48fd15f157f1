"""A model in a folder, pages made of the tiny ones, and what the command makes of them."""

import os
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from classifier.adapters.arrow import CleanTable, TableStep
from classifier.adapters.process_model import process_model
from classifier.cli.app import app
from classifier.datamodels import LabelledDocument
from classifier.model.line_classifier import LineClassifier

pa = pytest.importorskip("pyarrow", reason="pyarrow is not installed (dependency group dev)")

Pages = Callable[[int], Any]


@pytest.fixture(scope="session")
def model_folder(tiny_model: LineClassifier, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "tiny"
    tiny_model.save(folder)
    return folder


@pytest.fixture(scope="session")
def texts(tiny_documents: tuple[LabelledDocument, ...]) -> Callable[[int], list[str]]:
    """Make this many pages of the lines of the tiny ones; the same ones every time."""
    lines = [line for document in tiny_documents for line in document.lines]

    def make(n_pages: int) -> list[str]:
        rng = random.Random(n_pages)  # noqa: S311 - the same pages every time
        return ["\n".join(rng.choices(lines, k=rng.randint(1, 30))) for _ in range(n_pages)]

    return make


@pytest.fixture(scope="session")
def pages(texts: Callable[[int], list[str]]) -> Pages:
    """Make an Arrow table of this many pages: id, text, n."""

    def make(n_pages: int) -> Any:
        rows = {"id": [f"page-{n}" for n in range(n_pages)], "text": texts(n_pages)}
        return pa.table({**rows, "n": range(n_pages)})

    return make


@pytest.fixture
def command_rows(model_folder: Path, tmp_path: Path) -> Callable[[str, Any], Any]:
    """What ``linespam classify`` or ``linespam clean`` makes of a table, as Parquet to Parquet."""
    import pyarrow.parquet as pq  # noqa: PLC0415 - optional
    from typer.testing import CliRunner  # noqa: PLC0415 - with the command, its only user

    def rows(command: str, table: Any) -> Any:
        given, made = tmp_path / "given.parquet", tmp_path / "made.parquet"
        pq.write_table(table, given)
        words = [command, str(given), "-o", str(made), "--model", str(model_folder), "--quiet"]
        finished = CliRunner().invoke(app, words)
        assert finished.exit_code == 0, finished.output
        return pq.read_table(made)

    return rows


@pytest.fixture
def worker_python(monkeypatch: pytest.MonkeyPatch, repo_root: Path) -> None:
    """Let processes that a host starts find this package, without a try at other machines."""
    monkeypatch.setenv("PYTHONPATH", f"{repo_root}{os.pathsep}{os.environ.get('PYTHONPATH', '')}")


@pytest.fixture
def counting_step(model_folder: Path) -> TableStep:
    """A step that also says which process did each row, and how often that one read the model."""

    # made here, so that it is pickled whole: other processes cannot import a test
    @dataclass(frozen=True, kw_only=True)
    class Counting(CleanTable):
        def __call__(self, table: Any) -> Any:
            done = super().__call__(table)
            n_read = process_model.cache_info().misses
            for name, value in (("process", os.getpid()), ("models_read", n_read)):
                values = pa.array([value] * len(done), pa.int64())
                done = done.append_column(name, values)
            return done

        def schema(self, given: Any) -> Any:
            found = super().schema(given)
            for name in ("process", "models_read"):
                found = found.append(pa.field(name, pa.int64()))
            return found

    return Counting(model=model_folder)


@pytest.fixture(scope="session")
def assert_same_rows() -> Callable[[Any, Any], None]:
    """Compare annotated tables row by row: nothing may differ but the order of the rows."""

    def compare(found: Any, wanted: Any) -> None:
        found, wanted = (each.sort_by("id") for each in (found, wanted))
        for name in ("id", "labels", "confidences", "probabilities", "spans"):
            assert found[name].to_pylist() == wanted[name].to_pylist()

    return compare
