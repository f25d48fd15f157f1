"""Reading labelled pages: both forms, every complaint, and which group a page is in."""

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

from classifier.datamodels import LabelledDocument
from classifier.errors import InputError
from classifier.training.groups import group_of
from classifier.training.labelled import labelled_row, read_labelled

TINY_PAGES = Path(__file__).resolve().parents[1] / "cases" / "tiny_pages.jsonl"


def _write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    data = text.encode("utf-8", "surrogatepass")
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    return path


def _record(**changes: object) -> str:
    record: dict[str, object] = {"id": "a/1", "lines": ["Überschrift", "Menü"], "labels": "cb"}
    return json.dumps(record | changes, ensure_ascii=False)


def _read(*paths: Path) -> list[LabelledDocument]:
    return list(read_labelled(paths))


@pytest.mark.parametrize("name", ["sites.jsonl", "sites.jsonl.gz"])
def test_jsonl_page_is_read_with_all_it_states(tmp_path: Path, name: str) -> None:
    text = _record(source="news", lang="de", url="https://www.Blatt.example/a") + "\n"
    path = _write(tmp_path, name, text)
    assert _read(path) == [
        LabelledDocument(
            id="a/1",
            lines=("Überschrift", "Menü"),
            codes="cb",
            source="news",
            language="de",
            group="blatt.example",
            origin=f"{path}:1",
        )
    ]


def test_what_a_jsonl_page_does_not_state_has_a_default(tmp_path: Path) -> None:
    (page,) = _read(_write(tmp_path, "sites.jsonl.gz", _record(url=None, lang=None)))
    assert (page.source, page.language, page.group) == ("sites", "und", "a")


def test_labels_may_be_names_and_null(tmp_path: Path) -> None:
    lines = ["标题", "", "广告", "链接", "x"]
    labels = ["content", None, "other", "linkfarm", "s"]
    (page,) = _read(_write(tmp_path, "a.jsonl", _record(lines=lines, labels=labels)))
    assert page.codes == "c?ols"


def test_blank_lines_are_masked_whatever_their_label(tmp_path: Path) -> None:
    lines = ["Titel", "", " \u3000\t", "Ende"]
    (page,) = _read(_write(tmp_path, "a.jsonl", _record(lines=lines, labels="cbbb")))
    assert page.codes == "c??b"


@pytest.mark.parametrize("name", ["SEITEN.JSONL", "SEITEN.TSV.GZ"])
def test_names_may_be_in_capitals(tmp_path: Path, name: str) -> None:
    text = "標題\tc\n" if "TSV" in name else _record()
    path = tmp_path / name
    path.write_bytes(gzip.compress(text.encode()) if name.endswith("GZ") else text.encode())
    (page,) = _read(path)
    assert page.source == "SEITEN"


@pytest.mark.parametrize("name", ["seiten.tsv", "seiten.tsv.gz"])
def test_tabbed_pages_are_parted_by_blank_lines(tmp_path: Path, name: str) -> None:
    text = "\n標題\tcontent\n選單\tb\n\t?\n \n\nA\tB table\tcontent\r\n更多\tother\n"
    path = _write(tmp_path, name, text)
    first, second = _read(path)
    assert (first.id, first.lines, first.codes) == (f"{name}#1", ("標題", "選單", ""), "cb?")
    assert (second.lines, second.codes) == (("A\tB table", "更多"), "co")
    assert (first.origin, second.origin) == (f"{path}:2", f"{path}:7")
    assert (first.source, first.group, second.group) == ("seiten", f"{name}#1", f"{name}#2")


def test_files_of_one_name_are_told_apart_by_their_folders(tmp_path: Path) -> None:
    for folder in ("a", "b", "b/c"):
        (tmp_path / folder).mkdir()
        _write(tmp_path, f"{folder}/x.tsv", f"{folder}\tc\n")
        _write(tmp_path, f"{folder}/y.jsonl", _record(id="same"))
    _write(tmp_path, "b/z.tsv", "zwei\tc\n")
    pages = list(read_labelled([tmp_path / "a", tmp_path / "b"]))
    assert [(page.source, page.id) for page in pages] == [
        ("a/x", "a/x.tsv#1"),
        ("a/y", "same"),
        ("c/x", "c/x.tsv#1"),
        ("c/y", "same"),
        ("b/x", "b/x.tsv#1"),
        ("b/y", "same"),
        ("z", "z.tsv#1"),
    ]
    with pytest.raises(InputError, match="was already used"):
        list(read_labelled([tmp_path / "a" / "x.tsv", tmp_path / "b" / ".." / "a" / "x.tsv"]))


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    (page,) = _read(_write(tmp_path, "a.tsv", "\ufeffΤίτλος\tc\n"))
    assert page.lines == ("Τίτλος",)


def test_other_line_ends_of_unicode_stay_in_the_line(tmp_path: Path) -> None:
    (page,) = _read(_write(tmp_path, "a.tsv", "eins\u2028zwei\x0bdrei\tc\n"))
    assert page.lines == ("eins\u2028zwei\x0bdrei",)


