"""Factorial analysis of variance of independent units: types I, II and III, any factors, levels and cell sizes.

`fit` answers a `Plan`: its factors crossed in full, its blocks and covariates added. `fit_formula` answers a formula;
there, factors that are only added beside crossed ones are blocks. `anova_table` is the bare table. The reference of
every factor is the first of its levels. A model that the data cannot answer is refused in words: an empty cell, one
unit a cell, repeated units, an outcome that does not vary.

The mathematics is in `linear`.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy import special

from littermate.errors import AnalysisError, Complaint, UsageError
from littermate.model.analysis import Analysis, Effect, GroupSummary, Plan
from littermate.stats.assumptions import brown_forsythe, shapiro_wilk
from littermate.stats.columns import select_columns
from littermate.stats.contrasts import differences
from littermate.stats.effect_size import omega_squared, partial_eta_squared
from littermate.stats.fitted_model import FittedModel, fitted_model
from littermate.stats.formula import Formula, Term, parse_formula
from littermate.stats.linear import Design, Projection, build_design, project, sums_of_squares
from littermate.stats.marginal_means import all_marginal_means
from littermate.stats.table import Floats, Table

__all__ = ["AnovaTable", "anova_table", "fit", "fit_formula", "fit_model"]

Levels = Mapping[str, tuple[str, ...]]

_SMALL, _LARGE = 1e-140, 1e140


@dataclass(frozen=True, slots=True, kw_only=True)
class AnovaTable:
    """The lines of the table, and its residual line."""

    effects: tuple[Effect, ...]
    df_error: int
    ss_error: float


def fit(
    table: Table, plan: Plan, *, unit: str, reference_levels: Mapping[str, Sequence[str]] | None = None
) -> Analysis:
    """Fit a plan to a table.

    Parameters
    ----------
    table
        The outcome and the factors of each experimental unit. Units without outcome are left out and named in the
        result.
    plan
        The planned model.
    unit
        Unit of the outcome.
    reference_levels
        The levels of each factor in their order, the reference first; levels are otherwise taken as they first occur.

    Raises
    ------
    AnalysisError
        If the data cannot answer the model.
    UsageError
        If the plan asks for another type than 1, 2 or 3, or `alpha` is no probability.

    Examples
    --------
    >>> table = Table(
    ...     outcome="immobility", values=(140, 150, 145, 110, 120, 115), units=("K1", "K2", "K3", "K4", "K5", "K6"),
    ...     factors={"ketamine": ("saline",) * 3 + ("ketamine",) * 3},
    ... )
    >>> analysis = fit(table, Plan(outcome="immobility", factors=("ketamine",)), unit="s")
    >>> round(analysis.effect("ketamine").f, 6), round(analysis.differences[0].estimate, 6)
    (54.0, -30.0)
    """
    complete = table.complete()
    model = _fit(complete, plan, reference_levels or {})
    rows = _anova(model.design, model.fitted, complete, plan.type)
    found, not_estimable = differences(model)
    return Analysis(
        plan=plan,
        unit=unit,
        n=len(complete.units),
        effects=rows.effects,
        df_error=rows.df_error,
        ss_error=rows.ss_error,
        groups=tuple(_groups(complete, plan.factors, model.design.levels)),
        differences=found,
        assumptions=(
            brown_forsythe(model.fitted.residuals, _cells(complete, plan.factors), alpha=plan.alpha),
            shapiro_wilk(model.fitted.residuals, alpha=plan.alpha),
        ),
        points=tuple(_points(complete, plan.factors)),
        missing=table.missing,
        notes=_notes(table, model.design, rows, plan.factors),
        marginal_means=all_marginal_means(model),
        not_estimable=not_estimable,
    )


def fit_model(
    table: pd.DataFrame | Table,
    model: Plan | Formula | str,
    *,
    type: int = 3,  # noqa: A002
    unit_column: str | None = None,
    reference_levels: Mapping[str, Sequence[str]] | None = None,
) -> FittedModel:
    """Fit a model and return it ready for questions: marginal means, planned contrasts, comparisons.

    Parameters
    ----------
    table
        As in `fit_formula`; for a plan, a `Table`.
    model
        A plan, or a formula.
    type
        Of the sums of squares that are meant, where `model` is a formula: cells without units are refused for type 3
        only.
    unit_column, reference_levels
        As in `fit_formula`.

    Raises
    ------
    TableError, UsageError, AnalysisError
        As `fit_formula`.

    Examples
    --------
    >>> frame = pd.DataFrame({"y": [1, 2, 3, 5, 6, 7], "diet": ["control"] * 3 + ["deficient"] * 3})
    >>> round(fit_model(frame, "y ~ diet").sigma, 6)
    1.0
    """
    if isinstance(model, Plan):
        if not isinstance(table, Table):
            raise UsageError(expected="a Table for a Plan", found="a data frame", do="give a formula with it")
        return _fit(table.complete(), model, reference_levels or {})
    read = _read(table, model, unit_column, reference_levels or {})
    plan = _plan_of(read.formula, read.table, type=type, alpha=0.05)
    return _fit(read.table.complete(), plan, read.levels)


def _fit(complete: Table, plan: Plan, reference_levels: Mapping[str, Sequence[str]]) -> FittedModel:
    """Fit a plan to a table that misses nothing."""
    _require_alpha(plan.alpha)
    terms = _planned_terms(plan)
    design = _answerable_design(complete, terms, reference_levels, plan.type)
    fitted = project(design)
    _require_error(fitted, complete)
    return fitted_model(design, fitted, plan.factors, float(complete.values.mean()) + complete.shift)


def _answerable_design(
    complete: Table,
    terms: tuple[Term, ...],
    reference_levels: Mapping[str, Sequence[str]],
    type: int,  # noqa: A002
) -> Design:
    _require_names(complete, terms)
    levels = _ordered_levels(complete, terms, reference_levels)
    _require_answerable(complete, terms, levels, type)
    return build_design(complete, terms, levels)


def fit_formula(
    table: pd.DataFrame | Table,
    formula: Formula | str,
    *,
    type: int = 3,  # noqa: A002
    alpha: float = 0.05,
    unit: str = "",
    unit_column: str | None = None,
    reference_levels: Mapping[str, Sequence[str]] | None = None,
) -> Analysis:
    """Fit a formula to a data frame (from `read_table`, or any other) or to a `Table`.

    Parameters
    ----------
    table
        One row an experimental unit.
    formula
        Text or a parsed formula.
    type, alpha
        Type of the sums of squares; level of significance, kept with the plan.
    unit
        Unit of the outcome.
    unit_column
        The column that names the units; see `columns` for what is done where it is `None`.
    reference_levels
        As in `fit`.

    Raises
    ------
    TableError
        If a column is missing or has text where numbers should be.
    UsageError
        If the formula or the type cannot be meant.
    AnalysisError
        If the data cannot answer the model.

    Examples
    --------
    >>> frame = pd.DataFrame({"y": [1, 2, 3, 5, 6, 7], "diet": ["control"] * 3 + ["deficient"] * 3})
    >>> round(fit_formula(frame, "y ~ diet").effect("diet").f, 6)
    24.0
    """
    read = _read(table, formula, unit_column, reference_levels or {})
    plan = _plan_of(read.formula, read.table, type=type, alpha=alpha)
    analysis = fit(read.table, plan, unit=unit, reference_levels=read.levels)
    return replace(analysis, notes=(*read.notes, *analysis.notes))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A table and a formula that fit each other."""

    table: Table
    formula: Formula
    levels: Mapping[str, Sequence[str]]
    notes: tuple[str, ...]


