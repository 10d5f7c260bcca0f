"""Sensitivity of a mixed plan: every effect by other ways of analysing the same rows.

The planned one (Kenward and Roger) comes first; beside it Satterthwaite's degrees of freedom, the log scale, without
outliers by MAD, without each covariate and block, and of other units. Rows counted as if those of one group had nothing
in common (pseudoreplication) stand in the model's own table and are no way to be chosen here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from littermate.errors import DataError, UsageError
from littermate.model.interval import Interval
from littermate.model.mixed_model import FixedTest, MixedModel
from littermate.model.plan import Plan
from littermate.model.sensitivity import SensitivityRow
from littermate.model.transformation import Transformation
from littermate.stats.mixed import fit_mixed_plan
from littermate.stats.outliers import RULES, apply_rule
from littermate.stats.sensitivity import UNSCALED, Others, not_done
from littermate.stats.table import Table
from littermate.stats.transform import ratio_of_means, transform

__all__ = ["mixed_sensitivity"]

Levels = Mapping[str, Sequence[str]]
Rows = Iterator[SensitivityRow]
_LOG = "log scale"


def mixed_sensitivity(
    model: MixedModel, table: Table, *, reference_levels: Levels, others: Others
) -> tuple[SensitivityRow, ...]:
    """Analyse every effect of a fitted mixed plan in several ways.

    Parameters
    ----------
    model
        The planned model, fitted to `table`.
    table
        On the plan's scale.
    reference_levels
        The levels of each factor in their order, the reference first.
    others
        Other units, and the outcome as it was measured.
    """
    plan = model.plan
    rows = [*_rows("planned", model, model.effects), *_rows("Satterthwaite", model, model.satterthwaite, limits=False)]
    for name, analyse in _ways(table, plan, reference_levels, others):
        rows += _said(name, model, analyse)
    return tuple(rows)


def _ways(table: Table, plan: Plan, levels: Levels, others: Others) -> Iterator[tuple[str, Callable[[], Rows]]]:
    fit = partial(_refitted, levels=levels)
    if not plan.scale:
        yield _LOG, partial(_logged, table, plan, levels)
    yield "without outliers (mad)", partial(_without_outliers, table, plan, levels)
    if not plan.terms:
        for column in plan.covariates:
            kept = replace(plan, covariates=tuple(one for one in plan.covariates if one != column))
            yield f"without {column}", partial(fit, f"without {column}", table, kept)
        for column in plan.blocks:
            kept = replace(plan, blocks=tuple(one for one in plan.blocks if one != column))
            yield f"without {column}", partial(fit, f"without {column}", table, kept)
    for name, other in others.units.items():
        yield name, partial(fit, name, other, plan)
    if others.unscaled is not None:
        yield UNSCALED, partial(_measured, others.unscaled, replace(plan, scale=""), levels)


def _refitted(name: str, table: Table, plan: Plan, levels: Levels) -> Rows:
    model = fit_mixed_plan(table, plan, unit="", reference_levels=levels)
    return _rows(name, model, model.effects)


def _measured(table: Table, plan: Plan, levels: Levels) -> Rows:
    for row in _refitted(UNSCALED, table, plan, levels):
        yield replace(row, measure="difference as measured")


def _logged(table: Table, plan: Plan, levels: Levels) -> Rows:
    scale = Transformation(kind="log")
    for row in _refitted(_LOG, transform(table, scale), plan, levels):
        if row.estimate is None or row.ci95 is None:
            yield replace(row, note=f"{scale.words}.")
            continue
        ratio, limits = ratio_of_means(row.estimate, row.ci95)
        yield replace(row, estimate=ratio, ci95=limits, measure="ratio", note=f"{scale.words}; ratio of means.")


def _without_outliers(table: Table, plan: Plan, levels: Levels) -> Rows:
    rule = RULES["mad"]
    kept, found = apply_rule(table, plan, rule)
    note = "; ".join(f"{one.unit}: {one.because}" for one in found) or f"{rule.words}: names nobody."
    for row in _refitted("without outliers (mad)", kept, plan, levels):
        yield replace(row, left_out=tuple(one.unit for one in found), note=note)


def _rows(name: str, model: MixedModel, effects: Iterable[FixedTest], *, limits: bool = True) -> Rows:
    """Give one row an effect; `limits`: with its difference, whose error is Kenward and Roger's."""
    for effect in effects:
        estimate, ci95 = _estimate(model, effect.term) if limits else (None, None)
        yield SensitivityRow(
            analysis=name,
            term=effect.term,
            n=model.n,
            f=effect.f,
            df=effect.df,
            df_error=effect.df_error,
            p=effect.p,
            estimate=estimate,
            ci95=ci95,
        )


def _estimate(model: MixedModel, term: str) -> tuple[float, Interval] | tuple[None, None]:
    found = [one for one in model.differences if one.factor == term and not one.within]
    return (found[0].estimate, found[0].ci95) if len(found) == 1 else (None, None)


def _said(name: str, model: MixedModel, analyse: Callable[[], Rows]) -> Rows:
    """Give the rows of an analysis; where it cannot be done, one row an effect that says so."""
    try:
        yield from list(analyse())
    except (DataError, UsageError) as fault:
        yield from not_done(name, model.n, [one.term for one in model.effects], fault)
