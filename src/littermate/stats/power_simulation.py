"""Power by simulation, for what has no formula: unequal spread, losses, cages, odd distributions, other tests.

Every unit of every experiment is drawn (no sufficient statistic stands in for it), the planned test is made of it, and
counted. Experiments are drawn in blocks that stay in a processor's cache, from one stream of PCG64 in one order, so
that a seed gives the same numbers again on every machine. The Monte-Carlo standard error of a share of S experiments
is that of (b + 2) / (S + 4) (Agresti and Coull 1998, *Am Stat* 52:119), which is not 0 where b is 0 or S.

**Cages.** A unit's departure from its cell's mean is SD x (sqrt(ICC) x its cage's + sqrt(1 - ICC) x its own), so `icc`
is the share of the variance within groups that lies between cages. Where whole cages are treated, the cages are the
units: the test is of their means. Where animals are treated, one after the other, cage by cage, comes to a cell at
random, every cell once in as many animals as there are cells (cells of unequal sizes: at random over all animals), and
the model has the cage as a block.

**Shapes.** Skewed: a shifted gamma distribution of the mean and SD asked for. Bounded: normal values beyond a bound are
set to it, as of an animal that was immobile for all of 240 s; means and SD are those before that.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from littermate.errors import Complaint, UsageError
from littermate.model.power import CellPlan, EffectPower
from littermate.stats import experiments as made
from littermate.stats.hypotheses import Floats, Hypothesis
from littermate.stats.power import noncentrality

__all__ = ["PlannedTest", "Scenario", "simulate_power"]

_VALUES = 65_536
"""Values drawn at once."""
_ARRANGEMENTS = 50
"""Experiments that share one allocation of animals to the cells of a study in cages."""
_SKEWS = (0.01, 20.0)
_KINDS = ("F", "welch", "randomisation", "equivalence")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """How the outcomes of a planned experiment come about.

    Parameters
    ----------
    plan
        Units (animals) a cell at the start.
    means
        One a cell, the last factor running fastest; in SD, or in the outcome's unit with `sds`.
    sds
        Standard deviation within each cell.
    lost
        Probability that a unit is lost, whatever its group and outcome.
    cage
        Animals a cage; 1 where each lives alone.
    icc
        Share of the variance within groups that lies between cages.
    treated
        ``"animal"`` or ``"cage"``: what is allocated to the cells.
    skew
        Skewness of an animal's own part.
    bounds
        Least and greatest possible outcome.

    Raises
    ------
    UsageError
        If these do not fit together; all complaints at once.
    """

    plan: CellPlan
    means: tuple[float, ...]
    sds: tuple[float, ...]
    lost: float = 0.0
    cage: int = 1
    icc: float = 0.0
    treated: str = "animal"
    skew: float = 0.0
    bounds: tuple[float, float] = (-math.inf, math.inf)

    def __post_init__(self) -> None:
        complaints = [*self._wrong_values(), *self._wrong_cages()]
        if complaints:
            raise UsageError.of(complaints)

    def _wrong_values(self) -> Iterator[Complaint]:
        cells = len(self.plan.sizes)
        if len(self.means) != cells or not np.isfinite(self.means).all():
            yield Complaint(expected=f"{cells} finite means", found=f"{self.means}", do="give one a group")
        if len(self.sds) != cells or not all(0 < sd < math.inf for sd in self.sds):
            yield Complaint(expected=f"{cells} SDs above 0", found=f"{self.sds}", do="give one for all, or one a group")
        if not 0 <= self.lost < 1:
            yield Complaint(expected="a share lost, from 0 to below 1", found=f"{self.lost}", do="10% or 0.1")
        if self.skew and not _SKEWS[0] <= abs(self.skew) <= _SKEWS[1]:
            expected = f"a skewness of {_SKEWS[0]} to {_SKEWS[1]}, or 0"
            yield Complaint(expected=expected, found=f"{self.skew}", do="2 is that of an exponential")
        if not self.bounds[0] < self.bounds[1]:
            yield Complaint(expected="a lower and a higher bound", found=f"{self.bounds}", do="as in 0,240")
        if self.plan.df_taken or self.plan.explained:
            do = "leave them out, or take the exact power"
            yield Complaint(expected="no covariates in a simulation", found=f"{self.plan.df_taken}", do=do)

    def _wrong_cages(self) -> Iterator[Complaint]:
        if not 0 <= self.icc <= 1 or self.cage < 1 or self.treated not in ("animal", "cage"):
            found = f"{self.icc}, cages of {self.cage}, {self.treated} treated"
            expected = "an ICC from 0 to 1, cages of 1 or more, and animal or cage as what is treated"
            yield Complaint(expected=expected, found=found, do="correct them")
            return
        if self.icc and self.cage == 1:
            do = "say how many animals live in a cage"
            yield Complaint(expected="cages of 2 or more animals, for an ICC", found="animals housed singly", do=do)
        by = [self.plan.n_total] if self.treated == "animal" else self.plan.sizes
        if any(size % self.cage for size in by):
            what = "animals in all" if self.treated == "animal" else "animals in every group"
            found = ", ".join(map(str, dict.fromkeys(by)))
            do = "change the number of animals, or of those in a cage"
            yield Complaint(expected=f"a multiple of {self.cage} {what}, to fill cages", found=found, do=do)

    @property
    def sd(self) -> float:
        """Root mean square of the cells' SDs: the one in which effects are given."""
        return float(np.sqrt(np.mean(np.square(self.sds))))

    @property
    def blocked(self) -> bool:
        """Whether cages hold animals of several cells, so that they are blocks of the model."""
        return self.cage > 1 and self.treated == "animal"

    @property
    def by_cage(self) -> bool:
        """Whether cages are the units."""
        return self.cage > 1 and self.treated == "cage"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedTest:
    """The test that is made of every simulated experiment.

    Parameters
    ----------
    kind
        ``"F"``; ``"welch"``, for one difference without equal spreads; ``"randomisation"``, of the F over random
        allocations of the units; ``"equivalence"``, two one-sided tests.
    alpha
        Level of significance (of each one-sided test).
    within
        Bounds of equivalence in SD.
    allocations
        How many are drawn for a randomisation test; P = (b + 1) / (allocations + 1).
    """

    kind: str = "F"
    alpha: float = 0.05
    within: float | None = None
    allocations: int = 999

    def __post_init__(self) -> None:
        complaints = []
        if self.kind not in _KINDS:
            complaints.append(
                Complaint(expected=f"a test: {', '.join(_KINDS)}", found=self.kind, do="choose one of them")
            )
        if not 0 < self.alpha < 1:
            complaints.append(Complaint(expected="an alpha between 0 and 1", found=f"{self.alpha}", do="0.05 is usual"))
        if (self.kind == "equivalence") != (self.within is not None) or not (self.within is None or self.within > 0):
            do = "give the smallest effect of interest in SD, for this test alone"
            complaints.append(Complaint(expected="bounds for equivalence", found=f"{self.within}", do=do))
        if self.kind == "randomisation" and (self.allocations + 1) * self.alpha < 1 - 1e-9:
            found = f"{self.allocations}"
            do = "draw more: the smallest P is 1 / (allocations + 1)"
            complaints.append(Complaint(expected="allocations enough to reach alpha", found=found, do=do))
        if complaints:
            raise UsageError.of(complaints)

    @property
    def words(self) -> str:
        """The test in words."""
        return {
            "F": "F test",
            "welch": "Welch test",
            "randomisation": f"randomisation test of {self.allocations} allocations",
            "equivalence": f"two one-sided tests within {self.within} SD",
        }[self.kind]


