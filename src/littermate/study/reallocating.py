"""Reallocating: the allocations that a study's own scheme could have made, as a randomisation test reads them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from littermate.errors import AnalysisError
from littermate.model.allocation import Allocation
from littermate.model.animal import Animal
from littermate.model.design import Design
from littermate.model.plan import Plan
from littermate.planning.redraw import MOST, all_allocations, how_many, redraw
from littermate.stats.allocations import Allocations, Whole

__all__ = ["scheme_allocations"]


def scheme_allocations(
    allocation: Allocation, plan: Plan, analysed: Sequence[str], *, seed: int, count: int = 10_000
) -> tuple[Allocations, ...]:
    """Draw the groups again by the scheme by which they were drawn, or list all that it can make.

    Parameters
    ----------
    allocation
        The opened key.
    plan
        Its factors, or some of them.
    analysed
        Id of each animal in the table, in its order; the others are allocated too, and left out.
    seed, count
        As `redraw`; not the allocation's seed.

    Returns
    -------
    tuple of Allocations
        One; where whole cages get a factor, one for the factors of cages and one for those of animals.

    Raises
    ------
    AnalysisError
        If the key was made before keys kept their design.
    """
    design = allocation.design
    if design is None:
        raise AnalysisError(
            expected="a key that keeps the design and the animals it was drawn from",
            found="one of an earlier version",
            do="read the other tests: the groups cannot be drawn again by a rule that was not kept",
        )
    rows, exhaustive = _drawn(allocation.animals, design, count, seed)
    place = {animal.id: column for column, animal in enumerate(allocation.animals)}
    cells = _of_the_plan(design, plan)[rows[:, [place[animal] for animal in analysed]]]
    drawn_alone = [tuple(name for name in plan.factors if design.unit_of(name) == unit) for unit in ("cage", "animal")]
    layers = drawn_alone if all(drawn_alone) else [()]
    return tuple(
        Allocations(
            cells=cells,
            scheme=allocation.scheme,
            seed=None if exhaustive else seed,
            exhaustive=exhaustive,
            factors=factors,
        )
        for factors in layers
    )


@lru_cache(maxsize=1)
def _drawn(animals: tuple[Animal, ...], design: Design, count: int, seed: int) -> tuple[Whole, bool]:
    """Return the allocations, and whether they are all; drawn once for all outcomes of a study."""
    number = how_many(animals, design)
    if number is not None and number <= MOST:
        return all_allocations(animals, design), True
    return redraw(animals, design, count=count, seed=seed), False


def _of_the_plan(design: Design, plan: Plan) -> Whole:
    """Return each cell of the design as a number in the product of the plan's factors."""
    numbers: Whole = np.zeros(len(design.cells), dtype=int)
    names = [factor.name for factor in design.factors]
    for name in plan.factors:
        levels, at = design.factor(name).levels, names.index(name)
        numbers = numbers * len(levels) + np.array([levels.index(cell[at]) for cell in design.cells])
    return numbers
