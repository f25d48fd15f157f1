"""Runs into a folder: the same bytes whatever happened on the way and however many did it."""

import gc
import gzip
import json
import multiprocessing
import os
import shutil
import signal
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from classifier.batch.lock import alone_in
from classifier.batch.pool import Chunk, WorkerLostError, work_through
from classifier.batch.run import FolderRun
from classifier.batch.shards import ShardWriter
from classifier.batch.totals import Totals
from classifier.batch.worker import Task, Worker
from classifier.errors import ConfigError, InputError
from classifier.io.formats import find_sources

pytestmark = pytest.mark.usefixtures("small_pieces")


def rows_of(data: bytes) -> list[dict[str, Any]]:
    return [json.loads(row) for row in data.decode().splitlines()]


@pytest.mark.parametrize("output", ["clean", "jsonl"])
def test_result_does_not_depend_on_the_number_of_processes(
    run_into: Any, files_of: Any, inputs: Path, tmp_path: Path, output: str
) -> None:
    pq.write_table(
        pa.table({"text": ["menu\nDie Brücke ist offen."] * 400, "n": range(400)}),
        inputs / "z.parquet",
    )
    found = {}
    for jobs in (1, 2, 3):
        out, removed = tmp_path / f"out{jobs}", tmp_path / f"out{jobs}" / "_removed.jsonl"
        totals, _ = run_into(out, inputs, output=output, jobs=jobs, removed=removed)
        found[jobs] = (totals, files_of(out))
    assert found[1] == found[2] == found[3]
    totals, files = found[1]
    assert (totals.documents, totals.errors) == (200 * 3 + 90 + 50 + 11 + 400, 1 + 2 + 1)
    assert len(files) == 5 + 12 + 1 + 4  # a shard an input, errors, removed, ledger, lock


def test_shards_hold_a_row_for_each_record(run_into: Any, inputs: Path, tmp_path: Path) -> None:
    run_into(tmp_path / "out", inputs / "0.jsonl", output="documents")
    rows = rows_of((tmp_path / "out" / "0.jsonl").read_bytes())
    given = rows_of((inputs / "0.jsonl").read_bytes())
    assert [row["id"] for row in rows] == [row["id"] for row in given]
    assert [len(row["labels"]) for row in rows] == [row["text"].count("\n") + 1 for row in given]


