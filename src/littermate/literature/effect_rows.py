"""Rows of a literature table: one row, and what it printed, as evidence of an effect.

What a row has is used in this order: means with SDs, SEMs or intervals; Cohen's d; t; F with its sign; P with its sign;
an effect as given. A row that lacks what every way needs has no evidence, and says what it lacks.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from scipy import stats

from littermate.errors import Complaint
from littermate.literature.effect_sizes import Counts, Evidence, Given, NoEffectError, Standardised, TwoArms
from littermate.literature.missing import is_missing

__all__ = ["EffectRow", "evidence_of"]

_UP = frozenset(("+", "1", "+1", "positive", "higher", "more", "up", "increase", "increased"))
_DOWN = frozenset(("-", "-1", "negative", "lower", "less", "down", "decrease", "decreased"))
_ASIDE = frozenset(("study", "year", "direction", "control"))
"""Roles that say nothing of the size of an effect."""
_DISAGREE = 0.1
"""An SD and a SEM of the same group may differ by this share, for rounding."""


@dataclass(slots=True)
class EffectRow:
    """One row: what stands under each role, and where it is. Faults and flags are collected while it is read.

    `columns` has the table's own name of each role.
    """

    entries: Mapping[str, str]
    where: str
    columns: Mapping[str, str] = field(default_factory=dict)
    complaints: list[Complaint] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)

    def has(self, *roles: str) -> bool:
        """Return whether all these are there and not missing."""
        return all(not is_missing(self.entries.get(role, "")) for role in roles)

    def number(self, role: str, *, least: float | None = None, above: float | None = None) -> float:
        """Return a number; one that cannot be is a complaint, and NaN here."""
        text = self.entries[role].strip()
        wanted = "a number" + ("" if least is None else f", {least:g} or more")
        wanted += "" if above is None else f" above {above:g}"
        try:
            value = float(text.replace("\N{MINUS SIGN}", "-"))
        except ValueError:
            value = math.nan
        small = (least is not None and value < least) or (above is not None and value <= above)
        if not math.isfinite(value) or small:
            self.complain(wanted, role, text)
            return math.nan
        return value

    def complain(self, expected: str, role: str, found: str) -> None:
        """Keep a complaint about one entry."""
        do = "correct it; leave it empty where it is not known"
        self.complaints.append(Complaint(expected=f"{expected} as {role}", found=repr(found), do=do, where=self.where))


def evidence_of(row: EffectRow, measure: str) -> Evidence:
    """Return what a row says.

    Raises
    ------
    NoEffectError
        If it lacks what is needed.
    """
    for way in _WAYS[measure]:
        found = way(row)
        if found is not None or row.complaints:
            return found or Given(yi=math.nan, vi=math.nan)
    empty = [row.columns.get(role, role) for role in row.entries if role not in _ASIDE and not row.has(role)]
    where = f"; nothing stands under {', '.join(empty)}" if empty else ""
    raise NoEffectError(f"it lacks {_NEEDED[measure]}{where}")


def _means(row: EffectRow) -> Evidence | None:
    if not row.has("n1", "mean1", "n2", "mean2") or not (_has_spread(row, "1") and _has_spread(row, "2")):
        return None
    n1, n2 = (row.number(f"n{arm}", above=0) for arm in "12")
    (sd1, spread), (sd2, other) = (_spread(row, arm, n) for arm, n in (("1", n1), ("2", n2)))
    if min(n1, n2) < 2:
        raise NoEffectError("a group of fewer than two animals has no SD")
    return TwoArms(
        n1=n1,
        mean1=row.number("mean1"),
        sd1=sd1,
        n2=n2,
        mean2=row.number("mean2"),
        sd2=sd2,
        spread=spread if spread == other else f"{spread}s and {other}",
    )


def _has_spread(row: EffectRow, arm: str) -> bool:
    return row.has(f"sd{arm}") or row.has(f"sem{arm}") or row.has(f"low{arm}", f"high{arm}")


def _spread(row: EffectRow, arm: str, n: float) -> tuple[float, str]:
    """Return a group's SD and what it was had from."""
    if row.has(f"sd{arm}"):
        sd = row.number(f"sd{arm}", least=0)
        if row.has(f"sem{arm}"):
            _compare(row, arm, sd, row.number(f"sem{arm}", least=0) * math.sqrt(n))
        return sd, "SD"
    if row.has(f"sem{arm}"):
        return row.number(f"sem{arm}", least=0) * math.sqrt(n), "SEM"
    low, high = row.number(f"low{arm}"), row.number(f"high{arm}")
    if high < low:
        row.complain(f"a limit above the lower one ({low:g})", f"high{arm}", row.entries[f"high{arm}"])
    return (high - low) / 2 / float(stats.t.ppf(0.975, max(n - 1, 1))) * math.sqrt(n), "CI"


def _compare(row: EffectRow, arm: str, sd: float, from_sem: float) -> None:
    if abs(sd - from_sem) > _DISAGREE * max(sd, from_sem):
        group = "treatment" if arm == "1" else "control"
        row.flags.append(
            f"SD and SEM of the {group} do not fit its n: SEM x sqrt(n) is {from_sem:.3g}, the SD {sd:.3g}"
        )


def _sizes(row: EffectRow) -> tuple[float, float] | None:
    """Return the numbers of the groups; halves of the whole where only that is known, with a flag."""
    if row.has("n1", "n2"):
        return row.number("n1", above=0), row.number("n2", above=0)
    if row.has("n"):
        half = row.number("n", above=0) / 2
        row.flags.append("both groups are taken to be half of the animals")
        return half, half
    return None


