"""docs/pipelines.md shows what the benchmark of hosts has measured, and that benchmark compares."""

from pathlib import Path

import hosts
import pyarrow as pa

from classifier.adapters.arrow import AnnotateTable

TEXTS = ["Home | Login\nDie Brücke ist seit Montag wieder offen.", "", "cheap pills\n\n橋が開通"]


def test_tables_of_the_page_are_what_was_measured() -> None:
    assert hosts.write_page(is_check=True) == 0


def test_rows_are_compared() -> None:
    table = AnnotateTable()(pa.table({"id": ["0", "1", "2"], "text": TEXTS}))
    same = hosts._differences(table, table)
    assert same == {
        "rows_that_differ": 0,
        "lines_with_another_probability": 0,
        "greatest_difference": 0.0,
    }
    assert hosts._differences(table.slice(0, 2), table) == {"rows_that_differ": 1}
    other = AnnotateTable()(pa.table({"id": ["0", "1", "2"], "text": [TEXTS[0], "", TEXTS[0]]}))
    assert hosts._differences(other, table)["rows_that_differ"] == 1


def test_memory_of_a_worker_is_measured(tmp_path: Path) -> None:
    assert 50 < hosts.worker_megabytes(hosts.MODEL, tmp_path) < 4000
