"""What is said beside a planned analysis, as tables."""

from littermate.model.comparison import AdjustedFamily
from littermate.model.plan import Plan
from littermate.report.beside import beside_tables, family_rows
from littermate.stats.allocations import reallocate
from littermate.stats.table import Table
from littermate.stats.whole import Beside, analyse

TABLE = Table(
    outcome="y",
    values=(140, 150, 145, 110, 120, 115),
    units=[f"K{row}" for row in range(6)],
    factors={"ketamine": ["saline"] * 3 + ["ketamine"] * 3},
)
PLAN = Plan(outcome="y", factors=("ketamine",), compare="control")


def test_each_answer_has_a_table_and_what_was_not_asked_has_none() -> None:
    beside = Beside(smallest_effect=20, redraw=lambda units: reallocate(units, PLAN, seed=1), sensitivity=True)
    full = beside_tables(analyse(TABLE, PLAN, beside=beside))
    assert [table.name for table in full] == ["comparisons", "equivalence", "randomization"]
    assert full[2].rows[1][:5] == ["ketamine", full[2].rows[1][1], 0.1, 2, 20]
    assert [table.name for table in beside_tables(analyse(TABLE, PLAN))] == ["comparisons"]


def test_a_family_keeps_both_p() -> None:
    family = AdjustedFamily(method="holm", words="", names=("a", "b"), p=(0.01, 0.04), p_adjusted=(0.02, 0.04))
    assert family_rows([("field", family)])[1:] == [
        ["field", "a", 0.01, 0.02, "holm"],
        ["field", "b", 0.04, 0.04, "holm"],
    ]
