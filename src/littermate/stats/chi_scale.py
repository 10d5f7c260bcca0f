"""Tails of statistics that are divided by an estimated standard deviation.

A largest difference, or a largest |t|, of normal estimates is divided by one s that has `df` degrees of freedom. Its
tail is the normal tail averaged over s / sigma, whose square is chi-squared / df. The average is a trapezoid sum over
ln s: the integrand is analytic and falls off at both ends, so the sum converges faster than any power of the step
(Trefethen and Weideman 2014, *SIAM Rev* 56:385). Every term is positive, so a P of 1e-12 has as many right digits as
one of 0.1.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import optimize, special

from littermate.stats.table import Floats

__all__ = ["Tail", "averaged_tail", "critical_value"]

_DROP = 38.0
"""Terms below exp(-38) of the largest are left out."""

Tail = Callable[[Floats], Floats]
"""The normal tail at each of some bounds."""


def averaged_tail(tail: Tail, bound: float, df: float, *, decay: float) -> float:
    """Return P(statistic > bound).

    Parameters
    ----------
    tail
        The tail of the statistic with known sigma: falling, 1 or less.
    bound
        What the statistic is compared with.
    df
        Degrees of freedom of s.
    decay
        How the normal tail falls: like exp(-decay * bound^2). 1/4 for a range, 1/2 for a largest |t|.

    Examples
    --------
    >>> round(averaged_tail(lambda w: 2 * special.ndtr(-w), 2.0484, 28, decay=0.5), 4)
    0.05
    """
    width = 1 / np.sqrt(2 * df)
    log_s = np.arange(-np.log1p(abs(bound)) - 3 - 40 / df, min(12 * width, 4.0), min(width, 0.45) / 3)
    s = np.exp(log_s)
    log_density = df * (log_s - s * s / 2)
    size = log_density - decay * (max(bound, 0.0) * s) ** 2
    kept = size > size.max() - _DROP
    constant = np.log(2) + df / 2 * np.log(df / 2) - special.gammaln(df / 2)
    step = log_s[1] - log_s[0]
    return float(step * (np.exp(constant + log_density[kept]) @ tail(bound * s[kept])))


def critical_value(sf: Callable[[float], float], p: float, start: float) -> float:
    """Return the bound above 0 that a falling tail `sf` exceeds with probability `p`."""

    def apart(bound: float) -> float:
        return float(np.log(sf(bound)) - np.log(p))

    low, high = start / 2, start
    while apart(high) > 0:
        low, high = high, high * 1.5
    while apart(low) < 0:
        low, high = low / 2, low
    return float(optimize.brentq(apart, low, high, xtol=1e-13, rtol=1e-13))
