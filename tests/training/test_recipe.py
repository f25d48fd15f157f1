"""The recipe takes what it says from a corpora folder, and leaves the benchmark alone."""

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from classifier.training import recipe

Record = Mapping[str, object]


def write(path: Path, records: Sequence[Record]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(record) + "\n" for record in records)


def page(name: str, source: str, codes: str = "bcccco") -> Record:
    lines = [f"{name}, sentence {index} of it." for index in range(len(codes))]
    return {"id": name, "source": source, "lang": "en", "lines": lines, "labels": codes}


@pytest.fixture
def small_corpora(tmp_path: Path) -> Path:
    write(tmp_path / "pages" / "press.jsonl.gz", [page("site/1", "press")])
    write(tmp_path / "gold" / "pages.jsonl.gz", [page("other/1", "gold/press", "bccccl")])
    write(tmp_path / "spam" / "pages.jsonl.gz", [page("bad/1", "bad", "sssb")])
    write(
        tmp_path / "spam" / "lines.jsonl.gz",
        [
            {"source": "x", "lang": "id", "kind": "comment", "t": "situs gacor", "label": "s"},
            {"source": "x", "lang": "id", "kind": "comment", "t": "terima kasih", "label": "?"},
        ],
    )
    poems = [page(f"poem {index}", "poems", "cccc") for index in range(100)]
    write(tmp_path / "clean" / "documents.jsonl.gz", poems)
    write(tmp_path / "clean" / "headlines.jsonl.gz", [{"lang": "en", "t": "Bridge opens in May"}])
    write(tmp_path / "benchmark" / "closed.jsonl.gz", [page("closed/1", "closed")])
    return tmp_path


def test_sources_are_named_after_their_collection(small_corpora: Path) -> None:
    sources = {item.source for item in recipe.training_documents(small_corpora)}
    collections = {source.partition("/")[0] for source in sources}
    assert collections == {"pages", "gold", "spam", "clean", "made", "spam-lines"}
    assert "gold/press" in sources


def test_nothing_of_the_benchmark_is_taken(small_corpora: Path) -> None:
    assert not any("closed" in item.id for item in recipe.training_documents(small_corpora))


def test_clean_text_is_capped_by_source(small_corpora: Path) -> None:
    documents = recipe.training_documents(small_corpora)
    clean = [item for item in documents if item.source.startswith("clean/")]
    assert 0 < len(clean) < 100


def test_only_lines_known_to_be_spam_are_taken(small_corpora: Path) -> None:
    documents = recipe.training_documents(small_corpora)
    lines = [item.lines[0] for item in documents if item.source.startswith("spam-lines/")]
    assert lines == ["situs gacor"]


def test_made_pages_are_not_made_of_gold_or_spam(small_corpora: Path) -> None:
    made = [item for item in recipe.training_documents(small_corpora) if "made/" in item.source]
    assert made
    assert not any("gold" in item.source or "bad" in item.source for item in made)


def test_every_collection_has_its_weights(small_corpora: Path) -> None:
    for item in recipe.training_documents(small_corpora):
        collection = item.source.partition("/")[0]
        assert collection in recipe.SETTINGS.weights
        assert collection in recipe.SETTINGS.lexical_weights


def test_a_missing_folder_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert recipe.main([str(tmp_path / "nowhere"), "-o", str(tmp_path / "model")]) == 1
    error = capsys.readouterr().err
    assert error.startswith("recipe: ")
    assert error.count("\n") == 1
