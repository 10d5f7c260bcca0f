"""The model of a plan: its terms, its design and its fit, refused in words where the data cannot answer it.

Every analysis of a plan begins here: the planned one and those that are set beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from littermate.errors import AnalysisError, Complaint
from littermate.model.plan import Plan
from littermate.stats.answerable import (
    Levels,
    flat_outcome,
    ordered_levels,
    planned_terms,
    repeated_units,
    require_alpha,
    require_error,
    require_names,
    single_levels,
    some_of,
    unanswered_cells,
)
from littermate.stats.cells import cells_of
from littermate.stats.formula import Term
from littermate.stats.linear import Design, Projection, build_design, project
from littermate.stats.table import Floats, Table

__all__ = ["PlannedModel", "planned_model", "require_answerable"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlannedModel:
    """A plan fitted to the rows of a table that miss nothing.

    Parameters
    ----------
    plan
        What was planned.
    table
        The complete rows.
    levels
        Each factor's levels, the reference first.
    design, fitted
        The columns of the model, and what it leaves.
    missing
        Units that are left out because a value of theirs is missing.
    """

    plan: Plan
    table: Table
    levels: Levels
    design: Design
    fitted: Projection
    missing: tuple[str, ...] = ()

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
    terms = planned_terms(plan)
    require_alpha(plan.alpha)
    require_names(table, terms)
    complete = table.complete()
    levels = ordered_levels(complete, terms, reference_levels or {})
    require_answerable(complete, terms, levels, plan.type)
    design = build_design(complete, terms, levels)
    fitted = project(design)
    require_error(fitted, complete)
    return PlannedModel(plan=plan, table=complete, levels=levels, design=design, fitted=fitted, missing=table.missing)


def require_answerable(table: Table, terms: Sequence[Term], levels: Levels, type: int) -> None:  # noqa: A002
    """Refuse repeated units, an outcome that does not vary, a factor of one level, an empty cell."""
    complaints = [
        *_repeated_units(table),
        *flat_outcome(table),
        *single_levels(levels),
        *unanswered_cells(table, terms, levels, type),
    ]
    if complaints:
        raise AnalysisError.of(complaints)


def _repeated_units(table: Table) -> Iterator[Complaint]:
    if repeated := repeated_units(table):
        yield Complaint(
            expected=f"one value of {table.outcome} for each experimental unit",
            found=f"two or more for {some_of(repeated)}",
            do="average the repeated measurements of a unit first, or state the unit (--unit) to have them averaged:"
            " replicates are not animals",
        )