def simulate_power(
    scenario: Scenario,
    hypotheses: Sequence[Hypothesis],
    *,
    test: PlannedTest | None = None,
    experiments: int = 10_000,
    seed: int,
) -> tuple[EffectPower, ...]:
    """Simulate a planned experiment many times and count how often each effect is found.

    Parameters
    ----------
    scenario
        How outcomes come about.
    hypotheses
        What is tested in each experiment; their own means do not matter here.
    test
        The F test where none is given.
    experiments
        How many are simulated.
    seed
        A whole number, 0 or more.

    Returns
    -------
    tuple of EffectPower
        One a hypothesis, with its Monte-Carlo standard error; the effects are those in the scenario's means.

    Raises
    ------
    UsageError
        If the test cannot be made of such experiments.

    Examples
    --------
    >>> from littermate.stats.hypotheses import effects_of
    >>> levels = (("magnesium", 2), ("ketamine", 2))
    >>> scenario = Scenario(plan=CellPlan.even(levels, 8), means=(0.0, 0.0, 0.0, 1.0), sds=(1.0,) * 4)
    >>> *_, interaction = simulate_power(scenario, effects_of(levels), seed=1)
    >>> round(interaction.power, 2), round(interaction.standard_error, 3)
    (0.27, 0.004)
    """
    test = test or PlannedTest()
    _require_possible(scenario, hypotheses, test, experiments)
    rng = np.random.default_rng(seed)
    found = np.zeros(len(hypotheses))
    for count in _blocks(scenario, experiments):
        found += _found(_experiments(scenario, count, rng), hypotheses, test, rng)
    method = f"simulation: {test.words}, {experiments} experiments, seed {seed}"
    return tuple(
        _counted(scenario, hypothesis, test, share, experiments, method)
        for hypothesis, share in zip(hypotheses, found / experiments, strict=True)
    )


