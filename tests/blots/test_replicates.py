"""Lanes of one animal become one reading, by a stated rule."""

import pytest

from littermate.blots.replicates import cv_percent, reduce_replicates
from littermate.blots.rules import LoadingRules
from littermate.errors import UsageError
from littermate.model.measurement import Reading


def lane(value: float | None, *flags: str, measure: str = "BDNF/beta-actin") -> Reading:
    return Reading(measure=measure, value=value, unit="ratio", reason="" if value is not None else "torn", flags=flags)


def test_one_lane_stays_as_it_is() -> None:
    assert reduce_replicates([lane(1.5, "saturated")]) == lane(1.5, "saturated")


def test_several_are_their_mean_or_median_with_all_flags() -> None:
    lanes = [lane(1.0, "saturated"), lane(1.25), lane(1.5, "saturated")]
    assert reduce_replicates(lanes) == lane(1.25, "saturated", "mean of 3 lanes")
    by_median = reduce_replicates([lane(1.0), lane(1.1), lane(5.0)], rules=LoadingRules(replicates="median"))
    assert by_median == lane(1.1, "median of 3 lanes", "replicates differ")


def test_a_lane_without_a_value_is_told_and_its_flags_are_not() -> None:
    assert reduce_replicates([lane(1.0), lane(None, "torn lane")]) == lane(1.0, "1 of 2 lanes without a value")


def test_no_value_at_all_has_its_reasons() -> None:
    found = reduce_replicates([lane(None), lane(None)])
    assert (found.value, found.reason) == (None, "torn")


def test_spread_is_the_coefficient_of_variation() -> None:
    assert cv_percent([8, 10, 12]) == pytest.approx(20)
    assert cv_percent([8]) is None
    assert cv_percent([-1, 1]) is None


def test_mixed_measures_and_other_rules_are_refused() -> None:
    with pytest.raises(UsageError, match="one measure"):
        reduce_replicates([lane(1.0), lane(1.0, measure="TrkB/beta-actin")])
    with pytest.raises(UsageError, match="replicates mean or median"):
        reduce_replicates([lane(1.0)], rules=LoadingRules(replicates="best"))
