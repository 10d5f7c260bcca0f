"""Profile: the likelihood interval of a concentration read from a curve.

Source of the method: Bates and Watts, Nonlinear Regression Analysis and Its Applications, Wiley 1988, chapter 6; for a
straight line it is Fieller's interval (J R Stat Soc B 16:175-185, 1954). The sample's mean signal is one more point of
the fit, at a concentration that is tried: those at which the sum of squares grows by less than t^2 times the variance
belong to the interval. Where the sum never grows by so much, the limit is open, and is `None`.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from littermate.plates.curve_fit import refit
from littermate.plates.curve_models import CurveModel

__all__ = ["Fitted", "profile_limits"]

Vector = NDArray[np.float64]

_STEP_GROWTH = 1.6
_FARTHEST_RATIO = 1e4
_STEPS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Fitted:
    """A fitted curve with what it was fitted to: points (n, 3) of concentration, signal and weight."""

    model: CurveModel
    values: Vector
    points: Vector

    def growth(self, x: float, signal: float, weight: float) -> float:
        """Return by how much the sum of squares grows when a sample of this signal is said to have concentration x."""
        points = np.vstack([self.points, [x, signal, weight]])
        with_sample, _ = refit(self.model, self.values, points[:, 0], points[:, 1], points[:, 2])
        residuals = self.points[:, 1] - self.model.signal(self.points[:, 0], self.values)
        return with_sample - float(np.sum(self.points[:, 2] * residuals**2))


def profile_limits(
    fitted: Fitted, *, x: float, signal: float, weight: float, threshold: float, error: float
) -> tuple[float | None, float | None]:
    """Return the two limits, `None` for an open one.

    Parameters
    ----------
    fitted
        The curve.
    x, signal, weight
        Of the sample: its concentration on the curve, its mean signal, and the weight of that mean.
    threshold
        The growth of the sum of squares at a limit.
    error
        Standard error of the concentration (delta method), from which the search starts.
    """
    to_x: Callable[[float], float] = float if fitted.model.linear else math.exp
    middle = x if fitted.model.linear else math.log(x)
    step = error if fitted.model.linear else error / x

    def excess(place: float) -> float:
        return fitted.growth(to_x(place), signal, weight) - threshold

    farthest = _farthest(fitted, middle, error)
    low, high = (_limit(excess, middle, sign * step, farthest) for sign in (-1, 1))
    return (None if low is None else to_x(low)), (None if high is None else to_x(high))


def _farthest(fitted: Fitted, middle: float, error: float) -> float:
    """Return how far from the middle a limit is looked for, in concentration or in its logarithm."""
    if not fitted.model.linear:
        return math.log(_FARTHEST_RATIO)
    return 10 * max(float(fitted.points[:, 0].max()), abs(middle), error)


def _limit(excess: Callable[[float], float], middle: float, step: float, farthest: float) -> float | None:
    """Walk outwards until the growth is beyond the threshold, and close in on the place."""
    inner, outer = middle, middle + step
    for _ in range(_STEPS):
        if excess(outer) >= 0:
            return float(optimize.brentq(excess, inner, outer, xtol=1e-12, rtol=1e-10))
        if abs(outer - middle) >= farthest:
            return None
        inner, outer = outer, middle + (outer - middle) * _STEP_GROWTH
    return None