def _read(
    table: pd.DataFrame | Table, formula: Formula | str, unit_column: str | None, levels: Mapping[str, Sequence[str]]
) -> _Read:
    formula = parse_formula(formula) if isinstance(formula, str) else formula
    if isinstance(table, Table):
        return _Read(table=table, formula=formula, levels=levels, notes=())
    selection = select_columns(table, formula, unit_column=unit_column)
    levels = {**selection.levels, **levels}
    return _Read(table=selection.table, formula=formula, levels=levels, notes=selection.notes)


def anova_table(
    y: Sequence[float] | Floats,
    factors: Mapping[str, Sequence[str]],
    terms: Sequence[str],
    type: int = 3,  # noqa: A002
) -> AnovaTable:
    """Return the analysis of variance table of an outcome and factors.

    Parameters
    ----------
    y
        Shape (n,).
    factors
        The n labels of each factor.
    terms
        In the order of the model, for example ``("a", "b", "a:b")``.
    type
        Type of the sums of squares: 1, 2 or 3.

    Raises
    ------
    TableError, UsageError, AnalysisError
        As `fit`.

    Examples
    --------
    >>> rows = anova_table([1, 2, 3, 5, 6, 7], {"a": "xxxyyy"}, ("a",))
    >>> round(rows.effects[0].ss, 6), rows.df_error, round(rows.ss_error, 6)
    (24.0, 4, 4.0)
    """
    table = Table(outcome="y", values=y, factors=factors, units=[str(row) for row in range(len(y))]).complete()
    design = _answerable_design(table, tuple(tuple(term.split(":")) for term in terms), {}, type)
    fitted = project(design)
    _require_error(fitted, table)
    return _anova(design, fitted, table, type)


