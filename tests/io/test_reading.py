"""Many sources are one stream that ends, with its reason kept, at the first bad one."""

import gzip
import os
import threading
from pathlib import Path

import pytest

from classifier.errors import InputError
from classifier.io.formats import find_sources
from classifier.io.reading import DocumentReader


def reader_of(*paths: Path) -> DocumentReader:
    return DocumentReader(find_sources([str(path) for path in paths]))


def test_last_document_of_each_source_is_marked(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "b.jsonl").write_text('{"text": "b"}\n{"text": "c"}\n')
    reader = reader_of(tmp_path)
    assert [(item.document.text, item.is_last) for item in reader] == [
        ("a", True),
        ("b", False),
        ("c", True),
    ]
    reader.raise_failure()


def test_bad_input_ends_reading_after_what_came_before(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "a"}\n{"text": "b"}\n{"text": 3}\n')
    (tmp_path / "b.txt").write_text("never read")
    reader = reader_of(tmp_path)
    assert [(item.document.text, item.is_last) for item in reader] == [("a", False), ("b", False)]
    with pytest.raises(InputError, match=r"a\.jsonl:3: 'text' is a number"):
        reader.raise_failure()


def test_read_bytes_come_to_the_total(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("abc")
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(b'{"text": "b"}\n' * 50))
    reader = reader_of(tmp_path)
    assert reader.read_bytes == 0
    assert len(list(reader)) == 51
    assert reader.read_bytes == reader.total_bytes


def test_total_bytes_of_standard_input_are_unknown() -> None:
    assert DocumentReader(find_sources(["-"])).total_bytes is None


def test_file_gone_after_listing_is_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("a")
    reader = reader_of(path)
    path.unlink()
    assert list(reader) == []
    with pytest.raises(InputError, match="cannot be read: No such file"):
        reader.raise_failure()


@pytest.mark.skipif(os.name != "posix", reason="named pipes are POSIX")
def test_named_pipe_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_text, args=["through the pipe"])
    writer.start()
    reader = reader_of(path)
    assert [item.document.text for item in reader] == ["through the pipe"]
    assert (reader.total_bytes, reader.read_bytes) == (None, 0)
    writer.join()
