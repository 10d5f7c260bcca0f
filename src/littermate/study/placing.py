"""Placing: a person says when a trial starts and where its arena is; one arena can be taken over to similar recordings.

Every placement is a new row with its own journal entry, which says what was set; none is ever changed. What cannot be
analysed is refused before it is written: a floor whose corners do not go round, a place outside the picture, a start
after the recording's end, a box where four corners are asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from littermate.errors import DataError, UsageError
from littermate.model.motion import Motion
from littermate.model.outline import AnalysedPlace, Outline
from littermate.model.placement import Box, Corners, Placement
from littermate.model.recording import Recording
from littermate.model.track import Track
from littermate.model.trial import Trial
from littermate.single.scene import Shift, scene_shift
from littermate.single.trial import corners_of, given_outlines
from littermate.store.canonical import from_json
from littermate.store.tracks import read_motion, read_track
from littermate.study.record import StudyRecord
from littermate.study.scenes import SceneRecord, scene_of
from littermate.study.scoring import scored_states, trial_job

__all__ = [
    "AnalysedTrial",
    "PlacedTrial",
    "SimilarTrial",
    "analysed_trial",
    "copy_placement",
    "place",
    "placed_trial",
    "placed_trials",
    "recording_of",
    "place_outlines",
    "similar_trials",
    "trial_named",
]

_PLACE = "place"
_START, _ARENA = "start", "arena"
_SAME_PLACE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedTrial:
    """A trial as it is placed now.

    Parameters
    ----------
    trial
        The trial, with its start and arena.
    corners
        Which four points its arena is, in words; empty where it is a box.
    t0_set
        Whether a person said when it starts; otherwise the start is the one it came in with.
    scored
        ``"current"``, ``"stale"`` (the next score scores it anew) or ``"not scored"``.
    recording
        What its recording was found to be; `None` in studies that did not keep that.
    """

    trial: Trial
    corners: tuple[str, ...]
    t0_set: bool
    scored: str
    recording: Recording | None

    @property
    def arena_set(self) -> bool:
        """Whether somebody said where its arena is."""
        return (self.trial.corners_px if self.corners else self.trial.arena_px) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class SimilarTrial:
    """A trial that an arena may be taken over to.

    Parameters
    ----------
    placed
        The trial as it is placed now.
    shift_px
        What is added to the places: (0, 0) where the scene is in its place.
    warnings
        What a person must look at first; empty where nothing speaks against it.
    """

    placed: PlacedTrial
    shift_px: tuple[float, float]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AnalysedTrial:
    """A trial's trace and where it was when it was made: one of `track` and `motion` is there.

    `place` is `None` for traces made before it was kept.
    """

    place: AnalysedPlace | None
    track: Track | None
    motion: Motion | None

    def is_of(self, trial: Trial) -> bool:
        """Whether the trial is still placed as it was analysed."""
        now = Placement(trial=trial.id, t0_s=trial.t0_s, arena_px=trial.arena_px, corners_px=trial.corners_px)
        return self.place is not None and self.place.placement == now


def trial_named(study: StudyRecord, trial_id: str) -> Trial:
    """Return a trial by its id, as it is placed now."""
    trial = study.database.trial(trial_id)
    if trial is None:
        raise UsageError(
            expected="the id of a trial of this study", found=trial_id, do="see littermate status --trials"
        )
    return trial


def place(
    study: StudyRecord, trial_id: str, *, t0_s: float | None, arena_px: Box | None, corners_px: Corners | None
) -> Trial:
    """Place a trial anew; see `Study.place`."""
    study.require_open("place a trial")
    trial = trial_named(study, trial_id)
    if t0_s is None and arena_px is None and corners_px is None:
        raise UsageError(expected="a start, an arena or corners", found="none", do="say what is to be set")
    placement = _placement(study, trial, t0_s=t0_s, arena_px=arena_px, corners_px=corners_px)
    arena = arena_px is not None or corners_px is not None
    said = [*[_START] * (t0_s is not None), *[_ARENA] * arena]
    return _write(study, trial, placement, {"set": said})


def _placement(
    study: StudyRecord, trial: Trial, *, t0_s: float | None, arena_px: Box | None, corners_px: Corners | None
) -> Placement:
    """Return a placement that was looked at, with what was left out as it was."""
    same = arena_px is None and corners_px is None
    placement = Placement(
        trial=trial.id,
        t0_s=trial.t0_s if t0_s is None else t0_s,
        arena_px=trial.arena_px if same else arena_px,
        corners_px=trial.corners_px if same else corners_px,
    )
    _require_inside(study, trial, placement)
    if not same:
        place_outlines(study, trial, arena_px=arena_px, corners_px=corners_px)
    return placement


def _write(study: StudyRecord, trial: Trial, placement: Placement, said: Mapping[str, object]) -> Trial:
    with study.database.writing(study.who, _PLACE, {"trial": trial.id, **said}) as write:
        write.placements([placement])
    return _placed_as(trial, placement)


def _placed_as(trial: Trial, placement: Placement) -> Trial:
    return replace(trial, t0_s=placement.t0_s, arena_px=placement.arena_px, corners_px=placement.corners_px)


def _require_inside(study: StudyRecord, trial: Trial, placement: Placement) -> None:
    """Refuse a start after the recording's end, and places outside its picture, where the recording is known."""
    recording = recording_of(study, trial)
    if recording is None:
        return
    x, y, width, height = placement.arena_px or (0, 0, 1, 1)
    points = (*(placement.corners_px or ()), (x, y), (x + width, y + height))
    outside = [(x, y) for x, y in points if not (0 <= x <= recording.width and 0 <= y <= recording.height)]
    if outside or placement.t0_s >= recording.duration_s:
        raise DataError(
            expected=f"a start within {recording.duration_s:.2f} s, and places within {recording.width} x"
            f" {recording.height} px",
            found=f"{placement.t0_s:g} s, {outside or 'places inside'}",
            do="correct them; see littermate status --trials",
            where=f"trial {trial.id}",
        )


