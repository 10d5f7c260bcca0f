"""Trial: a recording of any assay, scored. A job knows all that its assay needs and nothing of the animal.

The forced swim and the open field have compositions of their own (`swim`, `field`), which their commands use too; every
other assay is what its file in `littermate.assays` declares, and needs no line here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from littermate.assays.assay import FLOOR_CORNERS, Setting, TrackAssay, fields_set, rules_with
from littermate.assays.forced_swim import ForcedSwimRules
from littermate.assays.forced_swim import readings as swim_readings
from littermate.assays.open_field import readings as field_readings
from littermate.assays.registry import all_assays, find_assay
from littermate.assays.zones import NamedPolygons
from littermate.errors import UsageError
from littermate.model.arena import Arena
from littermate.model.bout import DetectedBout
from littermate.model.finding import Finding
from littermate.model.measurement import Reading
from littermate.model.motion import Motion
from littermate.model.outline import Outline
from littermate.model.placement import Box, Corners
from littermate.model.recording import Recording
from littermate.model.rules import RuleSet
from littermate.model.track import Track
from littermate.single.assay import AssayTrial, assay_rules, picture_of_assay, score_assay
from littermate.single.field import FieldTrial, field_rules, picture_of_field, score_fields
from littermate.single.noticed import OnFrame
from littermate.single.picture import as_png
from littermate.single.swim import SwimTrial, picture_of_swim, score_swims, swim_rules
from littermate.video.overlay import (
    MotionPanel,
    grid_outlines,
    write_motion_overlay,
    write_track_overlay,
    zone_outlines,
)

__all__ = [
    "TrialJob",
    "TrialResult",
    "assay_kinds",
    "assay_window",
    "corners_of",
    "draw_trials",
    "require_kind",
    "given_outlines",
    "outlines_of",
    "score_trial",
    "score_trials",
    "trial_rules",
    "write_overlay",
]

Drawn = tuple["TrialResult", Callable[[], Figure]]


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialJob:
    """One trial to be scored, with all that its assay needs and nothing of the animal.

    Parameters
    ----------
    kind
        The assay's name; see `assay_kinds`.
    path
        The recording.
    window_s
        The scored part on the trial clock.
    t0_s
        When the trial starts in the recording.
    arena_px
        The box in the picture that the trial is looked for in.
    corners_px
        Four points of the apparatus in the picture.
    size_cm
        The size of the floor or of the apparatus.
    grid
        Cells along the floor of an open field.
    settings
        Rules of the assay that differ from its own, as (name, value) pairs.
    title
        Written over the picture (the trial's opaque id).
    """

    kind: str
    path: str
    window_s: tuple[float, float]
    t0_s: float = 0.0
    arena_px: Box | None = None
    corners_px: Corners | None = None
    size_cm: float | None = None
    grid: int = 6
    settings: tuple[tuple[str, Any], ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrialResult:
    """What a scored trial gives: readings, bouts, the trace they came from, a picture, and what was noticed.

    `zones_cm` are the zones as analysed, where there is an arena, `thresholds` those on a motion trace; `picture` is a
    PNG, empty until it is drawn.
    """

    recording: Recording
    readings: tuple[Reading, ...]
    rules: RuleSet
    findings: tuple[Finding, ...]
    bouts: tuple[DetectedBout, ...]
    motion: Motion | None
    track: Track | None
    arena: Arena | None
    place: str
    picture: bytes = b""
    zones_cm: NamedPolygons = ()
    thresholds: tuple[float, float] | None = None


def assay_kinds() -> tuple[str, ...]:
    """Return the name of every assay that can be scored.

    Examples
    --------
    >>> assay_kinds()
    ('elevated plus maze', 'forced swim', 'open field', 'tail suspension')
    """
    return tuple(sorted({*_OWN, *(assay.name for assay in all_assays())}))


def assay_window(kind: str) -> tuple[float, float]:
    """Return the part of a trial that is scored where nobody says otherwise.

    Raises
    ------
    UsageError
        If no assay of that kind is known.
    """
    return _OWN_WINDOWS.get(require_kind(kind)) or find_assay(kind).window_s


def score_trial(job: TrialJob) -> TrialResult:
    """Score one trial of any assay.

    Raises
    ------
    UsageError
        If no assay of that kind is known.
    """
    return score_trials((job,))[0]


def score_trials(jobs: Sequence[TrialJob]) -> tuple[TrialResult, ...]:
    """Score several trials; those of one recording (several beakers in one picture) are read in one pass.

    Parameters
    ----------
    jobs
        In any order; those that differ in nothing but their place in the picture are read together.

    Returns
    -------
    tuple of TrialResult
        In the order of the jobs.
    """
    return tuple(replace(result, picture=as_png(draw())) for result, draw in draw_trials(jobs))


def draw_trials(jobs: Sequence[TrialJob], *, on_frame: OnFrame = None) -> tuple[Drawn, ...]:
    """Score several trials as `score_trials` does, and give with each a function that draws its figure."""
    for job in jobs:
        require_kind(job.kind)
    drawn: dict[int, Drawn] = {}
    for numbers in _together(jobs).values():
        group = [jobs[number] for number in numbers]
        scored = _OWN.get(group[0].kind, _score_registered)(group, on_frame)
        drawn.update(zip(numbers, scored, strict=True))
    return tuple(drawn[number] for number in range(len(jobs)))


def _together(jobs: Sequence[TrialJob]) -> dict[TrialJob, list[int]]:
    """Return the numbers of the jobs that can be read in one pass."""
    groups: dict[TrialJob, list[int]] = {}
    for number, job in enumerate(jobs):
        same = replace(job, arena_px=None, corners_px=None, title="")
        groups.setdefault(same, []).append(number)
    return groups


def trial_rules(job: TrialJob) -> RuleSet:
    """Return the rule set under which a job would be scored now, without scoring it."""
    if job.kind == "forced swim":
        return swim_rules(job.window_s, _swim_scoring(job))
    if job.kind == "open field":
        return field_rules(job.grid)
    assay = find_assay(require_kind(job.kind))
    return assay_rules(assay, rules_with(assay, job.settings), _setting(job))


def require_kind(kind: str) -> str:
    """Return the kind, if it is one.

    Raises
    ------
    UsageError
        If no assay of that kind is known; it lists what there is.
    """
    if kind not in assay_kinds():
        raise UsageError(
            expected=f"one of the assays {', '.join(assay_kinds())}", found=repr(kind), do="correct the kind"
        )
    return kind


def _setting(job: TrialJob) -> Setting:
    return Setting(window_s=job.window_s, size_cm=job.size_cm, box_px=job.arena_px, corners_px=job.corners_px)


def _score_registered(jobs: Sequence[TrialJob], on_frame: OnFrame) -> list[Drawn]:
    first = jobs[0]
    assay = find_assay(first.kind)
    trials = score_assay(
        first.path,
        assay,
        [_setting(job) for job in jobs],
        rules=rules_with(assay, first.settings),
        t0_s=first.t0_s,
        on_frame=on_frame,
    )
    return [
        (_result(trial), partial(picture_of_assay, trial, title=job.title))
        for job, trial in zip(jobs, trials, strict=True)
    ]


def _result(trial: AssayTrial) -> TrialResult:
    start, stop = trial.setting.window_s
    return TrialResult(
        recording=trial.recording,
        readings=trial.scored.readings,
        rules=trial.rules,
        findings=trial.findings,
        bouts=trial.scored.bouts,
        motion=trial.motion,
        track=trial.track,
        arena=trial.arena,
        place=f"{start:g}-{stop:g} s from t0 = {trial.t0_s:g} s",
        zones_cm=trial.scored.zones_cm,
        thresholds=trial.scored.thresholds,
    )


def _swim_scoring(job: TrialJob) -> ForcedSwimRules:
    scoring: ForcedSwimRules = fields_set(job.kind, ForcedSwimRules(), job.settings)
    return scoring


def _score_swims(jobs: Sequence[TrialJob], on_frame: OnFrame) -> list[Drawn]:
    first = jobs[0]
    trials = score_swims(
        first.path,
        [job.arena_px for job in jobs],
        window_s=first.window_s,
        t0_s=first.t0_s,
        scoring=_swim_scoring(first),
        on_frame=on_frame,
    )
    return [
        (_swim_result(trial), partial(picture_of_swim, trial, title=job.title))
        for job, trial in zip(jobs, trials, strict=True)
    ]


def _swim_result(trial: SwimTrial) -> TrialResult:
    start, stop = trial.score.window_s
    return TrialResult(
        recording=trial.recording,
        readings=swim_readings(trial.score),
        rules=trial.rules,
        findings=trial.findings,
        bouts=trial.score.bouts,
        motion=trial.motion,
        track=None,
        arena=None,
        place=f"{start:g}-{stop:g} s from t0 = {trial.t0_s:g} s",
        thresholds=(trial.scoring.immobile_below, trial.scoring.mobile_above),
    )


def _score_fields(jobs: Sequence[TrialJob], on_frame: OnFrame) -> list[Drawn]:
    first = jobs[0]
    _no_settings(first)
    if first.size_cm is None:
        raise UsageError(expected="the floor's size", found="none", do="give its inner side, for example '48 cm'")
    trials = score_fields(
        first.path,
        [job.corners_px for job in jobs],
        size_cm=first.size_cm,
        grid=first.grid,
        t0_s=first.t0_s,
        duration_s=first.window_s[1] - first.window_s[0],
        on_frame=on_frame,
    )
    return [
        (_field_result(trial), partial(picture_of_field, trial, title=job.title))
        for job, trial in zip(jobs, trials, strict=True)
    ]


def _field_result(trial: FieldTrial) -> TrialResult:
    return TrialResult(
        recording=trial.recording,
        readings=field_readings(trial.score),
        rules=trial.rules,
        findings=trial.findings,
        bouts=(),
        motion=None,
        track=trial.tracked.track,
        arena=trial.arena,
        place=f"{trial.score.scorable_s:g} s from t0 = {trial.t0_s:g} s",
    )


def _no_settings(job: TrialJob) -> None:
    if job.settings:
        raise UsageError(
            expected=f"no settings for {job.kind}",
            found=", ".join(name for name, _ in job.settings),
            do="leave them out",
        )


_OWN: dict[str, Callable[[Sequence[TrialJob], OnFrame], Iterable[Drawn]]] = {
    "forced swim": _score_swims,
    "open field": _score_fields,
}


_OWN_WINDOWS = {"forced swim": (120.0, 360.0), "open field": (0.0, 600.0)}


def outlines_of(job: TrialJob, result: TrialResult) -> tuple[Outline, ...]:
    """Return the lines of a scored trial as the analysis had them: zones or grid of the floor, or the box."""
    if result.arena is not None:
        return zone_outlines(result.arena, result.zones_cm) or _floor_outlines(job, result.arena)
    return () if job.arena_px is None else (Outline.of_box(job.arena_px),)


def given_outlines(job: TrialJob) -> tuple[Outline, ...]:
    """Return the lines that the analysis of a job would have, as far as a person says where they are.

    Raises
    ------
    DataError
        If the points do not go round a floor.
    UsageError
        If the assay asks for more than was given.

    Examples
    --------
    >>> job = TrialJob(kind="open field", path="", window_s=(0, 600), size_cm=48)
    >>> given_outlines(job)
    ()
    >>> lines = given_outlines(replace(job, corners_px=((0, 0), (60, 0), (60, 60), (0, 60))))
    >>> len(lines), lines[1].points_px
    (11, ((10.0, 0.0), (10.0, 60.0)))
    """
    if not corners_of(job.kind):
        return () if job.arena_px is None else (Outline.of_box(job.arena_px),)
    if job.corners_px is None and job.arena_px is None:
        return ()
    arena = _given_arena(job)
    return () if arena is None else _floor_outlines(job, arena)


def corners_of(kind: str) -> tuple[str, ...]:
    """Return which four points an assay is placed by, in words; empty where it is placed by a box.

    Examples
    --------
    >>> corners_of("open field")[0], corners_of("forced swim")
    ('upper left corner', ())
    """
    if require_kind(kind) in _OWN:
        return FLOOR_CORNERS if kind == "open field" else ()
    assay = find_assay(kind)
    return assay.corners if isinstance(assay, TrackAssay) else ()


def _given_arena(job: TrialJob) -> Arena | None:
    if job.kind == "open field":
        if job.corners_px is None:
            return None
        size_cm = job.size_cm or 1.0
        return Arena(corners_px=job.corners_px, width_cm=size_cm, height_cm=size_cm)
    assay = find_assay(job.kind)
    assert isinstance(assay, TrackAssay)
    return assay.place(_setting(job), rules_with(assay, job.settings))


def _floor_outlines(job: TrialJob, arena: Arena) -> tuple[Outline, ...]:
    return grid_outlines(arena, job.grid if job.kind == "open field" else 1)


def write_overlay(
    jobs: Sequence[TrialJob], results: Sequence[TrialResult], out: str | Path, *, on_frame: OnFrame = None
) -> None:
    """Write the recording of one or several trials with what was measured drawn into it.

    Parameters
    ----------
    jobs, results
        Trials of one recording, and what they gave; of several animals on floors the first is drawn.
    out
        The MP4 file.
    on_frame
        Called for every decoded frame.

    Raises
    ------
    UsageError
        If `out` is the recording itself, or not an MP4 file.
    """
    first, result = jobs[0], results[0]
    if result.track is not None:
        outlines = outlines_of(first, result)
        write_track_overlay(first.path, out, result.track, outlines=outlines, t0_s=first.t0_s, on_frame=on_frame)
        return
    panels = [
        MotionPanel(
            motion=one.motion,
            bouts=one.bouts,
            window_s=job.window_s,
            box_px=job.arena_px,
            thresholds=one.thresholds,
        )
        for job, one in zip(jobs, results, strict=True)
        if one.motion is not None
    ]
    write_motion_overlay(first.path, out, panels, t0_s=first.t0_s, on_frame=on_frame)
