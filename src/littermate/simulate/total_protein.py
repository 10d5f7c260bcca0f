"""Total protein: an image in which every lane is stained from top to bottom, with known volumes.

All lanes show the same proteins, each in a proportion common to the lanes, on a smear that fades down the gel: what
differs from lane to lane is how much was loaded.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from littermate.simulate.blot import BandRow, BlotScene, paint_blot

__all__ = ["paint_total_protein", "total_protein_scene"]

_SMEAR_STEP_PX = 8


def total_protein_scene() -> BlotScene:
    """Return the scene of a total-protein stain: tall, wide bands that run into one another, no smears beside them."""
    return BlotScene(height=480, unit_peak=1_500.0, snr=15.0, band_sigma_px=8.0, streaks=0, dust=8, smile_px=4.0)


def paint_total_protein(
    loads: Sequence[float], *, scene: BlotScene | None = None, seed: int
) -> tuple[NDArray[np.uint16], tuple[float, ...]]:
    """Paint an image of all protein of some lanes.

    Parameters
    ----------
    loads
        How much is on each lane, 1 being usual.
    scene, seed
        As for `paint_blot`.

    Returns
    -------
    pixels : (height, width) uint16
    truth
        Each lane's whole volume above background.

    Examples
    --------
    >>> pixels, truth = paint_total_protein((1.0, 0.5), seed=1)
    >>> pixels.shape, round(truth[1] / truth[0], 2)
    ((480, 900), 0.5)
    """
    scene = scene or total_protein_scene()
    rng = np.random.default_rng([seed, 1])
    lowest, highest = 5 * scene.band_sigma_px, scene.height - 5 * scene.band_sigma_px - scene.smile_px
    smear = np.arange(lowest, highest, _SMEAR_STEP_PX)
    places = np.concatenate([smear, rng.uniform(lowest, highest, 12)])
    parts = np.concatenate([np.linspace(0.5, 0.2, smear.size), rng.lognormal(-0.3, 0.5, 12)])
    rows = [
        BandRow(row_px=float(row), volumes=tuple(float(share * load) for load in loads))
        for row, share in zip(places, parts, strict=True)
    ]
    pixels, truth = paint_blot(rows, scene=replace(scene, ladder=False), seed=seed)
    return pixels, tuple(float(sum(volumes)) for volumes in zip(*truth.volumes, strict=True))
