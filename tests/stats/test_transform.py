"""Scales refuse values that have no place on them; the Box-Cox profile is that of least squares in R."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from littermate.errors import AnalysisError, UsageError
from littermate.model.transformation import Transformation
from littermate.stats.planned import PlannedModel
from littermate.stats.table import Table
from littermate.stats.transform import box_cox, transform


def table(*values: float, shift: float = 0.0) -> Table:
    return Table(
        outcome="y", values=values, factors={}, units=[f"K{k}" for k in range(1, 1 + len(values))], shift=shift
    )


def test_scales_by_eye() -> None:
    assert transform(table(0, 9), Transformation(kind="log", shift=1)).values.tolist() == [0, np.log(10)]
    assert transform(table(0, 9), Transformation(kind="sqrt")).values.tolist() == [0, 3]
    shares = transform(table(60, 180), Transformation(kind="logit", total=240)).values
    assert shares.tolist() == pytest.approx([-np.log(3), np.log(3)])


def test_what_was_taken_off_comes_back_first() -> None:
    changed = transform(table(1, 3, shift=100), Transformation(kind="log"))
    assert (changed.values.tolist(), changed.shift) == ([np.log(101), np.log(103)], 0.0)


@pytest.mark.parametrize(
    ("values", "scale", "named"),
    [
        ((5, 0, -2), Transformation(kind="log"), r"K2 \(0\), K3 \(-2\)"),
        ((5, 0, -2), Transformation(kind="sqrt"), r"found:    K3 \(-2\)"),
        ((5, 240, 12), Transformation(kind="logit", total=240), r"found:    K2 \(240\)"),
    ],
)
def test_values_without_a_place_are_named(values: tuple[float, ...], scale: Transformation, named: str) -> None:
    with pytest.raises(AnalysisError, match=named):
        transform(table(*values), scale)


@pytest.mark.parametrize(
    "scale", [Transformation(kind="arcsine"), Transformation(kind="logit"), Transformation(kind="log", total=3)]
)
def test_scales_that_cannot_be_meant(scale: Transformation) -> None:
    with pytest.raises(UsageError):
        transform(table(1, 2), scale)


def test_missing_stays_missing() -> None:
    assert np.isnan(transform(table(1, np.nan), Transformation(kind="log")).values[1])


@pytest.mark.parametrize(
    ("case", "factors"), [("two_by_two", ("magnesium", "ketamine")), ("three_by_two", ("diet", "ketamine"))]
)
def test_box_cox_is_that_of_r(
    planned: Callable[..., PlannedModel], robust: dict[str, Any], case: str, factors: tuple[str, ...]
) -> None:
    found, expected = box_cox(planned(case, *factors)), robust[case]["box_cox"]
    assert found.power == pytest.approx(expected["power"], abs=1e-6)
    assert found.ci95 == pytest.approx((expected["low"], expected["high"]), rel=1e-8)


def test_box_cox_advises_a_logarithm_for_skewed_data(planned: Callable[..., PlannedModel]) -> None:
    assert "a logarithm or a reciprocal would fit better" in box_cox(planned("three_by_two", "diet", "ketamine")).says


def test_own_profile_of_the_reference_is_that_of_mass(robust: dict[str, Any]) -> None:
    case = robust["two_by_two"]["box_cox"]
    assert case["own_differences"] == pytest.approx(case["mass_differences"], rel=1e-9)
