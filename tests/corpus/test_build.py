"""What is built holds what it should of each part, nothing of the benchmark, and says so."""

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from classifier.corpus.build import BuildSettings, Inputs, TrainingCorpus, build_corpus
from classifier.corpus.layout import file_digest
from classifier.corpus.standoff import lines_digest
from classifier.errors import InputError
from classifier.training.labelled import read_labelled

Record = Mapping[str, object]

SMALL = BuildSettings(n_made=30, n_excerpts=40)

SENTENCES = (
    "The ferry to {0} leaves at {1} past noon and comes back before the lamps of the {2} are lit.",
    "Nobody in {0} remembers the winter when {1} boats were locked in ice beside the {2}.",
    "A baker from {2} now carries {1} loaves a day across the water to the two shops of {0}.",
    "The council of {0} wants {1} new benches, and a roof, for those who wait beside the {2}.",
    "Last year {1} people crossed to {0}, says the harbour master, who counts them at the {2}.",
)
PLACES = ("Aldra", "Brennholm", "Corvo", "Dunmore", "Esla", "Farsund", "Gotska", "Hirta")
THINGS = ("mill", "chapel", "pier", "school", "quarry", "tower", "market", "weir")


def article(number: int) -> list[str]:
    """Return five sentences that share few runs of words with those of another number."""
    place, thing = PLACES[number % 8] + "by" * (number // 8), THINGS[(number // 3) % 8]
    return [
        f"{number} {sentence.format(place, 7 * number + index, thing)} {place * 3} {number * 977}."
        for index, sentence in enumerate(SENTENCES)
    ]


def page(name: str, number: int, codes: str = "occccco", **fields: object) -> Record:
    lines = ["Home", *article(number), "Contact"][: len(codes)]
    record = {"id": name, "source": "press", "lang": "en", "lines": lines, "labels": codes}
    return record | fields


def write(path: Path, records: Sequence[Record]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.writelines(json.dumps(record) + "\n" for record in records)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pages = [page(f"site{number}/1", number) for number in range(12)]
    write(tmp_path / "pages" / "press.jsonl.gz", [*pages, page("copy/1", 100)])
    gold = [page("gold/1", 20, "bcccccb", source="gold/press", license="MIT")]
    write(tmp_path / "gold" / "pages.jsonl.gz", gold)
    write(tmp_path / "spam" / "pages.jsonl.gz", [page("bad/1", 30, "sssssb", source="bad")])
    lines = [
        {"source": "x", "lang": "id", "t": "situs gacor", "label": "s"},
        {"source": "x", "lang": "id", "t": "Situs  gacor", "label": "s"},
        {"source": "x", "lang": "id", "t": "terima kasih", "label": "?"},
    ]
    write(tmp_path / "spam" / "lines.jsonl.gz", lines)
    poems = [page(f"p/{number}", number, "?ccccc", source="poems") for number in range(40, 50)]
    write(tmp_path / "clean" / "documents.jsonl.gz", poems)
    headlines = [{"lang": "en", "t": text} for text in ("Bridge opens in the spring", "Closed now")]
    write(tmp_path / "clean" / "headlines.jsonl.gz", headlines)
    write(tmp_path / "benchmark" / "closed.jsonl.gz", [page("closed/1", 100)])
    return tmp_path


def build(
    folder: Path, repo_root: Path, settings: BuildSettings = SMALL, standoff: Path | None = None
) -> TrainingCorpus:
    lexicons = repo_root / "data" / "lexicons"
    return build_corpus(Inputs(folder, read_labelled, standoff, lexicons), settings)


def ids(built: TrainingCorpus, collection: str) -> list[str]:
    return [item.id for item in built.documents if item.collection == collection]


def test_sources_are_named_after_their_collection(folder: Path, repo_root: Path) -> None:
    built = build(folder, repo_root)
    collections = {item.collection for item in built.documents}
    assert collections == {"pages", "gold", "spam", "clean", "made", "excerpts", "spam-lines"}
    sources = {item.source for item in built.documents}
    assert {"gold/press", "pages/press", "clean/poems", "spam-lines/x"} <= sources


def test_what_stands_in_the_benchmark_is_left_out_and_counted(
    folder: Path, repo_root: Path
) -> None:
    built = build(folder, repo_root)
    assert "copy/1" not in ids(built, "pages")
    assert "closed/1" not in {item.id for item in built.documents}
    dropped = built.manifest["sources"]["pages/press"]["dropped"]
    assert dropped == {"duplicate or near-duplicate of a benchmark page": 1}


def test_headlines_of_the_benchmark_are_left_out(folder: Path, repo_root: Path) -> None:
    closed = {"lang": "en", "t": article(100)[0]}
    write(
        folder / "clean" / "headlines.jsonl.gz", [closed, {"lang": "en", "t": "A new mill opens"}]
    )
    built = build(folder, repo_root)
    assert built.manifest["sources"]["headlines"]["dropped"] == {"a line of the benchmark": 1}
    assert not any(article(100)[0] in item.lines for item in built.documents)


def test_the_same_page_twice_is_taken_once(folder: Path, repo_root: Path) -> None:
    again = [page("site1/1", 1), page("other/1", 1), page("other/2", 2, "?cccc??")]
    write(folder / "pages" / "again.jsonl.gz", [{**each, "source": "again"} for each in again])
    built = build(folder, repo_root)
    assert built.manifest["sources"]["pages/press"]["dropped"]["the page again, or nearly"] >= 1
    assert (
        sum(
            item.lines[1:6] == tuple(article(1))
            for item in built.documents
            if item.collection == "pages"
        )
        == 1
    )


def test_a_page_labelled_by_hand_is_in_gold_alone(folder: Path, repo_root: Path) -> None:
    write(folder / "pages" / "more.jsonl.gz", [page("twin/1", 20, source="more")])
    built = build(folder, repo_root)
    assert "twin/1" not in ids(built, "pages")
    dropped = built.manifest["sources"]["pages/more"]["dropped"]
    assert dropped == {"labelled by hand in gold": 1}


def test_standoff_labels_make_gold(folder: Path, repo_root: Path, tmp_path: Path) -> None:
    labels = {
        "file": "pages/press",
        "source": "press",
        "id": "site3/1",
        "lang": "en",
        "lines_sha256": lines_digest(["Home", *article(3), "Contact"]),
        "labels": "bcccccl",
    }
    path = tmp_path / "labels.jsonl"
    rows = [labels, {**labels, "file": "pages/absent"}]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    built = build(folder, repo_root, standoff=path)
    (own,) = [item for item in built.documents if item.source == "gold/ours/press"]
    assert (own.id, own.codes, own.collection, own.group) == ("site3/1", "bcccccl", "gold", "site3")
    assert "site3/1" not in ids(built, "pages")
    dropped = built.manifest["sources"]["gold/ours/press"]["dropped"]
    assert dropped == {"its page is not in the folder": 1}
    assert built.manifest["inputs"]["gold/labels.jsonl"] == file_digest(path)


def test_masks_stay_masked(folder: Path, repo_root: Path) -> None:
    built = build(folder, repo_root)
    clean = [item for item in built.documents if item.collection == "clean"]
    assert {item.codes for item in clean} == {"?ccccc"}


def test_caps_hold_and_say_how_many_they_left_out(folder: Path, repo_root: Path) -> None:
    settings = replace(SMALL, clean_per_source=7, clean_per_language=4)
    built = build(folder, repo_root, settings)
    assert len(ids(built, "clean")) == 4
    dropped = built.manifest["sources"]["clean/poems"]["dropped"]
    assert dropped == {"over 7 of one source": 3, "over 4 of one language": 3}


def test_sites_are_capped_and_their_frame_masked(folder: Path, repo_root: Path) -> None:
    same = [page(f"big/{number}", 60 + number, source="big") for number in range(9)]
    write(folder / "pages" / "big.jsonl.gz", same)
    built = build(folder, repo_root, replace(SMALL, pages_per_site=6, repeats_per_site=2))
    big = [item.codes for item in built.documents if item.source == "pages/big"]
    assert big == ["occccco"] * 2 + ["?ccccc?"] * 4


def test_clean_text_is_grouped_by_source(folder: Path, repo_root: Path) -> None:
    built = build(folder, repo_root)
    assert {item.group for item in built.documents if item.collection == "clean"} == {"clean/poems"}


def test_made_pages_stay_with_their_hosts_and_use_neither_gold_nor_spam(
    folder: Path, repo_root: Path
) -> None:
    built = build(folder, repo_root)
    made = [item for item in built.documents if item.collection == "made"]
    hosts = {item.group for item in built.documents if item.collection in ("pages", "clean")}
    assert len(made) == 30
    assert {item.group for item in made} <= hosts
    closed = {*article(20), *article(30), *article(100)}
    assert not any(closed & set(item.lines) for item in made)
    assert built.manifest["made_families"]


def test_made_pages_carry_their_spans(folder: Path, repo_root: Path) -> None:
    built = build(folder, repo_root, replace(SMALL, n_made=60))
    with_spans = [item for item in built.documents if item.spans]
    assert with_spans
    assert built.manifest["total"]["spans"] == sum(
        len(parts) for item in with_spans for parts in item.spans.values()
    )
    for item in with_spans:
        assert {item.codes[index] for index in item.spans} == {"s"}


def test_further_made_pages_have_spans_and_are_no_training_pages(
    folder: Path, repo_root: Path
) -> None:
    few = build(folder, repo_root, replace(SMALL, more_for_spans=0))
    more = build(folder, repo_root, replace(SMALL, more_for_spans=3))
    assert few.spanned == ()
    assert more.documents == few.documents
    assert more.spanned
    assert all(item.spans and item.collection == "made" for item in more.spanned)
    assert not {item.id for item in more.spanned} & {item.id for item in more.documents}
    assert more.manifest["spanned"]["documents"] == len(more.spanned)


def test_spam_lines_are_taken_once_and_only_if_known(folder: Path, repo_root: Path) -> None:
    built = build(folder, repo_root)
    lines = [item.lines for item in built.documents if item.collection == "spam-lines"]
    assert lines == [("situs gacor",)]


def test_the_manifest_adds_up(folder: Path, repo_root: Path) -> None:
    built = build(folder, repo_root)
    total, sources = built.manifest["total"], built.manifest["sources"].values()
    assert total["documents"] == len(built.documents)
    for key in ("documents", "lines", "spans"):
        assert total[key] == sum(source[key] for source in sources)
    assert sum(total["labels"].values()) == total["lines"]
    assert built.manifest["sources"]["gold/press"]["licences"] == {"MIT": 1}
    assert built.manifest["sources"]["pages/press"]["licences"] == {"not stated": 12}
    name = "pages/press.jsonl.gz"
    assert built.manifest["inputs"][name] == file_digest(folder / name)
    assert "benchmark/closed.jsonl.gz" in built.manifest["inputs"]
    json.dumps(built.manifest)


def test_the_same_folder_and_seed_give_the_same_pages(folder: Path, repo_root: Path) -> None:
    first, second = build(folder, repo_root), build(folder, repo_root)
    assert first == second
    other = build(folder, repo_root, replace(SMALL, seed=1))
    assert ids(other, "pages") == ids(first, "pages")
    assert [i.lines for i in other.documents] != [i.lines for i in first.documents]


def test_parts_may_be_absent(tmp_path: Path, repo_root: Path) -> None:
    write(tmp_path / "pages" / "press.jsonl.gz", [page("site/1", 1)])
    built = build_corpus(Inputs(tmp_path, read_labelled), SMALL)
    # of one page there is one excerpt at most
    assert [item.id for item in built.documents] == ["site/1", "site/1#excerpt 0"]


def test_a_folder_without_pages_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no labelled pages here"):
        build_corpus(Inputs(tmp_path, read_labelled))