def _recordings(study: StudyRecord) -> dict[str, Recording]:
    return {file.recording.sha256: file.recording for file in study.database.recordings()}


def recording_of(study: StudyRecord, trial: Trial) -> Recording | None:
    """Return what a trial's recording was found to be; see `Study.recording_of`."""
    return _recordings(study).get(trial.sha256)


def place_outlines(
    study: StudyRecord, trial: Trial, *, arena_px: Box | None = None, corners_px: Corners | None = None
) -> tuple[Outline, ...]:
    """Return the lines that an analysis would have with this arena; see `Study.place_outlines`."""
    Placement(trial=trial.id, arena_px=arena_px, corners_px=corners_px)
    lines = given_outlines(replace(trial_job(study, trial), arena_px=arena_px, corners_px=corners_px))
    if not lines:
        raise DataError(
            expected="four corners" if _by_corners(study, trial) else "a box",
            found="a box" if corners_px is None else "corners",
            do=f"say where it is in the way in which {trial.assay} is analysed",
            where=f"trial {trial.id}",
        )
    return lines


def _by_corners(study: StudyRecord, trial: Trial) -> bool:
    return bool(corners_of(study.assay(trial.assay).kind))


def placed_trials(study: StudyRecord, assay: str | None = None) -> tuple[PlacedTrial, ...]:
    """Return every trial (of an assay) as it is placed now, by id; see `Study.placed_trials`."""
    assays = [plan.name for plan in study.protocol.assays if assay in (None, plan.name)]
    placed = [one for name in assays for one in _as_placed(study, name, study.database.trials(name))]
    return tuple(sorted(placed, key=lambda one: one.trial.id))


def placed_trial(study: StudyRecord, trial: Trial) -> PlacedTrial:
    """Return one trial as it is placed now; see `Study.placed_trial`."""
    (placed,) = _as_placed(study, trial.assay, [trial_named(study, trial.id)])
    return placed


def _as_placed(study: StudyRecord, assay: str, trials: Sequence[Trial]) -> list[PlacedTrial]:
    recordings, starts_set = _recordings(study), _starts_set(study)
    states, corners = scored_states(study, assay, trials), corners_of(study.assay(assay).kind)
    return [
        PlacedTrial(
            trial=trial,
            corners=corners,
            t0_set=trial.id in starts_set,
            scored=states[trial.id],
            recording=recordings.get(trial.sha256),
        )
        for trial in trials
    ]


def _starts_set(study: StudyRecord) -> frozenset[str]:
    """Return the ids of the trials whose start a person said; entries of old do not say what was set."""
    said = [from_json(entry.arguments) for entry in study.database.entries(_PLACE)]
    return frozenset(one["trial"] for one in said if _START in one.get("set", [_START]))


