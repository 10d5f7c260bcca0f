"""Placing: the custodian says when each trial starts, and where its arena is, on the recording itself.

Trials go by their ids. The lines of an arena are worked out by the analysis's own functions (`Study.place_outlines`),
while it is drawn and after it was analysed; the page has no geometry of its own but the corners. Times are seconds of
the recording's own clock, lengths px of the whole picture, the middle of the upper left pixel at (0, 0).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated

import numpy as np
from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from littermate.errors import DataError, UsageError
from littermate.model.outline import Outline
from littermate.model.placement import Box, Corners
from littermate.model.track import INTERPOLATED, MISSING, Track
from littermate.model.trial import Trial
from littermate.study import Study
from littermate.web.lookup import trial_at
from littermate.web.rendering import render
from littermate.web.routes.scoring import Preparation, follow, frames_of, media_of, prepare
from littermate.web.session import AsCustodian

__all__ = ["router"]

router = APIRouter()

Point = tuple[
    Annotated[float, Field(ge=-1e5, le=1e5, allow_inf_nan=False)],
    Annotated[float, Field(ge=-1e5, le=1e5, allow_inf_nan=False)],
]
FourPoints = tuple[Point, Point, Point, Point]
Whole = Annotated[int, Field(ge=-100_000, le=100_000)]
FourNumbers = tuple[Whole, Whole, Whole, Whole]

_UNKNOWN_SIZE = (640, 480)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialRow:
    """One trial in the list: its id and animal's code, its start and who said it, its arena, whether it is scored."""

    trial: str
    code: str
    t0_s: float
    t0_set: bool
    arena_set: bool
    scored: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AssayTrials:
    """The trials of one assay by their ids; `starts_set` of them have a start that a person said.

    `next_trial` is the first whose start nobody said yet; `without` says what is analysed where no arena is set.
    """

    assay: str
    rows: tuple[TrialRow, ...]
    starts_set: int
    arenas_set: int
    next_trial: str | None
    without: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceListPage:
    """Every trial of the study, by assay, and whether trials can still be placed."""

    assays: tuple[AssayTrials, ...]
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacePage:
    """A trial to be placed.

    Parameters
    ----------
    trial, code, assay
        Its id, its animal's code, its assay.
    corners
        Which four points are to be placed, in words; empty where it is a box.
    width, height
        Of the recording's picture, so that the page has its form before anything is read.
    open
        Whether trials can still be placed.
    number, count
        Which trial of the assay it is, of how many.
    before, after
        The trials beside it, by id.
    """

    trial: str
    code: str
    assay: str
    corners: tuple[str, ...]
    width: int
    height: int
    open: bool
    number: int
    count: int
    before: str | None
    after: str | None


