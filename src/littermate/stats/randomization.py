"""Randomisation test: P from the allocations that could have been made, all effects at once.

The groups are re-drawn, the animals keep their outcome, block and covariates, and the F of the planned model is worked
out again for every re-drawn allocation. P is the share of allocations with an F as large as the one that was made,
which counts itself (Phipson and Smyth 2010, *Stat Appl Genet Mol Biol* 9:39).

What the other effects do meanwhile:

``"freedman-lane"``
    They are taken off as fitted: what is re-drawn are the residuals of the model without the effect in question
    (Freedman and Lane 1983, *J Bus Econ Stat* 1:292). The test of one effect whatever the others are; exact for one
    factor, and nearly so for more (Anderson and Legendre 1999, *J Stat Comput Simul* 62:271).
``"sharp"``
    Nothing: the outcome itself is re-drawn. Exact for the hypothesis that no animal would have had another outcome in
    any other group.

For one allocation the sums of the outcome, the blocks and the covariates in each cell say all there is to know, so
that thousands of allocations are a few matrix products. F grows with SS / (SS + SS error), which is what is compared:
parts that differ by less than 1e-12 are equal, so that ties count however they were rounded. An allocation that leaves
the model unanswerable (a cell without a measured animal) counts as one with a larger F.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

from littermate.errors import AnalysisError, Complaint, UsageError
from littermate.model.analysis import Analysis
from littermate.model.plan import Plan
from littermate.model.randomization import Randomization, RandomizedEffect
from littermate.stats.allocations import Allocations, Whole, cell_numbers
from littermate.stats.answerable import Levels, ordered_levels
from littermate.stats.formula import Term
from littermate.stats.linear import Design, build_design, project
from littermate.stats.table import Floats, Table

__all__ = ["Method", "randomization_test"]

Method = Literal["freedman-lane", "sharp"]

_TIE = 1e-12
_SINGULAR = 1e-9
"""An allocation cannot be answered where its determinant is this much smaller than that of the one that was made."""
_WORDS: Mapping[str, str] = {
    "freedman-lane": "the other effects taken off as fitted (Freedman-Lane)",
    "sharp": "the outcome itself, as if no treatment had any effect",
}


def randomization_test(
    table: Table,
    analysis: Analysis,
    allocations: Sequence[Allocations],
    *,
    method: Method = "freedman-lane",
    reference_levels: Mapping[str, Sequence[str]] | None = None,
) -> Randomization:
    """Test every effect of an analysis by re-drawing the groups.

    Parameters
    ----------
    table
        What was analysed; units without outcome are left out, and their place in the allocations with them.
    analysis
        From `fit`, of the same table.
    allocations
        From `reallocate`, or from the scheme of a study. An effect is tested with the last that re-draw a factor of it.
    method
        What stays of the other effects: see the module.
    reference_levels
        As in `fit`: the order of levels by which `allocations` number their cells.

    Raises
    ------
    UsageError
        If there is no such method, or the allocations are not of this table's units and cells.
    AnalysisError
        If nothing was drawn at random, the allocation that was made is not among all those there are, or the model is
        one that cannot be re-drawn.

    Examples
    --------
    >>> from littermate.model.plan import Plan
    >>> from littermate.stats.allocations import reallocate
    >>> from littermate.stats.factorial import fit
    >>> plan = Plan(outcome="immobility", factors=("ketamine",))
    >>> table = Table(
    ...     outcome="immobility", values=(140, 150, 145, 110, 120, 115), units=("K1", "K2", "K3", "K4", "K5", "K6"),
    ...     factors={"ketamine": ("saline",) * 3 + ("ketamine",) * 3},
    ... )
    >>> found = randomization_test(table, fit(table, plan, unit="s"), reallocate(table, plan, seed=1))
    >>> found.effect("ketamine").b, found.effect("ketamine").count, found.effect("ketamine").p
    (2, 20, 0.1)
    >>> found.notes
    ('ketamine: the smallest P there can be is 0.1, so that these allocations cannot reach 0.05.',)
    """
    if method not in get_args(Method):
        raise UsageError(expected=f"a method: {', '.join(get_args(Method))}", found=method, do="choose one of them")
    model = _model(table, analysis, method, reference_levels)
    made: dict[str, RandomizedEffect] = {}
    for one in allocations:
        made |= {effect.term: effect for effect in _effects(model, one, analysis)}
    effects = tuple(made[effect.term] for effect in analysis.effects if effect.term in made)
    if not effects:
        raise AnalysisError(
            expected="allocations in which units change their group",
            found="every unit in its own group in all of them",
            do="check the blocks: where each holds one unit, or one group, nothing was drawn at random",
        )
    return Randomization(
        outcome=table.outcome, effects=effects, method=_WORDS[method], notes=tuple(_notes(analysis, effects))
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Model:
    """What stays the same while groups are re-drawn.

    Parameters
    ----------
    responses
        For each term, what is re-drawn: shape (n,), orthogonal to `fixed`.
    nuisance
        For each term, the coefficients of what was taken off, shape (p,); for types I and II.
    fixed
        An orthonormal basis of the intercept, blocks and covariates, shape (n, q).
    coding
        The columns of every cell, shape (cells, p).
    places
        Which columns are those of each term.
    levels
        Of the factors that were drawn.
    made
        The cell of every unit of the table, shape (units,).
    present
        Which units are in the model, shape (units,).
    type
        Of the sums of squares.
    """

    responses: Mapping[Term, Floats]
    nuisance: Mapping[Term, Floats]
    fixed: Floats
    coding: Floats
    places: Mapping[Term, Whole]
    levels: Levels
    made: Whole
    present: NDArray[np.bool_]
    type: int

    def level(self, name: str, cells: Whole) -> Whole:
        """Return the number of a factor's level in each cell."""
        names = list(self.levels)
        below = math.prod(len(self.levels[other]) for other in names[names.index(name) + 1 :])
        return cells // below % len(self.levels[name])

    def adjusted(self, term: Term) -> Whole:
        """Return the columns of the term and of those that its sum of squares of type I or II is adjusted for."""
        terms = list(self.places)
        if self.type == 1:
            terms = terms[: terms.index(term) + 1]
        else:
            terms = [other for other in terms if not set(term) < set(other)]
        return np.concatenate([self.places[other] for other in terms])


