"""MetaAnalysis: the effects of several studies pooled, and what stands beside the pooled effect.

Ratios are pooled as logarithms and kept so. `i2`, `r2` and weights are percentages, as R metafor prints them. What
the data cannot tell is `None`.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.model.interval import Interval
from littermate.model.study_effect import StudyEffect

__all__ = [
    "ModeratorEffect",
    "Heterogeneity",
    "MetaAnalysis",
    "MetaRegression",
    "PooledStudies",
    "Subgroup",
    "Subgroups",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heterogeneity:
    """How much more studies differ than chance explains.

    Parameters
    ----------
    tau2, tau2_se, tau2_ci
        Variance between studies; its interval is Q-profile. `tau2_se` is `None` for a common effect.
    i2, i2_ci
        Percent of the variance that is between studies.
    h2, h2_ci
        Total variance over sampling variance.
    q, q_df, q_p
        Cochran's test of no heterogeneity.
    """

    tau2: float
    tau2_se: float | None
    tau2_ci: Interval | None
    i2: float
    i2_ci: Interval | None
    h2: float
    h2_ci: Interval | None
    q: float
    q_df: int
    q_p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledStudies:
    """One pooled effect.

    Parameters
    ----------
    k
        Effects pooled.
    estimate, se, statistic, df, p, ci, level
        `statistic` is z where `df` is `None`, else t.
    method, test
        How the variance between studies is estimated (``"REML"``), how the pooled effect is tested (``"z"``).
    heterogeneity
        Of the effects.
    prediction_interval
        Where the effect of a new study is expected, by the quantile of `ci` (the rule of metafor's `predict`).
    prediction_interval_t
        The same with the quantile of t on k - 2 degrees of freedom (Higgins, Thompson and Spiegelhalter 2009).
    weights
        Percent, one an effect.
    log_likelihood
        Restricted where the method is REML.
    """

    k: int
    estimate: float
    se: float
    statistic: float
    df: int | None
    p: float
    ci: Interval
    level: float
    method: str
    test: str
    heterogeneity: Heterogeneity
    prediction_interval: Interval
    prediction_interval_t: Interval | None
    weights: tuple[float, ...]
    log_likelihood: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Subgroup:
    """The effects of one level of a column, pooled by themselves; `members` are their places among all."""

    level: str
    members: tuple[int, ...]
    pooled: PooledStudies


@dataclass(frozen=True, slots=True, kw_only=True)
class Subgroups:
    """Effects pooled by the levels of a column, and whether the levels differ.

    Parameters
    ----------
    column, groups
        What was told apart, and each level's own pooled effect.
    q, df, p
        Test between the levels, each with its own variance between studies.
    q_common, p_common
        The same with one variance for all levels; F where the test is Knapp-Hartung's.
    unknown
        Names of the studies that do not say their level.
    """

    column: str
    groups: tuple[Subgroup, ...]
    q: float | None
    df: int
    p: float | None
    q_common: float | None
    p_common: float | None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeratorEffect:
    """One coefficient of a meta-regression; `df` is `None` where `statistic` is z."""

    name: str
    estimate: float
    se: float
    statistic: float
    df: int | None
    p: float
    ci: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaRegression:
    """Effects explained by moderators.

    Parameters
    ----------
    moderators
        Names of the columns; of text columns the first level in order of the alphabet is the reference.
    k, method, test
        As in `PooledStudies`.
    coefficients
        The intercept first.
    heterogeneity
        What the moderators leave.
    qm, qm_df, qm_df_error, qm_p
        Test of all moderators: chi-squared, or F where `qm_df_error` is not `None`.
    r2
        Percent of the variance between studies that the moderators explain; `None` where there is none.
    unknown
        Names of the studies left out as a moderator is missing.
    """

    moderators: tuple[str, ...]
    k: int
    method: str
    test: str
    coefficients: tuple[ModeratorEffect, ...]
    heterogeneity: Heterogeneity
    qm: float
    qm_df: int
    qm_df_error: int | None
    qm_p: float
    r2: float | None
    unknown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaAnalysis:
    """The effects of several studies and what they say together.

    Parameters
    ----------
    measure
        One of `littermate.model.study_effect.MEASURES`.
    effects
        In the table's order.
    pooled, common
        By the method asked for, and as one common effect.
    favours
        What an effect below 0 and one above 0 speak for, in words; empty where the table does not say.
    subgroups, regression
        `None` where they were not asked for.
    left_out
        Pairs (study, reason).
    """

    measure: str
    effects: tuple[StudyEffect, ...]
    pooled: PooledStudies
    common: PooledStudies
    favours: tuple[str, str] | None = None
    subgroups: Subgroups | None = None
    regression: MetaRegression | None = None
    left_out: tuple[tuple[str, str], ...] = ()
