"""Rubin's rules: one answer from the answers of m completed data sets.

Estimate and variance: Rubin 1987, *Multiple Imputation for Nonresponse in Surveys*. Degrees of freedom: Barnard and
Rubin 1999, *Biometrika* 86:948. Several coefficients at once (D1): Li, Raghunathan and Rubin 1991, *J Am Stat Assoc*
86:1065; their error degrees of freedom grow without limit, so they are bounded by the data's as Barnard and Rubin
bound those of one estimate.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from littermate.errors import UsageError
from littermate.model.imputation import PooledEffect, PooledEstimate
from littermate.stats.results import f_test, t_test
from littermate.stats.table import Floats

__all__ = ["pool_coefficients", "pool_estimates"]


def pool_estimates(
    estimates: Sequence[float] | Floats, variances: Sequence[float] | Floats, *, df: float, label: str = ""
) -> PooledEstimate:
    """Pool one number.

    Parameters
    ----------
    estimates, variances
        Shape (m,): of each completed data set.
    df
        Error degrees of freedom of a complete data set.
    label
        Of the result.

    Raises
    ------
    UsageError
        If there are fewer than two, or not as many variances.

    Examples
    --------
    >>> found = pool_estimates([1.0, 2.0, 3.0], [1.0, 1.0, 1.0], df=28)
    >>> found.estimate, round(found.se**2, 4), round(found.df, 3), round(found.fmi, 4)
    (2.0, 2.3333, 3.963, 0.6945)
    """
    q, u = np.asarray(estimates, dtype=np.float64), np.asarray(variances, dtype=np.float64)
    _require_several(len(q), len(u))
    m = len(q)
    within, between = float(u.mean()), float(q.var(ddof=1))
    total = within + (1 + 1 / m) * between
    riv = (1 + 1 / m) * between / within
    pooled_df = _barnard_rubin(riv, m, df)
    test = t_test(float(q.mean()), total**0.5, pooled_df)
    return PooledEstimate(
        label=label,
        estimate=test.estimate,
        se=test.se,
        df=pooled_df,
        t=test.t,
        p=test.p,
        ci95=test.ci95,
        within=within,
        between=between,
        riv=riv,
        fmi=(riv + 2 / (pooled_df + 3)) / (1 + riv),
    )


def pool_coefficients(
    values: Sequence[Floats], covariances: Sequence[Floats], *, df: float, term: str = ""
) -> PooledEffect:
    """Pool the test that several coefficients are 0.

    Parameters
    ----------
    values, covariances
        m of each, shapes (k,) and (k, k).
    df
        Error degrees of freedom of a complete data set.
    term
        Name of the effect.

    Raises
    ------
    UsageError
        As `pool_estimates`.
    """
    _require_several(len(values), len(covariances))
    m, k = len(values), len(values[0])
    mean, within = np.mean(values, axis=0), np.mean(covariances, axis=0)
    between = np.atleast_2d(np.cov(np.array(values), rowvar=False))
    riv = (1 + 1 / m) * float(np.trace(np.linalg.solve(within, between))) / k
    f = float(mean @ np.linalg.solve(within, mean)) / k / (1 + riv)
    df_error = _barnard_rubin(riv, m, df) if k == 1 else _several(riv, m, k, df)
    test = f_test(f, k, df_error)
    return PooledEffect(term=term, f=test.f, df=k, df_error=df_error, p=test.p, riv=riv)


def _require_several(m: int, others: int) -> None:
    if m < 2 or m != others:
        raise UsageError(
            expected="two or more completed data sets, each with a variance", found=f"{m} and {others}", do="use 20"
        )


def _bounded(riv: float, df: float) -> float:
    """Return what the observed data allow: Barnard and Rubin's degrees of freedom."""
    return (df + 1) / (df + 3) * df / (1 + riv)


def _barnard_rubin(riv: float, m: int, df: float) -> float:
    observed = _bounded(riv, df)
    if riv == 0:
        return observed
    old = (m - 1) * (1 + 1 / riv) ** 2
    return old * observed / (old + observed)


def _several(riv: float, m: int, k: int, df: float) -> float:
    observed = _bounded(riv, df)
    if riv == 0:
        return observed
    a = k * (m - 1)
    old = 4 + (a - 4) * (1 + (1 - 2 / a) / riv) ** 2 if a > 4 else a * (1 + 1 / k) * (1 + 1 / riv) ** 2 / 2
    return old * observed / (old + observed)
