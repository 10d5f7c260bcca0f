"""The simulated membrane holds the volumes it says it holds."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import tifffile

from littermate.errors import UsageError
from littermate.simulate.blot import BandRow, BlotScene, paint_blot, write_blot

QUIET = BlotScene(width=300, height=120, snr=1e6, dust=0, streaks=0, slope_x=0, slope_y=0, background=500)


def test_true_volume_is_what_stands_above_the_background() -> None:
    pixels, truth = paint_blot([BandRow(row_px=60, volumes=(1.0, 0.0, 0.5))], scene=QUIET, seed=1)
    assert (pixels - 500.0).sum() == pytest.approx(sum(truth.volumes[0]), rel=1e-3)
    assert truth.volumes[0][1] == 0
    assert truth.volumes[0][2] == pytest.approx(truth.volumes[0][0] / 2, rel=0.01)


def test_band_lies_where_the_truth_says() -> None:
    pixels, truth = paint_blot([BandRow(row_px=60, volumes=(1.0, 1.0))], scene=QUIET, seed=2)
    signal = pixels - 500.0
    half = signal[:, :150]
    row = (half.sum(axis=1) * np.arange(120)).sum() / half.sum()
    column = (half.sum(axis=0) * np.arange(150)).sum() / half.sum()
    assert row == pytest.approx(truth.rows_px[0][0], abs=0.3)
    assert column == pytest.approx(truth.centres_px[0], abs=0.3)


def test_the_smile_lifts_the_outer_lanes() -> None:
    scene = replace(QUIET, smile_px=20.0, row_jitter_px=0.0)
    _, truth = paint_blot([BandRow(row_px=60, volumes=(1.0,) * 5)], scene=scene, seed=3)
    assert truth.rows_px[0][2] == pytest.approx(60, abs=0.2)
    assert truth.rows_px[0][0] < 54 > truth.rows_px[0][4]


def test_signal_to_noise_is_that_of_a_unit_band() -> None:
    scene = replace(QUIET, snr=30.0, unit_peak=6000.0)
    pixels, _ = paint_blot([BandRow(row_px=60, volumes=(0.0,))], scene=scene, seed=4)
    assert pixels.std() == pytest.approx(200, rel=0.02)


def test_clipping_is_known(tmp_path: Path) -> None:
    scene = replace(QUIET, saturation_level=5000)
    truth = write_blot(tmp_path / "a.tif", [1.0, 0.3], scene=scene, seed=5)
    assert tifffile.imread(tmp_path / "a.tif").max() == 5000
    assert truth.saturated == ((True, False),)


def test_same_seed_same_file_and_sixteen_bits(tmp_path: Path) -> None:
    for name in ("a.tif", "b.tif"):
        write_blot(tmp_path / name, [1.0, 2.0], scene=QUIET, seed=6)
    one, other = (tifffile.imread(tmp_path / name) for name in ("a.tif", "b.tif"))
    assert one.dtype == np.uint16
    assert np.array_equal(one, other)


def test_a_ladder_is_an_additional_first_lane() -> None:
    scene = replace(QUIET, ladder=True)
    pixels, truth = paint_blot([BandRow(row_px=60, volumes=(0.0, 0.0))], scene=scene, seed=7)
    assert truth.first_lane == 2
    assert pixels[:, :110].max() > 2000 > pixels[:, 140:].max()


@pytest.mark.parametrize(("volumes", "row"), [((1.0,), 60), ((1.0, -1.0), 60), ((1.0, 1.0), 500)])
def test_impossible_membranes_are_refused(tmp_path: Path, volumes: tuple[float, ...], row: float) -> None:
    with pytest.raises(UsageError, match="expected"):
        write_blot(tmp_path / "a.tif", volumes, scene=replace(QUIET, lanes=2), row=row, seed=8)
    assert not (tmp_path / "a.tif").exists()
