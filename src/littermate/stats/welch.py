"""Comparisons of means without equal variances: Welch's t and F, Games and Howell's pairs, Welch and James's factorial.

Welch 1947, *Biometrika* 34:28 (two groups); 1951, *Biometrika* 38:330 (several). Johansen 1980, *Biometrika* 67:85,
gives the approximate F of any linear hypothesis C mu = 0 on independent means with variances S = diag(s_i^2 / n_i)::

    T = (C m)' (C S C')^-1 (C m);  P = S C' (C S C')^-1 C;  A = 1/2 sum_i P_ii^2 2 / (n_i - 1)
    F = T / c,  c = q + 2 A - 6 A / (q + 2);  df = q,  df_error = q (q + 2) / (3 A)

which is Welch's F for one factor, and Welch's t for one contrast (Keselman, Carriere and Lix 1993, *J Educ Stat*
18:305, for factorial designs).
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

import numpy as np
from scipy import stats

from littermate.errors import AnalysisError
from littermate.model.robust import RobustAnova, RobustEffect
from littermate.stats.crossed import crossed_cells
from littermate.stats.planned import PlannedModel
from littermate.stats.results import FTest, TTest, f_test, t_test
from littermate.stats.table import Floats

__all__ = ["games_howell", "pairwise_welch", "student_t", "welch_anova", "welch_james", "welch_t"]

Groups = Mapping[str, Sequence[float] | Floats]


def welch_t(a: Sequence[float] | Floats, b: Sequence[float] | Floats) -> TTest:
    """Return the mean of `a` minus that of `b` with Welch's t.

    Raises
    ------
    AnalysisError
        If a group has fewer than two values, or neither varies.

    Examples
    --------
    >>> found = welch_t([1, 2, 3], [3, 6, 9])
    >>> found.estimate, round(found.t, 4), round(found.df, 4)
    (-4.0, -2.1909, 2.439)
    """
    one, other = _checked({"the first group": a, "the second group": b}).values()
    parts = one.var(ddof=1) / len(one), other.var(ddof=1) / len(other)
    df = sum(parts) ** 2 / (parts[0] ** 2 / (len(one) - 1) + parts[1] ** 2 / (len(other) - 1))
    return t_test(one.mean() - other.mean(), sum(parts) ** 0.5, df)


def student_t(a: Sequence[float] | Floats, b: Sequence[float] | Floats) -> TTest:
    """Return the mean of `a` minus that of `b` with Student's t, which takes equal variances for granted.

    Raises
    ------
    AnalysisError
        As `welch_t`.
    """
    one, other = _checked({"the first group": a, "the second group": b}).values()
    df = len(one) + len(other) - 2
    pooled = (one.var() * len(one) + other.var() * len(other)) / df
    return t_test(one.mean() - other.mean(), (pooled * (1 / len(one) + 1 / len(other))) ** 0.5, df)


def welch_anova(groups: Groups) -> FTest:
    """Compare the means of several groups without equal variances (R's ``oneway.test``).

    Parameters
    ----------
    groups
        The values of each group by its name.

    Raises
    ------
    AnalysisError
        If there are fewer than two groups, one has fewer than two values, or one does not vary.

    Examples
    --------
    >>> found = welch_anova({"a": [1, 2, 3], "b": [3, 6, 9], "c": [2, 4, 9]})
    >>> round(found.f, 4), found.df, round(found.df_error, 4)
    (2.5753, 2, 3.0982)
    """
    found = _checked(groups)
    if len(found) < 2:
        raise AnalysisError(expected="two or more groups", found=f"{len(found)}", do="check the column of groups")
    count = len(found)
    contrasts: Floats = np.hstack([np.eye(count - 1), -np.ones((count - 1, 1))])
    return _johansen(list(found.values()), contrasts, list(found))


def pairwise_welch(groups: Groups) -> dict[tuple[str, str], TTest]:
    """Return Welch's t of every pair, the later minus the earlier, unadjusted.

    Raises
    ------
    AnalysisError
        As `welch_t`.
    """
    return {(b, a): welch_t(groups[b], groups[a]) for a, b in itertools.combinations(groups, 2)}


def games_howell(groups: Groups) -> dict[tuple[str, str], TTest]:
    """Return every pair's difference, the later minus the earlier, adjusted for all pairs without equal variances.

    P and the interval are those of the studentized range on Welch's degrees of freedom (Games and Howell 1976,
    *J Educ Stat* 1:113).

    Raises
    ------
    AnalysisError
        As `welch_t`.

    Examples
    --------
    >>> found = games_howell({"a": [1, 2, 3], "b": [3, 6, 9], "c": [2, 4, 9]})
    >>> round(found["b", "a"].p, 3)
    0.246
    """
    count = len(groups)
    adjusted = {}
    for pair, one in pairwise_welch(groups).items():
        p = float(stats.studentized_range.sf(abs(one.t) * 2**0.5, count, one.df))
        reach = float(stats.studentized_range.ppf(0.95, count, one.df)) * one.se / 2**0.5
        ci95 = (one.estimate - reach, one.estimate + reach)
        adjusted[pair] = TTest(estimate=one.estimate, se=one.se, df=one.df, t=one.t, p=p, ci95=ci95)
    return adjusted


def welch_james(model: PlannedModel) -> RobustAnova:
    """Test every effect of a factorial design without equal variances; hypotheses on unweighted means, as type III.

    Raises
    ------
    AnalysisError
        If the plan has blocks or covariates, or a cell fewer than two units or no spread.
    """
    crossed = crossed_cells(model, what="Welch and James's test")
    names = [", ".join(label) for label in crossed.labels]
    cells = list(_checked(dict(zip(names, crossed.cells, strict=True))).values())
    effects = []
    for term in crossed.terms:
        test = _johansen(cells, crossed.contrasts(term), names)
        effects.append(RobustEffect(term=":".join(term), f=test.f, df=test.df, df_error=test.df_error, p=test.p))
    words = "Welch and James's approximate F on the cells' means, each cell with its own variance (Johansen 1980)."
    return RobustAnova(method="Welch-James", words=words, effects=tuple(effects))


def _johansen(cells: Sequence[Floats], contrasts: Floats, names: Sequence[str]) -> FTest:
    sizes = np.array([len(cell) for cell in cells])
    variances = np.array([cell.var(ddof=1) for cell in cells]) / sizes
    _require_spread(variances, names)
    means = np.array([cell.mean() for cell in cells])
    inner = contrasts * variances @ contrasts.T
    effect = contrasts @ means
    t = float(effect @ np.linalg.solve(inner, effect))
    share = variances * np.sum(contrasts * np.linalg.solve(inner, contrasts), axis=0)
    q, a = len(contrasts), float(np.sum(share**2 / (sizes - 1)))
    return f_test(t / (q + 2 * a - 6 * a / (q + 2)), q, q * (q + 2) / (3 * a))


def _checked(groups: Groups) -> dict[str, Floats]:
    """Return the groups' values as arrays; each finite, two or more, not all without spread."""
    found = {name: np.asarray(values, dtype=np.float64) for name, values in groups.items()}
    for name, values in found.items():
        if len(values) < 2 or not np.isfinite(values).all():
            raise AnalysisError(
                expected=f"two or more finite values in {name}",
                found=", ".join(f"{value:g}" for value in values) or "none",
                do="leave missing values out; a single unit tells nothing of its group's spread",
            )
    _require_spread(np.array([max(values.var() for values in found.values())]), ["every group"])
    return found


def _require_spread(variances: Floats, names: Sequence[str]) -> None:
    constant = [name for name, variance in zip(names, variances, strict=True) if variance <= 0]
    if constant:
        raise AnalysisError(
            expected="groups whose units differ",
            found=f"one value only in {'; '.join(constant)}",
            do="check the measurement; a group without spread has no variance of its own to go by",
        )