def _anova(design: Design, fitted: Projection, table: Table, type: int) -> AnovaTable:  # noqa: A002
    found = sums_of_squares(design, type=type)
    effects = tuple(_effect(term, df, ss, fitted, len(table.units)) for term, (df, ss) in found.items())
    return AnovaTable(effects=effects, df_error=fitted.df_error, ss_error=fitted.ss_error)


def _effect(term: Term, df: int, ss: float, fitted: Projection, n: int) -> Effect:
    f = ss / df / (fitted.ss_error / fitted.df_error)
    eta, interval = partial_eta_squared(f, df, fitted.df_error, n)
    return Effect(
        term=":".join(term),
        df=df,
        df_error=fitted.df_error,
        ss=ss,
        f=f,
        p=float(special.fdtrc(df, fitted.df_error, f)),
        partial_eta_squared=eta,
        partial_eta_squared_ci90=interval,
        partial_omega_squared=omega_squared(f, df, n),
    )


def _planned_terms(plan: Plan) -> tuple[Term, ...]:
    """Return the plan's terms in R's order: blocks and covariates, main effects, interactions."""
    if plan.terms:
        return tuple(tuple(term.split(":")) for term in plan.terms)
    added = [(name,) for name in (*plan.blocks, *plan.covariates)]
    sizes = range(1, len(plan.factors) + 1)
    return (*added, *itertools.chain.from_iterable(itertools.combinations(plan.factors, size) for size in sizes))


def _plan_of(formula: Formula, table: Table, *, type: int, alpha: float) -> Plan:  # noqa: A002
    """Return the plan that a formula is; `terms` only where the plan's own words do not give the same model."""
    names = [name for name in formula.columns if name not in table.covariates]
    factors = tuple(name for name in names if name in formula.crossed) or tuple(names)
    if not factors:
        raise UsageError(
            expected="a formula with a factor",
            found=f"only covariates: {', '.join(formula.columns)}",
            do="name a column of groups, or mark one: factor(dose)",
        )
    plan = Plan(
        outcome=formula.outcome,
        factors=factors,
        blocks=tuple(name for name in names if name not in factors),
        type=type,
        alpha=alpha,
        covariates=tuple(name for name in formula.columns if name in table.covariates),
    )
    if _planned_terms(plan) == formula.terms:
        return plan
    return replace(plan, terms=tuple(":".join(term) for term in formula.terms))


def _ordered_levels(table: Table, terms: Iterable[Term], given: Mapping[str, Sequence[str]]) -> Levels:
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


def _require_alpha(alpha: float) -> None:
    if not 0 < alpha < 1:
        raise UsageError(expected="an alpha between 0 and 1", found=f"{alpha}", do="0.05 is usual")


def _require_names(table: Table, terms: Iterable[Term]) -> None:
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


