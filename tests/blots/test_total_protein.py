"""A lane's whole signal above the valleys beside it."""

from dataclasses import replace

import numpy as np
import pytest

from littermate.blots.image import blot_of
from littermate.blots.lanes import find_lanes
from littermate.blots.total_protein import NO_GAP, lane_totals
from littermate.errors import UsageError
from littermate.model.blot import Blot, Lane
from littermate.simulate.total_protein import paint_total_protein, total_protein_scene

LOADS = (1.0, 0.6, 1.4, 0.9, 1.1, 0.7, 1.2, 1.0)
SCENE = replace(total_protein_scene(), width=560, height=300)


def painted(seed: int, **scene: float) -> tuple[Blot, tuple[Lane, ...], np.ndarray]:
    pixels, truth = paint_total_protein(LOADS, scene=replace(SCENE, **scene), seed=seed)
    blot = blot_of(pixels)
    return blot, find_lanes(blot, n=len(LOADS)), np.array(truth)


@pytest.mark.parametrize(
    "scene", [{}, {"slope_x": 0.8, "slope_y": 0.5}, {"tilt_deg": 2.0}, {"snr": 5.0, "background": 3000.0}]
)
def test_totals_are_near_what_was_painted(scene: dict[str, float]) -> None:
    errors = []
    for seed in range(1, 3):
        blot, lanes, truth = painted(seed, **scene)
        errors += [lane.bands[0].volume / true - 1 for lane, true in zip(lane_totals(blot, lanes), truth, strict=True)]
    size = np.abs(errors)
    assert np.median(size) < 0.01
    assert np.quantile(size, 0.95) < 0.03


def test_the_standard_error_is_about_the_error() -> None:
    shares = []
    for seed in range(2):
        blot, lanes, truth = painted(seed, dust=0, snr=5.0, background=3000.0)
        shares += [
            (lane.bands[0].volume - true) / lane.bands[0].noise
            for lane, true in zip(lane_totals(blot, lanes), truth, strict=True)
        ]
    assert 0.4 < np.sqrt(np.mean(np.square(shares))) < 2.5


def test_lanes_that_touch_are_flagged() -> None:
    blot, lanes, _ = painted(1, lane_fill=0.97, spacing_jitter=0.0)
    assert all(lane.bands[0].flags == (NO_GAP,) for lane in lane_totals(blot, lanes))


def test_rows_that_are_left_out_are_not_counted() -> None:
    blot, lanes, _ = painted(1)
    whole = lane_totals(blot, lanes)
    upper, lower = lane_totals(blot, lanes, rows=(0, 150)), lane_totals(blot, lanes, rows=(150, 300))
    for one, *halves in zip(whole, upper, lower, strict=True):
        assert sum(half.bands[0].volume for half in halves) == pytest.approx(one.bands[0].volume, rel=0.02)
    assert upper[0].bands[0].box_px[1::2] == (0, 150)


def test_a_clipped_lane_is_saturated() -> None:
    blot, lanes, _ = painted(1, unit_peak=60_000.0)
    assert [lane.bands[0].saturated for lane in lane_totals(blot, lanes)].count(True) >= 6
    blot, lanes, _ = painted(1)
    assert not any(lane.bands[0].saturated for lane in lane_totals(blot, lanes))


def test_a_hot_pixel_above_the_plateau_hides_no_clipped_lane() -> None:
    blot, lanes, _ = painted(1)
    stored = np.minimum(blot.pixels, 0.6 * blot.pixels.max()).astype(np.uint16)
    clipped = [lane.bands[0].saturated for lane in lane_totals(blot_of(stored, polarity="bright"), lanes)]
    stored[5, 5] = 1.005 * stored.max()
    hot = blot_of(stored, polarity="bright")
    assert hot.saturation_level < hot.pixels.max() and any(clipped)
    assert [lane.bands[0].saturated for lane in lane_totals(hot, lanes)] == clipped


def test_rows_outside_and_no_lanes_are_refused() -> None:
    blot, lanes, _ = painted(1)
    with pytest.raises(UsageError, match="rows from 0 to 300"):
        lane_totals(blot, lanes, rows=(0, 301))
    with pytest.raises(UsageError, match="one lane or more"):
        lane_totals(blot, [])
