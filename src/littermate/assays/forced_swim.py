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
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from littermate.errors import UsageError
from littermate.model.bout import DetectedBout
from littermate.model.measurement import Reading
from littermate.model.motion import Motion
from littermate.model.rules import RuleSet

__all__ = [
    "ForcedSwim",
    "ForcedSwimRules",
    "TimeBin",
    "clip_bouts",
    "immobile_mask",
    "mask_to_bouts",
    "readings",
    "rule_set",
    "score_forced_swim",
]

IMMOBILE = "immobile"
_SAME_S = 1e-6

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForcedSwimRules:
    """When an animal is immobile.

    The two thresholds are *not calibrated*: they were chosen between the activity of floating and of swimming
    simulated mice, not fitted to a person's scores.

    Parameters
    ----------
    immobile_below, mobile_above
        Thresholds on the smoothed activity, in animal areas a motion step.
    smooth_s
        Length of the running median.
    gap_s
        Gaps shorter than this are closed.
    min_bout_s
        Runs shorter than this are dropped.
    bin_s
        Length of the time bins that are reported.
    """

    immobile_below: float = 0.05
    mobile_above: float = 0.08
    smooth_s: float = 0.5
    gap_s: float = 0.5
    min_bout_s: float = 1.0
    bin_s: float = 60.0

    def __post_init__(self) -> None:
        if not 0 < self.immobile_below <= self.mobile_above:
            raise UsageError(
                expected="immobile_below above 0 and not above mobile_above",
                found=f"{self.immobile_below} and {self.mobile_above}",
                do="correct the thresholds",
            )
        if self.smooth_s < 0 or self.gap_s < 0 or self.min_bout_s < 0 or self.bin_s <= 0:
            raise UsageError(
                expected="times of 0 s or longer, and a bin above 0 s",
                found=f"smooth {self.smooth_s}, gap {self.gap_s}, bout {self.min_bout_s}, bin {self.bin_s} s",
                do="correct the rules",
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeBin:
    """Immobile and scorable time in one stretch ``[start_s, stop_s)`` of the window."""

    start_s: float
    stop_s: float
    immobility_s: float
    scorable_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ForcedSwim:
    """What a forced-swim trial gave. Times are seconds on the trial clock.

    Parameters
    ----------
    window_s
        The scored part.
    scorable_s, missing_s
        Time in the window that could be scored, and the rest of it.
    immobility_s, immobility_percent
        Total, and as a part of the scorable time; `None` where nothing could be scored (`reason` says why).
    latency_s, latency_censored
        From t0 to the first bout; the window's end, with the flag, where there was none. `None` as above.
    latency_from_window_s, latency_from_window_censored
        The same from the window's start.
    latency_after_missing_s
        Missing time before the first bout: the latency may be shorter by up to this.
    bouts
        Immobile bouts, cut to the window.
    bout_count, mean_bout_s, longest_bout_s
        Of `bouts`; the two lengths are `None` without a bout.
    bins
        The window in bins of 60 s (or as the rules say).
    animal_found
        Whether there was an animal.
    cut_short
        Whether the recording ended before the window; the percentage is of what there is.
    """

    window_s: tuple[float, float]
    scorable_s: float
    missing_s: float
    immobility_s: float | None
    immobility_percent: float | None
    latency_s: float | None
    latency_censored: bool
    latency_from_window_s: float | None
    latency_from_window_censored: bool
    latency_after_missing_s: float
    bouts: tuple[DetectedBout, ...]
    bout_count: int | None
    mean_bout_s: float | None
    longest_bout_s: float | None
    bins: tuple[TimeBin, ...]
    animal_found: bool
    cut_short: bool
    reason: str = ""


def rule_set(rules: ForcedSwimRules, window_s: tuple[float, float]) -> RuleSet:
    """Return the rules in words and numbers, with their hash; the window is one of them.

    Examples
    --------
    >>> rule_set(ForcedSwimRules(), (120, 360)).words[0]
    'immobile: scored from 120 to 360 s after t0'
    """
    start, stop = window_s
    words = (
        f"immobile: scored from {start:g} to {stop:g} s after t0",
        f"activity, as the median over {rules.smooth_s:g} s, below {rules.immobile_below:g} begins immobility and "
        f"above {rules.mobile_above:g} ends it; these thresholds are not calibrated against human scores",
        f"bout: gaps shorter than {rules.gap_s:g} s are closed, then runs shorter than {rules.min_bout_s:g} s dropped",
        "missing time ends a bout, is given to neither state and lowers the denominator",
        "bouts are found on the whole trial, then cut to the window; latency from t0, censored at the window's end",
    )
    plain = RuleSet.of("forced swim", rules, words)
    window = (("window_start_s", float(start)), ("window_stop_s", float(stop)))
    return RuleSet(name=plain.name, parameters=tuple(sorted((*plain.parameters, *window))), words=words)


def score_forced_swim(
    motion: Motion,
    *,
    window_s: tuple[float, float],
    rules: ForcedSwimRules = ForcedSwimRules(),
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
    scorable = motion.valid & motion.animal_found
    whole = mask_to_bouts(
        immobile_mask(motion, rules),
        scorable,
        start_s=float(motion.t_s[0]) if len(motion.t_s) else 0.0,
        step_s=motion.step_s,
        gap_s=rules.gap_s,
        min_bout_s=rules.min_bout_s,
    )
    return _result(motion, scorable, whole, window_s, rules)


def immobile_mask(motion: Motion, rules: ForcedSwimRules) -> Bools:
    """Return for each sample whether the animal is immobile by the thresholds, before any bout rule.

    The median and the hysteresis start anew after missing time.
    """
    immobile = np.zeros(len(motion.t_s), dtype=bool)
    width = max(1, round(rules.smooth_s / motion.step_s)) | 1
    for start, stop in _runs(motion.valid & motion.animal_found):
        smooth = _running_median(motion.activity[start:stop], width)
        immobile[start:stop] = _hysteresis(smooth, rules.immobile_below, rules.mobile_above)
    return immobile


def mask_to_bouts(
    immobile: Bools,
    scorable: Bools,
    *,
    step_s: float,
    gap_s: float,
    min_bout_s: float,
    start_s: float = 0.0,
    behaviour: str = IMMOBILE,
) -> tuple[DetectedBout, ...]:
    """Turn a state, sample by sample, into bouts: close short gaps, then drop short runs; missing time ends a bout.

    Parameters
    ----------
    immobile, scorable : (n,) bool
        The state, and whether there is one. Sample k covers ``start_s + [k, k + 1) * step_s``.
    step_s, start_s
        Length of a sample and start of the first one.
    gap_s
        Gaps shorter than this are closed.
    min_bout_s
        Runs shorter than this are dropped.
    behaviour
        Name of the state.

    Examples
    --------
    >>> state = np.array([1, 1, 1, 0, 1, 1, 0, 0, 1, 0], bool)
    >>> bouts = mask_to_bouts(state, np.ones(10, bool), step_s=0.5, gap_s=1.0, min_bout_s=1.0)
    >>> [(bout.start_s, bout.stop_s) for bout in bouts]
    [(0.0, 3.0)]
    """
    bouts = []
    for first, last in _runs(np.asarray(scorable, dtype=bool)):
        runs = [(first + a, first + b) for a, b in _runs(np.asarray(immobile[first:last], dtype=bool))]
        for start, stop in _closed(runs, gap_s / step_s):
            if (stop - start) * step_s >= min_bout_s - _SAME_S:
                begin, end = start_s + start * step_s, start_s + stop * step_s
                bouts.append(DetectedBout(behaviour=behaviour, start_s=begin, stop_s=end))
    return tuple(bouts)


def clip_bouts(
    bouts: Sequence[DetectedBout], window_s: tuple[float, float], *, recorded_until_s: float | None = None
) -> tuple[DetectedBout, ...]:
    """Cut bouts to a window, and flag those that its edge, or the end of the recording, has cut.

    Examples
    --------
    >>> bout = DetectedBout(behaviour="immobile", start_s=8.0, stop_s=12.0)
    >>> clip_bouts([bout], (10.0, 20.0))
    (DetectedBout(behaviour='immobile', start_s=10.0, stop_s=12.0, cut=True),)
    """
    start, stop = window_s
    end = np.inf if recorded_until_s is None else recorded_until_s
    clipped = []
    for bout in bouts:
        a, b = max(bout.start_s, start), min(bout.stop_s, stop)
        if b - a > _SAME_S:
            cut = bout.cut or bout.start_s < start - _SAME_S or bout.stop_s > stop + _SAME_S
            cut |= bout.stop_s >= end - _SAME_S
            clipped.append(DetectedBout(behaviour=bout.behaviour, start_s=a, stop_s=b, cut=bool(cut)))
    return tuple(clipped)


def readings(result: ForcedSwim) -> tuple[Reading, ...]:
    """Return the numbers of a trial as readings, missing ones with their reason.

    Their measures: ``immobility_s``, ``immobility_percent``, ``latency_s``, ``latency_from_window_s``,
    ``bout_count``, ``mean_bout_s``, ``longest_bout_s``, ``scorable_s``, ``missing_s``.
    """
    short = ("cut short",) if result.cut_short else ()
    some_missing = ("missing time",) if result.missing_s > _SAME_S else ()
    general = (*short, *some_missing)
    late = ("missing time before",) if result.latency_after_missing_s > _SAME_S else ()
    no_bout = result.reason or "no immobile bout"
    rows = (
        ("immobility_s", result.immobility_s, "s", result.reason, general),
        ("immobility_percent", result.immobility_percent, "%", result.reason, general),
        ("latency_s", result.latency_s, "s", result.reason, (*_censored(result.latency_censored), *late)),
        (
            "latency_from_window_s",
            result.latency_from_window_s,
            "s",
            result.reason,
            _censored(result.latency_from_window_censored),
        ),
        ("bout_count", result.bout_count, "", result.reason, general),
        ("mean_bout_s", result.mean_bout_s, "s", no_bout, general),
        ("longest_bout_s", result.longest_bout_s, "s", no_bout, general),
        ("scorable_s", result.scorable_s, "s", "", short),
        ("missing_s", result.missing_s, "s", "", short),
    )
    return tuple(
        Reading(measure=name, value=value, unit=unit, reason="" if value is not None else why, flags=flags)
        for name, value, unit, why, flags in rows
    )


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
    for first, last in _runs(scorable):
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


def _censored(censored: bool) -> tuple[str, ...]:
    return ("censored",) if censored else ()


def _runs(mask: Bools) -> list[tuple[int, int]]:
    """Return the half-open index ranges where a mask is true."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return list(zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True))


def _closed(runs: Sequence[tuple[int, int]], gap: float) -> list[tuple[int, int]]:
    """Join runs whose gap is shorter than `gap` samples."""
    joined: list[tuple[int, int]] = []
    for start, stop in runs:
        if joined and start - joined[-1][1] < gap - _SAME_S:
            joined[-1] = (joined[-1][0], stop)
        else:
            joined.append((start, stop))
    return joined


def _running_median(values: Floats, width: int) -> Floats:
    """Return the median over `width` samples around each; the ends are held."""
    padded = np.pad(values, width // 2, mode="edge")
    return np.asarray(np.median(np.lib.stride_tricks.sliding_window_view(padded, width), axis=1))


def _hysteresis(values: Floats, below: float, above: float) -> Bools:
    """Return where a signal is low: low from below one threshold until above the other, high at the start."""
    marks = np.where(values < below, 1, np.where(values > above, 0, -1))
    decided = np.maximum.accumulate(np.where(marks >= 0, np.arange(len(marks)), -1))
    return np.asarray(np.where(decided >= 0, marks[decided], 0) == 1)
