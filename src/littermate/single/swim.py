"""Swim: forced swim tests from one recording, one or several beakers in its picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from littermate.assays.forced_swim import score_forced_swim
from littermate.assays.swim_result import ForcedSwim
from littermate.assays.swim_rules import ForcedSwimRules
from littermate.assays.swim_rules import rule_set as forced_swim_rules
from littermate.errors import UsageError
from littermate.model.finding import Finding
from littermate.model.motion import Motion
from littermate.model.placement import Box
from littermate.model.recording import Recording
from littermate.model.rules import RuleSet
from littermate.model.still import Still
from littermate.single.noticed import SEVERAL, OnFrame, Watched, combined_rules, trial_findings
from littermate.video.beakers import find_beakers
from littermate.video.motion import MotionRules, read_motions
from littermate.video.overlay import MotionPanel, write_motion_overlay
from littermate.video.stills import Stills

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["SwimTrial", "picture_of_swim", "score_swim", "score_swims", "swim_rules", "write_swim_overlay"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SwimTrial:
    """One forced swim test from one recording: the motion, the score, the rules of both, and frames that show it."""

    recording: Recording
    motion: Motion
    score: ForcedSwim
    scoring: ForcedSwimRules
    rules: RuleSet
    t0_s: float
    arena_px: Box | None
    findings: tuple[Finding, ...]
    stills: tuple[Still, ...] = ()


def score_swim(
    path: str | Path,
    *,
    window_s: tuple[float, float] = (120.0, 360.0),
    t0_s: float = 0.0,
    arena_px: Box | None = None,
    scoring: ForcedSwimRules = ForcedSwimRules(),
    on_frame: OnFrame = None,
) -> SwimTrial:
    """Score immobility in a recording of one forced swim test: `score_swims` for one beaker."""
    return score_swims(path, [arena_px], window_s=window_s, t0_s=t0_s, scoring=scoring, on_frame=on_frame)[0]


def score_swims(
    path: str | Path,
    arenas_px: Sequence[Box | None] | None = None,
    *,
    window_s: tuple[float, float] = (120.0, 360.0),
    t0_s: float = 0.0,
    scoring: ForcedSwimRules = ForcedSwimRules(),
    on_frame: OnFrame = None,
) -> tuple[SwimTrial, ...]:
    """Score immobility in every beaker of one recording, which is decoded once.

    Parameters
    ----------
    path
        The recording.
    arenas_px
        Where the beakers are, ``(x, y, width, height)``, or `None` in place of a box for the whole picture. Without
        the sequence, where the recording shows several animals, their beakers are found (a second decoding pass).
    window_s
        The scored part on the trial clock, ``[start, stop)``.
    t0_s
        When the trial starts in the recording.
    scoring
        When an animal is immobile, and whether climbing is told from swimming.
    on_frame
        Called with every decoded frame.

    Raises
    ------
    VideoError
        If the recording cannot be read to its end.
    UsageError
        If the window ends before it starts, or an arena lies outside the picture.
    """
    if not 0 <= window_s[0] < window_s[1]:
        raise UsageError(expected="a window 'start,stop' in seconds", found=f"{window_s}", do="give start before stop")
    stills = Stills(t0_s=t0_s, window_s=window_s)
    watched = Watched(also=on_frame, stills=stills)
    motions, recording = read_motions(
        path, arenas_px or [None], t0_s=t0_s, duration_s=window_s[1], rules=MotionRules(), on_frame=watched
    )
    noticed = watched.findings(recording)
    if arenas_px is None and any(finding.id in SEVERAL for finding in noticed):
        boxes = find_beakers(path, t0_s=t0_s, duration_s=window_s[1])
        if len(boxes) > 1:
            return score_swims(path, boxes, window_s=window_s, t0_s=t0_s, scoring=scoring, on_frame=on_frame)
    trials = [
        _scored(motion, recording, noticed, window_s=window_s, t0_s=t0_s, arena_px=arena, scoring=scoring)
        for motion, arena in zip(motions, arenas_px or [None], strict=True)
    ]
    return tuple(replace(one, stills=stills.of(one.motion, one.score.bouts, one.arena_px)) for one in trials)


def _scored(
    motion: Motion,
    recording: Recording,
    noticed: tuple[Finding, ...],
    *,
    window_s: tuple[float, float],
    t0_s: float,
    arena_px: Box | None,
    scoring: ForcedSwimRules,
) -> SwimTrial:
    score = score_forced_swim(motion, window_s=window_s, rules=scoring)
    return SwimTrial(
        recording=recording,
        motion=motion,
        score=score,
        scoring=scoring,
        rules=swim_rules(window_s, scoring),
        t0_s=t0_s,
        arena_px=arena_px,
        findings=trial_findings(
            recording,
            noticed,
            animal_found=score.animal_found,
            placed=arena_px is not None,
            window_s=window_s if score.cut_short else None,
        ),
    )


def swim_rules(window_s: tuple[float, float], scoring: ForcedSwimRules = ForcedSwimRules()) -> RuleSet:
    """Return the rules under which `score_swim` scores a window."""
    return combined_rules("forced swim", MotionRules().rule_set(), forced_swim_rules(scoring, window_s))


def picture_of_swim(trial: SwimTrial, *, title: str = "") -> Figure:
    """Draw the motion trace with its thresholds and immobile bouts."""
    from littermate.report.swim_figure import draw_swim

    return draw_swim(
        trial.motion,
        window_s=trial.score.window_s,
        bouts=trial.score.bouts,
        thresholds=(trial.scoring.immobile_below, trial.scoring.mobile_above),
        smooth_s=trial.scoring.smooth_s,
        title=title,
        stills=trial.stills,
    )


def write_swim_overlay(trials: Sequence[SwimTrial], out: str | Path, *, on_frame: OnFrame = None) -> None:
    """Write the recording with each beaker's state and activity drawn into it.

    Raises
    ------
    UsageError
        If `out` is the recording itself, or no MP4 file.
    """
    panels = [
        MotionPanel(
            motion=trial.motion,
            bouts=trial.score.bouts,
            window_s=trial.score.window_s,
            box_px=trial.arena_px,
            thresholds=(trial.scoring.immobile_below, trial.scoring.mobile_above),
        )
        for trial in trials
    ]
    write_motion_overlay(trials[0].recording.path, out, panels, t0_s=trials[0].t0_s, on_frame=on_frame)
