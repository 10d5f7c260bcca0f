"""Curve: from the standards' signals to a concentration, and how sure it is.

Conventions: concentrations are in the plate's unit, 0 or more. `lloq` and `uloq` are the lowest standard above zero
and the highest standard that can be used; a signal beyond theirs has no concentration but a reason. Weights are those
of squared residuals: ``"none"`` (constant spread), ``"1/y"`` (variance grows with the signal) and ``"1/y2"`` (constant
coefficient of variation), y being the measured signal. A point that is the mean of n wells counts n-fold, so that
`residual_sd` is always that of a single well (of weight 1).
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

from littermate.errors import Complaint, PlateError, UsageError
from littermate.model.plate import Limits
from littermate.plates.curve_fit import least_squares_parameters
from littermate.plates.curve_models import MODELS, CurveModel
from littermate.plates.profile import Fitted, profile_limits

__all__ = ["CI_METHODS", "MODEL_NAMES", "WEIGHTS", "Curve", "CurveFault", "Interpolation", "fit_curve", "with_range"]

Vector = NDArray[np.float64]

MODEL_NAMES = tuple(MODELS)
WEIGHTS = ("none", "1/y", "1/y2")
CI_METHODS = ("delta", "profile")
_POWERS = MappingProxyType({"none": 0, "1/y": 1, "1/y2": 2})
_EDGE = 1e-9
_FAR_SPANS, _FAR_BEND = 5.0, 25.0
_LARGEST_LOG = 300.0

_OPEN = {
    (True, False): "no lower limit: these standards cannot tell it from concentrations far below",
    (False, True): "no upper limit: these standards cannot tell it from concentrations far above",
    (True, True): "no limits: these standards tell nothing of where this signal lies",
    (False, False): "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpolation:
    """A concentration read from a curve, with its confidence interval, or `None` and the reason.

    A limit of the interval that is open is `None`, and `ci_reason` says so in words.
    """

    value: float | None
    ci: Limits | None = None
    reason: str = ""
    ci_reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveFault:
    """One thing that is wrong with a curve.

    `critical`: the curve is bad, and no number from it may be used as it is. `withholds`: there are no numbers, because
    a signal does not mean one concentration.
    """

    words: str
    critical: bool = False
    withholds: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """A fitted standard curve.

    Parameters
    ----------
    model, weights
        ``"linear"``, ``"quadratic"``, ``"4pl"`` or ``"5pl"``; ``"none"``, ``"1/y"`` or ``"1/y2"``.
    parameters
        (name, value) pairs, see `littermate.plates.curve_models`.
    r_squared
        1 - (weighted residual sum of squares) / (weighted sum of squares about the weighted mean).
    lloq, uloq
        Lowest standard above zero and highest standard that can be used; `None` where no range is left.
    residual_sd
        Of a single well of weight 1 (with weights ``"1/y2"`` it is a coefficient of variation), or `None` where there
        are no degrees of freedom.
    df
        Residual degrees of freedom: points less parameters.
    covariance
        Of the parameters, as rows; empty where there are no degrees of freedom or it is singular.
    unit
        Of the concentrations, for the words of a reason.
    points
        What was fitted: (concentration, signal, weight), a mean of n wells having n times a well's weight.
    """

    model: str
    weights: str
    parameters: tuple[tuple[str, float], ...]
    r_squared: float
    lloq: float | None
    uloq: float | None
    residual_sd: float | None
    df: int
    covariance: tuple[tuple[float, ...], ...] = ()
    unit: str = ""
    points: tuple[tuple[float, float, float], ...] = ()

    @property
    def formula(self) -> str:
        """The formula as printed."""
        return self._model.formula

    def signal(self, concentration: ArrayLike) -> Vector:
        """Return the curve's signal at each concentration, in the same shape."""
        return np.asarray(self._model.signal(concentration, self._values), dtype=np.float64)

    def back_calculate(self, signal: float) -> float | None:
        """Return the concentration anywhere on the curve, also beyond the standards; for judging standards only."""
        return self._model.inverse(signal, self._values, self._direction)

    def concentration(
        self,
        signal: float,
        *,
        wells: int = 1,
        level: float = 0.95,
        well_sd: float | None = None,
        ci_method: str = "delta",
    ) -> Interpolation:
        """Read a concentration, within the range of the standards.

        Parameters
        ----------
        signal
            Mean signal of the sample's wells.
        wells
            How many wells that mean is of.
        level
            Of the confidence interval.
        well_sd
            Spread of a single well of weight 1, where the samples' wells are known to spread more than the standards';
            never less than `residual_sd` is used.
        ci_method
            ``"delta"`` or ``"profile"``.

        Returns
        -------
        Interpolation
            Out of range: no value, and the reason. Both intervals are from the spread of the wells and the uncertainty
            of the parameters, with Student's t. That of the delta method is on the logarithm of the concentration for
            4PL and 5PL, so that it never reaches below zero. That of the profile likelihood follows the curve's bend,
            and may be open to a side (`littermate.plates.profile`).

        Examples
        --------
        >>> curve = fit_curve([0, 10, 20, 40], [0.1, 0.3, 0.5, 0.9], model="linear")
        >>> round(curve.concentration(0.4).value, 9)
        15.0
        >>> curve.concentration(1.3).reason
        'above the highest usable standard (40)'
        """
        if reason := self._out_of_range(signal):
            return Interpolation(value=None, reason=reason)
        value = self.back_calculate(signal)
        if value is None:
            return Interpolation(value=None, reason="no concentration on the curve has this signal")
        ci = self._interval(value, signal, wells, level, well_sd or 0.0, ci_method)
        open_sides = (ci is not None and ci[0] is None, ci is not None and ci[1] is None)
        return Interpolation(value=value, ci=ci, ci_reason=_OPEN[open_sides])

    def line(self, points: int = 200) -> tuple[Vector, Vector]:
        """Return concentrations (points,) over the usable range and the curve's signals, for a drawing.

        They are spaced evenly for linear and quadratic curves, and in equal ratios for 4PL and 5PL.
        """
        if self.lloq is None or self.uloq is None:
            return np.empty(0), np.empty(0)
        space = np.linspace if self._model.linear else np.geomspace
        x = np.asarray(space(self.lloq, self.uloq, points), dtype=np.float64)
        return x, self.signal(x)

    def weight(self, signal: float) -> float:
        """Return the weight of a well with this signal, 1 without weights."""
        return float(_weights_of(np.array([signal]), self.weights)[0])

    def studentised(self, concentration: float, signal: float, *, wells: float = 1.0) -> float | None:
        """Return the externally studentised residual of a point to which the curve was fitted.

        That is its residual over what the residual's spread would be had the curve been fitted without the point
        (Cook and Weisberg, Residuals and Influence in Regression, 1982, section 2.2); `None` where there is none.
        """
        if not self.residual_sd or not self.covariance or self.df < 2:
            return None
        gradient = self._model.gradient([concentration], self._values)[0]
        weight = wells * self.weight(signal)
        leverage = weight * float(gradient @ np.array(self.covariance) @ gradient) / self.residual_sd**2
        if leverage > 1 - _EDGE:
            return None
        residual = math.sqrt(weight / (1 - leverage)) * (signal - float(self.signal(concentration))) / self.residual_sd
        return residual * math.sqrt((self.df - 1) / max(self.df - residual**2, _EDGE))

    def faults(self, *, r_squared_limit: float = 0.98, rises: bool = False) -> tuple[CurveFault, ...]:
        """Say what is wrong with the curve; empty if nothing is.

        Parameters
        ----------
        r_squared_limit
            Below this the curve fits badly.
        rises
            Whether the assay's signal can only rise with the concentration.
        """
        found = (
            (self.r_squared < r_squared_limit, _misfit(self.r_squared, r_squared_limit)),
            (self.lloq is None, _NO_RANGE),
            (not self.monotone, _TURNS),
            (rises and self._direction < 0, _FALLS),
            (self.df == 0, _NO_DF),
            (self.df > 0 and not self.covariance, _UNDETERMINED),
            (self.uloq is not None and self._midpoint > self.uloq, _GUESS),
            (self._runs_away, _RUNS_AWAY),
        )
        return tuple(fault for wrong, fault in found if wrong)

    @property
    def monotone(self) -> bool:
        """Whether the curve only rises or only falls from `lloq` to `uloq` (from 0 where there is no range)."""
        if self.lloq is None or self.uloq is None:
            return True
        slopes = self._model.slope(np.array([self.lloq, self.uloq]), self._values)
        return bool(np.all(slopes > 0) or np.all(slopes < 0))

    @property
    def _midpoint(self) -> float:
        return 0.0 if self._model.linear else float(self._values[2])

    @property
    def _runs_away(self) -> bool:
        """Whether the best parameters are those of another, simpler formula that this one only approaches."""
        if self._model.linear or not self.points:
            return False
        signals = [signal for _, signal, _ in self.points]
        span = max(signals) - min(signals)
        beyond = max(max(self._values[[0, 3]]) - max(signals), min(signals) - min(self._values[[0, 3]]))
        bend = self._values[4] if len(self._values) == 5 else 1.0
        return bool(beyond > _FAR_SPANS * span or not 1 / _FAR_BEND < bend < _FAR_BEND)

    @property
    def _model(self) -> CurveModel:
        return MODELS[self.model]

    @property
    def _values(self) -> Vector:
        return np.array([value for _, value in self.parameters])

    @property
    def _direction(self) -> int:
        """1 where the signal rises with the concentration, -1 where it falls."""
        known = [x for x, _, _ in self.points if x > 0] or [0.0, 1.0]
        low, high = self.signal([self.lloq or min(known), self.uloq or max(known)])
        return 1 if high >= low else -1

    def _out_of_range(self, signal: float) -> str:
        if self.lloq is None or self.uloq is None:
            return "the curve has no usable range"
        if not self.monotone:
            return "the curve turns round between its standards"
        low, high = (self.signal([self.lloq, self.uloq]) * self._direction).tolist()
        margin = _EDGE * (high - low)
        unit = f" {self.unit}" if self.unit else ""
        if signal * self._direction < low - margin:
            return f"below the lowest usable standard ({self.lloq:g}{unit})"
        if signal * self._direction > high + margin:
            return f"above the highest usable standard ({self.uloq:g}{unit})"
        return ""

    def _interval(
        self, x: float, signal: float, wells: int, level: float, well_sd: float, ci_method: str
    ) -> Limits | None:
        if self.residual_sd is None or not self.covariance:
            return None
        gradient = self._model.gradient([x], self._values)[0]
        spread = max(self.residual_sd, well_sd) / math.sqrt(self.weight(signal) * wells)
        variance = spread**2 + float(gradient @ np.array(self.covariance) @ gradient)
        error = math.sqrt(variance) / abs(float(self._model.slope(x, self._values)))
        reach = float(stats.t.ppf((1 + level) / 2, self.df))
        if ci_method == "profile" and self.residual_sd > 0:
            return profile_limits(
                Fitted(model=self._model, values=self._values, points=np.array(self.points)),
                x=x,
                signal=signal,
                weight=(self.residual_sd / spread) ** 2,
                threshold=(reach * self.residual_sd) ** 2,
                error=error,
            )
        if self._model.linear:
            return x - reach * error, x + reach * error
        return x * math.exp(-reach * error / x), x * math.exp(min(reach * error / x, _LARGEST_LOG))


