"""Checks of what the numbers were taken from: recordings in doubt, corrections, numbers beyond detector or curve."""

from __future__ import annotations

from collections import Counter

import numpy as np
from scipy import stats

from littermate.checks.facts import ControlVolume, StudyFacts
from littermate.checks.rule import Remarks, check
from littermate.model.blot_correction import PLACED
from littermate.model.measurement import CORRECTED

__all__ = [
    "band_saturated",
    "control_differs",
    "corrected_by_hand",
    "outside_curve",
    "outside_linear_range",
    "recording_doubtful",
    "recovery_outside",
]

CHANCE = 0.01
RECOVERY_LIMITS = (80.0, 120.0)
_DOUBTS = {
    "arena-not-found": "no floor was recognised and the whole picture was taken as the floor",
    "corrupt-frames": "some frames are corrupt; their time counts as missing",
    "hardly-moved": "the position hardly changes; look whether it was the animal that was followed",
    "no-animal": "no animal was found",
    "time-gaps": "there are gaps without a trustworthy frame; their time counts as missing",
}
OUTSIDE = "outside the linear range"
_OUTSIDE = {"out of range", "below range", "above range"}


@check("band-saturated", "critical")
def band_saturated(facts: StudyFacts) -> Remarks:
    """A band is saturated.

    Its top is a plateau, so its volume is too small by an unknown amount, and so is the difference to a stronger
    band. Expose the membrane again for a shorter time, or load less protein.
    """
    for number in facts.numbers():
        if "saturated" in number.flags:
            yield number.about, "from a saturated band: too small by an unknown amount; use a shorter exposure"


@check("outside-linear-range", "warning")
def outside_linear_range(facts: StudyFacts) -> Remarks:
    """A band lies outside the linear range of its membrane's dilution series.

    There a band's volume is not in proportion to what was loaded, so the ratio is off by an unknown amount. Load so
    that all samples lie inside, or expose for another time; the value is kept.
    """
    for number in facts.numbers():
        if OUTSIDE in number.flags:
            which = [flag.removesuffix(OUTSIDE).strip() for flag in number.flags if flag.endswith(f" {OUTSIDE}")]
            words = " and ".join(which) or "a band"
            yield number.about, f"{words} outside the linear range of the dilution series; change the load or exposure"


@check("recording-doubtful", "warning")
def recording_doubtful(facts: StudyFacts) -> Remarks:
    """A number comes from a recording that something was noticed about.

    Look at the trial's picture in the report. Place the arena or set the start of the trial in recordings.csv and
    score it again, or leave the trial out by a rule of the plan.
    """
    for number in facts.numbers():
        for doubt in sorted(_DOUBTS.keys() & set(number.flags)):
            yield number.about, _DOUBTS[doubt]


@check("corrected-by-hand", "note")
def corrected_by_hand(facts: StudyFacts) -> Remarks:
    """Some values of an outcome are from what a person corrected: bouts, or the place of a band.

    A person who knew the number, or chose which trials to look at, can lean to one side. Look at all trials or at
    those that a stated rule picks, before the groups are known, and tell the reader how many were corrected; what was
    measured automatically is kept beside each.
    """
    made = Counter(one.outcome for one in facts.measurements)
    corrected = Counter(one.outcome for one in facts.measurements if {CORRECTED, PLACED} & set(one.flags))
    for outcome, times in sorted(corrected.items()):
        yield outcome, f"{times} of {made[outcome]} values corrected by a person; say so, and how they were chosen"


@check("outside-standard-curve", "warning")
def outside_curve(facts: StudyFacts) -> Remarks:
    """A concentration lies outside the standards.

    Below the lowest or above the highest standard the curve is a guess. Dilute the sample less or more and read it
    again, or report it as out of range.
    """
    for number in facts.numbers():
        if _OUTSIDE & set(number.flags):
            value = "no value is given" if number.value is None else f"{number.value:.4g} is extrapolated"
            yield number.about, f"outside the standard curve, {value}; change the dilution and read it again"


@check("recovery-outside-limits", "warning")
def recovery_outside(facts: StudyFacts) -> Remarks:
    """The recovery of a spike lies outside 80 to 120 %.

    Something in the sample hides or mimics what is measured, so that its concentration is off by as much. Dilute
    further or match the matrix of the standards; results are not multiplied by the recovery.
    """
    low, high = RECOVERY_LIMITS
    for number in facts.numbers():
        if number.measure.startswith("recovery") and number.value is not None and not low <= number.value <= high:
            yield number.about, f"recovery {number.value:.1f} %, outside {low:.0f} to {high:.0f} %"


@check("loading-control-differs", "warning")
def control_differs(facts: StudyFacts) -> Remarks:
    """The loading control itself differs between the groups.

    Whatever is divided by it then differs too, in the other direction, and the result may be that of the control. Take
    another control or total protein, and show the control by group. Looked at only after unblinding.
    """
    for region, name in dict.fromkeys((one.region, one.name) for one in facts.controls):
        lanes = [one for one in facts.controls if (one.region, one.name) == (region, name)]
        centred = _within_membranes(lanes)
        for k, factor in enumerate(facts.protocol.design.factors):
            groups = {
                level: [centred[code] for code, cell in facts.cells if cell[k] == level and code in centred]
                for level in factor.levels
            }
            found = {level: values for level, values in groups.items() if len(values) > 2 and np.ptp(values) > 0}
            if len(found) > 1 and (p := float(stats.f_oneway(*found.values()).pvalue)) < CHANCE:
                first, *_, last = sorted(found, key=lambda level: float(np.mean(found[level])))
                percent = 100 * float(np.expm1(np.mean(found[last]) - np.mean(found[first])))
                yield region, f"{name}: {percent:.0f} % higher in {factor.name} {last} than in {first} (P = {p:.2g})"


def _within_membranes(lanes: list[ControlVolume]) -> dict[str, float]:
    """Return each animal's logarithm of its control's volume, its membrane's mean taken off, its lanes averaged."""
    logs: dict[str, list[tuple[str, float]]] = {}
    for one in lanes:
        if one.volume > 0:
            logs.setdefault(one.membrane, []).append((one.code, float(np.log(one.volume))))
    parts: dict[str, list[float]] = {}
    for of in logs.values():
        middle = float(np.mean([value for _, value in of]))
        for code, value in of:
            parts.setdefault(code, []).append(value - middle)
    return {code: float(np.mean(values)) for code, values in parts.items()}