def _require_answerable(table: Table, terms: Sequence[Term], levels: Levels, type: int) -> None:  # noqa: A002
    complaints = [
        *_repeated_units(table),
        *_flat_outcome(table),
        *_single_levels(levels),
        *(_no_unit_with(cell) for cell in _empty_cells(table.factors, terms, levels) if type == 3 or len(cell) == 1),
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
            do="average the repeated measurements of a unit first, or state the unit (unit_column) to have them averaged:"
            " replicates are not animals",
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
    elif not _SMALL < float(np.ptp(table.values)) <= 2 * float(np.abs(table.values).max()) < _LARGE:
        yield Complaint(
            expected=f"values of {table.outcome} whose squares are within a computer's range",
            found=f"sizes of {np.abs(table.values).max():.0e}, {np.ptp(table.values):.0e} apart",
            do="give them in another unit",
        )


def _single_levels(levels: Levels) -> Iterator[Complaint]:
    for name, labels in levels.items():
        if len(labels) < 2:
            yield Complaint(
                expected=f"two or more levels of {name}",
                found=", ".join(labels) or "none",
                do="check the column, or leave the factor out",
            )


def _empty_cells(
    labels: Mapping[str, Sequence[str]], terms: Iterable[Term], levels: Levels
) -> Iterator[tuple[tuple[str, str], ...]]:
    """Yield each combination of levels, of the largest terms only, that no unit has."""
    factorial = [term for term in terms if set(term) <= set(levels)]
    for term in factorial:
        if any(set(term) < set(other) for other in factorial):
            continue
        have = set(zip(*(labels[name] for name in term), strict=True))
        for cell in itertools.product(*(levels[name] for name in term)):
            if cell not in have:
                yield tuple(zip(term, cell, strict=True))


def _cells_of_one(labels: Mapping[str, Sequence[str]], factors: Sequence[str]) -> list[tuple[tuple[str, str], ...]]:
    """Return the combinations of levels of some factors that one unit has alone."""
    cells = Counter(zip(*(labels[name] for name in factors), strict=True))
    return [tuple(zip(factors, cell, strict=True)) for cell, count in cells.items() if count == 1]


def _in_words(cell: Iterable[tuple[str, str]]) -> str:
    return ", ".join(f"{name} = {label}" for name, label in cell)


def _no_unit_with(cell: tuple[tuple[str, str], ...]) -> Complaint:
    smaller = "leave the level out, or add units"
    if len(cell) > 1:
        smaller = (
            "add units, fit a model without this interaction, or ask for type 2 sums of squares; in type 3 every"
            " effect would depend on a mean that nobody measured"
        )
    return Complaint(expected="units in every cell", found=f"no unit with {_in_words(cell)}", do=smaller)


def _require_error(fitted: Projection, table: Table) -> None:
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


def _cells(table: Table, factors: Sequence[str]) -> list[tuple[tuple[str, str], ...]]:
    """Return each unit's (factor, level) pairs."""
    labels = zip(*(table.factors[name] for name in factors), strict=True)
    return [tuple(zip(factors, cell, strict=True)) for cell in labels]


def _groups(table: Table, factors: Sequence[str], levels: Levels) -> Iterator[GroupSummary]:
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


def _points(table: Table, factors: Sequence[str]) -> Iterator[tuple[str, tuple[tuple[str, str], ...], float]]:
    for unit, cell, value in zip(table.units, _cells(table, factors), table.values, strict=True):
        yield unit, cell, float(value) + table.shift


def _notes(table: Table, design: Design, rows: AnovaTable, factors: Sequence[str]) -> tuple[str, ...]:
    notes = []
    if table.missing:
        notes.append(f"Left out because a value is missing: {', '.join(table.missing)}.")
    labels = {name: [design.levels[name][code] for code in codes] for name, codes in design.codes.items()}
    single = [_in_words(cell) for cell in _cells_of_one(labels, factors)]
    if single:
        notes.append(f"One unit only with {'; and with '.join(single)}: its spread is taken to be that of the others.")
    empty = [_in_words(cell) for cell in _empty_cells(labels, design.columns, design.levels)]
    if empty:
        notes.append(f"No unit with {'; nor with '.join(empty)}: what depends on it is not estimable.")
    kept = {effect.term: effect.df for effect in rows.effects}
    full = {":".join(term): columns.shape[1] for term, columns in design.columns.items()}
    fewer = [f"{term} ({kept[term]} of {df})" for term, df in full.items() if 0 < kept.get(term, 0) < df]
    if fewer:
        notes.append(f"Degrees of freedom that the other terms leave: {', '.join(fewer)}.")
    dropped = [term for term in full if term not in kept]
    if dropped:
        notes.append(f"Left out because the other terms leave nothing of it: {', '.join(dropped)}.")
    return tuple(notes)
