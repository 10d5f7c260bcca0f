"""Multiple imputation of missing covariates: never of the outcome, whose missing units stay out of the model.

Each missing number is drawn from a Bayesian linear regression on the plan's factors and blocks, the other covariates
and the outcome (leaving the outcome out would draw slopes toward zero; Moons et al. 2006, *J Clin Epidemiol* 59:1092).
With flat priors: sigma^2 = RSS / chi2(df), coefficients normal around least squares (Rubin 1987, 167). ``"norm"``
adds a normal residual; ``"pmm"`` takes the observed number of one of the five units whose prediction is nearest
(Little 1988, *J Bus Econ Stat* 6:287). Several covariates with gaps are drawn in turn, ten rounds a data set (chained
equations).

Imputation takes for granted that what is missing depends on what is in the model only (missing at random).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from littermate.errors import AnalysisError, UsageError
from littermate.model.analysis import Analysis
from littermate.model.imputation import ImputedAnalysis, PooledEstimate
from littermate.model.plan import Plan
from littermate.stats.answerable import ordered_levels, planned_terms, require_names
from littermate.stats.coefficients import named_coefficients
from littermate.stats.factorial import fit
from littermate.stats.linear import build_design
from littermate.stats.planned import planned_model
from littermate.stats.pooling import pool_coefficients, pool_estimates
from littermate.stats.table import Floats, Table

__all__ = ["fit_imputed", "impute_covariates"]

_ROUNDS = 10
_DONORS = 5


def fit_imputed(
    table: Table,
    plan: Plan,
    *,
    imputations: int = 20,
    seed: int = 1,
    method: str = "norm",
    reference_levels: Mapping[str, Sequence[str]] | None = None,
) -> ImputedAnalysis:
    """Fit a plan to every completed data set and pool: effects as type III Wald F (D1), differences by Rubin's rules.

    Raises
    ------
    UsageError, AnalysisError
        As `impute_covariates`, and as the planned analysis.
    """
    completed = impute_covariates(table, plan, imputations=imputations, seed=seed, method=method)
    models = [planned_model(one, plan, reference_levels) for one in completed]
    analyses = [fit(one, plan, unit="", reference_levels=reference_levels) for one in completed]
    found = [named_coefficients(model, kind="pooled") for model in models]
    df = found[0].df_error
    effects = tuple(
        pool_coefficients(
            [one.values[at] for one in found], [one.covariance[at, at] for one in found], df=df, term=":".join(term)
        )
        for term, at in found[0].places.items()
    )
    words = (
        f"Missing covariates imputed {imputations} times ({method}, seed {seed}) from factors, other covariates "
        "and the outcome; the outcome is never imputed. Pooled by Rubin's rules (Barnard and Rubin 1999; D1 of Li et al. 1991)."
    )
    return ImputedAnalysis(
        imputations=imputations,
        seed=seed,
        method=method,
        imputed=_gaps(table),
        effects=effects,
        differences=_pooled_differences(analyses),
        words=words,
    )


def impute_covariates(
    table: Table, plan: Plan, *, imputations: int = 20, seed: int = 1, method: str = "norm"
) -> tuple[Table, ...]:
    """Return completed tables of the units that have their outcome; the same seed gives the same tables.

    Raises
    ------
    UsageError
        If the method is unknown, or fewer than two imputations are asked for.
    AnalysisError
        If no planned covariate misses a number, or too few units have it.

    Examples
    --------
    >>> table = Table(
    ...     outcome="y", values=range(8), factors={"a": "xxxxyyyy"}, units="12345678",
    ...     covariates={"weight": [30, 31, None, 29, 33, 32, 31, 30]},
    ... )
    >>> plan = Plan(outcome="y", factors=("a",), covariates=("weight",))
    >>> one, other = impute_covariates(table, plan, imputations=2)
    >>> bool(one.covariates["weight"][2] == other.covariates["weight"][2]), one.missing
    (False, ())
    """
    if method not in ("norm", "pmm") or imputations < 2:
        raise UsageError(
            expected="the method norm or pmm, and two or more imputations",
            found=f"{method}, {imputations}",
            do="20 imputations by norm are the default",
        )
    require_names(table, planned_terms(plan))
    known = table.take(np.flatnonzero(~np.isnan(table.values)))
    gaps = {name: np.isnan(known.covariates[name]) for name in plan.covariates}
    gaps = {name: gap for name, gap in gaps.items() if gap.any()}
    if not gaps:
        raise AnalysisError(
            expected="planned covariates with missing numbers, of units whose outcome is there",
            found="none",
            do="fit the planned model; the outcome is never imputed",
        )
    base = _predictors(known, plan)
    random = np.random.default_rng(seed)
    return tuple(_completed(known, gaps, base, method, random) for _ in range(imputations))


def _predictors(table: Table, plan: Plan) -> Floats:
    """Return columns of ones, the outcome, and the plan's factors and blocks."""
    terms = tuple(term for term in planned_terms(plan) if set(term) <= set(table.factors))
    design = build_design(table, terms, ordered_levels(table, terms, {}))
    outcome = design.y / (np.abs(design.y).max() or 1.0)
    return np.hstack([design.matrix(), outcome[:, None]])


