"""Ladder: molecular weights from the bands of one lane.

The logarithm of the weight is interpolated in a straight line between neighbouring ladder bands; above the first and
below the last one there is no weight, never an extrapolated one.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from littermate.errors import ImageError, UsageError
from littermate.model.blot import Band, Lane

__all__ = ["read_ladder", "weigh_bands"]


def read_ladder(text: str) -> tuple[int, tuple[float, ...]]:
    """Read ``"LANE:KDA,KDA,..."``, the weights from the top of the gel down.

    Raises
    ------
    UsageError
        If the text is not of that form, or the weights do not fall.

    Examples
    --------
    >>> read_ladder("1:250,100,50,15")
    (1, (250.0, 100.0, 50.0, 15.0))
    """
    lane, _, weights = text.partition(":")
    try:
        number, kda = int(lane), tuple(float(part) for part in weights.split(","))
    except ValueError:
        number, kda = 0, ()
    if number < 1 or len(kda) < 2 or any(lower >= upper for upper, lower in itertools.pairwise(kda)):
        raise UsageError(
            expected="a ladder as LANE:KDA,KDA,... with falling weights, such as 1:250,100,50,15",
            found=repr(text),
            do="write the lane of the ladder and its weights from the top down",
        )
    return number, kda


def weigh_bands(lanes: Sequence[Lane], ladder: int, kda: Sequence[float]) -> tuple[Lane, ...]:
    """Give every band between the ladder's first and last one its molecular weight.

    Raises
    ------
    ImageError
        If the ladder's lane is not there, or has another number of bands than there are weights.
    """
    bands = next((lane.bands for lane in lanes if lane.index == ladder), ())
    if len(bands) != len(kda):
        raise ImageError(
            expected=f"{len(kda)} bands on lane {ladder}, one a weight",
            found=f"{len(bands)} bands" if bands else "no such lane, or no band on it",
            do="list the weights that are to be seen on the picture (--figure shows the bands)",
        )
    rows = sorted(band.row_px for band in bands)
    return tuple(replace(lane, bands=tuple(_weighed(band, rows, kda) for band in lane.bands)) for lane in lanes)


def _weighed(band: Band, rows: Sequence[float], kda: Sequence[float]) -> Band:
    if not rows[0] <= band.row_px <= rows[-1]:
        return band
    return replace(band, mw_kda=float(np.exp(np.interp(band.row_px, rows, np.log(kda)))))
