"""A row of bands is followed and its lanes are counted."""

from itertools import pairwise

import numpy as np
import pytest

from littermate.blots.band_rows import best_chain
from littermate.simulate.blot import BandRow, BlotScene, paint_blot


def test_lanes_are_counted_along_a_row_that_smiles() -> None:
    scene = BlotScene(width=700, height=260, smile_px=30.0, tilt_deg=0.0)
    pixels, truth = paint_blot([BandRow(row_px=150, volumes=(1.0,) * 9)], scene=scene, seed=2)
    chain = best_chain(pixels.astype(np.float64), n=None, evenness=3.0)
    assert chain is not None
    assert chain.columns == pytest.approx(truth.centres_px, abs=0.2 * chain.pitch)  # places; find_lanes refines them
    assert all(left < right for left, right in pairwise(chain.columns.tolist()))


def test_a_flat_image_has_no_row() -> None:
    assert best_chain(np.full((100, 200), 7.0), n=None, evenness=3.0) is None
