"""Whether data can answer a model of factors: each check complains in words, and all complaints are raised at once."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np

from littermate.errors import AnalysisError, Complaint, UsageError
from littermate.model.plan import Plan
from littermate.stats.formula import Term
from littermate.stats.linear import Projection
from littermate.stats.table import Table

__all__ = [
    "Cell",
    "Levels",
    "cell_words",
    "empty_cells",
    "flat_outcome",
    "ordered_levels",
    "planned_terms",
    "repeated_units",
    "require_alpha",
    "require_error",
    "require_names",
    "single_levels",
    "some_of",
    "unanswered_cells",
]

Levels = Mapping[str, tuple[str, ...]]
Cell = tuple[tuple[str, str], ...]

_SMALL, _LARGE = 1e-140, 1e140
_NAMED = 5


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


def require_alpha(alpha: float) -> None:
    """Refuse an alpha that is no probability."""
    if not 0 < alpha < 1:
        raise UsageError(expected="an alpha between 0 and 1", found=f"{alpha}", do="0.05 is usual")


def require_names(table: Table, terms: Iterable[Term]) -> None:
    """Refuse terms with names the table has not."""
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


def some_of(names: Sequence[str]) -> str:
    """Name the first few of many.

    Examples
    --------
    >>> some_of(["K1", "K2"]), some_of(list("abcdefg"))
    ('K1, K2', 'a, b, c, d, e and 2 more')
    """
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return ", ".join(names[:_NAMED]) + more


def repeated_units(table: Table) -> list[str]:
    """Return the units that have more than one row."""
    return [unit for unit, count in Counter(table.units).items() if count > 1]


def flat_outcome(table: Table) -> Iterator[Complaint]:
    """Complain of an outcome that does not vary, or has no value."""
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
    elif not _SMALL < float(np.ptp(table.values)) <= 2 * float(np.abs(table.values).max()) < _LARGE:
        yield Complaint(
            expected=f"values of {table.outcome} whose squares are within a computer's range",
            found=f"sizes of {np.abs(table.values).max():.0e}, {np.ptp(table.values):.0e} apart",
            do="give them in another unit",
        )


def single_levels(levels: Levels) -> Iterator[Complaint]:
    """Complain of factors with one level."""
    for name, labels in levels.items():
        if len(labels) < 2:
            yield Complaint(
                expected=f"two or more levels of {name}",
                found=", ".join(labels) or "none",
                do="check the column, or leave the factor out",
            )


def empty_cells(labels: Mapping[str, Sequence[str]], terms: Iterable[Term], levels: Levels) -> Iterator[Cell]:
    """Yield each combination of levels, of the largest terms only, that no unit has."""
    factorial = [term for term in terms if set(term) <= set(levels)]
    for term in factorial:
        if any(set(term) < set(other) for other in factorial):
            continue
        have = set(zip(*(labels[name] for name in term), strict=True))
        for cell in itertools.product(*(levels[name] for name in term)):
            if cell not in have:
                yield tuple(zip(term, cell, strict=True))


def cell_words(cell: Cell) -> str:
    """Return a cell in words.

    Examples
    --------
    >>> cell_words((("diet", "deficient"), ("ketamine", "saline")))
    'diet = deficient, ketamine = saline'
    """
    return ", ".join(f"{name} = {label}" for name, label in cell)


def unanswered_cells(table: Table, terms: Iterable[Term], levels: Levels, type: int) -> Iterator[Complaint]:  # noqa: A002
    """Complain of every empty cell that sums of squares of a type need: of all in type III, else of empty levels."""
    for cell in empty_cells(table.factors, terms, levels):
        if type == 3 or len(cell) == 1:
            do = "leave the level out, or add units"
            if len(cell) > 1:
                do = (
                    "add units, fit a model without this interaction, or ask for type 2 sums of squares; in type 3"
                    " every effect would depend on a mean that nobody measured"
                )
            yield Complaint(expected="units in every cell", found=f"no unit with {cell_words(cell)}", do=do)


def require_error(fitted: Projection, table: Table) -> None:
    """Refuse a model that leaves no error to judge it by."""
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
            do="check that the outcome is measured, and not the name of a group or worked out from a covariate",
        )
