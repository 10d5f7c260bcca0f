"""Variances of random intercepts by (restricted) maximum likelihood.

The model is ``y = X b + Z_1 u_1 + ... + Z_K u_K + e``, the u_k and e independent and normal. With ratios
``g_k = var(u_k) / var(e)``, everything that the likelihood needs of the data lies in few dimensions: what X leaves of
the columns of Z spans m <= q of them, and what it leaves of y is a vector `a` in that span and a sum of squares
`rest` outside it. With R_k the coordinates of Z_k's columns and ``H = I + sum g_k R_k R_k'``, minus twice the
logarithm of the restricted likelihood, at its best residual variance, is (Harville 1977, *J Am Stat Assoc* 72:320)::

    log det H + log det X'X + N (1 + log(2 pi r2 / N)),    r2 = rest + a' H^-1 a,    N = n - p

and the full likelihood has n for N and ``det(I + sum g_k Z_k Z_k')`` for both determinants. No step subtracts large
numbers. It is minimised by Newton's method with exact derivatives over ``x = log(1 + s g)``, `s` the mean size of a
group: a balanced one-way layout is convex in x, and the boundary ``x = 0`` (no variance) is a place like any other
(projected steps, Bertsekas 1982, *SIAM J Control Optim* 20:221).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from littermate.errors import AnalysisError
from littermate.stats.table import Floats

__all__ = ["Likelihood", "Optimum", "full_likelihood", "maximise", "restricted_likelihood"]

_STARTS = (0.1, 3.0)
"""Every x starts from both, in all combinations: with several random factors there may be more than one valley."""
_FAR = 30.0
"""From this x on the residual variance is nil beside a random one."""
_ROUNDING = 1e-13
"""The part of a deviance that may be rounding."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Likelihood:
    """Minus twice a log-likelihood as a function of the variance ratios.

    Parameters
    ----------
    spread
        Of each random factor, shape (K, d, d): what its variance adds to the matrix of the determinant.
    pull
        The same for the matrix of the sum of squares, shape (K, m, m).
    a, rest
        The outcome beside the fixed effects: within the span of the random ones, shape (m,), and its sum of squares
        outside.
    count
        N.
    constant
        What does not depend on the ratios.
    """

    spread: Floats
    pull: Floats
    a: Floats
    rest: float
    count: int
    constant: float

    def scale(self) -> Floats:
        """Return the mean size of a group in each random factor, as the fixed effects leave it."""
        squares = np.einsum("kij,kij->k", self.pull, self.pull)
        return np.asarray(squares / np.einsum("kii->k", self.pull))

    def squares(self, ratios: Floats) -> float:
        """Return r2, the weighted residual sum of squares."""
        return self.rest + float(self.a @ np.linalg.solve(_with_ratios(self.pull, ratios), self.a))

    def value(self, ratios: Floats) -> float:
        """Return minus twice the log-likelihood."""
        log_det = np.linalg.slogdet(_with_ratios(self.spread, ratios))[1]
        return float(log_det + self.count * np.log(self.squares(ratios))) + self.constant

    def derivatives(self, ratios: Floats) -> tuple[Floats, Floats]:
        """Return gradient and Hessian over the ratios."""
        weighted = np.linalg.solve(_with_ratios(self.spread, ratios), self.spread)
        inverse = np.linalg.inv(_with_ratios(self.pull, ratios))
        pulled = self.pull @ (inverse @ self.a)
        r2 = self.rest + float(self.a @ inverse @ self.a)
        force = pulled @ (inverse @ self.a) / r2
        gradient = np.einsum("kii->k", weighted) - self.count * force
        bend = 2 * pulled @ inverse @ pulled.T / r2 - np.outer(force, force)
        return gradient, self.count * bend - np.einsum("jab,kba->jk", weighted, weighted)


def _with_ratios(each: Floats, ratios: Floats) -> Floats:
    return np.asarray(np.eye(each.shape[1]) + np.einsum("k,kij->ij", ratios, each))


def restricted_likelihood(y: Floats, x: Floats, groups: Sequence[Floats]) -> Likelihood:
    """Return the restricted likelihood.

    Parameters
    ----------
    y
        The outcome, shape (n,).
    x
        Columns of the fixed effects, of full rank, shape (n, p).
    groups
        One indicator matrix a random factor, shape (n, levels).
    """
    q, r = np.linalg.qr(x)
    left = [_beside(q, z) for z in groups]
    residual = _beside(q, y)
    basis = _orthonormal(np.hstack(left))
    a = basis.T @ residual
    outside = residual - basis @ a
    pull = np.array([_outer(basis.T @ z) for z in left])
    count = x.shape[0] - x.shape[1]
    return Likelihood(
        spread=pull,
        pull=pull,
        a=a,
        rest=float(outside @ outside),
        count=count,
        constant=float(2 * np.log(np.abs(np.diag(r))).sum() + count * (1 + np.log(2 * np.pi / count))),
    )


