"""Ray Data on this machine: the command's rows, one model an actor."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from classifier.adapters.arrow import AnnotateTable, CleanTable, TableStep
from classifier.adapters.ray_data import map_dataset

ray = pytest.importorskip("ray", reason="ray is not installed; run make test-hosts")
pa = pytest.importorskip("pyarrow")

# Ray warns of much that is its own business, also from threads of its own.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def cluster(repo_root: Path) -> Iterator[None]:
    """Two cores of this machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(repo_root))
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        ray.init(
            num_cpus=2,
            include_dashboard=False,
            object_store_memory=200 << 20,
            log_to_driver=False,
            _node_ip_address="127.0.0.1",
        )
        ray.data.DataContext.get_current().enable_progress_bars = False
        yield
        ray.shutdown()


def _dataset(table: Any, *, n_blocks: int) -> Any:
    size = -(-table.num_rows // n_blocks)
    return ray.data.from_arrow([table.slice(block * size, size) for block in range(n_blocks)])


def _table(dataset: Any) -> Any:
    return pa.concat_tables(list(dataset.iter_batches(batch_format="pyarrow", batch_size=None)))


def test_annotating_gives_what_the_command_gives(
    cluster: None,
    pages: Callable[[int], Any],
    model_folder: Path,
    command_rows: Callable[[str, Any], Any],
    assert_same_rows: Callable[[Any, Any], None],
) -> None:
    table = pages(3000)
    dataset = _dataset(table, n_blocks=6)
    step = AnnotateTable(model=model_folder)
    found = _table(map_dataset(dataset, step, actors=(1, 2), batch_rows=400))
    assert found.schema == AnnotateTable().schema(table.schema)
    assert_same_rows(found, command_rows("classify", table))


def test_cleaning_reads_the_model_once_an_actor(
    cluster: None,
    pages: Callable[[int], Any],
    counting_step: TableStep,
    model_folder: Path,
) -> None:
    table = pages(3000)
    dataset = _dataset(table, n_blocks=12)
    found = _table(map_dataset(dataset, counting_step, actors=2, batch_rows=100))
    assert set(found["models_read"].to_pylist()) == {1}
    assert 1 <= len(set(found["process"].to_pylist())) <= 2
    wanted = CleanTable(model=model_folder)(table)
    assert found.sort_by("n").select(["id", "text"]).to_pylist() == (
        wanted.select(["id", "text"]).to_pylist()
    )
