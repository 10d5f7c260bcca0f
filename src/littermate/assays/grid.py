"""Grid: equal half-open cells over the floor, and the rule by which an animal is said to have left one.

Columns and rows count from 0 at the floor's upper left corner. Cell c covers ``[c w, (c + 1) w)``. A point beside the
floor (an animal that leans over the wall) belongs to the nearest edge cell. A place is *held* until the animal is more
than the hysteresis outside it; then it is in the place where it then stands.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Grid", "hold"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """N x N equal cells over a floor of `width_cm` x `height_cm`.

    Examples
    --------
    >>> grid = Grid(cells=6, width_cm=48, height_cm=48)
    >>> grid.cell_of(np.array([[0.0, 0.0], [7.9, 8.0], [48.0, -1.0]])).tolist()
    [[0, 0], [0, 1], [5, 0]]
    >>> grid.inner_lines
    10
    """

    cells: int
    width_cm: float
    height_cm: float

    @property
    def inner_lines(self) -> int:
        """Lines between cells; the walls are not lines."""
        return 2 * (self.cells - 1)

    @property
    def cell_cm(self) -> NDArray[np.float64]:
        """Width and height of a cell, (2,)."""
        return np.array([self.width_cm, self.height_cm]) / self.cells

    def cell_of(self, xy_cm: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the (column, row) of each of (n, 2) points."""
        return np.clip(np.floor(xy_cm / self.cell_cm), 0, self.cells - 1).astype(np.int64)

    def held_cells(self, xy_cm: NDArray[np.float64], hysteresis_cm: float) -> NDArray[np.int64]:
        """Return the (column, row) that the animal is counted in at each of (n, 2) successive points.

        A cell is left when the animal is more than `hysteresis_cm` outside it, to either side.
        """
        cells = self.cell_of(xy_cm)
        column, row = cells[:, 0].tolist(), cells[:, 1].tolist()
        (width, height), edge = self.cell_cm.tolist(), self.cells - 1
        held = np.empty_like(cells)
        c, r = column[0], row[0]
        for k, (x, y) in enumerate(xy_cm.tolist()):
            if (c, r) != (column[k], row[k]) and (
                _outside(x, c, width, edge) > hysteresis_cm or _outside(y, r, height, edge) > hysteresis_cm
            ):
                c, r = column[k], row[k]
            held[k] = c, r
        return held


def _outside(at: float, cell: int, side: float, edge: int) -> float:
    """Return how far a coordinate is outside a cell; edge cells reach on beyond the wall."""
    before = cell * side - at if cell > 0 else 0.0
    after = at - (cell + 1) * side if cell < edge else 0.0
    return max(before, after)


def hold(zone: NDArray[np.int64], outside_cm: NDArray[np.float64], hysteresis_cm: float) -> NDArray[np.int64]:
    """Return the zone that the animal is counted in at each point.

    Parameters
    ----------
    zone : (n,) int
        The zone in which each point lies.
    outside_cm : (zones, n) float
        How far each point is outside each zone; 0 inside it.
    hysteresis_cm
        A zone is left when the point is more than this outside it.

    Examples
    --------
    >>> hold(np.array([0, 1, 0, 1]), np.array([[0, 0.3, 0, 0.6], [2, 0, 2, 0]]), 0.5).tolist()
    [0, 0, 0, 1]
    """
    held = np.empty_like(zone)
    current = int(zone[0])
    far = (outside_cm > hysteresis_cm).tolist()
    for k, here in enumerate(zone.tolist()):
        if here != current and far[current][k]:
            current = here
        held[k] = current
    return held
