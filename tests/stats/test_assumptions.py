"""The checks of assumptions are R's numbers, and say what to do."""

from typing import Any

import numpy as np
import pytest

from littermate.stats.assumptions import brown_forsythe, shapiro_wilk
from littermate.stats.factorial import fit_formula


def test_numbers_are_those_of_r(case: dict[str, Any]) -> None:
    spread, normal = fit_formula(case["frame"], case["formula"]).assumptions
    assert (spread.statistic, spread.p) == pytest.approx(tuple(case["brown_forsythe"].values()), rel=1e-9)
    assert (normal.statistic, normal.p) == pytest.approx(tuple(case["shapiro_wilk"].values()), rel=1e-7)


def test_unequal_spread_says_what_to_do() -> None:
    residuals = np.array([-0.1, 0.1, -0.2, 0.2, 0.05, -0.05, -9, 9, -12, 12, 7, -7])
    found = brown_forsythe(residuals, ["a"] * 6 + ["b"] * 6)
    assert found.p is not None and found.p < 0.05
    assert "--robust hc3" in found.says and "planned analysis stays the primary" in found.says


def test_outliers_say_what_to_do() -> None:
    found = shapiro_wilk(np.array([0.1, -0.1, 0.2, -0.2, 0.15, -0.15, 0.05, 40.0]))
    assert "re-randomisation" in found.says


def test_passing_proves_nothing() -> None:
    quantiles = np.linspace(-1, 1, 12)
    assert shapiro_wilk(quantiles).says.startswith("No departure")
    assert brown_forsythe(quantiles, ["a", "b"] * 6).says.startswith("No difference")


@pytest.mark.parametrize("groups", [["a"] * 4, ["a", "a", "a", "b"]])
def test_what_cannot_be_checked_is_said(groups: list[str]) -> None:
    found = brown_forsythe(np.array([1.0, -1.0, 2.0, -2.0]), groups)
    assert (found.statistic, found.p) == (None, None)
    assert found.says.startswith("Not checked")


def test_distances_that_do_not_vary() -> None:
    assert brown_forsythe(np.array([1.0, -1, 1, -1]), ["a", "a", "b", "b"]).statistic is None


def test_too_many_for_shapiro() -> None:
    assert shapiro_wilk(np.arange(6000.0)).statistic is None
