"""Losses: the mean power over what may be left."""

from dataclasses import replace

import pytest

from littermate.errors import UsageError
from littermate.model.power import CellPlan
from littermate.stats import losses
from littermate.stats.hypotheses import effects_of
from littermate.stats.losses import power_with_losses
from littermate.stats.power import Question, effect_power

TWO = (("diet", 2),)
QUESTION = Question(hypothesis=effects_of(TWO)[0].sized(2.0))


def test_two_groups_of_two_by_hand() -> None:
    """At a loss of 1/2 a group keeps 2, 1 or 0 with 1/4, 1/2, 1/4; an error needs three units."""

    def power(*sizes: int) -> float:
        return effect_power(CellPlan(levels=TWO, sizes=sizes), QUESTION).power

    expected = power(2, 2) / 16 + 2 * power(2, 1) / 8
    found = power_with_losses(CellPlan.even(TWO, 2), QUESTION, 0.5)
    assert found.power == pytest.approx(expected, rel=1e-12)
    assert found.standard_error is None and (found.started, found.n_total) == (2, 4)


def test_nothing_lost_is_the_power_itself() -> None:
    plan = CellPlan(levels=TWO, sizes=(6, 9), df_taken=1, explained=0.2)
    assert power_with_losses(plan, QUESTION, 0.0).power == pytest.approx(effect_power(plan, QUESTION).power, rel=1e-12)


def test_drawn_losses_are_near_all_of_them(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = CellPlan.even((("a", 3), ("b", 2)), 4)
    question = Question(hypothesis=effects_of(plan.levels)[2].sized(2.5))
    every = power_with_losses(plan, question, 0.2)
    monkeypatch.setattr(losses, "_ALL", 1)
    drawn = power_with_losses(plan, question, 0.2, seed=5)
    assert drawn.standard_error is not None and "drawn with seed 5" in drawn.method
    assert abs(drawn.power - every.power) < 4 * drawn.standard_error


def test_no_share_and_no_difference() -> None:
    with pytest.raises(UsageError):
        power_with_losses(CellPlan.even(TWO, 4), QUESTION, 1.0)
    with pytest.raises(UsageError):
        power_with_losses(CellPlan.even(TWO, 4), replace(QUESTION, within=3.0), 0.1)
