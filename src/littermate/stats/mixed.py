"""Mixed models: factors and covariates beside random intercepts of groups (cage, litter, membrane, animal).

`fit_mixed` answers a formula, ``"y ~ diet * ketamine + (1 | cage)"``; `fit_mixed_plan` a `Plan` with random factors.
Groups may be nested (``litter/cage``), crossed and of any size. Rows need not be animals: a unit measured
repeatedly is stated by its own random intercept, ``(1 | animal)``, and refused without it. Random slopes are not part
of it.

Tests are Kenward and Roger's, which keep a group in the model whose variance is estimated as 0; Satterthwaite's stand
beside. A fit at this boundary is said, never an error. The mathematics is in `reml` and `kenward_roger`.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from littermate.errors import AnalysisError, Complaint, UsageError
from littermate.model.effect import Difference
from littermate.model.mixed_model import Coefficient, FixedTest, MixedModel, VarianceComponent
from littermate.model.plan import Plan
from littermate.stats.answerable import (
    Levels,
    flat_outcome,
    ordered_levels,
    planned_terms,
    repeated_units,
    require_alpha,
    require_error,
    require_names,
    single_levels,
    some_of,
    unanswered_cells,
)
from littermate.stats.cells import group_summaries, unit_points
from littermate.stats.contrasts import Question, cell_weights, questions
from littermate.stats.fitted_model import ReferenceGrid, reference_grid
from littermate.stats.formula import ModelFormula, Term, grouping
from littermate.stats.kenward_roger import FixedEffects, FTest, estimate_fixed, kenward_roger, satterthwaite
from littermate.stats.linear import Design, Projection, build_design, project, sum_to_zero, sums_of_squares
from littermate.stats.mixed_comparisons import Estimate, planned_comparisons
from littermate.stats.reading import read_plan
from littermate.stats.reml import Likelihood, Optimum, full_likelihood, maximise, restricted_likelihood
from littermate.stats.table import Floats, Table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["fit_mixed", "fit_mixed_plan"]

_MOST = 4
"""More random factors than this are not tried."""

Test = Callable[[FixedEffects, Floats], FTest]


def fit_mixed(
    table: pd.DataFrame | Table,
    formula: ModelFormula | str,
    *,
    type: int = 3,  # noqa: A002
    alpha: float = 0.05,
    unit: str = "",
    unit_column: str | None = None,
    reference_levels: Mapping[str, Sequence[str]] | None = None,
) -> MixedModel:
    """Fit a formula with random intercepts to a data frame (from `read_table`, or any other) or to a `Table`.

    Parameters
    ----------
    table
        One row a measurement.
    formula
        Text or a parsed formula with at least one ``(1 | group)``.
    type, alpha
        Type of the F tests (I and II by the hypotheses that unweighted sums of squares have); level of significance.
    unit
        Unit of the outcome.
    unit_column
        The column that names the units; see `columns` for what is done where it is `None`.
    reference_levels
        The levels of each factor in their order, the reference first.

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
    >>> frame = pd.DataFrame({
    ...     "cage": ["C1", "C1", "C2", "C2", "C3", "C3", "C4", "C4"],
    ...     "drug": ["saline", "ketamine"] * 4, "y": [10.0, 7, 14, 12, 9, 4, 12, 10],
    ... })
    >>> model = fit_mixed(frame, "y ~ drug + (1 | cage)")
    >>> round(model.effect("drug").f, 6), round(model.effect("drug").df_error, 6)
    (18.0, 3.0)
    >>> round(model.component("cage").share, 4)
    0.8835
    """
    start = Plan(outcome="", factors=(), type=type, alpha=alpha)
    read = read_plan(table, formula, plan=start, unit_column=unit_column, reference_levels=reference_levels)
    if not read.plan.random:
        raise UsageError(
            expected="a random intercept: (1 | cage)",
            found="none in the formula",
            do="add it, or fit a factorial model",
        )
    model = fit_mixed_plan(read.table, read.plan, unit=unit, reference_levels=read.levels)
    return replace(model, notes=(*read.notes, *model.notes))


def fit_mixed_plan(
    table: Table,
    plan: Plan,
    *,
    unit: str,
    reference_levels: Mapping[str, Sequence[str]] | None = None,
) -> MixedModel:
    """Fit a plan with random factors to a table.

    Parameters
    ----------
    table
        One row a measurement; rows without outcome are left out and named in the result. A unit may have several rows
        where ``"animal"``, or a factor that names the same rows, is among the random factors.
    plan
        The planned model. Its random factors are factors of the table: ``"cage"``, ``"litter/cage"``; ``"animal"``
        means the table's units where the table has no factor of that name.
    unit
        Unit of the outcome.
    reference_levels
        The levels of each factor in their order, the reference first.

    Raises
    ------
    AnalysisError
        If the data cannot answer the model.
    UsageError
        If the type is not 1, 2 or 3, or `alpha` is no probability.
    """
    require_alpha(plan.alpha)
    terms = planned_terms(plan)
    require_names(table, terms)
    complete = table.complete()
    levels = ordered_levels(complete, terms, reference_levels or {})
    groups = _groups(complete, terms, plan.random)
    _require_answerable(complete, terms, levels, groups)
    design = build_design(complete, terms, levels)
    naive = _naive(design, complete, plan.type)
    fit = _fit(design, complete, groups)
    return _model(plan, unit, table, fit, naive)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Fit:
    """A fitted model, its outcome in standard deviations `sd` of the rows."""

    table: Table
    design: Design
    groups: Mapping[str, tuple[str, ...]]
    sd: float
    restricted: Likelihood
    optimum: Optimum
    without: tuple[float, ...]
    full: Optimum
    fixed: FixedEffects

    @property
    def variances(self) -> Floats:
        """In the outcome's unit squared, the residual first."""
        return np.asarray(np.concatenate([[1.0], self.optimum.ratios]) * self.optimum.residual * self.sd**2)

    @property
    def singular(self) -> tuple[str, ...]:
        """Random factors at the boundary, as lme4 counts them."""
        return tuple(name for name, ratio in zip(self.groups, self.optimum.ratios, strict=True) if ratio < 1e-8)


