"""The seed page, its gold labels and spans agree with each other, and train nothing."""

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from classifier.datamodels import Span, cut
from classifier.labels import LABELS
from classifier.model.line_classifier import LineClassifier

# Where text that trains, tunes or tests may lie in the checkout.
DATA_FOLDERS = ("classifier", "data", "models", "tests")
GZIP_MAGIC = b"\x1f\x8b"

KEYWORD = "ti le keo chau a"
TITLE_COPY = "ảiPhòngvàQuảngNinhtiếptụchợptácthúcđẩyliênkếtvù"


@pytest.fixture(scope="module")
def lines(repo_root: Path) -> list[str]:
    return (repo_root / "seeds" / "page.txt").read_bytes().decode("utf-8").split("\n")


@pytest.fixture(scope="module")
def gold(repo_root: Path) -> list[dict[str, Any]]:
    text = (repo_root / "seeds" / "page.labels.jsonl").read_text(encoding="utf-8")
    return [json.loads(row) for row in text.splitlines()]


def test_every_line_has_one_gold_label(lines: list[str], gold: list[dict[str, Any]]) -> None:
    assert len(lines) == 35
    assert [row["line"] for row in gold] == list(range(1, 36))
    assert {row["label"] for row in gold} <= set(LABELS)
    assert Counter(row["label"] for row in gold) == {"stuffing": 3, "content": 12, "linkfarm": 20}


def test_spans_are_sorted_disjoint_and_inside_their_line(
    lines: list[str], gold: list[dict[str, Any]]
) -> None:
    for row, line in zip(gold, lines, strict=True):
        ends = [0, *(offset for span in row["spans"] for offset in span), len(line)]
        assert ends == sorted(ends)
        assert all(start < end for start, end in row["spans"])


def test_spans_hold_what_the_readme_says(
    lines: list[str], gold: list[dict[str, Any]], repo_root: Path
) -> None:
    readme = (repo_root / "seeds" / "README.md").read_text(encoding="utf-8")
    under = [
        (row["line"], lines[row["line"] - 1][start:end])
        for row in gold
        for start, end in row["spans"]
    ]
    assert under == [(1, f"【{KEYWORD}】"), (2, TITLE_COPY), (2, KEYWORD)]
    assert all(f"`{text}`" in readme for _, text in under)


def test_title_copy_is_the_title_without_its_spaces(lines: list[str]) -> None:
    headline = lines[0].removeprefix(f"【{KEYWORD}】")
    assert TITLE_COPY in headline.replace(" ", "")


def test_expected_text_follows_from_page_and_gold(
    lines: list[str], gold: list[dict[str, Any]], repo_root: Path
) -> None:
    kept = [
        cut(line, [Span(start, end, 1.0) for start, end in row["spans"]])
        for row, line in zip(gold, lines, strict=True)
        if row["label"] == "content" or row["spans"]
    ]
    expected = (repo_root / "seeds" / "page.expected.txt").read_bytes().decode("utf-8")
    assert expected.split("\n") == kept
    assert kept[1].startswith("Từ năm 2009, tỉnh Quảng Ninh")
    assert kept[2:] == lines[2:14]


@pytest.fixture(scope="module")
def shipped() -> LineClassifier:
    model = LineClassifier.load()
    if model.model_.spans is None:
        pytest.skip("the shipped model was taught no spans; run make model")
    return model


def test_the_shipped_model_finds_exactly_the_gold_spans(
    shipped: LineClassifier, lines: list[str], gold: list[dict[str, Any]]
) -> None:
    page = shipped.classify("\n".join(lines))
    found = [[[span.start, span.end] for span in line.spans] for line in page]
    assert found == [row["spans"] for row in gold]
    assert [line.label for line in page][:2] == ["stuffing", "stuffing"]


def test_the_shipped_model_cleans_the_article_as_expected(
    shipped: LineClassifier, lines: list[str], repo_root: Path
) -> None:
    expected = (repo_root / "seeds" / "page.expected.txt").read_text(encoding="utf-8")
    cleaned = shipped.classify("\n".join(lines)).clean()
    assert cleaned.split("\n")[:14] == expected.split("\n")


def test_seed_page_is_in_no_data_file_of_the_project(lines: list[str], repo_root: Path) -> None:
    files = [
        path
        for folder in DATA_FOLDERS
        for path in (repo_root / folder).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert len(files) > 10
    assert list(_traces(lines, files)) == []


@pytest.mark.corpora
@pytest.mark.slow
def test_seed_page_is_in_no_corpus(lines: list[str], corpora: Path) -> None:
    files = sorted(corpora.rglob("*.jsonl.gz"))
    assert files
    assert list(_traces(lines, files)) == []


@pytest.mark.parametrize("is_escaped", [False, True], ids=["as it is", "escaped in JSON"])
@pytest.mark.parametrize("suffix", [".jsonl", ".jsonl.gz"])
def test_a_planted_line_of_the_seed_page_is_found(
    lines: list[str], tmp_path: Path, suffix: str, is_escaped: bool
) -> None:
    row = json.dumps({"lines": ["Ein Satz.", lines[16]]}, ensure_ascii=is_escaped).encode()
    planted = tmp_path / f"pages{suffix}"
    planted.write_bytes(gzip.compress(row) if suffix.endswith(".gz") else row)
    assert list(_traces(lines, [planted])) == [f"{planted}: line 17 of the seed page"]


def _traces(lines: list[str], files: Iterable[Path]) -> Iterator[str]:
    """Where a line of the seed page stands, as it is or with JSON's escapes."""
    needles = [(line.encode(), json.dumps(line)[1:-1].encode()) for line in lines]
    for path in files:
        held = path.read_bytes()
        if held.startswith(GZIP_MAGIC):
            held = gzip.decompress(held)
        for number, (plain, escaped) in enumerate(needles, start=1):
            if plain in held or escaped in held:
                yield f"{path}: line {number} of the seed page"
