"""The recipe trains on what was built, and has a weight for every collection."""

import gzip
from pathlib import Path

import pytest

from classifier.datamodels import LabelledDocument
from classifier.training import recipe
from classifier.training.labelled import labelled_row


def test_it_takes_the_pages_that_were_built(tmp_path: Path) -> None:
    rows = [
        LabelledDocument("a/1", ("Slots Hochwasser", "Menü"), "so", "made/x", "de", "a.example"),
        LabelledDocument("2", ("x y",), "s", "gold/x", group="g", spans={0: ((0, 1),)}),
    ]
    with gzip.open(tmp_path / "documents.jsonl.gz", "wt", encoding="utf-8") as stream:
        stream.writelines(map(labelled_row, rows))
    read = recipe.training_documents(tmp_path)
    assert [(item.source, item.group, item.spans) for item in read] == [
        ("made/x", "a.example", {}),
        ("gold/x", "g", {0: ((0, 1),)}),
    ]


@pytest.mark.parametrize("collection", ["pages", "gold", "spam", "clean", "made", "spam-lines"])
def test_every_collection_has_its_weights(collection: str) -> None:
    assert collection in recipe.SETTINGS.weights
    assert collection in recipe.SETTINGS.lexical_weights


def test_a_missing_folder_is_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert recipe.main([str(tmp_path / "nowhere"), "-o", str(tmp_path / "model")]) == 1
    error = capsys.readouterr().err
    assert error.startswith("recipe: ")
    assert error.count("\n") == 1
