"""Check: recordings, checked before anyone scores them.

One file is checked here; several run on all cores, each in a process that is ended if its decoder gives no sign.
A file that cannot be read has its page like any other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from littermate.errors import DataError
from littermate.run.executor import run_all
from littermate.run.progress import heard_by, sign
from littermate.video.check import RecordingCheck, check_recording, unreadable
from littermate.video.frames import Frame

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["CheckJob", "check_files", "check_one", "picture_of_check"]

_SILENT_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckJob:
    """One file to be checked, and the planned length of its trial, where that is known."""

    path: str
    duration_s: float | None = None


def check_one(job: CheckJob) -> RecordingCheck:
    """Check one file, and give signs on the way."""
    return check_recording(job.path, duration_s=job.duration_s, on_frame=_sign)


def _sign(frame: Frame) -> None:
    sign(frame.t_s)


def check_files(
    paths: Sequence[str | Path],
    *,
    duration_s: float | None = None,
    on_sign: Callable[[str, float], None] | None = None,
) -> tuple[RecordingCheck, ...]:
    """Check files, in the order given.

    Parameters
    ----------
    paths
        The files.
    duration_s
        Planned length of their trials, from the proposed t0.
    on_sign
        Called with a file and the seconds of it that are done.

    Raises
    ------
    StoppedError
        At ctrl-C with several files.

    Examples
    --------
    >>> [one.usable for one in check_files(["no-such-file.mp4"])]
    [False]
    """
    jobs = [CheckJob(path=path, duration_s=duration_s) for path in dict.fromkeys(map(str, paths))]
    hear = on_sign or _nobody
    if len(jobs) == 1:
        with heard_by(lambda done: hear(jobs[0].path, done)):
            return (check_one(jobs[0]),)
    done: dict[str, RecordingCheck] = {}
    try:
        for job, checked in run_all(check_one, jobs, timeout_s=_SILENT_S, on_sign=lambda job, s: hear(job.path, s)):
            done[job.path] = checked
    except DataError as fault:
        done |= {one.where: unreadable(one.where, DataError.of([one])) for one in fault.complaints}
    return tuple(done[job.path] for job in jobs)


def _nobody(path: str, done: float) -> None:
    """Hear nothing."""


def picture_of_check(checked: RecordingCheck) -> Figure:
    """Draw a contact sheet: pictures with their times, the brightness over time, t0, gaps, and what was found."""
    from littermate.report.check_figure import draw_check

    looks, recording = checked.looks, checked.recording
    return draw_check(
        np.zeros(0) if looks is None else looks.t_s,
        np.zeros((0, 1, 1), np.uint8) if looks is None else looks.pictures,
        title=Path(checked.path).name,
        t0_s=checked.t0_proposed_s,
        gaps=() if recording is None else recording.gaps,
        findings=checked.findings,
    )
