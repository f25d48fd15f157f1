"""Many sources are one stream of documents; what cannot be read is said and not passed over."""

import gzip
import os
import threading
from pathlib import Path

import pytest

from classifier.errors import InputError
from classifier.io.formats import find_sources
from classifier.io.reading import SourceReader, read_documents, total_bytes


def texts_of(*paths: Path) -> list[str]:
    return [each.text for each in read_documents(find_sources([str(path) for path in paths]))]


def test_documents_of_a_folder_follow_one_another(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "b.jsonl").write_text('{"text": "b"}\n{"text": "c"}\n')
    assert texts_of(tmp_path) == ["a", "b", "c"]


def test_bad_input_ends_reading_after_what_came_before(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "a"}\n{"text": "b"}\n{"text": 3}\n')
    (tmp_path / "b.txt").write_text("never read")
    documents = read_documents(find_sources([str(tmp_path)]))
    assert [next(documents).text, next(documents).text] == ["a", "b"]
    with pytest.raises(InputError, match=r"a\.jsonl:3: 'text' is a number"):
        next(documents)


def test_read_bytes_come_to_the_total(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("abc")
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(b'{"text": "b"}\n' * 50))
    sources = find_sources([str(tmp_path)])
    reader = SourceReader()
    assert reader.read_bytes == 0
    for source in sources:
        assert list(reader.pieces(source))
    assert reader.read_bytes == total_bytes(sources)


def test_total_bytes_of_standard_input_are_unknown() -> None:
    assert total_bytes(find_sources(["-"])) is None


def test_file_gone_after_listing_is_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("a")
    sources = find_sources([str(path)])
    path.unlink()
    with pytest.raises(InputError, match="cannot be read: No such file"):
        list(read_documents(sources))


@pytest.mark.skipif(os.name != "posix", reason="named pipes are POSIX")
def test_named_pipe_is_read(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_text, args=["through the pipe"])
    writer.start()
    assert texts_of(path) == ["through the pipe"]
    assert total_bytes(find_sources([str(path)])) is None
    writer.join()
