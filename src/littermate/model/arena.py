"""Arena: the floor of an open field in the picture, and the map from pixels to centimetres.

Corners are those of the *floor* (inner wall to inner wall), in px, in the order upper left, upper right, lower
right, lower left as seen in the picture. On the floor x runs from 0 to `width_cm` to the right and y from 0 to
`height_cm` down. The map is a homography (four-point, exact).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from littermate.errors import DataError

__all__ = ["Arena"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Arena:
    """A rectangular floor seen by a camera.

    Examples
    --------
    >>> arena = Arena(corners_px=((0, 0), (100, 0), (100, 100), (0, 100)), width_cm=50, height_cm=50)
    >>> arena.to_cm(np.array([[50.0, 20.0]])).round(6).tolist()
    [[25.0, 10.0]]
    """

    corners_px: tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]
    width_cm: float
    height_cm: float

    def __post_init__(self) -> None:
        if not (self.width_cm > 0 and self.height_cm > 0):
            raise DataError(
                expected="an arena with sides above 0 cm",
                found=f"{self.width_cm} x {self.height_cm} cm",
                do="give the inner size of the floor",
            )
        x, y = np.array(self.corners_px, dtype=float).T
        turns = np.cross(
            np.c_[np.roll(x, -1) - x, np.roll(y, -1) - y, np.zeros(4)],
            np.c_[np.roll(x, -2) - np.roll(x, -1), np.roll(y, -2) - np.roll(y, -1), np.zeros(4)],
        )[:, 2]
        if not np.all(turns > 0):
            raise DataError(
                expected="four corners of a convex floor: upper left, upper right, lower right, lower left",
                found=f"{self.corners_px}",
                do="give them in this order, as seen in the picture",
            )

    @property
    def homography(self) -> NDArray[np.float64]:
        """The (3, 3) matrix from px to cm."""
        floor = [(0.0, 0.0), (self.width_cm, 0.0), (self.width_cm, self.height_cm), (0.0, self.height_cm)]
        rows = []
        for (x, y), (u, v) in zip(self.corners_px, floor, strict=True):
            rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, -u])
            rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, -v])
        null_space = np.linalg.svd(np.array(rows, dtype=np.float64))[2][-1]
        return np.asarray(null_space, dtype=np.float64).reshape(3, 3)

    def to_cm(self, points_px: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map (n, 2) px to (n, 2) cm on the floor; NaN stays NaN."""
        return _project(self.homography, points_px)

    def to_px(self, points_cm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Map (n, 2) cm on the floor to (n, 2) px; NaN stays NaN."""
        return _project(np.asarray(np.linalg.inv(self.homography), dtype=np.float64), points_cm)


def _project(matrix: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    homogeneous = np.column_stack([points, np.ones(len(points))]) @ matrix.T
    return np.asarray(homogeneous[:, :2] / homogeneous[:, 2:3], dtype=np.float64)
