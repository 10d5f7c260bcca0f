"""Weighing: the weight of one animal on one day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

__all__ = ["OLD_DAYS", "Weighing", "newest_weighing"]

OLD_DAYS = 7
"""A weight of more days ago is old: a growing mouse gains a gram a week."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighing:
    """One weight in grams; `day` is `None` for the one in animals.csv, which is older than any other."""

    animal: str
    day: date | None
    weight_g: float


def newest_weighing(weighings: Iterable[Weighing], until: date | None) -> Weighing | None:
    """Return an animal's newest weighing not after a day (of all, without one), or `None`.

    Examples
    --------
    >>> days = (None, date(2026, 4, 11), date(2026, 4, 14))
    >>> weighings = [Weighing(animal="M01", day=day, weight_g=30 + k) for k, day in enumerate(days)]
    >>> newest_weighing(weighings, date(2026, 4, 13)).weight_g
    31
    """
    before = (one for one in weighings if one.day is None or until is None or one.day <= until)
    return max(before, key=lambda one: one.day or date.min, default=None)
