"""Field: one open field test from one recording."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from matplotlib.figure import Figure

from littermate.assays.open_field import OpenField, OpenFieldRules, score_open_field
from littermate.assays.open_field import rule_set as open_field_rules
from littermate.model.arena import Arena
from littermate.model.finding import Finding
from littermate.model.recording import Recording
from littermate.model.rules import RuleSet
from littermate.model.track import FOUND, Track
from littermate.report.field_figure import draw_field
from littermate.single.noticed import combined_rules, recording_findings
from littermate.video.locate import LocateRules, TrackedAnimal, track_animal

__all__ = ["FieldTrial", "field_rules", "picture_of_field", "score_field"]

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


Corners = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]


def score_field(
    path: str | Path,
    *,
    size_cm: float,
    grid: int = 6,
    corners_px: Corners | None = None,
    t0_s: float = 0.0,
    duration_s: float | None = None,
    on_time: Callable[[float], None] | None = None,
) -> FieldTrial:
    """Track the animal in a recording of an open field test and score its path.

    Parameters
    ----------
    path
        The recording.
    size_cm
        Inner side of the square floor.
    grid
        Cells along one side.
    corners_px
        Floor corners, upper left, upper right, lower right, lower left; found automatically where `None`.
    t0_s, duration_s
        The trial's start in the recording and its length (to the end where `None`).
    on_time
        Called with the recording's time that has been reached.

    Raises
    ------
    VideoError
        If the recording cannot be read to its end.
    """
    locating, scoring = LocateRules(), OpenFieldRules(grid=grid)
    tracked = track_animal(
        path, corners_px=corners_px, t0_s=t0_s, duration_s=duration_s, rules=locating, on_time=on_time
    )
    arena = Arena(corners_px=tracked.corners_px, width_cm=size_cm, height_cm=size_cm)
    score = score_open_field(tracked.track, arena, duration_s=duration_s, rules=scoring)
    return FieldTrial(
        tracked=tracked,
        arena=arena,
        score=score,
        grid=grid,
        rules=field_rules(grid),
        t0_s=t0_s,
        findings=recording_findings(tracked.recording) + _field_findings(tracked, arena, score),
    )


def _field_findings(tracked: TrackedAnimal, arena: Arena, score: OpenField) -> tuple[Finding, ...]:
    about = tracked.recording.path
    found = []
    if not tracked.animal_found:
        found.append(Finding(id="no-animal", importance="critical", message="no animal was found", about=about))
    if tracked.corners_found == "whole picture":
        found.append(
            Finding(
                id="arena-not-found",
                importance="critical",
                about=about,
                message="no floor was recognised: the whole picture was taken as the floor; give --corners",
            )
        )
    if tracked.animal_found and (share := _share_near_one_place(tracked.track, arena)) >= _RESTING_SHARE:
        found.append(
            Finding(
                id="hardly-moved",
                importance="warning",
                about=about,
                message=f"within {_RESTING_CM:g} cm of one place for {100 * share:.0f} % of the time: look"
                " whether it was the animal that was followed (--figure)",
            )
        )
    if score.cut_short:
        found.append(
            Finding(
                id="cut-short",
                importance="critical",
                about=about,
                message="the recording is shorter than the trial; numbers are of the part that was recorded",
            )
        )
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
    return draw_field(trial.tracked.background, trial.tracked.track, trial.arena, grid=trial.grid, title=title)