def _groups(table: Table, terms: Sequence[Term], random: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Return each random factor's labels, one a row."""
    have = {"animal": table.units, **table.factors}
    wanted = dict.fromkeys(term for text in random for term in ([(text,)] if text in have else grouping(text)))
    fixed = {name for term in terms for name in term}
    complaints = []
    for name in dict.fromkeys(itertools.chain.from_iterable(wanted)):
        if name not in have:
            complaints.append(
                Complaint(expected=f"one of the factors {', '.join(have)}", found=name, do="correct the name or add it")
            )
    for term in wanted:
        if set(term) <= fixed:
            named, do = ":".join(term), "choose: a treatment is fixed, a cage or litter random"
            complaints.append(Complaint(expected="a factor fixed or random", found=f"{named} as both", do=do))
    if len(wanted) > _MOST:
        found = ", ".join(map(":".join, wanted))
        complaints.append(Complaint(expected=f"{_MOST} random factors at most", found=found, do="leave some out"))
    if complaints:
        raise AnalysisError.of(complaints)
    return {":".join(term): tuple(map(":".join, zip(*(have[name] for name in term), strict=True))) for term in wanted}


def _require_answerable(
    table: Table, terms: Sequence[Term], levels: Levels, groups: Mapping[str, tuple[str, ...]]
) -> None:
    complaints = [
        *flat_outcome(table),
        *single_levels(levels),
        *unanswered_cells(table, terms, levels, 3),
        *_unstated_repeats(table, groups),
        *_group_sizes(groups),
    ]
    if complaints:
        raise AnalysisError.of(complaints)


def _unstated_repeats(table: Table, groups: Mapping[str, tuple[str, ...]]) -> Iterator[Complaint]:
    """Complain of units with several rows, unless a random factor stands for the units."""
    repeated = repeated_units(table)
    if repeated and not any(_same_groups(table.units, labels) for labels in groups.values()):
        yield Complaint(
            expected=f"one row of {table.outcome} for each unit, or a random intercept of the unit",
            found=f"two or more rows for {some_of(repeated)}",
            do="add (1 | animal) where an animal was measured repeatedly; rename animals that share a name",
        )


def _same_groups(one: Sequence[str], other: Sequence[str]) -> bool:
    return len(set(one)) == len(set(other)) == len(set(zip(one, other, strict=True)))


def _group_sizes(groups: Mapping[str, tuple[str, ...]]) -> Iterator[Complaint]:
    for name, labels in groups.items():
        count, rows = len(set(labels)), len(labels)
        if count < 2:
            expected, found = f"two or more groups of {name}", ", ".join(set(labels)) or "none"
            yield Complaint(expected=expected, found=found, do=f"leave {name} out: it cannot be told from the mean")
        elif count == rows:
            expected, found = f"groups of {name} with several rows", f"{count} groups in {rows} rows"
            do = f"leave {name} out: the variance of {name} cannot be told from that of a row"
            yield Complaint(expected=expected, found=found, do=do)
    for (one, labels), (other, others) in itertools.combinations(groups.items(), 2):
        if _same_groups(labels, others):
            found = f"{one} and {other} make the same groups"
            yield Complaint(expected="random factors that differ", found=found, do=f"leave {one} or {other} out")


def _naive(design: Design, table: Table, type: int) -> tuple[FixedTest, ...]:  # noqa: A002
    """Test the fixed terms by least squares; what they cannot tell apart is refused on the way."""
    found = sums_of_squares(design, type=type)
    if type != 3:
        sums_of_squares(design)
    fitted = project(design)
    require_error(fitted, table)
    return tuple(_naive_test(term, df, ss, fitted) for term, (df, ss) in found.items())


def _naive_test(term: Term, df: int, ss: float, fitted: Projection) -> FixedTest:
    f = ss / df / (fitted.ss_error / fitted.df_error)
    return _named(term, FTest(f=f, df=df, df_error=fitted.df_error))


def _named(term: Term, test: FTest) -> FixedTest:
    return FixedTest(term=":".join(term), df=test.df, df_error=test.df_error, f=test.f, p=test.p)


def _fit(design: Design, table: Table, groups: Mapping[str, tuple[str, ...]]) -> _Fit:
    x, z = design.matrix(), [_indicators(labels) for labels in groups.values()]
    _require_identifiable(x, z, tuple(groups))
    sd = float(np.std(design.y, ddof=1))
    y = design.y / sd
    restricted = restricted_likelihood(y, x, z)
    optimum = maximise(restricted)
    variances = np.concatenate([[1.0], optimum.ratios]) * optimum.residual
    return _Fit(
        table=table,
        design=design,
        groups=groups,
        sd=sd,
        restricted=restricted,
        optimum=optimum,
        without=tuple(_deviance_without(restricted, place) for place in range(len(z))),
        full=maximise(full_likelihood(restricted, x, z)),
        fixed=estimate_fixed(y, x, z, variances),
    )


def _indicators(labels: Sequence[str]) -> Floats:
    _, codes = np.unique(np.array(labels), return_inverse=True)
    return np.asarray(np.eye(codes.max() + 1)[codes])


def _require_identifiable(x: Floats, z: Sequence[Floats], names: Sequence[str]) -> None:
    """Refuse groups that the fixed effects use up, and groups whose variances trade off exactly."""
    basis = np.linalg.qr(x)[0]
    left = [one - basis @ (basis.T @ one) for one in (np.eye(len(x)), *z)]
    complaints = [
        Complaint(
            expected=f"groups of {name} beside those that the treatments make",
            found=f"{name} is confounded with the fixed effects",
            do=f"with one {name} a treatment nothing tells them apart: add groups, or leave {name} out and say so",
        )
        for name, beside, whole in zip(names, left[1:], z, strict=True)
        if np.linalg.norm(beside) <= 1e-8 * np.linalg.norm(whole)
    ]
    if complaints:
        raise AnalysisError.of(complaints)
    likeness = np.array([[np.sum((one.T @ other) ** 2) for other in left] for one in left])
    lengths = np.sqrt(np.diag(likeness))
    if np.linalg.eigvalsh(likeness / np.outer(lengths, lengths))[0] < 1e-10:
        raise AnalysisError(
            expected="random factors whose variances the data can tell apart",
            found=f"{', '.join(names)} and the residual add up in every row",
            do="leave a random factor out",
        )


def _deviance_without(likelihood: Likelihood, place: int) -> float:
    """Return the deviance of the best fit without one random factor."""
    if len(likelihood.pull) == 1:
        return likelihood.value(np.zeros(1))
    spread, pull = (np.delete(each, place, axis=0) for each in (likelihood.spread, likelihood.pull))
    return maximise(replace(likelihood, spread=spread, pull=pull)).deviance


def _model(plan: Plan, unit: str, table: Table, fit: _Fit, naive: tuple[FixedTest, ...]) -> MixedModel:
    n = len(fit.table.units)
    rows, grid = _hypotheses(fit.design, plan.type), reference_grid(fit.design)
    by_satterthwaite = tuple(_named(term, satterthwaite(fit.fixed, each)) for term, each in rows.items())
    return MixedModel(
        plan=plan,
        unit=unit,
        n=n,
        effects=tuple(_named(term, kenward_roger(fit.fixed, each)) for term, each in rows.items()),
        satterthwaite=by_satterthwaite,
        naive=naive,
        coefficients=tuple(_coefficients(fit, fit.fixed.adjusted, kenward_roger)),
        satterthwaite_coefficients=tuple(_coefficients(fit, fit.fixed.covariance, satterthwaite)),
        components=tuple(_components(fit)),
        singular=fit.singular,
        log_likelihood=-0.5 * (fit.optimum.deviance + _unscaled(fit)),
        ml_log_likelihood=-0.5 * fit.full.deviance - n * float(np.log(fit.sd)),
        differences=tuple(_differences(fit, grid, plan.factors)),
        comparisons=tuple(planned_comparisons(grid, plan, lambda row: _estimate(fit, row))),
        groups=tuple(group_summaries(fit.table, plan.factors, fit.design.levels)),
        points=tuple(unit_points(fit.table, plan)),
        missing=table.missing,
        notes=tuple(_notes(table, fit, naive)),
    )


def _unscaled(fit: _Fit) -> float:
    """Return what the restricted deviance gains in the outcome's and the covariates' own units."""
    lengths = [np.linalg.norm(values - values.mean()) for values in _covariates(fit).values()]
    return float(2 * fit.restricted.count * np.log(fit.sd) + 2 * np.log(lengths).sum())


def _covariates(fit: _Fit) -> dict[str, Floats]:
    names = dict.fromkeys(name for term in fit.design.columns for name in term)
    return {name: fit.table.covariates[name] for name in names if name in fit.table.covariates}


def _hypotheses(design: Design, type: int) -> dict[Term, Floats]:  # noqa: A002
    """Return the combinations of coefficients that each term's test says are 0, shape (df, p).

    Which combinations of the same space stand in the rows does not matter to F and to Kenward-Roger's degrees of
    freedom, but to Satterthwaite's of several rows; they are lmerTest's.
    """
    terms = tuple(design.columns)
    if type == 1 or len(terms) == 1:
        return {term: _sequential(design, term, terms[terms.index(term) + 1 :]) for term in terms}
    return {term: (_marginal if type == 2 else _from_reference)(design, term) for term in terms}


def _marginal(design: Design, term: Term) -> Floats:
    containing = [other for other in design.columns if set(term) < set(other)]
    if containing:
        return _sequential(design, term, containing)
    return np.asarray(np.eye(design.matrix().shape[1])[_places(design)[term]])


def _from_reference(design: Design, term: Term) -> Floats:
    """Return the differences of each level from the reference, and their products in an interaction."""
    rows = np.ones((1, 1))
    for name in term:
        coding = sum_to_zero(len(design.levels[name])) if name in design.levels else np.array([[0.0], [1.0]])
        rows = np.kron(rows, coding[1:] - coding[0])
    found = np.zeros((len(rows), design.matrix().shape[1]))
    found[:, _places(design)[term]] = rows
    return found


def _sequential(design: Design, term: Term, after: Sequence[Term]) -> Floats:
    """Return what the term's sum of squares tests where it stands before the terms `after` it, behind all others."""
    places = _places(design)
    before = [other for other in places if other != term and other not in after]
    order = [0, *itertools.chain.from_iterable(places[one] for one in (*before, term, *after))]
    triangle = np.linalg.qr(design.matrix()[:, order])[1]
    rows = [triangle[order.index(place)] / triangle[order.index(place), order.index(place)] for place in places[term]]
    return np.array(rows)[:, np.argsort(order)]


def _places(design: Design) -> dict[Term, list[int]]:
    """Return which columns of the whole matrix are each term's."""
    ends = np.cumsum([1, *(columns.shape[1] for columns in design.columns.values())])
    return {term: list(range(ends[place], ends[place + 1])) for place, term in enumerate(design.columns)}


def _coefficients(fit: _Fit, covariance: Floats, test: Test) -> Iterator[Coefficient]:
    """Yield the coefficients in the outcome's and the covariates' own units."""
    names = [
        "(Intercept)",
        *itertools.chain.from_iterable(_column_names(fit.design, term) for term in fit.design.columns),
    ]
    rows = np.eye(len(names))
    for name, values in _covariates(fit).items():
        place, length = names.index(name), float(np.linalg.norm(values - values.mean()))
        rows[place] /= length
        rows[0, place] = -values.mean() / length
    shift = fit.table.shift + float(fit.table.values.mean())
    for name, row in zip(names, rows, strict=True):
        estimate = float(row @ fit.fixed.beta) * fit.sd + (shift if name == names[0] else 0.0)
        df = test(fit.fixed, row[None]).df_error
        se = float(row @ covariance @ row) ** 0.5 * fit.sd
        one = Estimate(estimate=estimate, se=se, df=df)
        yield Coefficient(name=name, estimate=estimate, se=se, df=df, t=one.t, p=one.p)


def _column_names(design: Design, term: Term) -> Iterator[str]:
    each = [[f"{n}{i}" for i in range(1, len(design.levels[n]))] if n in design.levels else [n] for n in term]
    return map(":".join, itertools.product(*each))


def _components(fit: _Fit) -> Iterator[VarianceComponent]:
    residual, *variances = map(float, fit.variances)
    whole = residual + sum(variances)
    for (name, labels), variance, without in zip(fit.groups.items(), variances, fit.without, strict=True):
        chi2 = max(0.0, without - fit.optimum.deviance)
        yield VarianceComponent(
            group=name,
            levels=len(set(labels)),
            variance=variance,
            sd=variance**0.5,
            share=variance / whole,
            chi2=chi2,
            p=0.5 * float(special.chdtrc(1, chi2)),
        )
    n = len(fit.table.units)
    yield VarianceComponent(
        group="residual", levels=n, variance=residual, sd=residual**0.5, share=residual / whole, chi2=None, p=None
    )


def _differences(fit: _Fit, grid: ReferenceGrid, factors: Sequence[str]) -> Iterator[Difference]:
    for question in questions(fit.design, factors):
        yield _difference(question, _estimate(fit, cell_weights(grid, question) @ grid.rows))


def _estimate(fit: _Fit, row: Floats) -> Estimate:
    df = kenward_roger(fit.fixed, row[None]).df_error
    se = float(row @ fit.fixed.adjusted @ row) ** 0.5 * fit.sd
    return Estimate(estimate=float(row @ fit.fixed.beta) * fit.sd, se=se, df=df)


def _difference(question: Question, one: Estimate) -> Difference:
    reach = float(special.stdtrit(one.df, 0.975)) * one.se
    return Difference(
        label=question.label,
        factor=question.factor,
        level=question.level,
        reference=question.reference,
        within=question.within,
        estimate=one.estimate,
        se=one.se,
        df=one.df,
        ci95=(one.estimate - reach, one.estimate + reach),
        t=one.t,
        p=one.p,
        hedges_g=None,
        hedges_g_ci95=None,
    )


def _notes(table: Table, fit: _Fit, naive: Iterable[FixedTest]) -> Iterator[str]:
    if table.missing:
        yield f"Left out because a value is missing: {', '.join(table.missing)}."
    if fit.singular:
        named = " and ".join(fit.singular)
        yield (
            f"Singular fit: the variance of {named} is estimated as 0, rows of one group being no more alike than"
            " others. The tests stay Kenward-Roger's, which keep the groups in the model; Satterthwaite's degrees of"
            " freedom jump to those of a model without them."
        )
    df = next(iter(naive)).df_error
    for name, labels in fit.groups.items():
        whole = [":".join(term) for term in fit.design.columns if _is_of_whole_groups(fit, term, labels)]
        if whole:
            yield (
                f"{', '.join(whole)}: the same for all rows of one {name}, so each {name} counts once, not each row; a"
                f" model that counts rows ({df:g} degrees of freedom) would be pseudoreplication."
            )


def _is_of_whole_groups(fit: _Fit, term: Term, labels: Sequence[str]) -> bool:
    columns = fit.design.columns[term]
    return len(set(zip(labels, map(bytes, columns), strict=True))) == len(set(labels))
