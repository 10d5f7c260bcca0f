"""Analysis: one planned model of one outcome and all that it says. Every text, table and figure is written from it.

Effects are named as in the model: ``"ketamine"``, ``"magnesium:ketamine"``. Numbers are raw; rounding is display.
Conventions follow R: `df` of the effect, `df_error` of the residuals; type III sums of squares use sum-to-zero
contrasts. An interval is `(low, high)`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from littermate.model.comparison import Interval, MarginalMean

__all__ = ["Analysis", "Assumption", "Difference", "Effect", "GroupSummary", "Interval", "Plan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The planned analysis of one outcome.

    `factors` are crossed in full; `blocks` enter as additive fixed terms (the membrane), `covariates` as additive
    numbers (the body weight). Where `terms` is given it is the whole right side instead, in the order written: a model
    that is not crossed in full (``("a", "b")``).
    """

    outcome: str
    factors: tuple[str, ...]
    blocks: tuple[str, ...] = ()
    type: int = 3
    alpha: float = 0.05
    covariates: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()

    @property
    def formula(self) -> str:
        """The model in R's notation.

        Examples
        --------
        >>> Plan(outcome="immobility", factors=("magnesium", "ketamine"), blocks=("membrane",)).formula
        'immobility ~ membrane + magnesium * ketamine'
        """
        crossed = " * ".join(self.factors)
        terms = self.terms or (*self.blocks, *self.covariates, crossed)
        return f"{self.outcome} ~ {' + '.join(terms)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One line of the ANOVA table.

    `partial_eta_squared_ci90` is the 90 % interval from the noncentral F, turned into partial eta squared by
    lambda / (lambda + N) (Steiger 2004). `partial_omega_squared` estimates the same share of the population with less
    bias (0 where F is below 1), so this is its interval too.
    """

    term: str
    df: int
    df_error: int
    ss: float
    f: float
    p: float
    partial_eta_squared: float
    partial_eta_squared_ci90: Interval
    partial_omega_squared: float

    @property
    def cohens_f(self) -> float:
        """Cohen's f: the standard deviation of the term's effects in error standard deviations."""
        return math.sqrt(self.partial_eta_squared / (1 - self.partial_eta_squared))


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSummary:
    """One group: its levels as (factor, level) pairs, and what its animals gave. `sd`, `sem` are `None` for n = 1."""

    levels: tuple[tuple[str, str], ...]
    n: int
    mean: float
    sd: float | None
    sem: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A difference of two (marginal) means, `level` minus `reference`, from the fitted model.

    Parameters
    ----------
    label
        In words: ``"ketamine - saline (ketamine, over magnesium)"``.
    factor, level, reference
        The factor compared; for an interaction `factor` is ``"a:b"`` and the estimate a difference of differences.
    within
        Pairs (factor, level) that are held: empty for a marginal comparison, filled for a simple effect.
    estimate, se, df, ci95, t, p
        From the model's pooled error; unadjusted.
    hedges_g, hedges_g_ci95
        Standardised by the model's residual SD, with the exact small-sample correction; interval from the
        noncentral t.
    """

    label: str
    factor: str
    level: str
    reference: str
    within: tuple[tuple[str, str], ...]
    estimate: float
    se: float
    df: int
    ci95: Interval
    t: float
    p: float
    hedges_g: float
    hedges_g_ci95: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """One check of the model's assumptions: its name, statistic and P, and what it says in words."""

    name: str
    statistic: float | None
    p: float | None
    says: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Analysis:
    """One model of one outcome.

    Parameters
    ----------
    plan
        What was planned.
    unit
        Unit of the outcome.
    n
        Experimental units in the model.
    effects
        The ANOVA table without its residual line.
    df_error, ss_error
        The residual line.
    groups
        One a cell, in the design's order.
    differences
        Main effects (each level against the reference), simple effects, and the interaction of 2 x 2 designs.
    assumptions
        Levene (Brown-Forsythe) and Shapiro-Wilk of the residuals.
    points
        Each unit's ``(code, levels, value)``, levels as (factor, level) pairs: what a figure draws.
    missing
        Units left out because their outcome (or a covariate) is missing.
    notes
        What a reader should know of how the table was read, in sentences.
    marginal_means
        Of every term of the factors: the levels of each, then the cells.
    not_estimable
        Labels of the differences that the data cannot estimate.
    """

    plan: Plan
    unit: str
    n: int
    effects: tuple[Effect, ...]
    df_error: int
    ss_error: float
    groups: tuple[GroupSummary, ...]
    differences: tuple[Difference, ...]
    assumptions: tuple[Assumption, ...]
    points: tuple[tuple[str, tuple[tuple[str, str], ...], float], ...]
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    marginal_means: tuple[MarginalMean, ...] = ()
    not_estimable: tuple[str, ...] = ()

    def effect(self, term: str) -> Effect:
        """Look one effect up by its term; `KeyError` where the model has none of that name."""
        return {effect.term: effect for effect in self.effects}[term]
