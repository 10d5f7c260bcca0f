"""Reviewing: what the program measured, for the custodian to look at over the video or the blot, and to correct.

Bouts are corrected on the scoring page (`routes.scoring`), on a clip that begins as the program left it. Blots go by
opaque ids. Times of traces are on the trial clock, which starts `t0_s` into the recording; boxes are whole px of the
blot image.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from fastapi import APIRouter, HTTPException, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from littermate.model.bout import DetectedBout, ScoredBout
from littermate.study import Study
from littermate.study.blot_views import BlotName, BlotView
from littermate.study.review_views import ReviewedTrial
from littermate.web.lookup import no_such, trial_at
from littermate.web.rendering import render
from littermate.web.routes.placing import OutlineOut, outlines_out
from littermate.web.session import AsCustodian

__all__ = ["router"]

router = APIRouter()

Whole = Annotated[int, Field(ge=-100_000, le=100_000)]
FourNumbers = tuple[Whole, Whole, Whole, Whole]

_DECIMALS_S, _DECIMALS_ACTIVITY, _DECIMALS_PX = 4, 5, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class AssayReview:
    """The trials of one assay: the outcome whose values are shown, its unit, and how many are in doubt or corrected."""

    assay: str
    outcome: str
    unit: str
    rows: tuple[ReviewedTrial, ...]
    doubtful: int
    corrected: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewListPage:
    """Every trial by assay, every blot image, and whether corrections are still taken."""

    assays: tuple[AssayReview, ...]
    blots: tuple[BlotName, ...]
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewTrialPage:
    """A trial to be looked at.

    Parameters
    ----------
    row
        Its value, and who corrected it.
    kind
        ``"motion"`` or ``"track"``: what it was scored from; empty where it was not.
    scored
        ``"current"``, ``"stale"`` or ``"not scored"``.
    correctable
        Whether a person's bouts give an outcome of its assay.
    behaviours
        What a person scores in it, in the order in which the scoring page has them.
    clip
        This person's own review of it, where they have opened one.
    open
        Whether corrections are still taken.
    number, count, before, after
        Its place among the assay's trials, and the ones beside it.
    """

    row: ReviewedTrial
    kind: str
    scored: str
    correctable: bool
    behaviours: tuple[str, ...]
    clip: str | None
    open: bool
    number: int
    count: int
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewBlotPage:
    """A blot image by what is on it, the size of its picture, and whether corrections are still taken."""

    name: BlotName
    width: int
    height: int
    open: bool


class BoutOut(BaseModel):
    """One bout, on the trial clock."""

    behaviour: str
    start_s: float
    stop_s: float


class CorrectedOut(BaseModel):
    """Bouts as one person corrected them; `counts` where the outcomes are measured from them now."""

    by: str
    counts: bool
    bouts: list[BoutOut]


class TraceOut(BaseModel):
    """A trial's motion: sample k covers `step_s` from ``t_s[k]``; its activity is null where nothing could be seen.

    `thresholds` are the activity below which immobility begins and above which it ends.
    """

    trial: str
    t0_s: float
    window_s: tuple[float, float]
    step_s: float
    t_s: list[float]
    activity: list[float | None]
    thresholds: tuple[float, float] | None
    detected: list[BoutOut]
    corrected: list[CorrectedOut]


class TrackOut(BaseModel):
    """A trial's path: at ``t_s[k]`` the animal is at ``x_px[k], y_px[k]``, null where it was not found.

    `state` is 0 found, 1 interpolated, 2 missing. `time_map_s` are the seconds in each small square of the floor seen
    from above, rows down, whose side is `side_cm` and which has `grid` cells along it.
    """

    trial: str
    t0_s: float
    window_s: tuple[float, float]
    t_s: list[float]
    x_px: list[float | None]
    y_px: list[float | None]
    state: list[int]
    outlines: tuple[OutlineOut, ...]
    side_cm: float
    grid: int
    time_map_s: list[list[float]]


class OpenedOut(BaseModel):
    """The clip on which a trial's bouts are corrected."""

    clip: str


class CountsOut(BaseModel):
    """How many outcomes count as the program measured them again."""

    outcomes: int


class LaneOut(BaseModel):
    """One lane of a blot image; see `littermate.study.blot_views.BlotLane`."""

    lane: int
    holds: str
    line_px: list[tuple[float, float]]
    automatic_px: FourNumbers
    placed_px: FourNumbers | None
    placed_by: str
    flags: list[str]


