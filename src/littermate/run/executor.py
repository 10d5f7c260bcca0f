"""Executor: many independent jobs on all cores of this machine, through the `concurrent.futures` interface.

Each finished job is handed back at once, so that its result can be saved before the next one ends: whoever stops the
work (ctrl-C) loses only what is under way. Workers are loky's, which run from a plain script on every platform.
Each keeps to one thread, because there is one a core.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, as_completed
from typing import TypeVar

__all__ = ["run_all", "usable_cores"]

_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"), "1")
Job = TypeVar("Job")
Result = TypeVar("Result")


def usable_cores() -> int:
    """Return how many cores this process may use.

    Examples
    --------
    >>> usable_cores() >= 1
    True
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def run_all(
    function: Callable[[Job], Result], jobs: Sequence[Job], *, workers: int | None = None
) -> Iterator[tuple[Job, Result]]:
    """Run `function` on every job and yield each job with its result as it is done, in order of completion.

    Parameters
    ----------
    function
        A function of a module (workers must be able to import it), with one picklable argument.
    jobs
        What to run it on.
    workers
        Number of processes; all usable cores by default. With one, the jobs run here, one after the other.

    Raises
    ------
    LittermateError
        The first error of a job, after the running ones have ended; jobs that wait are dropped.

    Examples
    --------
    >>> sorted(run_all(abs, [-1, 2], workers=1))
    [(-1, 1), (2, 2)]
    """
    workers = min(workers or usable_cores(), max(len(jobs), 1))
    if workers == 1:
        for job in jobs:
            yield job, function(job)
        return
    from loky import get_reusable_executor

    executor = get_reusable_executor(max_workers=workers, timeout=60, env=_ONE_THREAD)
    waiting: dict[Future[Result], Job] = {executor.submit(function, job): job for job in jobs}
    try:
        for future in as_completed(waiting):
            yield waiting[future], future.result()
    finally:
        for future in waiting:
            future.cancel()
