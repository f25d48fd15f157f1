"""The gate fails when it should, passes when it may, and never lowers a floor in silence."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import gate
import numpy as np
import pytest
from gate import Floors

from classifier.datamodels import LabelledDocument
from classifier.errors import ModelError
from classifier.labels import LABEL_CODES
from classifier.training.labelled import read_labelled

FLOORS = Floors(sha256="0" * 64, counts={"pages": 1}, floors={"macro F1": 0.75, "content F1": 0.9})


@pytest.fixture(scope="module")
def pages() -> list[LabelledDocument]:
    return list(read_labelled([gate.PAGES]))


@pytest.fixture
def floors_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "floors.json"
    Floors.read(gate.FLOORS).write(path)
    monkeypatch.setattr(gate, "FLOORS", path)
    return path


def _perfect(pages: Sequence[LabelledDocument]) -> list[np.ndarray]:
    rows = np.eye(len(LABEL_CODES), dtype=np.float32)
    return [rows[[LABEL_CODES.index(code) for code in page.codes]] for page in pages]


def test_compare_passes_figures_at_or_above_their_floors() -> None:
    assert gate.compare({"macro F1": 0.75, "content F1": 0.99}, FLOORS.floors) == []


def test_compare_allows_noise_and_no_more() -> None:
    just = {"macro F1": 0.75 - gate.NOISE + 1e-6, "content F1": 0.9}
    assert gate.compare(just, FLOORS.floors) == []
    (fault,) = gate.compare(just | {"macro F1": 0.75 - gate.NOISE - 1e-3}, FLOORS.floors)
    assert fault.startswith("macro F1: 0.7290 is below its floor of 0.7500")


@pytest.mark.parametrize(
    ("figures", "message"),
    [
        ({"macro F1": 0.8}, "content F1: has a floor but is not measured any more"),
        ({"macro F1": 0.8, "content F1": 0.9, "new": 0.5}, "new: no floor yet"),
        ({"macro F1": float("nan"), "content F1": 0.9}, "macro F1: nan is below its floor"),
    ],
    ids=["figure gone", "no floor", "not a number"],
)
def test_compare_names_what_cannot_be_compared(figures: dict[str, float], message: str) -> None:
    (fault,) = gate.compare(figures, FLOORS.floors)
    assert fault.startswith(message)


def test_update_raises_floors() -> None:
    new, refused = gate.update(FLOORS, {"macro F1": 0.8, "content F1": 0.895, "new": 0.5}, "")
    assert new.floors == {"macro F1": 0.8, "content F1": 0.9, "new": 0.5}
    assert not refused
    assert new.lowered == ()


def test_update_refuses_to_lower_without_a_reason() -> None:
    new, refused = gate.update(FLOORS, {"macro F1": 0.6, "content F1": 0.95}, "")
    assert new == FLOORS
    assert refused == "macro F1: the floor would fall from 0.75 to 0.6"


def test_update_lowers_with_a_reason_and_keeps_it() -> None:
    new, refused = gate.update(FLOORS, {"macro F1": 0.6}, "smaller model")
    assert new.floors == {"macro F1": 0.6}
    assert not refused
    assert [(row["figure"], row["from"], row["to"]) for row in new.lowered] == [
        ("macro F1", 0.75, 0.6),
        ("content F1", 0.9, None),
    ]
    assert {row["reason"] for row in new.lowered} == {"smaller model"}


def test_floors_round_trip(tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    floors = replace(FLOORS, lowered=({"figure": "a", "from": 1.0, "to": 0.5, "reason": "b"},))
    floors.write(path)
    assert Floors.read(path) == floors
    assert [item.name for item in tmp_path.iterdir()] == ["floors.json"]


def test_comparison_marks_what_is_below() -> None:
    rows = gate.comparison({"macro F1": 0.6, "content F1": 0.95}, FLOORS.floors).splitlines()
    assert [row.endswith("BELOW") for row in rows] == [False, True, False]


def test_measure_gives_one_to_a_model_without_mistakes(pages: list[LabelledDocument]) -> None:
    figures = gate.measure(pages, _perfect(pages))
    assert set(figures.values()) == {1.0}
    assert {f"content F1, {family}" for family in gate.FAMILIES} <= set(figures)


def test_measure_counts_what_odd_pages_lose(pages: list[LabelledDocument]) -> None:
    probabilities = _perfect(pages)
    odd = [index for index, page in enumerate(pages) if page.id.startswith(gate.NEGATIVE_PREFIX)]
    n_content = sum(pages[index].codes.count("c") for index in odd)
    n_lost = pages[odd[0]].codes.count("c")
    boilerplate = np.eye(len(LABEL_CODES), dtype=np.float32)[LABEL_CODES.index("b")]
    probabilities[odd[0]] = np.tile(boilerplate, (len(pages[odd[0]].lines), 1))
    figures = gate.measure(pages, probabilities)
    kept = figures["content lines kept, odd pages"]
    assert kept == pytest.approx(1 - n_lost / n_content, abs=1e-4)
    assert figures["content F1, East Asia"] == 1.0


def test_gate_fails_below_a_floor_and_writes_nothing(
    pages: list[LabelledDocument], floors_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = gate.measure(pages, _perfect(pages))
    assert gate.decide(good, pages, is_update=True, reason="") == 0
    before = floors_file.read_bytes()
    assert gate.decide(good, pages, is_update=False, reason="") == 0
    bad = good | {"F1 stuffing": 0.5}
    assert gate.decide(bad, pages, is_update=False, reason="") == 1
    assert gate.decide(bad, pages, is_update=True, reason="") == 1
    assert floors_file.read_bytes() == before
    shown = capsys.readouterr().out
    assert "F1 stuffing: 0.5000 is below its floor of 1.0000" in shown
    assert "say why with --allow-lower" in shown


def test_gate_fails_when_the_pages_were_changed(
    pages: list[LabelledDocument], floors_file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = gate.measure(pages, _perfect(pages))
    gate.decide(good, pages, is_update=True, reason="")
    replace(Floors.read(floors_file), sha256="f" * 64).write(floors_file)
    assert gate.decide(good, pages, is_update=False, reason="") == 1
    assert "not the file the floors were measured on" in capsys.readouterr().out


def test_gate_without_a_shipped_model_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def missing() -> Path:
        raise ModelError("the shipped model is nowhere")

    monkeypatch.setattr(gate, "shipped_model", missing)
    assert gate.main([]) == 0
    assert "quality gate not run: the shipped model is nowhere" in capsys.readouterr().out


def test_gate_fails_on_a_broken_model(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert gate.main(["--model", str(tmp_path)]) == 1
    assert "quality gate failed" in capsys.readouterr().out


def test_pages_are_those_the_floors_were_measured_on(pages: list[LabelledDocument]) -> None:
    assert Floors.read(gate.FLOORS).counts == gate.count(pages)


def test_pages_are_many_languages_of_known_families(pages: list[LabelledDocument]) -> None:
    apart = (gate.SHORT_PREFIX, gate.SINGLE_PREFIX)
    usual = [page for page in pages if not page.id.startswith(apart)]
    languages = {page.language for page in usual}
    families = {language for members in gate.FAMILIES.values() for language in members}
    assert len(usual) >= 40
    assert len(languages) >= 15
    assert languages <= families
    assert all(15 <= len(page.lines) <= 40 for page in usual)
    assert all(line.strip() for page in pages for line in page.lines)


def test_short_pages_are_short_and_of_many_languages(pages: list[LabelledDocument]) -> None:
    short = [page for page in pages if page.id.startswith(gate.SHORT_PREFIX)]
    assert len({page.language for page in short}) >= 30
    assert all(2 <= len(page.lines) <= 6 for page in short)
    assert sum("c" not in page.codes for page in short) >= 5


def test_single_lines_are_as_often_spam_as_good(pages: list[LabelledDocument]) -> None:
    single = [page for page in pages if page.id.startswith(gate.SINGLE_PREFIX)]
    assert all(len(page.lines) == 1 for page in single)
    assert len({page.language for page in single}) >= 15
    codes = [page.codes for page in single]
    assert codes.count("s") == codes.count("c") == len(codes) / 2 >= 30


@pytest.mark.parametrize(
    ("prefix", "name"),
    [(gate.SHORT_PREFIX, "short pages"), (gate.SINGLE_PREFIX, "single lines")],
)
def test_short_pages_and_single_lines_have_figures_of_their_own(
    prefix: str, name: str, pages: list[LabelledDocument]
) -> None:
    frame = np.array([0, 0, 0, 1], np.float32)
    rows = [
        np.tile(frame, (len(page.lines), 1)) if page.id.startswith(prefix) else right
        for page, right in zip(pages, _perfect(pages), strict=True)
    ]
    figures = gate.measure(pages, rows)
    assert figures[f"content lines kept, {name}"] == 0
    assert figures["content F1, lines"] == figures["content lines kept, odd pages"] == 1


def test_pages_lie_on_invented_hosts_of_their_own() -> None:
    records = [json.loads(row) for row in gate.PAGES.read_text(encoding="utf-8").splitlines()]
    hosts = {re.match(r"https://(site-\d+\.example)/", record["url"]) for record in records}
    assert None not in hosts
    assert len({match[1] for match in hosts if match}) == len(records)
