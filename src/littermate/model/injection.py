"""Injection: one line of the injection sheet: what one animal is to get at one time, and from which vial."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from littermate.model.species import route_named
from littermate.model.weighing import OLD_DAYS, Weighing

__all__ = ["Injection"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Injection:
    """One planned injection; it says nothing of drug, factor or group.

    Parameters
    ----------
    number
        Of the injection, from 1, the same for all animals.
    day, hour
        Day of the study from 1, and hours since that day began.
    animal, vial, route, side
        Who, from which vial, and how; route and side may be empty.
    due
        When, by the clock on the wall; `None` while the study has no start.
    within_s
        How much earlier or later is as planned.
    weighing
        The weight the volume is for; `None` where there is none.
    exact_ml, volume_ml
        The volume, and the volume at the syringe's nearest mark; `None` with a `reason`.
    mark_ml
        The distance of the syringe's marks.
    """

    number: int
    day: int
    hour: float
    animal: str
    vial: str
    route: str = ""
    side: str = ""
    due: datetime | None = None
    within_s: float = 3600.0
    weighing: Weighing | None = None
    exact_ml: float | None = None
    volume_ml: float | None = None
    mark_ml: float = 0.01
    reason: str = ""

    @property
    def rounding(self) -> float | None:
        """By what share of the exact volume, and so of the dose, the syringe's mark is off; `None` without a volume.

        Examples
        --------
        >>> Injection(number=1, day=1, hour=0, animal="M01", vial="CDF346", exact_ml=0.304, volume_ml=0.3).rounding
        -0.0131...
        """
        if self.exact_ml is None or self.volume_ml is None:
            return None
        return self.volume_ml / self.exact_ml - 1

    @property
    def by_syringe(self) -> bool:
        """Whether a volume is given; food is not, and is not expected in the log."""
        return self.volume_ml is not None or bool(route_named(self.route))

    @property
    def weight_age_days(self) -> int:
        """How old its weight is on the day; the one of animals.csv counts as of the first day."""
        if self.weighing is None:
            return 0
        if self.weighing.day is None or self.due is None:
            return self.day - 1
        return (self.due.date() - self.weighing.day).days

    @property
    def by_old_weight(self) -> bool:
        """Whether its weight is more than `OLD_DAYS` old."""
        return self.weight_age_days > OLD_DAYS
