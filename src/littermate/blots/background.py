"""Background: what lies under a band, by one of three named methods.

``"line"``, the default, is the straight line and the local median at once: for each column of the box the median of
that column in a strip above and in a strip below, and between the two a straight line. ``"local median"`` is one level
for the whole box: the median of all pixels of both strips. ``"rolling ball"`` takes a ball's bed off the whole image
first, and then the line: the bed alone follows the noise's lower side, which is why it is rolled on a smoothed image
and never used without the line.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy import ndimage
from skimage.restoration import rolling_ball

from littermate.errors import UsageError

__all__ = ["BACKGROUNDS", "MIN_STRIP_PX", "Baseline", "baseline", "ball_bed", "require_background"]

BACKGROUNDS = ("line", "local median", "rolling ball")
MIN_STRIP_PX = 3
_MEDIAN_EFFICIENCY = math.pi / 2
_SMOOTH = 0.05
_SMALL_RADIUS_PX = 12
_FLATNESS = 50

Rows = tuple[int, int]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Baseline:
    """What lies under a box: its height at each pixel, the pixels' noise, and the baseline's error as a share of it."""

    under: NDArray[np.float64]
    sd: float
    error: float


def require_background(name: str) -> None:
    """Refuse an unknown background.

    Examples
    --------
    >>> require_background("line")
    """
    if name not in BACKGROUNDS:
        raise UsageError(expected="a background: " + ", ".join(BACKGROUNDS), found=repr(name), do="choose one of these")


def baseline(pixels: NDArray[np.float64], rows: Rows, strips: tuple[Rows, Rows], background: str) -> Baseline:
    """Return the baseline of a box.

    Parameters
    ----------
    pixels : (image rows, box columns)
        The columns of the box, from the top to the bottom of the image.
    rows
        The half-open rows of the box.
    strips
        The half-open rows of the strips above and below. One that is lower than 3 px is not used beside a better one.
    background
        One of `BACKGROUNDS`; a rolling ball's bed has been taken off before.

    Examples
    --------
    >>> slope = np.arange(20.0)[:, None] * np.ones(4)
    >>> baseline(slope, (9, 11), ((2, 7), (13, 18)), "line").under[:, 0]
    array([ 9., 10.])
    >>> baseline(slope, (9, 11), ((2, 7), (13, 18)), "local median").under[:, 0]
    array([9.5, 9.5])
    """
    ends = [strip for strip in strips if strip[1] - strip[0] >= MIN_STRIP_PX]
    ends = ends or [strip for strip in strips if strip[1] > strip[0]]
    shape = (rows[1] - rows[0], pixels.shape[1])
    if not ends:
        return Baseline(under=np.full(shape, float(pixels.min())), sd=0.0, error=0.0)
    levels = [np.median(pixels[start:stop], axis=0) for start, stop in ends]
    rest = np.concatenate([pixels[start:stop] - level for (start, stop), level in zip(ends, levels, strict=True)])
    sd = 1.4826 * float(np.median(np.abs(rest)))
    error = math.sqrt(sum(_MEDIAN_EFFICIENCY / (stop - start) for start, stop in ends)) / len(ends)
    if background == "local median":
        level = float(np.median(np.concatenate([pixels[start:stop] for start, stop in ends])))
        return Baseline(under=np.full(shape, level), sd=sd, error=error)
    if len(ends) == 1:
        return Baseline(under=np.broadcast_to(levels[0], shape), sd=sd, error=error)
    upper, lower = ((start + stop - 1) / 2 for start, stop in ends)
    share = (np.arange(*rows, dtype=np.float64)[:, None] - upper) / (lower - upper)
    return Baseline(under=levels[0] * (1 - share) + levels[1] * share, sd=sd, error=error)


def ball_bed(pixels: NDArray[np.float64], radius_px: float) -> NDArray[np.float64]:
    """Return the bed of a ball that rolls under the smoothed image.

    The image is smoothed (Gaussian, a twentieth of the radius, 1 px or more) and made smaller until the ball's radius
    is 12 px; from its darkest to its brightest pixel it is 50 radii high, whatever its units are: a rounder ball would
    rise into the bands.

    Raises
    ------
    UsageError
        If the radius is not a positive number.

    Examples
    --------
    >>> bool(np.allclose(ball_bed(np.full((60, 60), 7.0), 20), 7))
    True
    """
    if not (math.isfinite(radius_px) and radius_px > 0):
        raise UsageError(expected="a radius above 0 px", found=f"{radius_px:g}", do="choose a larger ball")
    calm = ndimage.gaussian_filter(pixels, max(1.0, _SMOOTH * radius_px), mode="nearest")
    rows, columns = calm.shape
    factor = min(1.0, _SMALL_RADIUS_PX / radius_px)
    size = (max(1, round(columns * factor)), max(1, round(rows * factor)))
    small = cv2.resize(calm, size, interpolation=cv2.INTER_AREA)
    bed = _bed_of(small, radius_px * factor)
    return np.asarray(cv2.resize(bed, (columns, rows), interpolation=cv2.INTER_LINEAR), np.float64)


def _bed_of(image: NDArray[np.float64], radius: float) -> NDArray[np.float64]:
    low, high = float(image.min()), float(image.max())
    if high == low:
        return image
    margin = math.ceil(radius)
    height = _FLATNESS * radius
    scaled = np.pad((image - low) / (high - low) * height, margin, mode="edge")
    bed = rolling_ball(scaled, radius=radius)[margin:-margin, margin:-margin]
    return np.asarray(bed / height * (high - low) + low, np.float64)
