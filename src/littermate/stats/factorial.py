"""Factorial analysis of variance of independent units: types I, II and III, any factors, levels and cell sizes.

`fit` answers a `Plan`: its factors crossed in full, its blocks and covariates added. `fit_formula` answers a formula;
there, factors that are only added beside crossed ones are blocks. `anova_table` is the bare table. The reference of
every factor is the first of its levels. A model that the data cannot answer is refused in words: an empty cell, one
unit a cell, repeated units, an outcome that does not vary.

The mathematics is in `linear`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from scipy import special

from littermate.errors import UsageError
from littermate.model.analysis import Analysis
from littermate.model.effect import Effect
from littermate.model.plan import Plan
from littermate.stats.answerable import (
    Cell,
    cell_words,
    empty_cells,
    ordered_levels,
    require_error,
    require_names,
)
from littermate.stats.assumptions import brown_forsythe, shapiro_wilk
from littermate.stats.cells import group_summaries, pairs_of, unit_points
from littermate.stats.contrasts import differences
from littermate.stats.effect_size import omega_squared, partial_eta_squared
from littermate.stats.fitted_model import FittedModel, fitted_model
from littermate.stats.formula import Formula, Term
from littermate.stats.linear import Design, Projection, build_design, project, sums_of_squares
from littermate.stats.marginal_means import all_marginal_means
from littermate.stats.planned import PlannedModel, planned_model, require_answerable
from littermate.stats.reading import read_plan
from littermate.stats.table import Floats, Table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["AnovaTable", "anova_table", "fit", "fit_formula", "fit_model", "fit_planned", "ready"]


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
    return fit_planned(planned_model(table, plan, reference_levels), unit=unit)


def fit_planned(planned: PlannedModel, *, unit: str) -> Analysis:
    """Return the analysis of a model that is fitted already.

    Raises
    ------
    UsageError
        If the plan asks for another type than 1, 2 or 3.
    """
    plan, complete, model = planned.plan, planned.table, ready(planned)
    rows = _anova(planned.design, planned.fitted, complete, plan.type)
    found, not_estimable = differences(model)
    return Analysis(
        plan=plan,
        unit=unit,
        n=len(complete.units),
        effects=rows.effects,
        df_error=rows.df_error,
        ss_error=rows.ss_error,
        groups=tuple(group_summaries(complete, plan.factors, planned.levels)),
        differences=found,
        assumptions=(
            brown_forsythe(planned.fitted.residuals, pairs_of(complete, plan.factors), alpha=plan.alpha),
            shapiro_wilk(planned.fitted.residuals, alpha=plan.alpha),
        ),
        points=tuple(unit_points(complete, plan)),
        missing=planned.missing,
        notes=_notes(planned, rows),
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
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"y": [1, 2, 3, 5, 6, 7], "diet": ["control"] * 3 + ["deficient"] * 3})
    >>> round(fit_model(frame, "y ~ diet").sigma, 6)
    1.0
    """
    if isinstance(model, Plan):
        if not isinstance(table, Table):
            raise UsageError(expected="a Table for a Plan", found="a data frame", do="give a formula with it")
        return ready(planned_model(table, model, reference_levels))
    start = Plan(outcome="", factors=(), type=type)
    read = read_plan(table, model, plan=start, unit_column=unit_column, reference_levels=reference_levels)
    return ready(planned_model(read.table, read.plan, read.levels))


def ready(planned: PlannedModel) -> FittedModel:
    """Return a planned model ready for questions: marginal means, contrasts, comparisons."""
    table = planned.table
    mean = float(table.values.mean()) + table.shift
    return fitted_model(planned.design, planned.fitted, planned.plan.factors, mean)


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
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"y": [1, 2, 3, 5, 6, 7], "diet": ["control"] * 3 + ["deficient"] * 3})
    >>> round(fit_formula(frame, "y ~ diet").effect("diet").f, 6)
    24.0
    """
    start = Plan(outcome="", factors=(), type=type, alpha=alpha)
    read = read_plan(table, formula, plan=start, unit_column=unit_column, reference_levels=reference_levels)
    if read.plan.random:
        raise UsageError(
            expected="a formula without random groups", found=read.plan.formula, do="fit it as a mixed model"
        )
    analysis = fit(read.table, read.plan, unit=unit, reference_levels=read.levels)
    return replace(analysis, notes=(*read.notes, *analysis.notes))


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
    split = tuple(tuple(term.split(":")) for term in terms)
    require_names(table, split)
    levels = ordered_levels(table, split, {})
    require_answerable(table, split, levels, type)
    design = build_design(table, split, levels)
    fitted = project(design)
    require_error(fitted, table)
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


def _cells_of_one(labels: Mapping[str, Sequence[str]], factors: Sequence[str]) -> list[Cell]:
    """Return the combinations of levels of some factors that one unit has alone."""
    cells = Counter(zip(*(labels[name] for name in factors), strict=True))
    return [tuple(zip(factors, cell, strict=True)) for cell, count in cells.items() if count == 1]


def _notes(planned: PlannedModel, rows: AnovaTable) -> tuple[str, ...]:
    notes, design = [], planned.design
    if planned.missing:
        notes.append(f"Left out because a value is missing: {', '.join(planned.missing)}.")
    labels = {name: [design.levels[name][code] for code in codes] for name, codes in design.codes.items()}
    single = [cell_words(cell) for cell in _cells_of_one(labels, planned.plan.factors)]
    if single:
        notes.append(f"One unit only with {'; and with '.join(single)}: its spread is taken to be that of the others.")
    empty = [cell_words(cell) for cell in empty_cells(labels, design.columns, design.levels)]
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
