"""Outlier rules within groups: Grubbs, ROUT, MAD. For sensitivity, and for exclusions only where the plan says so.

**Grubbs** (1950, *Ann Math Stat* 21:27): the largest distance from the mean in standard deviations, G, with
P <= n P(|t| > sqrt(n (n - 2) G^2 / ((n - 1)^2 - n G^2))), t on n - 2 degrees of freedom: equal where
G > sqrt((n - 1) / 2), as two units cannot both be so far out, and an upper bound otherwise. One unit a group at most:
a second outlier hides the first, and repeating the test does not keep its level.

**ROUT** (Motulsky and Brown 2006, *BMC Bioinformatics* 7:123), for a group's location: distances from the median,
divided by the robust SD (their 68.27th percentile x n / (n - 1)), give P from t on n - 1 degrees of freedom; the
largest 30 % of them are tested so that the false discovery rate is Q. The paper fits curves by a robust (Lorentzian)
regression; here the fit is the median.

**MAD** (Iglewicz and Hoaglin 1993): 0.6745 (x - median) / MAD beyond 3.5.

A group whose values are mostly ties (MAD or robust SD of 0) cannot be judged by ROUT or MAD: nobody is named there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from littermate.errors import UsageError
from littermate.model.outlier import Outlier, OutlierRule
from littermate.model.plan import Plan
from littermate.stats.cells import cells_of
from littermate.stats.table import Floats, Table

__all__ = ["RULES", "Grubbs", "apply_rule", "find_outliers", "grubbs", "grubbs_limit", "modified_z", "rout_p"]

RULES = {
    "grubbs": OutlierRule(name="grubbs", limit=0.05),
    "rout": OutlierRule(name="rout", limit=0.01),
    "mad": OutlierRule(name="mad", limit=3.5),
}
_NORMAL = 0.6745
_WITHIN_ONE_SD = 68.27
_TESTED = 0.30


@dataclass(frozen=True, slots=True, kw_only=True)
class Grubbs:
    """The value farthest from the mean: its place, its distance in standard deviations, and its P."""

    place: int
    g: float
    p: float


def grubbs(values: Sequence[float] | Floats) -> Grubbs | None:
    """Test the value that is farthest from the mean; `None` for fewer than three values or no spread.

    Examples
    --------
    >>> found = grubbs([10.1, 9.9, 10.0, 10.2, 9.8, 14.0])
    >>> found.place, round(found.g, 4), found.p < 0.001
    (5, 2.0336, True)
    """
    own = np.asarray(values, dtype=np.float64)
    n = len(own)
    if n < 3 or np.ptp(own) <= 1e-12 * float(np.abs(own).max()):
        return None
    apart = np.abs(own - own.mean())
    place = int(apart.argmax())
    g = float(apart[place] / own.std(ddof=1))
    room = (n - 1) ** 2 - n * g**2
    if room <= 1e-12 * n**2:
        return Grubbs(place=place, g=g, p=0.0)
    t = (n * (n - 2) * g**2 / room) ** 0.5
    return Grubbs(place=place, g=g, p=float(min(1.0, 2 * n * stats.t.sf(t, n - 2))))


def grubbs_limit(n: int, *, alpha: float = 0.05) -> float:
    """Return the G above which P is below `alpha`; `n` is 3 or more.

    Examples
    --------
    >>> round(grubbs_limit(8), 4)
    2.1266
    """
    t = float(stats.t.isf(alpha / (2 * n), n - 2))
    return float((n - 1) / n**0.5 * (t**2 / (n - 2 + t**2)) ** 0.5)


def modified_z(values: Sequence[float] | Floats) -> Floats | None:
    """Return 0.6745 (x - median) / MAD; `None` where the MAD is 0.

    Examples
    --------
    >>> modified_z([1, 2, 3, 4, 100]).round(3).tolist()
    [-1.349, -0.674, 0.0, 0.674, 65.427]
    """
    own = np.asarray(values, dtype=np.float64)
    apart = own - np.median(own)
    mad = float(np.median(np.abs(apart)))
    return None if mad <= 1e-12 * float(np.abs(own).max()) else _NORMAL * apart / mad


def rout_p(values: Sequence[float] | Floats) -> Floats | None:
    """Return ROUT's P of each value, not yet adjusted; `None` for fewer than three values or no robust spread."""
    own = np.asarray(values, dtype=np.float64)
    n = len(own)
    if n < 3:
        return None
    apart = np.abs(own - np.median(own))
    robust_sd = float(np.percentile(apart, _WITHIN_ONE_SD)) * n / (n - 1)
    if robust_sd <= 1e-12 * float(np.abs(own).max()):
        return None
    found: Floats = 2 * stats.t.sf(apart / robust_sd, n - 1)
    return found


