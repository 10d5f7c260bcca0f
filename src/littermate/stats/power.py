"""Power of a balanced factorial design: the smallest effects it can see, from the exact noncentral F.

Effects are in residual standard deviations. A **main effect** is the difference of two marginal means, any other
levels half-way between; an **interaction** of two factors is a difference of differences between two levels of each,
averaged over the other factors, with no other interaction in the table. These are the patterns hardest to see among
those with that largest difference. With N units in all and k (and m) levels, the noncentrality is N d^2 / (2 k) and
N D^2 / (4 k m); in a 2 x 2 design with n a cell, n d^2 and n D^2 / 4.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass

from scipy import optimize, stats

from littermate.errors import Complaint, UsageError

__all__ = ["Detectable", "f_power", "smallest_detectable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Detectable:
    """The smallest effect of one term that is found with the wanted power.

    `effect` is in residual standard deviations: a difference of means, or for an interaction (`term` ``"a:b"``) a
    difference of differences.
    """

    term: str
    effect: float
    power: float
    alpha: float
    df: int
    df_error: int


def f_power(noncentrality: float, df: int, df_error: int, *, alpha: float = 0.05) -> float:
    """Return the power of an F test.

    Examples
    --------
    >>> round(f_power(8.0, 1, 28), 3)
    0.779
    """
    if noncentrality == 0:
        return alpha
    return float(stats.ncf.sf(stats.f.isf(alpha, df, df_error), df, df_error, noncentrality))


def smallest_detectable(
    levels: Mapping[str, int], n_per_cell: int, *, power: float = 0.8, alpha: float = 0.05
) -> tuple[Detectable, ...]:
    """Return the smallest detectable effect of every factor and every pair of factors, crossed in full.

    Parameters
    ----------
    levels
        How many levels each factor has.
    n_per_cell
        Units in each cell.
    power, alpha
        The wanted power, the level of significance.

    Raises
    ------
    UsageError
        If there is no such design, or power and alpha are not probabilities with power above alpha.

    Examples
    --------
    >>> found = smallest_detectable({"magnesium": 2, "ketamine": 2}, 8)
    >>> [(one.term, round(one.effect, 2)) for one in found]
    [('magnesium', 1.03), ('ketamine', 1.03), ('magnesium:ketamine', 2.05)]
    """
    _require_design(levels, n_per_cell, power, alpha)
    cells = math.prod(levels.values())
    n, df_error = cells * n_per_cell, cells * (n_per_cell - 1)
    terms = [(name,) for name in levels]
    found = []
    for term in [*terms, *itertools.combinations(levels, 2)]:
        df = math.prod(levels[name] - 1 for name in term)
        needed = _needed(df, df_error, power, alpha)
        per_unit = 1 / (2 * levels[term[0]]) if len(term) == 1 else 1 / (4 * levels[term[0]] * levels[term[1]])
        effect = math.sqrt(needed / (n * per_unit))
        found.append(Detectable(term=":".join(term), effect=effect, power=power, alpha=alpha, df=df, df_error=df_error))
    return tuple(found)


def _needed(df: int, df_error: int, power: float, alpha: float) -> float:
    """Return the noncentrality that gives the power."""
    high = 1.0
    while f_power(high, df, df_error, alpha=alpha) < power:
        high *= 2
    return float(optimize.brentq(lambda x: f_power(x, df, df_error, alpha=alpha) - power, 0, high, xtol=1e-13))


def _require_design(levels: Mapping[str, int], n_per_cell: int, power: float, alpha: float) -> None:
    complaints = []
    if not levels or min(levels.values()) < 2:
        do = "count the levels of each factor"
        complaints.append(Complaint(expected="factors of two or more levels", found=f"{dict(levels)}", do=do))
    if n_per_cell < 2:
        complaints.append(Complaint(expected="2 or more units a cell", found=f"{n_per_cell}", do="plan more"))
    if not 0 < alpha < power < 1:
        found = f"power {power}, alpha {alpha}"
        complaints.append(Complaint(expected="0 < alpha < power < 1", found=found, do="0.8 and 0.05 are usual"))
    if complaints:
        raise UsageError.of(complaints)
