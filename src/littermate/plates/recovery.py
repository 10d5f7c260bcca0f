"""Recovery: how much of an added spike is found again.

percent = (spiked - (1 - v) x unspiked) / added x 100, where v is the spike's share of the final volume (it dilutes the
sample) and `added` is what the spike adds to the concentration of the final volume: the layout's `concentration` of the
spiked wells. Both concentrations are those before the dilution in the well. Results are never multiplied by recovery.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

from littermate.model.plate import SampleResult
from littermate.plates.quantify import PlateResult
from littermate.plates.rules import PlateRules

__all__ = ["Recovery", "recovery"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovery:
    """One sample's percent recovery.

    `flag` is empty, ``"low"``, ``"high"`` or ``"missing"``; `reason` says why in words, and is empty where the flag is.
    `kind`, `unit` and `plate` are of the assay to which the recovery belongs: it says nothing of another one.
    """

    sample: str
    percent: float | None
    flag: str
    reason: str
    added: float | None = None
    kind: str = ""
    unit: str = ""
    plate: str = ""


def recovery(result: PlateResult, *, rules: PlateRules | None = None) -> tuple[Recovery, ...]:
    """Return the percent recovery of every spiked sample of a plate, in the plate's order.

    Parameters
    ----------
    result
        A quantified plate whose layout has wells of role ``"spiked"``.
    rules
        Those of the result unless others are given.

    Examples
    --------
    >>> percent_recovery(spiked=290.0, unspiked=50.0, added=250.0, volume_fraction=0.0)
    96.0
    >>> percent_recovery(spiked=295.0, unspiked=50.0, added=250.0, volume_fraction=0.1)
    100.0
    """
    rules = rules or result.rules
    added = {well.name: well.concentration for well in result.plate.wells if well.role == "spiked"}
    return tuple(
        dataclasses.replace(
            _recovery(spiked, _partner(spiked, result.samples), added[spiked.wells[0]], rules),
            kind=result.plate.kind,
            unit=result.plate.unit,
            plate=result.plate.name,
        )
        for spiked in result.samples
        if spiked.spiked
    )


def percent_recovery(*, spiked: float, unspiked: float, added: float, volume_fraction: float) -> float:
    """Return the percent recovery, corrected for the volume that the spike adds."""
    return 100 * (spiked - (1 - volume_fraction) * unspiked) / added


def _partner(spiked: SampleResult, samples: tuple[SampleResult, ...]) -> SampleResult | None:
    """Return the unspiked half: of the same dilution if there is one, otherwise of any that is in range."""
    halves = [sample for sample in samples if sample.name == spiked.name and not sample.spiked]
    halves.sort(key=lambda half: (half.dilution != spiked.dilution, not half.in_range))
    return halves[0] if halves else None


def _recovery(spiked: SampleResult, unspiked: SampleResult | None, added: float | None, rules: PlateRules) -> Recovery:
    reason = _missing(spiked, unspiked, added)
    if reason or unspiked is None or added is None or spiked.concentration is None or unspiked.concentration is None:
        return Recovery(sample=spiked.name, percent=None, flag="missing", reason=reason, added=added)
    percent = percent_recovery(
        spiked=spiked.concentration,
        unspiked=unspiked.concentration,
        added=added,
        volume_fraction=rules.spike_volume_fraction,
    )
    low, high = rules.recovery_percent
    flag = "low" if percent < low else "high" if percent > high else ""
    reason = f"outside {low:g}-{high:g} %" if flag else ""
    return Recovery(sample=spiked.name, percent=percent, flag=flag, reason=reason, added=added)


def _missing(spiked: SampleResult, unspiked: SampleResult | None, added: float | None) -> str:
    """Say why there can be no recovery, or nothing."""
    if unspiked is None:
        return "no unspiked half on the plate"
    if not added:
        return "the layout does not say how much was added"
    halves = (("spiked", spiked), ("unspiked", unspiked))
    return "; ".join(f"{word} half: {half.reason}" for word, half in halves if half.concentration is None)
