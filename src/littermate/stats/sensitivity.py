"""Sensitivity: every effect of a plan by other ways of analysing the same units, side by side.

The planned analysis comes first and stays the primary one. Beside it: HC3, Welch and James, the ANOVA-type statistic on
values and on ranks, aligned ranks, the log scale, without the outliers of each rule, without and with covariates and
blocks, with missing covariates imputed where there are any, and of other units (`Others`). What an analysis cannot
answer is said in its rows.

An effect of two-level factors has an estimate: minus two to the power of its factors times its sum-to-zero coefficient,
which is the difference of marginal means, or of differences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from littermate.errors import DataError, UsageError
from littermate.model.outlier import OutlierRule
from littermate.model.plan import Plan
from littermate.model.robust import RobustEffect
from littermate.model.sensitivity import SensitivityRow
from littermate.model.transformation import Transformation
from littermate.stats.aligned_ranks import aligned_ranks
from littermate.stats.ats import ats
from littermate.stats.coefficients import Coefficients, named_coefficients
from littermate.stats.formula import Term
from littermate.stats.heteroscedastic import robust_anova
from littermate.stats.imputation import fit_imputed
from littermate.stats.linear import sums_of_squares
from littermate.stats.outliers import RULES, apply_rule
from littermate.stats.planned import PlannedModel, planned_model
from littermate.stats.results import TTest, f_test, t_test
from littermate.stats.table import Table
from littermate.stats.transform import ratio_of_means, transform
from littermate.stats.welch import welch_james

__all__ = ["UNSCALED", "Others", "not_done", "sensitivity"]

UNSCALED = "not transformed"

Levels = Mapping[str, Sequence[str]]
Rows = Iterator[SensitivityRow]
Way = tuple[str, Callable[[], Rows]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Others:
    """What the planned analysis does not look at, and another way may.

    Parameters
    ----------
    units
        Tables of other units, by what they are: ``"with excluded animals"``.
    unscaled
        The table before the plan's scale; `None` where the plan has none.
    """

    units: Mapping[str, Table] = field(default_factory=dict)
    unscaled: Table | None = None


def sensitivity(
    table: Table,
    plan: Plan,
    *,
    reference_levels: Levels | None = None,
    log_shift: float = 0.0,
    others: Others | None = None,
) -> tuple[SensitivityRow, ...]:
    """Analyse every effect of a plan in several ways.

    Parameters
    ----------
    table
        As for the planned analysis, on the plan's scale. Covariates and further factors of the table that the plan does
        not have are tried one by one, the factors as blocks.
    reference_levels
        The levels of each factor in their order, the reference first.
    log_shift
        Added to the outcome before its logarithm.
    others
        Other units, and the outcome as it was measured.

    Raises
    ------
    AnalysisError, UsageError
        If the planned analysis cannot be done.

    Examples
    --------
    >>> table = Table(outcome="y", values=(1, 2, 3, 5, 6, 90), factors={"a": "xxxyyy"}, units="123456")
    >>> for row in sensitivity(table, Plan(outcome="y", factors=("a",)))[:2]:
    ...     print(row.analysis, round(row.f, 3), round(row.estimate, 3))
    planned 1.263 31.667
    HC3 0.842 31.667
    """
    levels = reference_levels or {}
    own = _with_covariates(table, plan.covariates)
    model = planned_model(own, plan, levels)
    rows = [*_planned("planned", model)]
    for name, analyse in (*_robust_ways(model), *_other_data(own, plan, levels, log_shift)):
        rows += _said(name, model, analyse)
    for name, other in _other_plans(table, plan):
        rows += _said(name, model, partial(_refitted, name, table, other, levels))
    for name, analyse in _other_tables(plan, levels, others or Others()):
        rows += _said(name, model, analyse)
    return tuple(rows)


def _other_tables(plan: Plan, levels: Levels, others: Others) -> Iterator[Way]:
    """Give the plan fitted to other units, and to the outcome as it was measured."""
    for name, table in others.units.items():
        yield name, partial(_refitted, name, table, plan, levels)
    if others.unscaled is not None:
        yield UNSCALED, partial(_unscaled, others.unscaled, replace(plan, scale=""), levels)


def _unscaled(table: Table, plan: Plan, levels: Levels) -> Rows:
    for row in _refitted(UNSCALED, table, plan, levels):
        yield replace(row, measure="difference as measured")


def _robust_ways(model: PlannedModel) -> Iterator[Way]:
    """Give the planned model tested in other ways."""
    yield "HC3", lambda: _rows("HC3", model, robust_anova(model).effects, named_coefficients(model))
    yield "Welch-James", lambda: _rows("Welch-James", model, welch_james(model).effects)
    yield "ATS", lambda: _rows("ATS", model, ats(model).effects)
    yield "rank ATS", lambda: _rows("rank ATS", model, ats(model, on="ranks").effects)
    yield "aligned ranks", lambda: _rows("aligned ranks", model, aligned_ranks(model).effects)


def _other_data(table: Table, plan: Plan, levels: Levels, log_shift: float) -> Iterator[Way]:
    """Give the plan fitted to a transformed outcome, to fewer units, to completed covariates."""
    if not plan.scale:
        yield "log scale", partial(_on_log_scale, table, plan, levels, log_shift)
    for rule in RULES.values():
        name = f"without outliers ({rule.name})"
        yield name, partial(_without_outliers, name, table, plan, levels, rule)
    there = ~np.isnan(table.values)
    if any(np.isnan(table.covariates[name][there]).any() for name in plan.covariates):
        yield "covariates imputed", partial(_imputed, table, plan, levels)


def _other_plans(table: Table, plan: Plan) -> Iterator[tuple[str, Plan]]:
    """Give the plan without its covariates and without its blocks, and with each that it does not have."""
    if plan.terms:
        return
    if plan.covariates:
        yield "without covariates", replace(plan, covariates=())
    for name in plan.blocks:
        yield f"without {name}", replace(plan, blocks=tuple(one for one in plan.blocks if one != name))
    for name in table.factors:
        if name not in (*plan.factors, *plan.blocks, *plan.random):
            yield f"with {name}", replace(plan, blocks=(*plan.blocks, name))
    for name in table.covariates:
        if name not in plan.covariates:
            yield f"with {name}", replace(plan, covariates=(*plan.covariates, name))


def _said(name: str, model: PlannedModel, analyse: Callable[[], Rows]) -> Rows:
    """Give the rows of an analysis; where it cannot be done, one row an effect that says so."""
    try:
        yield from list(analyse())
    except (DataError, UsageError) as fault:
        yield from not_done(name, len(model.table.units), map(":".join, model.design.columns), fault)


def not_done(name: str, n: int, terms: Iterable[str], fault: DataError | UsageError) -> Rows:
    """Give one row an effect that says why an analysis cannot be done."""
    reason = fault.complaints[0]
    note = f"Not done: it needs {reason.expected}; found {reason.found}."
    for term in terms:
        yield SensitivityRow(analysis=name, term=term, n=n, f=None, df=None, df_error=None, p=None, note=note)


def _with_covariates(table: Table, names: Sequence[str]) -> Table:
    """Return the table with these covariates only: gaps in others leave nobody out."""
    return replace(table, covariates={name: column for name, column in table.covariates.items() if name in names})


def _planned(name: str, model: PlannedModel) -> Rows:
    """Give the rows of a plan fitted by least squares."""
    fitted = model.fitted
    error = fitted.ss_error / fitted.df_error
    effects = []
    for term, (df, ss) in sums_of_squares(model.design, type=model.plan.type).items():
        test = f_test(ss / df / error, df, fitted.df_error)
        effects.append(RobustEffect(term=":".join(term), f=test.f, df=test.df, df_error=test.df_error, p=test.p))
    return _rows(name, model, effects, named_coefficients(model, kind="pooled"))


def _rows(name: str, model: PlannedModel, effects: Iterable[RobustEffect], found: Coefficients | None = None) -> Rows:
    """Give one row an effect, with its difference where there are coefficients to take it from."""
    for effect in effects:
        one = None if found is None else _estimate(model, found, tuple(effect.term.split(":")))
        yield SensitivityRow(
            analysis=name,
            term=effect.term,
            n=len(model.table.units),
            f=effect.f,
            df=effect.df,
            df_error=effect.df_error,
            p=effect.p,
            estimate=None if one is None else one.estimate,
            ci95=None if one is None else one.ci95,
        )


def _estimate(model: PlannedModel, found: Coefficients, term: Term) -> TTest | None:
    """Return the difference that a term with one coefficient is."""
    values, covariance = found.of(term)
    if len(values) > 1:
        return None
    covariate = term[0] in model.table.covariates
    scale = 1.0 if covariate else (-2.0) ** len(term)
    return t_test(scale * float(values[0]), abs(scale) * float(covariance[0, 0]) ** 0.5, found.df_error)


def _on_log_scale(table: Table, plan: Plan, levels: Levels, shift: float) -> Rows:
    """Give the rows on the log scale; a difference of two levels is turned back into a ratio."""
    scale = Transformation(kind="log", shift=shift)
    changed = transform(table, scale)
    for row in _planned("log scale", planned_model(changed, plan, levels)):
        if row.estimate is None or row.ci95 is None or row.term in table.covariates:
            yield replace(row, note=f"{scale.words}.", estimate=None, ci95=None)
            continue
        ratio, limits = ratio_of_means(row.estimate, row.ci95)
        note = f"{scale.words}; ratio of geometric means{' of ratios' if ':' in row.term else ''}."
        yield replace(row, estimate=ratio, ci95=limits, measure="ratio", note=note)


def _without_outliers(name: str, table: Table, plan: Plan, levels: Levels, rule: OutlierRule) -> Rows:
    kept, found = apply_rule(table, plan, rule)
    note = "; ".join(f"{one.unit}: {one.because}" for one in found) or f"{rule.words}: names nobody."
    for row in _planned(name, planned_model(kept, plan, levels)):
        yield replace(row, left_out=tuple(one.unit for one in found), note=note)


def _refitted(name: str, table: Table, plan: Plan, levels: Levels) -> Rows:
    return _planned(name, planned_model(_with_covariates(table, plan.covariates), plan, levels))


def _imputed(table: Table, plan: Plan, levels: Levels) -> Rows:
    found = fit_imputed(table, plan, reference_levels=levels)
    n = int((~np.isnan(table.values)).sum())
    for effect in found.effects:
        yield SensitivityRow(
            analysis="covariates imputed",
            term=effect.term,
            n=n,
            f=effect.f,
            df=effect.df,
            df_error=effect.df_error,
            p=effect.p,
            note=found.words,
        )
