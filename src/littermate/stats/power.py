"""Power of a factorial design from the exact noncentral F, and of an equivalence test from the exact integral.

The noncentrality of an effect is (C m)' [C D C']^-1 (C m) / (1 - R^2), with C its contrasts, m the cell means in
standard deviations, D the diagonal of 1 / n, and R^2 the share of the variance within groups that covariates and blocks
explain. With N units in all and k (and l) levels that is N d^2 / (2 k) for a main effect and N D^2 / (4 k l) for an
interaction of two factors, so n d^2 and n D^2 / 4 in a 2 x 2 with n a cell, n d^2 / 2 for a simple effect, and f^2 N
for Cohen's f (Cohen 1988, *Statistical Power Analysis*). Covariates are taken to be balanced over the groups.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.polynomial.legendre import leggauss
from scipy import optimize, special, stats

from littermate.errors import Complaint, UsageError
from littermate.model.analysis import Analysis
from littermate.model.detectable import DetectableDifference
from littermate.model.power import CellPlan, EffectPower, PowerCurve
from littermate.stats.hypotheses import Floats, Hypothesis, effects_of

__all__ = [
    "Question",
    "curve_over_effect",
    "curve_over_n",
    "detectable_differences",
    "effect_of_f",
    "effect_power",
    "equivalence_power",
    "f_power",
    "noncentrality",
    "sample_size",
    "smallest_bound",
    "smallest_detectable",
    "smallest_effect",
    "with_losses",
]

_LARGEST = 10_000_000
"""Units a cell beyond which no sample size is looked for."""
_WIDEST = 1000.0
"""SD beyond which a size is in another unit."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of a design: to find the hypothesis's effect at alpha.

    Where `within` is given the question is whether a difference can be shown to be smaller than so many SD (two
    one-sided tests), and the hypothesis's effect is the true difference.

    Raises
    ------
    UsageError
        If alpha is no probability, the effect no size in SD, or the bound not above 0 or of an effect of several
        degrees of freedom.
    """

    hypothesis: Hypothesis
    alpha: float = 0.05
    within: float | None = None

    def __post_init__(self) -> None:
        complaints = []
        if not 0 < self.alpha < 1:
            complaints.append(Complaint(expected="an alpha between 0 and 1", found=f"{self.alpha}", do="0.05 is usual"))
        if not abs(self.hypothesis.effect) <= _WIDEST:
            found = f"{self.hypothesis.effect:g} SD"
            do = "give it in standard deviations, not in the outcome's unit"
            complaints.append(Complaint(expected=f"an effect of at most {_WIDEST:g} SD", found=found, do=do))
        if self.within is not None and not 0 < self.within < math.inf:
            do = "give the smallest effect of interest in SD"
            complaints.append(Complaint(expected="a bound above 0", found=f"{self.within}", do=do))
        if self.within is not None and self.hypothesis.df > 1:
            found = f"{self.hypothesis.term} with {self.hypothesis.df} degrees of freedom"
            do = "ask for a simple effect or a contrast"
            complaints.append(Complaint(expected="one difference to be equivalent to none", found=found, do=do))
        if complaints:
            raise UsageError.of(complaints)

    def of(self, effect: float) -> Question:
        """Ask the same of an effect of another size."""
        return replace(self, hypothesis=self.hypothesis.sized(effect))


def f_power(noncentrality: float, df: int, df_error: float, *, alpha: float = 0.05) -> float:
    """Return the power of an F test.

    Examples
    --------
    >>> round(f_power(8.0, 1, 28), 3)
    0.779
    """
    if noncentrality == 0:
        return alpha
    return float(stats.ncf.sf(stats.f.isf(alpha, df, df_error), df, df_error, noncentrality))


def equivalence_power(effect: float, within: float, se: float, df_error: int, *, alpha: float = 0.05) -> float:
    """Return how often two one-sided tests show a difference to lie within bounds.

    Parameters
    ----------
    effect
        The true difference, in SD.
    within
        The bounds are minus and plus it, in SD.
    se
        Standard error of the difference in SD: ``sqrt(2 / n)`` for two groups of n.
    df_error
        Degrees of freedom of the spread.
    alpha
        Of each one-sided test.

    Notes
    -----
    The integral over the chi distribution of the spread (Owen 1965, *Biometrika* 52:437; Phillips 1990,
    *J Pharmacokinet Biopharm* 18:137), by Gauss-Legendre quadrature.

    Examples
    --------
    >>> round(equivalence_power(0.0, 1.0, (2 / 20) ** 0.5, 38), 3)
    0.856
    """
    critical = float(stats.t.isf(alpha, df_error))
    low, high = (math.sqrt(stats.chi2.ppf(at, df_error) / df_error) for at in (1e-17, 1 - 1e-16))
    high = min(high, within / (se * critical))
    if high <= low:
        return 0.0
    nodes, weights = _gauss_legendre()
    spreads = low + (high - low) * (nodes + 1) / 2
    room = within / se - critical * spreads
    inside = special.ndtr(room - effect / se) - special.ndtr(-room - effect / se)
    density = 2 * df_error * spreads * stats.chi2.pdf(df_error * spreads**2, df_error)
    return float(weights @ (inside * density)) * (high - low) / 2


@functools.cache
def _gauss_legendre() -> tuple[Floats, Floats]:
    return leggauss(400)


def noncentrality(plan: CellPlan, hypothesis: Hypothesis) -> float:
    """Return the noncentrality of the F of a hypothesis.

    Examples
    --------
    >>> both = effects_of((("a", 2), ("b", 2)))[2]
    >>> round(noncentrality(CellPlan.even((("a", 2), ("b", 2)), 8), both), 12)
    2.0
    """
    spread = (hypothesis.contrasts / np.asarray(plan.sizes)) @ hypothesis.contrasts.T
    value = hypothesis.contrasts @ hypothesis.means
    return float(value @ np.linalg.solve(spread, value)) / (1 - plan.explained)


def effect_of_f(plan: CellPlan, hypothesis: Hypothesis, f: float) -> float:
    """Return the size of an effect whose Cohen's f is given.

    Raises
    ------
    UsageError
        If f is not 0 or more.

    Examples
    --------
    >>> main = effects_of((("a", 2), ("b", 2)))[0]
    >>> round(effect_of_f(CellPlan.even((("a", 2), ("b", 2)), 8), main, 0.25), 12)
    0.5
    """
    if not 0 <= f < math.inf:
        raise UsageError(expected="a Cohen's f of 0 or more", found=f"{f}", do="0.1, 0.25 and 0.4 are small to large")
    unit = noncentrality(replace(plan, explained=0.0), hypothesis.sized(1.0))
    return f / math.sqrt(unit / plan.n_total)


def effect_power(plan: CellPlan, question: Question) -> EffectPower:
    """Return the power of a design for one question.

    Raises
    ------
    UsageError
        If the design leaves no degrees of freedom to tell the spread from.

    Examples
    --------
    >>> levels = (("magnesium", 2), ("ketamine", 2))
    >>> _, _, interaction = effects_of(levels)
    >>> found = effect_power(CellPlan.even(levels, 8), Question(hypothesis=interaction))
    >>> found.effect, round(found.power, 2)
    (1.0, 0.28)
    """
    _require_spread(plan)
    hypothesis = question.hypothesis
    found = noncentrality(plan, hypothesis)
    equivalence = question.within is not None
    return EffectPower(
        term=hypothesis.term,
        measure=hypothesis.measure,
        effect=hypothesis.effect,
        f=math.sqrt(found * (1 - plan.explained) / plan.n_total),
        noncentrality=None if equivalence else found,
        df=hypothesis.df,
        df_error=plan.df_error,
        alpha=question.alpha,
        power=_power(plan, question),
        n_per_group=plan.n_per_group,
        n_total=plan.n_total,
        method=(f"exact: two one-sided tests within {question.within:g} SD" if equivalence else "exact: noncentral F"),
    )


def _power(plan: CellPlan, question: Question) -> float:
    hypothesis = question.hypothesis
    if question.within is None:
        found = noncentrality(plan, hypothesis)
        return f_power(found, hypothesis.df, plan.df_error, alpha=question.alpha)
    variance = float((hypothesis.contrasts[0] ** 2 / np.asarray(plan.sizes)).sum())
    se = math.sqrt(variance * (1 - plan.explained))
    return equivalence_power(hypothesis.effect, question.within, se, plan.df_error, alpha=question.alpha)


def sample_size(plan: CellPlan, question: Question, power: float = 0.8) -> EffectPower:
    """Return the smallest design that reaches the power: the smallest whole multiple of the plan's sizes.

    Parameters
    ----------
    plan
        Its sizes are the ratio of the groups: 1 each for equal groups.
    question, power
        What is to be found, how often.

    Raises
    ------
    UsageError
        If no design reaches it: there is no effect, or a bound that the true difference lies beyond.

    Examples
    --------
    >>> levels = (("magnesium", 2), ("ketamine", 2))
    >>> main, *_ = effects_of(levels)
    >>> found = sample_size(CellPlan.even(levels, 1), Question(hypothesis=main), 0.8)
    >>> found.n_per_group, found.n_total, round(found.power, 3)
    (9, 36, 0.829)
    """
    _require_power(power, question.alpha)
    _require_effect(question)
    low, high = 0, 1

    def reached(times: int) -> bool:
        sizes = tuple(times * size for size in plan.sizes)
        enough = sum(sizes) - len(sizes) - plan.df_taken >= 1
        return enough and _power(replace(plan, sizes=sizes), question) >= power

    while not reached(high):
        low, high = high, 2 * high
        if high * min(plan.sizes) > _LARGEST:
            raise UsageError(
                expected=f"an effect that {_LARGEST} units a group can show with {100 * power:g} % power",
                found=f"{question.hypothesis.effect:g} SD",
                do="ask for a larger effect",
            )
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return effect_power(replace(plan, sizes=tuple(high * size for size in plan.sizes)), question)


def _require_effect(question: Question) -> None:
    effect = abs(question.hypothesis.effect)
    if question.within is None and not effect > 1e-12:
        found = f"none in {question.hypothesis.term}"
        raise UsageError(expected="an effect to look for", found=found, do="no number of units finds what is not there")
    if question.within is not None and not effect < question.within:
        found = f"a true difference of {effect:g} SD and bounds of {question.within:g} SD"
        raise UsageError(expected="a difference within the bounds", found=found, do="widen the bounds")


def smallest_effect(plan: CellPlan, question: Question, power: float = 0.8) -> EffectPower:
    """Return the smallest effect that the design finds with the power: its sensitivity.

    Raises
    ------
    UsageError
        If power and alpha are not probabilities with power above alpha.

    Examples
    --------
    >>> levels = (("magnesium", 2), ("ketamine", 2))
    >>> main, *_ = effects_of(levels)
    >>> round(smallest_effect(CellPlan.even(levels, 8), Question(hypothesis=main)).effect, 4)
    1.0261
    """
    _require_power(power, question.alpha)
    _require_spread(plan)
    one = question.of(1.0)
    needed = _needed(one.hypothesis.df, plan.df_error, power, question.alpha)
    effect = math.sqrt(needed / noncentrality(plan, one.hypothesis))
    return effect_power(plan, one.of(effect))


def smallest_bound(plan: CellPlan, question: Question, power: float = 0.8) -> float:
    """Return the narrowest bounds, in SD, within which the design shows equivalence with the power.

    Examples
    --------
    >>> main, *_ = effects_of((("diet", 2),))
    >>> question = Question(hypothesis=main.sized(0.0), within=1.0)
    >>> round(smallest_bound(CellPlan.even((("diet", 2),), 20), question), 3)
    0.942
    """
    _require_power(power, question.alpha)
    _require_spread(plan)
    low = max(abs(question.hypothesis.effect), 1e-9)
    high = low + 1.0

    def short(within: float) -> float:
        return _power(plan, replace(question, within=within)) - power

    while short(high) < 0:
        high *= 2
    return float(optimize.brentq(short, low, high, xtol=1e-12))


def _needed(df: int, df_error: float, power: float, alpha: float) -> float:
    """Return the noncentrality that gives the power."""
    high = 1.0
    while f_power(high, df, df_error, alpha=alpha) < power:
        high *= 2
    return float(optimize.brentq(lambda x: f_power(x, df, df_error, alpha=alpha) - power, 0, high, xtol=1e-13))


def smallest_detectable(
    levels: Mapping[str, int], n_per_cell: int, *, power: float = 0.8, alpha: float = 0.05
) -> tuple[EffectPower, ...]:
    """Return the smallest detectable effect of every factor and every interaction, crossed in full.

    Parameters
    ----------
    levels
        How many levels each factor has.
    n_per_cell
        Units in each cell.
    power, alpha
        The wanted power, the level of significance.

    Raises
    ------
    UsageError
        If there is no such design, or power and alpha are not probabilities with power above alpha.

    Examples
    --------
    >>> found = smallest_detectable({"magnesium": 2, "ketamine": 2}, 8)
    >>> [(one.term, round(one.effect, 2)) for one in found]
    [('magnesium', 1.03), ('ketamine', 1.03), ('magnesium:ketamine', 2.05)]
    """
    plan = CellPlan.even(tuple(levels.items()), n_per_cell)
    questions = [Question(hypothesis=one, alpha=alpha) for one in effects_of(plan.levels)]
    return tuple(smallest_effect(plan, question, power) for question in questions)


def detectable_differences(analysis: Analysis, *, power: float = 0.8) -> tuple[DetectableDifference, ...]:
    """Return the smallest size at which each difference of an analysis would have been found, by its own error.

    A difference with standard error s is found with the power where it is ``s * sqrt(noncentrality)``; of a mixed model
    that is as exact as its degrees of freedom.

    Examples
    --------
    >>> from littermate.model.plan import Plan
    >>> from littermate.stats.factorial import fit
    >>> from littermate.stats.table import Table
    >>> table = Table(outcome="y", values=(1, 2, 3, 3, 6, 9), factors={"a": "xxxyyy"}, units="123456")
    >>> (found,) = detectable_differences(fit(table, Plan(outcome="y", factors=("a",)), unit="s"))
    >>> round(found.size, 3), round(found.in_sd, 3)
    (6.867, 3.071)
    """
    alpha = analysis.plan.alpha
    needed = {df: _needed(1, df, power, alpha) for df in {one.df for one in analysis.differences}}
    sd = None if analysis.mixed else analysis.residual_sd
    sizes = {one.label: one.se * math.sqrt(needed[one.df]) for one in analysis.differences}
    return tuple(
        DetectableDifference(label=label, size=size, in_sd=size / sd if sd else None, power=power, alpha=alpha)
        for label, size in sizes.items()
    )


def with_losses(n: int, rate: float) -> int:
    """Return how many units to begin with so that n are left on average: n / (1 - rate), rounded up.

    Raises
    ------
    UsageError
        If the rate is not a share from 0 to below 1.

    Examples
    --------
    >>> with_losses(9, 0.1), with_losses(32, 0.2), with_losses(13, 0.1)
    (10, 40, 15)
    """
    if not 0 <= rate < 1:
        raise UsageError(expected="a share of units lost, from 0 to below 1", found=f"{rate}", do="10% or 0.1")
    return math.ceil(n / (1 - rate) - 1e-9)


def curve_over_n(plan: CellPlan, question: Question, sizes: Sequence[int], *, planned: int, label: str) -> PowerCurve:
    """Return the power at each of several numbers of units in every cell; `planned` is marked."""

    def power(n: int) -> float:
        return _power(replace(plan, sizes=(n,) * len(plan.sizes)), question)

    curve = tuple(power(n) for n in sizes)
    return PowerCurve(label=label, at=tuple(map(float, sizes)), power=curve, planned=(float(planned), power(planned)))


def curve_over_effect(
    plan: CellPlan, question: Question, effects: Sequence[float], *, planned: float, label: str
) -> PowerCurve:
    """Return the power of a design at each of several sizes of an effect; `planned` is marked."""

    def power(effect: float) -> float:
        return _power(plan, question.of(effect))

    curve = tuple(power(effect) for effect in effects)
    return PowerCurve(label=label, at=tuple(effects), power=curve, planned=(planned, power(planned)))


def _require_spread(plan: CellPlan) -> None:
    if plan.df_error >= 1:
        return
    taken = f" and {plan.df_taken} degrees of freedom of covariates and blocks" if plan.df_taken else ""
    found = f"{plan.n_total} units for {len(plan.sizes)} groups{taken}"
    raise UsageError(expected="units left to tell the spread from", found=found, do="plan more units a group")


def _require_power(power: float, alpha: float) -> None:
    if not alpha < power < 1:
        found = f"power {power}, alpha {alpha}"
        raise UsageError(expected="0 < alpha < power < 1", found=found, do="0.8 and 0.05 are usual")