def _model(table: Table, analysis: Analysis, method: Method, given: Mapping[str, Sequence[str]] | None) -> _Model:
    factors = analysis.plan.factors
    terms = tuple(tuple(effect.term.split(":")) for effect in analysis.effects)
    drawn = tuple(term for term in terms if set(term) <= set(factors))
    _require_separable(terms, drawn, analysis.plan)
    complete = table.complete()
    all_levels = ordered_levels(complete, terms, given or {})
    levels = {name: all_levels[name] for name in factors}
    design = build_design(complete, terms, all_levels)
    coding, places = _coding(drawn, levels)
    taken = {term: _taken_off(drawn, term, method) for term in drawn}
    fixed = [columns for term, columns in design.columns.items() if term not in drawn]
    return _Model(
        responses={term: _residuals(design, drawn, taken[term]) for term in drawn},
        nuisance={term: _coefficients(design, places, taken[term]) for term in drawn if analysis.plan.type < 3},
        fixed=linalg.orth(np.hstack([design.intercept, *fixed]), rcond=1e-10),
        coding=coding,
        places=places,
        levels=levels,
        made=cell_numbers(table, levels),
        present=table.present,
        type=analysis.plan.type,
    )


def _coding(terms: Sequence[Term], levels: Levels) -> tuple[Floats, dict[Term, Whole]]:
    """Return the columns of a unit in each cell, and which are those of each term."""
    cells = list(itertools.product(*levels.values()))
    labels = dict(zip(levels, zip(*cells, strict=True), strict=True))
    numbers = np.arange(len(cells))
    grid = Table(outcome="cell", values=numbers.astype(float), factors=labels, units=[str(at) for at in numbers])
    columns = build_design(grid, terms, levels).columns
    ends = np.cumsum([own.shape[1] for own in columns.values()])
    places = dict(zip(columns, np.split(np.arange(ends[-1]), ends[:-1]), strict=True))
    return np.hstack(list(columns.values())), places


def _taken_off(drawn: Sequence[Term], term: Term, method: Method) -> tuple[Term, ...]:
    return tuple(other for other in drawn if other != term) if method == "freedman-lane" else ()


def _residuals(design: Design, drawn: Sequence[Term], taken: Sequence[Term]) -> Floats:
    """Return the outcome less the blocks, the covariates and the terms taken off."""
    kept = {term: columns for term, columns in design.columns.items() if term not in drawn or term in taken}
    return project(replace(design, columns=kept)).residuals


def _coefficients(design: Design, places: Mapping[Term, Whole], taken: Sequence[Term]) -> Floats:
    """Return the coefficients of the terms taken off, 0 for the others."""
    fixed = [columns for term, columns in design.columns.items() if term not in places]
    matrix = np.hstack([*(design.columns[term] for term in taken), design.intercept, *fixed])
    fitted = np.linalg.lstsq(matrix, design.y, rcond=None)[0]
    found = np.zeros(sum(map(len, places.values())))
    at = np.concatenate([np.arange(0), *(places[term] for term in taken)])
    found[at] = fitted[: len(at)]
    return found