class PlacementIn(BaseModel):
    """A start, an arena, or both, as the page sends them; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid")

    t0_s: float | None = Field(default=None, ge=0, le=1e6, allow_inf_nan=False)
    arena_px: FourNumbers | None = None
    corners_px: FourPoints | None = None


class CopyIn(BaseModel):
    """The trials that an arena is taken over to."""

    model_config = ConfigDict(extra="forbid")

    to: list[Annotated[str, Field(max_length=40)]] = Field(min_length=1, max_length=2000)


class PlacementOut(BaseModel):
    """A trial as it is placed now.

    `t0_set` says whether a person said when it starts; `scored` is ``"not scored"``, ``"current"`` or ``"stale"`` (the
    next score scores it anew).
    """

    t0_s: float
    t0_set: bool
    arena_px: Box | None
    corners_px: Corners | None
    scored: str


class MoveOut(BaseModel):
    """A stretch of the recording in which the scene lies elsewhere in the picture, by so many px."""

    start_s: float
    stop_s: float
    right_px: float
    down_px: float


class SceneOut(BaseModel):
    """What is known of a trial's recording, and what is proposed on it.

    `state` is ``"ready"``, or that of the reading (see `Preparation`); until it is ready, proposals are empty.
    """

    state: str
    part: float
    trial: str
    width: int
    height: int
    duration_s: float | None
    placement: PlacementOut
    proposed_t0_s: float | None = None
    t0_reason: str = ""
    proposed_corners_px: Corners | None = None
    proposed_boxes_px: tuple[Box, ...] = ()
    reason: str = ""
    camera_moves: tuple[MoveOut, ...] = ()


class OutlineOut(BaseModel):
    """A line of the analysis, px of the whole picture; `name` is that of a zone."""

    points_px: tuple[tuple[float, float], ...]
    closed: bool
    faint: bool
    name: str


class OutlinesOut(BaseModel):
    """The lines of an arena as the analysis has them, or in words why it could not be analysed."""

    outlines: tuple[OutlineOut, ...]
    refused: str = ""


class AnalysedOut(BaseModel):
    """What a trial's stored trace was made with.

    `paths_px` are the stretches in which the animal was found, `bridged_px` those drawn across short gaps; both are
    empty for a trial scored by motion. `kept` says whether the lines are known (older traces do not have them), `newer`
    whether the trial was placed anew since.
    """

    scored: bool
    kept: bool = False
    newer: bool = False
    t0_s: float | None = None
    outlines: tuple[OutlineOut, ...] = ()
    paths_px: tuple[tuple[tuple[float, float], ...], ...] = ()
    bridged_px: tuple[tuple[tuple[float, float], ...], ...] = ()


class SimilarOut(BaseModel):
    """A trial that the arena may be taken over to, shifted by so many px, and what to look at first."""

    trial: str
    code: str
    arena_set: bool
    right_px: float
    down_px: float
    warnings: tuple[str, ...]


class SimilarsOut(BaseModel):
    """The similar recordings that are known by now, and how many of all still have to be looked at or could not be."""

    trials: tuple[SimilarOut, ...]
    waiting: int
    failed: int
    of: int


class CopiedOut(BaseModel):
    """The trials that were placed."""

    placed: list[str]


# --- pages ------------------------------------------------------------------------------------------------------------


@router.get("/place", include_in_schema=False)
def place_list(request: Request, visit: AsCustodian) -> Response:
    """Show every trial."""
    study = visit.study
    names = [plan.name for plan in study.protocol.assays]
    page = PlaceListPage(
        assays=tuple(found for name in names if (found := assay_trials(study, name)).rows),
        open=study.stage == "allocated",
    )
    return render(request, "place_list.html", visit=visit, page=page)


def assay_trials(study: Study, assay: str) -> AssayTrials:
    """Gather the trials of one assay."""
    placed = study.placed_trials(assay)
    rows = tuple(
        TrialRow(
            trial=one.trial.id,
            code=one.trial.code,
            t0_s=one.trial.t0_s,
            t0_set=one.t0_set,
            arena_set=one.arena_set,
            scored=one.scored,
        )
        for one in placed
    )
    corners = any(one.corners for one in placed)
    return AssayTrials(
        assay=assay,
        rows=rows,
        starts_set=sum(row.t0_set for row in rows),
        arenas_set=sum(row.arena_set for row in rows),
        next_trial=next((row.trial for row in rows if not row.t0_set), None),
        without="found when it is scored" if corners else "the whole picture",
    )


@router.get("/place/{trial_id}", include_in_schema=False)
def place(request: Request, visit: AsCustodian, trial_id: str) -> Response:
    """Show a trial to be placed."""
    study = visit.study
    trial = trial_at(visit, trial_id)
    placed = study.placed_trials(trial.assay)
    at = [one.trial.id for one in placed].index(trial.id)
    beside = [placed[k].trial.id if 0 <= k < len(placed) else None for k in (at - 1, at + 1)]
    width, height = _size(study, trial)
    page = PlacePage(
        trial=trial.id,
        code=trial.code,
        assay=trial.assay,
        corners=placed[at].corners,
        width=width,
        height=height,
        open=study.stage == "allocated",
        number=at + 1,
        count=len(placed),
        before=beside[0],
        after=beside[1],
    )
    return render(request, "place.html", visit=visit, page=page)


def _size(study: Study, trial: Trial) -> tuple[int, int]:
    recording = study.recording_of(trial)
    if recording is not None:
        return recording.width, recording.height
    scene = study.scene_of(trial)
    return _UNKNOWN_SIZE if scene is None else scene.size


# --- the scene, and what is proposed ----------------------------------------------------------------------------------


@router.get("/api/trials/{trial_id}/scene")
def scene(request: Request, visit: AsCustodian, trial_id: str) -> SceneOut:
    """Return a trial's placement and what is proposed; see that its scene is read."""
    trial, study = trial_at(visit, trial_id), visit.study
    state = read_scene(request, study, trial)
    found = study.scene_of(trial)
    recording = study.recording_of(trial)
    width, height = _size(study, trial)
    known = SceneOut(
        state=state.state,
        part=state.part,
        trial=trial.id,
        width=width,
        height=height,
        duration_s=None if recording is None else recording.duration_s,
        placement=_placement(study, trial),
    )
    if found is None:
        return known
    moves = tuple(
        MoveOut(start_s=move.start_s, stop_s=move.stop_s, right_px=move.shift_px[0], down_px=move.shift_px[1])
        for move in found.camera_moves
    )
    proposed = {
        "proposed_t0_s": found.proposed_t0_s,
        "t0_reason": found.t0_reason,
        "proposed_corners_px": found.corners_px,
        "proposed_boxes_px": found.boxes_px,
        "reason": found.reason,
        "camera_moves": moves,
    }
    return known.model_copy(update=proposed)


