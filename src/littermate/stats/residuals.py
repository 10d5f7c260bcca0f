"""Residuals of a planned model: standardised, studentised, leverage, Cook's distance, normal quantiles with a band.

Cook 1977, *Technometrics* 19:15. The largest studentised residual has a P from t, times n (Bonferroni; Weisberg 2014,
*Applied Linear Regression*). The k-th of n normal residuals lies, 95 % of the time, between the normal quantiles of
the 2.5 and 97.5 % points of Beta(k, n + 1 - k): each point's band holds for that point alone, so about one point in 20
is outside it by chance.
"""

from __future__ import annotations

import numpy as np
from scipy import stats

from littermate.model.residual import Residual, Residuals
from littermate.stats.coefficients import leverages
from littermate.stats.planned import PlannedModel
from littermate.stats.table import Floats

__all__ = ["residuals_of"]


def residuals_of(model: PlannedModel, *, unit: str = "") -> Residuals:
    """Return what a model leaves of every unit.

    Raises
    ------
    AnalysisError
        If a column of the model is a combination of others.

    Examples
    --------
    >>> from littermate.model.plan import Plan
    >>> from littermate.stats.planned import planned_model
    >>> from littermate.stats.table import Table
    >>> table = Table(outcome="y", values=(1, 2, 3, 3, 6, 9), factors={"a": "xxxyyy"}, units="123456")
    >>> found = residuals_of(planned_model(table, Plan(outcome="y", factors=("a",)))).points[0]
    >>> found.fitted, found.residual, round(found.leverage, 4)
    (2.0, -1.0, 0.3333)
    """
    left = model.fitted.residuals
    h = leverages(model)
    n, df = len(left), model.fitted.df_error
    with np.errstate(divide="ignore", invalid="ignore"):
        standardised = left / np.sqrt(model.fitted.ss_error / df * (1 - h))
        rest = (model.fitted.ss_error - left**2 / (1 - h)) / (df - 1)
        studentised = left / np.sqrt(rest * (1 - h))
        cooks = standardised**2 * h / (1 - h) / (n - df)
    alone = h > 1 - 1e-10
    ranks = stats.rankdata(np.where(alone, 0.0, standardised), method="ordinal")
    fitted = model.table.values - left + model.table.shift
    low, high = (stats.norm.ppf(stats.beta.ppf(at, ranks, n + 1 - ranks)) for at in (0.025, 0.975))
    normal = stats.norm.ppf(_places(ranks, n))
    points = tuple(
        Residual(
            unit=model.table.units[row],
            levels=tuple(zip(model.plan.factors, model.cells[row], strict=True)),
            fitted=float(fitted[row]),
            residual=float(left[row]),
            standardised=_known(standardised[row], bool(alone[row])),
            studentised=_known(studentised[row], bool(alone[row])),
            leverage=float(h[row]),
            cooks=_known(cooks[row], bool(alone[row])),
            normal=float(normal[row]),
            band=(float(low[row]), float(high[row])),
        )
        for row in range(n)
    )
    largest_p = _largest_p(studentised[~alone], n, df)
    return Residuals(outcome=model.plan.outcome, unit=unit, points=points, largest_p=largest_p)


def _places(ranks: Floats, n: int) -> Floats:
    """Return each rank's place between 0 and 1, as R's ``ppoints``."""
    a = 3 / 8 if n <= 10 else 1 / 2
    found: Floats = (ranks - a) / (n + 1 - 2 * a)
    return found


def _known(value: float, alone: bool) -> float | None:
    return None if alone or not np.isfinite(value) else float(value)


def _largest_p(studentised: Floats, n: int, df: int) -> float | None:
    if not len(studentised) or not np.isfinite(studentised).all():
        return None
    return float(min(1.0, 2 * n * stats.t.sf(np.abs(studentised).max(), df - 1)))
