"""The model of a plan: its terms, its design and its fit, refused in words where the data cannot answer it.

Every analysis of a plan begins here: the planned one and those that are set beside it.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from littermate.errors import AnalysisError, Complaint, UsageError
from littermate.model.analysis import Plan
from littermate.stats.formula import Term
from littermate.stats.linear import Design, Projection, build_design, project
from littermate.stats.table import Table

__all__ = [
    "Levels",
    "PlannedModel",
    "cells_of",
    "ordered_levels",
    "planned_model",
    "planned_terms",
    "require_answerable",
    "require_error",
    "require_names",
]

Levels = Mapping[str, tuple[str, ...]]


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
    """

    plan: Plan
    table: Table
    levels: Levels
    design: Design
    fitted: Projection

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
    if not 0 < plan.alpha < 1:
        raise UsageError(expected="an alpha between 0 and 1", found=f"{plan.alpha}", do="0.05 is usual")
    require_names(table, terms)
    complete = table.complete()
    levels = ordered_levels(complete, terms, reference_levels or {})
    require_answerable(complete, terms, levels)
    design = build_design(complete, terms, levels)
    fitted = project(design)
    require_error(fitted, complete)
    return PlannedModel(plan=plan, table=complete, levels=levels, design=design, fitted=fitted)


def cells_of(table: Table, factors: Sequence[str]) -> list[tuple[str, ...]]:
    """Return each unit's levels of some factors."""
    return [tuple(table.factors[name][row] for name in factors) for row in range(len(table.units))]


def planned_terms(plan: Plan) -> tuple[Term, ...]:
    """Return the plan's terms in R's order: blocks and covariates, main effects, interactions."""
    if plan.terms:
        return tuple(tuple(term.split(":")) for term in plan.terms)
    added = [(name,) for name in (*plan.blocks, *plan.covariates)]
    sizes = range(1, len(plan.factors) + 1)
    return (*added, *itertools.chain.from_iterable(itertools.combinations(plan.factors, size) for size in sizes))


def ordered_levels(table: Table, terms: Iterable[Term], given: Mapping[str, Sequence[str]]) -> Levels:
    """Return the levels of every factor that the design names or the table holds, in the order given."""
    names = dict.fromkeys(name for term in terms for name in term if name not in table.covariates)
    complaints, levels = [], {}
    for name in names:
        found = tuple(dict.fromkeys(table.factors[name]))
        levels[name] = tuple(given.get(name, found))
        unknown = [label for label in found if label not in levels[name]]
        if unknown:
            expected, do = f"the levels {', '.join(levels[name])} of {name}", "correct the label or the plan"
            complaints.append(Complaint(expected=expected, found=", ".join(unknown), do=do))
    if complaints:
        raise AnalysisError.of(complaints)
    return levels


def require_names(table: Table, terms: Iterable[Term]) -> None:
    """Refuse terms whose factors or covariates the table does not have."""
    have = {**table.factors, **table.covariates}
    wanted = dict.fromkeys(name for term in terms for name in term)
    complaints = [
        Complaint(expected=f"one of {', '.join(have) or 'no factors'}", found=name, do="correct the name or add it")
        for name in wanted
        if name not in have
    ]
    if not wanted:
        complaints.append(Complaint(expected="a model with a factor", found="no terms", do="name a factor"))
    if complaints:
        raise AnalysisError.of(complaints)


def require_answerable(table: Table, terms: Sequence[Term], levels: Levels) -> None:
    """Refuse repeated units, an outcome that does not vary, a factor of one level, an empty cell."""
    complaints = [
        *_repeated_units(table),
        *_flat_outcome(table),
        *_single_levels(levels),
        *_empty_cells(table, terms, levels),
    ]
    if complaints:
        raise AnalysisError.of(complaints)


def _repeated_units(table: Table) -> Iterator[Complaint]:
    repeated = [unit for unit, count in Counter(table.units).items() if count > 1]
    if repeated:
        named = ", ".join(repeated[:5]) + (f" and {len(repeated) - 5} more" if len(repeated) > 5 else "")
        yield Complaint(
            expected=f"one value of {table.outcome} for each experimental unit",
            found=f"two or more for {named}",
            do="average the repeated measurements of a unit first: replicates are not animals",
        )


def _flat_outcome(table: Table) -> Iterator[Complaint]:
    if len(table.values) == 0:
        yield Complaint(
            expected=f"values of {table.outcome}", found="none", do=f"measure {table.outcome}, or check the column"
        )
    elif np.ptp(table.values) == 0:
        yield Complaint(
            expected=f"values of {table.outcome} that differ",
            found=f"{table.values[0] + table.shift:g} for every unit",
            do="check the measurement: there is nothing to explain",
        )


def _single_levels(levels: Levels) -> Iterator[Complaint]:
    for name, labels in levels.items():
        if len(labels) < 2:
            yield Complaint(
                expected=f"two or more levels of {name}",
                found=", ".join(labels) or "none",
                do="check the column, or leave the factor out",
            )


def _empty_cells(table: Table, terms: Sequence[Term], levels: Levels) -> Iterator[Complaint]:
    """Complain of each combination of levels, of the largest terms only, that no unit has."""
    factorial = [term for term in terms if set(term) <= set(levels)]
    for term in factorial:
        if any(set(term) < set(other) for other in factorial):
            continue
        have = set(zip(*(table.factors[name] for name in term), strict=True))
        for cell in itertools.product(*(levels[name] for name in term)):
            if cell not in have:
                named = ", ".join(f"{name} = {label}" for name, label in zip(term, cell, strict=True))
                do = "fit a model without this interaction" if len(term) > 1 else "leave the level out"
                yield Complaint(expected="units in every cell", found=f"no unit with {named}", do=f"{do}, or add units")


def require_error(fitted: Projection, table: Table) -> None:
    """Refuse a model that leaves fewer than two error degrees of freedom, or no error."""
    n = len(table.units)
    if fitted.df_error < 2:
        raise AnalysisError(
            expected="2 or more error degrees of freedom: more units than the model has parameters",
            found=f"{n} units and {n - fitted.df_error} parameters leave {fitted.df_error}",
            do="measure more than one unit a cell, or fit a smaller model",
        )
    rounding = 4 * np.finfo(float).eps * float(np.abs(table.values).max())
    if fitted.ss_error <= max(n * rounding**2, 1e-26 * float(np.var(table.values)) * n):
        raise AnalysisError(
            expected="units that vary within their groups",
            found="the model fits every unit exactly",
            do="check that the outcome is measured and not the name of a group",
        )
