"""Spark on this machine: the command's rows, one model a Python worker."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from classifier.adapters.arrow import AnnotateTable, CleanTable, TableStep
from classifier.adapters.spark import map_data_frame
from classifier.errors import InputError

pyspark = pytest.importorskip("pyspark", reason="pyspark is not installed; run make test-hosts")
pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")

# PySpark warns of the pandas it needs, and leaves sockets to the end of the process.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def spark(repo_root: Path) -> Iterator[Any]:
    """Two cores of this machine."""
    from pyspark.errors import PySparkRuntimeError  # noqa: PLC0415 - optional
    from pyspark.sql import SparkSession  # noqa: PLC0415

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        patch.setenv("PYTHONPATH", str(repo_root))
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        builder = (
            SparkSession.builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "2")
            .config("spark.sql.execution.arrow.maxRecordsPerBatch", "200")
        )
        try:
            session = builder.getOrCreate()
        except (PySparkRuntimeError, FileNotFoundError):
            pytest.skip("Spark does not start; it needs a Java runtime (17 or later)")
        yield session
        session.stop()


@pytest.fixture
def frame_of(spark: Any, tmp_path: Path) -> Callable[[Any], Any]:
    """Make a data frame of a table, by way of eight Parquet files."""

    def frame(table: Any) -> Any:
        folder = tmp_path / "frame"
        folder.mkdir()
        size = -(-table.num_rows // 8)
        for number in range(8):
            pq.write_table(table.slice(number * size, size), folder / f"{number}.parquet")
        return spark.read.parquet(str(folder)).repartition(8)

    return frame


def test_annotating_gives_what_the_command_gives(
    frame_of: Callable[[Any], Any],
    tmp_path: Path,
    pages: Callable[[int], Any],
    model_folder: Path,
    command_rows: Callable[[str, Any], Any],
    assert_same_rows: Callable[[Any, Any], None],
) -> None:
    table = pages(3000)
    step = AnnotateTable(model=str(model_folder))
    map_data_frame(frame_of(table), step).write.parquet(str(tmp_path / "made"))
    found = pq.read_table(tmp_path / "made")
    assert found.schema.names == step.schema(table.schema).names
    assert_same_rows(found, command_rows("classify", table))


def test_cleaning_reads_the_model_once_a_worker(
    frame_of: Callable[[Any], Any],
    pages: Callable[[int], Any],
    counting_step: TableStep,
    model_folder: Path,
) -> None:
    table = pages(3000)
    rows = map_data_frame(frame_of(table), counting_step).orderBy("n").collect()
    assert {row["models_read"] for row in rows} == {1}
    assert 1 <= len({row["process"] for row in rows}) <= 2  # eight partitions, two workers
    wanted = CleanTable(model=model_folder)(table)
    assert [row["text"] for row in rows] == wanted["text"].to_pylist()


def test_nulls_and_counts(spark: Any, model_folder: Path) -> None:
    frame = spark.createDataFrame([("a", None), ("b", "")], "id string, text string")
    step = CleanTable(model=str(model_folder), counts=True)
    rows = [row.asDict() for row in map_data_frame(frame, step).orderBy("id").collect()]
    nothing = dict.fromkeys(("text", "lines_removed", "lines_cut", "characters_removed"))
    empty = {"text": "", "lines_removed": 0, "lines_cut": 0, "characters_removed": 0}
    assert rows == [{"id": "a", **nothing}, {"id": "b", **empty}]


def test_faults_are_found_before_the_job_starts(spark: Any) -> None:
    frame = spark.createDataFrame([(1, "a")], "text int, labels string")
    with pytest.raises(InputError, match="must hold strings"):
        map_data_frame(frame, CleanTable())
    with pytest.raises(InputError, match="labels already"):
        map_data_frame(frame, AnnotateTable(text="labels"))
    with pytest.raises(InputError, match="no columns 'body'"):
        map_data_frame(frame, CleanTable(text="body"))
