"""Executor: many independent jobs on all cores of this machine.

Each finished job is handed back at once, so that its result can be saved before the next one ends: whoever stops the
work (ctrl-C) loses only what is under way, and is told what is left. One file at fault does not stop the others: what
is wrong with the data is collected, and raised when all jobs have been tried.

Every worker is a process of its own with one job at a time (loky's, which start from a plain script on every platform,
kept for the next call). So a worker that dies, or is ended because it gives no sign, names its job, and takes no other
with it. Workers do not hear ctrl-C: the program that does ends them. Each keeps to one thread, as there is one a core.
"""

from __future__ import annotations

import atexit
import math
import os
import re
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Generic, NoReturn, TypeVar

from littermate.errors import Complaint, DataError, StoppedError
from littermate.run.progress import heard_by

__all__ = ["ONE_THREAD", "SILENT_S", "deaf_children", "run_all", "serve_alone", "usable_cores"]

SILENT_S = 300.0
"""A job that reads a recording and gives no sign for so long hangs in its decoder."""

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "OPENCV_FOR_THREADS_NUM"), "1")
"""What the environment of a worker says: there is one a core."""
_LOOK_S = 0.25
_IDLE_S = 60
_NAMED = 5
Job = TypeVar("Job")
Result = TypeVar("Result")
OnSign = Callable[[Job, float], None]


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
    function: Callable[[Job], Result],
    jobs: Sequence[Job],
    *,
    workers: int | None = None,
    timeout_s: float | None = None,
    on_sign: OnSign[Job] | None = None,
) -> Iterator[tuple[Job, Result]]:
    """Run `function` on every job and yield each job with its result as it is done, in order of completion.

    Parameters
    ----------
    function
        A function of a module (workers must be able to import it), with one picklable argument.
    jobs
        What to run it on. A job goes by its `path` or `title`, where it has one, in words; a tuple by its first part.
    workers
        Number of processes; all usable cores by default. With one (and no `timeout_s`), the jobs run here, one after
        the other.
    timeout_s
        A job that has given no `sign` (`littermate.run.progress`) for so long is ended: a decoder that hangs cannot be
        stopped from within.
    on_sign
        Called with a job and the seconds of its recording that are done, where the job gives signs.

    Raises
    ------
    DataError
        After all other jobs: what was wrong with the data of some, all complaints at once. Also where a worker was
        ended by the operating system (memory), crashed, or gave no sign.
    LittermateError
        Any other error of a job, after the running ones have ended; jobs that wait are dropped.
    StoppedError
        At ctrl-C, when what was finished has been yielded and the workers have been ended: how many are left.

    Examples
    --------
    >>> sorted(run_all(abs, [-1, 2], workers=1))
    [(-1, 1), (2, 2)]
    """
    workers = min(workers or usable_cores(), max(len(jobs), 1))
    if workers == 1 and timeout_s is None:
        return _run_here(function, jobs, on_sign)
    return _Crew(function=function, jobs=jobs, size=workers, timeout_s=timeout_s, on_sign=on_sign).results()


def _run_here(
    function: Callable[[Job], Result], jobs: Sequence[Job], on_sign: OnSign[Job] | None
) -> Iterator[tuple[Job, Result]]:
    faults: list[BaseException] = []
    for number, job in enumerate(jobs):
        try:
            with heard_by(partial(on_sign or _nobody, job)):
                result = function(job)
        except DataError as fault:
            faults.append(fault)
        except KeyboardInterrupt:
            raise _stopped(jobs[number:], len(jobs), faults) from None
        else:
            with _CtrlC() as ctrl_c:
                yield job, result
            if ctrl_c.pressed:
                raise _stopped(jobs[number + 1 :], len(jobs), faults)
    if faults:
        _raise_all(faults)


def _nobody(job: object, done: float) -> None:
    """Hear nothing."""


_own_signs: list[Any] = []  # in a worker: the queue that its signs go into
_idle: list[_Worker] = []  # here: workers without a job, for the next call


