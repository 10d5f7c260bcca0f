"""Every animal a point: beside each other where they would hide each other, the same way every time."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
from scipy.spatial.distance import pdist

__all__ = ["dot_diameter", "spread", "swarm"]

DOTS_MM = (1.5, 1.3, 1.1, 0.9, 0.75, 0.6)
"""Diameters of a point; the largest that has room is taken."""


def swarm(values: Sequence[float], *, radius: float, step: float = 0.06, widest: float = 0.36) -> list[float]:
    """Spread points sideways so that none hides another, from the lowest up, each as near to the middle as it can.

    Parameters
    ----------
    values
        The points' heights.
    radius
        Half the least distance of two points, in the unit of the values; sideways, `step` is that distance.
    widest
        Largest offset to either side. Where that is too little, points stay in the middle.

    Returns
    -------
    list of float
        Offsets from the group's middle, one a value.

    Examples
    --------
    >>> swarm([1.0, 1.0, 5.0], radius=0.5, step=0.1)
    [0.0, 0.1, 0.0]
    """
    offsets = [0.0] * len(values)
    placed: list[int] = []
    for index in map(int, np.argsort(values, kind="stable")):
        placed = [other for other in placed if values[index] - values[other] < 2 * radius]
        gaps = {other: step * math.sqrt(1 - ((values[index] - values[other]) / (2 * radius)) ** 2) for other in placed}
        tries = [0.0, *(offsets[other] + side * gap for other, gap in gaps.items() for side in (1, -1))]
        free = [
            x
            for x in tries
            if abs(x) <= widest + 1e-9 and all(abs(x - offsets[other]) > gap - 1e-9 for other, gap in gaps.items())
        ]
        offsets[index] = min(free, key=abs, default=0.0)
        placed.append(index)
    return offsets


def dot_diameter(groups: Iterable[Sequence[float]], room_mm: float) -> float:
    """Return the largest diameter at which no point of any group hides another, in mm.

    Parameters
    ----------
    groups
        Heights of each group's points on the upright axis, in mm.
    room_mm
        Width that the points of a group may take. Where there are too many points even for the smallest diameter, some
        overlap.

    Examples
    --------
    >>> dot_diameter([[10.0, 10.0, 10.0, 30.0]], 8.0), dot_diameter([[10.0, 10.0, 10.0]], 3.0)
    (1.5, 0.9)
    """
    heights = list(groups)
    fitting = (diameter for diameter in DOTS_MM if not any(_hide(own, room_mm, diameter) for own in heights))
    return next(fitting, DOTS_MM[-1])


def spread(heights_mm: Sequence[float], room_mm: float, diameter_mm: float) -> list[float]:
    """Return how far from the middle of the room points of that diameter stand, in mm."""
    return swarm(heights_mm, radius=diameter_mm / 2, step=diameter_mm, widest=(room_mm - diameter_mm) / 2)


def _hide(heights: Sequence[float], room: float, diameter: float) -> bool:
    """Whether two points are nearer to each other than their diameter."""
    places = np.column_stack([spread(heights, room, diameter), heights])
    return len(places) > 1 and bool(pdist(places).min() < diameter - 1e-6)
