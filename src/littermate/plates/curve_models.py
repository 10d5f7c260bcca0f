"""Curve models: the formulas of a standard curve, their gradients and their inverses.

Conventions: x is a concentration (0 or more), y a signal, p the parameters in the order of `CurveModel.parameters`.

==========  ==========================================  =====================================================
linear      y = a + b x
quadratic   y = a + b x + c x^2
4pl         y = d + (a - d) / (1 + (x / c)^b)           a at zero, d at infinity, c half-way, b > 0 the steepness
5pl         y = d + (a - d) / (1 + (x / c)^b)^g         g the asymmetry (g = 1 is the 4PL)
==========  ==========================================  =====================================================

With b > 0 a falling curve has a > d; there is no second set of parameters for the same curve.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["MODELS", "CurveModel"]

Vector = NDArray[np.float64]

_HUGE = 1e300


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveModel:
    """One formula.

    Parameters
    ----------
    name, formula
        ``"4pl"``, and the formula as printed.
    parameters
        Their names, in order.
    signal
        (x, p) to y, same shape as x.
    gradient
        (x, p) to dy/dp, of shape (n, parameters).
    slope
        (x, p) to dy/dx.
    inverse
        (y, p, direction) to x, or `None` where no concentration of 0 or more gives that signal; `direction` is 1 on
        the rising branch and -1 on the falling one.
    linear
        Whether y is linear in p, so that the fit has a closed form.
    """

    name: str
    formula: str
    parameters: tuple[str, ...]
    signal: Callable[[ArrayLike, Vector], Vector]
    gradient: Callable[[ArrayLike, Vector], Vector]
    slope: Callable[[ArrayLike, Vector], Vector]
    inverse: Callable[[float, Vector, int], float | None]
    linear: bool


def _polynomial_signal(x: ArrayLike, p: Vector) -> Vector:
    return np.asarray(np.polynomial.polynomial.polyval(np.asarray(x, dtype=np.float64), p), dtype=np.float64)


def _polynomial_gradient(x: ArrayLike, p: Vector) -> Vector:
    return np.asarray(np.vander(np.atleast_1d(np.asarray(x, dtype=np.float64)), len(p), increasing=True))


def _polynomial_slope(x: ArrayLike, p: Vector) -> Vector:
    return _polynomial_signal(x, np.asarray(np.polynomial.polynomial.polyder(p), dtype=np.float64))


def _line_inverse(y: float, p: Vector, direction: int) -> float | None:
    if p[1] == 0:
        return None
    return _not_negative(float((y - p[0]) / p[1]))


def _parabola_inverse(y: float, p: Vector, direction: int) -> float | None:
    """Return the root on the branch of that direction, by the form that does not cancel."""
    a, b, c = p.tolist()
    discriminant = b * b - 4 * c * (a - y)
    if discriminant < 0:
        return None
    slope = direction * math.sqrt(discriminant)
    if b * direction > 0:
        return _not_negative(2 * (y - a) / (b + slope))
    return _not_negative((slope - b) / (2 * c)) if c != 0 else None


def _not_negative(x: float) -> float | None:
    return x if x >= 0 else None


def _power(x: ArrayLike, p: Vector) -> Vector:
    """Return (x / c)^b."""
    with np.errstate(over="ignore"):
        return np.asarray(np.power(np.asarray(x, dtype=np.float64) / p[2], p[1]), dtype=np.float64)


def _asymmetry(p: Vector) -> float:
    return float(p[4]) if len(p) == 5 else 1.0


def _logistic_signal(x: ArrayLike, p: Vector) -> Vector:
    share = np.power(1 + _power(x, p), -_asymmetry(p))
    return np.asarray(p[3] + (p[0] - p[3]) * share, dtype=np.float64)


def _logistic_gradient(x: ArrayLike, p: Vector) -> Vector:
    x = np.atleast_1d(np.asarray(x, dtype=np.float64))
    power, g, span = _power(x, p), _asymmetry(p), p[0] - p[3]
    share = np.power(1 + power, -g)
    by_log_power = -g * share * span * _saturation(power)
    log_ratio = np.log(np.where(x > 0, x, p[2]) / p[2])
    columns = [share, by_log_power * log_ratio, -by_log_power * p[1] / p[2], 1 - share]
    if len(p) == 5:
        columns.append(-span * share * np.log1p(np.minimum(power, _HUGE)))
    return np.column_stack(columns)


def _saturation(power: Vector) -> Vector:
    """Return u / (1 + u), also where u is infinite."""
    return 1 - 1 / (1 + power)


def _logistic_slope(x: ArrayLike, p: Vector) -> Vector:
    x = np.asarray(x, dtype=np.float64)
    power, g = _power(x, p), _asymmetry(p)
    share = np.power(1 + power, -g)
    return np.asarray(-g * share * (p[0] - p[3]) * _saturation(power) * p[1] / x, dtype=np.float64)


def _logistic_inverse(y: float, p: Vector, direction: int) -> float | None:
    if p[0] == p[3]:
        return None
    share = float((y - p[3]) / (p[0] - p[3]))
    if not 0 < share <= 1:
        return None
    power = math.expm1(-math.log(share) / _asymmetry(p))
    return float(p[2] * power ** (1 / p[1]))


def _polynomial(name: str, formula: str, parameters: tuple[str, ...]) -> CurveModel:
    return CurveModel(
        name=name,
        formula=formula,
        parameters=parameters,
        signal=_polynomial_signal,
        gradient=_polynomial_gradient,
        slope=_polynomial_slope,
        inverse=_line_inverse if len(parameters) == 2 else _parabola_inverse,
        linear=True,
    )


def _logistic(name: str, formula: str, parameters: tuple[str, ...]) -> CurveModel:
    return CurveModel(
        name=name,
        formula=formula,
        parameters=parameters,
        signal=_logistic_signal,
        gradient=_logistic_gradient,
        slope=_logistic_slope,
        inverse=_logistic_inverse,
        linear=False,
    )


MODELS = MappingProxyType(
    {
        "linear": _polynomial("linear", "y = a + b x", ("a", "b")),
        "quadratic": _polynomial("quadratic", "y = a + b x + c x^2", ("a", "b", "c")),
        "4pl": _logistic("4pl", "y = d + (a - d) / (1 + (x / c)^b)", ("a", "b", "c", "d")),
        "5pl": _logistic("5pl", "y = d + (a - d) / (1 + (x / c)^b)^g", ("a", "b", "c", "d", "g")),
    }
)