def _counted(
    scenario: Scenario, hypothesis: Hypothesis, test: PlannedTest, share: float, experiments: int, method: str
) -> EffectPower:
    plan = scenario.plan
    assumed = hypothesis.assuming((np.array(scenario.means) - np.mean(scenario.means)) / scenario.sd)
    likely = (share * experiments + 2) / (experiments + 4)
    return EffectPower(
        term=hypothesis.term,
        measure=hypothesis.measure,
        effect=assumed.effect,
        f=math.sqrt(noncentrality(plan, assumed) / plan.n_total),
        noncentrality=None,
        df=hypothesis.df,
        df_error=_df_error(scenario),
        alpha=test.alpha,
        power=float(share),
        n_per_group=plan.n_per_group,
        n_total=plan.n_total,
        method=method,
        standard_error=math.sqrt(likely * (1 - likely) / (experiments + 4)),
    )


def _df_error(scenario: Scenario) -> int:
    """Return the error degrees of freedom where nothing is lost."""
    cells, cages = len(scenario.plan.sizes), scenario.plan.n_total // scenario.cage
    if scenario.by_cage:
        return cages - cells
    return scenario.plan.n_total - cells - (cages - 1 if scenario.blocked else 0)


def _require_possible(
    scenario: Scenario, hypotheses: Sequence[Hypothesis], test: PlannedTest, experiments: int
) -> None:
    complaints = []
    if experiments < 1:
        complaints.append(Complaint(expected="1 or more experiments", found=f"{experiments}", do="10000 is usual"))
    if _df_error(scenario) < 1:
        what = "cages" if scenario.by_cage else "animals"
        found = f"{_df_error(scenario)} degrees of freedom"
        complaints.append(
            Complaint(expected=f"{what} left to tell the spread from", found=found, do=f"plan more {what}")
        )
    several = [one.term for one in hypotheses if one.df > 1]
    if several and test.kind in ("welch", "equivalence"):
        do = "ask for a simple effect or a contrast"
        complaints.append(
            Complaint(expected=f"single differences for the {test.words}", found=", ".join(several), do=do)
        )
    if scenario.blocked and test.kind in ("welch", "randomisation"):
        do = "take the F test"
        complaints.append(Complaint(expected="a test that knows cages as blocks", found=test.words, do=do))
    if complaints:
        raise UsageError.of(complaints)


