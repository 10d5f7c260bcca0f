"""Crossed cells: the values of each cell of a factorial design, and each effect as a hypothesis on the cells' means.

A term's hypothesis is a projection of the cells' means: the centring matrix for the factors in the term, the average
for the others (Kronecker product), so that cells count alike whatever their sizes.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from littermate.errors import AnalysisError
from littermate.model.plan import Plan
from littermate.stats.answerable import planned_terms
from littermate.stats.formula import Term
from littermate.stats.linear import sum_to_zero
from littermate.stats.planned import PlannedModel
from littermate.stats.table import Floats

__all__ = ["CrossedCells", "crossed_cells"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CrossedCells:
    """A factorial design by its cells, the last factor's levels running fastest.

    Parameters
    ----------
    factors, counts
        The factors' names and their numbers of levels.
    labels
        Each cell's levels.
    rows
        Each cell's rows of the table.
    values
        Every unit's value, shape (n,).
    """

    factors: tuple[str, ...]
    counts: tuple[int, ...]
    labels: tuple[tuple[str, ...], ...]
    rows: tuple[np.ndarray, ...]
    values: Floats

    @property
    def terms(self) -> tuple[Term, ...]:
        """All effects: main effects, then interactions."""
        return planned_terms(Plan(outcome="", factors=self.factors))

    @property
    def cells(self) -> list[Floats]:
        """The values of each cell."""
        return [self.values[rows] for rows in self.rows]

    def projection(self, term: Term) -> Floats:
        """Return the projection whose image of the cells' means is 0 where the effect is, shape (cells, cells)."""

        def piece(name: str, count: int) -> Floats:
            average = np.full((count, count), 1 / count)
            return np.eye(count) - average if name in term else average

        return self._product(piece)

    def contrasts(self, term: Term) -> Floats:
        """Return independent contrasts of the same hypothesis, shape (df, cells)."""

        def piece(name: str, count: int) -> Floats:
            return sum_to_zero(count).T if name in term else np.full((1, count), 1 / count)

        return self._product(piece)

    def _product(self, piece: Callable[[str, int], Floats]) -> Floats:
        pieces = [piece(name, count) for name, count in zip(self.factors, self.counts, strict=True)]
        found: Floats = np.ones((1, 1))
        for one in pieces:
            found = np.asarray(np.kron(found, one), dtype=np.float64)
        return found


def crossed_cells(model: PlannedModel, *, what: str) -> CrossedCells:
    """Return the cells of a plan that is crossed factors and nothing else.

    Parameters
    ----------
    what
        The method that asks, for its complaint.

    Raises
    ------
    AnalysisError
        If the plan has blocks or covariates or is not crossed in full, a cell has fewer than two units, or no cell
        varies.
    """
    plan = model.plan
    others = (*plan.blocks, *plan.covariates)
    if others or tuple(model.design.columns) != planned_terms(Plan(outcome="", factors=plan.factors)):
        raise AnalysisError(
            expected=f"crossed factors only for {what}",
            found=f"{plan.formula}",
            do="use HC3, or state the crossed factors alone",
        )
    labels = tuple(itertools.product(*(model.levels[name] for name in plan.factors)))
    own = model.cells
    rows = tuple(np.array([row for row, cell in enumerate(own) if cell == label]) for label in labels)
    small = [", ".join(label) for label, at in zip(labels, rows, strict=True) if len(at) < 2]
    if small:
        raise AnalysisError(
            expected=f"two or more units in every cell for {what}",
            found=f"one: {'; '.join(small)}",
            do="its variance is not known; measure more, or keep to the planned analysis",
        )
    counts = tuple(len(model.levels[name]) for name in plan.factors)
    return CrossedCells(factors=plan.factors, counts=counts, labels=labels, rows=rows, values=model.table.values)
