"""Tests of equal spread: Levene, Brown and Forsythe, Bartlett, Fligner and Killeen, Breusch and Pagan.

Levene's test is an analysis of variance of the distances from the group's mean (Levene 1960), Brown and Forsythe's of
those from its median, which skew disturbs less (1974, *J Am Stat Assoc* 69:364); a trimmed mean stands between.
Bartlett's (1937, *Proc R Soc A* 160:268) is the sharpest for normal data and takes any other for unequal spread.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats

from littermate.errors import AnalysisError, UsageError
from littermate.stats.planned import PlannedModel
from littermate.stats.results import ChiSquaredTest, FTest, chi_squared_test, f_test
from littermate.stats.table import Floats

__all__ = ["bartlett", "breusch_pagan", "fligner_killeen", "levene"]

_FLAT = 1e-12
"""Spread below this part of the largest distance is rounding."""


def levene(
    values: Sequence[float] | Floats, groups: Sequence[object], *, center: str = "median", trim: float = 0.1
) -> FTest:
    """Compare the spread of groups by the distances from their centres.

    Parameters
    ----------
    values
        Shape (n,): the outcome, or the residuals of a model.
    groups
        The group of each value.
    center
        ``"median"`` (Brown and Forsythe), ``"mean"`` (Levene) or ``"trimmed"``.
    trim
        The part cut off at each end for ``"trimmed"``.

    Raises
    ------
    UsageError
        If `center` is none of the three, or `trim` cuts everything off.
    AnalysisError
        If a group has fewer than two values, there is one group only, or the distances do not vary within groups.

    Examples
    --------
    >>> round(levene([1, 2, 3, 3, 6, 9, 4], "aaabbbb", center="mean").f, 4)
    2.6891
    """
    if center not in ("median", "mean", "trimmed") or not 0 <= trim < 0.5:
        raise UsageError(
            expected="the centre median, mean or trimmed, and a trim from 0 to below 0.5",
            found=f"{center}, {trim}",
            do="the median is the usual choice",
        )
    cut = {"median": 0.5, "mean": 0.0}.get(center, trim)
    return _one_way([np.abs(own - _center(own, cut)) for own in _grouped(values, groups)])


def _center(own: Floats, cut: float) -> float:
    """Return the mean of what is left when a part is cut off at each end; the median where nothing is left."""
    return float(np.median(own) if cut == 0.5 else stats.trim_mean(own, cut))


def bartlett(values: Sequence[float] | Floats, groups: Sequence[object]) -> ChiSquaredTest:
    """Compare the variances of groups, for normal data only.

    Raises
    ------
    AnalysisError
        If a group has fewer than two values or does not vary, or there is one group only.
    """
    found = _grouped(values, groups)
    if min(float(np.ptp(own)) for own in found) == 0:
        raise AnalysisError(
            expected="groups whose units differ", found="a group of one value", do="use Brown and Forsythe's test"
        )
    return chi_squared_test(float(stats.bartlett(*found).statistic), len(found) - 1)


def fligner_killeen(values: Sequence[float] | Floats, groups: Sequence[object]) -> ChiSquaredTest:
    """Compare the spread of groups by normal scores of the ranked distances from the medians (1976, *J Am Stat Assoc*).

    Raises
    ------
    AnalysisError
        If a group has fewer than two values, there is one group only, or all distances are tied.
    """
    found = _grouped(values, groups)
    apart = np.concatenate([np.abs(own - np.median(own)) for own in found])
    if np.ptp(apart) == 0:
        raise AnalysisError(
            expected="distances from the medians that differ", found="ties only", do="look at the residuals instead"
        )
    return chi_squared_test(float(stats.fligner(*found, center="median").statistic), len(found) - 1)


def breusch_pagan(model: PlannedModel) -> ChiSquaredTest:
    """Test whether the squared residuals depend on the model's terms, without taking normality for granted.

    n R^2 of the squared residuals on the model (Breusch and Pagan 1979; Koenker 1981, *J Econom* 17:107).
    """
    squared = model.fitted.residuals**2
    matrix = model.design.matrix()
    basis, size, _ = np.linalg.svd(matrix, full_matrices=False)
    basis = basis[:, size > size[0] * 1e-10]
    centred = squared - squared.mean()
    explained = basis.T @ centred
    r_squared = float(explained @ explained) / float(centred @ centred)
    return chi_squared_test(len(squared) * r_squared, basis.shape[1] - 1)


def _grouped(values: Sequence[float] | Floats, groups: Sequence[object]) -> list[Floats]:
    members: dict[object, list[float]] = {}
    for group, value in zip(groups, values, strict=True):
        members.setdefault(group, []).append(float(value))
    if len(members) < 2 or min(map(len, members.values())) < 2:
        raise AnalysisError(
            expected="two or more groups of two or more units each",
            found=", ".join(f"{group}: {len(own)}" for group, own in members.items()) or "none",
            do="look at the points in the figure instead",
        )
    found = [np.array(own) for own in members.values()]
    if not np.isfinite(np.concatenate(found)).all():
        raise AnalysisError(expected="finite values", found="NaN or infinity", do="leave missing values out")
    return found


def _one_way(groups: Sequence[Floats]) -> FTest:
    """Return the one-way analysis of variance."""
    everything = np.concatenate(groups)
    grand = everything.mean()
    df, df_error = len(groups) - 1, len(everything) - len(groups)
    between = sum(len(group) * (group.mean() - grand) ** 2 for group in groups) / df
    within = sum(float(((group - group.mean()) ** 2).sum()) for group in groups) / df_error
    if within <= (_FLAT * float(np.abs(everything).max())) ** 2:
        raise AnalysisError(
            expected="distances from the centre that vary",
            found="the same within every group",
            do="look at the points in the figure instead",
        )
    return f_test(between / within, df, df_error)
