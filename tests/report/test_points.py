"""Points stand beside each other, not on each other."""

import numpy as np
import pytest

from littermate.report.points import dot_diameter, spread, swarm


def test_swarm_spreads_equal_values_to_both_sides():
    assert swarm([2.0, 2.0, 2.0], radius=0.1, step=0.1) == [0.0, 0.1, -0.1]
    assert swarm([0.0, 1.0, 2.0], radius=0.1) == [0.0, 0.0, 0.0]


def test_a_point_half_a_diameter_higher_stands_just_beside():
    assert swarm([0.0, 1.0], radius=1.0, step=2.0, widest=3.0) == pytest.approx([0.0, 3**0.5])


def test_sixty_points_have_room():
    heights = np.random.default_rng(3).normal(20, 6, 60)
    diameter = dot_diameter([heights], 9.0)
    places = np.column_stack([spread(heights, 9.0, diameter), heights])
    apart = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
    assert apart[~np.eye(60, dtype=bool)].min() >= diameter - 1e-6
    assert np.abs(places[:, 0]).max() + diameter / 2 <= 4.5
    assert diameter >= 0.75
