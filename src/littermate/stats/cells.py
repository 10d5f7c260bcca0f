"""Cells of a design: who stands in which, and what they gave."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from littermate.model.group import GroupSummary, Point
from littermate.model.plan import Plan
from littermate.stats.answerable import Levels
from littermate.stats.table import Table

__all__ = ["cells_of", "group_summaries", "pairs_of", "unit_points"]


def group_summaries(table: Table, factors: Sequence[str], levels: Levels) -> Iterator[GroupSummary]:
    """Yield the summary of every cell that has a row, in the order of the levels."""
    cells = pairs_of(table, factors)
    for cell in itertools.product(*(levels[name] for name in factors)):
        pairs = tuple(zip(factors, cell, strict=True))
        values = table.values[[row for row, own in enumerate(cells) if own == pairs]]
        if len(values):
            sd = float(values.std(ddof=1)) if len(values) > 1 else None
            yield GroupSummary(
                levels=pairs,
                n=len(values),
                mean=float(values.mean()) + table.shift,
                sd=sd,
                sem=None if sd is None else sd / len(values) ** 0.5,
            )


def unit_points(table: Table, plan: Plan) -> Iterator[Point]:
    """Yield every row with all that the plan's model is given of it."""
    cells, blocks = pairs_of(table, plan.factors), pairs_of(table, plan.blocks)
    for row, unit in enumerate(table.units):
        yield Point(
            unit=unit,
            value=float(table.values[row]) + table.shift,
            levels=cells[row],
            blocks=blocks[row],
            covariates=tuple((name, float(table.covariates[name][row])) for name in plan.covariates),
        )


def pairs_of(table: Table, factors: Sequence[str]) -> list[tuple[tuple[str, str], ...]]:
    """Return each row's (factor, level) pairs."""
    return [tuple((name, table.factors[name][row]) for name in factors) for row in range(len(table.units))]


def cells_of(table: Table, factors: Sequence[str]) -> list[tuple[str, ...]]:
    """Return each row's levels of some factors."""
    return [tuple(table.factors[name][row] for name in factors) for row in range(len(table.units))]
