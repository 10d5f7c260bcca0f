"""Zones: partitions of the floor. Every point lies in exactly one zone; rival meanings have names.

| scheme | zones |
|---|---|
| ``rings`` | rings of grid cells: outer (at the wall), middle, centre; on 6 x 6 they are 20, 12 and 4 cells |
| ``wall distance`` | outer: nearer to a wall than `wall_cm`; centre: the rest |
| ``scaled square`` | centre: the floor scaled by `centre_scale` about its middle; outer: the rest |
| ``equal area`` | three rings (outer, middle, centre) of a third of the floor each |
| ``polygons`` | polygons in cm, by name; a point in two belongs to the first; ``elsewhere`` is the rest |

A point beside the floor counts as at the nearest place on the floor.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from littermate.errors import UsageError

__all__ = ["SCHEMES", "NamedPolygons", "Partition", "wall_distance"]

SCHEMES = ("rings", "wall distance", "scaled square", "equal area", "polygons")
_ROUNDING = 1e-12
NamedPolygons = tuple[tuple[str, tuple[tuple[float, float], ...]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Partition:
    """A partition of a floor into zones, in order from the wall inwards.

    Either nested rectangles (`insets`: how far each inner rectangle's sides are from the walls, as shares of the
    floor's width and height, rising) or polygons.

    Examples
    --------
    >>> rings = Partition.rings(cells=6, width_cm=48, height_cm=48)
    >>> rings.names, [round(percent, 1) for percent in rings.area_percent]
    (('outer', 'middle', 'centre'), [55.6, 33.3, 11.1])
    >>> rings.zone_of(np.array([[1.0, 24.0], [8.0, 24.0], [24.0, 24.0]])).tolist()
    [0, 1, 2]
    """

    names: tuple[str, ...]
    width_cm: float
    height_cm: float
    insets: tuple[tuple[float, float], ...] = ()
    polygons: NamedPolygons = ()

    @classmethod
    def rings(cls, *, cells: int, width_cm: float, height_cm: float) -> Partition:
        """Rings of grid cells: the outermost, the innermost (centre) and whatever lies between (middle)."""
        if cells < 3:
            raise UsageError(
                expected="a grid of 3 x 3 or more for rings",
                found=f"{cells} x {cells}",
                do="choose another zone scheme",
            )
        innermost = (cells - 1) // 2
        if innermost == 1:
            return cls(names=("outer", "centre"), width_cm=width_cm, height_cm=height_cm, insets=((1 / cells,) * 2,))
        insets = ((1 / cells,) * 2, (innermost / cells,) * 2)
        return cls(names=("outer", "middle", "centre"), width_cm=width_cm, height_cm=height_cm, insets=insets)

    @classmethod
    def near_wall(cls, *, wall_cm: float, width_cm: float, height_cm: float) -> Partition:
        """Two zones, by the distance from the nearest wall."""
        if not 0 < wall_cm < min(width_cm, height_cm) / 2:
            raise UsageError(
                expected=f"a distance from the wall below half the floor ({min(width_cm, height_cm) / 2:g} cm)",
                found=f"{wall_cm:g} cm",
                do="choose a smaller one",
            )
        insets = ((wall_cm / width_cm, wall_cm / height_cm),)
        return cls(names=("outer", "centre"), width_cm=width_cm, height_cm=height_cm, insets=insets)

    @classmethod
    def scaled_square(cls, *, centre_scale: float, width_cm: float, height_cm: float) -> Partition:
        """Two zones: the floor scaled about its middle, and the rest."""
        if not 0 < centre_scale < 1:
            raise UsageError(
                expected="a scale between 0 and 1",
                found=f"{centre_scale:g}",
                do="give the centre's side / floor's side",
            )
        insets = (((1 - centre_scale) / 2,) * 2,)
        return cls(names=("outer", "centre"), width_cm=width_cm, height_cm=height_cm, insets=insets)

    @classmethod
    def equal_area(cls, *, width_cm: float, height_cm: float) -> Partition:
        """Three rings of a third of the floor each."""
        insets = tuple(((1 - math.sqrt(inner)) / 2,) * 2 for inner in (2 / 3, 1 / 3))
        return cls(names=("outer", "middle", "centre"), width_cm=width_cm, height_cm=height_cm, insets=insets)

    @classmethod
    def named(cls, polygons: NamedPolygons, *, width_cm: float, height_cm: float) -> Partition:
        """Polygons by name; a point in two of them belongs to the first, the rest is ``elsewhere``."""
        names = tuple(name for name, _ in polygons)
        if not names or len(set(names)) != len(names) or "elsewhere" in names:
            raise UsageError(
                expected="one or more polygons with different names, none of them 'elsewhere'",
                found=f"{names}",
                do="name every zone once",
            )
        if any(len(points) < 3 or not shapely.Polygon(points).is_valid for _, points in polygons):
            raise UsageError(
                expected="polygons of three or more corners whose sides do not cross",
                found=f"{polygons}",
                do="give the corners in order around the zone",
            )
        return cls(names=(*names, "elsewhere"), width_cm=width_cm, height_cm=height_cm, polygons=polygons)

    @property
    def area_percent(self) -> tuple[float, ...]:
        """Each zone's share of the floor: the chance level of the time in it, in percent."""
        return tuple(100 * self._region(k).area / (self.width_cm * self.height_cm) for k in range(len(self.names)))

    def zone_of(self, xy_cm: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the index of the zone in which each of (n, 2) points lies."""
        on_floor = self._clipped(xy_cm)
        if self.polygons:
            return self._polygon_of(on_floor)
        share = on_floor / [self.width_cm, self.height_cm]
        zone = np.zeros(len(xy_cm), np.int64)
        for inset in np.array(self.insets):
            zone += np.all((share >= inset - _ROUNDING) & (share < 1 - inset - _ROUNDING), axis=1)
        return zone

    def outside_cm(self, xy_cm: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the (zones, n) distances by which each point is outside each zone; 0 inside it."""
        points = shapely.points(self._clipped(xy_cm))
        return np.array([shapely.distance(self._region(k), points) for k in range(len(self.names))])

    def _clipped(self, xy_cm: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.clip(xy_cm, 0.0, [self.width_cm, self.height_cm])

    def _polygon_of(self, on_floor: NDArray[np.float64]) -> NDArray[np.int64]:
        zone = np.full(len(on_floor), len(self.polygons), np.int64)
        for index, (_, corners) in reversed(list(enumerate(self.polygons))):
            zone[shapely.intersects_xy(shapely.Polygon(corners), on_floor[:, 0], on_floor[:, 1])] = index
        return zone

    def _region(self, index: int) -> shapely.Geometry:
        floor = shapely.box(0, 0, self.width_cm, self.height_cm)
        if not self.polygons:
            region = self._rectangle(index - 1)
            return region if index == len(self.insets) else region.difference(self._rectangle(index))
        earlier = shapely.union_all([shapely.Polygon(corners) for _, corners in self.polygons[:index]])
        own = shapely.Polygon(self.polygons[index][1]) if index < len(self.polygons) else floor
        return own.intersection(floor).difference(earlier)

    def _rectangle(self, index: int) -> shapely.Geometry:
        across, down = self.insets[index] if index >= 0 else (0.0, 0.0)
        x, y = across * self.width_cm, down * self.height_cm
        return shapely.box(x, y, self.width_cm - x, self.height_cm - y)


def wall_distance(xy_cm: NDArray[np.float64], *, width_cm: float, height_cm: float) -> NDArray[np.float64]:
    """Return the distance of each of (n, 2) points to the nearest wall; 0 for a point beside the floor.

    Examples
    --------
    >>> wall_distance(np.array([[3.0, 20.0], [46.0, 24.0], [-1.0, 5.0]]), width_cm=48, height_cm=48).tolist()
    [3.0, 2.0, 0.0]
    """
    x, y = xy_cm.T
    nearest = np.minimum(np.minimum(x, width_cm - x), np.minimum(y, height_cm - y))
    return np.asarray(np.maximum(nearest, 0.0), dtype=np.float64)
