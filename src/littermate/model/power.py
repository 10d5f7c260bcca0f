"""Power: what a planned design can find, and how many units it needs.

Sizes of effects are in standard deviations of the outcome within a group (`EffectPower.measure` says of what): a main
effect is the **difference of two marginal means**, an interaction the **difference of differences**, so that an effect
of 1 SD that is there at one level of the other factor and absent at the other is an interaction of 1. Cohen's f is
sqrt(noncentrality / N) at the sizes planned, as in G*Power.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from littermate.errors import Complaint, UsageError

__all__ = ["CellPlan", "EffectPower", "LossPower", "PowerCurve"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellPlan:
    """How many units each cell of a crossed design will have.

    Parameters
    ----------
    levels
        (factor, number of levels) pairs.
    sizes
        Units in each cell, the last factor running fastest; what is analysed, so without those that will be lost.
    df_taken
        Degrees of freedom that covariates and blocks take from the error.
    explained
        Share of the variance within groups that covariates and blocks explain, 0 to less than 1.

    Raises
    ------
    UsageError
        If there is no such design.

    Examples
    --------
    >>> plan = CellPlan.even((("magnesium", 2), ("ketamine", 2)), 8)
    >>> plan.n_total, plan.df_error
    (32, 28)
    """

    levels: tuple[tuple[str, int], ...]
    sizes: tuple[int, ...]
    df_taken: int = 0
    explained: float = 0.0

    def __post_init__(self) -> None:
        complaints = [*self._wrong_factors(), *self._wrong_sizes()]
        if not (self.df_taken >= 0 and 0 <= self.explained < 1):
            found = f"{self.df_taken} and {self.explained}"
            expected = "degrees of freedom and a share of variance (0 to below 1) that covariates take and explain"
            complaints.append(Complaint(expected=expected, found=found, do="correct them, or leave them out"))
        if complaints:
            raise UsageError.of(complaints)

    def _wrong_factors(self) -> list[Complaint]:
        names = [name for name, _ in self.levels]
        if names and len(set(names)) == len(names) and min(count for _, count in self.levels) >= 2:
            return []
        found = ", ".join(f"{name} with {count}" for name, count in self.levels) or "none"
        return [Complaint(expected="factors of two or more levels", found=found, do="count the levels of each factor")]

    def _wrong_sizes(self) -> list[Complaint]:
        cells = math.prod(count for _, count in self.levels)
        if len(self.sizes) == cells and min(self.sizes, default=0) >= 1:
            return []
        found = ", ".join(map(str, self.sizes)) or "none"
        expected = f"{cells} group sizes of 1 or more"
        return [Complaint(expected=expected, found=found, do="give one number for all groups, or one a group")]

    @classmethod
    def even(cls, levels: tuple[tuple[str, int], ...], n: int) -> CellPlan:
        """Make a plan of n units in every cell."""
        return cls(levels=levels, sizes=(n,) * math.prod(count for _, count in levels))

    @property
    def n_total(self) -> int:
        """Units in all."""
        return sum(self.sizes)

    @property
    def df_error(self) -> int:
        """Degrees of freedom of the error."""
        return self.n_total - len(self.sizes) - self.df_taken

    @property
    def n_per_group(self) -> int | tuple[int, ...]:
        """Units a cell: one number where all are equal."""
        return self.sizes[0] if len(set(self.sizes)) == 1 else self.sizes


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectPower:
    """How often an effect of one size is found by one design.

    Parameters
    ----------
    term
        As in the model: ``"ketamine"``, ``"magnesium:ketamine"``; ``"ketamine within magnesium"`` for a simple effect.
    measure
        What `effect` is: ``"difference of means"``, ``"difference of differences"``, ...
    effect
        In standard deviations within groups.
    f
        Cohen's f.
    noncentrality
        Of the F statistic; `None` where the test is another one or is simulated.
    df, df_error
        Degrees of freedom.
    alpha, power
        Share of false positives, share of experiments that find the effect.
    n_per_group, n_total
        Units; a tuple where cells differ.
    method
        In words, with seed and number of experiments where it was simulated.
    standard_error
        Monte-Carlo standard error of `power`; `None` where it is exact.
    """

    term: str
    measure: str
    effect: float
    f: float
    noncentrality: float | None
    df: int
    df_error: int
    alpha: float
    power: float
    n_per_group: int | tuple[int, ...]
    n_total: int
    method: str
    standard_error: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LossPower:
    """What losing units at random does to the power of one effect.

    `started` units a cell begin, each is lost with probability `rate`; `power` is the mean over what may be left. A
    design that has lost a whole group does not find the effect. `standard_error` is `None` where the mean is over every
    outcome of the losses, and else that of the mean over outcomes drawn at random.
    """

    term: str
    rate: float
    started: int | tuple[int, ...]
    n_total: int
    power: float
    method: str
    standard_error: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerCurve:
    """One line of a power curve: `power` at each of `at` (units a group, or sizes of effect in SD), with its label.

    `planned` is the point of the plan, (at, power).
    """

    label: str
    at: tuple[float, ...]
    power: tuple[float, ...]
    planned: tuple[float, float]
