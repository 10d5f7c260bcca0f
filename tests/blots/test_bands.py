"""Volumes are those that were painted; a faint band keeps its number."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from littermate.blots.bands import measure_bands, measure_row, quantify_image
from littermate.blots.image import blot_of, read_blot
from littermate.blots.lanes import find_lanes
from littermate.blots.rules import BandRules
from littermate.errors import ImageError, UsageError
from littermate.model.blot import Blot, Lane
from littermate.simulate.blot import BandRow, BlotScene, paint_blot

BLOTS = Path(__file__).parents[2].parent / "shared" / "data" / "blots"
SIX = BlotScene(width=320, height=220, lanes=6)


def _block() -> tuple[Blot, Lane]:
    """Return a block of 10 x 20 px, 100 high, on a slope of 2 a row and 3 a column, and its lane."""
    rows, columns = np.mgrid[:100, :60].astype(float)
    pixels = 50 + 2 * rows + 3 * columns
    pixels[45:55, 20:40] += 100
    return blot_of(pixels, polarity="bright"), Lane(
        index=1, centre_px=29.5, width_px=30.0, path_px=((0.0, 29.5), (99.0, 29.5))
    )


def test_volume_worked_out_by_hand() -> None:
    blot, lane = _block()
    (band,) = measure_row(blot, [lane])[0].bands
    assert band.volume == pytest.approx(100 * 10 * 20)
    left, top, width, height = band.box_px
    box = blot.pixels[top : top + height, left : left + width]
    assert band.background == pytest.approx(box.sum() - 20_000)
    assert (left, width) == (15, 30)
    assert band.row_px == pytest.approx(49.5, abs=0.6)


def test_bands_of_several_rows_are_found_and_measured() -> None:
    rows = [BandRow(row_px=row, volumes=(1.0, 0.5, 0.8, 1.2, 0.3, 0.7)) for row in (60, 110, 170)]
    pixels, truth = paint_blot(rows, scene=SIX, seed=1)
    blot = blot_of(pixels)
    lanes = measure_bands(blot, find_lanes(blot))
    assert [len(lane.bands) for lane in lanes] == [3] * 6
    found = np.array([[band.volume for band in lane.bands] for lane in lanes]).T
    places = np.array([[band.row_px for band in lane.bands] for lane in lanes]).T
    assert places == pytest.approx(np.array(truth.rows_px), abs=1)
    error = np.abs(found / np.array(truth.volumes) - 1)
    assert np.median(error) < 0.01
    assert np.quantile(error, 0.95) < 0.03


def test_volumes_on_study_membranes() -> None:
    errors = []
    for seed in range(3):
        amounts = np.random.default_rng(seed).lognormal(0, 0.25, 18)
        bands = BandRow(row_px=150, volumes=tuple(amounts))
        pixels, truth = paint_blot([bands], scene=BlotScene.target(), seed=seed)
        blot = blot_of(pixels)
        lanes = measure_row(blot, find_lanes(blot, n=18))
        errors.append(np.abs(np.array([lane.bands[0].volume for lane in lanes]) / truth.volumes[0] - 1))
    error = np.concatenate(errors)
    assert np.median(error) < 0.01
    assert np.quantile(error, 0.95) < 0.03


def test_inverted_image_gives_the_same_volumes() -> None:
    pixels, _ = paint_blot([BandRow(row_px=110, volumes=(1.0, 0.2, 0.8, 1.2, 0.3, 0.7))], scene=SIX, seed=2)
    for measure in (measure_bands, measure_row):
        one, other = (
            [band.volume for lane in measure(blot, find_lanes(blot)) for band in lane.bands]
            for blot in (blot_of(pixels), blot_of(65535 - pixels))
        )
        assert one == pytest.approx(other, rel=1e-6)


def test_a_row_gives_every_lane_one_band_however_faint() -> None:
    volumes = (1.0, 0.0, 0.8, 0.01, 0.0, 0.7)
    scene = replace(SIX, smile_px=15.0, row_jitter_px=0.0)
    pixels, truth = paint_blot([BandRow(row_px=110, volumes=volumes)], scene=scene, seed=3)
    blot = blot_of(pixels)
    lanes = measure_row(blot, find_lanes(blot, n=6))
    assert [len(lane.bands) for lane in lanes] == [1] * 6
    assert [lane.bands[0].row_px for lane in lanes] == pytest.approx(truth.rows_px[0], abs=3)
    off = np.array([lane.bands[0].volume for lane in lanes]) - truth.volumes[0]
    assert np.abs(off).max() < 0.03 * max(truth.volumes[0])


def test_negative_volumes_are_kept() -> None:
    blot, lane = _block()
    pixels = blot.pixels.copy()
    pixels[45:55, 45:60] -= 80
    shaded = blot_of(pixels, polarity="bright")
    other = Lane(index=2, centre_px=52.0, width_px=14.0, path_px=((0.0, 52.0), (99.0, 52.0)))
    first, second = measure_row(shaded, [lane, other])
    assert first.bands[0].volume > 0 > second.bands[0].volume


def test_row_to_keep_to() -> None:
    rows = [BandRow(row_px=60, volumes=(1.0,) * 6), BandRow(row_px=160, volumes=(0.3,) * 6)]
    pixels, _ = paint_blot(rows, scene=SIX, seed=4)
    blot = blot_of(pixels)
    lanes = find_lanes(blot)
    assert all(lane.bands[0].row_px < 80 for lane in measure_row(blot, lanes))
    assert all(lane.bands[0].row_px > 140 for lane in measure_row(blot, lanes, row_px=155))


def test_only_the_clipped_bands_are_saturated() -> None:
    scene = replace(SIX, saturation_level=5000)
    volumes = (1.0, 0.2, 1.5, 0.3, 0.2, 2.0)
    pixels, truth = paint_blot([BandRow(row_px=110, volumes=volumes)], scene=scene, seed=5)
    blot = blot_of(pixels)
    for measure in (measure_bands, measure_row):
        lanes = measure(blot, find_lanes(blot))
        assert tuple(lane.bands[0].saturated for lane in lanes) == truth.saturated[0]


def test_the_stated_noise_is_the_scatter_of_the_volumes() -> None:
    scene = replace(SIX, dust=0, streaks=0, spacing_jitter=0.0, row_jitter_px=0.0)
    found, stated = [], []
    for seed in range(15):
        pixels, truth = paint_blot([BandRow(row_px=110, volumes=(1.0,) * 6)], scene=scene, seed=seed)
        blot = blot_of(pixels)
        bands = [lane.bands[0] for lane in measure_row(blot, find_lanes(blot, n=6))]
        found += [band.volume - true for band, true in zip(bands, truth.volumes[0], strict=True)]
        stated += [band.noise for band in bands]
    assert np.median(stated) == pytest.approx(np.std(found), rel=0.25)


def test_a_speck_is_no_band() -> None:
    pixels, _ = paint_blot([BandRow(row_px=60, volumes=(1.0,) * 6)], scene=replace(SIX, dust=0), seed=6)
    pixels[150:153, 20:24] = 9000
    blot = blot_of(pixels)
    assert [len(lane.bands) for lane in measure_bands(blot, find_lanes(blot))] == [1] * 6


def test_nothing_to_measure_is_said() -> None:
    pixels, _ = paint_blot([BandRow(row_px=60, volumes=(1.0,) * 6)], scene=SIX, seed=7)
    lanes = find_lanes(blot_of(pixels))
    empty = blot_of(np.random.default_rng(0).normal(500, 5, pixels.shape), polarity="bright")
    with pytest.raises(ImageError, match="row of bands"):
        measure_row(empty, lanes, rules=BandRules(min_snr=20))
    with pytest.raises(UsageError, match="lane"):
        measure_row(empty, [])
    assert all(not lane.bands for lane in measure_bands(empty, lanes, rules=BandRules(min_snr=20)))


@pytest.mark.skipif(not BLOTS.is_dir(), reason="the real blots (../shared/data/blots) are not on this machine")
@pytest.mark.parametrize(("name", "rows"), [("test1", (231, 311)), ("test3", (191, 269))])
def test_real_spots_are_found(name: str, rows: tuple[int, int]) -> None:
    """Both rows of spots, read off the picture by eye, in every one of the seven lanes."""
    result = quantify_image(read_blot(BLOTS / f"{name}_ref.tif"))
    for lane in result.lanes:
        for row in rows:
            assert any(abs(band.row_px - row) < 9 for band in lane.bands), (lane.index, row)


@pytest.mark.skipif(not BLOTS.is_dir(), reason="the real blots (../shared/data/blots) are not on this machine")
def test_real_saturated_spots_are_flagged() -> None:
    lanes = quantify_image(read_blot(BLOTS / "test1_ref.tif")).lanes
    assert {lane.index for lane in lanes if any(band.saturated for band in lane.bands)} == {5, 6}
