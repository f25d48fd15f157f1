"""Lists of sources are checked; that of the project names every file and origin there is."""

import gzip
import json
import tomllib
from pathlib import Path

import pytest

from classifier.corpus.sources import SourceFile, read_sources
from classifier.errors import InputError

SHA = "ab" * 32
ENTRY = """
[[source]]
name = "moore"
origin = "example/moore"
commit = "0f3c"
licence = "CC0-1.0"
into = ["pages/moore"]
taken = "Seiten über Moore."
"""
FILE = f"""
[[source.file]]
url = "https://example.org/moore.gz"
sha256 = "{SHA}"
path = "moore/moore.gz"
"""


def listed(folder: Path, text: str) -> Path:
    path = folder / "sources.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_sources_are_read_with_their_files(tmp_path: Path) -> None:
    (source,) = read_sources(listed(tmp_path, ENTRY + FILE)).values()
    assert (source.name, source.licence, source.into) == ("moore", "CC0-1.0", ("pages/moore",))
    assert source.files == (SourceFile("https://example.org/moore.gz", SHA, "moore/moore.gz"),)


def test_a_source_without_files_is_documentation(tmp_path: Path) -> None:
    assert read_sources(listed(tmp_path, ENTRY))["moore"].files == ()


FAULTS = {
    "not TOML": ("[[source", "not TOML in UTF-8"),
    "no sources": ("source = 3", "source: expected tables"),
    "key less": (ENTRY.replace("licence", "license"), r"source 1 \(moore\): no 'licence'"),
    "key more": (ENTRY + "more = 1", "unknown key 'more'; expected name, origin"),
    "empty text": (ENTRY.replace('"0f3c"', '" "'), "'commit' must be a text that is not empty"),
    "into a text": (ENTRY.replace('["pages/moore"]', '"pages"'), "'into' must be a list"),
    "twice": (ENTRY + ENTRY, "source 'moore' is there twice"),
    "file of disk": (ENTRY + FILE.replace("https://", "file:///"), "no address to fetch from"),
    "short checksum": (ENTRY + FILE.replace(SHA, "abc"), "'abc' is no sha256; expected 64"),
    "path up": (ENTRY + FILE.replace("moore/moore", "../moore"), "leads out of the cache"),
    "path of root": (ENTRY + FILE.replace('"moore/', '"/etc/'), "leads out of the cache"),
    "one path twice": (ENTRY + FILE + FILE, "both keep a file at moore/moore.gz"),
}


@pytest.mark.parametrize(("text", "message"), FAULTS.values(), ids=FAULTS)
def test_faults_are_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=f"sources.toml: .*{message}|sources.toml: {message}"):
        read_sources(listed(tmp_path, text))


def test_a_missing_list_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file; name a list of sources with --sources"):
        read_sources(tmp_path / "none.toml")


def test_the_list_of_the_project_covers_every_collection(repo_root: Path) -> None:
    sources = read_sources(repo_root / "data" / "sources.toml").values()
    with (repo_root / "data" / "manifest.toml").open("rb") as stream:
        collections = tomllib.load(stream)["collection"]
    files = {entry["file"].removesuffix(".jsonl.gz") for entry in collections}
    assert {name for source in sources for name in source.into} == files
    origins = {(*source.into, source.origin, source.licence) for source in sources}
    for entry in collections:
        if not entry["origin"].startswith("several"):
            name = entry["file"].removesuffix(".jsonl.gz")
            assert (name, entry["origin"], entry["licence"]) in origins


@pytest.mark.corpora
def test_the_list_of_the_project_names_every_source_of_the_rows(
    repo_root: Path, corpora: Path
) -> None:
    sources = read_sources(repo_root / "data" / "sources.toml")
    for part in ("clean", "spam"):
        for path in sorted((corpora / part).glob("*.jsonl.gz")):
            with gzip.open(path, "rt", encoding="utf-8") as stream:
                names = {json.loads(row)["source"] for row in stream}
            name = f"{part}/{path.name.removesuffix('.jsonl.gz')}"
            assert names == {one.name for one in sources.values() if name in one.into}
