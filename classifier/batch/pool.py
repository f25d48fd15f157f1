"""Chunks shared out to worker processes; results come back in the order of the chunks."""

import os
import signal
import threading
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from classifier.batch.worker import Part, Segment, Task, Worker
from classifier.errors import ClassifierError, InputError

_CHUNKS_A_WORKER = 2
"""How many chunks are on their way for each worker: one in work and one to go on with."""


class WorkerLostError(ClassifierError):
    """A worker process has gone before its work was done."""


class Chunk(NamedTuple):
    """Records that are worked on together, and how many bytes had been read with them."""

    segments: tuple[Segment, ...]
    read_bytes: int


class Done(NamedTuple):
    """A chunk that has been worked on; its pieces are gone."""

    segments: tuple[Segment, ...]
    read_bytes: int
    parts: list[Part]


def work_through(chunks: Iterator[Chunk], worker: Worker, jobs: int) -> Iterator[Done]:
    """Yield what comes of each chunk, in order.

    Parameters
    ----------
    chunks
        Read as they are needed.
    worker
        Does the work if `jobs` is 1; others are made for the same task.
    jobs
        How many processes work. What comes out does not depend on it: numerical libraries have
        one thread each in any case, and chunks are what they are.

    Raises
    ------
    WorkerLostError
        If a process ends that should not, as the system ends one when memory runs out.
    """
    # scikit-learn's own dependency; slow to import for those who only start the command.
    from threadpoolctl import threadpool_limits  # noqa: PLC0415

    if jobs > 1:
        yield from _work_in_processes(chunks, worker.task, jobs)
        return
    with threadpool_limits(1):
        for chunk in chunks:
            yield Done(*_emptied(chunk), worker.work(chunk.segments))


def _emptied(chunk: Chunk) -> Chunk:
    return chunk._replace(segments=tuple(each._replace(pieces=()) for each in chunk.segments))


def _work_in_processes(chunks: Iterator[Chunk], task: Task, jobs: int) -> Iterator[Done]:
    import multiprocessing  # noqa: PLC0415 - runs of one process need not wait for it
    from concurrent.futures import Future, ProcessPoolExecutor  # noqa: PLC0415
    from concurrent.futures.process import BrokenProcessPool  # noqa: PLC0415

    # Forked, workers would inherit locks of threads, the progress bar's among them.
    spawn = multiprocessing.get_context("spawn")
    executor = ProcessPoolExecutor(jobs, spawn, initializer=_start, initargs=(task,))
    waiting: deque[tuple[Chunk, Future[list[Part]]]] = deque()
    failure: InputError | None = None
    try:
        while True:
            try:
                chunk = None if failure else next(chunks, None)
            except InputError as error:  # what was read before it comes out first
                failure, chunk = error, None
            if chunk is not None:
                waiting.append((_emptied(chunk), executor.submit(_work, chunk.segments)))
            elif not waiting:
                break
            if chunk is None or len(waiting) >= _CHUNKS_A_WORKER * jobs:
                emptied, future = waiting.popleft()
                yield Done(*emptied, future.result())
        if failure:
            raise failure
    except BrokenProcessPool as error:
        raise WorkerLostError(
            "a worker process ended before its work was done, as happens when memory runs out; "
            "go on with --resume, with fewer --jobs"
        ) from error
    finally:
        executor.shutdown(cancel_futures=True)


_worker: Worker | None = None


def _start(task: Task) -> None:
    """Make the worker of this process."""
    global _worker  # noqa: PLW0603 - an initializer has no other place to leave it
    from threadpoolctl import threadpool_limits  # noqa: PLC0415

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends us
    threading.Thread(target=_end_with_parent, daemon=True).start()
    threadpool_limits(1)
    _worker = Worker(task)


def _end_with_parent() -> None:
    """End this process when its parent is gone, killed perhaps; the pool would wait for ever."""
    from multiprocessing import parent_process  # noqa: PLC0415

    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _work(segments: tuple[Segment, ...]) -> list[Part]:
    if _worker is None:
        raise WorkerLostError("this process was started for no task; start it by work_through")
    return _worker.work(segments)
