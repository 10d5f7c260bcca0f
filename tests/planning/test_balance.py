"""The balance table describes each group before treatment."""

import pytest

from littermate.model.allocation import Allocation, Assignment
from littermate.model.animal import Animal
from littermate.planning.balance import balance_table


def test_each_group_has_its_line() -> None:
    animals = [
        Animal(id="1", sex="m", weight_g=30.0),
        Animal(id="2", sex="f", weight_g=34.0),
        Animal(id="3", sex="m"),
    ]
    cells = {"1": ("a",), "2": ("a",), "3": ("b",)}
    key = Allocation(
        factors=("drug",),
        assignments=tuple(Assignment(animal=animal, cell=cell) for animal, cell in cells.items()),
        balanced=(),
        seed=1,
        scheme="",
    )
    first, second = balance_table(animals, key)
    assert (first.n, first.weight_mean_g, first.sexes) == (2, 32.0, (("f", 1), ("m", 1)))
    assert first.weight_sd_g == pytest.approx(8**0.5)
    assert (second.n, second.weighed, second.weight_mean_g, second.weight_sd_g) == (1, 0, None, None)
