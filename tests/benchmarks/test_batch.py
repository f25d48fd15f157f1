"""The README shows what the benchmark of big runs has measured, and that benchmark works."""

import json
from pathlib import Path

import batch
import pytest


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    rows = [
        {"id": str(n), "text": f"Home | Login\nEin Satz steht hier, {n} Worte."} for n in range(9)
    ]
    data = "".join(json.dumps(row) + "\n" for row in rows)
    (tmp_path / "pages.jsonl").write_text(data, encoding="utf-8")
    return tmp_path / "pages.jsonl"


def test_table_of_the_readme_is_what_was_measured() -> None:
    assert batch.write_readme(is_check=True) == 0


@pytest.mark.parametrize("name", batch.IN_MEMORY)
def test_contestants_in_memory_are_timed(name: str, pages: Path) -> None:
    if name == batch.C4_FILTER:
        # the filter imports regex, which datatrove does not bring
        pytest.importorskip("regex", reason="regex is not installed (dependency group bench)")
        pytest.importorskip("datatrove", reason="datatrove is not installed (dependency group dev)")
    seconds = batch.time_in_memory(name, pages)
    assert name in seconds
    assert all(value > 0 for value in seconds.values())
    assert set(seconds) == ({batch.LABELS, batch.CLEANED} if name == batch.LABELS else {name})


def test_command_is_timed_with_all_its_processes(pages: Path) -> None:
    run = batch.run_command(batch.TWO, pages, "--jobs", "2")
    assert run.seconds > 0
    assert run.processor_seconds > 0
    assert run.peak_bytes > 3 * 20e6  # three processes with numpy
    rows = (pages.parent / "out" / "pages.jsonl").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 18


def test_missed_targets_are_shown_as_such() -> None:
    run = batch.Run(2.0, 1.0, 700_000_000)
    turn = {name: run for pair in batch.RATIOS.values() for name in pair[:2]}
    targets = batch.judge([turn])
    assert not targets["speed, 2 jobs / 1 job"]["met"]
    assert targets["time, command / in memory"]["met"]
    assert not targets["peak memory in MB, all processes"]["met"]
    shown = batch.batch_markdown(
        {
            "documents": {"lines": 20, "documents": 2, "jsonl_bytes": 3_000_000},
            "machine": {"cores": 2, "processor": "P"},
            "rounds": 1,
            "targets": targets,
            "contestants": {
                "a": {
                    "lines_per_second": 10,
                    "documents_per_second": 1,
                    "peak_megabytes": [5.2],
                }
            },
        }
    )
    assert "| speed, 2 jobs / 1 job | 1.00 (1.00-1.00) | at least 1.7 | missed |" in shown
    assert "| a | 10 | 1 | 5 |" in shown
