"""Assumptions of the model, checked on its residuals and worded.

Equal spread: the Brown-Forsythe test (see `spread`). Normal residuals: Shapiro and Wilk (1965, *Biometrika* 52:591;
Royston's AS R94). A check that passes does not prove the assumption, in small groups least of all: with four groups of
8, Brown and Forsythe's test finds one group of twice the SD in 28 of 100 experiments. One that fails says what to do
next; the planned analysis stays the primary one whatever a check says.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy import stats

from littermate.errors import AnalysisError
from littermate.model.analysis import Assumption
from littermate.stats.spread import levene
from littermate.stats.table import Floats

__all__ = ["brown_forsythe", "shapiro_wilk"]

_SHAPIRO_MOST = 5000
_SMALL = 12
"""In groups up to this size a passed check is said to have seen little."""

_PRIMARY = "The planned analysis stays the primary one."


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
    try:
        found = levene(residuals, groups)
    except AnalysisError as fault:
        reason = fault.complaints[0]
        says = f"Not checked: it needs {reason.expected} (found {reason.found})."
        return Assumption(name=name, statistic=None, p=None, says=says)
    test = f"Brown-Forsythe F({found.df:g}, {found.df_error:g}) = {found.f:.2f}, {_p(found.p)}"
    says = f"No difference in spread between the groups was detected ({test}).{_seen(groups)}"
    if found.p < alpha:
        says = (
            f"The groups differ in spread ({test}). {_PRIMARY} Put beside it what does not take equal variances for "
            "granted: littermate anova ... --robust hc3 (or welch, ats), or the randomisation test; a log scale, if "
            "spread grows with the mean, changes the question to ratios and is secondary unless planned."
        )
    return Assumption(name=name, statistic=found.f, p=found.p, says=says)


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
    says = f"No departure of the residuals from normality was detected ({test}); that does not show that they are."
    if p < alpha:
        says = (
            f"The residuals are not normal ({test}). {_PRIMARY} Look for outliers and skew in the residual plots, and "
            "put beside it littermate anova ... --robust ats or --robust aligned-ranks, or the randomisation test "
            "(re-randomisation); littermate anova ... --sensitivity shows all of them; leave nobody out because of "
            "this."
        )
    return Assumption(name=name, statistic=w, p=p, says=says)


def _seen(groups: Sequence[object]) -> str:
    """Say how little a test sees in small groups."""
    smallest = min(Counter(groups).values())
    if smallest > _SMALL:
        return ""
    return (
        f" Groups of {smallest} are small for this: with four groups of 8 it finds one group of twice the SD 28 % of "
        "the time."
    )


def _p(p: float) -> str:
    return "P < 0.001" if p < 0.001 else f"P = {p:.3f}"
