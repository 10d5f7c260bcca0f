"""Repeated measures: subjects measured at every level of one or more within factors (time bins, brain regions).

`fit_repeated` answers a formula, ``"y ~ group * bin + Error(animal/bin)"``, `fit_repeated_plan` a `Plan` and the names
of within factors. The values of a subject are turned by orthonormal contrasts: those of a set of within factors,
averaged over the other within factors, are a small multivariate outcome Y of the between model X. A between term times
this set has the trace of its type III hypothesis matrix as sum of squares, and the trace of the residual matrix E as
its error; the average over all levels tests the between terms (Rouanet and Lepine 1970, *Br J Math Stat Psychol*
23:147).

With d columns in Y and v residual degrees of freedom of X, the epsilons are Greenhouse and Geisser's
``(tr E)^2 / (d tr E^2)`` (1959, *Psychometrika* 24:95) and Huynh and Feldt's, with Lecoutre's correction for groups,
``((v + 1) d gg - 2) / (d (v - d gg))`` (1991, *J Educ Stat* 16:371), as R's car prints it.

A subject that lacks a value is left out whole, and named; the mixed model of `mixed` would keep its other values.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from littermate.errors import AnalysisError, Complaint, UsageError
from littermate.model.plan import Plan
from littermate.model.repeated_measures import FriedmanTest, RepeatedEffect, RepeatedMeasures, Sphericity
from littermate.stats.answerable import (
    Levels,
    flat_outcome,
    ordered_levels,
    require_alpha,
    require_names,
    single_levels,
    some_of,
    unanswered_cells,
)
from littermate.stats.cells import group_summaries, unit_points
from littermate.stats.formula import ModelFormula, Term, parse_model
from littermate.stats.linear import build_design, sum_to_zero
from littermate.stats.rank_tests import friedman
from littermate.stats.table import Floats, Table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["fit_repeated", "fit_repeated_plan"]


def fit_repeated(
    table: pd.DataFrame,
    formula: ModelFormula | str,
    *,
    alpha: float = 0.05,
    unit: str = "",
    reference_levels: Mapping[str, Sequence[str]] | None = None,
) -> RepeatedMeasures:
    """Fit a formula with an error stratum to a data frame (from `read_table`, or any other).

    Parameters
    ----------
    table
        One row a subject and level of the within factors.
    formula
        Text or a parsed formula with ``Error(animal/bin)``; all factors are crossed in full.
    alpha
        Level of significance, kept for the words.
    unit
        Unit of the outcome.
    reference_levels
        The levels of each factor in their order, the reference first.

    Raises
    ------
    TableError
        If a column is missing or has text where numbers should be.
    UsageError
        If the formula cannot be meant.
    AnalysisError
        If the data cannot answer the model.

    Examples
    --------
    >>> import pandas as pd
    >>> frame = pd.DataFrame({
    ...     "animal": ["K1"] * 3 + ["K2"] * 3 + ["K3"] * 3 + ["K4"] * 3, "bin": [1, 2, 3] * 4,
    ...     "y": [1, 3, 4, 2, 3, 6, 1, 2, 6, 2, 4, 4],
    ... })
    >>> effect = fit_repeated(frame, "y ~ bin + Error(animal/bin)").effect("bin")
    >>> effect.df, effect.df_error, round(effect.f, 4), round(effect.sphericity.epsilon_gg, 4)
    (2, 6, 13.875, 0.512)
    """
    formula = parse_model(formula) if isinstance(formula, str) else formula
    _require_crossed(formula)
    fixed, subject = formula.fixed, formula.unit
    wanted = replace(fixed, terms=(*fixed.terms, (subject,)), as_factor=fixed.as_factor | {subject, *formula.within})
    from littermate.stats.columns import select_columns  # pandas starts slowly: only who gives a frame waits for it

    selection = select_columns(table, wanted, unit_column=subject)
    plan = Plan(outcome=fixed.outcome, factors=fixed.columns, alpha=alpha, covariates=tuple(selection.table.covariates))
    levels = {**selection.levels, **(reference_levels or {})}
    found = fit_repeated_plan(
        selection.table, plan, within=formula.within, unit=unit, subject=subject, reference_levels=levels
    )
    return replace(found, notes=(*selection.notes, *found.notes))


def fit_repeated_plan(
    table: Table,
    plan: Plan,
    *,
    within: Sequence[str],
    unit: str,
    subject: str = "animal",
    reference_levels: Mapping[str, Sequence[str]] | None = None,
) -> RepeatedMeasures:
    """Fit a plan with within factors to a table.

    Parameters
    ----------
    table
        One row a subject and level of the within factors; its units are the subjects.
    plan
        The planned factors; those that are not within subjects are between them.
    within
        The factors within subjects.
    unit
        Unit of the outcome.
    subject
        What the units are called.
    reference_levels
        The levels of each factor in their order, the reference first.

    Raises
    ------
    AnalysisError
        If the data cannot answer the model.
    UsageError
        If the plan has blocks, covariates, random factors, its own terms or another type than 3.
    """
    require_alpha(plan.alpha)
    _require_plain(plan)
    plan = replace(plan, factors=tuple(dict.fromkeys((*plan.factors, *within))))
    layout = _lay_out(table, plan.factors, tuple(within), reference_levels or {})
    kept = layout.kept
    return RepeatedMeasures(
        plan=plan,
        unit=unit,
        subject=subject,
        within=layout.within,
        n=len(layout.subjects.units),
        effects=tuple(_effects(layout)),
        friedman=None if layout.between or len(within) > 1 else _friedman(layout.values),
        groups=tuple(group_summaries(kept, plan.factors, layout.levels)),
        points=tuple(unit_points(kept, plan)),
        left_out=tuple(layout.lacking),
        notes=tuple(_notes(layout, f"{plan.formula} + (1 | {subject})")),
    )


def _require_plain(plan: Plan) -> None:
    if plan.covariates or plan.blocks or plan.terms or plan.random or plan.type != 3:
        found = [
            *plan.covariates,
            *plan.blocks,
            *plan.terms,
            *plan.random,
            *([f"type {plan.type}"] if plan.type != 3 else []),
        ]
        raise UsageError(
            expected="factors crossed in full, type III",
            found=", ".join(found),
            do="use a mixed model, (1 | animal), for covariates, blocks or other terms",
        )


def _require_crossed(formula: ModelFormula) -> None:
    """Refuse a formula without error stratum, or whose factors are not crossed in full."""
    if not formula.within:
        raise UsageError(
            expected="an error stratum: Error(animal/bin)",
            found="none in the formula",
            do="add it, or fit another model",
        )
    names = tuple(dict.fromkeys((*formula.fixed.columns, *formula.within)))
    if {frozenset(term) for term in formula.fixed.terms} != {frozenset(term) for term in _subsets(names)}:
        raise UsageError(
            expected=f"{formula.fixed.outcome} ~ {' * '.join(names)} + Error(...)",
            found=f"the terms {', '.join(map(':'.join, formula.fixed.terms))}",
            do="cross all factors in full, or use a mixed model: (1 | animal)",
        )


def _subsets(names: Sequence[str]) -> list[Term]:
    """Return all sets of one or more names, as R orders terms."""
    sizes = range(1, len(names) + 1)
    return list(itertools.chain.from_iterable(itertools.combinations(names, size) for size in sizes))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Layout:
    """The values of the subjects that lack none, shape (n, cells of the within factors), the last factor fastest."""

    names: tuple[str, ...]
    within: tuple[str, ...]
    levels: Levels
    kept: Table
    subjects: Table
    values: Floats
    lacking: Mapping[str, tuple[str, ...]]

    @property
    def between(self) -> tuple[str, ...]:
        return tuple(name for name in self.names if name not in self.within)


def _lay_out(
    table: Table, names: tuple[str, ...], within: tuple[str, ...], given: Mapping[str, Sequence[str]]
) -> _Layout:
    terms = [(name,) for name in names]
    require_names(table, terms)
    between = [name for name in names if name not in within]
    cells = list(zip(*(table.factors[name] for name in within), strict=True))
    levels = ordered_levels(table.complete(), terms, given)
    complaints = [
        *_twice(table, cells),
        *_wandering(table, between),
        *_of_nobody(table, within, levels),
        *single_levels(levels),
    ]
    if complaints:
        raise AnalysisError.of(complaints)
    grid = list(itertools.product(*(levels[name] for name in within)))
    value = {
        key: one for key, one in zip(zip(table.units, cells, strict=True), table.values, strict=True) if one == one
    }
    units = tuple(dict.fromkeys(table.units))
    lacking = {
        unit: tuple(" ".join(cell) for cell in grid if (unit, cell) not in value)
        for unit in units
        if any((unit, cell) not in value for cell in grid)
    }
    whole = [unit for unit in units if unit not in lacking]
    kept = _rows(table, [row for row, unit in enumerate(table.units) if unit not in lacking])
    values = np.array([[value[unit, cell] for cell in grid] for unit in whole]).reshape(len(whole), len(grid))
    subjects = _rows(table, [table.units.index(unit) for unit in whole], values.mean(axis=1))
    layout = _Layout(
        names=names, within=within, levels=levels, kept=kept, subjects=subjects, values=values, lacking=lacking
    )
    _require_answerable(layout)
    return layout


def _rows(table: Table, rows: Sequence[int], values: Floats | None = None) -> Table:
    return Table(
        outcome=table.outcome,
        values=table.values[list(rows)] if values is None else values,
        factors={name: [labels[row] for row in rows] for name, labels in table.factors.items()},
        units=[table.units[row] for row in rows],
        shift=table.shift,
    )


def _twice(table: Table, cells: Sequence[tuple[str, ...]]) -> Iterator[Complaint]:
    counts = Counter(zip(table.units, cells, strict=True))
    twice = [f"{unit} at {' '.join(cell)}" for (unit, cell), count in counts.items() if count > 1]
    if twice:
        yield Complaint(
            expected="one row for each subject and level",
            found=f"two or more for {some_of(twice)}",
            do="average replicates first; rename subjects that share a name",
        )


def _wandering(table: Table, between: Sequence[str]) -> Iterator[Complaint]:
    """Complain of subjects that stand in two groups."""
    for name in between:
        of_unit: dict[str, dict[str, None]] = {}
        for unit, label in zip(table.units, table.factors[name], strict=True):
            of_unit.setdefault(unit, {})[label] = None
        moved = [f"{unit} ({' and '.join(labels)})" for unit, labels in of_unit.items() if len(labels) > 1]
        if moved:
            yield Complaint(
                expected=f"one {name} for each subject",
                found=some_of(moved),
                do=f"correct it, rename subjects that share a name, or say that {name} is within subjects",
            )


def _of_nobody(table: Table, within: Sequence[str], levels: Levels) -> Iterator[Complaint]:
    for name in within:
        there = {label for label, is_there in zip(table.factors[name], table.present, strict=True) if is_there}
        empty = [label for label in dict.fromkeys((*levels[name], *table.factors[name])) if label not in there]
        if empty:
            yield Complaint(
                expected=f"values at every level of {name}",
                found=f"no subject has one at {some_of(empty)}",
                do=f"leave {some_of(empty)} out of the analysis, or correct the table",
            )


def _require_answerable(layout: _Layout) -> None:
    table, between = layout.subjects, layout.between
    if not table.units:
        lacking = [f"{unit} ({some_of(cells)})" for unit, cells in layout.lacking.items()]
        raise AnalysisError(
            expected="subjects measured at every level",
            found=f"none; lacking are {some_of(lacking)}",
            do="leave the level out that most lack, or use a mixed model: (1 | animal)",
        )
    levels = {name: layout.levels[name] for name in between}
    complaints = [*flat_outcome(layout.kept), *unanswered_cells(table, _subsets(between), levels, 3)]
    if complaints:
        raise AnalysisError.of(complaints)
    parameters = int(np.prod([len(one) for one in levels.values()], dtype=int))
    if len(table.units) - parameters < 2:
        raise AnalysisError(
            expected="2 or more error degrees of freedom: more subjects than groups",
            found=f"{len(table.units)} subjects without missing values in {parameters} groups",
            do="measure more subjects, or use a mixed model, which keeps subjects that lack a value: (1 | animal)",
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Stratum:
    """The contrasts of one set of within factors, beside the between model: coefficients and residual matrix E."""

    within: Term
    cells: int
    coefficients: Floats
    residual: Floats

    @property
    def ss_error(self) -> float:
        return float(np.trace(self.residual))


def _effects(layout: _Layout) -> Iterator[RepeatedEffect]:
    """Yield the between effects, then those of every set of within factors."""
    between = _subsets(layout.between)
    design = build_design(layout.subjects, between, layout.levels)
    x = design.matrix()
    inverse: Floats = np.asarray(np.linalg.inv(x.T @ x), dtype=np.float64)
    v = len(x) - x.shape[1]
    strata = [_stratum(layout, within, x, inverse) for within in ((), *_subsets(layout.within))]
    _require_spread(strata, layout)
    whole = sum(one.ss_error for one in strata)
    ends = np.cumsum([0, 1, *(columns.shape[1] for columns in design.columns.values())])
    for stratum in strata:
        for place, term in enumerate(((), *between)):
            if not (term or stratum.within):
                continue
            rows = slice(ends[place], ends[place + 1])
            b = stratum.coefficients[rows]
            ss = float(np.sum(b * np.linalg.solve(inverse[rows, rows], b)))
            named = ":".join(name for name in layout.names if name in (*term, *stratum.within))
            yield _effect(named, stratum, ss, len(b), v, whole)


def _stratum(layout: _Layout, within: Term, x: Floats, inverse: Floats) -> _Stratum:
    contrasts = np.ones((1, 1))
    for name in layout.within:
        count = len(layout.levels[name])
        one = np.linalg.qr(sum_to_zero(count))[0] if name in within else np.full((count, 1), count**-0.5)
        contrasts = np.kron(contrasts, one)
    turned = (layout.values - layout.values.mean()) @ contrasts
    coefficients = inverse @ (x.T @ turned)
    left = turned - x @ coefficients
    return _Stratum(within=within, cells=len(contrasts), coefficients=coefficients, residual=left.T @ left)


def _require_spread(strata: Iterable[_Stratum], layout: _Layout) -> None:
    whole = float(np.sum((layout.values - layout.values.mean()) ** 2))
    for stratum in strata:
        if stratum.ss_error <= 1e-24 * whole:
            where = f"over {':'.join(stratum.within)}" if stratum.within else "on average"
            raise AnalysisError(
                expected="subjects that vary within their groups",
                found=f"the subjects of each group are all alike {where}",
                do="check that the outcome was measured for every subject and not copied",
            )


def _effect(term: str, stratum: _Stratum, ss: float, rows: int, v: int, whole: float) -> RepeatedEffect:
    d = len(stratum.residual)
    error = stratum.ss_error
    f = ss / (rows * d) / (error / (v * d))
    return RepeatedEffect(
        term=term,
        df=rows * d,
        df_error=v * d,
        ss=ss,
        ss_error=error,
        f=f,
        p=float(special.fdtrc(rows * d, v * d, f)),
        partial_eta_squared=ss / (ss + error),
        generalized_eta_squared=ss / (ss + whole),
        sphericity=_sphericity(stratum, f, rows, v) if d > 1 else None,
    )


def _sphericity(stratum: _Stratum, f: float, rows: int, v: int) -> Sphericity:
    residual = stratum.residual
    d = len(residual)
    gg = float(np.trace(residual) ** 2 / (d * np.sum(residual**2)))
    hf = ((v + 1) * d * gg - 2) / (d * (v - d * gg))
    w, p = _mauchly(residual, v, stratum.cells)
    p_gg, p_hf = (float(special.fdtrc(rows * d * one, v * d * one, f)) for one in (gg, min(hf, 1.0)))
    return Sphericity(mauchly_w=w, mauchly_p=p, epsilon_gg=gg, epsilon_hf=hf, p_gg=p_gg, p_hf=p_hf)


def _mauchly(residual: Floats, v: int, cells: int) -> tuple[float | None, float | None]:
    """Return Mauchly's W (1940, *Ann Math Stat* 11:204) and its P in Box's series of two terms.

    As in R, the second term has ``3 cells`` where Anderson (2003, *Multivariate Statistical Analysis*, 10.7.4) has
    ``3 d``; P differs in the third or fourth digit.
    """
    d = len(residual)
    if v < d:
        return None, None
    log_w = float(np.linalg.slogdet(residual / (np.trace(residual) / d))[1])
    rho = 1 - (2 * d * d + d + 2) / (6 * d * v)
    second = (d + 2) * (d - 1) * (d - 2) * (2 * d**3 + 6 * d * d + 3 * cells + 2) / (288 * (v * d * rho) ** 2)
    chi2, df = -v * rho * log_w, d * (d + 1) / 2 - 1
    first, further = (float(special.chdtrc(at, chi2)) for at in (df, df + 4))
    return float(np.exp(log_w)), first + second * (further - first)


def _friedman(values: Floats) -> FriedmanTest | None:
    """Return Friedman's test of the columns (ties averaged), `None` where every row is one tie."""
    if not np.any(np.ptp(values, axis=1)):
        return None
    found = friedman(values)
    return FriedmanTest(statistic=found.statistic, df=found.df, p=found.p)


def _notes(layout: _Layout, mixed: str) -> Iterator[str]:
    if layout.lacking:
        named = [f"{unit} ({some_of(cells)})" for unit, cells in layout.lacking.items()]
        yield f"Left out because a value is missing: {'; '.join(named)}."
        yield f"A mixed model keeps the other values of those left out: {mixed}."
