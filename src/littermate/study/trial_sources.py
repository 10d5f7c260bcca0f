"""Trial sources: a trial in words: its recording and its hash, its clock, window and arena, its bouts and frames.

Frames are counted from 0 in the recording. They are given only where its frame rate is steady and no frame is missing,
so that a frame's number follows from its time; elsewhere there are times alone.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from littermate.model.bout import DetectedBout, ScoredBout
from littermate.model.outline import AnalysedPlace
from littermate.model.recording import Recording
from littermate.model.track import STATES
from littermate.model.trial import Trial
from littermate.report.trail import TrailSource, TrailTable
from littermate.store.tracks import StoredMotion, StoredTrack, kind_of_trace, read_motion, read_track
from littermate.study.record import StudyRecord

__all__ = ["Traces", "frames_between", "read_traces", "trial_id", "trial_sources"]

Traces = Mapping[str, StoredTrack | StoredMotion]
"""The stored trace of each trial that has one, by the trial's id."""

Bout = DetectedBout | ScoredBout
_SAME_FRAME = 1e-6
_MOST_BOUTS = 400


def trial_id(trial: str) -> str:
    """Return the id of a trial's source."""
    return f"trial {trial}"


def read_traces(study: StudyRecord) -> Traces:
    """Read the stored trace of every trial."""
    readers: dict[str, Callable[[Path], StoredTrack | StoredMotion]] = {"track": read_track, "motion": read_motion}
    paths = {trial.id: study.folder.tracks / f"{trial.id}.parquet" for trial in study.trials}
    return {name: readers[kind](path) for name, path in paths.items() if (kind := kind_of_trace(path))}


def trial_sources(study: StudyRecord, traces: Traces) -> Iterator[TrailSource]:
    """Describe every trial."""
    recordings = {one.recording.sha256: one.recording for one in study.database.recordings()}
    for trial in study.trials:
        recording, trace = recordings.get(trial.sha256), traces.get(trial.id)
        place = None if trace is None else trace.place
        sets = {name: study.database.bouts(trial.id, scorer=name) for name in ("", *study.database.scored_by(trial.id))}
        yield TrailSource(
            id=trial_id(trial.id),
            kind="trials",
            title=f"{trial.assay}, trial {trial.id}",
            facts=(
                *_file_facts(trial, recording),
                *_clock_facts(study, trial),
                ("arena", _arena_words(trial, place)),
                *_seen_facts(trial, recording, trace),
                ("scored by", ", ".join(name or "the program" for name, bouts in sets.items() if name or trace)),
            ),
            tables=tuple(_bout_table(trial, recording, name, bouts) for name, bouts in sets.items() if bouts),
            pictures=(trial.id,),
        )


def _file_facts(trial: Trial, recording: Recording | None) -> Iterator[tuple[str, str]]:
    yield "animal's code", trial.code
    yield "recording", trial.recording
    yield "SHA-256", trial.sha256
    if recording is None:
        return
    frames = f"{recording.frames_decoded} frames decoded"
    if recording.frames_header not in (None, recording.frames_decoded):
        frames += f" of {recording.frames_header} that its header promises"
    rate = f"{recording.fps_median:.4g} frames/s{', variable' if recording.variable_frame_rate else ''}"
    size = f"{recording.width} × {recording.height} px"
    yield "video", f"{recording.codec}, {size}, {rate}, {recording.duration_s:.2f} s, {frames}"
    if recording.gaps:
        gaps = ", ".join(f"{start:.2f} to {stop:.2f} s" for start, stop in recording.gaps)
        yield "without a trustworthy frame", gaps


def _clock_facts(study: StudyRecord, trial: Trial) -> Iterator[tuple[str, str]]:
    yield "trial clock", f"t0 is at {trial.t0_s:g} s of the recording"
    windows = [plan.window_s for plan in study.protocol.assays if plan.name == trial.assay]
    for start, stop in windows:
        yield "scored window", f"{start:g} to {stop:g} s after t0"
    steps = [step for step in study.protocol.schedule if step.assay == trial.assay]
    for step in steps:
        yield "session", f"{step.name}{f', after {step.after}' if step.after else ''}"


