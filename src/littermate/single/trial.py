"""Trial: a recording of any assay, scored. A job knows all that its assay needs and nothing of the animal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from littermate.assays.forced_swim import readings as swim_readings
from littermate.assays.open_field import readings as field_readings
from littermate.errors import UsageError, VideoError
from littermate.model.arena import Arena
from littermate.model.bout import DetectedBout
from littermate.model.finding import Finding
from littermate.model.measurement import Reading
from littermate.model.motion import Motion
from littermate.model.recording import Recording
from littermate.model.rules import RuleSet
from littermate.model.track import Track
from littermate.single.field import field_rules, picture_of_field, score_field
from littermate.single.picture import as_png
from littermate.single.swim import picture_of_swim, score_swim, swim_rules
from littermate.video.frames import read_recording

__all__ = ["TrialJob", "TrialResult", "score_trial", "trial_rules", "try_recording"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialJob:
    """One trial to be scored, with all that its assay needs and nothing of the animal.

    `window_s` is the scored part on the trial clock; `size_cm` and `grid` are for floors only; `title` is written over
    the picture (the trial's opaque id).
    """

    kind: str
    path: str
    window_s: tuple[float, float]
    t0_s: float = 0.0
    arena_px: tuple[int, int, int, int] | None = None
    size_cm: float | None = None
    grid: int = 6
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrialResult:
    """What a scored trial gives: readings, bouts, the trace they came from, a picture, and what was noticed."""

    recording: Recording
    readings: tuple[Reading, ...]
    rules: RuleSet
    findings: tuple[Finding, ...]
    bouts: tuple[DetectedBout, ...]
    motion: Motion | None
    track: Track | None
    arena: Arena | None
    place: str
    picture: bytes


def score_trial(job: TrialJob) -> TrialResult:
    """Score one trial of any assay; an assay enters by its line in `_ASSAYS`.

    Raises
    ------
    UsageError
        If no assay of that kind is known.
    """
    if job.kind not in _ASSAYS:
        raise UsageError(expected=f"one of the assays {', '.join(_ASSAYS)}", found=job.kind, do="correct the kind")
    return _ASSAYS[job.kind](job)


def trial_rules(job: TrialJob) -> RuleSet:
    """Return the rule set under which a job would be scored now, without scoring it."""
    return swim_rules(job.window_s) if job.kind == "forced swim" else field_rules(job.grid)


def _score_swim_trial(job: TrialJob) -> TrialResult:
    trial = score_swim(job.path, window_s=job.window_s, t0_s=job.t0_s, arena_px=job.arena_px)
    return TrialResult(
        recording=trial.recording,
        readings=swim_readings(trial.score),
        rules=trial.rules,
        findings=trial.findings,
        bouts=trial.score.bouts,
        motion=trial.motion,
        track=None,
        arena=None,
        place=f"{job.window_s[0]:g}-{job.window_s[1]:g} s from t0 = {job.t0_s:g} s",
        picture=as_png(picture_of_swim(trial, title=job.title)),
    )


def _score_field_trial(job: TrialJob) -> TrialResult:
    if job.size_cm is None:
        raise UsageError(expected="the floor's size", found="none", do="set size in study.toml, for example '48 cm'")
    trial = score_field(
        job.path, size_cm=job.size_cm, grid=job.grid, t0_s=job.t0_s, duration_s=job.window_s[1] - job.window_s[0]
    )
    return TrialResult(
        recording=trial.recording,
        readings=field_readings(trial.score),
        rules=trial.rules,
        findings=trial.findings,
        bouts=(),
        motion=None,
        track=trial.tracked.track,
        arena=trial.arena,
        place=f"{trial.score.scorable_s:g} s from t0 = {job.t0_s:g} s",
        picture=as_png(picture_of_field(trial, title=job.title)),
    )


_ASSAYS: dict[str, Callable[[TrialJob], TrialResult]] = {
    "forced swim": _score_swim_trial,
    "open field": _score_field_trial,
}


def try_recording(path: str) -> Recording | VideoError:
    """Read a recording from end to end; give back the error in words where it cannot be trusted."""
    try:
        return read_recording(path)
    except VideoError as fault:
        return fault