def similar_trials(study: StudyRecord, trial: Trial) -> tuple[SimilarTrial, ...]:
    """Return the trials that a trial's arena may be taken over to; see `Study.similar_trials`."""
    scene = scene_of(study, trial)
    if scene is None:
        return ()
    others = [one for one in placed_trials(study, trial.assay) if one.trial.sha256 != trial.sha256]
    shared = _shared(one.trial for one in others)
    found = []
    for other in others:
        theirs = scene_of(study, other.trial)
        shift = None if theirs is None else scene_shift(scene.signature, theirs.signature)
        if theirs is None or shift is None or (other.trial.sha256 in shared and not _same_place(trial, other.trial)):
            continue
        found.append(_similar(other, shift, scene, theirs))
    return tuple(found)


def _shared(trials: Iterable[Trial]) -> frozenset[str]:
    """Return the recordings that hold several trials."""
    hashes = [trial.sha256 for trial in trials]
    return frozenset(one for one in hashes if hashes.count(one) > 1)


def _same_place(one: Trial, other: Trial) -> bool:
    """Whether two arenas lie mostly in the same place of their pictures: that of the one beaker, not of another."""
    mine, theirs = _around(one), _around(other)
    if mine is None or theirs is None:
        return False
    wide = min(mine[2], theirs[2]) - max(mine[0], theirs[0])
    high = min(mine[3], theirs[3]) - max(mine[1], theirs[1])
    both = max(wide, 0) * max(high, 0)
    areas = [(right - left) * (bottom - top) for left, top, right, bottom in (mine, theirs)]
    return both > _SAME_PLACE * (sum(areas) - both)


def _around(trial: Trial) -> tuple[float, float, float, float] | None:
    """Return left, top, right, bottom of an arena."""
    if trial.corners_px is not None:
        xs, ys = zip(*trial.corners_px, strict=True)
        return min(xs), min(ys), max(xs), max(ys)
    if trial.arena_px is None:
        return None
    x, y, width, height = trial.arena_px
    return x, y, x + width, y + height


def _similar(other: PlacedTrial, shift: Shift, scene: SceneRecord, theirs: SceneRecord) -> SimilarTrial:
    warnings = []
    if not shift.similar:
        warnings.append("the camera stood elsewhere: the arena is shifted, look whether it fits")
    if theirs.camera_moves:
        warnings.append("the camera moved during this recording")
    if scene.camera_moves and not theirs.camera_moves:
        warnings.append("the camera moved during the recording it comes from")
    if other.arena_set:
        warnings.append("it has an arena of its own, which would be replaced")
    moved = (0.0, 0.0) if shift.similar else (shift.right_px, shift.down_px)
    return SimilarTrial(placed=other, shift_px=moved, warnings=tuple(warnings))


def copy_placement(study: StudyRecord, trial: Trial, to: Sequence[str]) -> tuple[Trial, ...]:
    """Take a trial's arena over to others; see `Study.copy_placement`."""
    study.require_open("place a trial")
    if trial.arena_px is None and trial.corners_px is None:
        raise UsageError(expected="an arena that is set", found="none", do="set it and save it first")
    similar = {one.placed.trial.id: one for one in similar_trials(study, trial)}
    unknown = [name for name in to if name not in similar]
    if unknown or not to:
        raise UsageError(
            expected="trials whose recordings show the same scene",
            found=", ".join(unknown) or "none",
            do="choose among the similar ones",
        )
    chosen = [similar[name] for name in dict.fromkeys(to)]
    placements = [(one.placed.trial, _shifted(study, trial, one)) for one in chosen]
    said = {"set": [_ARENA], "copied from": trial.id}
    return tuple(_write(study, other, placement, said) for other, placement in placements)


def _shifted(study: StudyRecord, trial: Trial, to: SimilarTrial) -> Placement:
    right, down = to.shift_px
    box, corners = trial.arena_px, trial.corners_px
    if box is not None:
        box = (round(box[0] + right), round(box[1] + down), box[2], box[3])
    if corners is not None:
        a, b, c, d = ((round(x + right, 2), round(y + down, 2)) for x, y in corners)
        corners = (a, b, c, d)
    return _placement(study, to.placed.trial, t0_s=None, arena_px=box, corners_px=corners)


def analysed_trial(study: StudyRecord, trial: Trial) -> AnalysedTrial | None:
    """Return a trial's stored trace; see `Study.analysed_trial`."""
    path = (study.folder.tracks / trial.id).with_suffix(".parquet")
    if not path.is_file():
        return None
    if _by_corners(study, trial):
        track = read_track(path)
        return AnalysedTrial(place=track.place, track=track.track, motion=None)
    motion = read_motion(path)
    return AnalysedTrial(place=motion.place, track=None, motion=motion.motion)
