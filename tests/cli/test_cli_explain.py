"""``linespam explain``: a table whose columns add up to the logits."""

import json
from pathlib import Path
from typing import Any

import pytest

from classifier.actions.explain import Contribution, Explanation
from classifier.datamodels import Line
from classifier.errors import InputError
from classifier.labels import LABELS, Label

VALUES = {
    "bias": (0.1004, -0.1234567, 0.0, 0.2),
    "n-gram": (-0.3331, 2.4449, 0.1, -0.0003),
    "feature": (0.0004, 0.0004, 0.0004, 0.0004),
    "page": (1.5, -1.5, 0.75, 0.0),
}


def by_label(values: tuple[float, ...]) -> dict[Label, float]:
    return dict(zip(LABELS, values, strict=True))


def explained(_model: object, text: str, number: int) -> Explanation:
    lines = text.split("\n")
    if not 1 <= number <= len(lines):
        raise InputError(f"line {number}: the page has {len(lines)} lines")
    sums = tuple(sum(column) for column in zip(*VALUES.values(), strict=True))
    line = Line(
        number, lines[number - 1], Label.STUFFING, 0.75, by_label((0.1, 0.75, 0.1, 0.05)), ()
    )
    contributions = tuple(
        Contribution(kind, f"{kind}\t薬", by_label(values)) for kind, values in VALUES.items()
    )
    return Explanation(line, by_label(sums), contributions)


@pytest.fixture(autouse=True)
def _explained(rule_model: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("classifier.cli.explain.explain_line", explained)


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "page.txt"
    path.write_text("Een\nTwee\x07\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("top", [1, 2, 3, 12])
def test_explain_columns_add_up_to_the_logits(run: Any, page: Path, top: int) -> None:
    rows = run("explain", page, "--line", 2, "--top", top).text.splitlines()
    assert rows[0] == f"{page}, line 2: stuffing 0.7500"
    assert rows[1] == "  Twee\\x07"
    assert rows[3].split() == list(LABELS)
    numbers = [[float(cell) for cell in row.split()[:4]] for row in rows[4:]]
    for logit, *column in zip(*numbers, strict=True):
        assert sum(column) == pytest.approx(logit, abs=1e-9)
    names = [row.split(maxsplit=4)[4] for row in rows[4:]]
    kinds = ["page", "n-gram", "bias", "feature"]
    shown = [f"{kind}  {kind}\\t薬" for kind in kinds[:top]]
    last = f"all others ({4 - top})" if top < 4 else "rounding"
    assert names == ["logit, the sum of what follows", *shown, last]


def test_explain_jsonl_adds_up_to_the_logits(run: Any, page: Path) -> None:
    report = json.loads(run("explain", page, "--line", 1, "--top", 2, "--format", "jsonl").text)
    assert (report["id"], report["line"], report["text"]) == (str(page), 1, "Een")
    assert (report["label"], report["confidence"]) == ("stuffing", 0.75)
    assert [each["kind"] for each in report["contributions"]] == ["page", "n-gram"]
    for label in LABELS:
        shown = sum(each["values"][label] for each in report["contributions"])
        assert shown + report["all_others"][label] == pytest.approx(report["logits"][label])


def test_explain_of_a_huge_page_is_of_the_part_that_is_judged(run: Any, tmp_path: Path) -> None:
    page = tmp_path / "huge.txt"
    page.write_text("eins zwei\n" * 150_000, encoding="utf-8")
    seen: list[tuple[int, int]] = []

    def explained_part(model: object, text: str, number: int) -> Explanation:
        seen.append((len(text), number))
        return explained(model, text, number)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("classifier.cli.explain.explain_line", explained_part)
        finished = run("explain", page, "--line", 140_000)
    assert finished.text.startswith(f"{page}, line 140000: ")
    ((length, number),) = seen
    assert length <= 1_000_001
    assert number < 100_000


def test_explain_line_out_of_range_is_one_sentence(run: Any, page: Path) -> None:
    finished = run("explain", page, "--line", 9)
    assert (finished.code, finished.err) == (1, "linespam: line 9: the page has 3 lines\n")


def test_explain_finds_a_document_by_id(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_text('{"id": "a", "text": "x"}\n{"id": 2, "text": "y"}\n{"broken')
    assert "holds several documents; say which with --id" in run("explain", path, "--line", 1).err
    assert "  y\n" in run("explain", path, "--line", 1, "--id", "2").text
    assert ":3: broken JSON" in run("explain", path, "--line", 1, "--id", "c").err


def test_explain_unknown_id_is_one_sentence(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_text('{"id": "a", "text": "x"}\n')
    assert "holds no document with the id 'b'" in run("explain", path, "--line", 1, "--id", "b").err


def test_explain_reads_standard_input(run: Any) -> None:
    assert run("explain", "-", "--line", 1, stdin="Één".encode()).text.startswith("-, line 1: ")


def test_explain_needs_a_line(run: Any, page: Path) -> None:
    assert run("explain", page).code == 2