def test_lone_surrogates_of_json_are_accepted(tmp_path: Path) -> None:
    text = r'{"id": "a", "lines": ["\ud800 x"], "labels": "c"}'
    (page,) = _read(_write(tmp_path, "a.jsonl", text))
    assert page.text == "\ud800 x"


def test_a_folder_gives_all_its_labelled_files_by_name(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    _write(tmp_path, "b/2.jsonl", _record(id="two"))
    _write(tmp_path, "a.tsv", "eins\tc\n")
    _write(tmp_path, "notes.md", "not labelled pages")
    assert [page.id for page in _read(tmp_path)] == ["a.tsv#1", "two"]


def test_spans_and_licence_are_read(tmp_path: Path) -> None:
    text = _record(labels="sb", spans={"0": [[0, 3], [3, 11]]}, license="CC0-1.0")
    (page,) = _read(_write(tmp_path, "a.jsonl", text))
    assert page.spans == {0: ((0, 3), (3, 11))}
    assert page.licence == "CC0-1.0"


@pytest.mark.parametrize(
    "page",
    [
        LabelledDocument("a/1", ("标题", "", "\ud800 b"), "c?b", "x", "zh", "a.example"),
        LabelledDocument(
            *("b", ("买球 新闻",), "s", "x", "zh", "g"), spans={0: ((0, 2),)}, licence="MIT"
        ),
    ],
    ids=["plain", "spans"],
)
def test_a_written_page_is_read_again(tmp_path: Path, page: LabelledDocument) -> None:
    text = labelled_row(page).encode("utf-8", "backslashreplace").decode()
    (again,) = _read(_write(tmp_path, "a.jsonl", text))
    assert replace(again, origin="") == page


def test_files_without_labels_and_ids_used_twice_pass_if_asked_for(tmp_path: Path) -> None:
    path = _write(tmp_path, "a.jsonl", f"{_record(labels='??')}\n{_record(labels='??')}\n")
    assert [page.codes for page in read_labelled([path], needs_labels=False)] == ["??", "??"]


JSONL_FAULTS = {
    "not JSON": ("{oops", "1: not JSON (.*); expected one page a line"),
    "number of 5,000 digits": (_record(id="?").replace('"?"', "9" * 5000), "1: not JSON"),
    "not an object": ("[1]", '1: the record is a list; expected an object with "id"'),
    "no id": (_record(id=None), '1: no "id"; a labelled page needs "id", "lines" and "labels"'),
    "no lines": ('{"id": "a", "labels": "c"}', '1: no "lines"; a labelled page needs'),
    "no labels": ('{"id": "a", "lines": ["b"]}', '1: no "labels"; a labelled page needs'),
    "empty lines": (_record(lines=[]), '1: "lines" must be a list of at least one string'),
    "lines as text": (_record(lines="ab"), '1: "lines" must be a list of at least one string'),
    "line not a string": (
        _record(lines=["a", 5]),
        "1: line 2 of the page is a int; every line must be a string",
    ),
    "line feed in a line": (
        _record(lines=["a", "b\nc"]),
        "1: line 2 of the page holds a line feed; split it in two lines",
    ),
    "spans not an object": (_record(spans=[[0, 1]]), '1: "spans" is a list; expected an object'),
    "spans of no line": (
        _record(spans={"2": [[0, 1]]}),
        "1: \"spans\" has line '2'; line indexes go",
    ),
    "spans of a line of 5,000 digits": (
        _record(spans={"0" * 5000: [[0, 1]]}),
        "1: \"spans\" has line '0+'; line indexes go",
    ),
    "spans not pairs": (_record(spans={"1": [3]}), "1: spans of line index 1: expected a list of"),
    "span behind the line": (
        _record(spans={"1": [[2, 5]]}),
        r"1: spans of line index 1: \[2, 5\] is empty, overlaps the one before, or ends",
    ),
    "spans that overlap": (_record(spans={"1": [[0, 2], [1, 3]]}), r"1: .* 1: \[1, 3\] is empty"),
    "unknown code": (
        _record(labels="cx"),
        r"1: unknown label code 'x' for line 2 of the page; codes are c s l b o \?",
    ),
    "unknown name": (
        _record(labels=["content", "advert"]),
        "1: line 2 of the page: unknown label 'advert'; labels are content, stuffing",
    ),
    "labels a number": (_record(labels=7), '1: "labels" is a int; expected one code a line'),
    "too few labels": (_record(labels="c"), "1: 2 lines but 1 labels; every line needs one label"),
    "same id twice": (
        f"{_record()}\n\n{_record()}",
        r"3: the id 'a/1' of source 'f' was already used at .*f\.jsonl:1; give every page",
    ),
}


@pytest.mark.parametrize(("text", "message"), JSONL_FAULTS.values(), ids=JSONL_FAULTS)
def test_a_fault_in_jsonl_is_named_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    path = _write(tmp_path, "f.jsonl", text + "\n")
    with pytest.raises(InputError, match=rf"^{path}:{message}"):
        _read(path)


TABBED_FAULTS = {
    "no tab": ("ok\tc\nno label\n", "2: no label; write the line, a tab, then its label"),
    "unknown label": ("ok\tc\nbad\tad\n", "2: unknown label 'ad'; labels are content"),
    "empty label": ("bad\t\n", "1: unknown label ''; labels are content"),
}


@pytest.mark.parametrize(("text", "message"), TABBED_FAULTS.values(), ids=TABBED_FAULTS)
def test_a_fault_in_the_tabbed_form_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = _write(tmp_path, "f.tsv", text)
    with pytest.raises(InputError, match=f"^{path}:{message}"):
        _read(path)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("e.jsonl", b"", ": the file is empty; expected at least one labelled page"),
        ("e.tsv", b"\n \n", ": the file is empty"),
        ("m.jsonl", _record(labels="??").encode(), ": no line has a label; label some lines"),
        ("u.tsv", b"ok\tc\nM\xfcll\tc\n", ":2: byte 2 of the line is not UTF-8; convert"),
        ("z.jsonl.gz", b"plain", ": cannot be read .*; make the file anew"),
        ("t.jsonl.gz", gzip.compress(_record().encode())[:-9], ": cannot be read"),
        ("p.txt", b"x", ": not a name of labelled pages; use .jsonl, .tsv"),
    ],
    ids=["empty", "blank", "all masked", "not UTF-8", "not gzip", "cut short", "other suffix"],
)
def test_an_unusable_file_is_named(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(InputError, match=f"^{path}{message}"):
        _read(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"gone\.jsonl: no such file or folder"):
        _read(tmp_path / "gone.jsonl")


def test_a_folder_without_labelled_pages_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no labelled pages in this folder; expected files named"):
        _read(tmp_path)


@pytest.mark.parametrize(
    ("identifier", "url", "group"),
    [
        ("dev/1", "http://News.Example:81/x", "news.example"),
        ("dev/1", "www.example.gr/x", "example.gr"),
        ("dev/1", "http://www2.example.gr/x", "example.gr"),
        ("dev/1", "https://en.blog.site.example/x", "site.example"),
        ("dev/1", "https://sport.site.co.uk/x", "site.co.uk"),
        ("dev/1", "https://site.co.uk/x", "site.co.uk"),
        ("dev/1", "https://co.uk/x", "co.uk"),
        ("dev/1", "https://sport.site.com/x", "site.com"),
        ("dev/1", "http://192.0.2.17:8000/x", "192.0.2.17"),
        ("dev/1", "http://[2001:db8::1]/x", "2001:db8::1"),
        ("dev/1", "http://localhost/x", "localhost"),
        ("dev/1", "https://web.archive.org/web/20220721id_/https://www.a.example/b", "a.example"),
        ("shop/cake", "/recipes/12", "shop"),
        ("x", "http://[broken", "x"),
        ("repo/site/terms.html", "", "repo/site"),
        ("/srv/pages/1", "", "srv/pages"),
        ("page-3", "", "page-3"),
    ],
)
def test_a_page_is_grouped_by_its_site_or_family(identifier: str, url: str, group: str) -> None:
    assert group_of(identifier, url=url) == group


def test_a_stated_group_wins(tmp_path: Path) -> None:
    text = _record(url="https://a.example/", group="family-1")
    (page,) = _read(_write(tmp_path, "a.jsonl", text))
    assert page.group == "family-1"


def test_the_tiny_pages_have_every_label_many_sites_and_scripts() -> None:
    pages = _read(TINY_PAGES)
    assert len(pages) >= 24
    assert len({page.group for page in pages}) >= 8
    assert len({page.language for page in pages}) >= 10
    assert set("".join(page.codes for page in pages)) == set("cslbo?")


@pytest.mark.corpora
def test_a_page_is_in_one_group_in_whatever_corpus_it_is(corpora: Path) -> None:
    groups: dict[str, set[str]] = {}
    for page in read_labelled(
        [corpora / "gold", corpora / "pages", corpora / "spam/pages.jsonl.gz"]
    ):
        groups.setdefault(page.id, set()).add(page.group)
    assert [page for page, found in groups.items() if len(found) > 1] == []


@pytest.mark.corpora
def test_no_group_of_the_corpora_fills_a_fold(corpora: Path) -> None:
    lines: dict[str, int] = {}
    for page in read_labelled(
        [corpora / "gold", corpora / "pages", corpora / "spam/pages.jsonl.gz"]
    ):
        lines[page.group] = lines.get(page.group, 0) + len(page.lines)
    assert max(lines.values()) < sum(lines.values()) / 20


def test_a_group_may_be_called_0(tmp_path: Path) -> None:
    rows = [
        {"id": f"p{number}", "group": number // 2, "lines": ["Ein Satz."], "labels": "c"}
        for number in range(4)
    ]
    path = tmp_path / "pages.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    assert [page.group for page in read_labelled([path])] == ["0", "0", "1", "1"]