def _completed(
    table: Table, gaps: Mapping[str, np.ndarray], base: Floats, method: str, random: np.random.Generator
) -> Table:
    """Fill every gap with observed numbers drawn at random, then draw each covariate in turn."""
    filled = {name: column.copy() for name, column in table.covariates.items()}
    for name, gap in gaps.items():
        filled[name][gap] = random.choice(filled[name][~gap], size=int(gap.sum())) if not gap.all() else 0.0
    for _ in range(_ROUNDS if len(gaps) > 1 else 1):
        for name, gap in gaps.items():
            others = [_scaled(filled[other]) for other in filled if other != name and not np.isnan(filled[other]).any()]
            predictors = np.hstack([base, *others])
            filled[name][gap] = _drawn(filled[name], gap, predictors, method, random, name)
    return Table(
        outcome=table.outcome,
        values=table.values,
        factors=table.factors,
        units=table.units,
        covariates=filled,
        shift=table.shift,
    )


def _scaled(column: Floats) -> Floats:
    centred = column - column.mean()
    scaled: Floats = (centred / (np.abs(centred).max() or 1.0))[:, None]
    return scaled


def _drawn(
    column: Floats, gap: np.ndarray, predictors: Floats, method: str, random: np.random.Generator, name: str
) -> Floats:
    """Draw the missing numbers of one covariate from its regression on the predictors."""
    seen, observed = predictors[~gap], column[~gap]
    inverse = np.linalg.pinv(seen)
    df = len(observed) - int(np.linalg.matrix_rank(seen)) if len(observed) else 0
    if df < 2:
        raise AnalysisError(
            expected=f"two or more units with {name} beyond the parameters of its regression",
            found=f"{len(observed)} units have it",
            do=f"leave {name} out of the model; there is too little to impute it from",
        )
    fitted = inverse @ observed
    left = observed - seen @ fitted
    sigma = float(left @ left / random.chisquare(df)) ** 0.5
    drawn = fitted + inverse @ (sigma * random.standard_normal(len(observed)))
    predicted = predictors[gap] @ drawn
    if method == "norm":
        return np.asarray(predicted + sigma * random.standard_normal(len(predicted)))
    nearest = np.argsort(np.abs(predicted[:, None] - (seen @ fitted)[None, :]), axis=1)[:, :_DONORS]
    chosen = random.integers(nearest.shape[1], size=len(predicted))
    return np.asarray(observed[nearest[np.arange(len(predicted)), chosen]])


def _gaps(table: Table) -> tuple[tuple[str, str], ...]:
    """Name every number that was filled in."""
    return tuple(
        (unit, name)
        for name, column in table.covariates.items()
        for row, unit in enumerate(table.units)
        if np.isnan(column[row]) and not np.isnan(table.values[row])
    )


def _pooled_differences(analyses: Sequence[Analysis]) -> tuple[PooledEstimate, ...]:
    every = [analysis.differences for analysis in analyses]
    return tuple(
        pool_estimates(
            [one.estimate for one in same],
            [one.se**2 for one in same],
            df=same[0].df,
            label=same[0].label,
        )
        for same in zip(*every, strict=True)
    )
