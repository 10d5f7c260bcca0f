"""Effect sizes with intervals from the noncentral distributions.

**Partial eta squared** of a term is SS / (SS + SS error). Its interval is that of the noncentrality lambda of the F
distribution, turned into a share of variance. Three ways to turn it are in print, and disagree:

============  ===============================  =============================================================
`over`        the share                        who
============  ===============================  =============================================================
``"n"``       lambda / (lambda + N)            Steiger 2004, *Psychol Methods* 9:164; MBESS. The default: it is
                                               the population's share
``"error"``   lambda / (lambda + df error)     R effectsize
``"df"``      lambda / (lambda + df + df       Smithson 2001, *Educ Psychol Meas* 61:605; as ``"n"`` in a
              error + 1)                       one-way design
============  ===============================  =============================================================

90 % because the F test is one-sided: the interval leaves out zero where P < 0.05. **Partial omega squared**,
df (F - 1) / (df (F - 1) + N), estimates the same share of the population with less bias, so ``"n"`` and ``"df"`` give
it the same interval; ``"error"`` is the interval of the F that has the estimate as its partial eta squared, as R
effectsize has it (zero to zero wherever F is below 1: not to be read as precise). **Cohen's f** is
sqrt(eta / (1 - eta)).

**Hedges' g** is a difference divided by a standard deviation, times the exact correction
J = Gamma(df/2) / (sqrt(df/2) Gamma((df-1)/2)) (Hedges 1981, *J Educ Stat* 6:107). Its interval is that of the
noncentral t, scaled in the same way. Differences from a model are divided by its residual SD. Two groups alone
(`standardised_difference`) are divided by their pooled SD; by the root of their average variance, with Welch's t and
df, where they spread differently (Delacre et al. 2021, doi 10.31234/osf.io/tu6mp, Shieh 2013, *Psychol Methods*
18:403); or by the SD of the reference group (Glass).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, get_args

from scipy import optimize, special, stats

from littermate.errors import AnalysisError, UsageError
from littermate.model.comparison import StandardisedDifference
from littermate.model.group import GroupSummary
from littermate.model.hedges import hedges_correction
from littermate.model.interval import Interval

__all__ = [
    "hedges_g",
    "noncentral_f_interval",
    "noncentral_t_interval",
    "omega_squared",
    "partial_eta_squared",
    "partial_omega_squared",
    "standardised_difference",
]

Over = Literal["n", "error", "df"]
By = Literal["pooled SD", "average variance", "SD of the reference"]

_FAR = 1e4
"""From this t on (and its square in F) only the error's chi-squared matters, to about 8 digits."""


def partial_eta_squared(
    f: float, df: int, df_error: int, n: int, *, level: float = 0.90, over: Over = "n"
) -> tuple[float, Interval]:
    """Return partial eta squared and its interval.

    Parameters
    ----------
    f, df, df_error, n
        Of the term; `n` is the number of units.
    level
        Of the interval.
    over
        How a noncentrality becomes a share: see the module.

    Raises
    ------
    UsageError
        If there is no such way.

    Examples
    --------
    >>> value, (low, high) = partial_eta_squared(5.2, 1, 28, 32)
    >>> round(value, 3), round(low, 3), round(high, 3)
    (0.157, 0.008, 0.331)
    """
    rest = {"n": n, "error": df_error, "df": df + df_error + 1}
    if over not in rest:
        raise UsageError(expected=f"one of {', '.join(rest)}", found=str(over), do="say what lambda is divided by")
    low, high = noncentral_f_interval(f, df, df_error, level=level)
    return f * df / (f * df + df_error), (low / (low + rest[over]), high / (high + rest[over]))


def partial_omega_squared(
    f: float, df: int, df_error: int, n: int, *, level: float = 0.90, over: Over = "n"
) -> tuple[float, Interval]:
    """Return partial omega squared, 0 where F is below 1, and its interval.

    Parameters
    ----------
    f, df, df_error, n, level, over
        As `partial_eta_squared`.

    Raises
    ------
    UsageError
        As `partial_eta_squared`.

    Examples
    --------
    >>> value, (low, high) = partial_omega_squared(5.2, 1, 28, 32)
    >>> round(value, 3), round(low, 3), round(high, 3)
    (0.116, 0.008, 0.331)
    """
    omega = omega_squared(f, df, n)
    if over == "error":
        f = omega / (1 - omega) * df_error / df
    return omega, partial_eta_squared(f, df, df_error, n, level=level, over=over)[1]


def omega_squared(f: float, df: int, n: int) -> float:
    """Return partial omega squared alone.

    Examples
    --------
    >>> omega_squared(0.7, 1, 32), round(omega_squared(5.2, 1, 32), 3)
    (0.0, 0.116)
    """
    return df * (f - 1) / (df * (f - 1) + n) if f > 1 else 0.0


def noncentral_f_interval(f: float, df: int, df_error: int, *, level: float = 0.90) -> Interval:
    """Return the limits of the noncentrality of which an F is a plausible result; 0 where none is that small."""
    tail = (1 - level) / 2
    if f * df > _FAR**2:
        low, high = (f * df * float(stats.chi2.ppf(at, df_error)) / df_error for at in (tail, 1 - tail))
        return low, high

    def below(noncentrality: float) -> float:
        return float(special.ncfdtr(df, df_error, noncentrality, f))

    return _falls_to(below, 1 - tail, f * df), _falls_to(below, tail, f * df)