def _cohen(row: EffectRow) -> Evidence | None:
    sizes = _sizes(row) if row.has("cohen") else None
    if sizes is None:
        return None
    n1, n2 = sizes
    return Standardised(d=row.number("cohen"), df=n1 + n2 - 2, n1=n1, n2=n2)


def _t(row: EffectRow) -> Evidence | None:
    sizes = _sizes(row) if row.has("t") else None
    return None if sizes is None else _of_t(row, row.number("t"), sizes, "t and n")


def _f(row: EffectRow) -> Evidence | None:
    sizes = _sizes(row) if row.has("f") else None
    if sizes is None:
        return None
    if row.has("df1") and row.number("df1", above=0) != 1:
        raise NoEffectError(f"its F has {row.entries['df1']} degrees of freedom: more than two groups differ in it")
    return _of_t(row, _sign(row) * math.sqrt(max(0.0, row.number("f", least=0))), sizes, "F and n")


def _p(row: EffectRow) -> Evidence | None:
    sizes = _sizes(row) if row.has("p") else None
    if sizes is None:
        return None
    text = row.entries["p"].strip().lower().removeprefix("p").strip()
    bound, digits = re.fullmatch(r"([<≤=]?)\s*(.*)", text, re.S).groups()  # type: ignore[union-attr]
    try:
        p = float(digits)
    except ValueError:
        p = math.nan
    if not 0 < p <= 1:
        row.complain("a two-sided P above 0 and not above 1", "p", row.entries["p"])
        return None
    if bound in ("<", "≤"):
        row.flags.append(f"its P was printed as below {p:g}; the effect is at least this large")
    df = row.number("df", above=0) if row.has("df") else sum(sizes) - 2
    return _of_t(row, _sign(row) * float(stats.t.isf(p / 2, max(df, 1e-9))), sizes, "P and n")


def _of_t(row: EffectRow, t: float, sizes: tuple[float, float], source: str) -> Evidence | None:
    df = row.number("df", above=0) if row.has("df") else None
    return None if row.complaints else Standardised.of_t(t, *sizes, df=df, source=source)


def _sign(row: EffectRow) -> float:
    """Return which way the effect goes: as said, or as the means say.

    Raises
    ------
    NoEffectError
        If neither is there.
    """
    word = row.entries.get("sign", "").strip().casefold().replace("\N{MINUS SIGN}", "-")
    if word in _UP | _DOWN:
        return 1.0 if word in _UP else -1.0
    if not is_missing(word):
        row.complain("+ or - (treatment above or below control)", "sign", row.entries["sign"])
        return math.nan
    if row.has("mean1", "mean2"):
        return math.copysign(1.0, row.number("mean1") - row.number("mean2"))
    raise NoEffectError(
        "it lacks the sign of its effect: a column `sign` with + or - (treatment above or below control)"
    )


def _given(row: EffectRow) -> Evidence | None:
    if not row.has("yi"):
        return None
    yi = row.number("yi")
    if row.has("vi"):
        return Given(yi=yi, vi=row.number("vi", least=0))
    if row.has("sei"):
        return Given(yi=yi, vi=row.number("sei", least=0) ** 2)
    if row.has("low", "high"):
        low, high = row.number("low"), row.number("high")
        if high < low:
            row.complain(f"a limit above the lower one ({low:g})", "high", row.entries["high"])
        return Given(yi=yi, vi=((high - low) / 2 / float(stats.norm.ppf(0.975))) ** 2, source="effect and 95 % CI")
    return None


def _given_g(row: EffectRow) -> Evidence | None:
    """Return an effect as given; Hedges' g with the numbers of the groups has its variance from them."""
    found = _given(row)
    if found is not None or not row.has("yi"):
        return found
    sizes = _sizes(row)
    return None if sizes is None else Given(yi=row.number("yi"), vi=None, n1=sizes[0], n2=sizes[1], source="g and n")


def _counts(row: EffectRow) -> Evidence | None:
    """Return four counts; animals without the event are those of the group less those with it."""
    counts = []
    for events, none, n in (("events1", "none1", "n1"), ("events2", "none2", "n2")):
        if not row.has(events) or not (row.has(none) or row.has(n)):
            return None
        with_event = row.number(events, least=0)
        without = row.number(none, least=0) if row.has(none) else row.number(n, least=0) - with_event
        if without < 0:
            row.complain(f"at least the {with_event:g} animals with an event", n, row.entries[n])
        counts += [with_event, without]
    a, b, c, d = counts
    return Counts(a=a, b=b, c=c, d=d)


_WAYS: dict[str, tuple[Callable[[EffectRow], Evidence | None], ...]] = {
    "SMD": (_means, _cohen, _t, _f, _p, _given_g),
    "MD": (_means, _given),
    "ROM": (_means, _given),
    "RR": (_counts, _given),
    "OR": (_counts, _given),
    "given": (_given,),
}
_OF_MEANS = "means with SDs, SEMs or intervals, and n, of both groups"
_NEEDED = {
    "SMD": f"{_OF_MEANS}, or t, F or P with n",
    "MD": _OF_MEANS,
    "ROM": _OF_MEANS,
    "RR": "counts with and without an event in both groups",
    "OR": "counts with and without an event in both groups",
    "given": "an effect with its variance, SE or interval",
}
