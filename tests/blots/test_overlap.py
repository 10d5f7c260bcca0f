"""Bands that run into one another get what was painted of each; what they hold together does not change."""

import numpy as np
import pytest

from littermate.blots.bands import measure_bands, quantify_image
from littermate.blots.image import blot_of
from littermate.blots.lanes import find_lanes
from littermate.blots.overlap import share_out
from littermate.blots.rules import BandRules, BlotRules
from littermate.errors import UsageError
from littermate.model.blot import Blot
from littermate.simulate.blot import BandRow, BlotScene, paint_blot

FWHM = 2.3548 * 5
SCENE = BlotScene(snr=60.0, width=320, height=260, lanes=6, dust=0, streaks=0, row_jitter_px=0.0)


def doublet(apart: float, other: float) -> tuple[Blot, np.ndarray]:
    """Return six lanes of two bands, the lower one `other` times as strong, and the true volumes (lanes, bands)."""
    rows = [BandRow(row_px=110, volumes=(1.0,) * 6), BandRow(row_px=110 + apart * FWHM, volumes=(other,) * 6)]
    pixels, truth = paint_blot(rows, scene=SCENE, seed=3)
    return blot_of(pixels), np.array(truth.volumes).T


def volumes(blot: Blot, overlap: str) -> np.ndarray:
    lanes = measure_bands(blot, find_lanes(blot, n=6), rules=BandRules(overlap=overlap))
    return np.array([[band.volume for band in lane.bands] for lane in lanes])


@pytest.mark.parametrize(("apart", "other", "within"), [(1.5, 1.0, 0.01), (1.5, 1 / 3, 0.04), (2.0, 1 / 3, 0.03)])
def test_each_band_gets_its_own(apart: float, other: float, within: float) -> None:
    blot, true = doublet(apart, other)
    fitted, cut = volumes(blot, "fit"), volumes(blot, "valley")
    assert np.median(np.abs(fitted / true - 1)) < within
    assert np.median(np.abs(fitted / true - 1)) < np.median(np.abs(cut / true - 1))
    assert fitted.sum(axis=1) == pytest.approx(cut.sum(axis=1), rel=1e-12)


def test_both_are_flagged_and_bands_apart_are_not() -> None:
    for overlap, flag in (("fit", "shared with the next band"), ("valley", "parted from the next band at the valley")):
        rules = BlotRules(bands=BandRules(overlap=overlap))
        near, far = (quantify_image(doublet(apart, 1.0)[0], n_lanes=6, rules=rules) for apart in (1.5, 5.0))
        assert {band.flags for lane in near.lanes for band in lane.bands} == {(flag,)}
        assert {band.flags for lane in far.lanes for band in lane.bands} == {()}


def test_a_tail_of_the_upper_band_is_not_given_to_the_lower() -> None:
    at = np.arange(90.0)
    tail = np.exp(-np.arange(40) / 5)
    one = np.convolve(np.exp(-0.5 * ((at - 30) / 5) ** 2), tail)[:90]
    net = one + np.roll(one, 24) / 3
    found = share_out(net, [34, 58], [15, 15])
    assert found is not None
    assert found.shares == pytest.approx([0.75, 0.25], abs=0.01)


def test_nothing_is_given_out_where_nothing_stands_out() -> None:
    assert share_out(np.full(40, -1.0), [10, 25], [8, 8]) is None
    assert share_out(np.ones(5), [1, 3], [2, 2]) is None


def test_an_unknown_way_is_refused() -> None:
    with pytest.raises(UsageError, match="fit or valley"):
        volumes(doublet(2.0, 1.0)[0], "guess")
