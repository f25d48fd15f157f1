"""Ray Data: a table step run by actors, each of which loads the model once."""

from typing import Any

from classifier.adapters.arrow import TableStep
from classifier.adapters.process_model import ready_model
from classifier.io.extras import optional_module

DEFAULT_BATCH_ROWS = 1024
"""Documents a call; fewer cost more each, more take more memory."""


class StepActor:
    """A table step and its model, in a process of its own."""

    def __init__(self, step: TableStep) -> None:
        ready_model(step.model)  # before the first batch, so that a missing model is found at once
        self._step = step

    def __call__(self, table: Any) -> Any:  # noqa: ANN401 - Arrow tables
        """Return what the step makes of a batch.

        Numerical libraries have one thread each: Ray gives an actor one core.
        """
        from threadpoolctl import threadpool_limits  # noqa: PLC0415 - slow, for actors alone

        with threadpool_limits(1):
            return self._step(table)


def map_dataset(
    dataset: Any,  # noqa: ANN401 - of Ray
    step: TableStep,
    *,
    actors: int | tuple[int, int] = 1,
    batch_rows: int = DEFAULT_BATCH_ROWS,
    **options: Any,  # noqa: ANN401 - of Ray
) -> Any:  # noqa: ANN401 - of Ray
    """Return a Ray dataset with `step` done to every batch.

    Parameters
    ----------
    dataset
        A ``ray.data.Dataset`` with a document a row.
    step
        `AnnotateTable` or `CleanTable`.
    actors
        How many processes, each with one core and one model; or the least and the most. The
        least are started before anything is read: they must leave a core for that, or Ray waits
        for ever.
    batch_rows
        Documents a call.
    **options
        Further ones of ``Dataset.map_batches``, as ``memory`` (bytes an actor asks for).
    """
    least, most = actors if isinstance(actors, tuple) else (actors, actors)
    pool = optional_module("ray.data", "ray").ActorPoolStrategy(min_size=least, max_size=most)
    return dataset.map_batches(
        StepActor,
        fn_constructor_args=(step,),
        batch_format="pyarrow",
        batch_size=batch_rows,
        compute=pool,
        **options,
    )
