"""Simulated power is the exact one where there is one, and has the right size where nothing is there."""

import math

import numpy as np
import pytest
from scipy import stats

from littermate.errors import UsageError
from littermate.model.power import CellPlan, EffectPower
from littermate.stats import power_simulation
from littermate.stats.hypotheses import Hypothesis, effects_of, find, from_means
from littermate.stats.losses import power_with_losses
from littermate.stats.power import Question, effect_power
from littermate.stats.power_simulation import PlannedTest, Scenario, simulate_power

TWO = (("magnesium", 2), ("ketamine", 2))
EFFECTS = effects_of(TWO)
PLAN = CellPlan.even(TWO, 8)
MEANS, NULL, ONES = (0.0, 0.3, 0.5, 1.8), (0.0,) * 4, (1.0,) * 4
MOST_SE = 4


def exact(
    plan: CellPlan, means: tuple[float, ...], sd: float = 1.0, hypotheses: tuple[Hypothesis, ...] = EFFECTS
) -> list[float]:
    return [effect_power(plan, Question(hypothesis=one)).power for one in from_means(hypotheses, means, sd)]


def assert_near(found: tuple[EffectPower, ...], expected: list[float]) -> None:
    for one, power in zip(found, expected, strict=True):
        assert one.standard_error is not None
        assert abs(one.power - power) <= MOST_SE * one.standard_error, one.term


@pytest.mark.parametrize("sizes", [(8, 8, 8, 8), (5, 9, 8, 12)])
def test_f_test(sizes: tuple[int, ...]) -> None:
    plan = CellPlan(levels=TWO, sizes=sizes)
    found = simulate_power(Scenario(plan=plan, means=MEANS, sds=ONES), EFFECTS, seed=11)
    assert_near(found, exact(plan, MEANS))
    assert found[2].effect == pytest.approx(1.0) and found[2].df_error == plan.df_error


def test_three_levels() -> None:
    plan, means = CellPlan.even((("diet", 3), ("ketamine", 2)), 6), (0.0, 0.5, 1.0, 1.0, 0.0, 2.0)
    effects = effects_of(plan.levels)
    found = simulate_power(Scenario(plan=plan, means=means, sds=(1.0,) * 6), effects, seed=3)
    assert_near(found, exact(plan, means, 1.0, effects))


def test_the_unit_of_the_outcome_does_not_matter() -> None:
    in_seconds = Scenario(plan=PLAN, means=tuple(1e12 + 40 * mean for mean in MEANS), sds=(40.0,) * 4)
    found = simulate_power(in_seconds, EFFECTS, seed=3, experiments=500)
    plain = simulate_power(Scenario(plan=PLAN, means=MEANS, sds=ONES), EFFECTS, seed=3, experiments=500)
    assert [one.power for one in found] == pytest.approx([one.power for one in plain], abs=0.01)


def test_the_seed_gives_the_numbers_again() -> None:
    scenario = Scenario(plan=PLAN, means=MEANS, sds=ONES, lost=0.1)
    one, again, other = (simulate_power(scenario, EFFECTS, seed=seed, experiments=3000) for seed in (5, 5, 6))
    assert one == again != other
    assert one[0].method == "simulation: F test, 3000 experiments, seed 5"


def test_losses() -> None:
    plan = CellPlan.even(TWO, 4)
    expected = [power_with_losses(plan, Question(hypothesis=one), 0.3).power for one in from_means(EFFECTS, MEANS, 1)]
    assert_near(simulate_power(Scenario(plan=plan, means=MEANS, sds=ONES, lost=0.3), EFFECTS, seed=2), expected)


def test_treated_cages_are_the_units() -> None:
    """A mean of 4 animals has the variance ICC + (1 - ICC) / 4, and 5 cages a cell are 5 units."""
    scenario = Scenario(plan=CellPlan.even(TWO, 20), means=MEANS, sds=ONES, cage=4, icc=0.4, treated="cage")
    found = simulate_power(scenario, EFFECTS, seed=4)
    assert_near(found, exact(CellPlan.even(TWO, 5), MEANS, math.sqrt(0.4 + 0.6 / 4)))
    assert found[0].df_error == 16


def test_whole_cages_with_animals_of_every_cell_are_blocks() -> None:
    """What cages share cancels: the error is 1 - ICC, with 7 degrees of freedom fewer."""
    found = simulate_power(
        Scenario(plan=PLAN, means=MEANS, sds=ONES, cage=4, icc=0.4), EFFECTS, seed=4, experiments=3000
    )
    assert_near(found, exact(CellPlan(levels=TWO, sizes=(8,) * 4, df_taken=7, explained=0.4), MEANS))


def test_cages_with_losses_keep_their_size() -> None:
    for scenario in (
        Scenario(plan=PLAN, means=NULL, sds=ONES, cage=2, icc=0.5, lost=0.1),
        Scenario(plan=PLAN, means=NULL, sds=ONES, cage=2, icc=0.5, lost=0.1, treated="cage"),
    ):
        assert_near(simulate_power(scenario, EFFECTS, seed=8, experiments=1500), [0.05] * 3)


