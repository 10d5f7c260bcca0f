"""Mixed model: one outcome explained by fixed factors and by random groups (cage, litter, membrane, animal).

Variances are estimated by restricted maximum likelihood. Tests, errors and intervals are Kenward and Roger's unless a
name says otherwise. Effects are named as in `model.analysis`; degrees of freedom of the error are seldom whole numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.model.effect import Difference
from littermate.model.group import GroupSummary, Point
from littermate.model.plan import Plan

__all__ = ["Coefficient", "FixedTest", "MixedModel", "VarianceComponent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FixedTest:
    """The F test of one fixed term."""

    term: str
    df: int
    df_error: float
    f: float
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficient:
    """One fixed coefficient in sum-to-zero coding, named as R does: ``"(Intercept)"``, ``"diet1:ketamine1"``."""

    name: str
    estimate: float
    se: float
    df: float
    t: float
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class VarianceComponent:
    """What one random factor adds to the variance of a row.

    Parameters
    ----------
    group
        The factor, ``"litter:cage"`` for cages within litters, or ``"residual"``.
    levels
        How many groups there are; rows for the residual.
    variance, sd
        In the outcome's unit (squared).
    share
        Part of the whole variance: for one random factor its intraclass correlation.
    chi2, p
        Likelihood-ratio test that the variance is 0, half of whose chi-squared has no degree of freedom (Self and
        Liang 1987, *J Am Stat Assoc* 82:605); `None` for the residual.
    """

    group: str
    levels: int
    variance: float
    sd: float
    share: float
    chi2: float | None
    p: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedModel:
    """One mixed model of one outcome.

    Parameters
    ----------
    plan
        What was planned; its formula is also lme4's.
    unit
        Unit of the outcome.
    n
        Rows in the model.
    effects, satterthwaite, naive
        The F tests by Kenward-Roger, by Satterthwaite, and as if rows of one group had nothing in common
        (pseudoreplication; for comparison only).
    coefficients, satterthwaite_coefficients
        The fixed coefficients, with the errors and degrees of freedom of either method.
    components
        The random factors, the residual last.
    singular
        Random factors whose variance is estimated as 0.
    log_likelihood, ml_log_likelihood
        Of the restricted fit, and of the fit by full maximum likelihood.
    differences
        Main effects (each level against the reference), simple effects, and the interaction of 2 x 2 designs.
    groups, points
        The cells and the rows, as in `Analysis`.
    missing
        Rows left out because their outcome (or a covariate) is missing.
    notes
        What a reader should know, in sentences.
    """

    plan: Plan
    unit: str
    n: int
    effects: tuple[FixedTest, ...]
    satterthwaite: tuple[FixedTest, ...]
    naive: tuple[FixedTest, ...]
    coefficients: tuple[Coefficient, ...]
    satterthwaite_coefficients: tuple[Coefficient, ...]
    components: tuple[VarianceComponent, ...]
    singular: tuple[str, ...]
    log_likelihood: float
    ml_log_likelihood: float
    differences: tuple[Difference, ...]
    groups: tuple[GroupSummary, ...]
    points: tuple[Point, ...]
    missing: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def effect(self, term: str) -> FixedTest:
        """Look one effect up by its term; `KeyError` where the model has none of that name."""
        return {effect.term: effect for effect in self.effects}[term]

    def component(self, group: str) -> VarianceComponent:
        """Look one variance up by its random factor, or ``"residual"``."""
        return {component.group: component for component in self.components}[group]
