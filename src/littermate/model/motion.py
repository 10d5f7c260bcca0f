"""Motion: how much an animal moves, sample by sample, on the trial clock.

`activity` is the changed area of the animal divided by the animal's area, per fixed time step, above the noise
floor of the water and with rigid drift removed: a number without unit, 0 for a floating animal, the same at any
frame rate. `valid` is false where there was no trustworthy frame or no animal: such time is missing, neither mobile
nor immobile.

`upright` says how the silhouette stands in the side view: SD of its pixels along the vertical over the sum of that and
their SD along the horizontal, the mean of the two pictures of the step. 0.5 is a shape as high as wide, below it lies
an animal that is level, above it one that stands on its tail (a climbing mouse). It is NaN exactly where `valid` is
false, and `None` in traces stored before it was measured.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Motion"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Motion:
    """A motion trace.

    Parameters
    ----------
    t_s : (n,) float
        Start of each sample on the trial clock, rising; sample k covers ``[t_s[k], t_s[k] + step_s)``.
    step_s
        Length of a sample.
    activity : (n,) float
        See the module; the value where `valid` is false has no meaning.
    valid : (n,) bool
    animal_found
        Whether an animal was seen at all.
    animal_area_px
        Median area of the animal's silhouette, `None` where none was found.
    upright : (n,) float or None
        See the module: 0 level to 1 upright; `None` where it was not measured.
    """

    t_s: NDArray[np.float64]
    step_s: float
    activity: NDArray[np.float64]
    valid: NDArray[np.bool_]
    animal_found: bool
    animal_area_px: float | None
    upright: NDArray[np.float64] | None = None
