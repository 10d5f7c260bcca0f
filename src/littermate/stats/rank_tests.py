"""Rank tests of groups as R has them: Mann and Whitney, Kruskal and Wallis, Friedman.

They compare distributions of whole groups and know no interaction; for factorial designs see `ats` and
`aligned_ranks`.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats

from littermate.errors import AnalysisError
from littermate.stats.results import ChiSquaredTest, chi_squared_test
from littermate.stats.table import Floats
from littermate.stats.welch import Groups

__all__ = ["friedman", "kruskal_wallis", "mann_whitney"]

_EXACT_BELOW = 50


def kruskal_wallis(groups: Groups) -> ChiSquaredTest:
    """Compare groups by their ranks, corrected for ties (Kruskal and Wallis 1952, *J Am Stat Assoc* 47:583).

    Raises
    ------
    AnalysisError
        If there are fewer than two groups, one is empty, or all values are tied.

    Examples
    --------
    >>> round(kruskal_wallis({"a": [1, 2, 3], "b": [4, 5, 6]}).statistic, 4)
    3.8571
    """
    columns = [np.asarray(values, dtype=np.float64) for values in groups.values()]
    if len(columns) < 2 or min(map(len, columns)) < 1:
        raise AnalysisError(
            expected="two or more groups with values", found=f"{len(columns)}", do="check the column of groups"
        )
    _require_untied(np.concatenate(columns))
    return chi_squared_test(float(stats.kruskal(*columns).statistic), len(columns) - 1)


def mann_whitney(a: Sequence[float] | Floats, b: Sequence[float] | Floats) -> tuple[float, float]:
    """Return U of `a` (pairs in which it is larger, ties half) and the two-sided P of Mann and Whitney's test.

    P is exact where there are no ties and both groups have fewer than 50 values, and otherwise normal with the
    corrections for ties and continuity: what R's ``wilcox.test`` does.

    Raises
    ------
    AnalysisError
        If a group is empty, or all values are tied.

    Examples
    --------
    >>> u, p = mann_whitney([1, 2, 3], [4, 5, 6])
    >>> u, round(p, 6)
    (0.0, 0.1)
    """
    one, other = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    if not len(one) or not len(other):
        raise AnalysisError(expected="values in both groups", found="none in one", do="check the column of groups")
    both = np.concatenate([one, other])
    _require_untied(both)
    tied = len(np.unique(both)) < len(both)
    method = "asymptotic" if tied or max(len(one), len(other)) >= _EXACT_BELOW else "exact"
    found = stats.mannwhitneyu(one, other, alternative="two-sided", method=method)
    return float(found.statistic), float(found.pvalue)


def friedman(values: Floats) -> ChiSquaredTest:
    """Compare columns (conditions) by their ranks within rows (units) (Friedman 1937, *J Am Stat Assoc* 32:675).

    Parameters
    ----------
    values
        Shape (units, conditions); two or more of each.

    Raises
    ------
    AnalysisError
        If there are too few, a value is missing, or all values of every row are tied.

    Examples
    --------
    >>> round(friedman(np.array([[1, 2, 3], [1, 3, 2], [1, 2, 3]])).statistic, 4)
    4.6667
    """
    table = np.asarray(values, dtype=np.float64)
    if table.ndim != 2 or min(table.shape) < 2 or not np.isfinite(table).all():
        raise AnalysisError(
            expected="two or more units with a value in each of two or more conditions",
            found=f"a table of shape {table.shape}, {int(np.isnan(table).sum())} missing",
            do="leave units with a missing value out, and say so",
        )
    units, conditions = table.shape
    ranks = stats.rankdata(table, axis=1)
    sums = ranks.sum(axis=0) - units * (conditions + 1) / 2
    spread = float(np.sum(ranks**2) - units * conditions * (conditions + 1) ** 2 / 4) / (conditions - 1)
    if spread <= 0:
        raise AnalysisError(expected="values that differ", found="ties in every unit", do="check the measurement")
    return chi_squared_test(float(sums @ sums) / spread, conditions - 1)


def _require_untied(values: Floats) -> None:
    if not np.isfinite(values).all():
        raise AnalysisError(expected="finite values", found="NaN or infinity", do="leave missing values out")
    if np.ptp(values) == 0:
        raise AnalysisError(
            expected="values that differ", found=f"{values[0]:g} for every unit", do="check the measurement"
        )
