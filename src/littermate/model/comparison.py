"""Comparison: marginal means, contrasts among them, and families of tests, as a fitted model gives them.

Numbers are raw; rounding is display. An interval is `(low, high)`. A contrast that the data cannot estimate is kept by
its name, without numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["AdjustedFamily", "Comparison", "Comparisons", "Interval", "MarginalMean", "StandardisedDifference"]

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginalMean:
    """The mean of a combination of levels, as the model has it: other factors averaged, covariates at their means.

    Parameters
    ----------
    levels
        The (factor, level) pairs that are held.
    mean, se, df
        `None` where the data cannot estimate it.
    interval, level
        Confidence limits, and their level; unadjusted.
    weights
        ``"equal"``: the other factors' levels count alike; ``"proportional"``: by their units.
    """

    levels: tuple[tuple[str, str], ...]
    mean: float | None
    se: float | None
    df: float
    interval: Interval | None
    level: float
    weights: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One contrast of means.

    Parameters
    ----------
    label
        In words: ``"ketamine - saline at magnesium = mg"``.
    estimate, se, df, t
        From the model's pooled error.
    p, p_adjusted
        Before and after adjustment for the others of its family.
    interval
        Simultaneous or not: see `Comparisons.interval_words`.
    """

    label: str
    estimate: float
    se: float
    df: float
    t: float
    p: float
    p_adjusted: float
    interval: Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparisons:
    """A family of contrasts and how they were adjusted for each other.

    Parameters
    ----------
    family
        What was compared, in words: ``"all pairs of dose at supp = OJ"``.
    adjust
        The adjustment: ``"tukey"``, ``"dunnett"``, ``"holm"``, ``"none"`` ...
    adjust_words
        The same in a sentence, with how exact it is.
    side
        ``"two-sided"``, ``"greater"`` or ``"less"``.
    rows
        The contrasts, in their order.
    level, critical, interval_words
        Of the intervals: their level, how many SE they reach, and what they are.
    not_estimable
        Labels of contrasts that the data cannot estimate.
    """

    family: str
    adjust: str
    adjust_words: str
    side: str
    rows: tuple[Comparison, ...]
    level: float
    critical: float
    interval_words: str
    not_estimable: tuple[str, ...] = ()

    def row(self, label: str) -> Comparison:
        """Look one contrast up by its label; `KeyError` where there is none of that name."""
        return {row.label: row for row in self.rows}[label]


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustedFamily:
    """The P of several outcomes that were planned as one family, before and after adjustment."""

    method: str
    words: str
    names: tuple[str, ...]
    p: tuple[float, ...]
    p_adjusted: tuple[float, ...]

    def adjusted(self, name: str) -> float:
        """Return the adjusted P of one member; `KeyError` where there is none of that name."""
        return dict(zip(self.names, self.p_adjusted, strict=True))[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardisedDifference:
    """A difference of two groups' means in standard deviations.

    Parameters
    ----------
    by
        What the difference is divided by: ``"pooled SD"``, ``"average variance"`` or ``"SD of the reference"``.
    d, d_interval
        Uncorrected (Cohen's d, Glass's delta).
    g, g_interval
        With the exact small-sample correction (Hedges).
    sd, df, level
        The divisor, its degrees of freedom, and the level of the intervals.
    """

    by: str
    d: float
    d_interval: Interval
    g: float
    g_interval: Interval
    sd: float
    df: float
    level: float
