"""Power is exact, the number of units is the smallest that reaches it, the smallest effect has it."""

import numpy as np
import pytest
from scipy import integrate, special, stats

from littermate.errors import UsageError
from littermate.model.power import CellPlan
from littermate.stats.hypotheses import contrast, effects_of, find, from_means
from littermate.stats.power import (
    Question,
    curve_over_effect,
    curve_over_n,
    effect_of_f,
    effect_power,
    equivalence_power,
    f_power,
    noncentrality,
    sample_size,
    smallest_bound,
    smallest_detectable,
    smallest_effect,
    with_losses,
)

TWO = (("magnesium", 2), ("ketamine", 2))
PLAN = CellPlan.even(TWO, 8)
MAIN, _, INTERACTION = effects_of(TWO)
(SIMPLE,) = find(TWO, "ketamine within magnesium")


def test_founding_study() -> None:
    found = {one.term: one for one in smallest_detectable({"magnesium": 2, "ketamine": 2}, 8)}
    assert found["ketamine"].effect == pytest.approx(1.03, abs=0.005)
    assert found["magnesium:ketamine"].effect == pytest.approx(2 * found["ketamine"].effect)
    assert (found["ketamine"].df, found["ketamine"].df_error) == (1, 28)
    assert f_power(8 * found["ketamine"].effect ** 2, 1, 28) == pytest.approx(0.8, abs=1e-9)
    assert effect_power(PLAN, Question(hypothesis=INTERACTION)).power == pytest.approx(0.2767, abs=5e-5)


@pytest.mark.parametrize(("hypothesis", "per_unit"), [(MAIN, 8.0), (INTERACTION, 2.0), (SIMPLE, 4.0)])
def test_noncentrality_of_a_2x2(hypothesis, per_unit: float) -> None:  # type: ignore[no-untyped-def]
    """N d^2, n D^2 / 4 and n d^2 / 2 for n = 8 and effects of 1."""
    assert noncentrality(PLAN, hypothesis) == pytest.approx(per_unit, rel=1e-14)
    assert noncentrality(PLAN, hypothesis.sized(3.0)) == pytest.approx(9 * per_unit, rel=1e-14)


@pytest.mark.parametrize("levels", [(("a", 3), ("b", 2)), (("a", 2), ("b", 2), ("c", 2)), (("a", 2), ("b", 4))])
def test_cohen_f_is_the_noncentrality_of_an_anova_without_noise(levels: tuple[tuple[str, int], ...]) -> None:
    plan = CellPlan.even(levels, 5)
    for one in effects_of(levels):
        sized = one.sized(effect_of_f(plan, one, 0.4))
        assert noncentrality(plan, sized) == pytest.approx(0.16 * plan.n_total, rel=1e-13)
        assert float(np.var(sized.means)) == pytest.approx(0.16, rel=1e-13)


def test_unequal_groups_count_by_their_harmonic_mean() -> None:
    plan = CellPlan(levels=(("diet", 2),), sizes=(6, 12))
    (diet,) = effects_of(plan.levels)
    found = effect_power(plan, Question(hypothesis=diet))
    assert found.noncentrality == pytest.approx(1 / (1 / 6 + 1 / 12), rel=1e-14)
    assert found.n_per_group == (6, 12)


def test_power_is_exact_to_twelve_digits() -> None:
    """Against the same distribution written as a Poisson mixture of betas."""
    for sizes, hypothesis in (((8,) * 4, INTERACTION), ((5, 9, 8, 12), MAIN), ((3, 3, 3, 4), SIMPLE.sized(2.0))):
        plan = CellPlan(levels=TWO, sizes=sizes, df_taken=1, explained=0.2)
        found = effect_power(plan, Question(hypothesis=hypothesis, alpha=0.01))
        critical = stats.f.isf(0.01, 1, plan.df_error)
        counts = np.arange(400)
        mixed = stats.beta.sf(critical / (critical + plan.df_error), 0.5 + counts, plan.df_error / 2)
        exact = stats.poisson.pmf(counts, found.noncentrality / 2) @ mixed
        assert found.power == pytest.approx(float(exact), abs=1e-12)


def test_no_effect_has_the_power_of_alpha() -> None:
    assert f_power(0.0, 1, 28, alpha=0.05) == pytest.approx(0.05)


def test_two_groups_are_the_t_test() -> None:
    (found,) = smallest_detectable({"diet": 2}, 10, power=0.9)
    critical = stats.t.isf(0.025, 18)
    away = found.effect * (10 / 2) ** 0.5
    assert stats.nct.sf(critical, 18, away) + stats.nct.cdf(-critical, 18, away) == pytest.approx(0.9, abs=1e-8)


def test_three_levels_need_more_than_two() -> None:
    diet, ketamine, both = smallest_detectable({"diet": 3, "ketamine": 2}, 8)
    assert (diet.df, ketamine.df, both.df, both.df_error) == (2, 1, 2, 42)
    assert diet.effect > ketamine.effect


