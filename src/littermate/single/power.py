"""Power: one design, one answer: what it can find, how many units it needs, or how often it finds an effect."""

from __future__ import annotations

import math
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from matplotlib.figure import Figure

from littermate.errors import UsageError
from littermate.model.finding import Finding
from littermate.model.power import CellPlan, EffectPower, LossPower
from littermate.model.rules import RuleSet
from littermate.report.power_figure import draw_power
from littermate.single.power_words import NOTHING, alike, percent, power_findings, power_rules, power_sentences
from littermate.stats.hypotheses import Hypothesis, contrast, effects_of, find, from_means, simple_effects_of
from littermate.stats.losses import power_with_losses
from littermate.stats.power import (
    Question,
    curve_over_effect,
    curve_over_n,
    effect_of_f,
    effect_power,
    sample_size,
    smallest_bound,
    smallest_effect,
    with_losses,
)
from littermate.stats.power_simulation import PlannedTest, Scenario, simulate_power

__all__ = ["PowerAnswer", "PowerRequest", "SimulationRequest", "picture_of_power", "plan_power", "planning_sentences"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationRequest:
    """What a simulation needs to know beside the design; see `Scenario` and `PlannedTest`.

    `sds` are empty where all cells have the request's spread; `seed` is drawn where it is `None`.
    """

    test: str = "F"
    experiments: int | None = None
    seed: int | None = None
    sds: tuple[float, ...] = ()
    cage: int = 1
    icc: float = 0.0
    treated: str = "animal"
    skew: float = 0.0
    bounds: tuple[float, float] = (-math.inf, math.inf)


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerRequest:
    """What is asked.

    Parameters
    ----------
    levels
        (factor, number of levels) pairs.
    sizes
        Units a cell, or the ratio of the cells where the number is what is looked for.
    size_known
        Whether `sizes` are units; else the smallest number of units is looked for.
    term
        Which effects (`littermate.stats.hypotheses.find`); all where it is empty.
    weights
        Of a contrast, instead of a term.
    effects
        Sizes in SD; empty where the smallest effect is looked for (or means or `f` are given).
    f
        Cohen's f, instead of sizes.
    means, sd
        Cell means in the outcome's unit and the spread within cells, instead of sizes.
    power, alpha
        Wanted power and level of significance.
    within
        Bounds of equivalence in SD; `None` where a difference is looked for.
    lost
        Share of units expected to be lost.
    df_taken, explained
        By covariates and blocks.
    simulation
        `None` where the power is worked out exactly.
    """

    levels: tuple[tuple[str, int], ...]
    sizes: tuple[int, ...]
    size_known: bool
    term: str = ""
    weights: tuple[float, ...] = ()
    effects: tuple[float, ...] = ()
    f: float | None = None
    means: tuple[float, ...] = ()
    sd: float = 1.0
    power: float = 0.8
    alpha: float = 0.05
    within: float | None = None
    lost: float = 0.0
    df_taken: int = 0
    explained: float = 0.0
    simulation: SimulationRequest | None = None

    @property
    def sensitivity(self) -> bool:
        """Whether the smallest effect is what is asked."""
        return self.f is None and not self.effects and not self.means and self.within is None

    @property
    def plan(self) -> CellPlan:
        """The design as asked, before any number was looked for."""
        return CellPlan(levels=self.levels, sizes=self.sizes, df_taken=self.df_taken, explained=self.explained)


@dataclass(frozen=True, slots=True, kw_only=True)
class PowerAnswer:
    """What was found: one row an effect, with the rules, sentences and findings that go with them.

    `asks` is ``"effect"``, ``"n"`` or ``"power"``: what was looked for. Where losses are expected, `losses` has two a
    row: with the row's units to begin with, and with so many that these are left on average. Where the smallest effects
    were looked for, `at_one` has the power for effects of 1 SD. `bound` is the narrowest bound of equivalence that the
    design can show.
    """

    asks: str
    request: PowerRequest
    rows: tuple[EffectPower, ...]
    losses: tuple[LossPower, ...] = ()
    at_one: tuple[EffectPower, ...] = ()
    bound: float | None = None

    @property
    def rules(self) -> RuleSet:
        """The rules as words and a hash."""
        return power_rules(self.request.alpha, [row.method for row in self.rows], _assumed(self.request))

    @property
    def sentences(self) -> tuple[str, ...]:
        """The answer in sentences."""
        return power_sentences(
            self.asks, self.rows, self.losses, wanted=self.request.power, at_one=self.at_one, bound=self.bound
        )

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What a reader must be told."""
        wanted = self.request.simulation
        cage = wanted.cage if wanted is not None and wanted.treated == "cage" else 1
        return power_findings(self.rows, asks=self.asks, cage=cage)


def plan_power(request: PowerRequest) -> PowerAnswer:
    """Answer a request.

    Raises
    ------
    UsageError
        If there is no such design, or the request asks for nothing that can be worked out.

    Examples
    --------
    >>> levels = (("magnesium", 2), ("ketamine", 2))
    >>> answer = plan_power(PowerRequest(levels=levels, sizes=(8,) * 4, size_known=True))
    >>> answer.sentences[0].partition(", a difference of")[0]
    'With 8 a group, 80 % power means d = 1.03 for a main effect'
    """
    plan = request.plan
    if request.simulation is not None:
        return _simulated(request, request.simulation)
    questions = _questions(request)
    if not request.size_known:
        if request.sensitivity:
            raise UsageError(
                expected="the units a group, or an effect to find",
                found="neither",
                do="give --n 8 to see what 8 a group can find, or --effect 1 to see how many are needed",
            )
        rows = tuple(sample_size(plan, question, request.power) for question in questions)
        return PowerAnswer(asks="n", request=request, rows=rows, losses=_losses(request, questions, rows))
    if request.sensitivity:
        rows = tuple(smallest_effect(plan, question, request.power) for question in questions)
        at_one = tuple(effect_power(plan, question) for question in questions)
        losses = _losses(request, [one.of(row.effect) for one, row in zip(questions, rows, strict=True)], rows)
        return PowerAnswer(asks="effect", request=request, rows=rows, losses=losses, at_one=at_one)
    rows = tuple(effect_power(plan, question) for question in questions)
    bound = None if request.within is None else smallest_bound(plan, questions[0], request.power)
    return PowerAnswer(asks="power", request=request, rows=rows, losses=_losses(request, questions, rows), bound=bound)


def _assumed(request: PowerRequest) -> Iterator[str]:
    """Say what the numbers take for granted beside the effects."""
    if request.df_taken:
        yield (
            f"Covariates and blocks take {request.df_taken} degrees of freedom and explain"
            f" {percent(request.explained)} of the variance within groups; they are balanced over the groups."
        )
    if request.lost:
        yield f"Each animal is lost with probability {request.lost:g}, whatever its group and outcome."
    wanted = request.simulation
    if wanted is None:
        return
    if len(set(wanted.sds)) > 1:
        yield f"SD within groups: {', '.join(f'{sd:g}' for sd in wanted.sds)}; sizes are in their root mean square."
    if wanted.cage > 1:
        treated = (
            "whole cages are treated and tested" if wanted.treated == "cage" else "animals are treated, cages blocks"
        )
        yield f"Cages of {wanted.cage}, {percent(wanted.icc)} of the variance between them (ICC); {treated}."
    if wanted.skew:
        yield f"Outcomes have a shifted gamma distribution of skewness {wanted.skew:g}."
    if any(map(math.isfinite, wanted.bounds)):
        low, high = wanted.bounds
        yield f"Outcomes below {low:g} or above {high:g} are set to it; means and SD are those before that."


def _hypotheses(request: PowerRequest) -> tuple[Hypothesis, ...]:
    """Return what is tested, with effects of 1 SD where the request does not say them by means or f."""
    if request.weights:
        found: tuple[Hypothesis, ...] = (contrast(request.weights, len(request.sizes)),)
    elif request.term:
        found = find(request.levels, request.term)
    else:
        found = (*effects_of(request.levels), *simple_effects_of(request.levels))
        if request.within is not None or (request.simulation and request.simulation.test == "welch"):
            found = tuple(one for one in found if one.df == 1) or found
    if request.means:
        there = from_means(found, request.means, request.sd)
        return there if request.size_known else tuple(one for one in there if abs(one.effect) > NOTHING) or there
    if request.f is not None:
        return tuple(one.sized(effect_of_f(request.plan, one, request.f)) for one in found)
    if request.within is not None and not request.effects:
        return tuple(one.sized(0.0) for one in found)
    return tuple(one.sized(effect) for one in found for effect in request.effects or (1.0,))


def _questions(request: PowerRequest) -> tuple[Question, ...]:
    return tuple(Question(hypothesis=one, alpha=request.alpha, within=request.within) for one in _hypotheses(request))


def _losses(request: PowerRequest, questions: Sequence[Question], rows: Sequence[EffectPower]) -> tuple[LossPower, ...]:
    """Return for every row the power if its units are those begun with, and if losses are bought in addition."""
    if not request.lost:
        return ()
    found = []
    for question, row in zip(questions, rows, strict=True):
        sizes = _sizes_of(row, len(request.sizes))
        for begun in (sizes, tuple(with_losses(size, request.lost) for size in sizes)):
            plan = replace(request.plan, sizes=begun)
            found.append(power_with_losses(plan, question, request.lost))
    return tuple(found)


def _simulated(request: PowerRequest, wanted: SimulationRequest) -> PowerAnswer:
    if not request.size_known or request.sensitivity:
        raise UsageError(
            expected="the units a group and an effect, for a simulation",
            found="a number or an effect to look for",
            do="give --n and --effect or --means, and try several",
        )
    test = PlannedTest(
        kind=wanted.test if request.within is None else "equivalence", alpha=request.alpha, within=request.within
    )
    usual = 2_000 if test.kind == "randomisation" else 10_000
    count = usual if wanted.experiments is None else wanted.experiments
    seed = secrets.randbelow(2**31) if wanted.seed is None else wanted.seed
    hypotheses = _hypotheses(request)
    rows: list[EffectPower] = []
    for group in [hypotheses] if request.means else [(one,) for one in hypotheses]:
        scenario = _scenario(request, wanted, group[0])
        rows += simulate_power(scenario, group, test=test, experiments=count, seed=seed)
    return PowerAnswer(asks="power", request=request, rows=tuple(rows))


def _scenario(request: PowerRequest, wanted: SimulationRequest, hypothesis: Hypothesis) -> Scenario:
    """Return the scenario in which the hypothesis's effect is there."""
    cells = len(request.sizes)
    sds = wanted.sds or (request.sd,) * cells
    unit = float(np.sqrt(np.mean(np.square(sds))))
    return Scenario(
        plan=request.plan,
        means=request.means or tuple(hypothesis.means * unit),
        sds=sds,
        lost=request.lost,
        cage=wanted.cage,
        icc=wanted.icc,
        treated=wanted.treated,
        skew=wanted.skew,
        bounds=wanted.bounds,
    )


def picture_of_power(answer: PowerAnswer) -> Figure:
    """Draw the power of every effect against the units a group, and against the size of the effect at those planned.

    Raises
    ------
    UsageError
        If the power was simulated: a curve would be of another test than the answer.
    """
    request = answer.request
    if request.simulation is not None:
        raise UsageError(expected="an exact power, for a curve", found="a simulated one", do="leave out --curve")
    questions, cells = _questions(request), len(request.sizes)
    over_n, over_effect = [], []
    for label, place in alike(answer.rows):
        question, row = questions[place], answer.rows[place]
        if isinstance(row.n_per_group, int):
            sizes = _sizes_shown(row.n_per_group, least=2 + request.df_taken // cells)
            size = abs(question.hypothesis.effect)
            over_n.append(
                curve_over_n(request.plan, question, sizes, planned=row.n_per_group, label=f"{label}, {size:.3g} SD")
            )
        if request.within is None and abs(row.effect) > NOTHING:
            plan = replace(request.plan, sizes=_sizes_of(row, cells))
            over_effect.append(
                curve_over_effect(plan, question, _effects_shown(row), planned=abs(row.effect), label=label)
            )
    return draw_power(over_n, over_effect, wanted=request.power, alpha=request.alpha)


def _sizes_shown(planned: int, *, least: int) -> list[int]:
    most = max(20, math.ceil(1.6 * planned))
    return sorted({*range(least, most + 1, max(1, most // 60)), planned})


def _effects_shown(row: EffectPower) -> tuple[float, ...]:
    return tuple(float(effect) for effect in np.linspace(0.02, max(2.5, 1.4 * abs(row.effect)), 80))


def _sizes_of(row: EffectPower, cells: int) -> tuple[int, ...]:
    return (row.n_per_group,) * cells if isinstance(row.n_per_group, int) else row.n_per_group


def planning_sentences(
    levels: Mapping[str, int], n: int, *, alpha: float = 0.05, power: float = 0.8
) -> tuple[str, ...]:
    """Say what a design with n a group can find, while it can still be changed.

    Parameters
    ----------
    levels
        How many levels each factor has.
    n
        Animals in each group; at least so many that some spread is left.
    alpha, power
        Level of significance, wanted power.

    Examples
    --------
    >>> planning_sentences({"magnesium": 2, "ketamine": 2}, 8)[1]
    'An interaction of 1 SD is found 28 % of the time, a main effect of 1 SD 78 %, a simple effect of 1 SD 49 %.'
    """
    request = PowerRequest(
        levels=tuple(levels.items()),
        sizes=(n,) * math.prod(levels.values()),
        size_known=True,
        alpha=alpha,
        power=power,
    )
    return plan_power(request).sentences