def read_scene(request: Request, study: Study, trial: Trial) -> Preparation:
    """See that a trial's scene is read, and say how far that is."""
    if study.scene_of(trial) is not None:
        return Preparation(state="ready", part=1.0)
    return follow(request, _scene_key(trial), lambda progress: study.prepare_scene(trial, progress))


def _scene_key(trial: Trial) -> str:
    return f"scene {trial.assay} {trial.sha256}"


def _placement(study: Study, trial: Trial) -> PlacementOut:
    placed = study.placed_trial(trial)
    return PlacementOut(
        t0_s=placed.trial.t0_s,
        t0_set=placed.t0_set,
        arena_px=placed.trial.arena_px,
        corners_px=placed.trial.corners_px,
        scored=placed.scored,
    )


@router.get("/api/trials/{trial_id}/scene.png", response_class=Response)
def scene_picture(visit: AsCustodian, trial_id: str) -> Response:
    """Return the scene without its animal."""
    found = visit.study.scene_of(trial_at(visit, trial_id))
    if found is None:
        raise HTTPException(409, "a scene that is read; ask for the scene first")
    return Response(found.picture.read_bytes(), media_type="image/png")


@router.get("/api/trials/{trial_id}/preparation")
def trial_preparation(request: Request, visit: AsCustodian, trial_id: str) -> Preparation:
    """See that the trial can be played, and say how far that is."""
    return prepare(request, visit.study, trial_at(visit, trial_id))


@router.get("/api/trials/{trial_id}/media", response_class=Response)
def trial_media(visit: AsCustodian, trial_id: str) -> Response:
    """Return the trial's playable copy, whole or in ranges."""
    return media_of(visit.study, trial_at(visit, trial_id))


@router.get("/api/trials/{trial_id}/frames", response_class=Response)
def trial_frames(visit: AsCustodian, trial_id: str) -> Response:
    """Return the times of the trial's frames in the recording: little-endian 64-bit floats, in seconds."""
    return frames_of(visit.study, trial_at(visit, trial_id))


# --- what is drawn ----------------------------------------------------------------------------------------------------


@router.get("/api/trials/{trial_id}/outlines")
def outlines(
    visit: AsCustodian,
    trial_id: str,
    at: Annotated[list[float], Query(min_length=4, max_length=8)],
) -> OutlinesOut:
    """Return the lines that an analysis would have with these four points (x, y, ...), or this box (x, y, w, h)."""
    if len(at) not in (4, 8) or not np.all(np.abs(at) <= 1e5):
        raise HTTPException(422, "eight numbers of four points, or four of a box, in px")
    trial = trial_at(visit, trial_id)
    try:
        lines = visit.study.place_outlines(trial, arena_px=_box(at), corners_px=_corners(at))
    except (DataError, UsageError) as fault:
        wrong = fault.complaints[0]
        return OutlinesOut(outlines=(), refused=f"Expected {wrong.expected}; {wrong.do}.")
    return OutlinesOut(outlines=outlines_out(lines))


