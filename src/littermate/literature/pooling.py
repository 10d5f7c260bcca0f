"""Pooling: a common or random effect of several studies, with its test, heterogeneity and prediction interval.

Tests: ``"z"``; ``"t"`` on k - p degrees of freedom; ``"knha"``, in which the variance is scaled by the weighted
squares over k - p (Hartung and Knapp 2001, *Stat Med* 20:3875; Knapp and Hartung 2003, *Stat Med* 22:2693); and
``"adhoc"``, the same with a scale not below 1. I squared and H squared rest on tau squared and the typical sampling
variance (Higgins and Thompson 2002, *Stat Med* 21:1539), those of a common effect on Q.

The prediction interval is estimate +/- quantile x sqrt(se^2 + tau2) with the quantile of the test, as metafor's
`predict`; that with the quantile of t on k - 2 degrees of freedom (Higgins et al. 2009, *J R Stat Soc A* 172:137)
stands beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from littermate.errors import AnalysisError, UsageError
from littermate.literature.between import METHODS, between_studies, log_likelihood, profile_interval
from littermate.literature.weighted import Effects, Floats, WeightedFit, weighted
from littermate.model.interval import Interval
from littermate.model.meta_analysis import Heterogeneity, ModeratorEffect, PooledStudies

__all__ = ["TESTS", "Fitted", "Pooling", "fit_effects", "pool"]

TESTS = ("z", "t", "knha", "adhoc")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pooling:
    """How effects are pooled: method, test, level of the intervals.

    Raises
    ------
    UsageError
        If there is no such method or test, or the level is no share.
    """

    method: str = "REML"
    test: str = "z"
    level: float = 0.95

    def __post_init__(self) -> None:
        if self.method not in METHODS:
            raise UsageError(expected=f"one of {', '.join(METHODS)}", found=self.method, do="choose a method")
        if self.test not in TESTS:
            raise UsageError(expected=f"one of {', '.join(TESTS)}", found=self.test, do="choose a test")
        if not 0 < self.level < 1:
            raise UsageError(expected="a level between 0 and 1", found=f"{self.level:g}", do="write 0.95")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitted:
    """A fitted model: coefficients with their covariance, degrees of freedom (`None`: normal), heterogeneity."""

    effects: Effects
    how: Pooling
    fit: WeightedFit
    covariance: Floats
    df: int | None
    heterogeneity: Heterogeneity

    @property
    def quantile(self) -> float:
        """Of the test, for intervals."""
        share = (1 + self.how.level) / 2
        return float(stats.norm.ppf(share) if self.df is None else stats.t.ppf(share, self.df))

    def coefficient(self, index: int, name: str) -> ModeratorEffect:
        """Return one coefficient with its test."""
        estimate, se = float(self.fit.beta[index]), float(np.sqrt(self.covariance[index, index]))
        statistic = estimate / se if se else float(np.copysign(np.inf, estimate) if estimate else 0.0)
        tail = stats.norm.sf(abs(statistic)) if self.df is None else stats.t.sf(abs(statistic), self.df)
        reach = self.quantile * se
        return ModeratorEffect(
            name=name,
            estimate=estimate,
            se=se,
            statistic=statistic,
            df=self.df,
            p=float(2 * tail),
            ci=(estimate - reach, estimate + reach),
        )


def fit_effects(effects: Effects, how: Pooling) -> Fitted:
    """Fit a model.

    Raises
    ------
    AnalysisError
        If there are fewer effects than coefficients, or moderators that say the same.
    """
    columns = effects.x.shape[1]
    if effects.k < columns or np.linalg.matrix_rank(effects.x) < columns:
        raise AnalysisError(
            expected=f"at least {columns} studies, and moderators that differ among them and do not repeat each other",
            found=f"{effects.k} studies",
            do="leave a moderator out, or add studies",
        )
    tau2, error = between_studies(effects, how.method)
    fit = weighted(effects, tau2)
    df = effects.df if how.test != "z" and effects.df > 0 else None
    return Fitted(
        effects=effects,
        how=how,
        fit=fit,
        covariance=fit.covariance * _scale(fit, how.test, df),
        df=df,
        heterogeneity=_heterogeneity(effects, how, tau2, error),
    )


def _scale(fit: WeightedFit, test: str, df: int | None) -> float:
    if df is None or test == "t":
        return 1.0
    scale = fit.rss / df
    return max(1.0, scale) if test == "adhoc" else scale


def _heterogeneity(effects: Effects, how: Pooling, tau2: float, error: float | None) -> Heterogeneity:
    plain, df = weighted(effects, 0.0), effects.df
    typical = df / plain.trace if df > 0 else 1.0
    limits = None if how.method == "EE" else profile_interval(effects, how.level)
    i2, h2 = 100 * tau2 / (typical + tau2), tau2 / typical + 1
    if how.method == "EE" and df > 0:
        i2, h2 = max(0.0, 100 * (plain.rss - df) / plain.rss) if plain.rss else 0.0, plain.rss / df
    return Heterogeneity(
        tau2=tau2,
        tau2_se=error,
        tau2_ci=limits,
        i2=i2,
        i2_ci=None if limits is None else (_percent(limits[0], typical), _percent(limits[1], typical)),
        h2=h2,
        h2_ci=None if limits is None else (limits[0] / typical + 1, limits[1] / typical + 1),
        q=plain.rss,
        q_df=df,
        q_p=float(stats.chi2.sf(plain.rss, df)) if df > 0 else 1.0,
    )


def _percent(tau2: float, typical: float) -> float:
    return 100 * tau2 / (typical + tau2)


def pool(effects: Effects, how: Pooling | None = None) -> PooledStudies:
    """Pool effects without moderators.

    Parameters
    ----------
    effects
        One or more, without moderators.
    how
        Method, test and level; REML, z and 95 % by default.

    Examples
    --------
    >>> pooled = pool(Effects.alone(np.array([0.2, 0.5, 0.9]), np.array([0.04, 0.05, 0.09])), Pooling(method="DL"))
    >>> round(pooled.estimate, 4), round(pooled.heterogeneity.tau2, 4)
    (0.4841, 0.0522)
    """
    how = how or Pooling()
    fitted = fit_effects(effects, how)
    mean = fitted.coefficient(0, "pooled")
    weights = fitted.fit.weights
    return PooledStudies(
        k=effects.k,
        estimate=mean.estimate,
        se=mean.se,
        statistic=mean.statistic,
        df=fitted.df,
        p=mean.p,
        ci=mean.ci,
        level=how.level,
        method=how.method,
        test=how.test,
        heterogeneity=fitted.heterogeneity,
        prediction_interval=_prediction(fitted, fitted.quantile),
        prediction_interval_t=_prediction_t(fitted),
        weights=tuple((100 * weights / weights.sum()).tolist()),
        log_likelihood=log_likelihood(effects, fitted.heterogeneity.tau2, restricted=how.method == "REML"),
    )


def _prediction(fitted: Fitted, quantile: float) -> Interval:
    mean = float(fitted.fit.beta[0])
    reach = quantile * float(np.sqrt(fitted.covariance[0, 0] + fitted.heterogeneity.tau2))
    return mean - reach, mean + reach


def _prediction_t(fitted: Fitted) -> Interval | None:
    if fitted.effects.k < 3:
        return None
    return _prediction(fitted, float(stats.t.ppf((1 + fitted.how.level) / 2, fitted.effects.k - 2)))
