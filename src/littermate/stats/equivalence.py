"""Equivalence: two one-sided tests (Schuirmann 1987, *J Pharmacokinet Biopharm* 15:657) of a difference.

A difference is shown to be within the bounds where it lies, with P < alpha on both sides, within the smallest effect
of interest that the plan states; its (1 - 2 alpha) interval is then within it too. What is said of it: see
`model.equivalence`.

`tost` takes a difference of a fitted model (a main effect, a simple effect, a difference of differences), with the
model's error; `tost_two_groups` two columns of numbers, with an error of their own (Student) or two (Welch).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from littermate.errors import AnalysisError, Complaint, UsageError
from littermate.model.analysis import Analysis
from littermate.model.effect import Difference
from littermate.model.equivalence import Equivalence, Equivalences
from littermate.stats.table import Floats

__all__ = ["equivalences", "tost", "tost_two_groups"]

_WORDS = {
    (False, True): "equivalent",
    (True, True): "different but within bounds",
    (True, False): "different and not equivalent",
    (False, False): "not shown",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Estimate:
    """A difference with its standard error."""

    label: str
    estimate: float
    se: float
    df: float


def equivalences(analysis: Analysis, smallest_effect: float | None, *, in_sd: bool = False) -> Equivalences:
    """Test every difference of an analysis against the plan's smallest effect of interest.

    Parameters
    ----------
    analysis
        A fitted plan; its alpha is used.
    smallest_effect
        `None` where the plan states none, which is then said.
    in_sd
        Whether it is in residual standard deviations of the model, not in the outcome's unit.

    Raises
    ------
    UsageError
        If the smallest effect is not above 0.

    Examples
    --------
    >>> from littermate.stats.factorial import fit_formula
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"y": [9, 10, 11, 10, 9, 10, 11, 10], "diet": ["control"] * 4 + ["deficient"] * 4})
    >>> analysis = fit_formula(frame, "y ~ diet")
    >>> equivalences(analysis, 2.0).tests[0].says
    'equivalent'
    >>> equivalences(analysis, None).note
    'Equivalence cannot be tested: the plan states no smallest effect of interest.'
    """
    outcome = analysis.plan.outcome
    if smallest_effect is None:
        note = "Equivalence cannot be tested: the plan states no smallest effect of interest."
        return Equivalences(outcome=outcome, smallest_effect=None, tests=(), note=note)
    note = ""
    if in_sd:
        sd = analysis.residual_sd
        note = f"The smallest effect of interest is {smallest_effect:g} residual SD of {sd:.4g}."
        smallest_effect *= sd
    tests = tuple(tost(one, smallest_effect, analysis.plan.alpha) for one in analysis.differences)
    return Equivalences(outcome=outcome, smallest_effect=smallest_effect, tests=tests, note=note)


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
    one = _Estimate(label=difference.label, estimate=difference.estimate, se=difference.se, df=difference.df)
    return _two_one_sided(one, smallest_effect, alpha)


def tost_two_groups(
    values: Sequence[float] | Floats,
    reference: Sequence[float] | Floats,
    smallest_effect: float,
    *,
    in_sd: bool = False,
    welch: bool = True,
    alpha: float = 0.05,
    label: str = "difference of two groups",
) -> Equivalence:
    """Test whether two groups differ by less than the smallest effect of interest.

    Parameters
    ----------
    values, reference
        The outcome of the two groups; the difference is that of their means, the reference taken off.
    smallest_effect
        Above 0.
    in_sd
        Whether it is in standard deviations: the pooled SD, and for Welch's form the root of the mean variance.
    welch
        Whether each group has a variance of its own, with Satterthwaite's degrees of freedom.
    alpha
        Of each one-sided test.
    label
        What is compared.

    Raises
    ------
    UsageError
        As `tost`.
    AnalysisError
        If a group has fewer than two values, or one that is no number, or no value of either varies.

    Examples
    --------
    >>> found = tost_two_groups([9, 10, 11, 10], [9, 10, 12, 13], 2.0)
    >>> round(found.df, 2), round(found.p, 3), found.says
    (4.15, 0.186, 'not shown')
    """
    groups = [np.asarray(one, dtype=np.float64) for one in (values, reference)]
    _require_groups(groups)
    sizes, variances = np.array([len(one) for one in groups]), np.array([one.var(ddof=1) for one in groups])
    if welch:
        parts, variance = variances / sizes, float(variances.mean())
        df = float(parts.sum() ** 2 / (parts**2 / (sizes - 1)).sum())
    else:
        df = float(sizes.sum() - 2)
        variance = float(((sizes - 1) * variances).sum() / df)
        parts = variance / sizes
    estimate = float(groups[0].mean() - groups[1].mean())
    one = _Estimate(label=label, estimate=estimate, se=float(parts.sum() ** 0.5), df=df)
    return _two_one_sided(one, smallest_effect * variance**0.5 if in_sd else smallest_effect, alpha)


def _two_one_sided(one: _Estimate, smallest_effect: float, alpha: float) -> Equivalence:
    _require_bounds(smallest_effect, alpha)
    t_lower, t_upper = ((one.estimate + bound) / one.se for bound in (smallest_effect, -smallest_effect))
    p_lower, p_upper = float(stats.t.sf(t_lower, one.df)), float(stats.t.cdf(t_upper, one.df))
    p, p_difference = max(p_lower, p_upper), float(2 * stats.t.sf(abs(one.estimate / one.se), one.df))
    reach = float(stats.t.ppf(1 - alpha, one.df)) * one.se
    return Equivalence(
        label=one.label,
        estimate=one.estimate,
        se=one.se,
        df=one.df,
        smallest_effect=smallest_effect,
        t_lower=t_lower,
        p_lower=p_lower,
        t_upper=t_upper,
        p_upper=p_upper,
        p=p,
        p_difference=p_difference,
        alpha=alpha,
        interval=(one.estimate - reach, one.estimate + reach),
        interval_level=1 - 2 * alpha,
        says=_WORDS[p_difference < alpha, p < alpha],
    )


def _require_bounds(smallest_effect: float, alpha: float) -> None:
    if not 0 < smallest_effect < float("inf"):
        raise UsageError(
            expected="a smallest effect of interest above 0", found=f"{smallest_effect}", do="state it in the plan"
        )
    if not 0 < alpha < 0.5:
        raise UsageError(expected="an alpha between 0 and 0.5", found=f"{alpha}", do="0.05 is usual")


def _require_groups(groups: Sequence[Floats]) -> None:
    complaints = [
        Complaint(expected="two or more finite values in each group", found=f"{one.tolist()}", do="check the column")
        for one in groups
        if len(one) < 2 or not np.all(np.isfinite(one))
    ]
    if not complaints and all(np.ptp(one) == 0 for one in groups):
        do = "check the measurement: there is no error to compare with"
        complaints.append(Complaint(expected="values that vary within a group", found="none that do", do=do))
    if complaints:
        raise AnalysisError.of(complaints)
