"""Analysis: one planned model of one outcome and all that it says. Every text, table and figure is written from it.

Effects are named as in the model: ``"ketamine"``, ``"magnesium:ketamine"``. Numbers are raw; rounding is display.
Conventions follow R: `df` of the effect, `df_error` of the residuals; type III sums of squares use sum-to-zero
contrasts. An interval is `(low, high)`.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.model.comparison import MarginalMean
from littermate.model.effect import Difference, Effect
from littermate.model.group import GroupSummary, Point
from littermate.model.plan import Plan

__all__ = ["Analysis", "Assumption"]


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
        Every unit in the model.
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
    points: tuple[Point, ...]
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    marginal_means: tuple[MarginalMean, ...] = ()
    not_estimable: tuple[str, ...] = ()

    def effect(self, term: str) -> Effect:
        """Look one effect up by its term; `KeyError` where the model has none of that name."""
        return {effect.term: effect for effect in self.effects}[term]
