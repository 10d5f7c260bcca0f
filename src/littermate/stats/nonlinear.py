"""Nonlinear least squares with an analytic Jacobian, weighted, for any model function.

Minimises sum(w (y - f(x, p))^2). Levenberg-Marquardt (Moré 1978, as MINPACK has it) walks from the start, once with
parameters scaled by the Jacobian and once unscaled, because each fails from some starts where the other arrives; the
smaller sum of squares counts. Gauss-Newton steps by QR, halved while they do not help, then take the last digits:
MINPACK stops when the sum of squares no longer falls, which is long before the parameters stand still.

Standard errors are from the Jacobian at the estimates: s^2 (J'J)^-1 with s^2 = RSS / (n - p) (Bates and Watts,
*Nonlinear Regression Analysis*, 1988, section 2.3), as R's `nls` and NIST have them; or, as the package drc has them,
from the observed information, which adds the model's curvature: s^2 (H / 2)^-1, H being the Hessian of the sum of
squares, from central differences of its exact gradient. Where the sum of squares is flat they are infinite.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, optimize

from littermate.errors import AnalysisError, Complaint, UsageError

__all__ = ["NonlinearFit", "Problem", "descend", "fit_nonlinear", "solve", "solve_from"]

Floats = NDArray[np.float64]
Function = Callable[[Floats, Floats], Floats]

_FLAT = 1e-11
"""A column that the others explain but for this share (of its length) is not determined by the data."""
_POLISH, _HALVINGS, _LAST_DIGIT = 60, 12, 1e-15
_MANY, _FEW = 2000, 200
_DIFFERENCE = 6e-6
"""Relative step of a central difference: the cube root of a double's precision."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NonlinearFit:
    """The least-squares estimates of a model.

    Parameters
    ----------
    estimates
        Shape (p,).
    covariance
        Shape (p, p); infinite throughout where the data do not determine every parameter, or leave no degrees of
        freedom.
    rss, df
        The (weighted) residual sum of squares, and n - p.
    """

    estimates: Floats
    covariance: Floats
    rss: float
    df: int

    @property
    def residual_sd(self) -> float:
        """The residual standard deviation; infinite without degrees of freedom."""
        return float(np.sqrt(self.rss / self.df)) if self.df > 0 else float("inf")

    @property
    def se(self) -> Floats:
        """Standard errors, shape (p,)."""
        return np.asarray(np.sqrt(np.diag(self.covariance)), dtype=np.float64)

    @property
    def determined(self) -> bool:
        """Whether the data determine every parameter."""
        return bool(np.all(np.isfinite(self.covariance)))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Problem:
    """Residuals (n,) and their Jacobian (n, p), both functions of the parameters (p,) and already weighted."""

    residuals: Callable[[Floats], Floats]
    jacobian: Callable[[Floats], Floats]

    def rss(self, parameters: Floats) -> float:
        """Return the sum of squares; infinite where the model has no value."""
        with np.errstate(all="ignore"):
            total = float(np.sum(self.residuals(parameters) ** 2))
        return total if np.isfinite(total) else float("inf")


def fit_nonlinear(
    model: Function,
    jacobian: Function,
    x: Floats | Sequence[float],
    y: Floats | Sequence[float],
    start: Sequence[float] | Floats,
    *,
    weights: Floats | Sequence[float] | None = None,
    observed: bool = False,
) -> NonlinearFit:
    """Fit a model by least squares.

    Parameters
    ----------
    model
        (x, parameters) to the expected y, shape (n,).
    jacobian
        (x, parameters) to its derivatives, shape (n, p).
    x, y
        Shape (n,), or (n, k) for x with k predictors.
    start
        Shape (p,).
    weights
        Of the squared residuals, shape (n,), above 0; 1 where not given.
    observed
        Whether the covariance is from the observed information instead of the Jacobian alone.

    Raises
    ------
    UsageError
        If shapes do not fit, or a weight is not above 0.
    AnalysisError
        If there are fewer points than parameters, or no start gives a finite sum of squares.

    Examples
    --------
    >>> def line(x, p):
    ...     return p[0] + p[1] * x
    >>> def slopes(x, p):
    ...     return np.column_stack([np.ones_like(x), x])
    >>> found = fit_nonlinear(line, slopes, [0, 1, 2], [1, 3, 5.3], [0, 0])
    >>> found.estimates.round(6).tolist(), found.df, round(found.rss, 6)
    ([0.95, 2.15], 1, 0.015)
    """
    x, y = np.asarray(x, dtype=np.float64), np.asarray(y, dtype=np.float64)
    root = np.sqrt(np.ones_like(y) if weights is None else np.asarray(weights, dtype=np.float64))
    first = np.asarray(start, dtype=np.float64)
    _require_shapes(x, y, root, first)
    problem = Problem(
        residuals=lambda p: root * (y - model(x, p)),
        jacobian=lambda p: -root[:, None] * jacobian(x, p),
    )
    return solve(problem, first, len(y), observed=observed)


def solve(problem: Problem, start: Floats, n: int, *, observed: bool = False) -> NonlinearFit:
    """Minimise the sum of squares of a problem with n residuals from one start, as `fit_nonlinear` does."""
    if not np.isfinite(problem.rss(start)):
        raise AnalysisError(
            expected="a start at which the model has values", found=str(start.tolist()), do="start nearer to the data"
        )
    walked = [_walk(problem, start, scale) for scale in ("jac", 1.0)]
    return _finished(problem, min([start, *walked], key=problem.rss), n, observed)


