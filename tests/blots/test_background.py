"""What lies under a band, by each of the named methods."""

import numpy as np
import pytest

from littermate.blots.background import ball_bed, baseline
from littermate.blots.bands import measure_bands, measure_row
from littermate.blots.image import blot_of
from littermate.blots.lanes import find_lanes
from littermate.blots.rules import BandRules, rule_set
from littermate.errors import UsageError
from littermate.model.blot import Blot, Lane
from littermate.simulate.blot import BandRow, BlotScene, paint_blot

SIX = BlotScene(width=320, height=220, lanes=6)


@pytest.mark.parametrize(("background", "most"), [("line", 0.01), ("local median", 0.01), ("rolling ball", 0.02)])
def test_volumes_on_a_slope(background: str, most: float) -> None:
    errors = []
    for seed in range(3):
        pixels, truth = paint_blot([BandRow(row_px=130, volumes=(1.0, 0.5, 0.8, 1.2, 0.6, 0.7))], scene=SIX, seed=seed)
        blot = blot_of(pixels)
        lanes = measure_row(blot, find_lanes(blot, n=6), rules=BandRules(background=background))
        errors.append(np.abs(np.array([lane.bands[0].volume for lane in lanes]) / truth.volumes[0] - 1))
    assert np.median(errors) < most


def test_a_line_follows_a_slope_exactly_and_a_level_does_not_bend() -> None:
    pixels = np.arange(40.0)[:, None] + np.arange(5.0)
    line = baseline(pixels, (20, 30), ((10, 20), (30, 36)), "line")
    assert line.under == pytest.approx(pixels[20:30])
    level = baseline(pixels, (20, 30), ((10, 20), (30, 40)), "local median")
    assert level.under == pytest.approx(26.5)


def test_the_ball_lies_under_the_image_and_follows_a_wide_hill() -> None:
    rows, columns = np.mgrid[:200, :200]
    hill = 100 * np.exp(-((rows - 100) ** 2 + (columns - 100) ** 2) / 20000)
    band = np.where((abs(rows - 100) < 5) & (abs(columns - 100) < 12), 500.0, 0.0)
    bed = ball_bed(hill + band, 40)
    assert np.abs(bed - hill)[40:160, 40:160].max() < 20
    assert bed.max() < 110


def test_backgrounds_are_named_in_the_rules() -> None:
    hashes = {rule_set(BandRules(background=name)).hash for name in ("line", "local median", "rolling ball")}
    assert len(hashes) == 3
    assert any("ball" in word for word in BandRules(background="rolling ball").words())
    blot = _block()
    with pytest.raises(UsageError, match="local median"):
        measure_bands(blot, [_lane()], rules=BandRules(background="guess"))
    with pytest.raises(UsageError, match="above 0"):
        measure_bands(blot, [_lane()], rules=BandRules(background="rolling ball", ball=0.0))


def _block(top: int = 45) -> Blot:
    pixels = np.full((100, 60), 50.0)
    pixels[top : top + 10, 20:40] += 100
    return blot_of(pixels, polarity="bright")


def _lane() -> Lane:
    return Lane(index=1, centre_px=29.5, width_px=30.0, path_px=((0.0, 29.5), (99.0, 29.5)))


def test_a_band_at_the_edge_says_what_it_lacks() -> None:
    (whole,) = measure_row(_block(), [_lane()])[0].bands
    (low,) = measure_row(_block(82), [_lane()])[0].bands
    (cut,) = measure_row(_block(94), [_lane()])[0].bands
    assert whole.flags == ()
    assert low.flags == ("baseline from above only",)
    assert low.volume == pytest.approx(whole.volume)
    assert cut.flags == ("baseline from above only", "cut by the image's edge")
