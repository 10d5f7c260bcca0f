"""Sensitivity: every effect of a plan by other ways of analysing the same units, side by side.

The planned analysis comes first and stays the primary one. Beside it: HC3, the ANOVA-type statistic on values and on
ranks, aligned ranks, the log scale, without the outliers of each rule, without and with covariates, and with missing
covariates imputed where there are any. What an analysis cannot answer is said in its rows.

An effect of two-level factors has an estimate: minus two to the power of its factors times its sum-to-zero coefficient,
which is the difference of marginal means, or of differences.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np

from littermate.errors import DataError, UsageError
from littermate.model.plan import Plan
from littermate.model.robust import RobustAnova
from littermate.model.sensitivity import SensitivityRow
from littermate.model.transformation import Transformation
from littermate.stats.aligned_ranks import aligned_ranks
from littermate.stats.answerable import planned_terms
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

__all__ = ["sensitivity"]

Levels = Mapping[str, Sequence[str]]
Rows = Iterator[SensitivityRow]


def sensitivity(
    table: Table, plan: Plan, *, reference_levels: Levels | None = None, log_shift: float = 0.0
) -> tuple[SensitivityRow, ...]:
    """Analyse every effect of a plan in several ways.

    Parameters
    ----------
    table
        As for the planned analysis. Covariates of the table that the plan does not have are tried one by one.
    reference_levels
        The levels of each factor in their order, the reference first.
    log_shift
        Added to the outcome before its logarithm.

    Raises
    ------
    AnalysisError, UsageError
        If the planned analysis cannot be done.

    Examples
    --------
    >>> table = Table(outcome="y", values=(1, 2, 3, 5, 6, 90), factors={"a": "xxxyyy"}, units="123456")
    >>> for row in sensitivity(table, Plan(outcome="y", factors=("a",)))[:2]:
    ...     print(row.analysis, round(row.f, 3), round(row.estimate, 3))
    planned 1.266 31.667
    HC3 0.844 31.667
    """
    levels = reference_levels or {}
    model = planned_model(_of_plan(table, plan), plan, levels)
    return tuple(row for name, analyse in _ways(table, model, levels, log_shift) for row in _said(name, model, analyse))


def _ways(
    table: Table, model: PlannedModel, levels: Levels, log_shift: float
) -> Iterator[tuple[str, Callable[[], Iterable[SensitivityRow]]]]:
    """Give the name of every analysis and how it is done."""
    plan = model.plan
    own = _of_plan(table, plan)
    yield "planned", lambda: _planned("planned", model)
    yield "HC3", lambda: _robust(model, robust_anova(model), named_coefficients(model))
    yield "ATS", lambda: _robust(model, ats(model))
    yield "rank ATS", lambda: _robust(model, ats(model, on="ranks"))
    yield "aligned ranks", lambda: _robust(model, aligned_ranks(model))
    yield "log scale", lambda: _on_log_scale(own, plan, levels, log_shift)
    for name in RULES:
        yield _without(name), lambda name=name: _without_outliers(own, plan, levels, name)  # type: ignore[misc]
    if plan.covariates and not plan.terms:
        bare = replace(plan, covariates=())
        yield "without covariates", lambda: _other_plan("without covariates", table, bare, levels)
    for name in () if plan.terms else table.covariates:
        if name not in plan.covariates:
            more = replace(plan, covariates=(*plan.covariates, name))
            yield f"with {name}", lambda more=more, name=name: _other_plan(f"with {name}", table, more, levels)  # type: ignore[misc]
    if any(np.isnan(own.covariates[name][~np.isnan(own.values)]).any() for name in plan.covariates):
        yield "covariates imputed", lambda: _imputed(own, plan, levels)


def _said(name: str, model: PlannedModel, analyse: Callable[[], Iterable[SensitivityRow]]) -> Rows:
    """Give the rows of an analysis; where it cannot be done, one row an effect that says so."""
    try:
        yield from list(analyse())
    except (DataError, UsageError) as fault:
        reason = fault.complaints[0]
        note = f"Not done: it needs {reason.expected}; found {reason.found}."
        for term in model.design.columns:
            yield SensitivityRow(
                analysis=name, term=":".join(term), n=len(model.table.units), f=None, df=None, df_error=None, p=None,
                note=note,
            )  # fmt: skip


def _of_plan(table: Table, plan: Plan) -> Table:
    """Return the table with the plan's covariates only: gaps in others leave nobody out."""
    names = {name for term in planned_terms(plan) for name in term}
    kept = {name: column for name, column in table.covariates.items() if name in names}
    return Table(
        outcome=table.outcome,
        values=table.values,
        factors=table.factors,
        units=table.units,
        covariates=kept,
        shift=table.shift,
    )


def _planned(name: str, model: PlannedModel) -> Rows:
    """Give the rows of a plan fitted by least squares."""
    fitted = model.fitted
    error = fitted.ss_error / fitted.df_error
    found = sums_of_squares(model.design, type=model.plan.type)
    pooled = named_coefficients(model, kind="pooled")
    for term, (df, ss) in found.items():
        test = f_test(ss / df / error, df, fitted.df_error)
        one = _estimate(model, pooled, term)
        yield SensitivityRow(
            analysis=name,
            term=":".join(term),
            n=len(model.table.units),
            f=test.f,
            df=test.df,
            df_error=test.df_error,
            p=test.p,
            estimate=one and one.estimate,
            ci95=one and one.ci95,
        )


def _estimate(model: PlannedModel, found: Coefficients, term: Term) -> TTest | None:
    """Return the difference that a term with one coefficient is."""
    values, covariance = found.of(term)
    if len(values) > 1:
        return None
    covariate = term[0] in model.table.covariates
    scale = 1.0 if covariate else (-2.0) ** len(term)
    return t_test(scale * float(values[0]), abs(scale) * float(covariance[0, 0]) ** 0.5, found.df_error)


def _robust(model: PlannedModel, found: RobustAnova, coefficients: Coefficients | None = None) -> Rows:
    for effect in found.effects:
        one = _estimate(model, coefficients, tuple(effect.term.split(":"))) if coefficients else None
        yield SensitivityRow(
            analysis=found.method,
            term=effect.term,
            n=len(model.table.units),
            f=effect.f,
            df=effect.df,
            df_error=effect.df_error,
            p=effect.p,
            estimate=one and one.estimate,
            ci95=one and one.ci95,
        )


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


def _without(rule: str) -> str:
    return f"without outliers ({ {'grubbs': 'Grubbs', 'rout': 'ROUT', 'mad': 'MAD'}[rule] })"


def _without_outliers(table: Table, plan: Plan, levels: Levels, rule: str) -> Rows:
    kept, found = apply_rule(table, plan, RULES[rule])
    note = "; ".join(f"{one.unit}: {one.because}" for one in found) or f"{RULES[rule].words}: names nobody."
    for row in _planned(_without(rule), planned_model(kept, plan, levels)):
        yield replace(row, left_out=tuple(one.unit for one in found), note=note)


def _other_plan(name: str, table: Table, plan: Plan, levels: Levels) -> Rows:
    yield from _planned(name, planned_model(_of_plan(table, plan), plan, levels))


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
