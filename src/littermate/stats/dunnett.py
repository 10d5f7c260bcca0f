"""The largest of several t (Dunnett and its kin): exact, and the same from run to run.

The t are correlated normal estimates over one s. Where their correlations are products, rho_ij = lambda_i lambda_j
(comparisons of independent means with one control: lambda^2 = n_i / (n_0 + n_i)), the tail is an integral over the
control's share (Dunnett 1955, *J Am Stat Assoc* 50:1096). Other correlations of up to 4 comparisons (adjusted for a
covariate, say) are integrated one comparison after the other by Gauss-Legendre rules (Genz 1992, *J Comput Graph Stat*
1:141, with fixed nodes in the place of random ones). Both give P to 1e-10 or better. What remains (5 or more
comparisons without product correlations, or comparisons that depend on each other linearly) is averaged over fixed
points on a sphere: `MaxT.digits` says that this is right to about 4 decimals only.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from scipy import special, stats

from littermate.errors import UsageError
from littermate.stats.chi_scale import Tail, averaged_tail, critical_value
from littermate.stats.table import Floats

__all__ = ["MaxT", "Side", "dunnett_loadings", "single_step", "step_down"]

Side = Literal["two-sided", "greater", "less"]

_NEST = 4
"""The most comparisons that are integrated one after the other."""
_NODES = {2: 48, 3: 40, 4: 20}
_REACH = 8.5
_POINTS = 2**15
_SAME = 1e-9


def dunnett_loadings(n: Sequence[float], n_control: float) -> Floats:
    """Return lambda of each comparison of a group with the control.

    Examples
    --------
    >>> dunnett_loadings([8, 8], 8).round(4).tolist()
    [0.7071, 0.7071]
    """
    sizes = np.asarray(n, dtype=float)
    loadings: Floats = np.sqrt(sizes / (n_control + sizes))
    return loadings


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MaxT:
    """The distribution of the largest of m correlated t.

    Parameters
    ----------
    correlation
        Of the estimates, shape (m, m).
    df
        Degrees of freedom of the common error.
    side
        ``"two-sided"``: the largest t in size; ``"greater"`` or ``"less"``: the largest t or -t.

    Raises
    ------
    UsageError
        If the matrix is no correlation matrix, or `df` is not above 0.

    Examples
    --------
    Dunnett's table: two treatments, a control, equal groups, 20 degrees of freedom.

    >>> one = MaxT.of_loadings(dunnett_loadings([8, 8], 8), df=20)
    >>> round(one.critical(0.05), 2), round(one.p(2.38), 2), one.digits
    (2.38, 0.05, 10)
    """

    correlation: Floats
    df: float
    side: Side = "two-sided"
    digits: int = field(init=False)
    """To how many decimals P is right: 10 or more, or about 4; see the module."""
    _tail: Tail | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        _require_correlation(self.correlation, self.df)
        tail = _normal_tail(self.correlation, self.side)
        object.__setattr__(self, "_tail", tail)
        object.__setattr__(self, "digits", 4 if tail is None else 10)

    @classmethod
    def of_loadings(cls, loadings: Sequence[float] | Floats, df: float, side: Side = "two-sided") -> MaxT:
        """Return the distribution for correlations that are products of loadings."""
        correlation = np.outer(loadings, loadings)
        np.fill_diagonal(correlation, 1.0)
        return cls(correlation=correlation, df=df, side=side)

    def p(self, t: float) -> float:
        """Return the probability of a largest t, on the side asked for, beyond `t`."""
        return self._beyond({"two-sided": abs(t), "greater": t, "less": -t}[self.side])

    def critical(self, p: float) -> float:
        """Return the bound that the largest t exceeds with probability `p`, below 1/2."""
        start = float(stats.t.isf(p / len(self.correlation) / 2, self.df))
        return critical_value(self._beyond, p, start)

    def without(self, kept: Sequence[int]) -> MaxT:
        """Return the distribution of the largest of some of the t."""
        return MaxT(correlation=self.correlation[np.ix_(kept, kept)], df=self.df, side=self.side)

    def _beyond(self, bound: float) -> float:
        if self.side == "two-sided" and bound <= 0:
            return 1.0
        if self._tail is None:
            return _spherical_tail(bound, self.correlation, self.df, self.side)
        return min(averaged_tail(self._tail, bound, self.df, decay=0.5), 1.0)


def single_step(t: Sequence[float] | Floats, largest: MaxT) -> Floats:
    """Return the adjusted P of each t: that of the largest of all being so far out.

    Examples
    --------
    >>> single_step([3.2, -1.0], MaxT.of_loadings([0.5**0.5, 0.5**0.5], df=20)).round(4).tolist()
    [0.0085, 0.5138]
    """
    return np.array([largest.p(one) for one in t])


def step_down(t: Sequence[float] | Floats, largest: MaxT) -> Floats:
    """Return the P adjusted step by step (Naik 1975; Dunnett and Tamhane 1991, *Stat Med* 10:939).

    The furthest t is compared with the largest of all, the next with the largest of what remains, and so on; no P is
    below that of a step before.

    Examples
    --------
    >>> step_down([3.2, -1.0], MaxT.of_loadings([0.5**0.5, 0.5**0.5], df=20)).round(4).tolist()
    [0.0085, 0.3293]
    """
    t = np.asarray(t, dtype=float)
    evidence = {"two-sided": np.abs(t), "greater": t, "less": -t}[largest.side]
    order = np.argsort(-evidence, kind="stable").tolist()
    adjusted, least = np.empty(len(t)), 0.0
    for step, place in enumerate(order):
        least = max(least, largest.without(sorted(order[step:])).p(float(t[place])))
        adjusted[place] = least
    return adjusted


def _require_correlation(r: Floats, df: float) -> None:
    square = r.ndim == 2 and r.shape[0] == r.shape[1] > 0
    if not square or not np.allclose(np.diag(r), 1) or not np.allclose(r, r.T) or np.abs(r).max() > 1 + _SAME:
        raise UsageError(
            expected="a correlation matrix: square, symmetric, 1 on the diagonal",
            found=f"{r.tolist()}",
            do="take the correlations of the estimates that are compared",
        )
    if not df > 0:
        raise UsageError(expected="degrees of freedom above 0", found=f"{df:g}", do="check the model")


def _normal_tail(correlation: Floats, side: Side) -> Tail | None:
    """Return the tail for known sigma, if there is an exact way to it."""
    loadings = _loadings(correlation)
    if loadings is not None:
        return lambda bounds: _product_tail(bounds, loadings, side)
    if len(correlation) <= _NEST and np.linalg.eigvalsh(correlation)[0] > 1e-6:
        root: Floats = np.linalg.cholesky(correlation)
        return lambda bounds: _nested_tail(bounds, root, side)
    return None


def _loadings(r: Floats) -> Floats | None:
    """Return loadings below 1 whose products are the correlations, if there are any."""
    m = len(r)
    apart = np.abs(r - np.eye(m))
    i, j = np.unravel_index(np.argmax(apart), apart.shape)
    if apart[i, j] < _SAME:
        return np.zeros(m)
    square = apart[i, j]
    others = [k for k in range(m) if k not in (i, j) and abs(r[j, k]) > _SAME]
    if others:
        square = r[i, j] * r[i, others[0]] / r[j, others[0]]
    if not 0 < square < 1:
        return None
    loadings = r[i] / np.sqrt(square)
    loadings[i] = np.sqrt(square)
    product = np.outer(loadings, loadings) - r
    np.fill_diagonal(product, 0.0)
    return loadings if np.abs(product).max() < _SAME and np.abs(loadings).max() < 1 - _SAME else None


def _beyond(shift: Floats, bounds: Floats, scale: Floats, side: Side) -> Floats:
    """Return the probability of a normal of mean `shift` and this SD beyond the bounds."""
    above = special.ndtr((shift - bounds) / scale)
    if side != "two-sided":
        return np.asarray(above)
    return np.asarray(above + special.ndtr((-shift - bounds) / scale))


def _product_tail(bounds: Floats, loadings: Floats, side: Side) -> Floats:
    """Average over the shared normal z: the others are independent given it."""
    own = np.sqrt(1 - loadings**2)
    step = 0.7 / np.sqrt(1 + np.sum((loadings / own) ** 2))
    reach = 9 + np.abs(loadings).max() * max(float(bounds.max()), 0.0)
    z = np.arange(-reach, reach + step, step)
    shift = z[:, None] * loadings
    each = _beyond(shift, bounds[:, None, None], own, side)
    one_or_more = -np.expm1(np.log1p(-np.minimum(each, 1 - 1e-16)).sum(axis=2))
    return np.asarray(one_or_more @ (np.exp(-z * z / 2) * (step / np.sqrt(2 * np.pi))))


def _nested_tail(bounds: Floats, root: Floats, side: Side) -> Floats:
    """Sum the probabilities that the first is beyond, the second but not the first, and so on."""
    m = len(root)
    x, weight = np.polynomial.legendre.leggauss(_NODES[m])
    drawn = np.zeros((len(bounds), 1, m))
    chance = np.ones((len(bounds), 1))
    total = np.zeros(len(bounds))
    for i in range(m):
        shift = drawn @ root[i]
        total += (chance * _beyond(shift, bounds[:, None], root[i, i], side)).sum(axis=1)
        if i == m - 1:
            break
        high = np.clip((bounds[:, None] - shift) / root[i, i], -_REACH, _REACH)
        low = np.full_like(high, -_REACH)
        if side == "two-sided":
            low = np.clip((-bounds[:, None] - shift) / root[i, i], -_REACH, _REACH)
        half = np.maximum(high - low, 0) / 2
        z = (high + low)[..., None] / 2 + half[..., None] * x
        chance = (chance[..., None] * half[..., None] * weight * np.exp(-z * z / 2) / np.sqrt(2 * np.pi)).reshape(
            len(bounds), -1
        )
        drawn = np.repeat(drawn, len(x), axis=1)
        drawn[..., i] = z.reshape(len(bounds), -1)
    return total


def _spherical_tail(bound: float, correlation: Floats, df: float, side: Side) -> float:
    """Average over directions: given one, the largest t is a radius whose square is F distributed, scaled."""
    size, axes = np.linalg.eigh(correlation)
    kept = size > 1e-9
    rank = int(kept.sum())
    directions = _directions(rank)
    largest = directions @ (axes[:, kept] * np.sqrt(size[kept])).T
    reach = np.abs(largest).max(axis=1) if side == "two-sided" else largest.max(axis=1)
    radius = np.divide(bound, reach, out=np.full_like(reach, np.inf), where=reach != 0)
    far = stats.f.sf(radius**2 / rank, rank, df)
    return float(np.mean(np.where(reach * bound > 0, np.where(bound > 0, far, 1 - far), bound < 0)))


def _directions(rank: int) -> Floats:
    """Return fixed points spread evenly on a sphere: a lattice of roots of primes, made normal, made of length 1."""
    prime = (n for n in itertools.count(2) if all(n % d for d in range(2, int(n**0.5) + 1)))
    primes = np.array(list(itertools.islice(prime, rank)), dtype=float)
    lattice = (np.arange(1, _POINTS + 1)[:, None] * np.sqrt(primes)) % 1
    normal = special.ndtri(lattice)
    points: Floats = normal / np.linalg.norm(normal, axis=1, keepdims=True)
    return points