def _effects(model: _Model, one: Allocations, analysis: Analysis) -> Iterator[RandomizedEffect]:
    """Test the terms of which these allocations re-draw a factor."""
    _require_fitting(model, one)
    cells = _pool(model, one)
    cells = cells if model.present.all() else cells[:, model.present]
    moving = _moving(model, cells)
    terms = [term for term in model.places if moving & set(term)]
    for term, part in zip(terms, _explained(model, cells, terms), strict=True):
        name = ":".join(term)
        yield _effect(name, analysis.effect(name).f, part, one)


def _effect(term: str, f: float, part: Floats, one: Allocations) -> RandomizedEffect:
    """Count; the first part is that of the allocation that was made."""
    count = len(one.cells)
    larger = int(np.sum(part[1:] >= part[0] - _TIE))
    p = (larger + 1) / len(part)
    return RandomizedEffect(
        term=term,
        f=f,
        p=p,
        b=larger + 1 if one.exhaustive else larger,
        count=count,
        smallest_p=float(np.mean(part >= np.max(part[np.isfinite(part)]) - _TIE)),
        mc_se=0.0 if one.exhaustive else (p * (1 - p) / count) ** 0.5,
        exact=one.exhaustive,
        scheme=one.scheme,
        seed=one.seed,
    )


def _pool(model: _Model, one: Allocations) -> Whole:
    """Return the allocation that was made and all others, shape (pool, units)."""
    cells = _with_held(model, one) if one.factors else one.cells
    if not one.exhaustive:
        return np.vstack([model.made.astype(cells.dtype), cells])
    same = np.flatnonzero(np.all(cells == model.made, axis=1))
    if not len(same):
        raise AnalysisError(
            expected="the groups of these units among all the allocations that there are",
            found="they are none of them",
            do="give the allocations of the scheme by which these units were allocated",
        )
    return np.vstack([cells[same[0]], np.delete(cells, same[0], axis=0)])


def _with_held(model: _Model, one: Allocations) -> Whole:
    """Return the cells with the levels of the factors that are not re-drawn as they were."""
    cells = np.zeros(one.cells.shape, dtype=one.cells.dtype)
    made = model.made.astype(one.cells.dtype)
    for name, labels in model.levels.items():
        cells = cells * len(labels) + model.level(name, one.cells if name in one.factors else made)
    return cells


def _moving(model: _Model, cells: Whole) -> set[str]:
    """Return the factors of which a unit changes its level in any of the allocations, the first of which was made."""
    numbers = np.arange(len(model.coding))
    seen = np.array([np.any(cells == number, axis=0) for number in numbers])
    return {
        name
        for name in model.levels
        if np.any(seen & (model.level(name, numbers)[:, None] != model.level(name, cells[0])))
    }


def _explained(model: _Model, cells: Whole, terms: Sequence[Term]) -> Iterator[Floats]:
    """Return for each term SS / (SS + SS error) in every allocation; infinite where there is no answer."""
    ones = np.ones((cells.shape[1], 1))
    known = np.hstack([ones, model.fixed, *(model.responses[term][:, None] for term in terms)])
    sums = np.stack([(cells == cell).astype(float) @ known for cell in range(len(model.coding))], axis=1)
    counts, fixed, responses = np.split(sums, [1, 1 + model.fixed.shape[1]], axis=2)
    gram = _gram(model, counts[:, :, 0], fixed)
    _require_answer(gram[0])
    answered = _answered(gram)
    gram[~answered] = np.eye(gram.shape[1])
    whole = _inverse(gram)
    for at, term in enumerate(terms):
        product: Floats = responses[:, :, at] @ model.coding
        y = model.responses[term]
        error = float(y @ y) - _squared_length(product, whole)
        if model.type == 3:
            ss = _sum_of_squares(product, whole, model.places[term])
        else:
            ss = _adjusted_sum_of_squares(model, term, product, gram)
        total = ss + np.maximum(error, 0.0)
        yield np.divide(ss, total, out=np.full(total.shape, np.inf), where=answered & (total > 0))


def _gram(model: _Model, counts: Floats, fixed: Floats) -> Floats:
    """Return the products of the cells' columns, less what blocks and covariates explain of them.

    Shape (allocations, p, p), or (1, p, p) where it is the same for all.
    """
    if model.fixed.shape[1] == 1 and not np.any(counts != counts[0]):
        counts, fixed = counts[:1], fixed[:1]
    across = model.coding.T @ fixed
    inside: Floats = (model.coding.T[None] * counts[:, None, :]) @ model.coding
    return inside - across @ across.transpose(0, 2, 1)


