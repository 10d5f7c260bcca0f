"""Transformed outcomes: log, square root, logit of a share; back-transformed ratios; Box and Cox's advice.

On the log scale a difference of means is the logarithm of a ratio of geometric means, so its interval turned back is
an interval of that ratio. There is no arcsine: the logit fits shares better (Warton and Hui 2011, *Ecology* 92:3).
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from scipy import optimize, stats

from littermate.errors import AnalysisError, UsageError
from littermate.model.interval import Interval
from littermate.model.transformation import BoxCox, Transformation
from littermate.stats.answerable import some_of
from littermate.stats.planned import PlannedModel
from littermate.stats.table import Floats, Table

__all__ = ["box_cox", "ratio_of_means", "transform"]

_POWERS = (-5.0, 5.0)
_SAME = 1e-9
"""A power this near to 0 is the logarithm."""


def transform(table: Table, scale: Transformation) -> Table:
    """Return the table with its outcome on another scale; missing values stay missing.

    Raises
    ------
    UsageError
        If the scale is unknown, or a logit has no total above 0.
    AnalysisError
        If a value has no place on the scale: zero or below for a log, below zero for a root, outside 0 to the total
        for a logit. The units are named.

    Examples
    --------
    >>> table = Table(outcome="y", values=(1, 100, None), factors={}, units=("K1", "K2", "K3"))
    >>> transform(table, Transformation(kind="log")).values.round(4).tolist()
    [0.0, 4.6052, nan]
    """
    _require_scale(scale)
    values = table.values + table.shift + scale.shift
    outside = values < 0 if scale.kind == "sqrt" else values <= 0
    rest = np.full(len(values), np.inf)
    if scale.total is not None:
        rest = scale.total - table.values - table.shift + scale.shift
        outside |= rest <= 0
    if outside.any():
        raise _off_scale(table, scale, outside)
    changed = np.sqrt(values) if scale.kind == "sqrt" else np.log(values)
    if scale.kind == "logit":
        changed = changed - np.log(rest)
    return replace(table, values=changed, shift=0.0)


def _require_scale(scale: Transformation) -> None:
    if scale.kind not in ("log", "sqrt", "logit"):
        raise UsageError(expected="the scale log, sqrt or logit", found=scale.kind, do="choose one of them")
    if (scale.kind == "logit") != (scale.total is not None and scale.total > 0):
        raise UsageError(
            expected="a total above 0 for a logit, and none otherwise",
            found=f"{scale.kind}, {scale.total}",
            do="give the whole of which the outcome is a share: the window's seconds",
        )


def _off_scale(table: Table, scale: Transformation, outside: np.ndarray) -> AnalysisError:
    named = [f"{unit} ({table.values[row] + table.shift:g})" for row, unit in enumerate(table.units) if outside[row]]
    wanted = {"log": "values above 0", "sqrt": "values of 0 or above", "logit": f"values between 0 and {scale.total}"}
    return AnalysisError(
        expected=f"{wanted[scale.kind]} for the {scale.words}",
        found=some_of(named),
        do="state a shift in the plan (half the smallest value that can be measured), or stay on the raw scale",
    )


def ratio_of_means(estimate: float, ci95: Interval) -> tuple[float, Interval]:
    """Turn a difference on the log scale into a ratio of geometric means.

    Examples
    --------
    >>> ratio, (low, high) = ratio_of_means(np.log(2), (0.0, np.log(4)))
    >>> round(ratio, 9), low, round(high, 9)
    (2.0, 1.0, 4.0)
    """
    return float(np.exp(estimate)), (float(np.exp(ci95[0])), float(np.exp(ci95[1])))


def box_cox(model: PlannedModel) -> BoxCox:
    """Profile the power of the outcome under the planned model (Box and Cox 1964, *J R Stat Soc B* 26:211).

    The profile log-likelihood is -n/2 log RSS of the outcome's power divided by its geometric mean's; the interval
    holds every power within chi squared (1 df) / 2 of the best, between -5 and 5. It is advice for the next plan.

    Raises
    ------
    AnalysisError
        If a value is zero or below.
    """
    table = model.table
    positive = transform(table, Transformation(kind="log"))
    logs = positive.values - positive.values.mean()  # the geometric mean becomes 1
    basis = model.basis

    def fall(power: float) -> float:
        return -_profile(power, logs, basis)

    found = optimize.minimize_scalar(fall, bounds=_POWERS, method="bounded", options={"xatol": 1e-10})
    power, best = float(found.x), -float(found.fun)
    reach = best - float(stats.chi2.ppf(0.95, 1)) / 2
    ends = tuple(_end(power, end, reach, logs, basis) for end in _POWERS)
    return BoxCox(power=power, ci95=(ends[0], ends[1]), says=_advice(power, (ends[0], ends[1])))


def _profile(power: float, logs: Floats, basis: Floats) -> float:
    changed = np.expm1(power * logs) / power if abs(power) > _SAME else logs
    left = changed - basis @ (basis.T @ changed)
    return -len(logs) / 2 * float(np.log(left @ left))


def _end(power: float, end: float, reach: float, logs: Floats, basis: Floats) -> float:
    if _profile(end, logs, basis) > reach:
        return float(np.copysign(np.inf, end))
    return float(optimize.brentq(lambda at: _profile(at, logs, basis) - reach, power, end, xtol=1e-12))


def _advice(power: float, ci95: Interval) -> str:
    low, high = ci95
    known = {1.0: "the raw scale", 0.5: "a square root", 0.0: "a logarithm", -1.0: "a reciprocal"}
    fit = [words for value, words in known.items() if low <= value <= high]
    said = f"Box-Cox power {power:.2f} (95 % CI {low:.2f} to {high:.2f})"
    if low <= 1.0 <= high:
        return f"{said}: the raw scale is as good as any; no reason to transform."
    named = " or ".join(fit) or "no common scale"
    return f"{said}: {named} would fit better than the raw scale. Use it in the next plan; here it is a sensitivity."
