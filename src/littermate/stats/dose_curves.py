"""Dose curves: the formulas, their derivatives, and the dose at which a share of the effect is reached.

The response to dose x is c + (d - c) S(z), z = b (log x - log e): c is the lower plateau, d the upper. With b > 0 the
curve falls from d at dose 0 to c; with b < 0 it rises from c at dose 0 to d. Names and signs are those of Ritz et al.
2015 (*PLoS ONE* 10:e0146021).

=====  ==========================  =========================================================
ll3    (1 + e^z)^-1, c = 0         e is the ED50
ll4    (1 + e^z)^-1                e is the ED50
ll5    (1 + e^z)^-f                asymmetric: e is no ED50 unless f = 1
w14    exp(-e^z)                   Weibull, type 1
=====  ==========================  =========================================================

Parameters are worked on as (b, c, d, log e, log f), which keeps e and f above 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray
from scipy import special

__all__ = ["FORMS", "Form", "log_effective_dose"]

Floats = NDArray[np.float64]

_FAR = 500.0
"""Beyond this z a curve stands on its plateau, to the last digit."""
_LOG_LIMIT = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One formula.

    Parameters
    ----------
    name, formula
        ``"ll4"``, and the formula as printed.
    free
        Places, within (b, c, d, log e, log f), of the parameters that are fitted; c is otherwise 0, f is 1.
    share
        (z, log f) to S and its derivatives by z and by log f.
    quantile
        (share of effect, log f) to the z at which 1 - S is that share, and its derivative by log f.
    """

    name: str
    formula: str
    free: tuple[int, ...]
    share: Callable[[Floats, float], tuple[Floats, Floats, Floats]]
    quantile: Callable[[float, float], tuple[float, float]]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the fitted parameters."""
        return tuple("bcdef"[place] for place in self.free)

    def spread(self, theta: Floats) -> Floats:
        """Return all five parameters of the fitted ones."""
        full = np.zeros(5)
        full[list(self.free)] = theta
        return full

    def response(self, dose: Floats, theta: Floats) -> Floats:
        """Return the curve at each dose, shape (n,)."""
        full = self.spread(theta)
        z, _ = _place(dose, full)
        share, _, _ = self.share(z, full[4])
        return np.asarray(full[1] + (full[2] - full[1]) * share, dtype=np.float64)

    def jacobian(self, dose: Floats, theta: Floats) -> Floats:
        """Return the derivatives of the curve by the fitted parameters, shape (n, p)."""
        full = self.spread(theta)
        z, away = _place(dose, full)
        share, by_z, by_f = self.share(z, full[4])
        height = full[2] - full[1]
        slope = height * by_z
        columns = (slope * away, 1 - share, share, np.where(away == 0, 0.0, -full[0] * slope), height * by_f)
        return np.column_stack([columns[place] for place in self.free])


def _place(dose: Floats, full: Floats) -> tuple[Floats, Floats]:
    """Return z, and log x - log e (0 where the dose is 0)."""
    given = dose > 0
    away = np.where(given, np.log(np.where(given, dose, 1.0)) - full[3], 0.0)
    z = np.where(given, full[0] * away, -np.copysign(_FAR, full[0]))
    return np.clip(z, -_FAR, _FAR), away


def _logistic(z: Floats, log_f: float) -> tuple[Floats, Floats, Floats]:
    f = math.exp(min(log_f, _LOG_LIMIT))
    soft = np.logaddexp(0.0, z)
    share = np.exp(-f * soft)
    return share, -f * share * special.expit(z), -f * soft * share


def _logistic_quantile(effect: float, log_f: float) -> tuple[float, float]:
    u = -math.log1p(-effect) * math.exp(-min(max(log_f, -_LOG_LIMIT), _LOG_LIMIT))
    return u + math.log(-math.expm1(-u)), u / math.expm1(-u)


def _weibull(z: Floats, _: float) -> tuple[Floats, Floats, Floats]:
    rise = np.exp(z)
    share = np.exp(-rise)
    return share, -rise * share, np.zeros_like(z)


def _weibull_quantile(effect: float, _: float) -> tuple[float, float]:
    return math.log(-math.log1p(-effect)), 0.0


FORMS = MappingProxyType(
    {
        form.name: form
        for form in (
            Form(
                name="ll3",
                formula="d / (1 + (dose/e)^b)",
                free=(0, 2, 3),
                share=_logistic,
                quantile=_logistic_quantile,
            ),
            Form(
                name="ll4",
                formula="c + (d - c) / (1 + (dose/e)^b)",
                free=(0, 1, 2, 3),
                share=_logistic,
                quantile=_logistic_quantile,
            ),
            Form(
                name="ll5",
                formula="c + (d - c) / (1 + (dose/e)^b)^f",
                free=(0, 1, 2, 3, 4),
                share=_logistic,
                quantile=_logistic_quantile,
            ),
            Form(
                name="w14",
                formula="c + (d - c) exp(-(dose/e)^b)",
                free=(0, 1, 2, 3),
                share=_weibull,
                quantile=_weibull_quantile,
            ),
        )
    }
)


def log_effective_dose(form: Form, theta: Floats, percent: float) -> tuple[float, Floats]:
    """Return the logarithm of an effective dose, and its derivatives by the fitted parameters.

    Parameters
    ----------
    form, theta
        The curve.
    percent
        Of the way from the control's plateau to the other, between 0 and 100.

    Examples
    --------
    >>> log_dose, _ = log_effective_dose(FORMS["ll4"], np.array([-1.0, 0.0, 1.0, math.log(5)]), 80)
    >>> round(math.exp(log_dose), 9)
    20.0
    """
    full = form.spread(theta)
    effect = percent / 100 if full[0] > 0 else 1 - percent / 100
    z, by_f = form.quantile(effect, full[4])
    gradient = np.array([-z / full[0] ** 2, 0.0, 0.0, 1.0, by_f / full[0]])
    return float(full[3] + z / full[0]), gradient[list(form.free)]
