"""Track: where one animal is, frame by frame, on the trial clock.

The position is the centroid of the body. `state` is 0 found, 1 interpolated (a short gap, filled by a straight line
and marked), 2 missing (NaN in x and y): a hidden animal is never given a position.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from littermate.errors import DataError

__all__ = ["FOUND", "INTERPOLATED", "MISSING", "STATES", "Track"]

FOUND, INTERPOLATED, MISSING = 0, 1, 2
STATES = ("found", "interpolated", "missing")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Track:
    """One animal's path.

    Parameters
    ----------
    t_s : (n,) float
        Trial time of each frame, rising.
    xy_px : (n, 2) float
        Centroid in the picture; NaN where missing.
    state : (n,) uint8
        `FOUND`, `INTERPOLATED` or `MISSING`.
    """

    t_s: NDArray[np.float64]
    xy_px: NDArray[np.float64]
    state: NDArray[np.uint8]

    def __post_init__(self) -> None:
        if not (len(self.t_s) == len(self.xy_px) == len(self.state)):
            raise DataError(
                expected="one position and one state a time",
                found=f"{len(self.t_s)} times, {len(self.xy_px)} positions, {len(self.state)} states",
                do="make the columns equally long",
            )
        if np.any(np.diff(self.t_s) <= 0):
            raise DataError(expected="rising times", found="a time that stands still or goes back", do="sort the track")