class RatioOut(BaseModel):
    """A lane's ratio as the program finds it, and with what people placed."""

    lane: int
    holds: str
    before: float | None
    after: float | None
    reason: str
    flags: list[str]


class PairOut(BaseModel):
    """All ratios of one target to one loading control."""

    measure: str
    lanes: list[RatioOut]


class BlotOut(BaseModel):
    """A blot image with its lanes and ratios."""

    id: str
    target: str
    region: str
    membrane: str
    width: int
    height: int
    lanes: list[LaneOut]
    ratios: list[PairOut]


class PlaceIn(BaseModel):
    """Where a person says the band of a lane is; null for "as the program finds it"."""

    model_config = ConfigDict(extra="forbid")

    lane: int = Field(ge=1, le=1000)
    box_px: FourNumbers | None


class PlacesIn(BaseModel):
    """All lanes that are said anew, together."""

    model_config = ConfigDict(extra="forbid")

    places: list[PlaceIn] = Field(min_length=1, max_length=200)


# --- pages ------------------------------------------------------------------------------------------------------------


@router.get("/review", include_in_schema=False)
def review_list(request: Request, visit: AsCustodian) -> Response:
    """Show every trial and every blot image."""
    study = visit.study
    page = ReviewListPage(assays=assay_reviews(study), blots=study.blot_names(), open=_is_open(study))
    return render(request, "review_list.html", visit=visit, page=page)


def assay_reviews(study: Study) -> tuple[AssayReview, ...]:
    """Gather the trials by assay."""
    rows: dict[str, list[ReviewedTrial]] = {}
    for row in study.reviewed_trials():
        rows.setdefault(row.assay, []).append(row)
    return tuple(
        AssayReview(
            assay=assay,
            outcome=mine[0].outcome,
            unit=mine[0].unit,
            rows=tuple(mine),
            doubtful=sum(bool(one.doubts) for one in mine),
            corrected=sum(bool(one.corrected_by) for one in mine),
        )
        for assay, mine in rows.items()
    )


def _is_open(study: Study) -> bool:
    return study.stage == "allocated"


@router.get("/review/blots/{image}", include_in_schema=False)
def review_blot(request: Request, visit: AsCustodian, image: str) -> Response:
    """Show a blot image to be looked at and corrected."""
    study = visit.study
    with no_such("a blot of this study"):
        width, height = study.blot_picture(image).image_px
    name = study.blot_name(image)
    page = ReviewBlotPage(name=name, width=width, height=height, open=_is_open(study))
    return render(request, "review_blot.html", visit=visit, page=page)


@router.get("/review/{trial_id}", include_in_schema=False)
def review_trial(request: Request, visit: AsCustodian, trial_id: str) -> Response:
    """Show a trial to be looked at; its bouts are corrected on the scoring page."""
    study, trial = visit.study, trial_at(visit, trial_id)
    rows = [one for one in study.reviewed_trials() if one.assay == trial.assay]
    at = [one.trial for one in rows].index(trial.id)
    beside = [rows[k].trial if 0 <= k < len(rows) else None for k in (at - 1, at + 1)]
    clip = study.open_review(trial.id)
    page = ReviewTrialPage(
        row=rows[at],
        kind=study.trace_kind(trial.id),
        scored=study.placed_trial(trial).scored,
        correctable=study.can_be_reviewed(trial.id),
        behaviours=tuple(one.name for one in study.behaviours(trial.assay)),
        clip=None if clip is None else clip.id,
        open=_is_open(study),
        number=at + 1,
        count=len(rows),
        before=beside[0],
        after=beside[1],
    )
    return render(request, "review_trial.html", visit=visit, page=page)


# --- trials -----------------------------------------------------------------------------------------------------------


@router.post("/api/trials/{trial_id}/review")
def open_bouts(visit: AsCustodian, trial_id: str) -> OpenedOut:
    """Open the trial's bouts for correction, or go on with one's own correction of them."""
    return OpenedOut(clip=visit.study.start_review(trial_at(visit, trial_id).id).id)


@router.post("/api/trials/{trial_id}/automatic")
def back_to_automatic(visit: AsCustodian, trial_id: str) -> CountsOut:
    """Let what the program measured count again."""
    return CountsOut(outcomes=len(visit.study.back_to_automatic(trial_at(visit, trial_id).id)))


