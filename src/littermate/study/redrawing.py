"""Redrawing: the allocations that a study could have had, for the units of one planned table.

They come from the scheme that was actually used, on the animals as they were that day; an animal that was excluded or
has no value keeps its place in every draw, and is only left out of the test. Where a factor was given to whole cages,
the cages are re-drawn for it and the animals for the others.
"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from littermate.model.allocation import Allocation
from littermate.model.design import Design
from littermate.model.plan import Plan
from littermate.planning.redraw import MOST, all_allocations, how_many, redraw
from littermate.stats.allocations import Allocations
from littermate.stats.table import Table
from littermate.study.record import StudyRecord

__all__ = ["COUNT", "SEED", "redrawn"]

COUNT = 10_000
SEED = 1
"""Of the re-drawing; not the allocation's, which is a secret until it is opened."""


def redrawn(study: StudyRecord, plan: Plan, table: Table) -> tuple[Allocations, ...]:
    """Draw the groups of a table's units again, as they were drawn.

    Raises
    ------
    StageError
        If the study is still blind.
    DataError
        If the key is from before it kept what it was drawn from, and the animals' table no longer fits the design.
    """
    key = study.allocation
    design, animals = key.design or study.protocol.design, key.animals or study.animals
    total = how_many(animals, design)
    every = total is not None and total <= MOST
    rows = all_allocations(animals, design) if every else redraw(animals, design, count=COUNT, seed=SEED)
    place = {animal.id: column for column, animal in enumerate(animals)}
    ids = {tag.code: tag.animal for tag in study.tags}
    cells = _as_the_plan_numbers_them(rows[:, [place[ids[code]] for code in table.units]], design, plan)
    layers = _layers(design, plan)
    return tuple(
        Allocations(cells=cells, scheme=_words(key, total), seed=None if every else SEED, exhaustive=every, factors=one)
        for one in layers
    )


def _as_the_plan_numbers_them(rows: NDArray[np.int_], design: Design, plan: Plan) -> NDArray[np.int_]:
    """Turn places in ``design.cells`` into places among the cells of the plan's factors."""
    levels = [design.factor(name).levels for name in plan.factors]
    numbers = {cell: number for number, cell in enumerate(itertools.product(*levels))}
    order = [[factor.name for factor in design.factors].index(name) for name in plan.factors]
    table = np.array([numbers[tuple(cell[at] for at in order)] for cell in design.cells])
    return np.asarray(table[rows])


def _layers(design: Design, plan: Plan) -> list[tuple[str, ...]]:
    """Return the factors that are re-drawn together: those of the cages, those of the animals."""
    of_cages = {factor.name for factor in design.given_to_cages}
    split = [tuple(name for name in plan.factors if (name in of_cages) == caged) for caged in (True, False)]
    return [names for names in split if names] if all(split) else [()]


def _words(key: Allocation, total: int | None) -> str:
    drawn = key.scheme.partition("; random order")[0]
    return f"{drawn}; {total:,} equally likely allocations" if total is not None else drawn
