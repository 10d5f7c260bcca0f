"""Weighted least squares of k effects on p moderators, each effect weighted by one over its whole variance.

Arrays: `y` and `v` of shape (k,), effects and sampling variances; `x` of shape (k, p), the first column ones. With
W = diag(1 / (v + tau2)) the residual maker is P = W - W X (X'WX)^-1 X'W. Everything is had from a QR of W^(1/2) X, so
that no product X'WX is formed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Effects", "Floats", "WeightedFit", "weighted"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """What is pooled: effects, sampling variances, and the columns of the model."""

    y: Floats
    v: Floats
    x: Floats

    @classmethod
    def alone(cls, y: Floats, v: Floats) -> Effects:
        """Return effects without moderators."""
        return cls(y, v, np.ones((len(y), 1)))

    @property
    def k(self) -> int:
        """How many effects there are."""
        return len(self.y)

    @property
    def df(self) -> int:
        """Effects less coefficients."""
        return int(self.x.shape[0] - self.x.shape[1])

    def take(self, rows: Floats | NDArray[np.int_] | NDArray[np.bool_]) -> Effects:
        """Return some of them."""
        return Effects(self.y[rows], self.v[rows], self.x[rows])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class WeightedFit:
    """One weighted fit.

    Parameters
    ----------
    beta, covariance
        Coefficients (p,) and their covariance (p, p).
    weights, residuals
        Shape (k,).
    basis
        Orthonormal columns (k, p) that span W^(1/2) X.
    log_det
        Of X'WX.
    """

    beta: Floats
    covariance: Floats
    weights: Floats
    residuals: Floats
    basis: Floats
    log_det: float

    @property
    def rss(self) -> float:
        """The residuals' weighted sum of squares, y'Py."""
        return float(self.weights @ self.residuals**2)

    @property
    def trace(self) -> float:
        """The trace of P."""
        return float(self.weights @ (1 - (self.basis**2).sum(axis=1)))

    @property
    def rss_twice(self) -> float:
        """Y'PPy."""
        return float(((self.weights * self.residuals) ** 2).sum())

    def residual_maker(self) -> Floats:
        """Return P, of shape (k, k)."""
        root = np.sqrt(self.weights)
        maker = (np.eye(len(root)) - self.basis @ self.basis.T) * np.outer(root, root)
        return np.asarray(maker)


def weighted(effects: Effects, tau2: float) -> WeightedFit:
    """Fit the model with the variance between studies held at `tau2`.

    Examples
    --------
    >>> fit = weighted(Effects.alone(np.array([1.0, 3.0]), np.array([1.0, 3.0])), 0.0)
    >>> float(fit.beta[0]), round(fit.rss, 12)
    (1.5, 1.0)
    """
    return weighted_by(effects, 1 / (effects.v + tau2))


def weighted_by(effects: Effects, weights: Floats) -> WeightedFit:
    """Fit the model with weights of one's own."""
    root = np.sqrt(weights)
    basis, upper = np.linalg.qr(effects.x * root[:, None])
    inverse = np.linalg.inv(upper)
    beta = inverse @ (basis.T @ (root * effects.y))
    return WeightedFit(
        beta=beta,
        covariance=inverse @ inverse.T,
        weights=weights,
        residuals=effects.y - effects.x @ beta,
        basis=basis,
        log_det=float(2 * np.log(np.abs(np.diag(upper))).sum()),
    )
