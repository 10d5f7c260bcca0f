"""Progress: how long work tells a face how far it is.

A `Progress` is called with the stage's name, what is done and the total, in any unit; a face draws the bar. Work that
runs as a job in another process gives a `sign` now and then (how many seconds of its recording are done); whoever runs
the job hears it, and knows that it has not stopped. Where nobody listens a sign costs next to nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Generic, Protocol, TypeVar

__all__ = ["Progress", "Tally", "heard_by", "sign", "silent"]

_EVERY_S = 0.25
Job = TypeVar("Job")


class Progress(Protocol):
    """What a face gives to long work."""

    def __call__(self, stage: str, done: float, total: float) -> None:
        """Say that `done` of `total` of a stage is done."""


def silent(stage: str, done: float, total: float) -> None:
    """Draw nothing."""


class _Hearer:
    """Passes signs on, but not more often than every quarter of a second."""

    def __init__(self, hear: Callable[[float], None]) -> None:
        self._hear, self._next_s = hear, 0.0

    def __call__(self, done: float) -> None:
        if (now := time.monotonic()) >= self._next_s:
            self._next_s = now + _EVERY_S
            self._hear(done)


_hearer: ContextVar[_Hearer | None] = ContextVar("hearer", default=None)


def sign(done: float) -> None:
    """Say from within a job that work goes on and how far it is, in seconds of its recording.

    Examples
    --------
    >>> heard = []
    >>> with heard_by(heard.append):
    ...     sign(1.5)
    >>> heard
    [1.5]
    """
    if (hearer := _hearer.get()) is not None:
        hearer(done)


@contextmanager
def heard_by(hear: Callable[[float], None]) -> Iterator[None]:
    """Let `hear` have the signs that are given inside the block, at most four a second."""
    token = _hearer.set(_Hearer(hear))
    try:
        yield
    finally:
        _hearer.reset(token)


class Tally(Generic[Job]):
    """Adds up how far several jobs are, in seconds of recording, so that one bar shows speed and time left for all.

    Parameters
    ----------
    progress, stage
        Who is told, and under which name.
    lengths_s
        How many seconds of recording each job will go through, as far as is known beforehand.

    Examples
    --------
    >>> def show(stage: str, done: float, total: float) -> None:
    ...     print(f"{stage}: {done:g} of {total:g}")
    >>> tally = Tally(show, "scoring (s)", {"a": 6, "b": 4})
    >>> tally.sign("a", 2.5)
    scoring (s): 2.5 of 10
    >>> tally.finish("b")
    scoring (s): 6.5 of 10
    """

    def __init__(self, progress: Progress, stage: str, lengths_s: Mapping[Job, float]) -> None:
        self._progress, self._stage, self._lengths_s = progress, stage, dict(lengths_s)
        self._done_s = dict.fromkeys(self._lengths_s, 0.0)

    def sign(self, job: Job, done_s: float) -> None:
        """Note how far a job is; `run_all` can call it (`on_sign`)."""
        self._done_s[job] = min(max(done_s, self._done_s[job]), self._lengths_s[job])
        self._progress(self._stage, sum(self._done_s.values()), sum(self._lengths_s.values()))

    def finish(self, job: Job) -> None:
        """Note that a job is done, however short its recording was."""
        self.sign(job, self._lengths_s[job])
