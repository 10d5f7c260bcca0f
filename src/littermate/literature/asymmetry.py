"""Asymmetry of the funnel: did small studies find more than large ones?

Egger's test (Egger et al. 1997, *BMJ* 315:629) is a regression of effects on their standard errors: as a
meta-regression with a variance between studies, by the method asked for (Sterne and Egger 2005, in *Publication Bias
in Meta-Analysis*), and in its first form, weighted least squares with a multiplicative error and t. The rank test is
Kendall's correlation of standardised effects with their variances (Begg and Mazumdar 1994, *Biometrics* 50:1088).
Trim-and-fill by the estimators L0 and R0 (Duval and Tweedie 2000, *J Am Stat Assoc* 95:89; *Biometrics* 56:455), the
side with missing studies being told by the sign of the slope on the standard errors.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from littermate.errors import UsageError
from littermate.literature.pooling import Pooling, fit_effects, pool
from littermate.literature.weighted import Effects, Floats, weighted
from littermate.model.publication_bias import AsymmetryTest, PublicationBias, TrimAndFill

__all__ = ["ESTIMATORS", "egger_mixed", "egger_weighted", "publication_bias", "rank_test", "trim_and_fill"]

ESTIMATORS = ("L0", "R0")
_ROUNDS = 100


def publication_bias(effects: Effects, how: Pooling) -> PublicationBias:
    """Return all tests, and trim-and-fill by both estimators; fewer than three studies have none."""
    if effects.k < 3:
        return PublicationBias(tests=(), filled=())
    tests = [] if _alike(effects.v) else [egger_mixed(effects, how), egger_weighted(effects, how.level)]
    return PublicationBias(
        tests=(*tests, rank_test(effects)),
        filled=tuple(trim_and_fill(effects, how, estimator=name) for name in ESTIMATORS),
    )


def _alike(v: Floats) -> bool:
    """Return whether the precision of all studies is the same, so that no slope on it can be had."""
    return bool(np.ptp(v) <= 1e-12 * float(v.max()))


def _on_errors(effects: Effects) -> Effects:
    return Effects(effects.y, effects.v, np.column_stack([np.ones(effects.k), np.sqrt(effects.v)]))


def egger_mixed(effects: Effects, how: Pooling) -> AsymmetryTest:
    """Return Egger's test with a variance between studies."""
    fitted = fit_effects(_on_errors(effects), how)
    limit, slope = fitted.coefficient(0, "limit"), fitted.coefficient(1, "slope")
    return AsymmetryTest(
        name="Egger, mixed model",
        statistic=slope.statistic,
        df=fitted.df,
        p=slope.p,
        limit=limit.estimate,
        limit_ci=limit.ci,
    )


def egger_weighted(effects: Effects, level: float = 0.95) -> AsymmetryTest:
    """Return Egger's test as first published: weights one over the sampling variance, t on k - 2."""
    model = _on_errors(effects)
    fit = weighted(model, 0.0)
    limit_error, slope_error = np.sqrt(np.diag(fit.covariance) * fit.rss / model.df)
    t = float(fit.beta[1] / slope_error) if slope_error else 0.0
    reach = float(stats.t.ppf((1 + level) / 2, model.df) * limit_error)
    limit = float(fit.beta[0])
    return AsymmetryTest(
        name="Egger, weighted regression",
        statistic=t,
        df=model.df,
        p=float(2 * stats.t.sf(abs(t), model.df)),
        limit=limit,
        limit_ci=(limit - reach, limit + reach),
    )


def rank_test(effects: Effects) -> AsymmetryTest:
    """Return the rank correlation; its P is exact where no values are tied."""
    fit = weighted(effects, 0.0)
    standardised = fit.residuals / np.sqrt(effects.v - 1 / fit.weights.sum())
    tied = len(np.unique(standardised)) < effects.k or len(np.unique(effects.v)) < effects.k
    if len(np.unique(standardised)) == 1 or len(np.unique(effects.v)) == 1:
        return AsymmetryTest(name="rank correlation", statistic=0.0, df=None, p=1.0)
    found = stats.kendalltau(standardised, effects.v, method="asymptotic" if tied else "exact")
    return AsymmetryTest(name="rank correlation", statistic=float(found.statistic), df=None, p=float(found.pvalue))


def trim_and_fill(effects: Effects, how: Pooling, *, estimator: str = "L0", side: str = "") -> TrimAndFill:
    """Fill in the studies that the funnel lacks.

    Parameters
    ----------
    effects
        Three or more.
    how
        How effects are pooled, also while trimming.
    estimator
        Of the number of missing studies: ``"L0"`` or ``"R0"``.
    side
        Where they are missing, ``"left"`` or ``"right"``; told by Egger's slope where it is not given.

    Raises
    ------
    UsageError
        If there is no such estimator.
    """
    if estimator not in ESTIMATORS:
        raise UsageError(expected=f"one of {', '.join(ESTIMATORS)}", found=estimator, do="choose one")
    side = side or _missing_side(effects, how)
    sign = -1.0 if side == "right" else 1.0
    order = np.argsort(sign * effects.y, kind="stable")
    turned = Effects(sign * effects.y[order], effects.v[order], effects.x[order])
    missing, centre = _trim(turned, how, estimator)
    mirrored = sign * (2 * centre - turned.y[effects.k - missing :])
    spread = turned.v[effects.k - missing :]
    whole = Effects.alone(np.concatenate([effects.y, mirrored]), np.concatenate([effects.v, spread]))
    return TrimAndFill(
        estimator=estimator,
        side=side,
        missing=missing,
        filled=tuple(zip(mirrored.tolist(), spread.tolist(), strict=True)),
        pooled=pool(whole, how),
    )


def _missing_side(effects: Effects, how: Pooling) -> str:
    slope = 0.0 if _alike(effects.v) else fit_effects(_on_errors(effects), how).fit.beta[1]
    return "right" if slope < 0 else "left"


def _trim(effects: Effects, how: Pooling, estimator: str) -> tuple[int, float]:
    """Return how many of the largest effects have no partner, and the centre without them; effects are sorted."""
    missing, centre = 0, 0.0
    for _ in range(_ROUNDS):
        kept = effects.take(np.arange(effects.k - missing))
        centre = float(fit_effects(kept, how).fit.beta[0])
        found = _unpaired(effects.y - centre, estimator)
        if found == missing:
            break
        missing = found
    return missing, centre


def _unpaired(centred: Floats, estimator: str) -> int:
    k = len(centred)
    ranks = stats.rankdata(np.abs(centred), method="ordinal")
    if estimator == "R0":
        lacking = k - float(ranks[centred < 0].max(initial=0)) - 1
    else:
        positive = float(ranks[centred > 0].sum())
        lacking = (4 * positive - k * (k + 1)) / (2 * k - 1)
    return min(k - 1, round(max(0.0, lacking)))
