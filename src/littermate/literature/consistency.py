"""Whether a printed P can come from the printed statistic.

A statistic printed as 2.20 is any number from 2.195 to 2.205; its P then lies between two bounds, and a printed P is
consistent where, at its own decimals, it does not lie outside them. A statistic printed with ``<`` or ``>`` leaves one
side open. The rules of rounding are statcheck's (Nuijten et al. 2016, Behav Res Methods 48:1205-1226): a bound is
rounded to the decimals of the printed P as R rounds (`rounded`).

A *decision error* is an inconsistent P on the other side of alpha than the P that follows.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from scipy import special

from littermate.model.audit_rules import AuditRules
from littermate.model.reported_test import RecomputedTest, ReportedTest

__all__ = ["is_consistent", "p_bounds", "p_of", "recompute", "rounded"]

_SAME = 1e-14
"""P that differ by this share are the same P: the rest is arithmetic."""

_OPEN = 1e-12
"""An open interval of P narrower than this share of itself holds none."""

_DECIMALS = 300
"""More decimals than these no double is rounded to."""

_TWO_SIDED = ("t", "r", "z")
_ADJUSTED = "P is said to be adjusted for several comparisons: it need not follow from the statistic"
_ONE_TAILED = "right as a one-tailed test"
_ZERO = "P is printed as zero, which no P is"
_EXACT = "the P of few animals may come from exact tables, which chi-squared only comes near to"


def recompute(test: ReportedTest, rules: AuditRules | None = None) -> RecomputedTest:
    """Recompute the P of a printed test and judge the printed one.

    Parameters
    ----------
    test
        As printed.
    rules
        `AuditRules` by default.

    Returns
    -------
    RecomputedTest
        Without P and verdict where nothing follows from what was printed, with the reason.

    Examples
    --------
    >>> from littermate.literature.reading import find_tests
    >>> done = recompute(find_tests("F(1,32) = 0.08, P = 0.90")[0])
    >>> round(done.p_computed, 3), done.consistent, done.decision_error
    (0.779, False, False)
    """
    rules = rules or AuditRules()
    if reason := _nothing_follows(test):
        return _without(test, rules, reason)
    two, one = (_judged(test, rules, tails) for tails in (2, 1))
    if rules.tails == "one" or (rules.tails == "as printed" and test.one_tailed and one.consistent):
        return one
    return replace(two, note=_ONE_TAILED) if one.consistent and two.consistent is False else two


def _nothing_follows(test: ReportedTest) -> str:
    needed = {"F": (test.df1, test.df2), "t": (test.df2,), "r": (test.df2,), "z": ()}.get(test.statistic, (test.df1,))
    if any(df is None for df in needed):
        return "no degrees of freedom are printed with it"
    if any(df is not None and df <= 0 for df in needed):
        return "there is no such test with zero degrees of freedom"
    if test.statistic == "r" and abs(test.value) > 1:
        return "no correlation is larger than 1"
    if test.statistic not in _TWO_SIDED and test.value < 0:
        return f"{test.statistic} cannot be negative"
    return ""


def _without(test: ReportedTest, rules: AuditRules, reason: str) -> RecomputedTest:
    return RecomputedTest(
        reported=test,
        p_computed=None,
        p_low=None,
        p_high=None,
        tails=2,
        consistent=None,
        decision_error=False,
        alpha=rules.alpha,
        note=reason,
    )


def _judged(test: ReportedTest, rules: AuditRules, tails: int) -> RecomputedTest:
    tails = tails if test.statistic in _TWO_SIDED else 2
    computed = float(p_of(test, abs(test.value), test.df2)) * tails / 2
    low, high = (float(p) * tails / 2 for p in p_bounds(test, test.df2))
    consistent: bool | None = is_consistent(test, low, high, rules)
    larger = test.p_reported is not None and test.p_reported > high
    note = _note(test, bool(consistent))
    if test.adjusted and not consistent and larger:
        consistent = None
    return RecomputedTest(
        reported=test,
        p_computed=computed,
        p_low=low,
        p_high=high,
        tails=tails,
        consistent=consistent,
        decision_error=consistent is False and _decides_otherwise(test, computed, rules),
        alpha=rules.alpha,
        note=note,
    )


def _note(test: ReportedTest, consistent: bool) -> str:
    if test.adjusted:
        return _ADJUSTED
    if consistent:
        return ""
    return _ZERO if test.p_reported == 0 else _EXACT if test.statistic == "H" else ""


def p_of(test: ReportedTest, value: float, df: Any) -> Any:
    """Return the P of a value (not negative) in a test's distribution, two-sided for t, r and z.

    `df` are the error degrees of freedom of F, t and r, one number or an array; the P is of the same shape.
    """
    return _P[test.statistic](test, value, df)


def _p_of_r(test: ReportedTest, value: float, df: Any) -> Any:
    r = min(value, 1.0)
    t = r * (df / (1 - r * r)) ** 0.5 if r < 1 else math.inf
    return 2 * special.stdtr(df, -t)


_P: dict[str, Callable[[ReportedTest, float, Any], Any]] = {
    "F": lambda test, value, df: special.fdtrc(test.df1, df, value),
    "t": lambda test, value, df: 2 * special.stdtr(df, -value),
    "r": _p_of_r,
    "z": lambda test, value, df: 2 * special.ndtr(-value),
    **dict.fromkeys(("chi2", "H", "Q", "Qw", "Qb"), lambda test, value, df: special.chdtrc(test.df1, value)),
}


def p_bounds(test: ReportedTest, df: Any) -> tuple[Any, Any]:
    """Return the least and largest P of a statistic printed so, before its relation is looked at.

    `df` as in `p_of`.
    """
    half = 0.5 / 10**test.decimals
    value = abs(test.value)
    return p_of(test, value + half, df), p_of(test, max(value - half, 0.0), df)


def is_consistent(test: ReportedTest, low: float, high: float, rules: AuditRules) -> bool:
    """Whether the printed P can be that of a statistic whose P lies from `low` to `high`.

    With a statistic printed as ``< 2.2`` its P is larger than `low`, without an upper end, and the reverse.
    """
    margin = _SAME if test.relation == "=" else _OPEN
    low = 0.0 if test.relation == ">" else low * (1 + margin)
    high = 1.0 if test.relation == "<" else high * (1 - margin)
    if test.p_reported is None or test.p_decimals is None:
        return high > rules.alpha
    if test.p_relation == "<":
        return low < test.p_reported and (test.p_above is None or high > test.p_above)
    if test.p_relation == ">":
        return high > test.p_reported
    if test.p_reported == 0 and rules.zero_is_wrong:
        return False
    return rounded(low, test.p_decimals) <= test.p_reported <= rounded(high, test.p_decimals)


def rounded(p: float, decimals: int) -> float:
    """Round as R 4 does: to the nearer of the two doubles that end in these decimals, to the even one of two as near.

    Source: M. Maechler 2020, Rounding to Decimal Digits in Binary (R package round, its algorithm "r3d.C").

    Examples
    --------
    >>> rounded(0.005, 2), round(0.005, 2), rounded(0.015, 2)
    (0.0, 0.01, 0.01)
    """
    if decimals > _DECIMALS:
        return p
    scale = 10.0**decimals
    below, above = math.floor(p * scale), math.ceil(p * scale)
    to_below, to_above = p - below / scale, above / scale - p
    if to_below == to_above:
        return (below if below % 2 == 0 else above) / scale
    return (below if to_below < to_above else above) / scale


def _decides_otherwise(test: ReportedTest, computed: float, rules: AuditRules) -> bool:
    printed = _printed_decision(test, rules)
    return printed is not None and printed != _is_significant(computed, rules)


def _is_significant(p: float, rules: AuditRules) -> bool:
    return p <= rules.alpha if rules.alpha_is_significant else p < rules.alpha


def _printed_decision(test: ReportedTest, rules: AuditRules) -> bool | None:
    """Return whether the printed P is on the significant side; `None` where it says neither (``P < .10``)."""
    if test.p_reported is None:
        return False
    if test.p_relation == "=":
        return _is_significant(test.p_reported, rules)
    if test.p_relation == "<":
        return True if test.p_reported <= rules.alpha else _unless_above(test, rules)
    return False if test.p_reported >= rules.alpha else None


def _unless_above(test: ReportedTest, rules: AuditRules) -> bool | None:
    """Return `False` for ``.05 < P < .10``, which is not significant; `None` for ``P < .10``."""
    return False if test.p_above is not None and test.p_above >= rules.alpha else None
