"""Every point of the floor lies in exactly one zone of every scheme."""

import numpy as np
import pytest

from littermate.assays.zones import Partition, wall_distance
from littermate.errors import UsageError

FLOOR = {"width_cm": 48.0, "height_cm": 48.0}
PARTITIONS = {
    "rings": Partition.rings(cells=6, **FLOOR),
    "wall": Partition.near_wall(wall_cm=10, **FLOOR),
    "square": Partition.scaled_square(centre_scale=0.5, **FLOOR),
    "equal": Partition.equal_area(**FLOOR),
    "named": Partition.named((("corner", ((0, 0), (12, 0), (12, 12), (0, 12))),), **FLOOR),
}


@pytest.mark.parametrize("name", PARTITIONS)
def test_areas_are_those_of_points_spread_over_the_floor(name: str) -> None:
    partition = PARTITIONS[name]
    side = (np.arange(480) + 0.5) / 10
    points = np.column_stack([a.ravel() for a in np.meshgrid(side, side)])
    zone = partition.zone_of(points)
    percent = 100 * np.bincount(zone, minlength=len(partition.names)) / len(zone)
    assert percent == pytest.approx(partition.area_percent, abs=0.5)
    assert sum(partition.area_percent) == pytest.approx(100)


def test_rings_of_six_by_six_are_20_12_and_4_cells() -> None:
    assert PARTITIONS["rings"].area_percent == pytest.approx((100 * 20 / 36, 100 * 12 / 36, 100 * 4 / 36))


@pytest.mark.parametrize(("cells", "names"), [(3, 2), (4, 2), (5, 3), (6, 3), (8, 3)])
def test_rings_of_other_grids(cells: int, names: int) -> None:
    assert len(Partition.rings(cells=cells, **FLOOR).names) == names


def test_rings_are_half_open_as_the_cells_are() -> None:
    points = np.array([[8.0, 24.0], [40.0, 24.0], [39.999, 24.0], [32.0, 24.0]])
    assert PARTITIONS["rings"].zone_of(points).tolist() == [1, 0, 1, 1]


def test_how_far_outside_a_zone() -> None:
    outside = PARTITIONS["rings"].outside_cm(np.array([[7.0, 24.0]]))
    assert outside[:, 0] == pytest.approx([0, 1, 9])


def test_two_polygons_with_one_name_are_refused() -> None:
    square = ((0.0, 0.0), (12.0, 0.0), (12.0, 12.0))
    with pytest.raises(UsageError, match="different names"):
        Partition.named((("a", square), ("a", square)), **FLOOR)


def test_a_point_beside_the_floor_touches_the_wall() -> None:
    assert wall_distance(np.array([[-2.0, 5.0]]), width_cm=48, height_cm=48).tolist() == [0.0]
