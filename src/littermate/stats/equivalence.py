"""Equivalence: two one-sided tests (Schuirmann 1987, *J Pharmacokinet Biopharm* 15:657) of a difference from a model.

A difference is **equivalent** to none where it lies, with P < alpha on both sides, within the smallest effect of
interest that the plan states; its (1 - 2 alpha) interval is then within it too. Anything else is **not shown**:
neither an effect nor its absence.
"""

from __future__ import annotations

from dataclasses import dataclass

from scipy import stats

from littermate.errors import UsageError
from littermate.model.analysis import Difference, Interval

__all__ = ["Equivalence", "tost"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Equivalence:
    """The result of two one-sided tests.

    Parameters
    ----------
    label
        The difference tested.
    estimate, df
        The difference and its degrees of freedom.
    smallest_effect
        The smallest effect of interest, in the outcome's unit: the bounds are minus and plus it.
    t_lower, p_lower, t_upper, p_upper
        Against the lower bound (is it above?) and the upper (is it below?).
    p
        The larger of the two P.
    interval, interval_level
        The (1 - 2 alpha) interval of the difference: 90 % for alpha = 0.05.
    says
        ``"equivalent"`` or ``"not shown"``.
    """

    label: str
    estimate: float
    df: int
    smallest_effect: float
    t_lower: float
    p_lower: float
    t_upper: float
    p_upper: float
    p: float
    interval: Interval
    interval_level: float
    says: str


def tost(difference: Difference, smallest_effect: float, alpha: float = 0.05) -> Equivalence:
    """Test whether a difference is smaller than the smallest effect of interest.

    Parameters
    ----------
    difference
        From a fitted model; its standard error and degrees of freedom are used.
    smallest_effect
        In the outcome's unit, above 0.
    alpha
        Of each one-sided test.

    Raises
    ------
    UsageError
        If the smallest effect is not above 0, or `alpha` is not between 0 and 0.5.

    Examples
    --------
    >>> from littermate.stats.factorial import fit_formula
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"y": [9, 10, 11, 10, 9, 10, 11, 10], "diet": ["control"] * 4 + ["deficient"] * 4})
    >>> analysis = fit_formula(frame, "y ~ diet")
    >>> tost(analysis.differences[0], 2.0).says, tost(analysis.differences[0], 0.5).says
    ('equivalent', 'not shown')
    """
    if not smallest_effect > 0:
        raise UsageError(
            expected="a smallest effect of interest above 0", found=f"{smallest_effect}", do="state it in the plan"
        )
    if not 0 < alpha < 0.5:
        raise UsageError(expected="an alpha between 0 and 0.5", found=f"{alpha}", do="0.05 is usual")
    df = difference.df
    t_lower = (difference.estimate + smallest_effect) / difference.se
    t_upper = (difference.estimate - smallest_effect) / difference.se
    p_lower, p_upper = float(stats.t.sf(t_lower, df)), float(stats.t.cdf(t_upper, df))
    reach = float(stats.t.ppf(1 - alpha, df)) * difference.se
    return Equivalence(
        label=difference.label,
        estimate=difference.estimate,
        df=df,
        smallest_effect=smallest_effect,
        t_lower=t_lower,
        p_lower=p_lower,
        t_upper=t_upper,
        p_upper=p_upper,
        p=max(p_lower, p_upper),
        interval=(difference.estimate - reach, difference.estimate + reach),
        interval_level=1 - 2 * alpha,
        says="equivalent" if max(p_lower, p_upper) < alpha else "not shown",
    )
