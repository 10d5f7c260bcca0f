"""The planned analysis comes first; every other one stands beside it, or says why it does not."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest

from littermate.errors import AnalysisError
from littermate.model.plan import Plan
from littermate.model.sensitivity import SensitivityRow
from littermate.stats.factorial import fit
from littermate.stats.planned import PlannedModel
from littermate.stats.sensitivity import UNSCALED, Others, sensitivity
from littermate.stats.table import Table


def of(rows: Iterable[SensitivityRow], analysis: str) -> list[SensitivityRow]:
    return [row for row in rows if row.analysis == analysis]


@pytest.fixture
def rows(planned: Callable[..., PlannedModel]) -> tuple[SensitivityRow, ...]:
    model = planned("two_by_two", "magnesium", "ketamine")
    return sensitivity(model.table, model.plan, reference_levels=model.levels)


def test_the_planned_analysis_is_first_and_unchanged(
    planned: Callable[..., PlannedModel], rows: tuple[SensitivityRow, ...]
) -> None:
    model = planned("two_by_two", "magnesium", "ketamine")
    analysis = fit(model.table, model.plan, unit="s", reference_levels=model.levels)
    for row, effect in zip(rows, analysis.effects, strict=False):
        assert (row.analysis, row.term, row.n) == ("planned", effect.term, 26)
        assert (row.f, row.p) == pytest.approx((effect.f, effect.p), rel=1e-12)
    differences = {one.factor: one for one in analysis.differences if not one.within}
    for row in of(rows, "planned"):
        assert row.estimate == pytest.approx(differences[row.term].estimate, rel=1e-11)
        assert row.ci95 == pytest.approx(differences[row.term].ci95, rel=1e-11)


def test_every_analysis_has_every_effect(rows: tuple[SensitivityRow, ...]) -> None:
    names = list(dict.fromkeys(row.analysis for row in rows))
    assert names == [
        *("planned", "HC3", "Welch-James", "ATS", "rank ATS", "aligned ranks", "log scale"),
        *("without outliers (grubbs)", "without outliers (rout)", "without outliers (mad)"),
    ]
    assert all(
        [row.term for row in of(rows, name)] == ["magnesium", "ketamine", "magnesium:ketamine"] for name in names
    )


def test_hc3_keeps_the_estimate_and_changes_the_interval(rows: tuple[SensitivityRow, ...]) -> None:
    for one, other in zip(of(rows, "planned"), of(rows, "HC3"), strict=True):
        assert one.estimate == pytest.approx(other.estimate, rel=1e-12)
        assert one.ci95 != other.ci95


def table(values: Any, **covariates: Any) -> Table:
    cells = [(a, b) for a in "xy" for b in "pq" for _ in range(5)]
    factors = {"a": [a for a, _ in cells], "b": [b for _, b in cells]}
    units = [f"K{k}" for k in range(20)]
    return Table(outcome="y", values=values, factors=factors, units=units, covariates=covariates)


VALUES = np.exp(np.random.default_rng(3).normal(3, 0.3, 20))
WEIGHT = np.random.default_rng(4).normal(30, 2, 20)
PLAN = Plan(outcome="y", factors=("a", "b"))


def test_log_scale_gives_ratios() -> None:
    twice = VALUES * np.where(np.arange(20) < 10, 1, 2)
    before, after = (of(sensitivity(table(values), PLAN), "log scale")[0] for values in (VALUES, twice))
    assert before.estimate is not None and after.estimate == pytest.approx(2 * before.estimate)
    assert (after.measure, after.term) == ("ratio", "a")


def test_zeros_are_said_and_the_rest_goes_on() -> None:
    found = sensitivity(table([0.0, *VALUES[1:]]), PLAN)
    (row, *_) = of(found, "log scale")
    assert row.f is None and "values above 0" in row.note and "K0 (0)" in row.note
    assert of(sensitivity(table([0.0, *VALUES[1:]]), PLAN, log_shift=1), "log scale")[0].f is not None


def test_outliers_are_named_and_stay_in_the_planned_row() -> None:
    values = VALUES.copy()
    values[7] = 900
    found = sensitivity(table(values), PLAN)
    assert {row.n for row in of(found, "planned")} == {20}
    for rule in ("grubbs", "rout", "mad"):
        (row, *_) = of(found, f"without outliers ({rule})")
        assert "K7" in row.left_out and "K7: " in row.note and row.n == 20 - len(row.left_out)


def test_covariates_are_tried_with_and_without() -> None:
    both = table(VALUES, weight=WEIGHT)
    tried = of(sensitivity(both, PLAN), "with weight")
    assert [row.term for row in tried] == ["weight", "a", "b", "a:b"]
    planned = Plan(outcome="y", factors=("a", "b"), covariates=("weight",))
    found = sensitivity(both, planned)
    assert [row.term for row in of(found, "without covariates")] == ["a", "b", "a:b"]
    assert "crossed factors only" in of(found, "ATS")[0].note


def test_missing_covariates_are_imputed_beside_the_complete_cases() -> None:
    weight = WEIGHT.copy()
    weight[3] = np.nan
    plan = Plan(outcome="y", factors=("a", "b"), covariates=("weight",))
    found = sensitivity(table(VALUES, weight=weight), plan)
    assert (of(found, "planned")[0].n, of(found, "covariates imputed")[0].n) == (19, 20)
    assert "never imputed" in of(found, "covariates imputed")[0].note
    assert of(sensitivity(table(VALUES, weight=weight), PLAN), "planned")[0].n == 20


def test_blocks_are_tried_with_and_without() -> None:
    both = table(VALUES)
    blocked = Table(
        outcome="y", values=VALUES, factors={**both.factors, "membrane": "12" * 10}, units=both.units, covariates={}
    )
    assert [row.term for row in of(sensitivity(blocked, PLAN), "with membrane")] == ["membrane", "a", "b", "a:b"]
    found = sensitivity(blocked, Plan(outcome="y", factors=("a", "b"), blocks=("membrane",)))
    assert of(found, "without membrane")[0].f == pytest.approx(of(sensitivity(both, PLAN), "planned")[0].f)


def test_other_units_and_the_outcome_as_measured_are_tried() -> None:
    logged = Plan(outcome="y", factors=("a", "b"), scale="log")
    others = Others(units={"with excluded animals": table(np.log(VALUES))}, unscaled=table(VALUES).take(range(19)))
    found = sensitivity(table(np.log(VALUES)).take(range(19)), logged, others=others)
    assert [of(found, name)[0].n for name in ("planned", "with excluded animals", UNSCALED)] == [19, 20, 19]
    assert of(found, UNSCALED)[0].measure == "difference as measured"
    assert not of(found, "log scale")


def test_a_plan_that_cannot_be_done_is_refused() -> None:
    with pytest.raises(AnalysisError, match="values of y that differ"):
        sensitivity(table([3.0] * 20), PLAN)
