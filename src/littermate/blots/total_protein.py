"""Total protein: what a whole lane holds above its background, where all its protein is stained or labelled.

Ponceau, REVERT, stain-free gels: the lane is one smear from top to bottom, so that there is no row on the lane itself
that shows the background. It is taken from the valleys on either side, row by row: one narrow strip in each gap between
lanes, where the image is lowest over all rows, and the straight line from strip to strip under the lane. A strip's
course down the gel is smoothed by a running median, which dust and noise hardly move.

What lies between one valley and the next is summed, so that no share of a lane is cut off. Where lanes touch, the
valley between them has no flat bottom and does not reach the background: the level of the clear valleys nearest to it
is taken instead, and both lanes are flagged.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from littermate.blots.lanes import lane_x
from littermate.blots.volumes import clip_level
from littermate.errors import UsageError
from littermate.model.blot import Band, Blot, Lane

__all__ = ["NO_GAP", "TOTAL_PROTEIN", "lane_totals"]

TOTAL_PROTEIN = "total protein"
"""Name of what stains all protein, as a target of an image and as what another target is relative to."""

NO_GAP = "no gap between lanes"
_STRIP_PX = 3
_REACH = 0.22
_WINDOW = 0.08
_FLAT = 0.02
_FLAT_PX = 5


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Valley:
    """The strip between two lanes: x at every row, its smoothed level, and the noise of a pixel in it."""

    x: NDArray[np.float64]
    level: NDArray[np.float64]
    noise: float
    is_clear: bool


def lane_totals(blot: Blot, lanes: Sequence[Lane], *, rows: tuple[int, int] | None = None) -> tuple[Lane, ...]:
    """Sum each lane above the background of the valleys beside it.

    Parameters
    ----------
    blot
        The image, high = signal.
    lanes
        From left to right, as `find_lanes` gives them.
    rows
        The half-open rows that are summed, where not all are to be: without the dye front, without a cut edge.

    Returns
    -------
    tuple of Lane
        The same lanes, each with one band that is the whole lane: its box, volume, background, standard error, and
        whether it is saturated somewhere. Flagged ``"no gap between lanes"`` where a valley beside it has no flat
        bottom.

    Raises
    ------
    UsageError
        If there is no lane, or the rows are not in the image.

    Examples
    --------
    >>> from littermate.blots.image import blot_of
    >>> from littermate.blots.lanes import find_lanes
    >>> from littermate.simulate.total_protein import paint_total_protein
    >>> pixels, truth = paint_total_protein((1.0, 0.5, 1.5), seed=1)
    >>> blot = blot_of(pixels)
    >>> lanes = lane_totals(blot, find_lanes(blot, n=3))
    >>> max(abs(lane.bands[0].volume / true - 1) for lane, true in zip(lanes, truth)) < 0.02
    True
    """
    top, bottom = _require(blot, lanes, rows)
    part = blot.pixels[top:bottom]
    at = np.arange(top, bottom, dtype=np.float64)
    courses = np.array([lane_x(lane, at) for lane in lanes])
    valleys = _valleys(part, courses)
    return tuple(
        _summed(blot, part, lane, valleys[number], valleys[number + 1], top) for number, lane in enumerate(lanes)
    )


def _require(blot: Blot, lanes: Sequence[Lane], rows: tuple[int, int] | None) -> tuple[int, int]:
    height = blot.pixels.shape[0]
    top, bottom = rows or (0, height)
    if not lanes:
        raise UsageError(expected="one lane or more", found="none", do="find the lanes first")
    if not 0 <= top < bottom <= height:
        raise UsageError(
            expected=f"rows from 0 to {height}", found=f"rows {top} to {bottom}", do="give the first row and the last"
        )
    return top, bottom


def _valleys(part: NDArray[np.float64], courses: NDArray[np.float64]) -> list[_Valley]:
    """Return the valleys left of the first lane, between lanes, and right of the last."""
    pitch = float(np.median(np.diff(courses, axis=0))) if len(courses) > 1 else 0.7 * part.shape[1]
    middles = [courses[0] - pitch / 2, *(courses[:-1] + courses[1:]) / 2, courses[-1] + pitch / 2]
    height = float(np.quantile(part, 0.75) - np.quantile(part, 0.05))
    valleys = [_valley(part, middle, pitch, height) for middle in middles]
    return _with_clear(valleys)


def _valley(part: NDArray[np.float64], middle: NDArray[np.float64], pitch: float, height: float) -> _Valley:
    """Place a strip where the image is lowest near the middle between two lanes, the same share off it on all rows."""
    reach = max(1, round(_REACH * pitch))
    columns = np.clip(np.rint(middle)[:, None] + np.arange(-reach, reach + 1), 0, part.shape[1] - 1).astype(int)
    near = np.take_along_axis(part, columns, axis=1)
    width = min(_STRIP_PX, near.shape[1])
    usual = ndimage.uniform_filter1d(near.mean(axis=0), width, mode="nearest")
    half = width // 2
    place = half + int(np.argmin(usual[half : usual.size - half]))
    strip = near[:, place - half : place - half + width]
    row_means = strip.mean(axis=1)
    window = max(3, round(_WINDOW * part.shape[0]) | 1)
    level = ndimage.uniform_filter1d(
        ndimage.median_filter(row_means, size=window, mode="nearest"), max(1, window // 2), mode="nearest"
    )
    noise = float(np.median(np.abs(np.diff(strip, axis=0)))) * 1.4826 / math.sqrt(2)
    flat = int(np.count_nonzero(usual <= usual[place] + _FLAT * height))
    return _Valley(x=columns[:, place].astype(np.float64), level=level, noise=noise, is_clear=flat >= _FLAT_PX)


def _with_clear(valleys: list[_Valley]) -> list[_Valley]:
    """Give a valley that is not at background the level between the clear ones beside it, where that is lower."""
    clear = [valley for valley in valleys if valley.is_clear]
    if not clear or len(clear) == len(valleys):
        return valleys
    places = np.array([valley.x.mean() for valley in clear])
    levels = np.array([valley.level for valley in clear])
    return [valley if valley.is_clear else _lowered(valley, places, levels) for valley in valleys]


def _lowered(valley: _Valley, places: NDArray[np.float64], levels: NDArray[np.float64]) -> _Valley:
    """Return a valley with the level, row by row, on the line between its neighbours' (`levels`, at `places`)."""
    x = float(np.clip(valley.x.mean(), places[0], places[-1]))
    after = int(np.clip(np.searchsorted(places, x), 1, max(1, places.size - 1)))
    before = after - 1
    after = min(after, places.size - 1)
    share = (x - places[before]) / max(places[after] - places[before], 1.0)
    between = levels[before] + share * (levels[after] - levels[before])
    return replace(valley, level=np.minimum(valley.level, between))


