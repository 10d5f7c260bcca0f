"""The variance between studies, tau squared, by nine methods; its interval by the Q-profile.

=======  ===================================  ======================================================================
method   tau squared                          source
=======  ===================================  ======================================================================
`EE`     0: one common effect
`DL`     moments of Cochran's Q               DerSimonian and Laird 1986, *Control Clin Trials* 7:177
`HE`     moments of the unweighted variance   Hedges and Olkin 1985, *Statistical Methods for Meta-Analysis*
`HS`     moments, by sampling error only      Hunter and Schmidt 2004, *Methods of Meta-Analysis*
`SJ`     moments from a rough first value     Sidik and Jonkman 2005, *J R Stat Soc C* 54:367
`ML`     maximum likelihood                   Hardy and Thompson 1996, *Stat Med* 15:619
`REML`   restricted likelihood                Viechtbauer 2005, *J Educ Behav Stat* 30:261
`PM`     weighted squares equal their df      Paule and Mandel 1982, *J Res Natl Bur Stand* 87:377
`EB`     empirical Bayes                      Morris 1983, *J Am Stat Assoc* 78:47; solves PM's equation, so equals it
=======  ===================================  ======================================================================

With moderators each is the general form of Viechtbauer 2007, *Stat Med* 26:37. Likelihoods are not climbed by Fisher
scoring, which may not converge: the sign of the slope is followed on a grid, every maximum is bracketed and found, and
the highest counts (zero among them). The Q-profile interval (Viechtbauer 2007) holds the values at which the weighted
squares are a plausible chi-squared.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import optimize, stats

from littermate.errors import UsageError
from littermate.literature.weighted import Effects, WeightedFit, weighted, weighted_by
from littermate.model.interval import Interval

__all__ = ["METHODS", "between_studies", "log_likelihood", "profile_interval"]

Tau2 = tuple[float, float | None]
"""Tau squared and its standard error."""

_STEPS = 20


def between_studies(effects: Effects, method: str) -> Tau2:
    """Return tau squared, which is not below 0, and its standard error.

    Raises
    ------
    UsageError
        If there is no such method.

    Examples
    --------
    >>> effects = Effects.alone(np.array([0.0, 2.0, 4.0]), np.ones(3))
    >>> between_studies(effects, "DL")[0]
    3.0
    """
    if method not in METHODS:
        raise UsageError(expected=f"one of {', '.join(METHODS)}", found=method, do="choose a method")
    return METHODS[method](effects) if effects.df > 0 else (0.0, None)


def _common(_: Effects) -> Tau2:
    return 0.0, None


def _dersimonian_laird(effects: Effects) -> Tau2:
    fit = weighted(effects, 0.0)
    tau2 = max(0.0, (fit.rss - effects.df) / fit.trace)
    return tau2, _moment_error(effects, fit, tau2, fit.trace)


def _hunter_schmidt(effects: Effects) -> Tau2:
    fit = weighted(effects, 0.0)
    total = float(fit.weights.sum())
    tau2 = max(0.0, (fit.rss - effects.k) / total)
    return tau2, _moment_error(effects, fit, tau2, total)


def _moment_error(effects: Effects, fit: WeightedFit, tau2: float, divisor: float) -> float:
    squares = float((fit.residual_maker() ** 2).sum())
    return float(np.sqrt(2 * effects.df + 4 * tau2 * fit.trace + 2 * tau2**2 * squares)) / divisor


def _hedges(effects: Effects) -> Tau2:
    fit = weighted_by(effects, np.ones(effects.k))
    maker = fit.residual_maker()
    tau2 = max(0.0, (fit.rss - float(np.diag(maker) @ effects.v)) / effects.df)
    return tau2, _quadratic_error(effects, maker, tau2) / effects.df


def _sidik_jonkman(effects: Effects) -> Tau2:
    first = float(np.var(effects.y))
    if first == 0:
        return 0.0, None
    fit = weighted(effects, first)
    tau2 = first * fit.rss / effects.df
    return tau2, first * _quadratic_error(effects, fit.residual_maker(), tau2) / effects.df


def _quadratic_error(effects: Effects, maker: np.ndarray, tau2: float) -> float:
    """Return the standard deviation of y'Py for a residual maker P that does not rest on tau squared."""
    once = maker * effects.v
    parts = 2 * (once * once.T).sum() + 4 * tau2 * (once * maker.T).sum() + 2 * tau2**2 * (maker**2).sum()
    return float(np.sqrt(parts))


