"""Cells of a design: who stands in which, and what they gave."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence

from littermate.model.analysis import GroupSummary
from littermate.stats.answerable import Levels
from littermate.stats.table import Table

__all__ = ["group_summaries", "unit_points"]


def group_summaries(table: Table, factors: Sequence[str], levels: Levels) -> Iterator[GroupSummary]:
    """Yield the summary of every cell that has a row, in the order of the levels."""
    cells = _cells(table, factors)
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


def unit_points(table: Table, factors: Sequence[str]) -> Iterator[tuple[str, tuple[tuple[str, str], ...], float]]:
    """Yield each row's unit, levels and value."""
    for unit, cell, value in zip(table.units, _cells(table, factors), table.values, strict=True):
        yield unit, cell, float(value) + table.shift


def _cells(table: Table, factors: Sequence[str]) -> list[tuple[tuple[str, str], ...]]:
    """Return each unit's (factor, level) pairs."""
    labels = zip(*(table.factors[name] for name in factors), strict=True)
    return [tuple(zip(factors, cell, strict=True)) for cell in labels]
