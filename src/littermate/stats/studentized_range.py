"""The studentized range (Tukey): the largest difference of k independent means over their estimated SD.

The normal range's tail is ``k * integral of phi(z) (Phi(z)^(k-1) - (Phi(z) - Phi(z - w))^(k-1)) dz`` (Hartley 1942,
*Biometrika* 32:334), summed here without the loss of digits of 1 - P, so that P has 12 right digits down to 1e-15.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy import special

from littermate.errors import UsageError
from littermate.stats.chi_scale import averaged_tail, critical_value
from littermate.stats.table import Floats

__all__ = ["range_critical", "range_p"]


def range_p(q: float, groups: int, df: float) -> float:
    """Return the probability that the studentized range is above `q`.

    Parameters
    ----------
    q
        A difference of two means over the standard error of one: ``|t| * sqrt(2)``.
    groups
        How many means, 2 or more.
    df
        Degrees of freedom of the error.

    Raises
    ------
    UsageError
        If there are fewer than 2 groups, or `df` is not above 0.

    Examples
    --------
    >>> round(range_p(3.77, 3, 12), 4)
    0.0502
    """
    if groups < 2 or not df > 0:
        raise UsageError(
            expected="2 or more groups and degrees of freedom above 0",
            found=f"{groups} groups, {df:g} degrees of freedom",
            do="compare groups of a fitted model",
        )
    if q == 0:
        return 1.0
    return min(averaged_tail(lambda bounds: _normal_range_tail(bounds, groups), q, df, decay=0.25), 1.0)


@lru_cache(maxsize=256)
def range_critical(p: float, groups: int, df: float) -> float:
    """Return the value that the studentized range exceeds with probability `p`.

    Examples
    --------
    >>> round(range_critical(0.05, 4, 28), 4)
    3.8612
    """
    return critical_value(lambda q: range_p(q, groups, df), p, start=4.0)


def _normal_range_tail(bounds: Floats, groups: int) -> Floats:
    """Return the tail of the range of `groups` standard normals; shape of `bounds`, (m,)."""
    step = 0.65 / np.sqrt(groups)
    z = np.arange(-9.0, 9.5 + bounds.max() / 2, step)
    below = special.log_ndtr(z)
    apart = np.minimum(special.log_ndtr(z - bounds[:, None]) - below, -1e-300)
    weight = np.exp(-z * z / 2 + (groups - 1) * below) * (groups * step / np.sqrt(2 * np.pi))
    both: Floats = -np.expm1((groups - 1) * np.log(-np.expm1(apart))) @ weight
    return np.minimum(both, 1.0)
