"""A mixed plan is analysed in other ways as well; the planned rows are those of the model."""

from dataclasses import replace

import numpy as np
import pytest

from littermate.model.plan import Plan
from littermate.stats.table import Table
from littermate.stats.whole import Beside, analyse

RNG = np.random.default_rng(11)
CAGES = [f"C{row // 3}" for row in range(24)]
TABLE = Table(
    outcome="y",
    values=20 + np.repeat(RNG.normal(0, 1, 8), 3) + RNG.normal(0, 1, 24),
    factors={"diet": [("low", "high")[row // 3 % 2] for row in range(24)], "cage": CAGES},
    units=[f"K{row}" for row in range(24)],
)
PLAN = Plan(outcome="y", factors=("diet",), random=("cage",))


def test_each_way_has_the_effect_and_the_planned_one_is_the_models() -> None:
    found = analyse(TABLE, PLAN, beside=Beside(sensitivity=True, excluded=TABLE, redraw=lambda table: ()))
    rows = {row.analysis: row for row in found.sensitivity}
    assert list(rows) == [
        "planned",
        "Satterthwaite",
        "log scale",
        "without outliers (mad)",
        "with excluded animals",
    ]
    (difference,) = found.differences
    assert (rows["planned"].f, rows["planned"].estimate) == (found.effects[0].f, difference.estimate)
    assert rows["with excluded animals"].f == pytest.approx(rows["planned"].f)
    assert rows["log scale"].measure == "ratio"
    assert found.notes[-1] == "No randomisation test: there is none for a model with random cage."


def test_a_way_that_cannot_be_done_says_so() -> None:
    below = replace(TABLE, values=TABLE.values - 30)
    rows = {row.analysis: row for row in analyse(below, PLAN, beside=Beside(sensitivity=True)).sensitivity}
    assert rows["log scale"].f is None and rows["log scale"].note.startswith("Not done: it needs values above 0")
