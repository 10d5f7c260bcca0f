"""Peaks: the maxima of a profile that stand out.

The same maxima as `scipy.signal.find_peaks` gives, which `tests/blots/test_peaks.py` holds this against: to import that
library takes longer than to measure a blot.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

__all__ = ["find_peaks"]

Floats = NDArray[np.float64]
Places = NDArray[np.int64]


def find_peaks(
    profile: Floats,
    *,
    height: float = -math.inf,
    distance: float = 1.0,
    prominence: float = 0.0,
    reach: int | None = None,
    width: float = 0.0,
) -> Places:
    """Return the places of a profile's maxima, in order; of a flat top its middle. Neither end is a maximum.

    Parameters
    ----------
    profile
        A value a place.
    height
        The least value of a maximum.
    distance
        Of maxima nearer to one another than this, the higher is kept.
    prominence
        By how much a maximum stands, at least, above the higher of the lowest places on its two sides, each side
        reaching as far as nothing is higher than the maximum.
    reach
        How far a side reaches at most; `None`: to the end.
    width
        The least width at half of the prominence.

    Examples
    --------
    >>> find_peaks(np.array([0.0, 3, 1, 2, 2, 2, 0]))
    array([1, 4])
    >>> find_peaks(np.array([0.0, 3, 1, 2, 2, 2, 0]), prominence=1.5)
    array([1])
    """
    peaks = _maxima(profile)
    peaks = peaks[profile[peaks] >= height]
    if distance > 1:
        peaks = _apart(peaks, profile[peaks], math.ceil(distance))
    if prominence <= 0 and width <= 0:
        return peaks
    kept = [peak for peak in peaks.tolist() if _stands_out(profile, peak, prominence, reach, width)]
    return np.array(kept, np.int64)


def _maxima(profile: Floats) -> Places:
    """Return the middles of all runs of equal values with a lower value on either side."""
    steps = np.flatnonzero(np.diff(profile))
    rises = profile[steps + 1] > profile[steps]
    tops = np.flatnonzero(rises[:-1] & ~rises[1:])
    return np.asarray((steps[tops] + 1 + steps[tops + 1]) // 2, np.int64)


def _apart(peaks: Places, heights: Floats, distance: int) -> Places:
    """Leave out, from the highest maximum on, what is nearer to it than `distance`."""
    keep = np.ones(peaks.size, bool)
    for number in np.argsort(heights)[::-1].tolist():
        if keep[number]:
            near = np.abs(peaks - peaks[number]) < distance
            near[number] = False
            keep &= ~near
    return peaks[keep]


def _stands_out(profile: Floats, peak: int, prominence: float, reach: int | None, width: float) -> bool:
    before, after = profile[:peak][::-1][:reach], profile[peak + 1 :][:reach]
    top = float(profile[peak])
    sides = [_under(side, top) for side in (before, after)]
    # The lowest place of a side may be the maximum's own, where the side begins with a higher one.
    stands = top - max(min(top, float(side.min(initial=top))) for side in sides)
    if stands < prominence:
        return False
    half = top - 0.5 * stands
    return width <= 0 or sum(_half_width(side, top, half) for side in sides) >= width


def _under(side: Floats, top: float) -> Floats:
    """Return a side, from the maximum on, as far as nothing in it is higher."""
    higher = np.flatnonzero(side > top)
    return side[: higher[0]] if higher.size else side


def _half_width(side: Floats, top: float, half: float) -> float:
    """Return how far off a side falls to `half`, between places."""
    at_most = np.flatnonzero(side <= half)
    if not at_most.size:
        return float(side.size)
    place = int(at_most[0])
    above = float(side[place - 1]) if place else top
    here = float(side[place])
    return place + 1 - ((half - here) / (above - here) if here < half else 0.0)
