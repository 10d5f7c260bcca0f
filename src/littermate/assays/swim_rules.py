"""Rules of the forced swim: when an animal is immobile and, where three behaviours are asked for, when it climbs.

A rule set is words and numbers. The numbers of climbing belong to it only where climbing is scored, so that a total
scored two ways keeps its hash. `calibration` says where the thresholds come from; it is part of the words, and so of
the hash.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from littermate.errors import UsageError
from littermate.model.rules import RuleSet

__all__ = ["ClimbingRules", "ForcedSwimRules", "rule_set"]

_UNCALIBRATED = "these thresholds are not calibrated against human scores"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClimbingRules:
    """When an animal that is not immobile climbs; where it does not, it swims. *Not calibrated* by themselves.

    Parameters
    ----------
    climbing_above
        Activity, in animal areas a motion step, from which an upright animal climbs.
    upright_above
        Uprightness of the silhouette from which an active animal climbs: vertical SD / (vertical SD + horizontal SD),
        0.5 for a shape as high as it is wide, 0.6 for one 1.5 times as high.
    release
        Climbing ends where activity or uprightness falls below this part of its threshold.
    smooth_s
        Length of the running median over activity and uprightness.
    gap_s
        Shorter gaps between two runs of climbing are closed, unless they hold immobility or missing time.
    min_bout_s
        Shorter runs of climbing are swimming.
    calibration
        Where the thresholds come from, in words; empty for the uncalibrated ones.
    """

    climbing_above: float = 0.15
    upright_above: float = 0.6
    release: float = 0.85
    smooth_s: float = 0.5
    gap_s: float = 0.5
    min_bout_s: float = 1.0
    calibration: str = ""

    def __post_init__(self) -> None:
        if not (self.climbing_above > 0 and 0 < self.upright_above < 1 and 0 < self.release <= 1):
            raise UsageError(
                expected="climbing_above above 0, upright_above between 0 and 1, release above 0 and at most 1",
                found=f"{self.climbing_above:g}, {self.upright_above:g}, {self.release:g}",
                do="correct the rules of climbing",
            )
        _require_times(smooth_s=self.smooth_s, gap_s=self.gap_s, min_bout_s=self.min_bout_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class ForcedSwimRules:
    """When an animal is immobile.

    The default thresholds are *not calibrated*: they were chosen between the activity of floating and of swimming
    simulated mice, not fitted to a person's scores. `littermate calibrate` fits them to a laboratory's own.

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
    climbing
        When the animal climbs; `None` for two-way scoring (immobile, mobile).
    calibration
        Where the thresholds come from, in words; empty for the uncalibrated ones.
    """

    immobile_below: float = 0.05
    mobile_above: float = 0.08
    smooth_s: float = 0.5
    gap_s: float = 0.5
    min_bout_s: float = 1.0
    bin_s: float = 60.0
    climbing: ClimbingRules | None = None
    calibration: str = ""

    def __post_init__(self) -> None:
        if not 0 < self.immobile_below <= self.mobile_above:
            raise UsageError(
                expected="immobile_below above 0 and not above mobile_above",
                found=f"{self.immobile_below} and {self.mobile_above}",
                do="correct the thresholds",
            )
        _require_times(smooth_s=self.smooth_s, gap_s=self.gap_s, min_bout_s=self.min_bout_s)
        if not self.bin_s > 0:
            raise UsageError(expected="a bin above 0 s", found=f"{self.bin_s} s", do="correct the rules")

    @property
    def ethogram(self) -> str:
        """``"two-way"`` (immobile, mobile) or ``"three-way"`` (immobile, swimming, climbing)."""
        return "two-way" if self.climbing is None else "three-way"


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
        f"above {rules.mobile_above:g} ends it; {rules.calibration or _UNCALIBRATED}",
        f"bout: gaps shorter than {rules.gap_s:g} s are closed, then runs shorter than {rules.min_bout_s:g} s dropped",
        "missing time ends a bout, is given to neither state and lowers the denominator",
        "bouts are found on the whole trial, then cut to the window; latency from t0, censored at the window's end",
        *_climbing_words(rules),
    )
    given = {**_numbers(rules), "window_start_s": float(start), "window_stop_s": float(stop)}
    return RuleSet(name="forced swim", parameters=tuple(sorted(given.items())), words=words)


def _numbers(rules: ForcedSwimRules) -> dict[str, Any]:
    """Return the plain fields, and those of climbing beside them where it is scored."""
    numbers = dataclasses.asdict(rules)
    climbing = numbers.pop("climbing") or {}
    both = numbers | {f"climbing {name}": value for name, value in climbing.items()}
    return {name: value for name, value in both.items() if not name.endswith("calibration")}


def _climbing_words(rules: ForcedSwimRules) -> tuple[str, ...]:
    if (climbing := rules.climbing) is None:
        return ()
    return (
        f"climbing: not immobile, activity at or above {climbing.climbing_above:g} and uprightness at or above "
        f"{climbing.upright_above:g} (medians over {climbing.smooth_s:g} s), until either falls below "
        f"{climbing.release:g} of its threshold; {climbing.calibration or _UNCALIBRATED}",
        f"climbing bout: gaps shorter than {climbing.gap_s:g} s without immobility or missing time are closed, then "
        f"runs shorter than {climbing.min_bout_s:g} s dropped; all other time that is not immobile is swimming",
    )


def _require_times(**times_s: float) -> None:
    if any(not value >= 0 for value in times_s.values()):
        raise UsageError(
            expected="times of 0 s or longer",
            found=", ".join(f"{name} {value}" for name, value in times_s.items()),
            do="correct the rules",
        )
