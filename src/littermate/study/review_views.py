"""Review views: what the program measured in a trial, for a person to look at over the video.

Times of a trace are on the trial clock; `t0_s` is where that starts in the recording, as it was when the trial was
scored. Lines (floor, grid, zones, box) are those of the analysis, as kept with the trace; a trace that was made before
they were kept has none. Nothing here says which animal it is, or what a file is called.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from littermate.errors import StageError
from littermate.model.arena import Arena
from littermate.model.bout import DetectedBout, ScoredBout
from littermate.model.measurement import CORRECTED, Measurement
from littermate.model.motion import Motion
from littermate.model.outcome import Outcome
from littermate.model.outline import AnalysedPlace, Outline
from littermate.model.protocol import AssayPlan
from littermate.model.track import Track
from littermate.model.trial import Trial
from littermate.report.field_figure import time_map
from littermate.store.tracks import StoredTrack, kind_of_trace, read_motion, read_track
from littermate.study.placing import trial_named
from littermate.study.record import StudyRecord
from littermate.study.reviewing import corrector, newest_of, reviewer

__all__ = [
    "CorrectedBouts",
    "MotionView",
    "ReviewedTrial",
    "TrackView",
    "motion_view",
    "reviewed_trials",
    "trace_kind",
    "track_view",
]

Span = tuple[float, float]

_MAP_CELLS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewedTrial:
    """A trial with the value of its assay's first outcome (the primary one, where it has that).

    Parameters
    ----------
    trial, assay
        Opaque id, and the assay's name.
    outcome, value, unit, reason
        What counts now; the reason where there is no value. Empty where the trial was not scored.
    automatic
        What the method measured, where a correction stands in its place.
    doubts
        What must be known about the value.
    corrected_by
        Who corrected it; empty where nobody did.
    correction_lapsed
        Whether somebody corrected bouts that are not the trial's any more.
    """

    trial: str
    assay: str
    outcome: str
    value: float | None
    unit: str
    reason: str
    automatic: float | None
    doubts: tuple[str, ...]
    corrected_by: str
    correction_lapsed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedBouts:
    """A trial's bouts as one person corrected them; `counts` where the outcomes are measured from them now."""

    by: str
    bouts: tuple[ScoredBout, ...]
    counts: bool


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MotionView:
    """A trial that was scored from its motion.

    Parameters
    ----------
    trial, t0_s, window_s
        Which, where it starts in its recording, and what is scored.
    motion
        The trace.
    thresholds
        Activity below which immobility begins, and above which it ends.
    detected
        Bouts that the program found.
    corrected
        What people made of them.
    """

    trial: str
    t0_s: float
    window_s: Span
    motion: Motion
    thresholds: Span | None
    detected: tuple[DetectedBout, ...]
    corrected: tuple[CorrectedBouts, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TrackView:
    """A trial that was scored from the animal's path.

    Parameters
    ----------
    trial, t0_s, window_s
        Which, where it starts in its recording, and what is scored.
    track
        The path in px of the picture.
    outlines
        Floor, grid or zones as analysed, in px of the picture.
    side_cm, grid
        Side of the square that the map shows from above, and how many cells of the grid go along it.
    time_map_s
        Seconds in each small square of the floor, rows down.
    """

    trial: str
    t0_s: float
    window_s: Span
    track: Track
    outlines: tuple[Outline, ...]
    side_cm: float
    grid: int
    time_map_s: tuple[tuple[float, ...], ...]


def reviewed_trials(study: StudyRecord) -> tuple[ReviewedTrial, ...]:
    """Return every trial, by assay; those in doubt first, then by their opaque ids."""
    measured = {(one.outcome, one.code): one for one in study.measurements}
    history = study.database.measured({one.name for one in study.protocol.outcomes})
    rows = []
    for plan in study.protocol.assays:
        outcome = _first_outcome(study, plan)
        of_assay = tuple(one for one in history if outcome is not None and one.outcome == outcome.name)
        for trial in study.database.trials(plan.name):
            now = None if outcome is None else measured.get((outcome.name, trial.code))
            rows.append(_row(trial, outcome, now, of_assay))
    order = {plan.name: number for number, plan in enumerate(study.protocol.assays)}
    return tuple(sorted(rows, key=lambda one: (order[one.assay], not one.doubts, one.trial)))


def _first_outcome(study: StudyRecord, plan: AssayPlan) -> Outcome | None:
    mine = [one for one in study.protocol.outcomes if one.assay == plan.name]
    return next(iter(sorted(mine, key=lambda one: not one.primary)), None)


def _row(
    trial: Trial, outcome: Outcome | None, now: Measurement | None, history: Iterable[Measurement]
) -> ReviewedTrial:
    mine = [one for one in history if one.code == trial.code]
    by = "" if now is None else corrector(now)
    automatic = next((one.value for one in reversed(mine) if CORRECTED not in one.flags), None)
    return ReviewedTrial(
        trial=trial.id,
        assay=trial.assay,
        outcome="" if outcome is None else outcome.name,
        value=None if now is None else now.value,
        unit="" if outcome is None else outcome.unit,
        reason="" if now is None else now.reason,
        automatic=automatic if by else None,
        doubts=() if now is None else tuple(flag for flag in now.flags if flag != CORRECTED),
        corrected_by=by,
        correction_lapsed=not by and any(CORRECTED in one.flags for one in mine),
    )


def trace_kind(study: StudyRecord, trial_id: str) -> str:
    """Return what a trial was scored from; see `Study.trace_kind`."""
    return kind_of_trace(study.folder.tracks / f"{trial_named(study, trial_id).id}.parquet")


def _require(study: StudyRecord, trial: Trial, kind: str, words: str) -> None:
    if trace_kind(study, trial.id) != kind:
        raise StageError(expected=f"a trial that was scored from {words}", found="another one", do="score it first")


def motion_view(study: StudyRecord, trial_id: str) -> MotionView:
    """Return a trial's motion; see `Study.motion_view`."""
    trial = trial_named(study, trial_id)
    _require(study, trial, "motion", "its motion")
    stored = read_motion(study.folder.tracks / f"{trial.id}.parquet")
    return MotionView(
        trial=trial.id,
        t0_s=_t0_s(stored.place, trial),
        window_s=study.assay(trial.assay).window_s,
        motion=stored.motion,
        thresholds=_thresholds(study, stored.rules_hash),
        detected=tuple(one for one in study.database.bouts(trial.id) if isinstance(one, DetectedBout)),
        corrected=tuple(_corrected(study, trial)),
    )


def _thresholds(study: StudyRecord, rules_hash: str) -> Span | None:
    """Return the thresholds on the activity that a rule set has, nothing where it has none."""
    found = next((one for one in study.database.rules() if one.hash == rules_hash), None)
    numbers = {} if found is None else {name.rpartition(": ")[2]: value for name, value in found.parameters}
    if "immobile_below" not in numbers or "mobile_above" not in numbers:
        return None
    return float(numbers["immobile_below"]), float(numbers["mobile_above"])


def _corrected(study: StudyRecord, trial: Trial) -> Iterator[CorrectedBouts]:
    standing = {corrector(one) for one in newest_of(study, trial)}
    labels = set(study.database.scored_by(trial.id))
    for name in sorted({clip.scorer for clip in study.database.clips(assay=trial.assay) if clip.trial == trial.id}):
        if reviewer(name) in labels:
            kept = study.database.bouts(trial.id, scorer=reviewer(name))
            bouts = tuple(one for one in kept if isinstance(one, ScoredBout))
            yield CorrectedBouts(by=name, bouts=bouts, counts=name in standing)


def track_view(study: StudyRecord, trial_id: str) -> TrackView:
    """Return a trial's path; see `Study.track_view`."""
    trial = trial_named(study, trial_id)
    _require(study, trial, "track", "the animal's path")
    plan = study.assay(trial.assay)
    stored = read_track(study.folder.tracks / f"{trial.id}.parquet")
    side_cm = _side_cm(stored, plan)
    return TrackView(
        trial=trial.id,
        t0_s=_t0_s(stored.place, trial),
        window_s=plan.window_s,
        track=stored.track,
        outlines=() if stored.place is None else stored.place.outlines,
        side_cm=side_cm,
        grid=plan.grid if plan.kind == "open field" else 1,
        time_map_s=_time_map(stored, side_cm),
    )


def _t0_s(place: AnalysedPlace | None, trial: Trial) -> float:
    """Return where the trial clock started when the trial was scored."""
    return trial.t0_s if place is None else place.placement.t0_s


def _side_cm(stored: StoredTrack, plan: AssayPlan) -> float:
    """Return the side of a square that holds the floor, or all of an apparatus that was seen."""
    seen = stored.xy_cm[np.isfinite(stored.xy_cm).all(axis=1)]
    needed = float(seen.max()) if len(seen) else 0.0
    side = plan.size_cm or 0.0
    return side if plan.kind == "open field" and side > 0 else max(side, needed, 1.0)


def _time_map(stored: StoredTrack, side_cm: float) -> tuple[tuple[float, ...], ...]:
    """Return where the time was spent, seen straight from above."""
    above = Track(t_s=stored.track.t_s, xy_px=stored.xy_cm, state=stored.track.state)
    square = ((0.0, 0.0), (side_cm, 0.0), (side_cm, side_cm), (0.0, side_cm))
    seconds = time_map(above, Arena(corners_px=square, width_cm=side_cm, height_cm=side_cm), cells=_MAP_CELLS)
    return tuple(tuple(float(one) for one in row) for row in seconds)
