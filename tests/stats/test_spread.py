"""Tests of spread and the residuals' numbers are R's."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from littermate.errors import AnalysisError, UsageError
from littermate.model.plan import Plan
from littermate.stats.planned import PlannedModel, planned_model
from littermate.stats.residuals import breusch_pagan, residuals_of
from littermate.stats.spread import bartlett, fligner_killeen, levene
from littermate.stats.table import Table

Planned = Callable[..., PlannedModel]
CASES = {"two_by_two": ("magnesium", "ketamine"), "three_by_two": ("diet", "ketamine")}


@pytest.mark.parametrize("case", CASES)
def test_numbers_are_those_of_r(planned: Planned, robust: dict[str, Any], case: str) -> None:
    model, expected = planned(case, *CASES[case]), robust[case]["spread"]
    values, cells = model.table.values, model.cells
    for center in ("mean", "median", "trimmed"):
        found = levene(values, cells, center=center)
        assert (found.f, found.p) == pytest.approx(tuple(expected[center].values()), rel=1e-9)
    for name, ours in (
        ("bartlett", bartlett(values, cells)),
        ("fligner", fligner_killeen(values, cells)),
        ("breusch_pagan", breusch_pagan(model)),
    ):
        assert (ours.statistic, ours.p) == pytest.approx((expected[name]["statistic"], expected[name]["p"]), rel=1e-9)


@pytest.mark.parametrize("case", CASES)
def test_influence_is_that_of_r(planned: Planned, robust: dict[str, Any], case: str) -> None:
    found = residuals_of(planned(case, *CASES[case])).points
    expected = robust[case]["spread"]
    for ours, name in (
        ("leverage", "leverage"),
        ("cooks", "cooks"),
        ("standardised", "rstandard"),
        ("studentised", "rstudent"),
    ):
        assert [getattr(point, ours) for point in found] == pytest.approx(expected[name], rel=1e-9, abs=1e-12)


def test_residuals_of_a_factorial_are_those_of_the_outcome(planned: Planned) -> None:
    model = planned("two_by_two", "magnesium", "ketamine")
    one, other = levene(model.table.values, model.cells), levene(model.fitted.residuals, model.cells)
    assert one.f == pytest.approx(other.f, rel=1e-12)


def test_normal_quantiles_are_symmetric_and_within_their_bands() -> None:
    table = Table(outcome="y", values=(1, 2, 3, 5, 6, 7), factors={"a": "xxxyyy"}, units="123456")
    found = residuals_of(planned_model(table, Plan(outcome="y", factors=("a",)))).points
    assert [point.residual for point in found] == pytest.approx([-1, 0, 1] * 2)
    normal = sorted(point.normal for point in found)
    assert normal == pytest.approx([-each for each in reversed(normal)])
    assert all(low < point.normal < high for point in found for low, high in [point.band])


def test_a_unit_alone_has_no_studentised_residual() -> None:
    table = Table(outcome="y", values=(1, 2, 4, 5, 6, 9, 4), factors={"a": "xxxyyyz"}, units="1234567")
    found = residuals_of(planned_model(table, Plan(outcome="y", factors=("a",))))
    assert (found.points[6].studentised, found.points[6].cooks, found.points[6].leverage) == (
        None,
        None,
        pytest.approx(1),
    )
    assert found.largest_p is not None and found.largest_p <= 1


def test_what_cannot_be_tested_is_refused() -> None:
    with pytest.raises(UsageError, match="median, mean or trimmed"):
        levene([1, 2, 3, 4], "aabb", center="mode")
    with pytest.raises(AnalysisError, match="found:    a: 3, b: 1"):
        levene([1, 2, 3, 4], "aaab")
    with pytest.raises(AnalysisError, match="same within every group"):
        levene([1, 2, 3, 4], "aabb")
    with pytest.raises(AnalysisError, match="NaN"):
        levene([1, 2, np.nan, 4], "aabb")
    with pytest.raises(AnalysisError, match="a group of one value"):
        bartlett([1, 1, 3, 4], "aabb")
    with pytest.raises(AnalysisError, match="ties only"):
        fligner_killeen([1, 2, 3, 4], "aabb")
