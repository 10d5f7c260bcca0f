"""Trends over an order: Spearman's rank correlation of values with their place."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats

__all__ = ["rank_trend"]


def rank_trend(values: Sequence[float]) -> tuple[float, float] | None:
    """Return the rank correlation of values with their place and its P; `None` where they do not vary.

    Examples
    --------
    >>> correlation, p = rank_trend([1, 2, 3, 5, 4, 6, 7, 8])
    >>> round(correlation, 2), p < 0.01
    (0.98, True)
    """
    if np.ptp(values) == 0:
        return None
    found = stats.spearmanr(np.arange(len(values)), values)
    return float(found.statistic), float(found.pvalue)
