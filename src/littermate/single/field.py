"""Field: open field tests from one recording, one or several floors in its picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from littermate.assays.open_field import OpenField, OpenFieldRules, score_open_field
from littermate.assays.open_field import rule_set as open_field_rules
from littermate.model.arena import Arena
from littermate.model.finding import Finding
from littermate.model.placement import Corners
from littermate.model.recording import Recording
from littermate.model.rules import RuleSet
from littermate.model.track import FOUND, Track
from littermate.single.noticed import OnFrame, Watched, combined_rules, trial_findings
from littermate.video.locate import LocateRules, TrackedAnimal, track_animals
from littermate.video.overlay import grid_outlines, write_track_overlay

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = [
    "FieldTrial",
    "field_rules",
    "picture_of_field",
    "score_field",
    "score_fields",
    "track_findings",
    "write_field_overlay",
]

_RESTING_CM, _RESTING_SHARE = 5.0, 0.9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FieldTrial:
    """One open field test from one recording: the tracked animal, its arena, the score, and the rules."""

    tracked: TrackedAnimal
    arena: Arena
    score: OpenField
    grid: int
    rules: RuleSet
    t0_s: float
    findings: tuple[Finding, ...]

    @property
    def recording(self) -> Recording:
        """The recording it was taken from."""
        return self.tracked.recording


def score_field(
    path: str | Path,
    *,
    size_cm: float,
    grid: int = 6,
    corners_px: Corners | None = None,
    t0_s: float = 0.0,
    duration_s: float | None = None,
    on_frame: OnFrame = None,
) -> FieldTrial:
    """Score a recording of one open field test: `score_fields` for one floor."""
    return score_fields(
        path, [corners_px], size_cm=size_cm, grid=grid, t0_s=t0_s, duration_s=duration_s, on_frame=on_frame
    )[0]


def score_fields(
    path: str | Path,
    floors_px: Sequence[Corners | None],
    *,
    size_cm: float,
    grid: int = 6,
    t0_s: float = 0.0,
    duration_s: float | None = None,
    on_frame: OnFrame = None,
) -> tuple[FieldTrial, ...]:
    """Track the animal on every floor of a recording, which is decoded once, and score its path.

    Parameters
    ----------
    path
        The recording.
    floors_px
        Corners of each floor: upper left, upper right, lower right, lower left; found automatically where `None`.
    size_cm
        Inner side of the square floors.
    grid
        Cells along one side.
    t0_s, duration_s
        The trial's start in the recording and its length (to the end where `None`).
    on_frame
        Called with every decoded frame.

    Raises
    ------
    VideoError
        If the recording cannot be read to its end.
    """
    watched = Watched(also=on_frame)
    animals = track_animals(path, floors_px, t0_s=t0_s, duration_s=duration_s, rules=LocateRules(), on_frame=watched)
    noticed = watched.findings(animals[0].recording)
    return tuple(_scored(animal, noticed, size_cm, grid, t0_s, duration_s) for animal in animals)


def _scored(
    tracked: TrackedAnimal,
    noticed: tuple[Finding, ...],
    size_cm: float,
    grid: int,
    t0_s: float,
    duration_s: float | None,
) -> FieldTrial:
    arena = Arena(corners_px=tracked.corners_px, width_cm=size_cm, height_cm=size_cm)
    score = score_open_field(tracked.track, arena, duration_s=duration_s, rules=OpenFieldRules(grid=grid))
    findings = trial_findings(
        tracked.recording,
        noticed,
        animal_found=tracked.animal_found,
        placed=tracked.corners_found == "given",
        window_s=(0.0, score.duration_s) if score.cut_short else None,
    )
    return FieldTrial(
        tracked=tracked,
        arena=arena,
        score=score,
        grid=grid,
        rules=field_rules(grid),
        t0_s=t0_s,
        findings=findings + track_findings(tracked, arena),
    )


def track_findings(tracked: TrackedAnimal, arena: Arena) -> tuple[Finding, ...]:
    """Say what a reader must know of a track: no floor, jumps, an animal that hardly moved."""
    about, found = tracked.recording.path, []
    if tracked.corners_found == "whole picture":
        message = "no floor was recognised: the whole picture was taken as the floor; give --corners"
        found.append(Finding(id="arena-not-found", importance="critical", about=about, message=message))
    if not tracked.animal_found and not tracked.moved:
        message = "nothing in the pictures moves: an animal that is still throughout cannot be told from the floor"
        found.append(Finding(id="nothing-moves", importance="warning", about=about, message=message))
    if tracked.jumps_s:
        times = ", ".join(f"{t_s:.1f}" for t_s in tracked.jumps_s[:5])
        more = " ..." if len(tracked.jumps_s) > 5 else ""
        message = f"{len(tracked.jumps_s)} jumps faster than a mouse can run, at {times}{more} s: look (--overlay)"
        found.append(Finding(id="track-jumps", importance="warning", about=about, message=message))
    if tracked.animal_found and (share := _share_near_one_place(tracked.track, arena)) >= _RESTING_SHARE:
        message = f"within {_RESTING_CM:g} cm of one place for {100 * share:.0f} % of the time: look whether it was"
        message += " the animal that was followed (--overlay)"
        found.append(Finding(id="hardly-moved", importance="warning", about=about, message=message))
    return tuple(found)


def _share_near_one_place(track: Track, arena: Arena) -> float:
    """Return the share of the found positions that lie near their median."""
    places = arena.to_cm(track.xy_px[track.state == FOUND])
    return float(np.mean(np.hypot(*(places - np.median(places, axis=0)).T) < _RESTING_CM))


def field_rules(grid: int) -> RuleSet:
    """Return the rules under which `score_field` scores."""
    return combined_rules("open field", LocateRules().rule_set(), open_field_rules(OpenFieldRules(grid=grid)))


def picture_of_field(trial: FieldTrial, *, title: str = "") -> Figure:
    """Draw the path over the picture with the grid as analysed, and where the time was spent."""
    from littermate.report.field_figure import draw_field

    return draw_field(trial.tracked.background, trial.tracked.track, trial.arena, grid=trial.grid, title=title)


def write_field_overlay(trial: FieldTrial, out: str | Path, *, on_frame: OnFrame = None) -> None:
    """Write the recording with the path and the grid as analysed drawn into it.

    Raises
    ------
    UsageError
        If `out` is the recording itself, or no MP4 file.
    """
    outlines = grid_outlines(trial.arena, trial.grid)
    write_track_overlay(
        trial.recording.path, out, trial.tracked.track, outlines=outlines, t0_s=trial.t0_s, on_frame=on_frame
    )
