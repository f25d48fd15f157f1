"""datatrove: both steps in its own executor, with its own readers and writers."""

import gzip
import json
import pickle
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from classifier.actions.annotate import jsonl_record
from classifier.actions.clean import removal_rows
from classifier.errors import InputError
from classifier.labels import LABELS
from classifier.model.line_classifier import LineClassifier

pytest.importorskip("datatrove", reason="datatrove is not installed (dependency group dev)")
pytest.importorskip("orjson", reason="orjson is not installed, which datatrove's JSONL needs")

from datatrove.data import Document
from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter

from classifier.adapters.datatrove_step import AnnotateLines, CleanLines

Texts = Callable[[int], list[str]]

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:multiprocess")


@pytest.fixture
def documents(texts: Texts) -> Callable[[int], list[Document]]:
    return lambda n: [
        Document(text=text, id=f"page-{k}", metadata={"n": k}) for k, text in enumerate(texts(n))
    ]


@pytest.fixture
def shards(texts: Texts, tmp_path: Path) -> Path:
    """Four files of pages as datatrove reads them."""
    folder = tmp_path / "in"
    folder.mkdir()
    everything = texts(400)
    for shard in range(4):
        rows = [
            {"id": f"page-{n}", "text": everything[n], "url": f"https://example.org/{n}"}
            for n in range(shard, 400, 4)
        ]
        data = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{shard}.jsonl").write_text(data, encoding="utf-8")
    return folder


def _rows(folder: Path) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for path in sorted(folder.glob("*.jsonl.gz")):
        rows += map(json.loads, gzip.decompress(path.read_bytes()).decode().splitlines())
    return rows


def _run(pipeline: list[Any], logs: Path, workers: int = 1) -> Any:
    executor = LocalPipelineExecutor(
        pipeline=pipeline, tasks=4, workers=workers, logging_dir=str(logs), skip_completed=False
    )
    return executor.run()


@pytest.mark.parametrize("workers", [1, 2])
def test_cleaning_in_the_local_executor(
    workers: int,
    shards: Path,
    texts: Texts,
    model_folder: Path,
    tiny_model: LineClassifier,
    tmp_path: Path,
) -> None:
    cleaned, removed = tmp_path / "cleaned", tmp_path / "removed"
    stats = _run(
        [
            JsonlReader(str(shards)),
            CleanLines(JsonlWriter(str(removed)), model=model_folder, batch_size=30),
            JsonlWriter(str(cleaned)),
        ],
        tmp_path / "logs",
        workers,
    )
    pages = {f"page-{n}": page for n, page in enumerate(tiny_model.classify_many(texts(400)))}
    rows = {row["id"]: row for row in _rows(cleaned)}
    wanted = {key: page.clean() for key, page in pages.items() if page.clean().strip()}
    assert {key: row["text"] for key, row in rows.items()} == wanted
    assert all(row["metadata"]["url"].endswith(key[5:]) for key, row in rows.items())
    _check_removed(_rows(removed), pages)
    _check_stats(stats, pages, n_kept=len(wanted))


def _check_removed(found: list[dict[str, Any]], pages: dict[str, Any]) -> None:
    wanted = [
        json.loads(row)
        for key, page in pages.items()
        for row in removal_rows(key, page).split("\n")
        if row
    ]
    assert len(wanted) > 100
    flat = [{"id": row["id"], "text": row["text"], **row["metadata"]} for row in found]

    def place(row: dict[str, Any]) -> tuple[str, int]:
        return row["id"], row["line"]

    for one, other in zip(sorted(flat, key=place), sorted(wanted, key=place), strict=True):
        one.pop("file_path", None)
        assert one == other


def _check_stats(stats: Any, pages: dict[str, Any], *, n_kept: int) -> None:
    found = {name: value.total for name, value in stats.stats[1].stats.items()}
    labels = Counter(label for page in pages.values() for label in page.labels)
    assert found["total"] == 400
    assert found["forwarded"] == n_kept
    assert found["dropped"] == found["dropped_nothing_left"] == 400 - n_kept > 0
    assert found["line-total"] == sum(map(len, pages.values()))
    assert {label: found[f"line-{label}"] for label in LABELS} == {
        label: labels[label] for label in LABELS
    }
    assert found["line-filter-boilerplate"] == labels["boilerplate"]
    assert found["characters-removed"] == sum(
        len(page.text) - len(page.clean()) for page in pages.values()
    )


def test_annotating(
    documents: Callable[[int], list[Document]], tiny_model: LineClassifier, model_folder: Path
) -> None:
    given = documents(70)
    before = [document.text for document in given]
    step = AnnotateLines(model=model_folder, prefix="line_", batch_size=20)
    found = list(step.run(given))
    assert [document.text for document in found] == before
    for document, page in zip(found, tiny_model.classify_many(before), strict=True):
        wanted = json.loads(jsonl_record(document.id, page))
        assert document.metadata["line_labels"] == wanted["labels"]
        assert document.metadata["line_spans"] == wanted["spans"]
        for name in ("confidences", "probabilities"):
            assert len(document.metadata[f"line_{name}"]) == len(wanted[name])
        json.dumps(document.metadata)
    assert step.stats.stats["batches"].total == 4


def test_annotating_overwrites_nothing(
    documents: Callable[[int], list[Document]], model_folder: Path
) -> None:
    given = documents(1)
    given[0].metadata["labels"] = ["mine"]
    with pytest.raises(InputError, match="page-0: metadata has labels already; set them apart"):
        list(AnnotateLines(model=model_folder).run(given))


def test_documents_are_read_batch_by_batch(
    documents: Callable[[int], list[Document]], model_folder: Path
) -> None:
    waiting = iter(documents(100))
    done = CleanLines(model=model_folder, batch_size=10).run(waiting)
    next(done)
    assert len(list(waiting)) == 90


@pytest.mark.parametrize("kind", [AnnotateLines, CleanLines])
def test_steps_pickle_without_the_model(
    kind: type[Any], documents: Callable[[int], list[Document]], model_folder: Path
) -> None:
    dill = pytest.importorskip("dill")
    step = kind(model=model_folder)
    list(step.run(documents(2)))
    for library in (pickle, dill):
        packed = library.dumps(step)
        assert len(packed) < 5000
        again = library.loads(packed)
        assert [each.text for each in again.run(documents(9))] == [
            each.text for each in kind(model=model_folder).run(documents(9))
        ]