def _misfit(r_squared: float, limit: float) -> CurveFault:
    return CurveFault(words=f"the curve fits badly: R2 = {r_squared:.4f}, wanted {limit:g} or more", critical=True)


_NO_RANGE = CurveFault(
    words="the curve has no usable range: fewer than two standards come back near their true value",
    critical=True,
    withholds=True,
)
_TURNS = CurveFault(
    words="the curve turns round between its standards: one signal would mean two concentrations",
    critical=True,
    withholds=True,
)
_FALLS = CurveFault(
    words="the signal falls as the concentration rises, which this assay cannot do: are the standards the wrong way"
    " round?",
    critical=True,
    withholds=True,
)
_NO_DF = CurveFault(words="as many parameters as points: the fit cannot be judged, and there are no intervals")
_UNDETERMINED = CurveFault(words="the standards do not determine every parameter of the curve: there are no intervals")
_GUESS = CurveFault(words="the standards end below the curve's midpoint: its far asymptote is a guess")
_RUNS_AWAY = CurveFault(
    words="an asymptote or the asymmetry runs away from the standards: a curve with fewer parameters is enough"
)


def fit_curve(
    concentrations: Sequence[float],
    signals: Sequence[float],
    *,
    model: str,
    weights: str = "none",
    wells: Sequence[float] | None = None,
) -> Curve:
    """Fit a standard curve; its range is that of the concentrations given.

    Parameters
    ----------
    concentrations, signals
        One of each a point, which may be a well or the mean of a standard's wells.
    model, weights
        One of `MODEL_NAMES` and of `WEIGHTS`.
    wells
        How many wells each signal is the mean of; 1 where not given.

    Raises
    ------
    UsageError
        If the model or the weights are unknown, or the lengths differ.
    PlateError
        If the standards are too few for the model, or a signal cannot have a weight. All complaints at once.

    Examples
    --------
    >>> curve = fit_curve([0, 1, 2, 4, 8], [0.1, 0.2, 0.3, 0.5, 0.9], model="linear")
    >>> [(name, round(value, 9)) for name, value in curve.parameters]
    [('a', 0.1), ('b', 0.1)]
    >>> curve.lloq, curve.uloq
    (1.0, 8.0)
    """
    _check_call(len(concentrations), len(signals), model, weights)
    x, y = np.array(concentrations, dtype=np.float64), np.array(signals, dtype=np.float64)
    if complaints := _unfit_points(x, y, model, weights):
        raise PlateError.of(complaints)
    counts = np.ones(len(x)) if wells is None else np.array(wells, dtype=np.float64)
    weight = counts * _weights_of(y, weights)
    values = least_squares_parameters(MODELS[model], x, y, weight)
    return _describe(MODELS[model], values, x, y, weight, weights)


