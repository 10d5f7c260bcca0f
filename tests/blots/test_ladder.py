"""Weights from a ladder: matched, without the smile, never extrapolated."""

import numpy as np
import pytest

from littermate.blots.bands import quantify_image
from littermate.blots.image import blot_of
from littermate.blots.ladder import read_ladder, weigh_bands
from littermate.errors import ImageError, UsageError
from littermate.model.blot import Band, Lane
from littermate.simulate.blot import BandRow, BlotScene, paint_blot

FULL = "1:250,150,100,75,50,37,25,20,15,10"


def lane(index: int, *rows: float) -> Lane:
    bands = tuple(
        Band(row_px=row, volume=1.0, background=0.0, saturated=False, box_px=(0, 0, 1, 1), fwhm_px=10.0) for row in rows
    )
    return Lane(index=index, centre_px=50.0 * index, width_px=30.0, path_px=((0.0, 50.0 * index),), bands=bands)


@pytest.mark.parametrize("fit", ["point to point", "quadratic"])
@pytest.mark.parametrize("smile", [0.0, 12.0])
def test_weights_of_painted_bands(fit: str, smile: float) -> None:
    scene = BlotScene(width=560, height=420, ladder=True, smile_px=smile, band_sigma_px=4.0, dust=0, streaks=0)
    rows = [BandRow(row_px=scene.row_of(kda), volumes=(1.0,) * 9) for kda in (90.0, 42.0, 18.0)]
    found = quantify_image(blot_of(paint_blot(rows, scene=scene, seed=2)[0]), n_lanes=10)
    weighed = weigh_bands(found.lanes, read_ladder(FULL), fit=fit)
    kda = np.array([[band.mw_kda for band in one.bands] for one in weighed[1:]])
    assert kda == pytest.approx(np.tile([90.0, 42.0, 18.0], (9, 1)), rel=0.04)


def test_a_band_outside_the_ladder_has_no_weight() -> None:
    outside, inside = weigh_bands([lane(1, 10, 50, 90), lane(2, 5, 50)], read_ladder("1:100,50,25"))[1].bands
    assert (outside.mw_kda, outside.flags) == (None, ("outside the ladder",))
    assert inside.mw_kda == pytest.approx(50)


def test_a_missing_weight_and_a_speck_are_told_apart() -> None:
    kda = (250, 150, 100, 50, 20)
    rows = [200 - 30 * np.log(weight) for weight in kda]
    speck = weigh_bands([lane(1, *rows, 130.0), lane(2, rows[3])], read_ladder("1:250,150,100,50,20"))
    assert speck[1].bands[0].mw_kda == pytest.approx(50)
    faint = weigh_bands([lane(1, *rows[:2], *rows[3:]), lane(2, rows[2])], read_ladder("1:250,150,100,50,20"))
    assert faint[1].bands[0].mw_kda == pytest.approx(100, rel=0.01)


def test_rows_may_be_given() -> None:
    weighed = weigh_bands([lane(1, 12, 99), lane(2, 30)], read_ladder("1:100@10,25@50"))
    assert weighed[1].bands[0].mw_kda == pytest.approx(50)


@pytest.mark.parametrize(
    ("bands", "message"),
    [
        ((10, 40), "too few"),
        ((10, 20, 30, 40), "fit about as well"),
        ((10, 12, 13, 90), "smooth course"),
        ((), "no band"),
    ],
)
def test_a_ladder_that_cannot_be_told_is_refused(bands: tuple[float, ...], message: str) -> None:
    with pytest.raises(ImageError, match=message):
        weigh_bands([lane(1, *bands)], read_ladder("1:160,80,40,20,10"))
    with pytest.raises(ImageError, match="lane 4"):
        weigh_bands([lane(1, *bands)], read_ladder("4:160,80,40,20,10"))


@pytest.mark.parametrize("text", ["", "1", "1:50", "1:50,100", "0:100,50", "1:100@5,50", "1:100@9,50@5", "1:nan,nan"])
def test_a_ladder_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="LANE:KDA"):
        read_ladder(text)


def test_a_parabola_needs_three_bands() -> None:
    with pytest.raises(ImageError, match="point to point"):
        weigh_bands([lane(1, 10, 40)], read_ladder("1:100,50"), fit="quadratic")
    with pytest.raises(UsageError, match="quadratic"):
        weigh_bands([lane(1, 10, 40)], read_ladder("1:100,50"), fit="guess")


def test_rows_read_off_to_the_px_are_those_of_their_bands() -> None:
    ladder, sample = weigh_bands([lane(1, 10.4, 50.3, 89.6), lane(2, 50.3)], read_ladder("1:100@10,50@50,25@90"))
    assert [band.mw_kda for band in ladder.bands] == pytest.approx([100, 50, 25])
    assert sample.bands[0].mw_kda == pytest.approx(50)