def full_likelihood(restricted: Likelihood, x: Floats, groups: Sequence[Floats]) -> Likelihood:
    """Return the full likelihood of the same model."""
    count = x.shape[0]
    basis = _orthonormal(np.hstack(groups))
    return Likelihood(
        spread=np.array([_outer(basis.T @ z) for z in groups]),
        pull=restricted.pull,
        a=restricted.a,
        rest=restricted.rest,
        count=count,
        constant=float(count * (1 + np.log(2 * np.pi / count))),
    )


def _beside(basis: Floats, columns: Floats) -> Floats:
    for _ in range(2):
        columns = columns - basis @ (basis.T @ columns)
    return columns


def _orthonormal(columns: Floats) -> Floats:
    u, size, _ = np.linalg.svd(columns, full_matrices=False)
    return np.asarray(u[:, size > 1e-10 * size[0]])


def _outer(columns: Floats) -> Floats:
    return np.asarray(columns @ columns.T)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Optimum:
    """Where a likelihood is largest: the variance ratios, the residual variance, minus twice the log-likelihood."""

    ratios: Floats
    residual: float
    deviance: float


def maximise(likelihood: Likelihood) -> Optimum:
    """Find the ratios, none below 0, of the largest likelihood.

    Raises
    ------
    AnalysisError
        If the residual variance is nil beside a random one: the likelihood has no largest value.
    """
    scale = likelihood.scale()
    found = [_newton(likelihood, scale, np.array(start)) for start in itertools.product(_STARTS, repeat=len(scale))]
    near = [one for one in found if one[0].max() <= _FAR]
    if not near:
        raise AnalysisError(
            expected="rows of one group that differ",
            found="no residual variance beside that of the groups",
            do="check the outcome: a value measured once a group must not be repeated on every row",
        )
    x, deviance = min(near, key=lambda one: one[1])
    ratios = np.expm1(x) / scale
    return Optimum(ratios=ratios, residual=likelihood.squares(ratios) / likelihood.count, deviance=deviance)


def _newton(likelihood: Likelihood, scale: Floats, x: Floats) -> tuple[Floats, float]:
    """Step down until the gradient, of what may still move, is rounding; return where, and the deviance there."""
    value = likelihood.value(np.expm1(x) / scale)
    for _ in range(100):
        gradient, hessian = _over_x(likelihood, scale, x)
        free = (x > 0) | (gradient < 0)
        if not free.any() or np.abs(gradient[free]).max() < 1e-10 * likelihood.count:
            break
        step = np.zeros_like(x)
        step[free] = -_downhill(hessian[np.ix_(free, free)], gradient[free])
        lower = _line_search(likelihood, scale, x, step, value)
        if lower is None or lower[0].max() > _FAR:
            return lower or (x, value)
        x, value = lower
    return x, value


def _over_x(likelihood: Likelihood, scale: Floats, x: Floats) -> tuple[Floats, Floats]:
    """Return gradient and Hessian over x."""
    gradient, hessian = likelihood.derivatives(np.expm1(x) / scale)
    slope = np.exp(x) / scale
    return gradient * slope, hessian * np.outer(slope, slope) + np.diag(gradient * slope)


def _downhill(hessian: Floats, gradient: Floats) -> Floats:
    """Solve Newton's equations with curvatures made positive."""
    sizes, vectors = np.linalg.eigh(hessian)
    sizes = np.maximum(np.abs(sizes), 1e-8 * np.abs(sizes).max() + 1e-300)
    return np.asarray(vectors @ (vectors.T @ gradient / sizes))


def _line_search(
    likelihood: Likelihood, scale: Floats, x: Floats, step: Floats, value: float
) -> tuple[Floats, float] | None:
    """Return the first of ever shorter steps that does not lead up, `None` where there is none."""
    length = min(1.0, 3.0 / float(np.abs(step).max()))
    for _ in range(40):
        nearer = np.maximum(x + length * step, 0.0)
        lower = likelihood.value(np.expm1(nearer) / scale)
        if lower < value + _ROUNDING * abs(value):
            return nearer, lower
        length /= 2
    return None
