"""BCa bootstrap intervals: bias-corrected and accelerated (Efron 1987, *J Am Stat Assoc* 82:171).

Units are drawn with replacement within their cells, so that every resample has the design's cell sizes. The
acceleration comes from the jackknife of each cell (Davison and Hinkley 1997, *Bootstrap Methods*, 5.3.2: a = 1/6 of
sum(l^3 / n_i^3) / sum(l^2 / n_i^2)^(3/2), with l the influence of a unit in a cell of n_i), quantiles between draws
from interpolation on the normal scale (their 5.8). The draws follow from the seed and nothing else.

The interval is of use where the outcome is skewed; with few units a cell (8, say) it is a little too short for a normal
outcome, where the t interval is exact.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy import special

from littermate.errors import AnalysisError, Complaint, UsageError
from littermate.model.comparison import Interval
from littermate.stats.table import Floats

__all__ = ["bca_interval", "bca_limits", "difference_of_means"]

Statistic = Callable[[Sequence[Floats]], Floats]
"""From the resampled values of each cell, shape (draws, units), to one number a draw, shape (draws,)."""


def difference_of_means(cells: Sequence[Floats]) -> Floats:
    """Return the mean of the first cell minus that of the second: a `Statistic`."""
    one, other = cells
    return np.asarray(one.mean(axis=1) - other.mean(axis=1))


def bca_interval(
    cells: Sequence[Sequence[float] | Floats],
    statistic: Statistic = difference_of_means,
    *,
    seed: int,
    draws: int = 9999,
    level: float = 0.95,
) -> Interval:
    """Return the BCa interval of a statistic.

    Parameters
    ----------
    cells
        The values of the units of each cell.
    statistic
        See `Statistic`.
    seed
        The same seed gives the same interval.
    draws
        How many resamples; 999 or more.
    level
        Of the interval.

    Raises
    ------
    UsageError
        If there are too few draws, or `level` is no probability.
    AnalysisError
        If a cell has one unit only, or the statistic does not vary.

    Examples
    --------
    >>> saline, ketamine = [150, 141, 162, 138, 155], [120, 131, 99, 118, 125]
    >>> low, high = bca_interval([ketamine, saline], seed=7)
    >>> round(low, 1), round(high, 1)
    (-45.0, -20.2)
    """
    values = [np.asarray(cell, dtype=float) for cell in cells]
    _require_units(values)
    rng = np.random.default_rng(seed)
    resampled = [rng.choice(cell, size=(draws, len(cell))) for cell in values]
    estimate = float(statistic([cell[None, :] for cell in values])[0])
    return bca_limits(statistic(resampled), estimate, _influence(values, statistic), level=level)


def bca_limits(found: Floats, estimate: float, influence: Sequence[Floats], *, level: float = 0.95) -> Interval:
    """Return the BCa limits from resampled values of a statistic.

    Parameters
    ----------
    found
        The statistic of each resample, shape (draws,).
    estimate
        That of the data.
    influence
        The influence values of the units of each cell.
    level
        Of the interval.

    Raises
    ------
    UsageError, AnalysisError
        As `bca_interval`.
    """
    if len(found) < 999 or not 0.5 < level < 1:
        expected = "999 or more draws, and a level between 0.5 and 1"
        raise UsageError(expected=expected, found=f"{len(found)} draws, level {level:g}", do="9999 draws are usual")
    below = float(np.mean(found < estimate))
    spread = sum(float(np.sum(each**2)) / len(each) ** 2 for each in influence)
    if not 0 < below < 1 or spread == 0:
        raise AnalysisError(
            expected="a statistic that varies from resample to resample, on both sides of the estimate",
            found=f"{below:.0%} of the resamples below the estimate",
            do="report the interval of the model instead",
        )
    skew = sum(float(np.sum(each**3)) / len(each) ** 3 for each in influence) / 6 / spread**1.5
    bias = float(special.ndtri(below))
    low, high = (_corrected(at, bias, skew) for at in ((1 - level) / 2, (1 + level) / 2))
    return _quantile(np.sort(found), low), _quantile(np.sort(found), high)


def _require_units(cells: Sequence[Floats]) -> None:
    complaints = [
        Complaint(
            expected="two or more finite values in each cell", found=f"{cell.tolist()}", do="measure or correct them"
        )
        for cell in cells
        if len(cell) < 2 or not np.isfinite(cell).all()
    ]
    if complaints:
        raise AnalysisError.of(complaints)


def _influence(cells: Sequence[Floats], statistic: Statistic) -> list[Floats]:
    """Return the jackknife influence of each unit, cell by cell."""
    found = []
    for place, cell in enumerate(cells):
        n = len(cell)
        left_out = np.array([np.delete(cell, unit) for unit in range(n)])
        others = [np.repeat(other[None, :], n, axis=0) for other in cells]
        values = statistic([*others[:place], left_out, *others[place + 1 :]])
        found.append((n - 1) * (values.mean() - values))
    return found


def _corrected(at: float, bias: float, skew: float) -> float:
    z = bias + float(special.ndtri(at))
    return float(special.ndtr(bias + z / (1 - skew * z)))


def _quantile(ordered: Floats, at: float) -> float:
    """Return a quantile, interpolated on the normal scale."""
    count = len(ordered)
    rank = (count + 1) * at
    below = min(max(int(rank), 1), count - 1)
    if rank <= 1 or rank >= count:
        return float(ordered[0] if rank <= 1 else ordered[-1])
    low, high, here = (float(special.ndtri(place)) for place in (below / (count + 1), (below + 1) / (count + 1), at))
    share = (here - low) / (high - low)
    return float(ordered[below - 1] + share * (ordered[below] - ordered[below - 1]))
