"""Stand-off labels go to the page they were given for, or nowhere."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from classifier.corpus.layout import Layout
from classifier.corpus.standoff import (
    StandoffLabels,
    lines_digest,
    read_standoff,
    with_standoff_labels,
)
from classifier.datamodels import LabelledDocument
from classifier.errors import InputError
from classifier.training.labelled import read_labelled

LINES = ["Új híd a Dunán", "", "A híd tavasszal nyílik meg.", "Kapcsolat"]


def row(**changes: str) -> dict[str, str]:
    fields = {
        "file": "unlabelled/press",
        "source": "press",
        "id": "site/1",
        "lang": "hu",
        "lines_sha256": lines_digest(LINES),
        "labels": "cccb",
    }
    return fields | changes


@pytest.fixture
def standoff(tmp_path: Path) -> Callable[..., list[StandoffLabels]]:
    def write(*rows: dict[str, str]) -> list[StandoffLabels]:
        path = tmp_path / "labels.jsonl"
        path.write_text("".join(json.dumps(each) + "\n" for each in rows), encoding="utf-8")
        return read_standoff(path)

    return write


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    folder = tmp_path / "corpora" / "unlabelled"
    folder.mkdir(parents=True)
    page = {"id": "site/1", "source": "press", "url": "https://a.example", "lines": LINES}
    (folder / "press.jsonl").write_text(json.dumps(page | {"labels": "????"}) + "\n")
    return Layout(tmp_path / "corpora")


def labelled(
    rows: Sequence[StandoffLabels], layout: Layout
) -> tuple[list[LabelledDocument], list[StandoffLabels]]:
    return with_standoff_labels(
        rows, layout.files, lambda path: read_labelled([path], needs_labels=False)
    )


def test_a_page_gets_its_labels_language_and_group(
    standoff: Callable[..., list[StandoffLabels]], layout: Layout
) -> None:
    (page,), absent = labelled(standoff(row()), layout)
    assert (page.codes, page.language, page.group) == ("c?cb", "hu", "a.example")
    assert page.lines == tuple(LINES)
    assert absent == []


def test_rows_of_files_that_are_not_there_are_handed_back(
    standoff: Callable[..., list[StandoffLabels]], layout: Layout
) -> None:
    rows = standoff(row(), row(file="pages/other", id="b"))
    pages, absent = labelled(rows, layout)
    assert len(pages) == 1
    assert absent == [rows[1]]


def test_the_digest_decides_between_pages_of_one_id(
    standoff: Callable[..., list[StandoffLabels]], layout: Layout
) -> None:
    other = {"id": "site/1", "source": "press", "lines": ["Más szöveg"], "labels": "?"}
    path = layout.folder / "unlabelled" / "press.jsonl"
    path.write_text(json.dumps(other) + "\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    (page,), _ = labelled(standoff(row()), layout)
    assert page.lines == tuple(LINES)


def test_changed_lines_are_refused(
    standoff: Callable[..., list[StandoffLabels]], layout: Layout
) -> None:
    rows = standoff(row(lines_sha256="0123456789abcdef"))
    with pytest.raises(InputError, match=r"labels\.jsonl:1: the lines of page 'site/1' are not"):
        labelled(rows, layout)


def test_a_page_that_is_not_in_its_file_is_refused(
    standoff: Callable[..., list[StandoffLabels]], layout: Layout
) -> None:
    with pytest.raises(InputError, match="no page 'site/2' of source 'press' in unlabelled/press"):
        labelled(standoff(row(id="site/2")), layout)


def test_another_number_of_labels_is_refused(
    standoff: Callable[..., list[StandoffLabels]], layout: Layout
) -> None:
    with pytest.raises(InputError, match="3 labels for the 4 lines of page 'site/1'"):
        labelled(standoff(row(labels="ccb")), layout)


FAULTS = {
    "unknown code": ([row(labels="cxcb")], "1: unknown label code 'x'; codes are c s l b o ?"),
    "labelled twice": ([row(), row(labels="bbbb")], r"2: page 'site/1' was labelled at .*:1"),
    "a field less": ([{"file": "a"}], "1: no text 'source'; a row of this file needs file"),
}


@pytest.mark.parametrize(("rows", "message"), FAULTS.values(), ids=FAULTS)
def test_faulty_rows_are_named(
    standoff: Callable[..., list[StandoffLabels]], rows: list[dict[str, str]], message: str
) -> None:
    with pytest.raises(InputError, match=rf"labels\.jsonl:{message}"):
        standoff(*rows)


@pytest.mark.corpora
def test_the_labels_of_the_project_fit_the_corpora(repo_root: Path, corpora: Path) -> None:
    rows = read_standoff(repo_root / "data" / "gold" / "labels.jsonl")
    pages, absent = labelled(rows, Layout(corpora))
    assert absent == []
    assert len(pages) == len(rows)
