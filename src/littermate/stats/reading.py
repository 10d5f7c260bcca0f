"""Reading a model: a formula and a table become a `Plan`, the `Table` it speaks of, and the levels in their order.

In a formula, factors that are only added beside crossed ones are blocks. What was decided about the columns is said in
notes; see `columns`.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from littermate.errors import UsageError
from littermate.model.plan import Plan
from littermate.stats.answerable import planned_terms
from littermate.stats.formula import Formula, ModelFormula, parse_model
from littermate.stats.table import Table, average_units

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PlanRead", "read_plan"]

Levels = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRead:
    """A plan and the table it speaks of."""

    plan: Plan
    table: Table
    levels: Levels
    notes: tuple[str, ...] = ()


def read_plan(
    table: pd.DataFrame | Table,
    formula: ModelFormula | Formula | str,
    *,
    plan: Plan | None = None,
    unit_column: str | None = None,
    reference_levels: Levels | None = None,
) -> PlanRead:
    """Read a formula as a plan of a data frame (from `read_table`, or any other) or of a `Table`.

    Parameters
    ----------
    table
        One row a unit, or a measurement where the formula has random intercepts.
    formula
        Text or a parsed formula.
    plan
        Gives all of the plan that a formula does not say: the type of the sums of squares, alpha, the comparisons.
    unit_column
        The column that names the experimental units: replicate rows of a unit are averaged, unless the model has
        random groups. Where it is `None` it is found by its name (see `columns`), and replicate rows are refused.
    reference_levels
        The levels of each factor in their order, the reference first; levels are otherwise taken as they first occur.

    Raises
    ------
    TableError
        If a column is missing or has text where numbers should be.
    UsageError
        If the formula cannot be meant, or has no factor.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"y": [1, 2, 3, 5], "diet": list("aabb"), "cage": [1, 2, 3, 4]})
    >>> read = read_plan(frame, "y ~ diet + (1 | cage)")
    >>> read.plan.factors, read.plan.random, read.levels["diet"]
    (('diet',), ('cage',), ('a', 'b'))
    """
    model = _parsed(formula)
    levels, notes = dict(reference_levels or {}), tuple[str, ...]()
    if not isinstance(table, Table):
        from littermate.stats.columns import select_columns  # pandas starts slowly: only who gives a frame waits for it

        selection = select_columns(table, _with_groups(model), unit_column=unit_column)
        table, levels, notes = selection.table, {**selection.levels, **levels}, selection.notes
        if unit_column is not None and not model.random:
            table, averaged = average_units(table)
            notes = (*averaged, *notes)
    start = plan or Plan(outcome=model.fixed.outcome, factors=())
    return PlanRead(plan=_plan_of(model, table, start), table=table, levels=levels, notes=notes)


def _parsed(formula: ModelFormula | Formula | str) -> ModelFormula:
    if isinstance(formula, Formula):
        return ModelFormula(fixed=formula)
    return parse_model(formula) if isinstance(formula, str) else formula


def _with_groups(model: ModelFormula) -> Formula:
    """Return the formula with its random groups among the factors."""
    names = dict.fromkeys(itertools.chain.from_iterable(model.random))
    fixed = model.fixed
    return replace(
        fixed, terms=(*fixed.terms, *((name,) for name in names)), as_factor=fixed.as_factor | frozenset(names)
    )


def _plan_of(model: ModelFormula, table: Table, start: Plan) -> Plan:
    """Return the plan that a formula is; `terms` only where the plan's own words do not give the same model."""
    formula = model.fixed
    names = [name for name in formula.columns if name not in table.covariates]
    factors = tuple(name for name in names if name in formula.crossed) or tuple(names)
    if not factors:
        raise UsageError(
            expected="a formula with a factor",
            found=f"only covariates: {', '.join(formula.columns)}",
            do="name a column of groups, or mark one: factor(dose)",
        )
    plan = replace(
        start,
        outcome=formula.outcome,
        factors=factors,
        blocks=tuple(name for name in names if name not in factors),
        covariates=tuple(name for name in formula.columns if name in table.covariates),
        random=tuple(":".join(term) for term in model.random),
    )
    if planned_terms(plan) == formula.terms:
        return plan
    return replace(plan, terms=tuple(":".join(term) for term in formula.terms))
