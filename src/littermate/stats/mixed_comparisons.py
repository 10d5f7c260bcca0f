"""The comparisons that a plan names, of a mixed model: each contrast with its own Kenward-Roger error.

Degrees of freedom differ between contrasts (whole cages against whole cages, animals within them), so what needs one
error for all, Dunnett's and Scheffe's methods, is refused; Tukey's takes each contrast's own degrees of freedom, as
emmeans does. Intervals are as in `comparisons`; `critical` is the farthest any of a family reaches.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from scipy import special

from littermate.errors import UsageError
from littermate.model.comparison import Comparison, Comparisons
from littermate.model.plan import Plan
from littermate.stats.contrast_words import contrast_weights
from littermate.stats.fitted_model import ReferenceGrid
from littermate.stats.multiplicity import METHOD_WORDS, adjust, interval_words, tail_of
from littermate.stats.studentized_range import range_critical, range_p
from littermate.stats.table import Floats

__all__ = ["Estimate", "planned_comparisons"]

_LEVEL = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """One contrast of a mixed model."""

    estimate: float
    se: float
    df: float

    @property
    def t(self) -> float:
        """The estimate in standard errors."""
        return self.estimate / self.se

    @property
    def p(self) -> float:
        """Two-sided, unadjusted."""
        return float(2 * special.stdtr(self.df, -abs(self.t)))


Estimator = Callable[[Floats], Estimate]
"""Estimates a row of the design matrix."""


def planned_comparisons(grid: ReferenceGrid, plan: Plan, estimate: Estimator) -> Iterator[Comparisons]:
    """Yield the plan's contrasts, and all pairs of its cells or all cells against the control where it asks for them.

    Raises
    ------
    UsageError
        If a contrast cannot be meant, or the adjustment needs one error for all contrasts.
    """
    for family in _families(grid, plan):
        yield _tested(family, grid, estimate)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Family:
    """Contrasts by their labels, as weights of cells; `means` is of how many they are all pairs, 0 if they are not."""

    words: str
    method: str
    contrasts: Mapping[str, Floats]
    means: int = 0

    def __post_init__(self) -> None:
        if self.method not in METHOD_WORDS and not (self.method == "tukey" and self.means):
            raise UsageError(
                expected=f"an adjustment that a mixed model has: {', '.join(METHOD_WORDS)}; tukey for all pairs",
                found=f"{self.method} for {self.words}",
                do="choose holm",
            )

    def adjusted(self, found: Sequence[Estimate]) -> list[float]:
        """Return the adjusted P."""
        if self.method == "tukey":
            return [range_p(abs(one.t) * 2**0.5, self.means, one.df) for one in found]
        return list(map(float, adjust([one.p for one in found], self.method)))

    def reach(self, df: float) -> float:
        """Return how many standard errors an interval reaches."""
        alpha, count = 1 - _LEVEL, len(self.contrasts)
        if self.method == "tukey":
            return range_critical(alpha, self.means, df) / 2**0.5
        return -float(special.stdtrit(df, tail_of(self.method, alpha, count) / 2))


def _families(grid: ReferenceGrid, plan: Plan) -> Iterator[_Family]:
    means, names = _cell_means(grid, plan), ":".join(plan.factors)
    if plan.contrasts:
        rows = {words: contrast_weights(words, grid) for words in plan.contrasts}
        yield _Family(words="planned contrasts", method=plan.adjust or "holm", contrasts=rows)
    if plan.compare == "pairs":
        pairs = itertools.combinations(means, 2)
        rows = {f"{one} - {other}": means[one] - means[other] for one, other in pairs}
        words = f"all pairs of {names}"
        yield _Family(words=words, method=plan.adjust or "tukey", contrasts=rows, means=len(means))
    if plan.compare == "control":
        control, *others = means
        rows = {f"{one} - {control}": means[one] - means[control] for one in others}
        yield _Family(words=f"{names} against {control}", method=plan.adjust or "holm", contrasts=rows)


def _cell_means(grid: ReferenceGrid, plan: Plan) -> dict[str, Floats]:
    """Return the weights of each cell of the planned factors, the control's first."""
    cells = itertools.product(*(grid.levels[name] for name in plan.factors))
    return {":".join(cell): grid.average(dict(zip(plan.factors, cell, strict=True))) for cell in cells}


def _tested(family: _Family, grid: ReferenceGrid, estimate: Estimator) -> Comparisons:
    found = [estimate(weights @ grid.rows) for weights in family.contrasts.values()]
    reaches = [family.reach(one.df) for one in found]
    method = METHOD_WORDS.get(family.method, "Tukey-Kramer")
    rows = zip(family.contrasts, found, family.adjusted(found), reaches, strict=True)
    return Comparisons(
        family=family.words,
        adjust=family.method,
        adjust_words=f"{method}; each contrast has its own Kenward-Roger error",
        side="two-sided",
        rows=tuple(_comparison(label, one, p, reach) for label, one, p, reach in rows),
        level=_LEVEL,
        critical=max(reaches),
        interval_words=interval_words(family.method),
    )


def _comparison(label: str, one: Estimate, p_adjusted: float, reach: float) -> Comparison:
    return Comparison(
        label=label,
        estimate=one.estimate,
        se=one.se,
        df=one.df,
        t=one.t,
        p=one.p,
        p_adjusted=p_adjusted,
        interval=(one.estimate - reach * one.se, one.estimate + reach * one.se),
    )
