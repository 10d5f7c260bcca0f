"""Jobs: long work behind a page (a playable copy, a background picture, a calibration), one after the other.

A page asks for a job by its key as often as it likes; it is done once. A job that failed says why, and is tried again
when it is asked for anew.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from littermate.errors import LittermateError
from littermate.run.progress import Progress

__all__ = ["JobState", "Jobs"]

log = logging.getLogger("littermate.web")


@dataclass(frozen=True, slots=True, kw_only=True)
class JobState:
    """How a job stands: `"waiting"`, `"running"`, `"done"` or `"failed"`, and which part of it is done."""

    state: str
    part: float = 0.0


class Jobs:
    """A queue of jobs with one worker thread; heavy work inside a job runs in processes of its own.

    Examples
    --------
    >>> jobs, added = Jobs(), threading.Event()
    >>> jobs.ask("sum", lambda progress: added.set())
    >>> added.wait(5)
    True
    >>> jobs.close()
    >>> jobs.state("sum")
    JobState(state='done', part=1.0)
    """

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="littermate-job")
        self._lock = threading.Lock()
        self._futures: dict[str, Future[None]] = {}
        self._parts: dict[str, float] = {}

    def ask(self, key: str, work: Callable[[Progress], object]) -> None:
        """See that a job is done; nothing new where it waits, runs or is done."""
        with self._lock:
            known = self._futures.get(key)
            if known is not None and not (known.done() and (known.cancelled() or known.exception() is not None)):
                return
            self._parts[key] = 0.0
            self._futures[key] = self._pool.submit(self._run, key, work)

    def follow(self, key: str, work: Callable[[Progress], object]) -> JobState:
        """See that a job is done that somebody waits for, and say how it stands; a failure is said once.

        When it is next asked for it is tried anew, and so is a job that is done: look for what it makes first. How
        the new attempt ends, however soon, is said at the next call.

        Examples
        --------
        >>> jobs = Jobs()
        >>> jobs.follow("sum", lambda progress: None).state in ("waiting", "running")
        True
        >>> jobs.close()
        """
        known = self.state(key)
        if known is not None and known.state in ("done", "failed"):
            self.forget(key)
            if known.state == "failed":
                return known
        self.ask(key, work)
        now = self.state(key)
        return now if now is not None and now.state == "running" else JobState(state="waiting")

    def state(self, key: str) -> JobState | None:
        """Return how a job stands, nothing where it was never asked for."""
        with self._lock:
            future, part = self._futures.get(key), self._parts.get(key, 0.0)
        if future is None:
            return None
        if not future.done():
            return JobState(state="running" if future.running() else "waiting", part=part)
        failed = future.cancelled() or future.exception() is not None
        return JobState(state="failed", part=part) if failed else JobState(state="done", part=1.0)

    def forget(self, key: str) -> None:
        """Let a finished job be done anew when it is asked for again."""
        with self._lock:
            if (known := self._futures.get(key)) is not None and known.done():
                del self._futures[key]

    def close(self) -> None:
        """Wait for what runs, and drop what waits."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _run(self, key: str, work: Callable[[Progress], object]) -> None:
        def told(stage: str, done: float, total: float) -> None:
            self._parts[key] = done / total if total else 0.0

        try:
            work(told)
        except LittermateError as fault:
            log.warning("job %s: %s", key, fault)
            raise
