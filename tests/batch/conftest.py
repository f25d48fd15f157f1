"""Pages made up here, a model trained on the tiny pages, and what a folder holds."""

import gzip
import json
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from classifier.batch.run import FolderRun
from classifier.batch.totals import Totals
from classifier.batch.worker import Task, Worker
from classifier.io.formats import find_sources
from classifier.model.line_classifier import LineClassifier

SENTENCES = (
    "Der Gemeinderat beschloss am Montag den Bau der neuen Schule.",
    "Home | News | Contact | Log in",
    "Мост через реку снова открыт для движения.",
    "cheap pills online buy cheap pills best price pills",
    "新しい橋が開通しました。",
    "- Museum zeigt Münzen aus dem Flussbett",
    "La biblioteca abrirá también los domingos por la mañana.",
    "© 2021 Alle Rechte vorbehalten",
    "",
    "سوق المدينة يفتح أبوابه يوم السبت.",
)

Files = dict[str, bytes]


def page(rng: random.Random) -> str:
    return "\n".join(rng.choices(SENTENCES, k=rng.randint(1, 40)))


def _jsonl(n_documents: int, seed: int) -> str:
    rng = random.Random(seed)  # noqa: S311 - the same pages every time
    rows = ({"id": f"{seed}-{n}", "text": page(rng), "n": n} for n in range(n_documents))
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


@pytest.fixture(scope="session")
def model_folder(tiny_model: LineClassifier, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "tiny"
    tiny_model.save(folder)
    return folder


@pytest.fixture(scope="session")
def jsonl() -> Callable[[int, int], str]:
    """Make this many documents as JSONL, from this seed."""
    return _jsonl


@pytest.fixture(scope="session")
def files_of() -> Callable[..., Files]:
    """Return every file below a folder, with its bytes."""

    def files(folder: Path, *, hidden: bool = True) -> Files:
        return {
            path.relative_to(folder).as_posix(): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file() and (hidden or ".linespam" not in path.parts)
        }

    return files


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """A folder of inputs of several formats, with bad records among them."""
    folder = tmp_path / "in"
    (folder / "sub").mkdir(parents=True)
    for seed in range(3):
        (folder / f"{seed}.jsonl").write_text(_jsonl(200, seed), encoding="utf-8")
    (folder / "3.jsonl.gz").write_bytes(gzip.compress((_jsonl(90, 3) + "broken\n").encode()))
    (folder / "sub" / "4.jsonl").write_text('{"text": 1}\n' + _jsonl(50, 4) + "[]\n")
    rng = random.Random(5)  # noqa: S311 - the same pages every time
    for number in range(12):
        (folder / f"page{number:02}.txt").write_text(page(rng) + "\n", encoding="utf-8")
    (folder / "page05.txt").write_bytes(b"\xff")
    return folder


Run = Callable[..., tuple[Totals, int]]


@pytest.fixture
def run_into(model_folder: Path) -> Run:
    """Run into a folder: ``run_into(out, inputs, output="clean", jobs=1, resume=False, ...)``."""

    def run(
        out: Path,
        *inputs: Path,
        output: str = "clean",
        jobs: int = 1,
        resume: bool = False,
        removed: Path | None = None,
        **more: object,
    ) -> tuple[Totals, int]:
        task = Task(output, model=model_folder, lists_removed=removed is not None, **more)  # type: ignore[arg-type]
        sources = find_sources([str(path) for path in inputs])
        folder_run = FolderRun(sources, Worker(task), out, str(removed) if removed else None)
        return folder_run.run(jobs=jobs, resume=resume, progress=lambda *_: None)

    return run


@pytest.fixture
def small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks so small that little data makes many of them (in this process)."""
    for module in ("classifier.io.jsonl", "classifier.io.parquet", "classifier.batch.plan"):
        monkeypatch.setattr(f"{module}.PIECE_BYTES", 20_000)
