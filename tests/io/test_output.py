"""Files appear whole or not at all."""

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

from classifier.errors import ConfigError
from classifier.io.output import open_output


def test_file_appears_when_the_block_ends(tmp_path: Path) -> None:
    target = tmp_path / "out.txt"
    with open_output(str(target)) as stream:
        stream.write(b"a")
        assert not target.exists()
    assert target.read_bytes() == b"a"
    assert [path.name for path in tmp_path.iterdir()] == ["out.txt"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("name", ["out.txt", "out.txt.gz"])
def test_failed_block_leaves_things_as_they_were(
    tmp_path: Path, error: type[BaseException], name: str
) -> None:
    target = tmp_path / name
    target.write_bytes(b"old")

    def write_and_fail() -> None:
        with open_output(str(target)) as stream:
            stream.write(b"half")
            raise error

    with pytest.raises(error):
        write_and_fail()
    assert target.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_link_is_written_through(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to(tmp_path / "real.txt")
    with open_output(str(tmp_path / "link.txt")) as stream:
        stream.write(b"new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new"


def test_packed_file_is_the_same_bytes_every_time(tmp_path: Path) -> None:
    for name in ("a.gz", "b.gz"):
        with open_output(str(tmp_path / name)) as stream:
            stream.write(b"same" * 100)
    assert (tmp_path / "a.gz").read_bytes() == (tmp_path / "b.gz").read_bytes()
    assert gzip.decompress((tmp_path / "a.gz").read_bytes()) == b"same" * 100


def test_file_in_no_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written"), open_output(f"{tmp_path}/no/out"):
        pass


WRITE = """
import sys
from classifier.io.output import OutputClosedError, open_output
try:
    with open_output("-") as stream:
        stream.write(b"x" * 1_000_000)
except OutputClosedError:
    sys.stderr.write("closed")
"""


@pytest.mark.skipif(os.name != "posix", reason="pipes close quietly on POSIX only")
@pytest.mark.parametrize("unbuffered", ["", "1"], ids=["buffered", "unbuffered"])
@pytest.mark.parametrize("is_read", [True, False], ids=["read", "closed"])
def test_standard_output_takes_all_or_says_it_is_closed(
    repo_root: Path, unbuffered: str, *, is_read: bool
) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITE],
        cwd=repo_root,
        env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    with process:
        assert process.stdout is not None
        assert process.stderr is not None
        if is_read:
            assert len(process.stdout.read()) == 1_000_000
        else:
            process.stdout.read(1)
            process.stdout.close()
        assert process.stderr.read() == (b"" if is_read else b"closed")