def _get_ready(signs: Any, parent: int) -> None:
    """Prepare a worker, and tell it where its signs go."""
    _own_signs.append(signs)
    serve_alone(parent)


def serve_alone(parent: int) -> None:
    """Make this process one that does not hear ctrl-C, and ends with the program that started it, however it went."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if os.name == "posix":
        threading.Thread(target=_end_with, args=(parent,), daemon=True).start()


def _end_with(parent: int) -> None:
    """End this process when the one that started it is gone."""
    while os.getppid() == parent:
        time.sleep(_LOOK_S)
    os._exit(1)


def _work(function: Callable[[Job], Result], job: Job, folder: str) -> Result:
    """Do a job in a worker, in the folder that the caller is in now."""
    os.chdir(folder)
    _own_signs[0].put(None)  # begun: from here on silence counts
    with heard_by(_own_signs[0].put):
        return function(job)


class _Worker:
    """A process, the job it is at, and when it last gave a sign."""

    def __init__(self) -> None:
        from loky import ProcessPoolExecutor
        from loky.backend import get_context

        self._signs = get_context("loky").SimpleQueue()
        self._executor = ProcessPoolExecutor(
            max_workers=1,
            timeout=_IDLE_S,
            env=ONE_THREAD,
            initializer=_get_ready,
            initargs=(self._signs, os.getpid()),
        )
        self.job: Any = None
        self.future: Future[Any] | None = None
        self._heard_s = math.inf
        atexit.register(self.end)

    def start(self, function: Callable[[Job], Any], job: Job) -> bool:
        """Put it to a job; false where it was ended while it had nothing to do."""
        self.listen()
        try:
            with deaf_children():
                self.future = self._executor.submit(_work, function, job, str(Path.cwd()))
        except BrokenExecutor:
            return False
        self.job, self._heard_s = job, math.inf
        return True

    def listen(self) -> float | None:
        """Return the newest sign, if there is one."""
        newest = None
        while not self._signs.empty():
            newest, self._heard_s = self._signs.get(), time.monotonic()
        return newest

    @property
    def silent_s(self) -> float:
        """For how long it has given no sign; negative while its process is still being started."""
        return time.monotonic() - self._heard_s

    def end(self) -> None:
        """End the process, whatever it is doing."""
        atexit.unregister(self.end)
        self._executor.shutdown(wait=True, kill_workers=True)


@contextmanager
def deaf_children() -> Iterator[None]:
    """Block ctrl-C while a process is started: it inherits that, and so hears none, not even while it loads."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class _CtrlC:
    """Inside the block ctrl-C is only noted, so that no result is lost half-way; a second one stops at once."""

    def __init__(self) -> None:
        self.pressed = False
        self._ours = False

    def __enter__(self) -> _CtrlC:
        here = threading.current_thread() is threading.main_thread()
        if here and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._press)
            self._ours = True
        return self

    def __exit__(self, *fault: object) -> None:
        if self._ours:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def _press(self, number: int, frame: object) -> None:
        if self.pressed:
            raise KeyboardInterrupt
        self.pressed = True


