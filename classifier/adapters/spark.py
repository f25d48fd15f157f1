"""Spark: a table step in ``mapInArrow``; each Python worker loads the model once."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any

from classifier.adapters.arrow import TableStep
from classifier.io.extras import optional_module


def map_data_frame(frame: Any, step: TableStep) -> Any:  # noqa: ANN401 - of Spark
    """Return a Spark data frame with `step` done to every partition.

    Parameters
    ----------
    frame
        A ``pyspark.sql.DataFrame`` with a document a row. How many rows Spark hands over at once
        is its setting ``spark.sql.execution.arrow.maxRecordsPerBatch``.
    step
        `AnnotateTable` or `CleanTable`. This package must be installed on every node.

    Raises
    ------
    InputError
        If there is no such text column, it holds no text, or a new column is there already.
    """
    types = optional_module("pyspark.sql.types", "spark")
    arrow = optional_module("pyarrow", "spark")
    # the step only looks at the type of the text; all others can stand for themselves by name
    given = arrow.schema(
        [
            (each.name, arrow.string() if _is_string(types, each.dataType) else arrow.binary())
            for each in frame.schema
        ]
    )
    added = [
        types.StructField(each.name, _spark_type(types, each.type))
        for each in list(step.schema(given))[len(given) :]
    ]
    schema = types.StructType([*frame.schema, *added])
    return frame.mapInArrow(partial(run_in_worker, step), schema)


def run_in_worker(step: TableStep, batches: Iterable[Any]) -> Iterator[Any]:
    """Yield what `step` makes of the record batches of a partition.

    Numerical libraries have one thread each: Spark runs a Python worker for every core.
    """
    from threadpoolctl import threadpool_limits  # noqa: PLC0415 - slow, for workers alone

    with threadpool_limits(1):
        yield from step.map_batches(batches)


def _is_string(types: Any, kind: Any) -> bool:  # noqa: ANN401 - of Spark
    return isinstance(kind, types.StringType)


def _spark_type(types: Any, kind: Any) -> Any:  # noqa: ANN401 - types of Spark and Arrow
    """Return the type Spark has for one of the Arrow types that steps add."""
    arrow = optional_module("pyarrow", "spark")
    if arrow.types.is_list(kind):
        return types.ArrayType(_spark_type(types, kind.value_type))
    if arrow.types.is_struct(kind):
        fields = [types.StructField(each.name, _spark_type(types, each.type)) for each in kind]
        return types.StructType(fields)
    plain = {
        arrow.string(): types.StringType(),
        arrow.float32(): types.FloatType(),
        arrow.int32(): types.IntegerType(),
        arrow.int64(): types.LongType(),
    }
    return plain[kind]
