"""Assay: one or several trials of any registered assay from one recording, read once.

What an assay declares (`littermate.assays.assay`) is put together here with what reads a recording and what draws a
result. Nothing here knows a single assay by its name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from littermate.assays.assay import Assay, MotionAssay, Scored, Setting, TrackAssay
from littermate.errors import UsageError
from littermate.model.arena import Arena
from littermate.model.finding import Finding
from littermate.model.motion import Motion
from littermate.model.recording import Recording
from littermate.model.rules import RuleSet
from littermate.model.still import Still
from littermate.model.track import Track
from littermate.report.swim_figure import draw_swim
from littermate.report.zones_figure import draw_zones
from littermate.single.field import track_findings
from littermate.single.noticed import OnFrame, Watched, combined_rules, trial_findings
from littermate.video.locate import LocateRules, TrackedAnimal, track_animals
from littermate.video.motion import MotionRules, read_motions
from littermate.video.stills import Stills

__all__ = ["AssayTrial", "assay_rules", "picture_of_assay", "score_assay"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AssayTrial:
    """One scored trial: what it was taken from, what it gave, and under which rules.

    Either `motion` is there with some `stills`, or `track` with its `arena` and `background`.
    """

    assay: Assay
    setting: Setting
    t0_s: float
    recording: Recording
    scored: Scored
    rules: RuleSet
    findings: tuple[Finding, ...]
    motion: Motion | None = None
    track: Track | None = None
    arena: Arena | None = None
    background: NDArray[np.uint8] | None = None
    stills: tuple[Still, ...] = ()


def score_assay(
    path: str | Path,
    assay: Assay,
    settings: Sequence[Setting],
    *,
    rules: Any = None,
    t0_s: float = 0.0,
    on_frame: OnFrame = None,
) -> tuple[AssayTrial, ...]:
    """Score one or several trials (places in the picture) of one recording, which is read once.

    Parameters
    ----------
    path
        The recording.
    assay
        From `littermate.assays.registry`.
    settings
        One a trial; all with the same window.
    rules
        The assay's own where `None`; see `littermate.assays.assay.rules_with`.
    t0_s
        When the trials start in the recording.
    on_frame
        Called for every decoded frame.

    Raises
    ------
    VideoError
        If the recording cannot be read to its end.
    UsageError
        If the settings lack what the assay needs, or differ in their window.
    """
    rules = assay.rules if rules is None else rules
    if len({setting.window_s for setting in settings}) != 1:
        raise UsageError(
            expected="trials of one recording with the same window",
            found=", ".join(f"{setting.window_s}" for setting in settings) or "no trial",
            do="score them one by one",
        )
    if isinstance(assay, MotionAssay):
        return _motion_trials(path, assay, settings, rules, t0_s, on_frame)
    assert isinstance(assay, TrackAssay)
    return _track_trials(path, assay, settings, rules, t0_s, on_frame)


def _motion_trials(
    path: str | Path,
    assay: MotionAssay,
    settings: Sequence[Setting],
    rules: Any,
    t0_s: float,
    on_frame: OnFrame,
) -> tuple[AssayTrial, ...]:
    stills = Stills(t0_s=t0_s, window_s=settings[0].window_s)
    watched = Watched(also=on_frame, stills=stills)
    motions, recording = read_motions(
        path,
        [setting.box_px for setting in settings],
        t0_s=t0_s,
        duration_s=settings[0].window_s[1],
        rules=MotionRules(**dict(assay.motion)),
        on_frame=watched,
    )
    noticed = watched.findings(recording)
    reading = _Reading(t0_s=t0_s, recording=recording, noticed=noticed)
    trials = []
    for setting, motion in zip(settings, motions, strict=True):
        scored = assay.score(motion, setting, rules)
        shown = stills.of(motion, scored.bouts, setting.box_px)
        trials.append(_trial(assay, setting, rules, reading, scored, motion=motion, stills=shown))
    return tuple(trials)


def _track_trials(
    path: str | Path,
    assay: TrackAssay,
    settings: Sequence[Setting],
    rules: Any,
    t0_s: float,
    on_frame: OnFrame,
) -> tuple[AssayTrial, ...]:
    placed = [assay.place(setting, rules) for setting in settings]
    watched = Watched(also=on_frame)
    tracked = track_animals(
        path,
        [None if arena is None else arena.corners_px for arena in placed],
        t0_s=t0_s,
        duration_s=settings[0].window_s[1],
        rules=LocateRules(**dict(assay.locate)),
        on_frame=watched,
    )
    noticed = watched.findings(tracked[0].recording)
    trials = []
    for setting, given, animal in zip(settings, placed, tracked, strict=True):
        arena = given or _square(animal, setting)
        scored = assay.score(animal.track, arena, setting, rules)
        reading = _Reading(t0_s=t0_s, recording=animal.recording, noticed=noticed)
        traces = {"track": animal.track, "arena": arena, "background": animal.background}
        trial = _trial(assay, setting, rules, reading, scored, **traces)
        trials.append(replace(trial, findings=trial.findings + track_findings(animal, arena)))
    return tuple(trials)


def _square(animal: TrackedAnimal, setting: Setting) -> Arena:
    if setting.size_cm is None:
        raise UsageError(expected="the floor's size", found="none", do="give its inner side, for example 48cm")
    return Arena(corners_px=animal.corners_px, width_cm=setting.size_cm, height_cm=setting.size_cm)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """One pass over a recording: where its trials start, what was in it, and what was noticed."""

    t0_s: float
    recording: Recording
    noticed: tuple[Finding, ...]


def _trial(assay: Assay, setting: Setting, rules: Any, reading: _Reading, scored: Scored, **traces: Any) -> AssayTrial:
    recording = reading.recording
    findings = trial_findings(
        recording,
        reading.noticed,
        animal_found=scored.scorable_s > 0,
        window_s=setting.window_s if scored.cut_short else None,
    )
    return AssayTrial(
        assay=assay,
        setting=setting,
        t0_s=reading.t0_s,
        recording=recording,
        scored=scored,
        rules=assay_rules(assay, rules, setting),
        findings=(*findings, *(replace(finding, about=recording.path) for finding in scored.findings)),
        **traces,
    )


def assay_rules(assay: Assay, rules: Any, setting: Setting) -> RuleSet:
    """Return the rules under which `score_assay` scores: those of the reading and of the assay, with one hash."""
    if isinstance(assay, MotionAssay):
        reading = MotionRules(**dict(assay.motion)).rule_set()
    else:
        assert isinstance(assay, TrackAssay)
        reading = LocateRules(**dict(assay.locate)).rule_set()
    return combined_rules(assay.name, reading, assay.rule_set(rules, setting))


def picture_of_assay(trial: AssayTrial, *, title: str = "") -> Figure:
    """Draw the motion trace with its bouts, or the path on the zones with the time in each."""
    scored = trial.scored
    if trial.motion is not None:
        return draw_swim(
            trial.motion,
            window_s=trial.setting.window_s,
            bouts=scored.bouts,
            thresholds=scored.thresholds,
            smooth_s=scored.smooth_s,
            title=title,
            stills=trial.stills,
        )
    assert trial.track is not None and trial.arena is not None and trial.background is not None
    return draw_zones(
        trial.background,
        trial.track,
        trial.arena,
        window_s=trial.setting.window_s,
        zones_cm=scored.zones_cm,
        times_s=scored.zone_times_s,
        title=title,
    )
