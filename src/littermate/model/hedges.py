"""The small-sample correction of a standardised difference: ours and those of other people's studies share it.

J = Gamma(df/2) / (sqrt(df/2) Gamma((df-1)/2)), exactly (Hedges 1981, *J Educ Stat* 6:107).
"""

from __future__ import annotations

import math

__all__ = ["hedges_correction"]

_LARGE = 60
"""From these degrees of freedom on, the series of a ratio of Gamma functions has 15 digits."""


def hedges_correction(df: float) -> float:
    """Return the exact small-sample correction of a standardised difference; `df` above 1.

    Examples
    --------
    >>> round(hedges_correction(14), 6)
    0.945288
    """
    if df < _LARGE:
        return math.gamma(df / 2) / (math.sqrt(df / 2) * math.gamma((df - 1) / 2))
    w = df / 2 - 3 / 4
    series = 1 / (64 * w**2) - 5 / (2048 * w**4) + 61 / (49152 * w**6)
    return math.sqrt(w / (df / 2)) * math.exp(series)
