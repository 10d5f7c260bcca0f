"""Checks of blots and plates: numbers beyond what the detector or the standard curve can tell."""

from __future__ import annotations

from littermate.checks.facts import StudyFacts
from littermate.checks.rule import Remarks, check

__all__ = ["band_saturated", "outside_curve", "recovery_outside"]

RECOVERY_LIMITS = (80.0, 120.0)
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
