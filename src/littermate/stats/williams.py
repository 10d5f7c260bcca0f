"""Williams' test: does a series of rising doses differ from the control, if it can only go one way?

The doses' means are first made monotone (weighted by n; the control's mean stays as it is), then t = (smoothed mean of
the highest dose - control) / (s sqrt(1/n_k + 1/n_0)) is compared with its own distribution (Williams 1971, *Biometrics*
27:103; 1972, 28:519). The distribution is computed and not looked up: where no dose does anything, the smoothed mean of
the highest is the largest of the means of the last 1, 2, ... k groups, so that t stays below a bound where a random
walk stays below 0. That is a chain of one-dimensional integrals, exact for any group sizes.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.polynomial import Chebyshev
from scipy import special

from littermate.stats.chi_scale import averaged_tail
from littermate.stats.table import Floats

__all__ = ["smoothed_means", "williams_p"]

_FAR = 9.0
"""So many standard deviations hold a normal variable, to the 18th digit."""
_NODES, _DEGREE = 80, 150


def smoothed_means(means: Sequence[float] | Floats, sizes: Sequence[float] | Floats) -> Floats:
    """Return the rising means nearest to given ones (pool adjacent violators, weighted by group size).

    Examples
    --------
    >>> smoothed_means([1, 4, 2, 5], [8, 8, 8, 8]).tolist()
    [1.0, 3.0, 3.0, 5.0]
    """
    pools: list[tuple[float, float, int]] = []
    for mean, size in zip(means, sizes, strict=True):
        pool = (float(mean), float(size), 1)
        while pools and pools[-1][0] > pool[0]:
            before = pools.pop()
            weight = before[1] + pool[1]
            pool = ((before[0] * before[1] + pool[0] * pool[1]) / weight, weight, before[2] + pool[2])
        pools.append(pool)
    return np.repeat([pool[0] for pool in pools], [pool[2] for pool in pools]).astype(np.float64)


def williams_p(t: float, sizes: Sequence[int], df: int) -> float:
    """Return the one-sided P of Williams' t; 1 where t is not above 0.

    Parameters
    ----------
    t
        The statistic.
    sizes
        Of the control, and of the doses in rising order.
    df
        Error degrees of freedom.

    Examples
    --------
    >>> round(williams_p(1.739, (8, 8, 8, 8), 10**6), 3)
    0.05
    >>> round(williams_p(2.0, (8, 8), 14), 6)
    0.032644
    """
    if t <= 0:
        return 1.0
    control, *doses = (float(size) for size in sizes)
    error = (1 / doses[-1] + 1 / control) ** 0.5
    spread = max(1 / control, *(1 / size for size in doses)) ** 0.5
    domain = (-_FAR * spread, _FAR * spread)
    below = Chebyshev.interpolate(lambda bounds: _above(bounds, doses), _DEGREE, domain=domain)
    x, weights = np.polynomial.legendre.leggauss(_NODES)
    place = _FAR * x
    density = _FAR * weights * _normal(place, 1.0)

    def tail(bound: Floats) -> Floats:
        limits = place / control**0.5 + bound[:, None] * error
        return np.asarray(np.where(limits < domain[1], below(np.clip(limits, *domain)), 0.0) @ density)

    return min(1.0, max(0.0, averaged_tail(tail, t, df, decay=0.5)))


def _above(bounds: Floats, sizes: Sequence[float]) -> Floats:
    """Return P(largest of the means of the last 1, 2, ... groups > bound), for each bound; groups are N(0, 1/n).

    The walk starts at the last group and adds n (mean - bound) at each; it must stay below 0. At each step the chance
    that it leaves is added up, so that small tails keep their digits.
    """
    bounds = np.asarray(bounds, dtype=np.float64)[:, None]
    *before, last = sizes
    left = special.ndtr(-bounds[:, 0] * last**0.5)
    total = last
    place, weight = _grid(bounds, total)
    density = _normal(place + last * bounds, last)
    for size in reversed(before):
        left = left + np.sum(weight * density * special.ndtr((place - size * bounds) / size**0.5), axis=1)
        total += size
        further, further_weight = _grid(bounds, total)
        step = _normal(further[:, :, None] - place[:, None, :] + size * bounds[:, :, None], size)
        density = np.einsum("bij,bj->bi", step, weight * density)
        place, weight = further, further_weight
    return np.asarray(left, dtype=np.float64)


def _grid(bounds: Floats, total: float) -> tuple[Floats, Floats]:
    """Return places below 0 where the walk can be after `total` animals, and their weights, a row for each bound."""
    x, weights = np.polynomial.legendre.leggauss(_NODES)
    middle, reach = -total * bounds, _FAR * total**0.5
    low = np.where(middle > 0, -2 * reach, middle - reach)
    high = np.minimum(middle + reach, 0.0)
    half = (high - low) / 2
    return (high + low) / 2 + half * x, half * weights


def _normal(distance: Floats, variance: float) -> Floats:
    return np.asarray(np.exp(-(distance**2) / (2 * variance)) / np.sqrt(2 * np.pi * variance), dtype=np.float64)
