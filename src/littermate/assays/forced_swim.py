"""Forced swim: from a motion trace to immobile bouts, and from bouts to the numbers that are reported.

Rules, in the order in which they are applied:

1. *State*: a running median of the activity over `smooth_s`; the animal becomes immobile where it falls below
   `immobile_below` and mobile again where it rises above `mobile_above` (hysteresis). In between it stays as it was;
   at the start of a stretch that can be scored it counts as immobile only below `immobile_below`.
2. *Bouts*: gaps shorter than `gap_s` between two immobile runs are closed first; then runs shorter than `min_bout_s`
   are dropped (a run of exactly that length stays). Intervals are half-open ``[start, stop)``.
3. *Missing time* ends a bout. It is never given to either state, no gap that holds missing time is closed, and what is
   left of a bout on either side must reach `min_bout_s` by itself. Missing time lowers the denominator.
4. *Window*: bouts are found on the whole trial and then cut to the window; a bout that the window's edge (or the end of
   the recording) cut is flagged, and its part inside counts whatever its length.
5. *Latency* runs from t0 to the start of the first bout of the trial, also where that lies before the window; from the
   window's start, to the first immobile moment in it. Never immobile by the window's end: censored there, with a flag.
6. *Three-way scoring*, where it is asked for, shares out the time that is not immobile between swimming and climbing
   (see `three_way`); immobility stays the same number.

The rules as a record are in `swim_rules`, the bout rules in `bouts`, the result and its readings in `swim_result`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from littermate.assays.bouts import clip_bouts, hysteresis, mask_to_bouts, runs, smoothed
from littermate.assays.swim_result import ActiveBehaviour, ForcedSwim, TimeBin, readings
from littermate.assays.swim_rules import ForcedSwimRules, rule_set
from littermate.assays.three_way import CLIMBING, SWIMMING, split_active
from littermate.errors import UsageError
from littermate.model.bout import DetectedBout
from littermate.model.motion import Motion

__all__ = [
    "ActiveBehaviour",
    "ForcedSwim",
    "ForcedSwimRules",
    "TimeBin",
    "clip_bouts",
    "immobile_bouts",
    "immobile_mask",
    "mask_to_bouts",
    "readings",
    "rule_set",
    "score_forced_swim",
    "smoothed_activity",
]

_SAME_S = 1e-6

_DEFAULT = ForcedSwimRules()

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]


def score_forced_swim(
    motion: Motion,
    *,
    window_s: tuple[float, float],
    rules: ForcedSwimRules = _DEFAULT,
) -> ForcedSwim:
    """Score a motion trace.

    Parameters
    ----------
    motion
        The whole trial, from t0 on.
    window_s
        The scored part on the trial clock.
    rules
        When an animal is immobile.

    Raises
    ------
    UsageError
        If the window does not end after it starts, or starts before t0.

    Examples
    --------
    >>> swims = np.where(np.arange(100) < 60, 0.4, 0.0)
    >>> motion = Motion(t_s=np.arange(100) * 0.1, step_s=0.1, activity=swims, valid=np.ones(100, bool),
    ...                 animal_found=True, animal_area_px=900.0)
    >>> result = score_forced_swim(motion, window_s=(0, 10))
    >>> round(result.immobility_s, 6), round(result.latency_s, 6)
    (4.0, 6.0)
    """
    if not 0 <= window_s[0] < window_s[1]:
        raise UsageError(
            expected="a window that starts at 0 s or later and ends after it starts",
            found=f"{window_s[0]:g} to {window_s[1]:g} s",
            do="correct the window",
        )
    whole = immobile_bouts(motion, rules)
    result = _result(motion, motion.valid & motion.animal_found, whole, window_s, rules)
    if rules.climbing is None:
        return result
    active = split_active(motion, whole, rules.climbing)
    return replace(result, active=tuple(_active(motion, active, name, result) for name in (SWIMMING, CLIMBING)))


def immobile_bouts(motion: Motion, rules: ForcedSwimRules) -> tuple[DetectedBout, ...]:
    """Return the immobile bouts of the whole trial, not yet cut to a window."""
    return mask_to_bouts(
        immobile_mask(motion, rules),
        motion.valid & motion.animal_found,
        start_s=float(motion.t_s[0]) if len(motion.t_s) else 0.0,
        step_s=motion.step_s,
        gap_s=rules.gap_s,
        min_bout_s=rules.min_bout_s,
    )


def immobile_mask(motion: Motion, rules: ForcedSwimRules) -> Bools:
    """Return for each sample whether the animal is immobile by the thresholds, before any bout rule.

    The median and the hysteresis start anew after missing time.
    """
    immobile = np.zeros(len(motion.t_s), dtype=bool)
    smooth = smoothed_activity(motion, rules.smooth_s)
    for start, stop in runs(motion.valid & motion.animal_found):
        immobile[start:stop] = hysteresis(smooth[start:stop], rules.immobile_below, rules.mobile_above)
    return immobile


def smoothed_activity(motion: Motion, smooth_s: float) -> Floats:
    """Return the running median of the activity, anew after missing time; as it was where nothing can be scored."""
    return smoothed(motion.activity, motion, smooth_s)


def _result(
    motion: Motion,
    scorable: Bools,
    whole: tuple[DetectedBout, ...],
    window_s: tuple[float, float],
    rules: ForcedSwimRules,
) -> ForcedSwim:
    end = float(motion.t_s[-1] + motion.step_s) if len(motion.t_s) else 0.0
    bouts = clip_bouts(whole, window_s, recorded_until_s=end)
    length = window_s[1] - window_s[0]
    scorable_s = min(length, _scorable_in(motion, scorable, window_s))
    reason = _why_nothing(motion, scorable_s, end, window_s)
    lengths = [bout.duration_s for bout in bouts]
    total = None if reason else float(sum(lengths))
    latency, censored, after_missing = _latency(motion, scorable, whole, window_s, reason)
    return ForcedSwim(
        window_s=(float(window_s[0]), float(window_s[1])),
        scorable_s=scorable_s,
        missing_s=length - scorable_s if length - scorable_s > _SAME_S else 0.0,
        immobility_s=total,
        immobility_percent=None if total is None else min(100.0, 100.0 * total / scorable_s),
        latency_s=latency,
        latency_censored=censored,
        latency_from_window_s=None if reason else (bouts[0].start_s - window_s[0] if bouts else float(length)),
        latency_from_window_censored=not reason and not bouts,
        latency_after_missing_s=after_missing,
        bouts=() if reason else bouts,
        bout_count=None if reason else len(bouts),
        mean_bout_s=float(np.mean(lengths)) if lengths else None,
        longest_bout_s=max(lengths) if lengths else None,
        bins=_bins(motion, scorable, bouts, window_s, rules.bin_s),
        animal_found=motion.animal_found,
        cut_short=end < window_s[1] - 0.5 * motion.step_s,
        reason=reason,
    )


def _active(motion: Motion, whole: Sequence[DetectedBout], behaviour: str, result: ForcedSwim) -> ActiveBehaviour:
    """Total one behaviour of the time that is not immobile."""
    ours = [bout for bout in whole if bout.behaviour == behaviour]
    end = float(motion.t_s[-1] + motion.step_s) if len(motion.t_s) else 0.0
    bouts = () if result.reason else clip_bouts(ours, result.window_s, recorded_until_s=end)
    total = None if result.reason else float(sum(bout.duration_s for bout in bouts))
    scorable = motion.valid & motion.animal_found
    latency, censored, after_missing = _latency(motion, scorable, ours, result.window_s, result.reason)
    return ActiveBehaviour(
        behaviour=behaviour,
        total_s=total,
        percent=None if total is None else min(100.0, 100.0 * total / result.scorable_s),
        latency_s=latency,
        latency_censored=censored,
        latency_after_missing_s=after_missing,
        bouts=bouts,
    )


def _why_nothing(motion: Motion, scorable_s: float, end: float, window_s: tuple[float, float]) -> str:
    if not motion.animal_found:
        return "no animal was found"
    if end <= window_s[0]:
        return f"the recording ends {end:.1f} s after t0, before the window"
    return "" if scorable_s > _SAME_S else "no time in the window could be scored"


def _latency(
    motion: Motion, scorable: Bools, whole: Sequence[DetectedBout], window_s: tuple[float, float], reason: str
) -> tuple[float | None, bool, float]:
    """Return the latency, whether it is censored, and the missing time before it."""
    if reason:
        return None, False, 0.0
    started = [bout.start_s for bout in whole if bout.start_s < window_s[1] - _SAME_S]
    latency = started[0] if started else float(window_s[1])
    missing = latency - _scorable_in(motion, scorable, (0.0, latency))
    return latency, not started, missing if missing > _SAME_S else 0.0


def _scorable_in(motion: Motion, scorable: Bools, window_s: tuple[float, float]) -> float:
    """Return the scorable time in a stretch; samples that its edge cuts count in part."""
    total = 0.0
    for first, last in runs(scorable):
        start, stop = float(motion.t_s[first]), float(motion.t_s[last - 1] + motion.step_s)
        total += max(0.0, min(stop, window_s[1]) - max(start, window_s[0]))
    return total


def _bins(
    motion: Motion, scorable: Bools, bouts: Sequence[DetectedBout], window_s: tuple[float, float], bin_s: float
) -> tuple[TimeBin, ...]:
    bins = []
    count = max(1, int(np.ceil((window_s[1] - window_s[0]) / bin_s - _SAME_S)))
    for k in range(count):
        start, stop = window_s[0] + k * bin_s, min(window_s[0] + (k + 1) * bin_s, window_s[1])
        immobility = float(sum(bout.duration_s for bout in clip_bouts(bouts, (start, stop))))
        scorable_s = _scorable_in(motion, scorable, (start, stop))
        bins.append(TimeBin(start_s=start, stop_s=stop, immobility_s=immobility, scorable_s=scorable_s))
    return tuple(bins)
