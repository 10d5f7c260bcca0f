"""JZS Bayes factor of a difference (Rouder et al. 2009, *Psychon Bull Rev* 16:225).

Without an effect t follows Student's distribution; with one the effect in residual SD is normal with variance g r^2,
and g inverse chi-squared with one degree of freedom, which makes it Cauchy of scale r. With N the effective number of
units, nu the degrees of freedom and a = 1 + N g r^2,

    BF10 = integral over g of a^(-1/2) [(1 + t^2 / (a nu)) / (1 + t^2 / nu)]^(-(nu + 1) / 2) (2 pi)^(-1/2) g^(-3/2)
           e^(-1 / (2 g)).

The convention for a difference of a factorial model: N = 1 / (standard error in residual SD)^2, nu the model's error
degrees of freedom. For two groups that is their t test. The same r means the same prior for the difference in SD, be
it of means or a difference of differences. An effect of several degrees of freedom has none here: ask of its
differences.

In log g the integrand falls like e^(-1 / (2 g)) to the left and like 1 / g to the right, and it is smooth, so that the
trapezium rule converges faster than any power of its step (Trefethen and Weideman 2014, *SIAM Rev* 56:385): at the
step used it is right to 12 digits. Sums are of logarithms: t = 100 is no exception.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from scipy import special

from littermate.errors import Complaint, UsageError
from littermate.model.analysis import Analysis
from littermate.model.bayes_factor import BayesFactor

__all__ = ["DEFAULT_R", "ROBUSTNESS_R", "bayes_factors", "jzs", "two_sample_units"]

DEFAULT_R = math.sqrt(0.5)
"""Scale of the prior: half of the effects are smaller than 0.71 SD."""
ROBUSTNESS_R = (0.5, math.sqrt(0.5), 1.0)

_STEP = 0.02
_LEFT = -6.0
"""Log g from which on the integrand is below 1e-87."""
_TAIL = 45.0
"""How far in log g it takes the right tail to fall below 1e-19."""


def bayes_factors(analysis: Analysis, *, r: float = DEFAULT_R) -> tuple[BayesFactor, ...]:
    """Return the Bayes factor of every difference of an analysis.

    Parameters
    ----------
    analysis
        From `fit`.
    r
        Scale of the Cauchy prior of the effect in residual SD, above 0.

    Raises
    ------
    UsageError
        If the scale is not above 0.

    Examples
    --------
    >>> from littermate.stats.factorial import fit_formula
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"y": [9, 10, 11, 10, 9, 10, 11, 10], "diet": ["control"] * 4 + ["deficient"] * 4})
    >>> (found,) = bayes_factors(fit_formula(frame, "y ~ diet"))
    >>> round(found.bf01, 3), round(found.n_effective, 6), found.says
    (1.911, 2.0, 'anecdotal evidence for no effect')
    """
    sd = analysis.residual_sd
    return tuple(jzs(one.t, one.df, (sd / one.se) ** 2, r=r, label=one.label) for one in analysis.differences)


def jzs(t: float, df: float, n_effective: float, *, r: float = DEFAULT_R, label: str = "t test") -> BayesFactor:
    """Return the Bayes factor of a t, with those of the scales `ROBUSTNESS_R`.

    Parameters
    ----------
    t, df
        Of the difference.
    n_effective
        n of one sample or of pairs; `two_sample_units` of two samples.
    r
        Scale of the Cauchy prior, above 0.
    label
        What was compared.

    Raises
    ------
    UsageError
        If t is not finite, or one of the others is not above 0.

    Examples
    --------
    >>> round(jzs(-4.0621277, 9, 10).bf10, 4)
    17.2589
    """
    _require_numbers(t, {"degrees of freedom": df, "effective units": n_effective, "a scale r": r})
    return BayesFactor(
        label=label,
        t=t,
        df=df,
        n_effective=n_effective,
        r=r,
        log_bf10=_log_bf10(t, df, n_effective * r**2),
        robustness=tuple((scale, _log_bf10(t, df, n_effective * scale**2)) for scale in ROBUSTNESS_R),
    )


def two_sample_units(n1: int, n2: int) -> float:
    """Return the effective number of units of two independent samples.

    Examples
    --------
    >>> two_sample_units(8, 8)
    4.0
    """
    return n1 * n2 / (n1 + n2)


def _log_bf10(t: float, df: float, scaled_units: float) -> float:
    """Integrate over the logarithm of g; `scaled_units` is N r^2."""
    right = _TAIL + max(0.0, math.log1p(t * t) - math.log(scaled_units))
    log_g = np.arange(_LEFT, right, _STEP)
    spread = 1 + scaled_units * np.exp(log_g)
    likelihood = -0.5 * (df + 1) * (np.log1p(t * t / (spread * df)) - math.log1p(t * t / df)) - 0.5 * np.log(spread)
    prior = -0.5 * (log_g + np.exp(-log_g) + math.log(2 * math.pi))
    return float(special.logsumexp(likelihood + prior) + math.log(_STEP))


def _require_numbers(t: float, above_0: Mapping[str, float]) -> None:
    complaints = [
        Complaint(expected=f"{name} above 0", found=f"{value}", do="correct it")
        for name, value in above_0.items()
        if not 0 < value < math.inf
    ]
    if not math.isfinite(t):
        complaints.append(Complaint(expected="a finite t", found=f"{t}", do="correct it"))
    if complaints:
        raise UsageError.of(complaints)