def test_means_are_effects() -> None:
    magnesium, ketamine, both = from_means(effects_of(TWO), (120, 100, 118, 60), 40)
    assert (magnesium.effect, ketamine.effect, both.effect) == pytest.approx((-0.525, -0.975, -0.95))


@pytest.mark.parametrize("power", [0.8, 0.9, 0.95])
@pytest.mark.parametrize("plan", [CellPlan.even(TWO, 1), CellPlan(levels=TWO, sizes=(2, 1, 1, 1), df_taken=3)])
def test_the_number_is_the_smallest(plan: CellPlan, power: float) -> None:
    for hypothesis in (MAIN.sized(0.6), INTERACTION.sized(1.5), SIMPLE):
        question = Question(hypothesis=hypothesis)
        found = sample_size(plan, question, power)
        times = found.n_total // plan.n_total
        less = CellPlan(levels=TWO, sizes=tuple((times - 1) * one for one in plan.sizes), df_taken=plan.df_taken)
        assert found.power >= power > effect_power(less, question).power


def test_sensitivity_has_the_power() -> None:
    plan = CellPlan(levels=TWO, sizes=(5, 6, 7, 8), df_taken=1, explained=0.3)
    for hypothesis in (MAIN, INTERACTION, SIMPLE, contrast([-1, -1, -1, 3], 4)):
        found = smallest_effect(plan, Question(hypothesis=hypothesis), 0.9)
        assert found.power == pytest.approx(0.9, abs=1e-12)
        assert effect_power(plan, Question(hypothesis=hypothesis.sized(found.effect))).power == found.power


@pytest.mark.parametrize(
    ("effect", "within", "se", "df"), [(0.2, 1.0, 0.4, 18), (0.0, 3.0, 0.5, 1), (0.5, 1.0, 0.1, 200)]
)
def test_equivalence_is_the_double_integral(effect: float, within: float, se: float, df: int) -> None:
    """Against an adaptive integral over the spread."""
    critical = stats.t.isf(0.05, df)

    def found(spread: float) -> float:
        room = within / se - critical * spread
        inside = special.ndtr(room - effect / se) - special.ndtr(-room - effect / se)
        return float(inside * stats.chi.pdf(spread * df**0.5, df) * df**0.5)

    expected, _ = integrate.quad(found, 0, min(within / se / critical, 9), epsabs=1e-13, points=[0.9, 1.1], limit=200)
    assert equivalence_power(effect, within, se, df) == pytest.approx(expected, abs=1e-12)


def test_equivalence_asks_for_more_than_a_difference() -> None:
    question = Question(hypothesis=MAIN.sized(0.0), within=1.0)
    found = sample_size(CellPlan.even(TWO, 1), question)
    assert found.n_per_group == 9 and found.noncentrality is None
    plan = CellPlan.even(TWO, 9)
    bound = smallest_bound(plan, question)
    assert effect_power(plan, Question(hypothesis=MAIN.sized(0.0), within=bound)).power == pytest.approx(0.8, abs=1e-9)


@pytest.mark.parametrize(("n", "rate", "begin"), [(9, 0.1, 10), (32, 0.2, 40), (8, 0.0, 8), (7, 0.3, 10)])
def test_units_bought_for_losses(n: int, rate: float, begin: int) -> None:
    assert with_losses(n, rate) == begin


def test_curves_go_through_the_plan() -> None:
    question = Question(hypothesis=INTERACTION)
    over_n = curve_over_n(PLAN, question, [4, 8, 16], planned=8, label="1 SD")
    over_effect = curve_over_effect(PLAN, question, [0.5, 1.0], planned=1.0, label="interaction")
    assert over_n.planned == (8.0, over_n.power[1]) and over_effect.planned == (1.0, over_n.power[1])
    assert list(over_n.power) == sorted(over_n.power)


@pytest.mark.parametrize(
    ("levels", "n", "options"), [({}, 8, {}), ({"a": 1}, 8, {}), ({"a": 2}, 1, {}), ({"a": 2}, 8, {"power": 0.01})]
)
def test_impossible_designs(levels: dict[str, int], n: int, options: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        smallest_detectable(levels, n, **options)


@pytest.mark.parametrize(
    ("effect", "options"),
    [(1.0, {"alpha": 0.0}), (1.0, {"within": -1.0}), (float("nan"), {}), (2000.0, {}), (float("inf"), {})],
)
def test_impossible_questions(effect: float, options: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        Question(hypothesis=MAIN.sized(effect), **options)


@pytest.mark.parametrize("question", [Question(hypothesis=MAIN.sized(0.0)), Question(hypothesis=MAIN, within=0.5)])
def test_no_number_of_units_finds_what_is_not_there(question: Question) -> None:
    with pytest.raises(UsageError):
        sample_size(CellPlan.even(TWO, 1), question)


def test_equivalence_is_of_one_difference() -> None:
    with pytest.raises(UsageError, match="one difference"):
        Question(hypothesis=effects_of((("dose", 4),))[0], within=1.0)
    with pytest.raises(UsageError, match="share of units"):
        with_losses(8, 1.0)
    with pytest.raises(UsageError, match="Cohen"):
        effect_of_f(PLAN, MAIN, -0.1)
