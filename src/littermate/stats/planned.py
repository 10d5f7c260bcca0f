"""The model of a plan with its table: where every analysis that is set beside the planned one begins."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from littermate.errors import AnalysisError
from littermate.model.analysis import Plan
from littermate.stats.factorial import fit_model
from littermate.stats.fitted_model import FittedModel
from littermate.stats.formula import Term
from littermate.stats.linear import Design, Projection
from littermate.stats.table import Floats, Table

__all__ = ["PlannedModel", "cells_of", "crossed_terms", "planned_model", "require_columns"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlannedModel:
    """A plan fitted to the rows of a table that miss nothing.

    Parameters
    ----------
    plan
        What was planned.
    table
        The complete rows.
    model
        The plan fitted to them.
    """

    plan: Plan
    table: Table
    model: FittedModel

    @property
    def design(self) -> Design:
        """The columns of the model."""
        return self.model.design

    @property
    def fitted(self) -> Projection:
        """What the model leaves."""
        return self.model.fitted

    @property
    def levels(self) -> Mapping[str, tuple[str, ...]]:
        """Each factor's levels, the reference first."""
        return self.design.levels

    @property
    def basis(self) -> Floats:
        """Orthonormal directions of all columns, shape (n, parameters)."""
        u, size, _ = np.linalg.svd(self.design.matrix(), full_matrices=False)
        found: Floats = u[:, size > size[0] * 1e-10]
        return found

    @property
    def cells(self) -> list[tuple[str, ...]]:
        """Each unit's levels of the plan's factors."""
        return cells_of(self.table, self.plan.factors)


def planned_model(
    table: Table, plan: Plan, reference_levels: Mapping[str, Sequence[str]] | None = None
) -> PlannedModel:
    """Fit the model of a plan.

    Raises
    ------
    AnalysisError
        If the data cannot answer the model.
    UsageError
        If `alpha` is no probability.

    Examples
    --------
    >>> table = Table(outcome="y", values=(1, 2, 3, 5, 6, 7), factors={"a": "xxxyyy"}, units="123456")
    >>> model = planned_model(table, Plan(outcome="y", factors=("a",)))
    >>> model.fitted.df_error, round(model.fitted.ss_error, 9)
    (4, 4.0)
    """
    complete = table.complete()
    model = fit_model(complete, plan, reference_levels=reference_levels)
    return PlannedModel(plan=plan, table=complete, model=model)


def cells_of(table: Table, factors: Sequence[str]) -> list[tuple[str, ...]]:
    """Return each unit's levels of some factors.

    Raises
    ------
    AnalysisError
        If the table lacks one of them.
    """
    require_columns(factors, table.factors)
    return [tuple(table.factors[name][row] for name in factors) for row in range(len(table.units))]


def require_columns(wanted: Iterable[str], have: Iterable[str]) -> None:
    """Refuse names that are not there.

    Raises
    ------
    AnalysisError
        Naming them.
    """
    have = list(have)
    lacking = [name for name in wanted if name not in have]
    if lacking:
        raise AnalysisError(
            expected=f"one of {', '.join(have) or 'no columns'}",
            found=", ".join(lacking),
            do="correct the name or add the column",
        )


def crossed_terms(factors: Sequence[str]) -> tuple[Term, ...]:
    """Return the main effects of some factors and all their interactions.

    Examples
    --------
    >>> crossed_terms(("a", "b"))
    (('a',), ('b',), ('a', 'b'))
    """
    sizes = range(1, len(factors) + 1)
    return tuple(itertools.chain.from_iterable(itertools.combinations(factors, size) for size in sizes))