def _falls_to(below: Callable[[float], float], level: float, near: float) -> float:
    """Find where a falling function of a noncentrality above 0 reaches `level`; 0 where it starts below it."""
    if below(0.0) <= level:
        return 0.0
    high = max(1.0, near)
    while below(high) > level:
        high *= 2
    return float(optimize.brentq(lambda x: below(x) - level, 0.0, high, xtol=1e-13, rtol=1e-14))


def noncentral_t_interval(t: float, df: float, *, level: float = 0.95) -> Interval:
    """Return the limits of the noncentrality of which a t is a plausible result."""
    tail = (1 - level) / 2
    if t < 0:
        low, high = noncentral_t_interval(-t, df, level=level)
        return -high, -low
    if t > _FAR:
        low, high = (t * float(stats.chi2.ppf(at, df) / df) ** 0.5 for at in (tail, 1 - tail))
        return low, high

    def below(noncentrality: float) -> float:
        exact = float(special.nctdtr(df, noncentrality, t))
        return _nct_far_out(t, df, noncentrality) if math.isnan(exact) else exact

    least = float(special.ndtri(tail))
    return _crossing(below, 1 - tail, least, t), _crossing(below, tail, least, t)


def _nct_far_out(t: float, df: float, noncentrality: float) -> float:
    """Approximate the noncentral t (Abramowitz and Stegun 26.7.10) so far out that the exact sum underflows."""
    z = (t * (1 - 1 / (4 * df)) - noncentrality) / (1 + t * t / (2 * df)) ** 0.5
    return float(special.ndtr(z))


def _crossing(below: Callable[[float], float], level: float, least: float, near: float) -> float:
    """Find where a falling function of a noncentrality reaches `level`, which is not before `least`."""
    if below(least) <= level:
        return least
    high, step = near + 1.0, 1.0
    while below(high) > level:
        step *= 2
        high += step
    return float(optimize.brentq(lambda x: below(x) - level, least, high, xtol=1e-13, rtol=1e-14))


def hedges_g(t: float, df: float, length: float, *, level: float = 0.95) -> tuple[float, Interval]:
    """Return Hedges' g and its interval.

    Parameters
    ----------
    t
        The t of the difference.
    df
        Its degrees of freedom, above 1.
    length
        The difference's standard error in residual standard deviations: ``sqrt(1/n1 + 1/n2)`` for two groups.

    Examples
    --------
    >>> g, (low, high) = hedges_g(-1.5, 14, (1 / 8 + 1 / 8) ** 0.5)
    >>> round(g, 3), round(low, 3), round(high, 3)
    (-0.709, -1.66, 0.265)
    """
    scale = length * hedges_correction(df)
    low, high = noncentral_t_interval(t, df, level=level)
    return t * scale, (low * scale, high * scale)


def standardised_difference(
    group: GroupSummary, reference: GroupSummary, *, by: By = "pooled SD", level: float = 0.95
) -> StandardisedDifference:
    """Return the difference of two groups in standard deviations, from their own values only.

    Parameters
    ----------
    group, reference
        The groups; the difference is `group` minus `reference`.
    by
        What it is divided by: see the module.
    level
        Of the intervals.

    Raises
    ------
    AnalysisError
        If a group has fewer than 2 units, or the divisor is 0 or rests on too few of them.
    UsageError
        If there is no such divisor.

    Examples
    --------
    >>> low = GroupSummary(levels=(("diet", "control"),), n=8, mean=10.0, sd=2.0, sem=None)
    >>> high = GroupSummary(levels=(("diet", "deficient"),), n=8, mean=12.0, sd=2.0, sem=None)
    >>> found = standardised_difference(high, low)
    >>> found.d, round(found.g, 4), round(found.g_interval[0], 4)
    (1.0, 0.9453, -0.0586)
    """
    one, two = _spread(group), _spread(reference)
    share_one, share_two = one / group.n, two / reference.n
    if by == "pooled SD":
        df: float = group.n + reference.n - 2
        sd = math.sqrt(((group.n - 1) * one + (reference.n - 1) * two) / df)
        se = sd * math.sqrt(1 / group.n + 1 / reference.n)
    elif by == "average variance":
        sd, se = math.sqrt((one + two) / 2), math.sqrt(share_one + share_two)
        df = se**4 / (share_one**2 / (group.n - 1) + share_two**2 / (reference.n - 1)) if se else 0.0
    elif by == "SD of the reference":
        sd, se, df = math.sqrt(two), math.sqrt(share_one + share_two), reference.n - 1
    else:
        raise UsageError(expected=f"one of {', '.join(get_args(By))}", found=str(by), do="say what to divide by")
    if sd == 0 or df <= 1:
        raise AnalysisError(
            expected=f"a {by} above 0 that rests on more than one degree of freedom",
            found=f"{sd:g} on {df:g} degrees of freedom",
            do="measure more units, or report the raw difference",
        )
    d, correction = (group.mean - reference.mean) / sd, hedges_correction(df)
    low, high = (limit * se / sd for limit in noncentral_t_interval(d * sd / se, df, level=level))
    return StandardisedDifference(
        by=by,
        d=d,
        d_interval=(low, high),
        g=d * correction,
        g_interval=(low * correction, high * correction),
        sd=sd,
        df=df,
        level=level,
    )


def _spread(group: GroupSummary) -> float:
    """Return the variance of a group of two or more."""
    if group.sd is None or group.n < 2:
        named = ", ".join(f"{name} = {level}" for name, level in group.levels)
        raise AnalysisError(
            expected="two or more units in each group", found=f"{group.n} with {named}", do="measure more units"
        )
    return group.sd**2
