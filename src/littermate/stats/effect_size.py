"""Effect sizes with intervals from the noncentral distributions.

Partial eta squared of a term is SS / (SS + SS error). Its interval is that of the noncentrality lambda of the F
distribution, turned by lambda / (lambda + N) (Steiger 2004, *Psychol Methods* 9:164); others divide by
lambda + df error, which gives larger numbers. 90 % because the F test is one-sided: the interval leaves out zero
where P < 0.05.

Hedges' g is the difference divided by the model's residual standard deviation, times the exact correction
J = Gamma(df/2) / (sqrt(df/2) Gamma((df-1)/2)) (Hedges 1981, *J Educ Stat* 6:107). Its interval is that of the
noncentral t, scaled in the same way.
"""

from __future__ import annotations

import math
from collections.abc import Callable

from scipy import optimize, stats

from littermate.model.analysis import Interval

__all__ = ["hedges_correction", "hedges_g", "noncentral_f_interval", "noncentral_t_interval", "partial_eta_squared"]

_FAR = 1e4
"""From this t on (and its square in F) only the error's chi-squared matters, to about 8 digits."""


def partial_eta_squared(f: float, df: int, df_error: int, n: int) -> tuple[float, Interval]:
    """Return partial eta squared and its 90 % interval.

    Examples
    --------
    >>> value, (low, high) = partial_eta_squared(5.2, 1, 28, 32)
    >>> round(value, 3), round(low, 3), round(high, 3)
    (0.157, 0.008, 0.331)
    """
    low, high = noncentral_f_interval(f, df, df_error, level=0.90)
    return f * df / (f * df + df_error), (low / (low + n), high / (high + n))


def noncentral_f_interval(f: float, df: int, df_error: int, *, level: float = 0.90) -> Interval:
    """Return the limits of the noncentrality of which an F is a plausible result; 0 where none is that small."""
    tail = (1 - level) / 2
    if f * df > _FAR**2:
        low, high = (f * df * float(stats.chi2.ppf(at, df_error)) / df_error for at in (tail, 1 - tail))
        return low, high

    def below(noncentrality: float) -> float:
        return float(stats.ncf.cdf(f, df, df_error, noncentrality))

    return _falls_to(below, 1 - tail, f * df), _falls_to(below, tail, f * df)


def _falls_to(below: Callable[[float], float], level: float, near: float) -> float:
    """Find where a falling function of a noncentrality above 0 reaches `level`; 0 where it starts below it."""
    if below(0.0) <= level:
        return 0.0
    high = max(1.0, near)
    while below(high) > level:
        high *= 2
    return float(optimize.brentq(lambda x: below(x) - level, 0.0, high, xtol=1e-13, rtol=1e-14))


def noncentral_t_interval(t: float, df: int, *, level: float = 0.95) -> Interval:
    """Return the limits of the noncentrality of which a t is a plausible result."""
    tail = (1 - level) / 2
    if t < 0:
        low, high = noncentral_t_interval(-t, df, level=level)
        return -high, -low
    if t > _FAR:
        low, high = (t * float(stats.chi2.ppf(at, df) / df) ** 0.5 for at in (tail, 1 - tail))
        return low, high

    def below(noncentrality: float) -> float:
        exact = float(stats.nct.cdf(t, df, noncentrality))
        return _nct_far_out(t, df, noncentrality) if math.isnan(exact) else exact

    least = float(stats.norm.isf(1 - tail))
    return _crossing(below, 1 - tail, least, t), _crossing(below, tail, least, t)


def _nct_far_out(t: float, df: int, noncentrality: float) -> float:
    """Approximate the noncentral t (Abramowitz and Stegun 26.7.10) so far out that the exact sum underflows."""
    z = (t * (1 - 1 / (4 * df)) - noncentrality) / (1 + t * t / (2 * df)) ** 0.5
    return float(stats.norm.cdf(z))


def _crossing(below: Callable[[float], float], level: float, least: float, near: float) -> float:
    """Find where a falling function of a noncentrality reaches `level`, which is not before `least`."""
    if below(least) <= level:
        return least
    high, step = near + 1.0, 1.0
    while below(high) > level:
        step *= 2
        high += step
    return float(optimize.brentq(lambda x: below(x) - level, least, high, xtol=1e-13, rtol=1e-14))


def hedges_correction(df: int) -> float:
    """Return the exact small-sample correction of a standardised difference; `df` above 1.

    Examples
    --------
    >>> round(hedges_correction(14), 6)
    0.945288
    """
    return math.exp(math.lgamma(df / 2) - 0.5 * math.log(df / 2) - math.lgamma((df - 1) / 2))


def hedges_g(t: float, df: int, length: float) -> tuple[float, Interval]:
    """Return Hedges' g and its 95 % interval.

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
    low, high = noncentral_t_interval(t, df)
    return t * scale, (low * scale, high * scale)
