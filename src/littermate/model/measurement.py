"""Measurement: the waist of the hourglass. One value of one outcome for one coded animal.

A `Reading` is what a workshop gives: the value of one measure from one file. `study` gives it to an animal's code
and to an outcome, and it becomes a `Measurement`. A value that could not be had is `None` and has a `reason`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from littermate.errors import DataError

__all__ = ["CORRECTED", "Measurement", "Reading", "Source"]

CORRECTED = "corrected by a person"
"""Flag of a value for which a person corrected what the program had detected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One value of one measure, as a workshop gives it.

    Parameters
    ----------
    measure
        The measure's name with its unit as suffix, as in ``--json``: ``"immobility_s"``, ``"lines_crossed"``.
    value, unit
        The raw number, never rounded, and its unit as text; `None` where missing.
    reason
        Why it is missing; empty where there is a value.
    flags
        What a reader must know about the value: ``"censored"``, ``"saturated"``, ``"cut short"``, `CORRECTED`.
    """

    measure: str
    value: float | None
    unit: str
    reason: str = ""
    flags: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_value(self.measure, self.value, self.reason)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a value came from: the file by its SHA-256, and the place in it.

    `kind` is ``"recording"``, ``"blot"`` or ``"plate"``; `place` says where in words: ``"120-360 s"``,
    ``"lane 5, band at row 212"``, ``"wells C4, C5"``.
    """

    kind: str
    sha256: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One value of one outcome for one coded animal, with its source and its rule set.

    `block` is the level of a nuisance the analysis needs (the membrane), or empty.
    """

    outcome: str
    code: str
    value: float | None
    unit: str
    source: Source
    rules_hash: str
    reason: str = ""
    flags: tuple[str, ...] = ()
    block: str = ""

    def __post_init__(self) -> None:
        _check_value(f"{self.outcome} of {self.code}", self.value, self.reason)


def _check_value(what: str, value: float | None, reason: str) -> None:
    if value is not None and not math.isfinite(value):
        raise DataError(
            expected="a finite number, or none with a reason",
            found=f"{value}",
            do="say why it is missing",
            where=what,
        )
    if value is None and not reason:
        raise DataError(expected="a reason for a missing value", found="none", do="say why it is missing", where=what)
