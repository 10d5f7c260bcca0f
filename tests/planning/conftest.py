"""The founding study's design and animals, and its seeded key."""

import pytest

from littermate.model.allocation import Allocation
from littermate.model.animal import Animal
from littermate.model.design import Balance, Design, Factor
from littermate.planning.allocate import allocate


@pytest.fixture
def founding() -> Design:
    return Design(
        factors=(
            Factor(name="ketamine", levels=("saline", "ketamine")),
            Factor(name="magnesium", levels=("saline", "magnesium")),
        ),
        per_group=8,
        stages=("magnesium", "ketamine"),
        balances=(
            Balance(name="injection side", levels=("left", "right")),
            Balance(name="start corner", levels=("NW", "NE", "SE", "SW")),
            Balance(name="membrane", levels=("1", "2", "3")),
        ),
    )


@pytest.fixture
def mice() -> list[Animal]:
    return [Animal(id=f"M{k:02}", sex="m", weight_g=30 + k / 10, cage=str(k % 2)) for k in range(1, 33)]


@pytest.fixture
def key(mice: list[Animal], founding: Design) -> Allocation:
    return allocate(mice, founding, seed=20260411)