@router.get("/api/trials/{trial_id}/trace")
def trace(visit: AsCustodian, trial_id: str) -> TraceOut:
    """Return the trial's motion, with thresholds, detected and corrected bouts."""
    view = visit.study.motion_view(trial_at(visit, trial_id).id)
    motion = view.motion
    seen = motion.valid & motion.animal_found
    return TraceOut(
        trial=view.trial,
        t0_s=view.t0_s,
        window_s=view.window_s,
        step_s=motion.step_s,
        t_s=_rounded(motion.t_s, _DECIMALS_S),
        activity=_or_null(np.where(seen, motion.activity, np.nan), _DECIMALS_ACTIVITY),
        thresholds=view.thresholds,
        detected=_bouts(view.detected),
        corrected=[CorrectedOut(by=one.by, counts=one.counts, bouts=_bouts(one.bouts)) for one in view.corrected],
    )


def _bouts(bouts: Iterable[DetectedBout | ScoredBout]) -> list[BoutOut]:
    return [BoutOut(behaviour=one.behaviour, start_s=one.start_s, stop_s=one.stop_s) for one in bouts]


def _rounded(values: np.ndarray, decimals: int) -> list[float]:
    return [float(one) for one in np.round(values, decimals)]


def _or_null(values: np.ndarray, decimals: int) -> list[float | None]:
    return [float(one) if np.isfinite(one) else None for one in np.round(values, decimals)]


@router.get("/api/trials/{trial_id}/track")
def track(visit: AsCustodian, trial_id: str) -> TrackOut:
    """Return the trial's path, the lines of its analysis, and where the time was spent."""
    view = visit.study.track_view(trial_at(visit, trial_id).id)
    return TrackOut(
        trial=view.trial,
        t0_s=view.t0_s,
        window_s=view.window_s,
        t_s=_rounded(view.track.t_s, _DECIMALS_S),
        x_px=_or_null(view.track.xy_px[:, 0], _DECIMALS_PX),
        y_px=_or_null(view.track.xy_px[:, 1], _DECIMALS_PX),
        state=[int(one) for one in view.track.state],
        outlines=outlines_out(view.outlines),
        side_cm=view.side_cm,
        grid=view.grid,
        time_map_s=[list(row) for row in view.time_map_s],
    )


# --- blots ------------------------------------------------------------------------------------------------------------


@router.get("/api/blots/{image}")
def blot(visit: AsCustodian, image: str) -> BlotOut:
    """Return a blot image's lanes and boxes, and the ratios with and without what people placed."""
    with no_such("a blot of this study"):
        return _blot(visit.study.blot_view(image))


@router.get("/api/blots/{image}/picture.png", response_class=Response)
def picture(visit: AsCustodian, image: str) -> Response:
    """Return a blot image to look at: grey, dark = signal, nothing in it but its pixels."""
    with no_such("a blot of this study"):
        return Response(visit.study.blot_picture(image).png, media_type="image/png")


@router.post("/api/blots/{image}/places")
def place_bands(visit: AsCustodian, image: str, sent: PlacesIn) -> BlotOut:
    """Say where bands are; what follows is measured and saved in one step, or nothing is.

    Boxes of two lanes that overlap must be said together.
    """
    lanes = [one.lane for one in sent.places]
    if len(set(lanes)) < len(lanes):
        raise HTTPException(422, "one box a lane")
    with no_such("a blot of this study"):
        visit.study.blot_name(image)
    visit.study.place_bands(image, {one.lane: one.box_px for one in sent.places})
    return _blot(visit.study.blot_view(image))


def _blot(view: BlotView) -> BlotOut:
    width, height = view.image_px
    return BlotOut(
        id=view.name.id,
        target=view.name.target,
        region=view.name.region,
        membrane=view.name.membrane,
        width=width,
        height=height,
        lanes=[
            LaneOut(
                lane=one.lane,
                holds=one.holds,
                line_px=[(round(x, _DECIMALS_PX), round(y, _DECIMALS_PX)) for x, y in one.line_px],
                automatic_px=one.automatic_px,
                placed_px=one.placed_px,
                placed_by=one.placed_by,
                flags=list(one.flags),
            )
            for one in view.lanes
        ],
        ratios=[PairOut(measure=pair.measure, lanes=_ratios(pair.lanes)) for pair in view.ratios],
    )


def _ratios(lanes: Sequence[Any]) -> list[RatioOut]:
    return [
        RatioOut(
            lane=one.lane,
            holds=one.holds,
            before=one.before,
            after=one.after,
            reason=one.reason,
            flags=list(one.flags),
        )
        for one in lanes
    ]
