"""Packed files are read whole or said to be broken, whoever packed them."""

import gzip
import io
import json
import random
import shutil
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
import zstandard

from classifier.errors import InputError, MissingExtraError
from classifier.io.compression import gzip_member, open_packed, open_unpacked
from classifier.io.extras import optional_module
from classifier.io.formats import find_sources
from classifier.io.jsonl import parse_jsonl
from classifier.io.reading import SourceReader, read_documents

TEXT = "Die Brücke ist offen. 橋が開通した。\n" * 20_000


def unpacked(data: bytes, suffix: str) -> bytes:
    with ExitStack() as stack:
        return open_unpacked(io.BytesIO(data), suffix, stack).read()


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
def test_what_is_packed_is_unpacked(suffix: str) -> None:
    raw = io.BytesIO()
    with ExitStack() as stack:
        stream = open_packed(raw, suffix, stack)
        for start in range(0, len(TEXT), 1000):
            stream.write(TEXT[start : start + 1000].encode())
    assert unpacked(raw.getvalue(), suffix).decode() == TEXT
    assert len(raw.getvalue()) < len(TEXT.encode()) or not suffix


def test_members_and_frames_end_to_end_are_one_file() -> None:
    assert unpacked(gzip_member(b"a") + gzip.compress(b"b"), ".gz") == b"ab"
    frames = zstandard.compress(b"a") + zstandard.compress(b"b" * 300_000)
    assert unpacked(frames, ".zst") == b"a" + b"b" * 300_000


def test_same_bytes_give_the_same_member() -> None:
    assert gzip_member(b"same") == gzip_member(b"same")
    assert gzip.decompress(gzip_member(b"same")) == b"same"


def test_file_of_the_zstd_command_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    command = shutil.which("zstd")
    if command is None:
        pytest.skip("no zstd command here")
    subprocess.run([command, "-q", "--rm", str(path)], check=True)
    assert [each.text for each in read_documents(find_sources([str(tmp_path)]))] == [TEXT]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt.zst", zstandard.compress(TEXT.encode())[:-20]),
        ("a.txt.zst", zstandard.compress(TEXT.encode()) + b"more"),
        ("a.txt.zst", b"plain text"),
        ("a.txt.gz", gzip.compress(TEXT.encode())[:-9]),
        ("a.txt.gz", b"plain text"),
    ],
    ids=["zst cut", "zst and more", "no zst", "gz cut", "no gz"],
)
def test_broken_packing_is_said(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    kind = "zstd" if name.endswith("zst") else "gzip"
    with pytest.raises(InputError, match=f"{name}: broken {kind} data; download"):
        list(read_documents(find_sources([str(tmp_path / name)])))


def test_missing_package_names_the_extra() -> None:
    with pytest.raises(MissingExtraError, match=r"no_such is not installed. .*linespam\[zstd\]'$"):
        optional_module("no_such.part", "zstd")


@pytest.mark.parametrize(
    ("suffix", "damaged"),
    [
        (".gz", lambda data: gzip.compress(data) + b"junk"),
        (".gz", lambda data: gzip.compress(data)[:-2000]),
        (".zst", lambda data: zstandard.compress(data)[:-2000]),
    ],
    ids=["gz and junk", "gz cut", "zst cut"],
)
def test_what_came_before_broken_packing_is_kept(
    tmp_path: Path, suffix: str, damaged: Callable[[bytes], bytes]
) -> None:
    rng = random.Random(4)  # noqa: S311 - the same lines every time
    words = ["".join(rng.choices("abcdefghij", k=7)) for _ in range(60_000)]
    rows = [json.dumps({"text": " ".join(words[at : at + 6])}) for at in range(0, 60_000, 6)]
    path = tmp_path / f"a.jsonl{suffix}"
    path.write_bytes(damaged("".join(f"{row}\n" for row in rows).encode()))
    (source,) = find_sources([str(path)])
    *pieces, last = SourceReader().pieces(source)
    found = [item.text for piece in pieces for item in parse_jsonl(piece, source)]
    assert last.is_file
    assert "data; download or pack the file again" in last.fault
    assert len(found) > 0.7 * len(rows)
    assert found == [json.loads(row)["text"] for row in rows[: len(found)]]