def _arena_words(trial: Trial, place: AnalysedPlace | None) -> str:
    """Say where the animal was looked for, and who said so."""
    if trial.corners_px is not None:
        return f"corners of the floor, as a person said: {_points(trial.corners_px)}"
    if trial.arena_px is not None:
        return "box (x, y, width, height) {}, {}, {}, {} px, as a person said".format(*trial.arena_px)
    if place is not None and place.outlines:
        return f"found by the program: {_points(place.outlines[0].points_px)}"
    return "the whole picture"


def _points(points: Iterable[tuple[float, float]]) -> str:
    return ", ".join(f"({x:.1f}, {y:.1f})" for x, y in points) + " px"


def _seen_facts(
    trial: Trial, recording: Recording | None, trace: StoredTrack | StoredMotion | None
) -> Iterator[tuple[str, str]]:
    """Say in which frames the animal was looked for, and in how many it was seen."""
    if isinstance(trace, StoredTrack) and len(trace.track.t_s):
        first, last = float(trace.track.t_s[0]), float(trace.track.t_s[-1])
        counts = ", ".join(f"{int((trace.track.state == k).sum())} {state}" for k, state in enumerate(STATES))
        step = (last - first) / max(len(trace.track.t_s) - 1, 1)
        frames = frames_between(recording, trial.t0_s + first, trial.t0_s + last + step / 2)
        yield "track", f"{first:.2f} to {last:.2f} s after t0{f', frames {frames}' if frames else ''}: {counts}"
    if isinstance(trace, StoredMotion) and len(trace.motion.t_s):
        motion = trace.motion
        valid = f"{int(motion.valid.sum())} of {len(motion.t_s)} steps of {motion.step_s:g} s could be measured"
        frames = frames_between(recording, trial.t0_s, trial.t0_s + float(motion.t_s[-1]) + motion.step_s)
        yield "motion trace", f"{valid}{f', frames {frames}' if frames else ''}"


def frames_between(recording: Recording | None, start_s: float, stop_s: float) -> str:
    """Name the frames of a stretch ``[start_s, stop_s)`` of a recording; nothing where times do not give them away.

    Examples
    --------
    >>> facts = dict(path="", sha256="", codec="h264", width=64, height=48, frames_decoded=600, frames_header=600)
    >>> steady = Recording(**facts, duration_s=20.0, fps_median=30.0, variable_frame_rate=False, corrupt_frames=0)
    >>> frames_between(steady, 0.5, 1.0), frames_between(None, 0.5, 1.0)
    ('15–29', '')
    """
    if recording is None or recording.variable_frame_rate or recording.gaps:
        return ""
    first = math.ceil(start_s * recording.fps_median - _SAME_FRAME)
    last = min(math.ceil(stop_s * recording.fps_median - _SAME_FRAME), recording.frames_decoded) - 1
    return f"{first}–{last}" if last >= first else ""


def _bout_table(trial: Trial, recording: Recording | None, scorer: str, bouts: Iterable[Bout]) -> TrailTable:
    """List bouts; of very many the first ones, and how many there are."""
    every = list(bouts)
    rows = [
        (
            bout.behaviour,
            f"{bout.start_s:.2f}",
            f"{bout.stop_s:.2f}",
            f"{bout.duration_s:.2f}",
            f"{trial.t0_s + bout.start_s:.2f}",
            frames_between(recording, trial.t0_s + bout.start_s, trial.t0_s + bout.stop_s) or "–",
            "cut by the window's edge" if bout.cut else "",
        )
        for bout in every[:_MOST_BOUTS]
    ]
    more = f", the first {_MOST_BOUTS} of {len(every)}" if len(every) > _MOST_BOUTS else ""
    return TrailTable(
        caption=f"Bouts by {scorer or 'the program'}{more}",
        head=("behaviour", "start (s)", "stop (s)", "length (s)", "in the recording (s)", "frames", ""),
        rows=tuple(rows),
    )