def _summed(blot: Blot, part: NDArray[np.float64], lane: Lane, left: _Valley, right: _Valley, top: int) -> Lane:
    """Sum a lane between its two valleys, above the line from one to the other."""
    x = np.arange(part.shape[1], dtype=np.float64)
    inside = (x[None, :] >= left.x[:, None]) & (x[None, :] < right.x[:, None])
    share = (x[None, :] - left.x[:, None]) / np.maximum(right.x - left.x, 1.0)[:, None]
    line = left.level[:, None] + share.clip(0, 1) * (right.level - left.level)[:, None]
    pixels = int(inside.sum())
    background = float(line[inside].sum())
    first, last = math.floor(left.x.min()), math.ceil(right.x.max())
    band = Band(
        row_px=top + (part.shape[0] - 1) / 2,
        volume=float(part[inside].sum()) - background,
        background=background,
        saturated=_is_saturated(blot, part[inside]),
        box_px=(first, top, max(1, last - first), part.shape[0]),
        noise=_error(pixels, part.shape[0], left, right),
        flags=() if left.is_clear and right.is_clear else (NO_GAP,),
    )
    return replace(lane, bands=(band,))


def _error(pixels: int, rows: int, left: _Valley, right: _Valley) -> float:
    """Return the standard error: of the summed pixels, and of the two strips' levels, which all of them share."""
    noise = math.hypot(left.noise, right.noise) / math.sqrt(2)
    level = noise * math.sqrt(math.pi / 2 / (2 * _STRIP_PX * rows))
    return math.hypot(noise * math.sqrt(pixels), level * pixels)


def _is_saturated(blot: Blot, values: NDArray[np.float64]) -> bool:
    level = clip_level(blot)
    return level is not None and int(np.count_nonzero(values >= level)) > 1