def _answered(gram: Floats) -> NDArray[np.bool_]:
    """Whether the terms can be told apart in each allocation, the first of which was made."""
    size = np.linalg.det(gram)
    return np.asarray(size > _SINGULAR * size[0])


def _sum_of_squares(product: Floats, inverse: Floats, own: Whole) -> Floats:
    """Return the sum of squares of a term's own columns among others, in every allocation."""
    estimates: Floats = np.einsum("nij,nj->ni", inverse[:, own], product)
    return _squared_length(estimates, _inverse(inverse[:, own[:, None], own]))


def _adjusted_sum_of_squares(model: _Model, term: Term, product: Floats, gram: Floats) -> Floats:
    """Return the same where a term is adjusted for some of the others only; what was taken off these is put back."""
    columns = model.adjusted(term)
    product = product + model.nuisance[term] @ gram
    inverse = _inverse(gram[:, columns[:, None], columns])
    return _sum_of_squares(product[:, columns], inverse, np.flatnonzero(np.isin(columns, model.places[term])))


def _squared_length(vectors: Floats, metric: Floats) -> Floats:
    """Return v' M v of every vector; one metric for all, or one each."""
    found: Floats = np.einsum("ni,nij,nj->n", vectors, metric, vectors)
    return found


def _inverse(matrices: Floats) -> Floats:
    """Invert; numbers are not worth a call of LAPACK each."""
    return np.asarray(1 / matrices if matrices.shape[-1] == 1 else np.linalg.inv(matrices), dtype=np.float64)


def _notes(analysis: Analysis, effects: Sequence[RandomizedEffect]) -> Iterator[str]:
    alpha = analysis.plan.alpha
    tested = {effect.term for effect in effects}
    factors = set(analysis.plan.factors)
    held = [one.term for one in analysis.effects if one.term not in tested and set(one.term.split(":")) <= factors]
    if held:
        yield f"No unit changed its level, so that there is no randomisation test: {', '.join(held)}."
    for effect in effects:
        if effect.smallest_p >= alpha:
            yield (
                f"{effect.term}: the smallest P there can be is {effect.smallest_p:.2g}, so that these allocations"
                f" cannot reach {alpha:g}."
            )


def _require_fitting(model: _Model, one: Allocations) -> None:
    units, cells = len(model.made), len(model.coding)
    complaints = []
    if one.cells.ndim != 2 or one.cells.shape[1] != units or not len(one.cells):
        found = " x ".join(map(str, one.cells.shape))
        do = "allocate all units of the table, those without outcome too"
        complaints.append(Complaint(expected=f"allocations of {units} units each", found=found, do=do))
    elif one.cells.min() < 0 or one.cells.max() >= cells:
        found, do = f"{one.cells.min()} to {one.cells.max()}", "number the cells in the order of the plan's factors"
        complaints.append(Complaint(expected=f"cells from 0 to {cells - 1}", found=found, do=do))
    unknown = [name for name in one.factors if name not in model.levels]
    if unknown:
        expected = f"factors of the plan: {', '.join(model.levels)}"
        complaints.append(Complaint(expected=expected, found=", ".join(unknown), do="correct the name"))
    if complaints:
        raise UsageError.of(complaints)


def _require_answer(gram: Floats) -> None:
    if np.linalg.matrix_rank(gram, hermitian=True) < len(gram):
        raise AnalysisError(
            expected="terms that the groups as they were made can tell apart",
            found="fewer: a cell is empty, or a term is confounded with blocks or covariates",
            do="plan a model without that interaction",
        )


def _require_separable(terms: Sequence[Term], drawn: Sequence[Term], plan: Plan) -> None:
    """Complain of a model in which blocks and covariates cannot be taken off first, once for all allocations."""
    mixed = [":".join(term) for term in terms if term not in drawn and set(term) & set(plan.factors)]
    late = [":".join(term) for place, term in enumerate(terms) if term not in drawn and set(terms[:place]) & set(drawn)]
    complaints = []
    if mixed:
        expected, do = "blocks and covariates that are only added", "plan them so, or make both factors of the plan"
        complaints.append(Complaint(expected=expected, found=", ".join(mixed), do=do))
    elif plan.type == 1 and late:
        expected = "blocks and covariates before the factors, for type I"
        do = "write them first, or ask for type III sums of squares"
        complaints.append(Complaint(expected=expected, found=", ".join(late), do=do))
    if complaints:
        raise AnalysisError.of(complaints)