def _check_call(points: int, signals: int, model: str, weights: str) -> None:
    complaints = []
    if points != signals:
        found = f"{points} concentrations, {signals} signals"
        complaints.append(Complaint(expected="one signal a concentration", found=found, do="give both for every point"))
    for what, choice, known in (("model", model, MODEL_NAMES), ("weights", weights, WEIGHTS)):
        if choice not in known:
            expected = f"{what}: {', '.join(known)}"
            complaints.append(Complaint(expected=expected, found=choice, do="choose one of these"))
    if complaints:
        raise UsageError.of(complaints)


def _unfit_points(x: Vector, y: Vector, model: str, weights: str) -> list[Complaint]:
    """Complain of points from which this curve cannot be fitted."""
    complaints = []
    needed, distinct = len(MODELS[model].parameters), len(np.unique(x))
    if distinct < needed or np.count_nonzero(np.unique(x) > 0) < 2:
        complaints.append(
            Complaint(
                expected=f"at least {needed} standards of different concentration for a {model} curve",
                found=f"{distinct} with a signal",
                do="choose a simpler curve, or read the plate again with more standards",
            )
        )
    if not np.all(np.isfinite(x)) or not np.all(np.isfinite(y)) or np.any(x < 0):
        complaints.append(
            Complaint(
                expected="finite signals, and concentrations of 0 or more",
                found="others",
                do="leave out wells without a signal, and correct the standards' concentrations",
            )
        )
    elif weights != "none" and np.any(y <= 0):
        complaints.append(
            Complaint(
                expected=f"signals above zero for weights {weights}",
                found=f"{y.min():g}",
                do="do not subtract the blank before a weighted fit, or choose weights none",
            )
        )
    return complaints


