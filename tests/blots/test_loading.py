"""Target over loading control on the same lane, scaled to the inter-blot control."""

from dataclasses import replace

import pytest

from littermate.blots.loading import ratio
from littermate.blots.rules import LoadingRules
from littermate.errors import DataError, UsageError
from littermate.model.blot import Band, Lane


def _lanes(*volumes: float | None, noise: float = 1.0, saturated: bool = False) -> list[Lane]:
    return [
        Lane(
            index=number + 1,
            centre_px=10.0 * number,
            width_px=8.0,
            path_px=((0.0, 10.0 * number),),
            bands=()
            if volume is None
            else (
                Band(row_px=5.0, volume=volume, background=1.0, saturated=saturated, box_px=(0, 0, 8, 8), noise=noise),
            ),
        )
        for number, volume in enumerate(volumes)
    ]


def test_plain_ratio() -> None:
    records = ratio(_lanes(10, 20), _lanes(100, 50))
    assert [one.value for one in records] == [0.1, 0.4]
    assert [(one.lane, one.target, one.control) for one in records] == [(1, 10, 100), (2, 20, 50)]


def test_scaled_to_the_mean_or_median_of_the_inter_blot_control() -> None:
    target, control = _lanes(10, 20, 30, 80), _lanes(100, 100, 100, 100)
    by_mean = ratio(target, control, reference_lanes=[1, 3])
    by_median = ratio(target, control, reference_lanes=[1, 2, 4], rules=LoadingRules(scale="median"))
    assert [one.value for one in by_mean] == pytest.approx([0.5, 1.0, 1.5, 4.0])
    assert [one.value for one in by_median] == pytest.approx([0.5, 1.0, 1.5, 4.0])
    assert [one.unscaled for one in by_mean] == pytest.approx([0.1, 0.2, 0.3, 0.8])
    assert [one.reference for one in by_mean] == [True, False, True, False]


def test_what_is_missing_has_a_reason() -> None:
    records = ratio(_lanes(10, 10, None, 10), _lanes(None, 3, 100, -100))
    assert [one.value for one in records] == [None] * 4
    assert [one.reason for one in records] == [
        "no loading-control band on this lane",
        "the loading control is not above noise",
        "no target band on this lane",
        "the loading control is not above noise",
    ]


def test_negative_targets_are_kept_and_flagged() -> None:
    (one,) = ratio(_lanes(-10), _lanes(100))
    assert (one.value, one.flags) == (-0.1, ("target not above noise",))


def test_flags_of_a_band_are_carried() -> None:
    (lane,) = _lanes(10)
    placed = replace(lane, bands=(replace(lane.bands[0], flags=("placed by a person",)),))
    assert ratio([placed], [lane])[0].flags == ("target placed by a person",)
    assert ratio([lane], [placed])[0].flags == ("control placed by a person",)


def test_saturation_is_carried() -> None:
    (one,) = ratio(_lanes(10, saturated=True), _lanes(100, saturated=True))
    assert one.value == 0.1
    assert one.flags == ("target saturated", "control saturated")


def test_without_its_inter_blot_control_a_membrane_has_no_values() -> None:
    records = ratio(_lanes(10, 10), _lanes(None, 100), reference_lanes=[1])
    assert [one.value for one in records] == [None, None]
    assert records[1].reason == "no inter-blot control lane of this membrane has a value above noise"
    assert records[1].unscaled == 0.1


def test_different_lanes_are_refused() -> None:
    with pytest.raises(DataError, match="2 and 3 lanes"):
        ratio(_lanes(1, 2), _lanes(1, 2, 3))
    with pytest.raises(UsageError, match="lanes 7"):
        ratio(_lanes(1, 2), _lanes(1, 2), reference_lanes=[7])


def test_an_inter_blot_control_that_is_not_above_noise_is_no_scale() -> None:
    records = ratio(_lanes(50, -2, 100), _lanes(100, 100, 100), reference_lanes=[1, 2])
    assert [one.value for one in records] == pytest.approx([1, -0.04, 2])
    assert ratio(_lanes(-2, 100), _lanes(100, 100), reference_lanes=[1])[1].reason.endswith("a value above noise")
