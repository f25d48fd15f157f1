"""A short fuzz in every test run, and everything that was ever found, again."""

from pathlib import Path

import fuzz
import pytest
import targets
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from strategies import changed_seeds

FINDINGS = sorted(
    path for path in (Path(__file__).parent / "findings").glob("*/*") if path.is_file()
)

EXTRAS = {
    "html": "resiliparse",
    "warc": "fastwarc",
    "wet": "fastwarc",
    "parquet": "pyarrow",
    "zstd": "zstandard",
}


@pytest.mark.parametrize("name", list(targets.TARGETS))
def test_bytes_near_the_known_raise_nothing_but_our_errors(name: str) -> None:
    if name in EXTRAS:
        pytest.importorskip(EXTRAS[name])

    @settings(deadline=None, max_examples=25, suppress_health_check=list(HealthCheck))
    @given(changed_seeds(name))
    def attempt(data: bytes) -> None:
        targets.run(name, data)

    attempt()


@pytest.mark.parametrize("name", list(targets.TARGETS))
def test_seeds_are_sound(name: str) -> None:
    if name in EXTRAS:
        pytest.importorskip(EXTRAS[name])
    for data in targets.seeds(name):
        targets.run(name, data)


@pytest.mark.parametrize("path", FINDINGS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_what_was_found_stays_mended(path: Path) -> None:
    targets.run(path.parent.name, path.read_bytes())


@given(st.text(st.characters(categories=None)))
def test_every_text_can_be_reached(text: str) -> None:
    assert targets.text_of(targets.bytes_of(text)) == text


def test_a_planted_fault_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(data: bytes) -> None:
        if b"\xff" in data:
            raise ValueError("planted")

    monkeypatch.setitem(targets.TARGETS, "text", faulty)
    targets.run("text", b"a")
    with pytest.raises(ValueError, match="planted"):
        targets.run("text", b"\xff")


def test_what_was_reached_is_a_seed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = targets.seeds("gzip")
    monkeypatch.setattr(targets, "CORPUS", tmp_path / "corpus")
    before = targets.seeds("gzip")
    targets.add_to_corpus("gzip", [b"\x00\xff", b"a", b""])
    targets.add_to_corpus("gzip", [b"a", b"b"])
    assert sorted(targets.seeds("gzip")) == sorted([*before, b"a", b"b", b"\x00\xff"])
    assert sound[: len(before)] == before


def test_inputs_that_reach_more_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("atheris", "zstandard"):
        pytest.importorskip(name)
    monkeypatch.setattr(targets, "CORPUS", tmp_path / "corpus")
    monkeypatch.setattr(fuzz, "KEPT", tmp_path / "kept")
    (sound,) = targets.seeds("zstd")
    reached = [sound * 2, sound[:-1], targets._zstd(b'{"text": 1}\n')]
    (tmp_path / "kept" / "zstd").mkdir(parents=True)
    for number, data in enumerate([*reached, sound]):
        (tmp_path / "kept" / "zstd" / str(number)).write_bytes(data)
    fuzz._keep("zstd")
    assert sorted(targets.seeds("zstd")) == sorted([sound, *reached])


def test_spans_that_are_fuzzed_are_found() -> None:
    found = [targets._spans_of([text]) for text in targets.TEXTS]
    assert sum(map(bool, found)) >= 3