def _box(at: list[float]) -> Box | None:
    if len(at) != 4:
        return None
    x, y, width, height = (round(one) for one in at)
    return x, y, width, height


def _corners(at: list[float]) -> Corners | None:
    if len(at) != 8:
        return None
    a, b, c, d = ((at[k], at[k + 1]) for k in (0, 2, 4, 6))
    return a, b, c, d


def outlines_out(lines: Iterable[Outline]) -> tuple[OutlineOut, ...]:
    """Return lines as a page needs them."""
    return tuple(
        OutlineOut(points_px=one.points_px, closed=one.closed, faint=one.faint, name=one.name) for one in lines
    )


@router.post("/api/trials/{trial_id}/placement")
def set_placement(visit: AsCustodian, trial_id: str, sent: PlacementIn) -> PlacementOut:
    """Place a trial anew; what was said before stays in the journal."""
    trial = trial_at(visit, trial_id)
    said = visit.study.place(trial.id, t0_s=sent.t0_s, arena_px=sent.arena_px, corners_px=sent.corners_px)
    return _placement(visit.study, said)


@router.get("/api/trials/{trial_id}/analysed")
def analysed(visit: AsCustodian, trial_id: str) -> AnalysedOut:
    """Return what the trial's stored trace was made with, to be drawn over its scene."""
    trial = trial_at(visit, trial_id)
    found = visit.study.analysed_trial(trial)
    if found is None:
        return AnalysedOut(scored=False)
    paths, bridged = ((), ()) if found.track is None else _paths(found.track)
    return AnalysedOut(
        scored=True,
        kept=found.place is not None,
        newer=not found.is_of(trial),
        t0_s=None if found.place is None else found.place.placement.t0_s,
        outlines=() if found.place is None else outlines_out(found.place.outlines),
        paths_px=paths,
        bridged_px=bridged,
    )


def _paths(track: Track) -> tuple[tuple[tuple[tuple[float, float], ...], ...], ...]:
    """Return the stretches found, and those across short gaps, each with the places it begins and ends at."""
    steps = np.maximum(track.state[:-1], track.state[1:])
    found: dict[int, list[tuple[tuple[float, float], ...]]] = {}
    for state, group in groupby(range(len(steps)), key=lambda k: int(steps[k])):
        numbers = list(group)
        stretch = track.xy_px[numbers[0] : numbers[-1] + 2].round(1).tolist()
        found.setdefault(state, []).append(tuple((x, y) for x, y in stretch))
    bridged = tuple(found.pop(INTERPOLATED, ()))
    found.pop(MISSING, None)
    return tuple(stretch for stretches in found.values() for stretch in stretches), bridged


# --- the same arena elsewhere -----------------------------------------------------------------------------------------


@router.get("/api/trials/{trial_id}/similar")
def similar(request: Request, visit: AsCustodian, trial_id: str) -> SimilarsOut:
    """Return the trials that the arena may be taken over to; see that the scenes of all are read."""
    trial, study, jobs = trial_at(visit, trial_id), visit.study, request.app.state.jobs
    others = {one.sha256: one for one in study.trials if one.assay == trial.assay and one.sha256 != trial.sha256}
    unread = [one for one in others.values() if study.scene_of(one) is None]
    for one in unread:
        if jobs.state(_scene_key(one)) is None:
            read_scene(request, study, one)
    states = [jobs.state(_scene_key(one)) for one in unread]
    failed = sum(one is not None and one.state == "failed" for one in states)
    found = tuple(
        SimilarOut(
            trial=one.placed.trial.id,
            code=one.placed.trial.code,
            arena_set=one.placed.arena_set,
            right_px=one.shift_px[0],
            down_px=one.shift_px[1],
            warnings=one.warnings,
        )
        for one in study.similar_trials(trial)
    )
    return SimilarsOut(trials=found, waiting=len(unread) - failed, failed=failed, of=len(others))


@router.post("/api/trials/{trial_id}/copies")
def copies(visit: AsCustodian, trial_id: str, sent: CopyIn) -> CopiedOut:
    """Take the trial's arena over to others."""
    placed = visit.study.copy_placement(trial_at(visit, trial_id), sent.to)
    return CopiedOut(placed=[one.id for one in placed])