@dataclass(slots=True, kw_only=True)
class _Crew(Generic[Job, Result]):
    """Workers at the jobs of one call."""

    function: Callable[[Job], Result]
    jobs: Sequence[Job]
    size: int
    timeout_s: float | None
    on_sign: OnSign[Job] | None
    waiting: deque[Job] = field(init=False)
    busy: list[_Worker] = field(init=False, default_factory=list)
    faults: list[BaseException] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.waiting = deque(self.jobs)

    def results(self) -> Iterator[tuple[Job, Result]]:
        with _CtrlC() as ctrl_c:
            try:
                while (self.waiting or self.busy) and not ctrl_c.pressed:
                    self._hand_out()
                    yield from self._finished(_LOOK_S)
                    self._listen()
                    self._end_silent()
                yield from self._finished(0.0)
                left = [*(worker.job for worker in self.busy), *self.waiting]
            finally:
                self._end_busy()
        if ctrl_c.pressed:
            raise _stopped(left, len(self.jobs), self.faults)
        if self.faults:
            _raise_all(self.faults)

    def _hand_out(self) -> None:
        while self.waiting and len(self.busy) < self.size:
            self.busy.append(worker := _idle.pop() if _idle else _Worker())
            if worker.start(self.function, self.waiting[0]):
                self.waiting.popleft()
            else:
                self.busy.remove(worker)
                worker.end()

    def _finished(self, patience_s: float) -> Iterator[tuple[Job, Result]]:
        """Yield what is done by now, or within a moment; keep what went wrong."""
        workers = {worker.future: worker for worker in self.busy if worker.future is not None}
        for future in wait(workers, timeout=patience_s, return_when=FIRST_COMPLETED).done:
            self.busy.remove(worker := workers[future])
            fault = future.exception()
            if isinstance(fault, BrokenExecutor):
                worker.end()
                self.faults.append(_died(worker.job, fault))
                continue
            _idle.append(worker)
            if fault is None:
                yield worker.job, future.result()
            else:
                self._note(fault)

    def _note(self, fault: BaseException) -> None:
        self.faults.append(fault)
        if not isinstance(fault, DataError):
            self.waiting.clear()

    def _listen(self) -> None:
        for worker in self.busy:
            done = worker.listen()
            if done is not None and self.on_sign is not None:
                self.on_sign(worker.job, done)

    def _end_silent(self) -> None:
        if self.timeout_s is None:
            return
        for worker in list(self.busy):
            if worker.silent_s > self.timeout_s and worker.future is not None and not worker.future.done():
                self.busy.remove(worker)
                worker.end()
                self.faults.append(_hung(worker.job, self.timeout_s))

    def _end_busy(self) -> None:
        while self.busy:
            self.busy.pop().end()


def _raise_all(faults: Sequence[BaseException]) -> NoReturn:
    """Raise the fault that stopped the work, or all complaints about the data as one error of their common kind."""
    for fault in faults:
        if not isinstance(fault, DataError):
            raise fault
    if len(faults) == 1:
        raise faults[0]
    of_data = [fault for fault in faults if isinstance(fault, DataError)]
    kinds = {type(fault) for fault in of_data}
    kind = kinds.pop() if len(kinds) == 1 else DataError
    raise kind.of(complaint for fault in of_data for complaint in fault.complaints)


def _stopped(left: Sequence[object], count: int, faults: Sequence[BaseException]) -> StoppedError:
    """Say how many jobs are left and which come next, and what was wrong with the data of those that were tried."""
    names = [_words(job) for job in left[:_NAMED]] + ["..."] * (len(left) > _NAMED)
    stop = Complaint(
        expected=f"{count} jobs to their end",
        found=f"stopped by ctrl-C: {count - len(left)} done, {len(left)} left" + f" ({', '.join(names)})" * bool(left),
        do="run the command again to do the rest",
    )
    of_data = [complaint for fault in faults if isinstance(fault, DataError) for complaint in fault.complaints]
    return StoppedError.of([stop, *of_data])


def _died(job: object, fault: BrokenExecutor) -> DataError:
    codes = re.search(r"\{(.*)\}", str(fault))
    return DataError(
        expected="a job that runs to its end",
        found=f"its process died ({codes[1] if codes else str(fault).splitlines()[0]})",
        do="SIGKILL: memory ran out; close other programs or use fewer workers. Otherwise the file crashes its decoder:"
        " copy it again, or convert it",
        where=_words(job),
    )


def _hung(job: object, timeout_s: float) -> DataError:
    return DataError(
        expected=f"a sign of life every {timeout_s:g} s",
        found="none: its process was ended",
        do="copy the file again, or convert it; a damaged file can make its decoder hang",
        where=_words(job),
    )


def _words(job: object) -> str:
    if isinstance(job, tuple) and job:
        return _words(job[0])
    if isinstance(job, str):
        return job
    return str(getattr(job, "path", None) or getattr(job, "title", None) or job)
