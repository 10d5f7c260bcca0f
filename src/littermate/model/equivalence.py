"""Equivalence: whether an effect is shown to be smaller than the smallest one of interest.

The words follow two tests at the same alpha, that of a difference and that of equivalence (Lakens 2017, *Soc Psychol
Personal Sci* 8:355):

====================  ================================  ==============================
..                    within the bounds (P < alpha)     not shown to be within them
====================  ================================  ==============================
differs from 0        different but within bounds       different and not equivalent
not shown to differ   equivalent                        not shown
====================  ================================  ==============================
"""

from __future__ import annotations

from dataclasses import dataclass

from littermate.model.interval import Interval

__all__ = ["Equivalence", "Equivalences"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalence:
    """The result of two one-sided tests.

    Parameters
    ----------
    label
        The difference tested.
    estimate, se, df
        The difference, its standard error and degrees of freedom (not whole for Welch's).
    smallest_effect
        The smallest effect of interest, in the outcome's unit: the bounds are minus and plus it.
    t_lower, p_lower, t_upper, p_upper
        Against the lower bound (is it above?) and the upper (is it below?); either alone is a test of non-inferiority.
    p
        The larger of the two P.
    p_difference
        Two-sided P against no difference.
    alpha
        Of each of the three tests.
    interval, interval_level
        The (1 - 2 alpha) interval of the difference: 90 % for alpha = 0.05.
    says
        ``"equivalent"``, ``"different but within bounds"``, ``"different and not equivalent"`` or ``"not shown"``.
    """

    label: str
    estimate: float
    se: float
    df: float
    smallest_effect: float
    t_lower: float
    p_lower: float
    t_upper: float
    p_upper: float
    p: float
    p_difference: float
    alpha: float
    interval: Interval
    interval_level: float
    says: str

    @property
    def within_bounds(self) -> bool:
        """Whether the effect is shown to be smaller than the smallest one of interest."""
        return self.p < self.alpha


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalences:
    """The equivalence tests of all differences of an analysis.

    Parameters
    ----------
    outcome
        Its name.
    smallest_effect
        In the outcome's unit; `None` where the plan states none.
    tests
        One a difference, in the order of the analysis; empty where there is no smallest effect.
    note
        What a reader should know: that nothing can be tested, or how large an SD was.
    """

    outcome: str
    smallest_effect: float | None
    tests: tuple[Equivalence, ...]
    note: str = ""