def test_unequal_spread_breaks_the_f_test_and_not_welch() -> None:
    scenario = Scenario(plan=CellPlan(levels=TWO, sizes=(5, 9, 8, 12)), means=NULL, sds=(3.0, 1.0, 1.0, 1.0))
    assert all(one.power > 0.1 for one in simulate_power(scenario, EFFECTS, seed=1))
    found = simulate_power(scenario, find(TWO, "simple"), test=PlannedTest(kind="welch"), seed=1)
    assert all(0.04 < one.power < 0.06 for one in found)


def test_randomisation_has_its_size_and_the_power_of_the_f_test() -> None:
    test = PlannedTest(kind="randomisation", allocations=199)
    null = simulate_power(Scenario(plan=PLAN, means=NULL, sds=ONES, skew=3.0), EFFECTS, test=test, seed=1,
                          experiments=300)  # fmt: skip
    assert_near(null, [0.05] * 3)
    kept = Scenario(plan=CellPlan.even(TWO, 10), means=(0.0, 0.0, 0.0, 2.0), sds=ONES, lost=0.05)
    found = simulate_power(kept, EFFECTS[2:], test=test, seed=1, experiments=150)
    power = power_with_losses(kept.plan, Question(hypothesis=EFFECTS[2].sized(2.0)), 0.05).power
    assert abs(found[0].power - power) < 0.1


def test_equivalence() -> None:
    plan = CellPlan.even(TWO, 12)
    questions = [Question(hypothesis=EFFECTS[0].sized(size), within=1.0) for size in (0.0, 0.5)]
    for question in questions:
        means = tuple(question.hypothesis.means)
        found = simulate_power(
            Scenario(plan=plan, means=means, sds=ONES),
            [question.hypothesis],
            test=PlannedTest(kind="equivalence", within=1.0),
            seed=9,
        )
        assert_near(found, [effect_power(plan, question).power])


def test_skewed_outcomes_have_the_mean_sd_and_skewness_asked_for() -> None:
    for skew in (2.0, -1.0):
        scenario = Scenario(plan=CellPlan.even((("diet", 2),), 500), means=(5.0, 5.0), sds=(2.0, 2.0), skew=skew)
        values = power_simulation._outcomes(scenario, np.repeat([0, 1], 500), 200, np.random.default_rng(1))
        assert (values.mean(), values.std(), stats.skew(values.ravel())) == pytest.approx((0, 2, skew), abs=0.1)


def test_bounded_outcomes_stay_within_their_bounds() -> None:
    scenario = Scenario(plan=PLAN, means=(200.0, 220.0, 30.0, 10.0), sds=(60.0,) * 4, bounds=(0.0, 240.0))
    values = power_simulation._outcomes(scenario, np.repeat(range(4), 8), 50, np.random.default_rng(1)) + 115
    assert (values.min(), values.max()) == pytest.approx((0, 240))


def test_outcomes_that_are_all_alike_find_nothing() -> None:
    scenario = Scenario(plan=PLAN, means=(900.0, 800.0, 900.0, 700.3), sds=ONES, bounds=(0.0, 240.1))
    assert [one.power for one in simulate_power(scenario, EFFECTS, seed=1, experiments=100)] == [0.0] * 3


@pytest.mark.parametrize(
    "options",
    [
        {"means": (0.0,) * 3},
        {"means": (0.0, 0.0, 0.0, math.nan)},
        {"sds": (1.0, 1.0, 1.0, 0.0)},
        {"lost": 1.0},
        {"icc": 0.3},
        {"icc": 1.5, "cage": 4},
        {"cage": 3},
        {"cage": 3, "treated": "cage"},
        {"treated": "litter"},
        {"skew": math.inf},
        {"skew": 1e-9},
        {"bounds": (240.0, 0.0)},
        {"plan": CellPlan(levels=TWO, sizes=(8,) * 4, df_taken=1)},
    ],
)
def test_impossible_scenarios(options: dict) -> None:  # type: ignore[type-arg]
    with pytest.raises(UsageError):
        Scenario(**({"plan": PLAN, "means": NULL, "sds": ONES} | options))


@pytest.mark.parametrize(
    "options",
    [{"kind": "t"}, {"kind": "equivalence"}, {"within": 1.0}, {"alpha": 0.0},
     {"kind": "randomisation", "allocations": 18}],
)  # fmt: skip
def test_impossible_tests(options: dict) -> None:  # type: ignore[type-arg]
    with pytest.raises(UsageError):
        PlannedTest(**options)


def test_tests_that_cannot_be_made() -> None:
    blocked = Scenario(plan=PLAN, means=NULL, sds=ONES, cage=4, icc=0.2)
    few = Scenario(plan=CellPlan.even(TWO, 4), means=NULL, sds=ONES, cage=4, treated="cage")
    dose = Scenario(plan=CellPlan.even((("dose", 3),), 4), means=(0.0,) * 3, sds=(1.0,) * 3)
    with pytest.raises(UsageError, match="blocks"):
        simulate_power(blocked, EFFECTS, test=PlannedTest(kind="randomisation"), seed=1)
    with pytest.raises(UsageError, match="cages left"):
        simulate_power(few, EFFECTS, seed=1)
    with pytest.raises(UsageError, match="single differences"):
        simulate_power(dose, effects_of(dose.plan.levels), test=PlannedTest(kind="welch"), seed=1)
    with pytest.raises(UsageError, match="1 or more experiments"):
        simulate_power(dose, effects_of(dose.plan.levels), experiments=0, seed=1)
