"""Residuals: what a fitted model leaves of every unit, with all that a residual plot and an influence check read.

Standardised residuals are divided by their own standard error; studentised ones by that of the model fitted without
the unit. `normal` is the normal quantile at the rank of the standardised residual, and `band` the pointwise 95 %
range of that order statistic in a normal sample.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.model.interval import Interval

__all__ = ["Residual", "Residuals"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Residual:
    """One unit.

    Parameters
    ----------
    unit, levels
        Its name; its group as (factor, level) pairs.
    fitted, residual
        In the outcome's unit.
    standardised, studentised
        See the module; `None` where the unit alone decides its fitted value.
    leverage, cooks
        How far its own value draws its fitted value (0 to 1); Cook's distance.
    normal, band
        Normal quantile at its rank, and the range of that rank's residual, in standard deviations.
    """

    unit: str
    levels: tuple[tuple[str, str], ...]
    fitted: float
    residual: float
    standardised: float | None
    studentised: float | None
    leverage: float
    cooks: float | None
    normal: float
    band: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Residuals:
    """Every unit of one model, in the table's order.

    `largest_p` is the P of the largest studentised residual, times the number of units (Bonferroni).
    """

    outcome: str
    unit: str
    points: tuple[Residual, ...]
    largest_p: float | None
