"""``linespam model``: what a model is, and whether its files are what the manifest says."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from classifier.errors import ModelError


@pytest.fixture
def shipped(repo_root: Path) -> Path:
    folder = repo_root / "models" / "line-1"
    if not (folder / "manifest.json").is_file():
        pytest.skip("no shipped model in models/line-1; run: make model")
    return folder


@pytest.mark.usefixtures("rule_model")
def test_model_info_shows_the_highlights(run: Any) -> None:
    rows = run("model", "info").text.splitlines()
    assert rows[0].split() == ["name", "rules"]
    facts = dict(row.split("  ", 1) for row in rows if "  " in row)
    assert facts["labels"].strip() == "content, stuffing, linkfarm, boilerplate"
    assert facts["training n_documents"].strip() == "3"
    assert rows[-1].split() == ["0.01", "0.2500"]


@pytest.mark.usefixtures("rule_model")
def test_model_info_json_is_the_manifest(run: Any, rule_model: Any) -> None:
    assert json.loads(run("model", "info", "--format", "json").text) == rule_model.manifest_


def test_model_verify_names_what_it_checked(run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("classifier.cli.model.shipped_model", lambda: Path("shipped"))
    monkeypatch.setattr("classifier.cli.model.verify_model", lambda _: ["a.npz", "b.json"])
    assert run("model", "verify").text == (
        "a.npz  ok\nb.json  ok\nshipped: all 2 files are as the manifest says\n"
    )


def test_model_verify_fails_with_one_sentence(
    run: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def differs(folder: Path) -> list[str]:
        raise ModelError(f"{folder}/weights.npz: sha256 differs from manifest.json")

    monkeypatch.setattr("classifier.cli.model.verify_model", differs)
    finished = run("model", "verify", tmp_path)
    assert (finished.code, finished.out) == (1, b"")
    assert finished.err == f"linespam: {tmp_path}/weights.npz: sha256 differs from manifest.json\n"


def test_model_alone_shows_help(run: Any) -> None:
    finished = run("model")
    assert "verify" in finished.text + finished.err


def test_shipped_model_is_sound(run: Any, shipped: Path) -> None:
    assert run("model", "verify", shipped).code == 0
    assert "line-1" in run("model", "info", shipped).text


def test_changed_weights_are_noticed(run: Any, shipped: Path, tmp_path: Path) -> None:
    copy = tmp_path / "line-1"
    shutil.copytree(shipped, copy)
    with (copy / "weights.npz").open("r+b") as stream:
        stream.seek(200)
        stream.write(b"\xff\x00\xff")
    finished = run("model", "verify", copy)
    assert finished.code == 1
    assert "weights.npz" in finished.err
