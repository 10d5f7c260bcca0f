"""Scoring: the next clip of one's queue, played under its code, and every key press saved as it is made."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

import numpy as np
from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import FileResponse, RedirectResponse
from pydantic import BaseModel, ConfigDict, Field

from littermate.model.bout import Behaviour
from littermate.model.clip import PRACTICE, REVIEW, Clip
from littermate.model.key_press import DONE, NOT_VISIBLE, STATE, KeyPress, standing
from littermate.model.placement import Box
from littermate.model.trial import Trial
from littermate.run.progress import Progress
from littermate.study import Study
from littermate.web.jobs import Jobs
from littermate.web.lookup import no_such
from littermate.web.rendering import render
from littermate.web.session import AsScorer, Visit

__all__ = ["router"]

router = APIRouter()

_A_CLIP = "a clip of yours"
"""Somebody else's clip is answered for as one that is not there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueView:
    """One's own queue of one assay, as far as one may know it: how many clips there are and are done, and the next."""

    assay: str
    done: int
    clips: int
    next_clip: str | None
    begun: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePage:
    """Everything that waits for this person, and whether scores are still taken."""

    queues: tuple[QueueView, ...]
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorePage:
    """A clip's code, what is to be scored, how far its queue is, and the address of what comes after it.

    `reviewed` is the trial of a review, which its custodian knows; of every other clip it is empty.
    """

    clip: str
    assay: str
    practice: bool
    review: bool
    behaviours: tuple[Behaviour, ...]
    done: int
    clips: int
    reviewed: str
    after: str


class PressIn(BaseModel):
    """One key press as the page sends it; see `littermate.model.key_press`."""

    model_config = ConfigDict(extra="forbid")

    number: int = Field(ge=1, le=1_000_000)
    action: Literal["state", "undo", "done"]
    t_s: float = Field(ge=0, le=1e6, allow_inf_nan=False)
    behaviour: str = Field(default="", max_length=100)
    undoes: int | None = Field(default=None, ge=1)
    speed: float = Field(default=1.0, ge=0, le=4, allow_inf_nan=False)
    latch: bool = True


class Saved(BaseModel):
    """What a clip's presses say once a press is saved.

    `presses` is how many there are, `states` are pairs (recording time, behaviour) in order of time, with the number of
    the press each stands for; `done` says whether the clip is finished, `done_number` by which press.
    """

    presses: int
    states: list[tuple[float, str, int]]
    done: bool
    done_number: int | None


class ClipOut(Saved):
    """A clip as the page needs it.

    Times are seconds of the recording's own clock; `window_s` is what is to be scored, `t0_s` the start of the trial
    clock. `arena_px` is where the animal is in the picture. `not_visible` is the state's name for missing time.
    """

    clip: str
    window_s: tuple[float, float]
    t0_s: float
    arena_px: Box | None
    behaviours: list[dict[str, str]]
    not_visible: str = NOT_VISIBLE


class Preparation(BaseModel):
    """Whether a clip can be played: `"ready"`, `"waiting"`, `"running"` or `"failed"`, and the part that is done."""

    state: str
    part: float


@router.get("/score", include_in_schema=False)
def queue(request: Request, visit: AsScorer) -> Response:
    """Show what waits; the clips that come next are prepared meanwhile."""
    page = QueuePage(queues=queue_views(visit.study), open=visit.study.stage == "allocated")
    for view in page.queues if page.open else ():
        if view.next_clip is not None:
            prepare(request, visit.study, visit.study.trial_of(visit.study.own_clip(view.next_clip)))
    return render(request, "queue.html", visit=visit, page=page)


def queue_views(study: Study) -> tuple[QueueView, ...]:
    """Return the queues of the person whose study this is."""
    done, begun = study.clips_done(), study.clips_begun()
    mine: dict[str, list[Clip]] = {}
    for clip in study.clips(scorer=study.who):
        if clip.kind != REVIEW:
            mine.setdefault(clip.assay, []).append(clip)
    return tuple(_queue_view(assay, clips, done, begun) for assay, clips in mine.items())


def _queue_view(assay: str, clips: Sequence[Clip], done: frozenset[str], begun: frozenset[str]) -> QueueView:
    waiting = [clip.id for clip in clips if clip.id not in done]
    return QueueView(
        assay=assay,
        done=len(clips) - len(waiting),
        clips=len(clips),
        next_clip=waiting[0] if waiting else None,
        begun=bool(waiting) and waiting[0] in begun,
    )


@router.get("/score/{clip_id}", include_in_schema=False)
def score(request: Request, visit: AsScorer, clip_id: str) -> Response:
    """Show a clip of one's own, to be scored; it is prepared while the page is on its way."""
    clip = _own_clip(visit, clip_id)
    prepare(request, visit.study, visit.study.trial_of(clip))
    view = next((one for one in queue_views(visit.study) if one.assay == clip.assay), None)
    page = ScorePage(
        clip=clip.id,
        assay=clip.assay,
        practice=clip.kind == PRACTICE,
        review=clip.kind == REVIEW,
        behaviours=visit.study.behaviours(clip.assay),
        done=0 if view is None else view.done,
        clips=0 if view is None else view.clips,
        reviewed=clip.trial if clip.kind == REVIEW else "",
        after=f"/review/{clip.trial}" if clip.kind == REVIEW else f"/score-next/{quote(clip.assay)}",
    )
    return render(request, "score.html", visit=visit, page=page)


