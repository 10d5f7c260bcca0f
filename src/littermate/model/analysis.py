"""Analysis: one planned model of one outcome and all that it says. Every text, table and figure is written from it.

Effects are named as in the model: ``"ketamine"``, ``"magnesium:ketamine"``. Numbers are raw; rounding is display.
Conventions follow R: `df` of the effect, `df_error` of the residuals; type III sums of squares use sum-to-zero
contrasts. An interval is `(low, high)`.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Analysis", "Difference", "Effect", "Family", "GroupSummary", "Plan", "Point"]

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The planned analysis of one outcome.

    Parameters
    ----------
    outcome
        Its name.
    factors
        Crossed in full.
    blocks
        Additive fixed terms (the membrane).
    type, alpha
        Type of the sums of squares; level of significance.
    covariates
        Additive numbers (the body weight).
    terms
        Where given, the whole right side instead, in the order written: a model that is not crossed in full
        (``("a", "b")``).
    random
        Random intercepts (``"cage"``); the model is then a mixed one.
    contrasts
        Planned contrasts in words: ``"ketamine - saline at magnesium = magnesium"``.
    compare
        What else is compared: ``"pairs"`` of all groups, every group with the ``"control"``, or nothing (``""``).
    adjust
        How `contrasts` and ``"pairs"`` are adjusted for being several.
    scale
        On which the outcome is analysed: ``"log"``, ``"sqrt"``, or as it is (``""``).
    outliers
        A rule by which outliers are left out (``"mad"``, ``"grubbs"``, ``"rout"``), or none (``""``).
    family
        The family of outcomes over which P is adjusted, or none (``""``).
    """

    outcome: str
    factors: tuple[str, ...]
    blocks: tuple[str, ...] = ()
    type: int = 3
    alpha: float = 0.05
    covariates: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    random: tuple[str, ...] = ()
    contrasts: tuple[str, ...] = ()
    compare: str = ""
    adjust: str = "holm"
    scale: str = ""
    outliers: str = ""
    family: str = ""

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
        random = (f"(1 | {name})" for name in self.random)
        outcome = f"{self.scale}({self.outcome})" if self.scale else self.outcome
        return f"{outcome} ~ {' + '.join((*terms, *random))}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Outcomes that answer one question together, and how their P are adjusted for being several."""

    name: str
    adjust: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One line of the ANOVA table.

    `partial_eta_squared_ci90` is the 90 % interval from the noncentral F, turned into partial eta squared by
    lambda / (lambda + N) (Steiger 2004).
    """

    term: str
    df: int
    df_error: int
    ss: float
    f: float
    p: float
    partial_eta_squared: float
    partial_eta_squared_ci90: Interval


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
class Point:
    """One unit in a model: all that the model was given of it.

    `levels` are (factor, level) pairs of the factors, `blocks` those of the blocks; `covariates` are (name, number)
    pairs. A figure draws `value`; an export writes the whole.
    """

    unit: str
    value: float
    levels: tuple[tuple[str, str], ...]
    blocks: tuple[tuple[str, str], ...] = ()
    covariates: tuple[tuple[str, float], ...] = ()


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

    def effect(self, term: str) -> Effect:
        """Look one effect up by its term; `KeyError` where the model has none of that name."""
        return {effect.term: effect for effect in self.effects}[term]