def solve_from(problem: Problem, starts: Iterable[Floats], n: int, *, observed: bool = False) -> NonlinearFit:
    """Minimise from several starts, none of which need be good: each is walked from quickly, the best to the end."""
    return _finished(problem, min((descend(problem, start) for start in starts), key=problem.rss), n, observed)


def _finished(problem: Problem, near: Floats, n: int, observed: bool) -> NonlinearFit:
    best = _refine(problem, near)
    rss, df = problem.rss(best), n - len(best)
    with np.errstate(all="ignore"):
        inverse = (_curvature if observed else _root)(problem, best)
    known = df > 0 and bool(np.all(np.isfinite(inverse)))
    covariance = inverse * (rss / df) if known else np.full((len(best),) * 2, np.inf)
    return NonlinearFit(estimates=best, covariance=covariance, rss=rss, df=df)


def descend(problem: Problem, start: Floats) -> Floats:
    """Return the parameters of the least sum of squares downhill from a start that is near; quicker than `solve`."""
    return min(start, _walk(problem, start, "jac", 1e-10, _FEW), key=problem.rss)


def _walk(problem: Problem, start: Floats, scale: str | float, tolerance: float = 1e-15, most: int = _MANY) -> Floats:
    """Run Levenberg-Marquardt; a walk that leaves the model's domain comes back with its start."""
    tight = {"ftol": tolerance, "xtol": tolerance, "gtol": tolerance, "max_nfev": most}
    with np.errstate(all="ignore"):
        try:
            found = optimize.least_squares(
                problem.residuals, start, problem.jacobian, method="lm", x_scale=scale, **tight
            )
        except (ValueError, np.linalg.LinAlgError):
            return start
    return np.asarray(found.x, dtype=np.float64)


def _refine(problem: Problem, start: Floats) -> Floats:
    """Take Gauss-Newton steps, halved where needed, until the parameters stand still to the last digit."""
    best, rss = start, problem.rss(start)
    for _ in range(_POLISH):
        step = _step(problem, best)
        tried = next((p for p in (best + step / 2**k for k in range(_HALVINGS)) if problem.rss(p) <= rss), best)
        still = np.all(np.abs(tried - best) <= _LAST_DIGIT * np.abs(best))
        best, rss = tried, problem.rss(tried)
        if still:
            break
    return best


def _step(problem: Problem, at: Floats) -> Floats:
    with np.errstate(all="ignore"):
        jacobian, residuals = problem.jacobian(at), problem.residuals(at)
    length = np.linalg.norm(jacobian, axis=0)
    if not np.all(np.isfinite(length)) or np.any(length == 0):
        return np.zeros_like(at)
    return np.asarray(-np.linalg.lstsq(jacobian / length, residuals, rcond=None)[0] / length, dtype=np.float64)


def _root(problem: Problem, at: Floats) -> Floats:
    """Return (J'J)^-1, infinite where it has none."""
    jacobian = problem.jacobian(at)
    length = np.linalg.norm(jacobian, axis=0)
    if not np.all(np.isfinite(length)) or np.any(length == 0):
        return np.full((len(at), len(at)), np.inf)
    triangle = np.linalg.qr(jacobian / length, mode="r")
    if np.abs(np.diag(triangle)).min() < _FLAT:
        return np.full((len(at), len(at)), np.inf)
    inverse = linalg.solve_triangular(triangle, np.eye(len(at))) / length[:, None]
    return np.asarray(inverse @ inverse.T, dtype=np.float64)


def _curvature(problem: Problem, at: Floats) -> Floats:
    """Return the inverse of half the Hessian of the sum of squares, infinite where it is not positive."""
    unknown = _root(problem, at)
    if not np.all(np.isfinite(unknown)):
        return unknown
    scale = 1 / np.linalg.norm(problem.jacobian(at), axis=0)
    steps = _DIFFERENCE * np.maximum(np.abs(at), scale * np.sqrt(problem.rss(at)))

    def slope(p: Floats) -> Floats:
        return np.asarray(problem.jacobian(p).T @ problem.residuals(p), dtype=np.float64)

    moved = np.diag(steps)
    half = np.array(
        [(slope(at + step) - slope(at - step)) / (2 * size) for step, size in zip(moved, steps, strict=True)]
    )
    half = (half + half.T) / 2 * np.outer(scale, scale)
    if not np.all(np.isfinite(half)) or np.linalg.eigvalsh(half).min() < _FLAT:
        return np.full_like(unknown, np.inf)
    return np.asarray(np.linalg.inv(half) * np.outer(scale, scale), dtype=np.float64)


def _require_shapes(x: Floats, y: Floats, root: Floats, start: Floats) -> None:
    complaints = []
    if not len(x) == len(y) == len(root):
        found = f"{len(x)} x, {len(y)} y, {len(root)} weights"
        complaints.append(Complaint(expected="one x, y and weight a point", found=found, do="give each point one"))
    if not (np.all(np.isfinite(x)) and np.all(np.isfinite(y)) and np.all(root > 0) and np.all(np.isfinite(root))):
        found = "one that is missing, infinite or not above 0"
        complaints.append(
            Complaint(expected="finite x and y, and weights above 0", found=found, do="leave such points out")
        )
    if complaints:
        raise UsageError.of(complaints)
    if len(y) < len(start):
        raise AnalysisError(
            expected=f"{len(start)} points or more, one a parameter", found=f"{len(y)}", do="fit a smaller model"
        )
