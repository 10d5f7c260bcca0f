"""Assumptions of the model, checked on its residuals and worded.

Equal spread: the Brown-Forsythe test (Levene's on medians; Brown and Forsythe 1974, *J Am Stat Assoc* 69:364).
Normal residuals: Shapiro and Wilk (1965, *Biometrika* 52:591; Royston's AS R94). A check that passes does not prove
the assumption, in small groups least of all; one that fails says what to do next.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import numpy as np
from scipy import stats

from littermate.model.analysis import Assumption
from littermate.stats.table import Floats

__all__ = ["brown_forsythe", "shapiro_wilk"]

_SHAPIRO_MOST = 5000


def brown_forsythe(residuals: Floats, groups: Sequence[object], *, alpha: float = 0.05) -> Assumption:
    """Check that all groups spread equally.

    Parameters
    ----------
    residuals
        Shape (n,).
    groups
        The group of each residual.
    """
    name = "equal spread (Brown-Forsythe)"
    members: dict[object, list[float]] = {}
    for group, residual in zip(groups, residuals, strict=True):
        members.setdefault(group, []).append(float(residual))
    apart = [np.abs(np.array(values) - np.median(values)) for values in members.values()]
    if len(apart) < 2 or min(map(len, apart)) < 2:
        says = "Not checked: it needs two or more groups of two or more units each."
        return Assumption(name=name, statistic=None, p=None, says=says)
    f, df, df_error = _one_way(apart)
    if f is None:
        return Assumption(
            name=name, statistic=None, p=None, says="Not checked: the distances from the medians do not vary."
        )
    p = float(stats.f.sf(f, df, df_error))
    test = f"Brown-Forsythe F({df}, {df_error}) = {f:.2f}, {_p(p)}"
    says = f"No difference in spread between the groups was detected ({test})."
    if p < alpha:
        says = (
            f"The groups differ in spread ({test}). Do not rely on the pooled error: repeat the comparison with "
            "Welch's test or by re-randomisation, or analyse on a log scale if that was planned."
        )
    return Assumption(name=name, statistic=f, p=p, says=says)


def _one_way(groups: Sequence[Floats]) -> tuple[float | None, int, int]:
    """Return F of a one-way analysis of variance and its degrees of freedom; no F where nothing varies within."""
    everything = np.concatenate(groups)
    grand = everything.mean()
    df, df_error = len(groups) - 1, len(everything) - len(groups)
    between = sum(len(group) * (group.mean() - grand) ** 2 for group in groups) / df
    within = sum(float(((group - group.mean()) ** 2).sum()) for group in groups) / df_error
    largest = float(np.abs(everything).max())
    if within <= (1e-12 * largest) ** 2:
        return None, df, df_error
    return float(between / within), df, df_error


def shapiro_wilk(residuals: Floats, *, alpha: float = 0.05) -> Assumption:
    """Check that the residuals are normal."""
    name = "normal residuals (Shapiro-Wilk)"
    n = len(residuals)
    if not 3 <= n <= _SHAPIRO_MOST:
        says = f"Not checked: it is for 3 to {_SHAPIRO_MOST} units, and there are {n}. Look at the residuals instead."
        return Assumption(name=name, statistic=None, p=None, says=says)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = stats.shapiro(residuals / np.abs(residuals).max())
    w, p = float(found.statistic), float(found.pvalue)
    test = f"Shapiro-Wilk W = {w:.3f}, {_p(p)}"
    says = f"No departure of the residuals from normality was detected ({test})."
    if p < alpha:
        says = (
            f"The residuals are not normal ({test}). Look for outliers and skew in the figure, and confirm the result "
            "by re-randomisation; leave nobody out because of this."
        )
    return Assumption(name=name, statistic=w, p=p, says=says)


def _p(p: float) -> str:
    return "P < 0.001" if p < 0.001 else f"P = {p:.3f}"
