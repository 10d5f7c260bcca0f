"""Beside: calls handed to other processes, while the program goes on with what needs them last.

`executor` runs many equal jobs; this is for a few calls of one piece of work, as the writing of files that nothing
reads. On a machine of one core, or where a process dies, a call is done when it is waited for.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor
from contextlib import contextmanager
from functools import partial
from importlib import import_module

from littermate.run.executor import ONE_THREAD, deaf_children, serve_alone, usable_cores

__all__ = ["HandOver", "beside"]

HandOver = Callable[..., Callable[[], object]]
"""Takes a function of a module and its picklable arguments, and returns what waits for its end or raises its fault."""

_MOST = 4


@contextmanager
def beside(module: str) -> Iterator[HandOver]:
    """Hand over calls inside the block, whose end waits for them; an error in it drops them.

    Parameters
    ----------
    module
        What the calls need: it is imported there while there is no call yet.

    Examples
    --------
    >>> with beside("math") as hand_over:
    ...     hand_over(abs, -2)()
    2
    """
    workers = min(usable_cores() - 1, _MOST)
    if workers < 1:
        yield partial
        return
    from loky import ProcessPoolExecutor

    pool = ProcessPoolExecutor(workers, env=ONE_THREAD, initializer=serve_alone, initargs=(os.getpid(),))
    try:
        with deaf_children():
            pool.submit(import_module, module)
        yield partial(_handed, pool)
    except BaseException:
        pool.shutdown(kill_workers=True)
        raise
    pool.shutdown()


def _handed(pool: Executor, function: Callable[..., object], *arguments: object) -> Callable[[], object]:
    """Hand a call over, and return what waits for it; it is done here where its process is gone."""
    call = partial(function, *arguments)
    try:
        future = pool.submit(call)
    except BrokenExecutor:
        return call

    def wait() -> object:
        try:
            return future.result()
        except BrokenExecutor:
            return call()

    return wait
