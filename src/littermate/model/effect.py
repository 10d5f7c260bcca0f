"""Effect: one line of an ANOVA table; and the differences of means behind it.

Effects are named as in the model: ``"ketamine"``, ``"magnesium:ketamine"``. Conventions follow R: `df` of the effect,
`df_error` of the residuals; type III sums of squares use sum-to-zero contrasts. In a mixed model there are no sums of
squares, and degrees of freedom of the error are seldom whole.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from littermate.model.interval import Interval

__all__ = ["Difference", "Effect"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One line of the ANOVA table.

    `partial_eta_squared_ci90` is the 90 % interval from the noncentral F, turned into partial eta squared by
    lambda / (lambda + N) (Steiger 2004). `partial_omega_squared` estimates the same share of the population with less
    bias (0 where F is below 1), so this is its interval too. A mixed model has neither, nor a sum of squares: `None`.
    """

    term: str
    df: int
    df_error: float
    ss: float | None
    f: float
    p: float
    partial_eta_squared: float | None
    partial_eta_squared_ci90: Interval | None
    partial_omega_squared: float | None

    @property
    def cohens_f(self) -> float:
        """Cohen's f: the standard deviation of the term's effects in error standard deviations, from the sample."""
        return math.sqrt(self.f * self.df / self.df_error)


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
        noncentral t; `None` in a mixed model, which has no single SD to divide by.
    """

    label: str
    factor: str
    level: str
    reference: str
    within: tuple[tuple[str, str], ...]
    estimate: float
    se: float
    df: float
    ci95: Interval
    t: float
    p: float
    hedges_g: float | None
    hedges_g_ci95: Interval | None
