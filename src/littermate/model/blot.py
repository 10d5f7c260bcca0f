"""Blot: an image of a membrane, its lanes and their bands.

High value = signal in everything here (an image that is stored the other way is inverted when it is read, and
`Blot.polarity` says so). Rows run down the gel, columns across it. A band's `volume` is the sum over its box of
(signal - local background), in the image's own units times px; it may be negative and is then kept.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Band", "Blot", "Lane"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Blot:
    """A membrane image ready to be measured.

    Parameters
    ----------
    path, sha256
        The file and the hash of its bytes.
    pixels : (rows, columns) float64
        Signal, high = more; the stored values, or `level_max` minus them where the polarity is ``"dark"``.
    dtype, shape
        As stored.
    polarity
        ``"bright"`` (stored high = signal) or ``"dark"`` (stored low = signal), as decided from the data or given.
    saturated_px
        Pixels on the clipping plateau.
    saturation_level
        Stored value of that plateau, `None` where nothing is clipped.
    warnings
        What makes the image less than raw data: 8 bit, RGB, contrast stretched.
    """

    path: str
    sha256: str
    pixels: NDArray[np.float64]
    dtype: str
    shape: tuple[int, ...]
    polarity: str
    saturated_px: int
    saturation_level: float | None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """One band of one lane.

    Parameters
    ----------
    row_px
        Row of the band's peak, sub-pixel.
    volume, background
        Net volume above the local baseline, and the volume of that baseline in the same box.
    saturated
        Whether the band's top is a plateau.
    box_px
        ``(left, top, width, height)``, what was summed.
    mw_kda
        Molecular weight from the ladder, `None` without one.
    noise
        Standard error of `volume` from the pixel noise around the band, `None` where it was not estimated.
    flags
        What must be known about it: ``"baseline from above only"``, ``"cut by the image's edge"``; where a person
        placed the box, ``"placed by a person"``, ``"overlaps the box of lane 4"``, ``"signal at the edge of the box"``.
    fwhm_px
        Full width at half maximum along the lane, in rows: the band's own, or that of its row of bands.
    strips_px
        The half-open rows of the strips above and below that give the baseline; an empty one is not there.
    """

    row_px: float
    volume: float
    background: float
    saturated: bool
    box_px: tuple[int, int, int, int]
    mw_kda: float | None = None
    noise: float | None = None
    flags: tuple[str, ...] = ()
    fwhm_px: float | None = None
    strips_px: tuple[tuple[int, int], tuple[int, int]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One lane, from left to right; `index` starts at 1.

    `centre_px` is x at the lane's middle row, `path_px` x at each of some rows ``((row, x), ...)``: it follows
    tilt and smile.
    """

    index: int
    centre_px: float
    width_px: float
    path_px: tuple[tuple[float, float], ...]
    bands: tuple[Band, ...] = ()
