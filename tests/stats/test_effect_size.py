"""Effect sizes and their intervals."""

import json
import math
from pathlib import Path

import pytest
from scipy import stats

from littermate.errors import AnalysisError, UsageError
from littermate.model.group import GroupSummary
from littermate.model.hedges import hedges_correction
from littermate.stats.effect_size import (
    hedges_g,
    noncentral_f_interval,
    noncentral_t_interval,
    omega_squared,
    partial_eta_squared,
    partial_omega_squared,
    standardised_difference,
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


def group(values: list[float]) -> GroupSummary:
    n, mean = len(values), sum(values) / len(values)
    sd = (sum((value - mean) ** 2 for value in values) / (n - 1)) ** 0.5 if n > 1 else None
    return GroupSummary(levels=(("diet", "any"),), n=n, mean=mean, sd=sd, sem=None)


def test_correction_does_not_jump_where_the_series_takes_over() -> None:
    near = [hedges_correction(df) for df in (59.999999, 60.000001)]
    assert near[0] == pytest.approx(near[1], rel=1e-9)
    for df in (60, 61, 100, 300):
        exact = math.gamma(df / 2) / (math.sqrt(df / 2) * math.gamma((df - 1) / 2))
        assert hedges_correction(df) == pytest.approx(exact, rel=1e-13)


def test_three_ways_from_lambda_to_a_share() -> None:
    n, error, smithson = (partial_eta_squared(5.2, 1, 28, 32, over=over)[1][1] for over in ("n", "error", "df"))
    noncentrality = noncentral_f_interval(5.2, 1, 28)[1]
    assert (n, error, smithson) == pytest.approx(tuple(noncentrality / (noncentrality + by) for by in (32, 28, 30)))
    with pytest.raises(UsageError, match="one of n, error, df"):
        partial_eta_squared(5.2, 1, 28, 32, over="N")  # type: ignore[arg-type]


def test_omega_is_below_eta_and_never_below_zero() -> None:
    value, interval = partial_omega_squared(5.2, 1, 28, 32)
    assert value == pytest.approx(4.2 / 36.2)
    assert interval == partial_eta_squared(5.2, 1, 28, 32)[1]
    assert omega_squared(0.9, 2, 32) == 0.0


def test_divisors() -> None:
    one, two = group([1.0, 3.0, 5.0]), group([10.0, 10.5, 11.0])
    pooled = standardised_difference(two, one)
    average = standardised_difference(two, one, by="average variance")
    glass = standardised_difference(two, one, by="SD of the reference")
    assert (pooled.sd, pooled.df) == (pytest.approx(math.sqrt((4 + 0.25) / 2)), 4)
    assert (average.sd, glass.sd, glass.df) == (pytest.approx(pooled.sd), 2, 2)
    assert average.df == pytest.approx(4.25**2 / (16 + 0.0625) * 2)
    assert glass.d == pytest.approx(7.5 / 2)
    assert pooled.g == pytest.approx(pooled.d * math.sqrt(2 / math.pi))


def test_g_by_average_variance_is_that_of_r() -> None:
    here = Path(__file__).parent / "reference"
    rows = json.loads((here / "two_by_two.json").read_text(encoding="utf-8"))["data"]
    g, low, high = json.loads((here / "comparisons.json").read_text(encoding="utf-8"))["average_variance_g"]
    saline, ketamine = (
        group([row["y"] for row in rows if (row["magnesium"], row["ketamine"]) == ("mg", level)])
        for level in ("saline", "ketamine")
    )
    ours = standardised_difference(saline, ketamine, by="average variance")
    assert ours.g == pytest.approx(g, rel=1e-12)
    assert ours.g_interval == pytest.approx((low, high), abs=1e-5)  # where R's optimiser stops


@pytest.mark.parametrize("values", [[3.0], [3.0, 3.0]])
def test_groups_without_a_spread(values: list[float]) -> None:
    with pytest.raises(AnalysisError):
        standardised_difference(group([1.0, 2.0]), group(values), by="SD of the reference")
