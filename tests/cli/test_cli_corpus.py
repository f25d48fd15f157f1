"""``linespam corpus build``, ``fetch`` and ``align``, as a user calls them."""

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from classifier.corpus.fetch import Outcome
from classifier.corpus.layout import file_digest
from classifier.training.labelled import read_labelled

Run = Callable[..., Any]

TINY_PAGES = Path(__file__).resolve().parents[1] / "cases" / "tiny_pages.jsonl"


@pytest.fixture
def corpora(tmp_path: Path) -> Path:
    folder = tmp_path / "corpora" / "pages"
    folder.mkdir(parents=True)
    (folder / "tiny.jsonl").write_bytes(TINY_PAGES.read_bytes())
    return folder.parent


def test_build_writes_pages_that_training_reads(tmp_path: Path, corpora: Path, run: Run) -> None:
    output = tmp_path / "new" / "built"
    finished = run("corpus", "build", corpora, "-o", output, "--made", "5", "--seed", "3")
    assert (finished.code, finished.out) == (0, b"")
    assert "left out, see manifest.json" in finished.err
    pages = list(read_labelled([output / "documents.jsonl.gz"]))
    assert sum(page.collection == "made" for page in pages) == 5
    manifest = json.loads((output / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["settings"]["seed"] == 3
    assert manifest["total"]["documents"] == len(pages)
    names = ("documents.jsonl.gz", "spanned.jsonl.gz")
    assert manifest["files"] == {name: file_digest(output / name) for name in names}
    assert manifest["created_with"].startswith("linespam ")


def test_build_gives_the_same_bytes_again(tmp_path: Path, corpora: Path, run: Run) -> None:
    outputs = [tmp_path / "one", tmp_path / "two"]
    for output in outputs:
        assert run("corpus", "build", corpora, "-o", output, "--made", "5", "-q").err == ""
    for name in ("documents.jsonl.gz", "spanned.jsonl.gz", "manifest.json"):
        assert (outputs[0] / name).read_bytes() == (outputs[1] / name).read_bytes()


def test_build_replaces_what_it_wrote_before(tmp_path: Path, corpora: Path, run: Run) -> None:
    for made in ("0", "3"):
        run("corpus", "build", corpora, "-o", tmp_path, "--made", made, "-q")
    manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["settings"]["n_made"] == 3


def test_build_without_lexicons_says_what_to_do(tmp_path: Path, corpora: Path, run: Run) -> None:
    finished = run("corpus", "build", corpora, "-o", tmp_path / "b", "--data", tmp_path)
    assert finished.code == 1
    assert "no lexicons to make pages with; name a folder that has some with --data" in finished.err
    assert not (tmp_path / "b").exists()
    fewer = ("--data", tmp_path, "--made", "0", "-q")
    assert run("corpus", "build", corpora, "-o", tmp_path / "b", *fewer).code == 0


def test_build_of_nothing_is_one_sentence(tmp_path: Path, run: Run) -> None:
    finished = run("corpus", "build", tmp_path, "-o", tmp_path / "b", "-q")
    assert finished.code == 1
    assert finished.err.startswith(f"linespam: {tmp_path}: no labelled pages here")
    assert finished.err.count("\n") == 1


SOURCES = """
[[source]]
name = "told"
origin = "example/told"
commit = "not recorded"
licence = "CC0-1.0"
into = ["pages/told"]
taken = "Nothing."

[[source]]
name = "pinned"
origin = "example/pinned"
commit = "0f3c"
licence = "CC0-1.0"
into = ["pages/pinned"]
taken = "One page."

[[source.file]]
url = "https://example.invalid/page"
sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
path = "pinned/page"
"""


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    path = tmp_path / "sources.toml"
    path.write_text(SOURCES, encoding="utf-8")
    return path


def test_fetch_reads_the_cache(tmp_path: Path, sources: Path, run: Run) -> None:
    kept = tmp_path / "cache" / "pinned" / "page"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"abc")
    finished = run("corpus", "fetch", "--cache", tmp_path / "cache", "--sources", sources)
    assert finished.text == f"pinned: {kept} cached\n"
    assert "1 of 2 sources have no address and checksum on record" in finished.err


def test_fetch_tells_how_far_it_is(
    tmp_path: Path, sources: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fetch(_file: object, _cache: Path, *, on_progress: Callable[[int, int], None]) -> Outcome:
        on_progress(1, 2)
        return Outcome.RESUMED

    monkeypatch.setattr("classifier.cli.corpus_run.fetch_file", fetch)
    finished = run("corpus", "fetch", "pinned", "--cache", tmp_path, "--sources", sources)
    assert finished.text == f"pinned: {tmp_path / 'pinned' / 'page'} resumed\n"
    assert finished.err == "fetching pinned/page\n"


def test_fetch_says_when_there_is_nothing_to_fetch(tmp_path: Path, sources: Path, run: Run) -> None:
    finished = run("corpus", "fetch", "told", "--cache", tmp_path, "--sources", sources)
    assert finished.code == 0
    assert finished.text.startswith("told: nothing to fetch; no address and checksum are on record")
    assert "origin: example/told; commit: not recorded; licence: CC0-1.0" in finished.text


def test_fetch_refuses_an_unknown_name(tmp_path: Path, sources: Path, run: Run) -> None:
    finished = run("corpus", "fetch", "other", "--cache", tmp_path, "--sources", sources)
    assert finished.code == 1
    assert finished.err == (
        f"linespam: {sources}: has no source 'other'; names are those of its entries\n"
    )


PAGE = """<!DOCTYPE html><title>Tûr</title><nav><ul><li>Destpêk<li>Têkilî</ul></nav>
<h1>Pira kevn a gund hat nûkirin</h1><p>Piştî du salan şivan dikarin dîsa ji ser çem derbas bibin.
<footer>Hemû maf parastî ne</footer>"""
ARTICLE = (
    "Pira kevn a gund hat nûkirin\nPiştî du salan şivan dikarin dîsa ji ser çem derbas bibin.\n"
)


@pytest.fixture
def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    monkeypatch.chdir(tmp_path)
    Path("site").mkdir()
    Path("site/page.html").write_text(PAGE, encoding="utf-8")
    Path("gold.txt").write_text(ARTICLE, encoding="utf-8")
    return "site/page.html", "gold.txt"


def test_align_writes_a_labelled_page(pair: tuple[str, str], run: Run) -> None:
    finished = run("corpus", "align", *pair, "-o", "labelled.jsonl", "--lang", "ku")
    assert finished.err == (
        "site/page.html: 2 lines content, 3 not, 0 uncertain or blank; 100% of the article found\n"
    )
    (page,) = read_labelled([Path("labelled.jsonl")])
    assert page.lines[2] == "Pira kevn a gund hat nûkirin"
    assert (page.codes, page.language, page.group) == ("oocco", "ku", "site")
    assert (page.id, page.source) == ("site/page.html", "aligned")


def test_align_groups_by_the_address(pair: tuple[str, str], run: Run) -> None:
    finished = run("corpus", "align", *pair, "--url", "https://www.gund.example/1", "-q")
    assert json.loads(finished.out)["group"] == "gund.example"
    assert finished.err == ""


def test_align_takes_the_lines_of_a_text_as_they_are(pair: tuple[str, str], run: Run) -> None:
    Path("page.txt").write_text(f"Destpêk\n\n{ARTICLE}<b>", encoding="utf-8")
    finished = run("corpus", "align", "page.txt", pair[1], "-q")
    assert json.loads(finished.out)["labels"] == "o?cco"


def test_align_packs_what_is_named_so(pair: tuple[str, str], run: Run) -> None:
    run("corpus", "align", *pair, "-o", "labelled.jsonl.gz", "-q")
    with gzip.open("labelled.jsonl.gz", "rt", encoding="utf-8") as stream:
        assert json.loads(stream.read())["labels"] == "oocco"


@pytest.mark.parametrize("place", [0, 1])
def test_align_does_not_write_over_its_inputs(pair: tuple[str, str], run: Run, place: int) -> None:
    before = Path(pair[place]).read_bytes()
    finished = run("corpus", "align", *pair, "-o", pair[place])
    assert "would be written over" in finished.err
    assert Path(pair[place]).read_bytes() == before


@pytest.mark.parametrize("name", ["page.html.gz", "page.txt.GZ"])
def test_align_reads_packed_pages(pair: tuple[str, str], run: Run, name: str) -> None:
    text = Path(pair[0]).read_text(encoding="utf-8") if ".html" in name else f"Destpêk\n{ARTICLE}"
    Path(name).write_bytes(gzip.compress(text.encode()))
    Path("gold.txt.gz").write_bytes(gzip.compress(ARTICLE.encode()))
    finished = run("corpus", "align", name, "gold.txt.gz", "-q")
    assert json.loads(finished.out)["labels"] == ("oocco" if ".html" in name else "occ?")


def test_align_of_what_is_no_page_is_one_sentence(pair: tuple[str, str], run: Run) -> None:
    Path("pages.jsonl").write_text('{"text": "a"}\n')
    finished = run("corpus", "align", "pages.jsonl", pair[1])
    assert finished.err == "linespam: pages.jsonl: is jsonl; give one page, as .html or .txt\n"


def test_align_of_a_page_without_text_is_one_sentence(pair: tuple[str, str], run: Run) -> None:
    Path("empty.html").write_text("<script>1</script>", encoding="utf-8")
    finished = run("corpus", "align", "empty.html", pair[1])
    assert finished.code == 1
    assert finished.err.startswith("linespam: empty.html: has no visible text")


def _cut(data: bytes) -> bytes:
    return gzip.compress(data)[:-12]


def _flipped(data: bytes) -> bytes:
    packed = bytearray(gzip.compress(data))
    packed[len(packed) // 2] ^= 255
    return bytes(packed)


@pytest.mark.parametrize("damaged", [_cut, _flipped, bytes], ids=["cut", "flipped", "no gzip"])
@pytest.mark.parametrize("which", [0, 1], ids=["page", "article"])
def test_align_says_which_packing_is_broken(
    tmp_path: Path, run: Run, damaged: Callable[[bytes], bytes], which: int
) -> None:
    text = "".join(f"The bridge of street {number} is open.\n" for number in range(200)).encode()
    files = [tmp_path / "page.txt.gz", tmp_path / "article.txt.gz"]
    for file in files:
        file.write_bytes(gzip.compress(text))
    files[which].write_bytes(damaged(text))
    finished = run("corpus", "align", *files)
    assert (finished.code, finished.out) == (1, b"")
    assert finished.err == (
        f"linespam: {files[which]}: broken gzip data; download or pack the file again\n"
    )
