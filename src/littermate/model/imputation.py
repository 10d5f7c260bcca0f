"""ImputedAnalysis: a plan whose missing covariates were filled in many times, and pooled by Rubin's rules.

The outcome is never imputed. `riv` is the relative increase in variance due to the missing values, `fmi` the fraction
of missing information.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.model.interval import Interval

__all__ = ["ImputedAnalysis", "PooledEffect", "PooledEstimate"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledEstimate:
    """A number pooled over imputations.

    `within` and `between` are the two parts of its variance; `df` is Barnard and Rubin's.
    """

    label: str
    estimate: float
    se: float
    df: float
    t: float
    p: float
    ci95: Interval
    within: float
    between: float
    riv: float
    fmi: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledEffect:
    """An effect's F pooled over imputations (D1)."""

    term: str
    f: float
    df: int
    df_error: float
    p: float
    riv: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ImputedAnalysis:
    """A plan pooled over imputations.

    Parameters
    ----------
    imputations, seed, method
        How many, from which seed, by ``"norm"`` or ``"pmm"``.
    imputed
        (unit, covariate) pairs that were filled in.
    effects, differences
        Pooled; labels are those of the analysis.
    words
        What was done, in a sentence with its sources.
    """

    imputations: int
    seed: int
    method: str
    imputed: tuple[tuple[str, str], ...]
    effects: tuple[PooledEffect, ...]
    differences: tuple[PooledEstimate, ...]
    words: str
