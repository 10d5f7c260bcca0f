"""Repeated measures: one outcome of units that were each measured at every level of one or more factors.

Effects are named as in `model.analysis`. Effects between units have `None` where a number is about sphericity, and so
have effects within units with one degree of freedom, for which there is nothing to correct.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.model.group import GroupSummary, Point
from littermate.model.plan import Plan

__all__ = ["FriedmanTest", "RepeatedEffect", "RepeatedMeasures", "Sphericity"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sphericity:
    """How far the differences between levels are from having one variance, and the tests corrected for it.

    Parameters
    ----------
    mauchly_w, mauchly_p
        Mauchly's test; `None` where there are fewer units than it needs.
    epsilon_gg, epsilon_hf
        Greenhouse-Geisser's epsilon, and Huynh and Feldt's as estimated, which may exceed 1 and then counts as 1.
    p_gg, p_hf
        P with both degrees of freedom multiplied by the epsilon.
    """

    mauchly_w: float | None
    mauchly_p: float | None
    epsilon_gg: float
    epsilon_hf: float
    p_gg: float
    p_hf: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedEffect:
    """One line of the table.

    Parameters
    ----------
    term
        ``"group"``, ``"bin"``, ``"group:bin"``.
    df, df_error, ss, ss_error, f, p
        Uncorrected. Each kind of effect has its own error: between units, or units by the within factors of the term.
    partial_eta_squared, generalized_eta_squared
        SS over SS + own error, and over SS + all errors (Olejnik and Algina 2003, every factor manipulated).
    sphericity
        For effects within units of more than one degree of freedom a unit.
    """

    term: str
    df: int
    df_error: int
    ss: float
    ss_error: float
    f: float
    p: float
    partial_eta_squared: float
    generalized_eta_squared: float
    sphericity: Sphericity | None = None

    @property
    def p_corrected(self) -> float:
        """P by Greenhouse-Geisser where there is something to correct, else the plain P."""
        return self.p if self.sphericity is None else self.sphericity.p_gg


@dataclass(frozen=True, slots=True, kw_only=True)
class FriedmanTest:
    """Friedman's rank test of one within factor."""

    statistic: float
    df: int
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatedMeasures:
    """One univariate repeated-measures analysis of one outcome, type III.

    Parameters
    ----------
    plan
        What was planned: all factors, between and within subjects.
    unit
        Unit of the outcome.
    subject
        What was measured repeatedly: ``"animal"``.
    within
        The factors within subjects.
    n
        Subjects in the model.
    effects
        Between effects first, then each within effect with its interactions.
    friedman
        For one within factor and none between.
    groups, points
        The cells, and every row in the model, as in `Analysis`.
    left_out
        Subjects that lack a value at a level of the within factors.
    notes
        What a reader should know, in sentences.
    """

    plan: Plan
    unit: str
    subject: str
    within: tuple[str, ...]
    n: int
    effects: tuple[RepeatedEffect, ...]
    friedman: FriedmanTest | None
    groups: tuple[GroupSummary, ...]
    points: tuple[Point, ...]
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def between(self) -> tuple[str, ...]:
        """The factors between subjects."""
        return tuple(name for name in self.plan.factors if name not in self.within)

    @property
    def formula(self) -> str:
        """The model in R's notation.

        Examples
        --------
        >>> RepeatedMeasures(
        ...     plan=Plan(outcome="y", factors=("group", "bin")), unit="s", subject="animal", within=("bin",), n=8,
        ...     effects=(), friedman=None, groups=(), points=(),
        ... ).formula
        'y ~ group * bin + Error(animal/bin)'
        """
        strata = self.within[0] if len(self.within) == 1 else f"({' * '.join(self.within)})"
        return f"{self.plan.formula} + Error({self.subject}/{strata})"

    def effect(self, term: str) -> RepeatedEffect:
        """Look one effect up by its term; `KeyError` where the model has none of that name."""
        return {effect.term: effect for effect in self.effects}[term]
