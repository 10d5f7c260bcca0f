"""Curve fit: the least-squares parameters of a standard curve.

Minimises sum(w (y - f(x))^2). Polynomials are solved in closed form. The logistic curves are linear in their two
asymptotes, so these are solved for at every point of a grid over steepness, midpoint and asymmetry (variable
projection: Golub and Pereyra, SIAM J Numer Anal 10:413-432, 1973), and the best of the grid are refined by
Levenberg-Marquardt (MINPACK) with the exact gradient. No starting value is asked for.
"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from littermate.plates.curve_models import CurveModel

__all__ = ["least_squares_parameters", "refit"]

Vector = NDArray[np.float64]

_STEEPNESS = (0.4, 0.7, 1.0, 1.5, 2.5, 4.0, 8.0)
_ASYMMETRY = (0.25, 0.5, 1.0, 2.0, 4.0)
_MIDPOINTS = 12
_REFINED = 4
_LOG_LIMIT = 30.0


def least_squares_parameters(model: CurveModel, x: Vector, y: Vector, weights: Vector) -> Vector:
    """Return the parameters (p,) that minimise the weighted sum of squares.

    Parameters
    ----------
    model
        The formula.
    x, y, weights
        Concentrations, signals and weights (n,); at least as many distinct concentrations as parameters.
    """
    root = np.sqrt(weights)
    if model.linear:
        return _solve_polynomial(len(model.parameters), x, y, root)
    starts = _starts(model, x, y, root)[:_REFINED]
    fits = [_refine(model, start, x, y, root) for start in starts]
    return min(fits, key=lambda fit: fit[0])[1]


def refit(model: CurveModel, start: Vector, x: Vector, y: Vector, weights: Vector) -> tuple[float, Vector]:
    """Return the weighted sum of squares and the parameters (p,) of a fit that starts at parameters known to be near.

    Parameters
    ----------
    model
        The formula.
    start
        Parameters (p,); polynomials need none.
    x, y, weights
        Points (n,).
    """
    root = np.sqrt(weights)
    if not model.linear:
        cost, values = _refine(model, start, x, y, root)
        return 2 * cost, values
    values = _solve_polynomial(len(model.parameters), x, y, root)
    return float(np.sum(weights * (y - model.signal(x, values)) ** 2)), values


def _solve_polynomial(count: int, x: Vector, y: Vector, root: Vector) -> Vector:
    """Solve on x scaled to 0 to 1, for the sake of the digits."""
    scale = float(np.max(np.abs(x)))
    design = np.vander(x / scale, count, increasing=True)
    solution = np.linalg.lstsq(design * root[:, None], y * root, rcond=None)[0]
    return np.asarray(solution / scale ** np.arange(count), dtype=np.float64)


def _starts(model: CurveModel, x: Vector, y: Vector, root: Vector) -> list[Vector]:
    """Return the grid's parameter vectors, best first."""
    positive = x[x > 0]
    midpoints = np.geomspace(positive.min() / 2, positive.max() * 8, _MIDPOINTS)
    asymmetries = _ASYMMETRY if len(model.parameters) == 5 else (1.0,)
    grid = [_projected(model, shape, x, y, root) for shape in itertools.product(_STEEPNESS, midpoints, asymmetries)]
    return [start for _, start in sorted(grid, key=lambda point: point[0])]


def _projected(model: CurveModel, shape: tuple[float, ...], x: Vector, y: Vector, root: Vector) -> tuple[float, Vector]:
    """Solve for the asymptotes at a given shape; return the sum of squares and all parameters."""
    steepness, midpoint, asymmetry = shape
    p = np.array([1.0, steepness, midpoint, 0.0, asymmetry][: len(model.parameters)])
    share = model.signal(x, p)
    design = np.column_stack([share, 1 - share]) * root[:, None]
    (p[0], p[3]), *_ = np.linalg.lstsq(design, y * root, rcond=None)
    return float(np.sum((root * (model.signal(x, p) - y)) ** 2)), p


def _refine(model: CurveModel, start: Vector, x: Vector, y: Vector, root: Vector) -> tuple[float, Vector]:
    """Refine from one start, with the parameters that must be positive as logarithms."""
    logged = np.array([1, 2, 4][: len(start) - 2])

    def natural(theta: Vector) -> Vector:
        p = theta.copy()
        p[logged] = np.exp(np.clip(theta[logged], -_LOG_LIMIT, _LOG_LIMIT))
        return p

    def residuals(theta: Vector) -> Vector:
        return np.asarray(root * (model.signal(x, natural(theta)) - y), dtype=np.float64)

    def jacobian(theta: Vector) -> Vector:
        p = natural(theta)
        gradient = model.gradient(x, p)
        gradient[:, logged] *= p[logged]
        return np.asarray(gradient * root[:, None], dtype=np.float64)

    theta = start.copy()
    theta[logged] = np.log(start[logged])
    tight = {"ftol": 1e-15, "xtol": 1e-15, "gtol": 1e-15}
    found = optimize.least_squares(residuals, theta, jacobian, method="lm", x_scale="jac", max_nfev=1000, **tight)
    return float(found.cost), natural(found.x)