def _weights_of(y: Vector, weights: str) -> Vector:
    return np.asarray(np.abs(y) ** -float(_POWERS[weights]), dtype=np.float64)


def _describe(model: CurveModel, values: Vector, x: Vector, y: Vector, weight: Vector, weights: str) -> Curve:
    residual = float(np.sum(weight * (y - model.signal(x, values)) ** 2))
    total = float(np.sum(weight * (y - np.average(y, weights=weight)) ** 2))
    df = len(x) - len(values)
    return Curve(
        model=model.name,
        weights=weights,
        parameters=tuple(zip(model.parameters, values.tolist(), strict=True)),
        r_squared=1 - residual / total if total > 0 else 0.0,
        lloq=float(x[x > 0].min()),
        uloq=float(x.max()),
        residual_sd=math.sqrt(residual / df) if df > 0 else None,
        df=df,
        covariance=_covariance(model, values, x, weight, residual / df) if df > 0 else (),
        points=tuple(zip(x.tolist(), y.tolist(), weight.tolist(), strict=True)),
    )


def _covariance(
    model: CurveModel, values: Vector, x: Vector, weight: Vector, variance: float
) -> tuple[tuple[float, ...], ...]:
    """Return variance x (J' W J)^-1, or nothing where the points do not determine every parameter."""
    jacobian = model.gradient(x, values) * np.sqrt(weight)[:, None]
    scale = np.linalg.norm(jacobian, axis=0)
    if not np.all(scale > 0) or np.linalg.matrix_rank(jacobian / scale) < len(values):
        return ()
    triangle = np.linalg.qr(jacobian / scale, mode="r")
    inverse = np.linalg.solve(triangle, np.eye(len(values))) / scale[:, None]
    return tuple(map(tuple, (variance * inverse @ inverse.T).tolist()))


def with_range(curve: Curve, lloq: float | None, uloq: float | None, *, unit: str) -> Curve:
    """Return the curve with a narrower range, because its outer standards cannot be used."""
    return dataclasses.replace(curve, lloq=lloq, uloq=uloq, unit=unit)
