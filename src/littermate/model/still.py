"""Still: one frame of a trial, small, to show what was scored; never measured on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Still"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Still:
    """A frame at a time of the trial clock.

    Parameters
    ----------
    t_s
        When, in seconds since t0.
    picture : (height, width) uint8
        The trial's part of the frame, shrunk.
    """

    t_s: float
    picture: NDArray[np.uint8]