def test_bad_records_are_listed_in_order(run_into: Any, inputs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    totals, _ = run_into(out, inputs)
    bad = rows_of((out / "_errors.jsonl").read_bytes())
    assert [(Path(row["file"]).name, row["record"]) for row in bad] == [
        ("3.jsonl.gz", 91),
        ("page05.txt", None),
        ("4.jsonl", 1),
        ("4.jsonl", 52),
    ]
    assert totals.errors == len(bad)
    assert len(gzip.decompress((out / "3.jsonl.gz").read_bytes()).splitlines()) == 90


def test_strict_run_stops_at_the_first_and_keeps_what_is_finished(
    run_into: Any, files_of: Any, inputs: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    with pytest.raises(InputError, match=r"3\.jsonl\.gz:91: broken JSON"):
        run_into(out, inputs, is_strict=True)
    assert set(files_of(out, hidden=False)) == {"0.jsonl", "1.jsonl", "2.jsonl"}


def test_counts_add_up_to_what_is_written(run_into: Any, inputs: Path, tmp_path: Path) -> None:
    removed = tmp_path / "removed.jsonl"
    totals, _ = run_into(tmp_path / "out", inputs / "0.jsonl", removed=removed)
    given, left = (
        [row["text"] for row in rows_of(path.read_bytes())]
        for path in (inputs / "0.jsonl", tmp_path / "out" / "0.jsonl")
    )
    assert totals.documents == len(given) == len(left)
    assert totals.characters == sum(map(len, given))
    assert totals.removed_characters == totals.characters - sum(map(len, left))
    assert totals.removed_lines == len(rows_of(removed.read_bytes()))
    assert totals.lines == sum(text.count("\n") + 1 for text in given)


class InterruptedRunError(Exception):
    """Stands for any end of a run in its middle."""


def interrupted_after(run: FolderRun, n_parts: int, *, resume: bool = False) -> None:
    seen = 0

    def stop(_: int, __: Totals) -> None:
        nonlocal seen
        seen += 1
        if seen == n_parts:
            raise InterruptedRunError

    with pytest.raises(InterruptedRunError):
        run.run(jobs=1, resume=resume, progress=stop)


@pytest.mark.parametrize("n_parts", [1, 5, 20, 33])
def test_interrupted_run_is_gone_on_with_to_the_same_bytes(
    run_into: Any, files_of: Any, model_folder: Path, inputs: Path, tmp_path: Path, n_parts: int
) -> None:
    out, removed = tmp_path / "out", tmp_path / "removed.jsonl"
    expected_totals, _ = run_into(out, inputs, removed=removed)
    expected, expected_removed = files_of(out), removed.read_bytes()
    shutil.rmtree(out)
    removed.unlink()
    task = Task("clean", model=model_folder, lists_removed=True)
    run = FolderRun(find_sources([str(inputs)]), Worker(task), out, str(removed))
    interrupted_after(run, n_parts)
    for name, data in files_of(out, hidden=False).items():
        assert data == expected[name]
    totals, n_before = run_into(out, inputs, removed=removed, resume=True)
    assert files_of(out) == expected
    assert removed.read_bytes() == expected_removed
    assert totals == expected_totals
    assert n_before < 17
    if n_parts > 20:
        assert n_before > 0


def changed_times(folder: Path, before: dict[str, int]) -> set[str]:
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file()
        and ".linespam" not in path.parts
        and before.get(str(path)) != path.stat().st_mtime_ns
    }


def times(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*")}


def test_finished_run_is_not_done_again(run_into: Any, inputs: Path, tmp_path: Path) -> None:
    out, removed = tmp_path / "out", tmp_path / "removed.jsonl"
    first, _ = run_into(out, inputs, removed=removed)
    before = times(out)
    again, n_before = run_into(out, inputs, removed=removed, resume=True)
    assert (again, n_before) == (first, 17)
    assert changed_times(out, before) == set()
    run_into(out, inputs, removed=removed)
    assert len(changed_times(out, before)) == 18


@pytest.mark.parametrize("change", ["input", "same size", "result", "removed result"])
def test_what_changed_is_done_again(
    run_into: Any, files_of: Any, inputs: Path, tmp_path: Path, change: str
) -> None:
    out = tmp_path / "out"
    run_into(out, inputs)
    before = times(out)
    if change == "input":
        (inputs / "0.jsonl").write_text('{"text": "Neu"}\n')
    elif change == "same size":
        text = (inputs / "0.jsonl").read_text()
        (inputs / "0.jsonl").write_text(text.replace('"0-0"', '"9-9"'))
    elif change == "result":
        (out / "0.jsonl").write_text("damaged")
    else:
        (out / "0.jsonl").unlink()
    run_into(out, inputs, resume=True)
    # what had bad records aside is made again with it, their list being one of the whole run
    assert {"0.jsonl"} <= changed_times(out, before)
    assert not {"1.jsonl", "2.jsonl"} & changed_times(out, before)
    run_into(tmp_path / "fresh", inputs)
    assert files_of(out) == files_of(tmp_path / "fresh")


def test_other_options_or_another_model_make_all_again(
    run_into: Any, inputs: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run_into(out, inputs / "0.jsonl", inputs / "1.jsonl")
    same, *others = (
        run_into(out, inputs / "0.jsonl", inputs / "1.jsonl", resume=True, **options)[1]
        for options in ({}, {"max_content_loss": 0.5}, {"removed": tmp_path / "r.jsonl"})
    )
    assert (same, others) == (2, [0, 0])


def test_small_files_are_made_again_with_their_neighbours(
    run_into: Any, files_of: Any, inputs: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run_into(out, inputs, output="jsonl")
    expected = files_of(out)
    (out / "page03.txt.jsonl").unlink()
    run_into(out, inputs, output="jsonl", resume=True)
    assert files_of(out) == expected


def test_input_gone_in_the_middle_stops_and_keeps_the_rest(
    model_folder: Path, files_of: Any, inputs: Path, tmp_path: Path
) -> None:
    sources = find_sources([str(inputs / "0.jsonl"), str(inputs / "1.jsonl")])
    run = FolderRun(sources, Worker(Task("clean", model=model_folder)), tmp_path / "out", None)
    (inputs / "1.jsonl").unlink()
    with pytest.raises((InputError, FileNotFoundError)):
        run.run(jobs=1, resume=False, progress=lambda *_: None)
    assert set(files_of(tmp_path / "out", hidden=False)) == {"0.jsonl"}


def test_output_folder_that_is_a_file_is_refused(
    run_into: Any, inputs: Path, tmp_path: Path
) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(ConfigError, match="cannot be written to"):
        run_into(tmp_path / "out", inputs)


def test_worker_that_is_killed_is_one_sentence(model_folder: Path, inputs: Path) -> None:
    worker = Worker(Task("jsonl", model=model_folder))
    others = set(multiprocessing.active_children())  # joblib's, which later tests go on using
    killed = []

    def chunks() -> Iterator[Chunk]:
        for number in range(10_000):
            if number == 6:
                workers = set(multiprocessing.active_children()) - others
                for pid in [process.pid for process in workers if process.pid]:
                    os.kill(pid, signal.SIGKILL)
                    killed.append(pid)
            yield Chunk((), number)

    with pytest.raises(WorkerLostError, match="go on with --resume, with fewer --jobs"):
        for _ in work_through(chunks(), worker, 2):
            pass
    assert len(killed) == 2


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is Linux")
def test_full_disk_stops_and_leaves_nothing_half(
    run_into: Any, files_of: Any, inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    opened = ShardWriter._open

    def on_full_disk(writer: ShardWriter, kind: str) -> Any:
        path = writer._part_of(kind)
        if (out / "1.jsonl").exists():
            path.symlink_to("/dev/full")
        return opened(writer, kind)

    monkeypatch.setattr(ShardWriter, "_open", on_full_disk)
    with pytest.raises(OSError, match="No space left"):
        run_into(out, inputs)
    assert set(files_of(out, hidden=False)) == {"0.jsonl", "1.jsonl"}
    assert set(files_of(out)) == {
        "0.jsonl",
        "1.jsonl",
        ".linespam/ledger.jsonl",
        ".linespam/lock",
    }
    monkeypatch.undo()
    run_into(out, inputs, resume=True)
    run_into(tmp_path / "fresh", inputs)
    assert files_of(out, hidden=False) == files_of(tmp_path / "fresh", hidden=False)


@pytest.mark.skipif(os.name != "posix", reason="locks are POSIX")
def test_second_run_into_the_folder_is_refused(run_into: Any, inputs: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / ".linespam").mkdir(parents=True)
    with (
        alone_in(out, out / ".linespam"),
        pytest.raises(ConfigError, match="another run is writing into it"),
    ):
        run_into(out, inputs)
    run_into(out, inputs / "0.jsonl")


def test_damage_of_the_same_size_is_made_again(
    run_into: Any, files_of: Any, inputs: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    run_into(out, inputs)
    expected = files_of(out)
    for name in ("0.jsonl", "_errors.jsonl"):
        (out / name).write_bytes(b" " * len(expected[name]))
        run_into(out, inputs, resume=True)
        assert files_of(out) == expected


def test_strict_run_does_not_take_over_shards_with_bad_records(
    run_into: Any, inputs: Path, tmp_path: Path
) -> None:
    run_into(tmp_path / "out", inputs)
    with pytest.raises(InputError, match=r"3.jsonl.gz:91: broken JSON"):
        run_into(tmp_path / "out", inputs, resume=True, is_strict=True)


def test_removed_rows_are_packed_as_their_name_says(
    run_into: Any, inputs: Path, tmp_path: Path
) -> None:
    plain, packed = tmp_path / "removed.jsonl", tmp_path / "removed.jsonl.gz"
    for target in (plain, packed):
        run_into(tmp_path / "out", inputs, removed=target)
    assert gzip.decompress(packed.read_bytes()) == plain.read_bytes() != b""


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes are POSIX")
def test_removed_rows_go_into_a_pipe(run_into: Any, inputs: Path, tmp_path: Path) -> None:
    pipe, plain = tmp_path / "pipe", tmp_path / "removed.jsonl"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    run_into(tmp_path / "out", inputs, removed=pipe)
    reader.join(60)
    run_into(tmp_path / "out", inputs, removed=plain)
    assert pipe.is_fifo()
    assert read == [plain.read_bytes()]


@pytest.mark.parametrize(
    ("name", "reason"), [("", "is a folder"), ("absent/removed.jsonl", "there is no folder")]
)
def test_impossible_file_for_removed_rows_is_told_before_any_work(
    run_into: Any, inputs: Path, tmp_path: Path, name: str, reason: str
) -> None:
    (tmp_path / "there").mkdir()
    with pytest.raises(ConfigError, match=reason):
        run_into(tmp_path / "out", inputs, removed=tmp_path / "there" / name)
    assert not (tmp_path / "out").exists()


def test_removed_rows_may_lie_in_the_new_folder(
    run_into: Any, inputs: Path, tmp_path: Path
) -> None:
    run_into(tmp_path / "out", inputs, removed=tmp_path / "out" / "removed.jsonl")
    assert (tmp_path / "out" / "removed.jsonl").stat().st_size


@pytest.mark.parametrize("place", ["in/out", "in/sub", "in"])
def test_results_among_the_inputs_are_refused(
    run_into: Any, inputs: Path, tmp_path: Path, place: str
) -> None:
    with pytest.raises(ConfigError, match=r"is searched for inputs|would be written over"):
        run_into(tmp_path / place, inputs)
    assert not list(inputs.rglob(".linespam"))


@pytest.mark.skipif(os.name != "posix", reason="links are POSIX")
def test_link_to_nothing_is_named(run_into: Any, inputs: Path, tmp_path: Path) -> None:
    (inputs / "gone.txt").symlink_to(tmp_path / "nowhere.txt")
    with pytest.raises(ConfigError, match=r"gone.txt: is a link to a file that is not there"):
        run_into(tmp_path / "out", inputs)


def test_shard_without_results_can_be_read(run_into: Any, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b"broken\n"))
    run_into(tmp_path / "out", tmp_path / "a.jsonl.gz")
    assert gzip.decompress((tmp_path / "out" / "a.jsonl.gz").read_bytes()) == b""


def test_file_that_is_no_table_gives_none(run_into: Any, tmp_path: Path) -> None:
    out, broken = tmp_path / "out", tmp_path / "a.parquet"
    broken.write_bytes(b"PAR1")
    (out / broken.name).parent.mkdir()
    (out / broken.name).write_bytes(b"of an earlier run")
    totals, _ = run_into(out, broken)
    assert totals.errors == 1
    assert not (out / broken.name).exists()
    assert run_into(out, broken, resume=True) == (totals, 1)


def test_resume_with_other_inputs_lists_what_these_lost(
    run_into: Any, files_of: Any, inputs: Path, tmp_path: Path
) -> None:
    out, fresh = tmp_path / "out", tmp_path / "fresh"
    run_into(out, inputs, removed=out / "_removed.jsonl")
    for name in ("1.jsonl", "page05.txt"):
        (inputs / name).unlink()
    run_into(out, inputs, removed=out / "_removed.jsonl", resume=True)
    run_into(fresh, inputs, removed=fresh / "_removed.jsonl")
    found, wanted = files_of(out), files_of(fresh)
    assert {name: found[name] for name in wanted} == wanted


def test_names_as_long_as_may_be_have_results(run_into: Any, inputs: Path, tmp_path: Path) -> None:
    name = "y" * 251 + ".txt"
    (inputs / name).write_bytes((inputs / "page01.txt").read_bytes())
    run_into(tmp_path / "out", inputs, removed=tmp_path / "removed.jsonl")
    page = (tmp_path / "out" / "page01.txt").read_bytes()
    assert (tmp_path / "out" / name).read_bytes() == page


@pytest.mark.filterwarnings("error")
def test_a_strict_run_of_tables_ends_with_one_sentence(
    run_into: Any, inputs: Path, tmp_path: Path
) -> None:
    pq.write_table(pa.table({"text": ["Die Brücke ist offen.", None]}), inputs / "z.parquet")
    with pytest.raises(InputError, match=r"z\.parquet:2: "):
        run_into(tmp_path / "out", inputs / "z.parquet", is_strict=True)
    gc.collect()  # what pyarrow says of a writer nobody holds would be an error here
