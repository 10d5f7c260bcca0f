"""The linear range is where volumes are in proportion to the amount; a line that misses 0 is told."""

import numpy as np
import pytest

from littermate.blots.linear_range import linear_range, read_dilution_series
from littermate.blots.rules import LoadingRules
from littermate.errors import DataError, UsageError

HALVES = [0.0625, 0.125, 0.25, 0.5, 1.0, 2.0]


def test_all_of_a_proportional_series_is_in_range() -> None:
    found = linear_range(HALVES, [100 * amount for amount in HALVES])
    assert found.amounts == (0.0625, 2.0)
    assert (found.slope, found.intercept, found.log_slope) == pytest.approx((100, 0, 1), abs=1e-9)
    assert found.r_squared == pytest.approx(1)
    assert found.proportional and found.holds(150) and not found.holds(6)


def test_saturation_ends_the_range() -> None:
    found = linear_range(HALVES, [6.25, 12.5, 25, 50, 70, 75])
    assert found.amounts == (0.0625, 0.5)
    assert [one.in_range for one in found.dilutions] == [True] * 4 + [False] * 2
    assert found.dilutions[-1].residual_percent == pytest.approx(-62.5)


def test_what_is_lost_at_the_bottom_is_out_of_range() -> None:
    assert linear_range(HALVES, [0.0, 4.0, 24.0, 50.0, 101.0, 198.0]).amounts == (0.25, 2.0)


def test_lanes_of_one_amount_are_one_point() -> None:
    found = linear_range([1, 1, 0.5, 0.25], [90, 110, 50, 25])
    assert [(one.amount, one.volume, one.lanes) for one in found.dilutions] == [
        (0.25, 25, 1),
        (0.5, 50, 1),
        (1, 100, 2),
    ]


def test_a_compressed_series_is_linear_within_the_limit_and_not_proportional() -> None:
    amounts = np.geomspace(0.25, 1, 6)
    found = linear_range(amounts, 100 * amounts**0.75)
    assert found.amounts == (0.25, 1.0)
    assert found.log_slope == pytest.approx(0.75)
    assert not found.proportional


def test_a_line_that_misses_zero_has_its_intercept() -> None:
    found = linear_range([0.5, 1, 2, 4], [20 + 10 * amount for amount in (0.5, 1, 2, 4)])
    assert found.volumes is None and not found.proportional and not found.holds(30)
    assert (found.intercept, found.slope) == pytest.approx((20, 10))
    assert found.intercept_ci95 == pytest.approx((20, 20))


def test_the_weighted_line_is_that_of_numpy() -> None:
    amounts, volumes = np.array([0.25, 0.5, 1, 2]), np.array([26, 49, 103, 197])
    found = linear_range(amounts, volumes)
    assert (found.slope, found.intercept) == pytest.approx(np.polyfit(amounts, volumes, 1, w=1 / volumes))


def test_the_limit_is_a_rule() -> None:
    volumes = [11.5, 25, 50, 92]
    assert linear_range([0.125, 0.25, 0.5, 1], volumes, rules=LoadingRules(max_residual_percent=3)).amounts is None
    assert linear_range([0.125, 0.25, 0.5, 1], volumes).amounts == (0.125, 1)


@pytest.mark.parametrize(("amounts", "volumes"), [([1, 0.5], [2, 1]), ([1, 0.5, 0.25], [2, 1, -0.1]), ([], [])])
def test_too_short_a_series_is_refused(amounts: list[float], volumes: list[float]) -> None:
    with pytest.raises(DataError, match="three amounts or more"):
        linear_range(amounts, volumes)


def test_amounts_and_volumes_go_together() -> None:
    with pytest.raises(UsageError, match="an amount above 0"):
        linear_range([1, 0], [1, 2])


@pytest.mark.parametrize("text", ["", "3", "3:", "3:0", "0:1", "3:1,3:2", "a:1", "3:nan", "3:inf"])
def test_a_series_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="lanes, each once"):
        read_dilution_series(text)
