"""Cells are half-open; jitter at a line is no crossing."""

import numpy as np

from littermate.assays.grid import Grid

GRID = Grid(cells=6, width_cm=48, height_cm=48)


def test_a_line_belongs_to_the_cell_after_it() -> None:
    assert GRID.cell_of(np.array([[7.999, 16.0], [8.0, 15.999]])).tolist() == [[0, 2], [1, 1]]


def test_a_point_beside_the_floor_belongs_to_the_nearest_cell() -> None:
    assert GRID.cell_of(np.array([[-3.0, 50.0]])).tolist() == [[0, 5]]


def test_jitter_at_a_line_is_held() -> None:
    x = np.array([7.0, 8.4, 7.6, 8.4, 8.6, 7.6, 7.4])
    held = GRID.held_cells(np.column_stack([x, np.full(7, 4.0)]), 0.5)
    assert held[:, 0].tolist() == [0, 0, 0, 0, 1, 1, 0]


def test_the_wall_is_no_line() -> None:
    x = np.array([1.0, -2.0, 1.0])
    assert not GRID.held_cells(np.column_stack([x, x]), 0.5).any()