@router.get("/score-next/{assay}", include_in_schema=False)
def score_next(visit: AsScorer, assay: str) -> Response:
    """Go on with the next clip of an assay, or back to the queue where none is left."""
    view = next((one for one in queue_views(visit.study) if one.assay == assay), None)
    return RedirectResponse("/score" if view is None or view.next_clip is None else f"/score/{view.next_clip}", 303)


def _own_clip(visit: Visit, clip_id: str) -> Clip:
    with no_such(_A_CLIP):
        return visit.study.own_clip(clip_id)


def _states(presses: Sequence[KeyPress]) -> list[tuple[float, str, int]]:
    stands = [press for press in standing(presses) if press.action == STATE]
    return [(press.t_s, press.behaviour, press.number) for press in sorted(stands, key=lambda one: one.t_s)]


def _saved(presses: Sequence[KeyPress]) -> Saved:
    done = next((press.number for press in standing(presses) if press.action == DONE), None)
    return Saved(presses=len(presses), states=_states(presses), done=done is not None, done_number=done)


@router.get("/api/clips/{clip_id}")
def clip(visit: AsScorer, clip_id: str) -> ClipOut:
    """Return a clip and what was scored so far."""
    shown = _own_clip(visit, clip_id)
    trial, plan = visit.study.trial_of(shown), visit.study.assay(shown.assay)
    start, stop = plan.window_s
    return ClipOut(
        clip=shown.id,
        window_s=(trial.t0_s + start, trial.t0_s + stop),
        t0_s=trial.t0_s,
        arena_px=arena_of(trial),
        behaviours=[
            {"name": one.name, "key": one.key, "definition": one.definition}
            for one in visit.study.behaviours(shown.assay)
        ],
        **_saved(visit.study.key_presses(shown.id)).model_dump(),
    )


def arena_of(trial: Trial) -> Box | None:
    """Return where the animal is in the picture; of a floor's corners, the box around them."""
    if trial.corners_px is None:
        return trial.arena_px
    xs, ys = ([int(point[axis]) for point in trial.corners_px] for axis in (0, 1))
    return min(xs), min(ys), max(xs) - min(xs), max(ys) - min(ys)


@router.post("/api/clips/{clip_id}/presses")
def press(visit: AsScorer, clip_id: str, sent: PressIn) -> Saved:
    """Save one key press; the answer comes when it is on disk. The same press sent twice is saved once."""
    with no_such(_A_CLIP):
        return _saved(visit.study.press(KeyPress(clip=clip_id, **sent.model_dump())))


@router.get("/api/clips/{clip_id}/preparation")
def preparation(request: Request, visit: AsScorer, clip_id: str) -> Preparation:
    """See that the clip can be played, and say how far that is; the one after it is prepared, too."""
    shown = _own_clip(visit, clip_id)
    state = prepare(request, visit.study, visit.study.trial_of(shown))
    if state.state == "ready" and shown.kind != REVIEW:
        mine = [one for one in visit.study.clips(scorer=visit.name, assay=shown.assay) if one.position > shown.position]
        for following in mine[:1]:
            prepare(request, visit.study, visit.study.trial_of(following))
    return state


def prepare(request: Request, study: Study, trial: Trial) -> Preparation:
    """See that a trial can be played, in the background where it takes long."""
    if study.playable(trial) is not None:
        return Preparation(state="ready", part=1.0)
    return follow(request, f"play {trial.sha256}", lambda progress: study.prepare_playable(trial, progress))


def follow(request: Request, key: str, work: Callable[[Progress], object]) -> Preparation:
    """See that long work is done, and say how far it is."""
    jobs: Jobs = request.app.state.jobs
    known = jobs.follow(key, work)
    return Preparation(state=known.state, part=known.part)


@router.get("/api/clips/{clip_id}/media", response_class=Response)
def media(visit: AsScorer, clip_id: str) -> Response:
    """Return the clip's playable copy, whole or in ranges."""
    return media_of(visit.study, visit.study.trial_of(_own_clip(visit, clip_id)))


def media_of(study: Study, trial: Trial) -> Response:
    """Return a trial's playable copy."""
    copy = study.playable(trial)
    if copy is None:
        raise HTTPException(409, "a clip that is prepared; ask for its preparation first")
    return FileResponse(copy.path, media_type="video/mp4")


@router.get("/api/clips/{clip_id}/frames", response_class=Response)
def frames(visit: AsScorer, clip_id: str) -> Response:
    """Return the times of the clip's frames in the recording: little-endian 64-bit floats, in seconds."""
    return frames_of(visit.study, visit.study.trial_of(_own_clip(visit, clip_id)))


def frames_of(study: Study, trial: Trial) -> Response:
    """Return the times of a trial's frames."""
    copy = study.playable(trial)
    if copy is None:
        raise HTTPException(409, "a clip that is prepared; ask for its preparation first")
    return Response(copy.t_s.astype(np.dtype("<f8")).tobytes(), media_type="application/octet-stream")