def find_outliers(table: Table, factors: Sequence[str], rule: OutlierRule) -> tuple[Outlier, ...]:
    """Name the units of a table that a rule finds too far from the others of their group.

    Parameters
    ----------
    table
        Units without outcome are passed over.
    factors
        Whose combinations of levels are the groups.
    rule
        One of `RULES`, or one with another threshold.

    Raises
    ------
    UsageError
        If there is no such rule, or its threshold cannot be meant.

    Examples
    --------
    >>> table = Table(outcome="y", values=(1, 2, 3, 4, 100), factors={"a": "xxxxx"}, units="12345")
    >>> [one.because for one in find_outliers(table, ("a",), RULES["mad"])]
    ['MAD, modified z above 3.5, within groups: modified z = 65.43']
    """
    _require_rule(rule)
    groups: dict[tuple[str, ...], list[int]] = {}
    for row, cell in enumerate(cells_of(table, factors)):
        if not np.isnan(table.values[row]):
            groups.setdefault(cell, []).append(row)
    found = []
    for cell, members in groups.items():
        for place, score, words in _named(table.values[members], rule):
            row = members[place]
            found.append(
                Outlier(
                    unit=table.units[row],
                    levels=tuple(zip(factors, cell, strict=True)),
                    value=float(table.values[row]) + table.shift,
                    rule=rule,
                    score=score,
                    because=f"{rule.words}: {words}",
                )
            )
    return tuple(found)


def apply_rule(table: Table, plan: Plan, rule: OutlierRule) -> tuple[Table, tuple[Outlier, ...]]:
    """Return the table without the units that a rule names, and these units with the reason.

    The rule looks at the outcome within the groups of the plan's factors. Use it for the primary analysis only where
    the plan states the rule.

    Raises
    ------
    UsageError
        As `find_outliers`.
    """
    found = find_outliers(table, plan.factors, rule)
    left_out = {one.unit for one in found}
    rows = [row for row, unit in enumerate(table.units) if unit not in left_out]
    return table.take(rows), found


def _require_rule(rule: OutlierRule) -> None:
    if rule.name not in RULES:
        raise UsageError(expected=f"one of the rules {', '.join(RULES)}", found=rule.name, do="choose one of them")
    if not (rule.limit > 0 and (rule.name == "mad" or rule.limit < 1)):
        raise UsageError(
            expected="a threshold above 0 (and below 1 for grubbs and rout)",
            found=f"{rule.limit}",
            do="grubbs 0.05, rout 0.01 and mad 3.5 are usual",
        )


def _named(values: Floats, rule: OutlierRule) -> Iterator[tuple[int, float, str]]:
    """Give the place, score and words of each value of a group that the rule names."""
    if rule.name == "grubbs":
        test = grubbs(values)
        if test is not None and test.p < rule.limit:
            yield test.place, test.g, f"G = {test.g:.2f}, P = {test.p:.2g}"
    elif rule.name == "rout":
        yield from _discovered(rout_p(values), rule.limit)
    else:
        scores = modified_z(values)
        if scores is not None:
            for place in np.flatnonzero(np.abs(scores) > rule.limit):
                yield int(place), float(scores[place]), f"modified z = {scores[place]:.2f}"


def _discovered(p: Floats | None, q: float) -> Iterator[tuple[int, float, str]]:
    """Give the values that the false discovery rate names, among the largest 30 % of distances."""
    if p is None:
        return
    n = len(p)
    order = np.argsort(-p, kind="stable")
    first = int((1 - _TESTED) * n)
    hits = [rank for rank in range(first, n) if p[order[rank]] < q * (n - rank) / n]
    for place in order[hits[0] :] if hits else ():
        yield int(place), float(p[place]), f"P = {p[place]:.2g} from the robust fit"
