"""The whole analysis of a plan: what is planned is part of it, what stands beside it never takes its place."""

from dataclasses import replace

import numpy as np
import pytest

from littermate.model.plan import Plan
from littermate.stats.allocations import Allocations, reallocate
from littermate.stats.factorial import fit
from littermate.stats.table import Table
from littermate.stats.whole import Beside, analyse

PLAN = Plan(outcome="y", factors=("magnesium", "ketamine"))


@pytest.fixture
def table() -> Table:
    """A 2 x 2, four a cell in cages of two; ketamine takes 30 off."""
    random = np.random.default_rng(4)
    ketamine = ["saline", "ketamine"] * 8
    return Table(
        outcome="y",
        values=[100 - 30 * (level == "ketamine") for level in ketamine] + random.normal(0, 8, 16),
        units=[f"K{row}" for row in range(16)],
        factors={
            "magnesium": ["no"] * 8 + ["yes"] * 8,
            "ketamine": ketamine,
            "cage": [f"C{row // 2}" for row in range(16)],
        },
    )


def test_the_planned_model_is_the_one_that_fit_gives(table: Table) -> None:
    found = analyse(table, PLAN, unit="s", beside=Beside(smallest_effect=10, sensitivity=True))
    assert found.effects == fit(table, PLAN, unit="s").effects
    assert [row.p for row in found.sensitivity[:3]] == pytest.approx([effect.p for effect in found.effects])
    assert found.equivalence is not None and len(found.equivalence.tests) == len(found.differences)
    assert found.residuals is not None and len(found.residuals.points) == 16


def test_comparisons_are_adjusted_as_the_plan_says(table: Table) -> None:
    plan = replace(PLAN, contrasts=("ketamine - saline", "ketamine - saline at magnesium = yes"), compare="pairs")
    contrasts, pairs = analyse(table, plan).comparisons
    assert (contrasts.adjust, pairs.adjust) == ("holm", "tukey")
    assert (len(contrasts.rows), len(pairs.rows)) == (2, 6)
    (control,) = analyse(table, replace(PLAN, compare="control")).comparisons
    assert (control.adjust, len(control.rows)) == ("dunnett", 3)


def test_a_planned_rule_leaves_out_and_says_whom(table: Table) -> None:
    values = table.values.copy()
    values[3] = 400
    found = analyse(replace_values(table, values), replace(PLAN, outliers="mad"))
    assert "K3" in {one.unit for one in found.left_out}
    assert found.n == 16 - len(found.left_out)
    assert any(note.startswith("Left out by the plan's rule: ") and "K3 (MAD" in note for note in found.notes)


def test_a_planned_scale_has_no_equivalence_in_the_other_unit(table: Table) -> None:
    found = analyse(table, replace(PLAN, scale="log"), unit="s", beside=Beside(smallest_effect=10))
    assert (found.unit, found.plan.formula) == ("log s", "log(y) ~ magnesium * ketamine")
    assert found.equivalence is not None and found.equivalence.tests == ()
    assert found.effects == fit(replace_values(table, np.log(table.values)), PLAN, unit="").effects


def test_random_groups_make_it_a_mixed_model(table: Table) -> None:
    found = analyse(table, replace(PLAN, random=("cage",), compare="pairs"), beside=Beside(sensitivity=True))
    assert found.mixed is not None
    assert [one.f for one in found.effects] == [one.f for one in found.mixed.effects]
    assert found.df_error is None
    assert [row.f for row in found.sensitivity[:3]] == [one.f for one in found.effects]
    assert len(found.comparisons[0].rows) == 6


def test_the_groups_are_drawn_again_where_that_is_asked_for(table: Table) -> None:
    def redraw(units: Table) -> tuple[Allocations, ...]:
        return reallocate(units, PLAN, seed=1, count=199)

    found = analyse(table, PLAN, beside=Beside(redraw=redraw))
    assert found.randomization is not None
    assert found.randomization.effect("ketamine").p == pytest.approx(1 / 200)


def replace_values(table: Table, values: np.ndarray) -> Table:
    return Table(outcome=table.outcome, values=values, units=table.units, factors=table.factors)
