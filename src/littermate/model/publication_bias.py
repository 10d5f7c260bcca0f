"""PublicationBias: whether small studies found more than large ones, and what studies that are not there would change.

A funnel may lean for other reasons than unpublished studies: small studies may have used higher doses.
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.model.interval import Interval
from littermate.model.meta_analysis import PooledStudies

__all__ = ["AsymmetryTest", "PublicationBias", "TrimAndFill"]


@dataclass(frozen=True, slots=True, kw_only=True)
class AsymmetryTest:
    """One test of the funnel's symmetry.

    Parameters
    ----------
    name
        ``"Egger, mixed model"``, ``"Egger, weighted regression"`` or ``"rank correlation"``.
    statistic, df, p
        z (`df` is `None`) or t; Kendall's tau of the rank correlation.
    limit, limit_ci
        The effect that a study without sampling error would have; of Egger's tests.
    """

    name: str
    statistic: float
    df: int | None
    p: float
    limit: float | None = None
    limit_ci: Interval | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrimAndFill:
    """How many studies the funnel lacks on one side, and the pooled effect with their mirror images filled in.

    `estimator` is ``"L0"`` or ``"R0"``; `side` is where they are missing; `filled` holds (effect, variance) pairs.
    """

    estimator: str
    side: str
    missing: int
    filled: tuple[tuple[float, float], ...]
    pooled: PooledStudies


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicationBias:
    """The tests of asymmetry, and trim-and-fill; empty where there are too few studies."""

    tests: tuple[AsymmetryTest, ...]
    filled: tuple[TrimAndFill, ...]
