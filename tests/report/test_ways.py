"""Every effect by every way: the planned one first, on one scale, and a sentence on what depends on the way."""

from dataclasses import replace

import pytest

from littermate.model.analysis import REDRAWN, Analysis
from littermate.model.plan import Plan
from littermate.model.sensitivity import SensitivityRow
from littermate.report.ways import FOREST_PX, effect_ways, sensitivity_rows
from littermate.stats.allocations import reallocate
from littermate.stats.table import Table
from littermate.stats.whole import Beside, analyse

PLAN = Plan(outcome="y", factors=("ketamine",))


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    table = Table(
        outcome="y",
        values=(140, 150, 145, 148, 110, 120, 115, 118),
        units=[f"K{row}" for row in range(8)],
        factors={"ketamine": ["saline"] * 4 + ["ketamine"] * 4},
    )
    levels = {"ketamine": ("saline", "ketamine")}
    beside = Beside(sensitivity=True, redraw=lambda units: reallocate(units, PLAN, seed=1))
    return analyse(table, PLAN, unit="s", beside=beside, reference_levels=levels)


def spoilt(analysis: Analysis, p: float, name: str = "HC3") -> Analysis:
    return replace(
        analysis, sensitivity=tuple(replace(row, p=p) if row.analysis == name else row for row in analysis.sensitivity)
    )


def test_the_planned_way_is_first_and_rules_that_name_nobody_are_a_note(analysis: Analysis) -> None:
    (ways,) = effect_ways(analysis)
    names = [way.name for way in ways.ways]
    assert names[:3] == ["as planned", REDRAWN, "HC3"] and "without outliers (MAD)" not in names
    assert any(note.startswith("without outliers (MAD): MAD") for note in ways.notes)
    assert all(way.agrees for way in ways.ways)
    assert ways.says.startswith(
        "The conclusion does not depend on the way: an effect of ketamine is shown as planned (p "
    )
    assert f") and by each of {len(names) - 1} other ways (p " in ways.says


def test_intervals_are_drawn_on_one_scale_and_ratios_are_not(analysis: Analysis) -> None:
    (ways,) = effect_ways(analysis)
    marks = {way.name: way.mark for way in ways.ways}
    planned = marks["as planned"]
    assert planned is not None and 0 < planned.low < planned.at < planned.high < ways.zero < FOREST_PX
    assert marks["log scale"] is None and marks[REDRAWN] is None
    assert next(way.size for way in ways.ways if way.name == "log scale").startswith("ratio 0.79 [")


def test_a_way_with_another_conclusion_is_named(analysis: Analysis) -> None:
    (ways,) = effect_ways(spoilt(analysis, 0.2))
    assert ways.depends and [way.name for way in ways.ways if not way.agrees] == ["HC3"]
    assert ways.says == (
        "The conclusion depends on the way: as planned an effect of ketamine is shown"
        f" (p = {ways.says.partition('(p = ')[2].partition(')')[0]}), but HC3 (p = .200) does not show one."
    )


def test_many_ways_against_are_counted(analysis: Analysis) -> None:
    (effect,) = analysis.effects
    weak = replace(analysis, effects=(replace(effect, p=0.3),))
    (ways,) = effect_ways(weak)
    assert "as planned no effect of ketamine is shown (p = .300)" in ways.says and " more show one." in ways.says


def test_without_other_ways_there_is_nothing_to_set_side_by_side(analysis: Analysis) -> None:
    assert effect_ways(replace(analysis, sensitivity=(), randomization=None)) == ()


def test_what_has_no_answer_says_why(analysis: Analysis) -> None:
    silent = SensitivityRow(
        analysis="HC4", term="ketamine", n=8, f=None, df=None, df_error=None, p=None, note="Not done: no."
    )
    (ways,) = effect_ways(replace(analysis, sensitivity=(*analysis.sensitivity, silent)))
    assert "HC4: Not done: no." in ways.notes


def test_the_table_has_raw_numbers_and_what_agrees(analysis: Analysis) -> None:
    head, *rows = sensitivity_rows([spoilt(analysis, 0.2)])
    by_way = {row[2]: dict(zip(head, row, strict=True)) for row in rows}
    assert by_way["planned"]["p"] == analysis.effects[0].p
    assert (by_way["HC3"]["same_conclusion"], by_way["ATS"]["same_conclusion"]) == ("no", "yes")
