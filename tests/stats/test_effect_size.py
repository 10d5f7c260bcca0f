"""Effect sizes and their intervals."""

import math

import pytest
from scipy import stats

from littermate.stats.effect_size import (
    hedges_correction,
    hedges_g,
    noncentral_f_interval,
    noncentral_t_interval,
    partial_eta_squared,
)


def test_limits_solve_their_equations() -> None:
    low, high = noncentral_f_interval(11.7, 1, 25)
    assert stats.ncf.cdf(11.7, 1, 25, [low, high]) == pytest.approx([0.95, 0.05], abs=1e-10)
    low, high = noncentral_t_interval(-2.0, 14)
    assert stats.nct.cdf(-2.0, 14, [low, high]) == pytest.approx([0.975, 0.025], abs=1e-10)


def test_interval_of_eta_squared_leaves_out_zero_just_where_p_is_below_alpha() -> None:
    edge = float(stats.f.isf(0.05, 1, 28))
    assert partial_eta_squared(edge * 1.01, 1, 28, 32)[1][0] > 0
    assert partial_eta_squared(edge * 0.99, 1, 28, 32)[1][0] == 0


def test_nothing_at_all_has_an_interval() -> None:
    assert partial_eta_squared(0.0, 1, 28, 32) == (0.0, (0.0, 0.0))
    assert noncentral_t_interval(0.0, 28) == pytest.approx((-1.959963984540054, 1.959963984540054))


def test_mirror_image() -> None:
    low, high = noncentral_t_interval(3.0, 10)
    assert noncentral_t_interval(-3.0, 10) == (-high, -low)


@pytest.mark.parametrize(("t", "df"), [(47.7, 2), (2681.0, 2597), (9e3, 28), (2e4, 28), (1e9, 3)])
def test_enormous_effects_still_have_intervals(t: float, df: int) -> None:
    low, high = noncentral_t_interval(t, df)
    assert 0 < low < t < high
    low, high = noncentral_f_interval(t * t, 1, df)
    assert 0 < low < t * t < high


def test_limits_meet_where_the_method_changes() -> None:
    near, far = noncentral_t_interval(0.9999e4, 28), noncentral_t_interval(1.0001e4, 28)
    assert [limit / 0.9999e4 for limit in near] == pytest.approx([limit / 1.0001e4 for limit in far], rel=1e-6)


def test_correction_of_four_degrees_of_freedom() -> None:
    assert hedges_correction(4) == pytest.approx(math.sqrt(2 / math.pi))
    assert hedges_correction(100_000) == pytest.approx(1, abs=1e-5)


def test_g_of_two_groups_of_eight() -> None:
    g, (low, high) = hedges_g(2.0, 14, 0.5)
    assert g == pytest.approx(hedges_correction(14))
    assert low < g < high