def _maximum_likelihood(effects: Effects) -> Tau2:
    tau2 = _highest(effects, lambda fit: fit.rss_twice - float(fit.weights.sum()), restricted=False)
    return tau2, float(np.sqrt(2 / (weighted(effects, tau2).weights ** 2).sum()))


def _restricted_likelihood(effects: Effects) -> Tau2:
    tau2 = _highest(effects, lambda fit: fit.rss_twice - fit.trace, restricted=True)
    return tau2, float(np.sqrt(2 / (weighted(effects, tau2).residual_maker() ** 2).sum()))


def _highest(effects: Effects, slope: Callable[[WeightedFit], float], *, restricted: bool) -> float:
    """Return where the likelihood is highest, given a function with the sign of its slope."""

    def rises(tau2: float) -> float:
        return slope(weighted(effects, tau2))

    grid = _grid(effects)
    signs = [rises(tau2) for tau2 in grid]
    while signs[-1] > 0:
        grid.append(2 * grid[-1])
        signs.append(rises(grid[-1]))
    tops = [0.0] if signs[0] <= 0 else []
    for low, high, before, after in zip(grid, grid[1:], signs, signs[1:], strict=False):
        if before > 0 >= after:
            tops.append(_root(rises, low, high))
    return max(tops, key=lambda tau2: log_likelihood(effects, tau2, restricted=restricted))


def _grid(effects: Effects) -> list[float]:
    """Return values from 0 to above any that is plausible."""
    spread = float(weighted_by(effects, np.ones(effects.k)).rss / effects.df)
    high = max(spread, float(effects.v.max()))
    return [0.0, *np.geomspace(1e-3 * min(high, float(effects.v.min())), 2 * high, _STEPS).tolist()]


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    return float(optimize.brentq(function, low, high, xtol=1e-300, rtol=4 * np.finfo(float).eps, maxiter=1000))


def _paule_mandel(effects: Effects) -> Tau2:
    tau2 = _where_squares_are(effects, effects.df) or 0.0
    total = float(weighted(effects, tau2).weights.sum())
    return tau2, float(np.sqrt(2 * effects.k**2 / effects.df)) / total


def _where_squares_are(effects: Effects, wanted: float) -> float | None:
    """Return the tau squared at which the weighted squares have fallen to a value; `None` where they are below it."""
    if weighted(effects, 0.0).rss < wanted:
        return None
    high = float(effects.v.max())
    while weighted(effects, high).rss > wanted:
        high *= 2
    return _root(lambda tau2: weighted(effects, tau2).rss - wanted, 0.0, high)


def profile_interval(effects: Effects, level: float = 0.95) -> Interval | None:
    """Return the Q-profile interval of tau squared; `None` where no value of 0 or above is plausible.

    Examples
    --------
    >>> profile_interval(Effects.alone(np.full(9, 0.1), np.ones(9))) is None
    True
    """
    if effects.df == 0:
        return None
    low, high = (float(stats.chi2.ppf(share, effects.df)) for share in ((1 + level) / 2, (1 - level) / 2))
    top = _where_squares_are(effects, high)
    return None if top is None else (_where_squares_are(effects, low) or 0.0, top)


def log_likelihood(effects: Effects, tau2: float, *, restricted: bool) -> float:
    """Return the (restricted) log-likelihood at a value of tau squared."""
    fit = weighted(effects, tau2)
    log = -0.5 * (float(np.log(effects.v + tau2).sum()) + fit.rss)
    if not restricted:
        return log - 0.5 * effects.k * float(np.log(2 * np.pi))
    unweighted = weighted_by(effects, np.ones(effects.k)).log_det
    return log - 0.5 * (effects.df * float(np.log(2 * np.pi)) + fit.log_det - unweighted)


METHODS: dict[str, Callable[[Effects], Tau2]] = {
    "EE": _common,
    "DL": _dersimonian_laird,
    "REML": _restricted_likelihood,
    "ML": _maximum_likelihood,
    "PM": _paule_mandel,
    "SJ": _sidik_jonkman,
    "HE": _hedges,
    "EB": _paule_mandel,
    "HS": _hunter_schmidt,
}
