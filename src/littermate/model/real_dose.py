"""RealDose: what an animal really received of which substance. It gives the group away: only after unblinding."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["RealDose"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RealDose:
    """One injection's dose.

    Parameters
    ----------
    animal, injection
        Who, and which injection of the sheet (0 for one that is not on it).
    factor, level, substance
        What the vial held that was really used.
    planned_mg_kg
        What the animal's own group was to receive in this injection, 0 for a vehicle; `None` where it is not known.
    mg_kg
        What it received, 0 for a vehicle and where nothing was given; `None` with a `reason`.
    """

    animal: str
    injection: int
    factor: str
    level: str
    substance: str
    planned_mg_kg: float | None
    mg_kg: float | None
    reason: str = ""
