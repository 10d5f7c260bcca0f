"""Analysis: one planned model of one outcome and all that it says. Every text, table and figure is written from it.

Effects are named as in the model: ``"ketamine"``, ``"magnesium:ketamine"``. Numbers are raw; rounding is display.
Conventions follow R: `df` of the effect, `df_error` of the residuals; type III sums of squares use sum-to-zero
contrasts. An interval is `(low, high)`.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.errors import AnalysisError
from littermate.model.bayes_factor import BayesFactor
from littermate.model.comparison import Comparisons, MarginalMean
from littermate.model.detectable import DetectableDifference
from littermate.model.effect import Difference, Effect
from littermate.model.equivalence import Equivalence, Equivalences
from littermate.model.group import GroupSummary, Point
from littermate.model.mixed_model import MixedModel
from littermate.model.outlier import Outlier
from littermate.model.plan import Plan
from littermate.model.randomization import Randomization
from littermate.model.residual import Residuals
from littermate.model.sensitivity import SensitivityRow

__all__ = ["PLANNED", "REDRAWN", "Analysis", "Assumption"]

PLANNED, REDRAWN = "planned", "re-drawing the groups"
"""The names of the planned analysis and of the randomisation test among the ways of analysing an effect."""


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
        The residual line; `None` in a mixed model, which has several.
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
    comparisons
        Planned contrasts, pairs, comparisons with the control, adjusted for being several.
    equivalence, bayes_factors
        Of every difference: whether it is shown to be small, and what the data say for no effect.
    randomization
        The effects by re-drawing the groups; `None` where that was not asked for, or cannot be done.
    sensitivity
        Every effect by other analyses of the same units, the planned one first.
    residuals
        What the model leaves of every unit.
    left_out
        Units that the plan's outlier rule left out.
    mixed
        The mixed model behind it, where the plan has random groups.
    detectable
        Of every difference: the smallest one that would have been found with 80 % power.
    """

    plan: Plan
    unit: str
    n: int
    effects: tuple[Effect, ...]
    df_error: int | None
    ss_error: float | None
    groups: tuple[GroupSummary, ...]
    differences: tuple[Difference, ...]
    assumptions: tuple[Assumption, ...]
    points: tuple[Point, ...]
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    marginal_means: tuple[MarginalMean, ...] = ()
    not_estimable: tuple[str, ...] = ()
    comparisons: tuple[Comparisons, ...] = ()
    equivalence: Equivalences | None = None
    bayes_factors: tuple[BayesFactor, ...] = ()
    randomization: Randomization | None = None
    sensitivity: tuple[SensitivityRow, ...] = ()
    residuals: Residuals | None = None
    left_out: tuple[Outlier, ...] = ()
    mixed: MixedModel | None = None
    detectable: tuple[DetectableDifference, ...] = ()

    def levels(self, factor: str) -> tuple[str, ...]:
        """Return the levels of a factor that have units, in the design's order."""
        return tuple(dict.fromkeys(dict(group.levels)[factor] for group in self.groups))

    @property
    def no_effect(self) -> tuple[tuple[Equivalence, BayesFactor | None], ...]:
        """Each difference's equivalence test, and its Bayes factor where the model has one."""
        grades = {one.label: one for one in self.bayes_factors}
        tests = self.equivalence.tests if self.equivalence else ()
        return tuple((test, grades.get(test.label)) for test in tests)

    @property
    def studied(self) -> tuple[Effect, ...]:
        """The effects under study: all but blocks and covariates."""
        return tuple(effect for effect in self.effects if effect.term not in self.plan.adjusted_for)

    def effect(self, term: str) -> Effect:
        """Look one effect up by its term; `KeyError` where the model has none of that name."""
        return {effect.term: effect for effect in self.effects}[term]

    def ways(self, term: str) -> tuple[SensitivityRow, ...]:
        """Return every way in which an effect was analysed, the planned one first, re-drawing the groups second."""
        rows = [row for row in self.sensitivity if row.term == term]
        redrawn = [one for one in (self.randomization.effects if self.randomization else ()) if one.term == term]
        drawn_again = [
            SensitivityRow(analysis=REDRAWN, term=term, n=self.n, f=one.f, df=None, df_error=None, p=one.p)
            for one in redrawn
        ]
        return (*rows[:1], *drawn_again, *rows[1:])

    def other_ways(self, term: str) -> tuple[SensitivityRow, ...]:
        """Return the ways beside the planned one that have an answer of their own."""
        return tuple(row for row in self.ways(term) if row.analysis != PLANNED and row.answers)

    def disagreeing(self, term: str) -> tuple[SensitivityRow, ...]:
        """Return the other ways that lead to another conclusion on an effect, at the plan's alpha."""
        shown = self.effect(term).p < self.plan.alpha
        return tuple(row for row in self.other_ways(term) if ((row.p or 0.0) < self.plan.alpha) != shown)

    @property
    def residual_sd(self) -> float:
        """Standard deviation of the residuals.

        Raises
        ------
        AnalysisError
            Of a mixed model, which has several.
        """
        if self.df_error is None or self.ss_error is None:
            raise AnalysisError(
                expected="a model with one error", found=self.plan.formula, do="state the effect in the outcome's unit"
            )
        return float((self.ss_error / self.df_error) ** 0.5)
