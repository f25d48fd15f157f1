"""Fetching, against a server in this process: fresh, resumed, cut short, wrong, without ranges."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from classifier.corpus.fetch import Outcome, fetch_file
from classifier.corpus.sources import SourceFile
from classifier.errors import InputError

BODY = bytes(range(256)) * 4000
"""About a megabyte: more than is read at once."""


@dataclass
class Site:
    """What the server gives, and what it was asked for."""

    body: bytes = BODY
    knows_ranges: bool = True
    states_length: bool = True
    breaks_after: int | None = None
    status: int | None = None
    ranges: list[str | None] = field(default_factory=list)
    port: int = 0

    def file(self, body: bytes = BODY) -> SourceFile:
        digest = hashlib.sha256(body).hexdigest()
        return SourceFile(f"http://127.0.0.1:{self.port}/data.bin", digest, "deep/data.bin")


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    state = Site()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range")
            state.ranges.append(asked)
            if state.status:
                self.send_error(state.status)
                return
            start = int(asked[6:-1]) if asked and state.knows_ranges else 0
            if start >= len(state.body):
                self.send_error(416)
                return
            self.send_response(206 if start else 200)
            if state.states_length:
                self.send_header("Content-Length", str(len(state.body) - start))
            self.end_headers()
            self.wfile.write(state.body[start : state.breaks_after])

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    state.port = server.server_port
    thread = Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield state
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "data.bin"


@pytest.fixture
def partial(tmp_path: Path) -> Path:
    return tmp_path / "deep" / "data.bin.part"


def begun(partial: Path, data: bytes) -> None:
    partial.parent.mkdir()
    partial.write_bytes(data)


def test_a_file_is_fetched_and_then_read_from_the_cache(
    site: Site, tmp_path: Path, target: Path, partial: Path
) -> None:
    assert fetch_file(site.file(), tmp_path) is Outcome.FETCHED
    assert target.read_bytes() == BODY
    assert not partial.exists()
    assert fetch_file(site.file(), tmp_path) is Outcome.CACHED
    assert site.ranges == [None]


def test_a_download_goes_on_where_it_was_cut_short(
    site: Site, tmp_path: Path, target: Path, partial: Path
) -> None:
    begun(partial, BODY[:1000])
    assert fetch_file(site.file(), tmp_path) is Outcome.RESUMED
    assert target.read_bytes() == BODY
    assert site.ranges == ["bytes=1000-"]


def test_a_connection_that_breaks_leaves_what_came_for_the_next_run(
    site: Site, tmp_path: Path, target: Path, partial: Path
) -> None:
    site.breaks_after = 300_000
    with pytest.raises(InputError, match=r"broke after 300,000 of 1,024,000 bytes; run the"):
        fetch_file(site.file(), tmp_path)
    assert not target.exists()
    assert partial.read_bytes() == BODY[:300_000]
    site.breaks_after = None
    assert fetch_file(site.file(), tmp_path) is Outcome.RESUMED
    assert target.read_bytes() == BODY
    assert site.ranges == [None, "bytes=300000-"]


def test_an_interrupted_run_keeps_what_came(site: Site, tmp_path: Path, partial: Path) -> None:
    def interrupt(there: int, _size: int | None) -> None:
        if there >= 400_000:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fetch_file(site.file(), tmp_path, on_progress=interrupt)
    assert 400_000 <= partial.stat().st_size < len(BODY)
    assert fetch_file(site.file(), tmp_path) is Outcome.RESUMED


def test_a_server_without_ranges_is_asked_for_all_of_it(
    site: Site, tmp_path: Path, target: Path, partial: Path
) -> None:
    site.knows_ranges = False
    begun(partial, b"something old")
    assert fetch_file(site.file(), tmp_path) is Outcome.FETCHED
    assert target.read_bytes() == BODY


def test_a_download_that_is_whole_already_is_taken(
    site: Site, tmp_path: Path, target: Path, partial: Path
) -> None:
    begun(partial, BODY)
    assert fetch_file(site.file(), tmp_path) is Outcome.RESUMED
    assert target.read_bytes() == BODY


def test_a_download_longer_than_the_file_is_begun_anew(
    site: Site, tmp_path: Path, target: Path, partial: Path
) -> None:
    begun(partial, BODY + b"more")
    assert fetch_file(site.file(), tmp_path) is Outcome.FETCHED
    assert target.read_bytes() == BODY
    assert site.ranges == ["bytes=1024004-", None]


def test_another_checksum_is_refused_and_nothing_kept(
    site: Site, tmp_path: Path, target: Path, partial: Path
) -> None:
    site.body = BODY[:-1] + b"!"
    with pytest.raises(InputError, match=r"sha256 differs from the one pinned for deep/data.bin "):
        fetch_file(site.file(), tmp_path)
    assert not target.exists()
    assert not partial.exists()


def test_a_wrong_beginning_is_noticed_and_not_kept(
    site: Site, tmp_path: Path, target: Path, partial: Path
) -> None:
    begun(partial, b"?" * 1000)
    with pytest.raises(InputError, match="sha256 differs"):
        fetch_file(site.file(), tmp_path)
    assert fetch_file(site.file(), tmp_path) is Outcome.FETCHED
    assert target.read_bytes() == BODY


def test_a_changed_file_in_the_cache_is_refused_and_left_alone(
    site: Site, tmp_path: Path, target: Path
) -> None:
    target.parent.mkdir()
    target.write_bytes(b"mine")
    with pytest.raises(InputError, match=r"sha256 differs .* delete data.bin and fetch it again"):
        fetch_file(site.file(), tmp_path)
    assert target.read_bytes() == b"mine"
    assert site.ranges == []


def test_a_server_that_does_not_say_how_long_the_file_is(site: Site, tmp_path: Path) -> None:
    site.states_length = False
    seen: list[tuple[int, int | None]] = []
    outcome = fetch_file(site.file(), tmp_path, on_progress=lambda *step: seen.append(step))
    assert outcome is Outcome.FETCHED
    assert seen[-1] == (len(BODY), None)


def test_progress_counts_what_was_there_before(site: Site, tmp_path: Path, partial: Path) -> None:
    begun(partial, BODY[:1000])
    seen: list[tuple[int, int | None]] = []
    fetch_file(site.file(), tmp_path, on_progress=lambda *step: seen.append(step))
    assert seen[-1] == (len(BODY), len(BODY))
    assert seen[0][0] > 1000


def test_what_the_server_refuses_is_said(site: Site, tmp_path: Path) -> None:
    site.status = 404
    with pytest.raises(InputError, match=r"the server answers 404 Not Found; check the address"):
        fetch_file(site.file(), tmp_path)


def test_a_server_that_is_not_there_is_said(site: Site, tmp_path: Path) -> None:
    # Port 9 (discard) of this machine: nothing listens there.
    file = replace(site.file(), url="http://127.0.0.1:9/data.bin")
    with pytest.raises(InputError, match=r"cannot be fetched \(.*\); run the command again"):
        fetch_file(file, tmp_path)
