"""Tests of the fixed effects of a mixed model: Kenward-Roger and Satterthwaite.

With S the estimated covariance of the outcome, a sum of variances times ``Z_i Z_i'`` (Z_0 the identity),
``Phi = (X' S^-1 X)^-1`` and ``P = S^-1 - S^-1 X Phi X' S^-1``, all that is needed are ``F_i = Z_i' S^-1 X``,
``U_ij = Z_i' P Z_j`` and ``v_i = Z_i' P y``:

- the expected information of the variances, ``|U_ij|^2 / 2``, and the observed one, ``v_i' U_ij v_j - |U_ij|^2 / 2``;
- how Phi moves with a variance, ``Phi F_i' F_i Phi``;
- Kenward and Roger's covariance, ``Phi + 2 Phi sum_ij W_ij F_i' U_ij F_j Phi``, W the inverse expected information.

**Kenward-Roger** (1997, *Biometrics* 53:983): the scaled F of their section 3, from the expected information of all
variances, also of those estimated as 0. **Satterthwaite**, for a contrast of one row ``2 v^2 / var(v)`` (Giesbrecht
and Burns 1985, *Biometrics* 41:477), for more rows as Fai and Cornelius (1996, *J Stat Comput Simul* 54:363) combine
the rows that the eigenvectors of their covariance make independent; from the observed information of the variances
that are not at 0. At the boundary it knows nothing of the group any more and gives the degrees of freedom of a model
without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import special

from littermate.errors import AnalysisError
from littermate.stats.table import Floats

__all__ = ["FTest", "FixedEffects", "estimate_fixed", "kenward_roger", "satterthwaite"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FTest:
    """An F, its degrees of freedom, and its P."""

    f: float
    df: int
    df_error: float

    @property
    def p(self) -> float:
        """The upper tail of F."""
        return float(special.fdtrc(self.df, self.df_error, self.f))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FixedEffects:
    """Estimates of the fixed effects and what their tests need.

    Parameters
    ----------
    beta
        Shape (p,).
    covariance, adjusted
        Phi, and Kenward and Roger's; shape (p, p).
    slopes
        How Phi moves with each variance, the residual first; shape (K + 1, p, p).
    expected, observed
        The covariance of the estimated variances by the expected and by the observed information; the observed has
        rows of 0 where a variance is estimated as 0.
    """

    beta: Floats
    covariance: Floats
    adjusted: Floats
    slopes: Floats
    expected: Floats
    observed: Floats


def estimate_fixed(y: Floats, x: Floats, groups: Sequence[Floats], variances: Floats) -> FixedEffects:
    """Estimate the fixed effects at given variances, the residual one first."""
    z = [np.eye(len(y)), *groups]
    inverse = np.linalg.inv(sum(size * (one @ one.T) for size, one in zip(variances, z, strict=True)))
    weighted = inverse @ x
    phi = np.asarray(np.linalg.inv(x.T @ weighted), dtype=np.float64)
    p = inverse - weighted @ phi @ weighted.T
    f = [one.T @ weighted for one in z]
    u = [[one.T @ p @ other for other in z] for one in z]
    v = [one.T @ (p @ y) for one in z]
    lengths = np.array([[np.vdot(one, one) for one in row] for row in u])
    pulls = np.array([[v[i] @ u[i][j] @ v[j] for j in range(len(z))] for i in range(len(z))])
    expected = 2 * np.linalg.inv(lengths)
    cross = sum(expected[i, j] * f[i].T @ u[i][j] @ f[j] for i in range(len(z)) for j in range(len(z)))
    return FixedEffects(
        beta=phi @ (weighted.T @ y),
        covariance=phi,
        adjusted=phi + 2 * phi @ cross @ phi,
        slopes=np.array([phi @ one.T @ one @ phi for one in f]),
        expected=expected,
        observed=_inverse_where(2 * pulls - lengths, variances > 0),
    )


def _inverse_where(information: Floats, free: np.ndarray) -> Floats:
    found = np.zeros_like(information)
    found[np.ix_(free, free)] = 2 * np.linalg.inv(information[np.ix_(free, free)])
    return found


def kenward_roger(effects: FixedEffects, rows: Floats) -> FTest:
    """Test that the combinations ``rows @ beta`` are 0; `rows` of shape (q, p), independent.

    Raises
    ------
    AnalysisError
        If the groups are so few that the approximation breaks down: a covariance or degrees of freedom not above 0.
    """
    q = len(rows)
    middle = np.linalg.inv(rows @ effects.covariance @ rows.T)
    moved = middle @ (rows @ effects.slopes @ rows.T)
    traces = np.einsum("kii->k", moved)
    a1 = float(traces @ effects.expected @ traces)
    a2 = float(np.sum(effects.expected * np.einsum("iab,jba->ij", moved, moved)))
    estimate = rows @ effects.beta
    wald = float(estimate @ np.linalg.solve(rows @ effects.adjusted @ rows.T, estimate)) / q
    scaling, df_error = (1.0, 2 / a2) if q == 1 else _scaling(q, a1, a2)
    if min(scaling * wald, df_error) <= 0 and wald != 0:
        raise AnalysisError(
            expected="groups enough to test every term",
            found=f"Kenward-Roger's approximation breaks down for {q} degrees of freedom",
            do="fit a model with fewer terms or random factors, or measure more groups",
        )
    return FTest(f=scaling * wald, df=q, df_error=df_error)


def _scaling(q: int, a1: float, a2: float) -> tuple[float, float]:
    """Return lambda and the error degrees of freedom of two or more rows; for one row they are 1 and 2 / A2."""
    b = (a1 + 6 * a2) / (2 * q)
    g = ((q + 1) * a1 - (q + 4) * a2) / ((q + 2) * a2)
    below = 3 * q + 2 * (1 - g)
    c1, c2, c3 = g / below, (q - g) / below, (q + 2 - g) / below
    ratio = ((1 - a2 / q) / (1 - c2 * b)) ** 2 * (1 + c1 * b) / (1 - c3 * b) / q
    df_error = 4 + (q + 2) / (q * ratio - 1)
    near_pole = abs(df_error - 2) < 1e-2
    return (1.0 if near_pole else df_error * (1 - a2 / q) / (df_error - 2)), df_error


def satterthwaite(effects: FixedEffects, rows: Floats) -> FTest:
    """Test that the combinations ``rows @ beta`` are 0; `rows` of shape (q, p), independent."""
    sizes, vectors = np.linalg.eigh(rows @ effects.covariance @ rows.T)
    turned = vectors.T @ rows
    gradients = np.einsum("kqq->qk", turned @ effects.slopes @ turned.T)
    spread = np.sum(gradients @ effects.observed * gradients, axis=1)
    f = float(np.mean((turned @ effects.beta) ** 2 / sizes))
    return FTest(f=f, df=len(rows), df_error=_combined(2 * sizes**2 / spread))


def _combined(each: Floats) -> float:
    """Return the error degrees of freedom of the mean of independent squared t's with these."""
    if np.ptp(each) < 1e-8:
        return float(each.mean())
    if each.min() <= 2:
        return 2.0
    mean = float(np.sum(each / (each - 2)))
    return 2 * mean / (mean - len(each))
