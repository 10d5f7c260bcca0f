"""Swim: one forced swim test from one recording."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from matplotlib.figure import Figure

from littermate.assays.forced_swim import ForcedSwim, ForcedSwimRules, score_forced_swim
from littermate.assays.forced_swim import rule_set as forced_swim_rules
from littermate.errors import UsageError
from littermate.model.finding import Finding
from littermate.model.motion import Motion
from littermate.model.recording import Recording
from littermate.model.rules import RuleSet
from littermate.report.swim_figure import draw_swim
from littermate.single.noticed import combined_rules, recording_findings
from littermate.video.motion import MotionRules, read_motion

__all__ = ["SwimTrial", "picture_of_swim", "score_swim", "swim_rules"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SwimTrial:
    """One forced swim test from one recording: the motion, the score, and the rules of both."""

    recording: Recording
    motion: Motion
    score: ForcedSwim
    scoring: ForcedSwimRules
    rules: RuleSet
    t0_s: float
    arena_px: tuple[int, int, int, int] | None
    findings: tuple[Finding, ...]


def score_swim(
    path: str | Path,
    *,
    window_s: tuple[float, float] = (120.0, 360.0),
    t0_s: float = 0.0,
    arena_px: tuple[int, int, int, int] | None = None,
    on_time: Callable[[float], None] | None = None,
) -> SwimTrial:
    """Score immobility in a recording of a forced swim test.

    Parameters
    ----------
    path
        The recording.
    window_s
        The scored part on the trial clock, ``[start, stop)``.
    t0_s
        When the trial starts in the recording.
    arena_px
        Where the beaker is, ``(x, y, width, height)``; found automatically where it is `None`.
    on_time
        Called with the recording's time that has been reached.

    Raises
    ------
    VideoError
        If the recording cannot be read to its end.
    UsageError
        If the window ends before it starts.
    """
    if not 0 <= window_s[0] < window_s[1]:
        raise UsageError(expected="a window 'start,stop' in seconds", found=f"{window_s}", do="give start before stop")
    sampling, scoring = MotionRules(), ForcedSwimRules()
    motion, recording = read_motion(
        path, arena_px=arena_px, t0_s=t0_s, duration_s=window_s[1], rules=sampling, on_time=on_time
    )
    score = score_forced_swim(motion, window_s=window_s, rules=scoring)
    findings = list(recording_findings(recording))
    if not score.animal_found:
        findings.append(
            Finding(id="no-animal", importance="critical", message="no animal was found", about=recording.path)
        )
    if score.cut_short:
        findings.append(
            Finding(
                id="cut-short",
                importance="critical",
                about=recording.path,
                message=f"the recording does not cover the window {window_s[0]:g}-{window_s[1]:g} s",
            )
        )
    return SwimTrial(
        recording=recording,
        motion=motion,
        score=score,
        scoring=scoring,
        rules=swim_rules(window_s),
        t0_s=t0_s,
        arena_px=arena_px,
        findings=tuple(findings),
    )


def swim_rules(window_s: tuple[float, float]) -> RuleSet:
    """Return the rules under which `score_swim` scores a window."""
    return combined_rules("forced swim", MotionRules().rule_set(), forced_swim_rules(ForcedSwimRules(), window_s))


def picture_of_swim(trial: SwimTrial, *, title: str = "") -> Figure:
    """Draw the motion trace with its thresholds and immobile bouts."""
    return draw_swim(
        trial.motion,
        window_s=trial.score.window_s,
        bouts=trial.score.bouts,
        thresholds=(trial.scoring.immobile_below, trial.scoring.mobile_above),
        smooth_s=trial.scoring.smooth_s,
        title=title,
    )
