"""Playing: copies of recordings that a browser can play, kept in the study's ``cache/`` folder, which may be emptied.

A copy has the recording's own times, frame by frame, and none of its metadata (`littermate.video.playback`). It is
known by the SHA-256 of the recording, so it is made once, however often and under whatever code the recording is shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from littermate.files import written_whole
from littermate.model.recording import Recording
from littermate.model.trial import Trial
from littermate.run.executor import SILENT_S, run_all
from littermate.run.progress import Progress, sign
from littermate.study.record import StudyRecord
from littermate.video.frames import Frame
from littermate.video.playback import Playable, copy_packets, make_playable

__all__ = ["PlayableCopy", "playable", "prepare_playable", "to_frame"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlayableCopy:
    """A copy that can be played.

    Parameters
    ----------
    path
        The MP4 file.
    t_s : (n,) float
        Time of each frame in the recording, and in the copy.
    why
        Why the pictures had to be encoded anew; empty where they are the recording's own.
    """

    path: Path
    t_s: NDArray[np.float64]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Job:
    path: str
    out: str
    read: Recording | None


def playable(study: StudyRecord, trial: Trial) -> PlayableCopy | None:
    """Return the copy of a trial's recording, or nothing where it is not made yet."""
    stem = _stem(study, trial)
    path, facts = stem.with_suffix(".mp4"), stem.with_suffix(".npz")
    if not (path.is_file() and facts.is_file()):
        return None
    t_s, why = _facts(facts, facts.stat().st_mtime_ns)
    return PlayableCopy(path=path, t_s=t_s, why=why)


@lru_cache(maxsize=64)
def _facts(path: Path, _: int) -> tuple[NDArray[np.float64], str]:
    with np.load(path, allow_pickle=False) as kept:
        t_s = np.asarray(kept["t_s"], dtype=np.float64)
        t_s.flags.writeable = False
        return t_s, str(kept["why"])


def prepare_playable(study: StudyRecord, trial: Trial, progress: Progress) -> PlayableCopy:
    """Make the copy of a trial's recording, where it is not there yet; see `Study.prepare_playable`.

    Packets are copied here, at once; what must be decoded is, in a process of its own, which can be ended if it hangs.
    """
    if (there := playable(study, trial)) is not None:
        return there
    read = {one.recording.sha256: one.recording for one in study.database.recordings()}.get(trial.sha256)
    job = _Job(
        path=str(study.folder.root / trial.recording), out=str(_stem(study, trial).with_suffix(".mp4")), read=read
    )
    if (copied := copy_packets(job.path, job.out, decoded=read)) is not None:
        _keep_facts(job, copied)
    else:
        length = read.duration_s if read is not None else 0.0
        for _ in run_all(_make, [job], timeout_s=SILENT_S, on_sign=lambda _, done: progress("preparing", done, length)):
            pass
    made = playable(study, trial)
    assert made is not None
    return made


def _make(job: _Job) -> None:
    """Make one copy, in a process of its own: a decoder that hangs can be ended."""
    _keep_facts(job, make_playable(job.path, job.out, on_frame=_sign, decoded=job.read))


def _keep_facts(job: _Job, made: Playable) -> None:
    with written_whole(Path(job.out).with_suffix(".npz")) as part, part.open("wb") as file:
        np.savez(file, t_s=made.t_s, why=np.array(made.why))


def _sign(frame: Frame) -> None:
    sign(frame.t_s)


def to_frame(study: StudyRecord, trial: Trial, t_s: float) -> float:
    """Return the time of the frame that is on screen at a time; the time itself where no copy was made."""
    copy = playable(study, trial)
    if copy is None or not len(copy.t_s):
        return t_s
    at = int(np.searchsorted(copy.t_s, t_s))
    near = copy.t_s[max(0, at - 1) : at + 1]
    return float(near[np.argmin(np.abs(near - t_s))])


def _stem(study: StudyRecord, trial: Trial) -> Path:
    return study.folder.root / "cache" / trial.sha256
