"""The ledger believes only whole rows and files whose bytes are what they were."""

import os
from pathlib import Path

import pytest

from classifier.batch.ledger import WORK_FOLDER, Ledger, Shard, digest_of, digest_of_file
from classifier.batch.totals import Totals
from classifier.errors import ConfigError

ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
SHARD = Shard("ä.txt", "00", "11", {"ä.txt": ABC}, Totals(documents=1, content=2))


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    (tmp_path / WORK_FOLDER).mkdir()
    return Ledger(tmp_path)


def rows_file(folder: Path) -> Path:
    return folder / WORK_FOLDER / "ledger.jsonl"


def test_rows_come_back(ledger: Ledger) -> None:
    assert ledger.read() == ({}, None)
    ledger.start([])
    ledger.add(SHARD)
    assert ledger.read() == ({"ä.txt": SHARD}, None)
    ledger.close({"_errors.jsonl": "77"})
    assert ledger.read() == ({"ä.txt": SHARD}, {"_errors.jsonl": "77"})


@pytest.mark.parametrize(
    "torn", [b'{"input": "b', b"\xff\xfe", b"[]\n", b'{"input": "b"}\n', b"null\n", b"{}"]
)
def test_torn_rows_count_as_not_finished(ledger: Ledger, tmp_path: Path, torn: bytes) -> None:
    ledger.start([SHARD])
    with rows_file(tmp_path).open("ab") as stream:
        stream.write(torn)
    assert ledger.read() == ({"ä.txt": SHARD}, None)


def test_shard_is_intact_with_all_its_files(ledger: Ledger, tmp_path: Path) -> None:
    assert not ledger.is_intact(SHARD, without_aside=False)
    (tmp_path / "ä.txt").write_text("abd")
    assert not ledger.is_intact(SHARD, without_aside=False)
    (tmp_path / "ä.txt").write_text("abc")
    assert ledger.is_intact(SHARD, without_aside=False)
    aside = Shard("b", "", "", {"ä.txt": ABC, f"{WORK_FOLDER}/errors/b.jsonl": "00"}, Totals())
    assert not ledger.is_intact(aside, without_aside=False)
    assert ledger.is_intact(aside, without_aside=True)


def test_digests_tell_inputs_and_options_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("abc")
    assert digest_of_file(path) == ABC
    assert digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1}) != digest_of({"a": 1})


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write everywhere")
def test_ledger_that_cannot_be_written_says_so(ledger: Ledger, tmp_path: Path) -> None:
    ledger.start([])
    rows_file(tmp_path).chmod(0o400)
    with pytest.raises(ConfigError, match="cannot be written: Permission denied; what is finished"):
        ledger.add(SHARD)


def test_ledger_whose_folder_is_gone_says_so(ledger: Ledger, tmp_path: Path) -> None:
    (tmp_path / WORK_FOLDER).rmdir()
    with pytest.raises(ConfigError, match=r"ledger.jsonl: cannot be written: No such file"):
        ledger.add(SHARD)