def _blocks(scenario: Scenario, experiments: int) -> Iterator[int]:
    """Cut the experiments into counts that are drawn at once."""
    most = _ARRANGEMENTS if scenario.blocked else max(1, _VALUES // scenario.plan.n_total)
    for start in range(0, experiments, most):
        yield min(most, experiments - start)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Block:
    """Experiments of one allocation: outcomes and presence (experiments, units), the model's columns, its cells."""

    outcomes: Floats
    present: NDArray[np.bool_] | None
    columns: Floats
    cells: int
    sd: float


def _experiments(scenario: Scenario, count: int, rng: Generator) -> _Block:
    """Draw experiments, as the test will see them."""
    cells = _arrangement(scenario, rng)
    outcomes = _outcomes(scenario, cells, count, rng)
    present = rng.random(outcomes.shape) >= scenario.lost if scenario.lost else None
    columns = made.cell_columns(cells, len(scenario.plan.sizes))
    if scenario.by_cage:
        outcomes, present = _cage_means(outcomes, present, scenario.cage)
        columns = columns[:: scenario.cage]
    if scenario.blocked:
        columns = np.hstack([columns, _cage_columns(scenario)])
    return _Block(outcomes=outcomes, present=present, columns=columns, cells=len(scenario.plan.sizes), sd=scenario.sd)


def _arrangement(scenario: Scenario, rng: Generator) -> NDArray[np.intp]:
    """Return each unit's cell; cages are runs of units."""
    sizes = scenario.plan.sizes
    cells = np.repeat(np.arange(len(sizes)), sizes)
    if not scenario.blocked:
        return cells
    if len(set(sizes)) > 1:
        return rng.permutation(cells)
    return rng.permuted(np.tile(np.arange(len(sizes)), (sizes[0], 1)), axis=1).ravel()


def _outcomes(scenario: Scenario, cells: NDArray[np.intp], count: int, rng: Generator) -> Floats:
    """Draw outcomes around the mean of all cells' means, which no test depends on."""
    shape = (count, len(cells))
    values = rng.standard_normal(shape) if not scenario.skew else _skewed(scenario.skew, shape, rng)
    if scenario.icc:
        cages = rng.standard_normal((count, len(cells) // scenario.cage))
        values *= math.sqrt(1 - scenario.icc)
        values += math.sqrt(scenario.icc) * np.repeat(cages, scenario.cage, axis=1)
    middle = float(np.mean(scenario.means))
    values *= np.array(scenario.sds)[cells]
    values += (np.array(scenario.means) - middle)[cells]
    low, high = scenario.bounds
    if math.isfinite(low) or math.isfinite(high):
        np.clip(values, low - middle, high - middle, out=values)
    return values


def _skewed(skew: float, shape: tuple[int, int], rng: Generator) -> Floats:
    """Draw a standardised gamma of this skewness."""
    k = 4 / skew**2
    return np.asarray(math.copysign(1, skew) * (rng.gamma(k, size=shape) - k) / math.sqrt(k))


def _cage_means(
    outcomes: Floats, present: NDArray[np.bool_] | None, cage: int
) -> tuple[Floats, NDArray[np.bool_] | None]:
    """Return each cage's mean over the animals left, and which cages have any."""
    split = outcomes.reshape(len(outcomes), -1, cage)
    if present is None:
        return split.mean(axis=2), None
    there = present.reshape(split.shape)
    left = there.sum(axis=2)
    return np.where(there, split, 0.0).sum(axis=2) / np.maximum(left, 1), left > 0


def _cage_columns(scenario: Scenario) -> Floats:
    """Return sum-to-zero columns of the cages."""
    cages = scenario.plan.n_total // scenario.cage
    return np.repeat(np.vstack([np.eye(cages - 1), -np.ones(cages - 1)]), scenario.cage, axis=0)


def _found(block: _Block, hypotheses: Sequence[Hypothesis], test: PlannedTest, rng: Generator) -> Floats:
    """Count in how many experiments each effect is found."""
    if test.kind == "randomisation":
        rows = range(len(block.outcomes))
        found = np.array([_randomised(block, row, hypotheses, test, rng) for row in rows]).T
    elif test.kind == "welch":
        found = np.array(
            [made.welch_found(block.outcomes, block.columns, one, test.alpha, block.present) for one in hypotheses]
        )
    else:
        fits = made.fit_experiments(block.outcomes, block.columns, block.cells, block.present)
        found = np.array([_shown(fits, one, test, block.sd) for one in hypotheses])
    return np.asarray(found.sum(axis=1), dtype=np.float64)


def _shown(fits: made.Fits, hypothesis: Hypothesis, test: PlannedTest, sd: float) -> NDArray[np.bool_]:
    if test.within is None:
        return made.f_found(fits, hypothesis, test.alpha)
    return made.equivalence_shown(fits, hypothesis, test.alpha, test.within * sd)


def _randomised(
    block: _Block, row: int, hypotheses: Sequence[Hypothesis], test: PlannedTest, rng: Generator
) -> list[bool]:
    """Return for each effect whether a randomisation test of one experiment finds it."""
    there = slice(None) if block.present is None else block.present[row]
    outcomes, columns = block.outcomes[row, there], block.columns[there]
    dealt = rng.permuted(np.tile(outcomes, (test.allocations, 1)), axis=1)
    fits = made.fit_experiments(np.vstack([outcomes, dealt]), columns, block.cells)
    if not fits.usable[0]:
        return [False] * len(hypotheses)
    found = []
    for one in hypotheses:
        f = made.f_values(fits, one)
        as_large = int((f[1:] >= f[0] * (1 - 1e-12)).sum())
        found.append((as_large + 1) / (test.allocations + 1) <= test.alpha)
    return found
