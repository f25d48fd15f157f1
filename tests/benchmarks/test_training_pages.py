"""Hosts and headlines for measuring stand in no training page."""

import json
from pathlib import Path

import pytest
import training_pages
from training_pages import known_lines, unused_headlines, unused_hosts

from classifier.datamodels import LabelledDocument
from classifier.errors import InputError

ARTICLE = [f"Sentence number {number} of the report on the harbour." for number in range(20)]


def _write(path: Path, rows: list[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(training_pages, "corpora", lambda: tmp_path)
    other = [f"Another line {number} about the mountain railway." for number in range(20)]
    pages = {"used": ARTICLE, "copy": [*ARTICLE, "New end."], "new": [*other, ARTICLE[0]]}
    rows: list[dict[str, object]] = [
        {"id": name, "source": "daily", "lang": "en", "lines": lines, "labels": "c" * len(lines)}
        for name, lines in pages.items()
    ]
    parallel = {**rows[2], "id": "article 1", "source": "UDHR", "lines": ["All are born free."]}
    _write(tmp_path / "clean" / "documents.jsonl", [*rows, {**parallel, "labels": "c"}])
    headlines = [{"lang": "en", "t": text} for text in (ARTICLE[3], "Harbour to close in May")]
    _write(tmp_path / "clean" / "headlines.jsonl", headlines)
    return tmp_path


@pytest.fixture
def training() -> list[LabelledDocument]:
    return [LabelledDocument("used", tuple(ARTICLE), "c" * 20, source="clean/daily")]


@pytest.mark.usefixtures("folder")
def test_hosts_are_neither_used_nor_copies_of_used_ones(training: list[LabelledDocument]) -> None:
    assert [host.id for host in unused_hosts(training, known_lines(training))] == ["new"]


@pytest.mark.usefixtures("folder")
def test_headlines_stand_in_no_training_page(training: list[LabelledDocument]) -> None:
    assert unused_headlines(known_lines(training)) == {"en": ["Harbour to close in May"]}


def test_a_folder_that_is_there_is_read_and_not_built_anew(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"documents\.jsonl\.gz"):
        training_pages.training_pages(_broken(tmp_path))


def _broken(folder: Path) -> Path:
    (folder / "documents.jsonl.gz").write_bytes(b"")
    return folder
