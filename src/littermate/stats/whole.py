"""The whole analysis of a plan: the planned model, and all that is said beside it.

`analyse` is what a study and the one-file command call. The planned analysis is the primary one; what stands beside it
(equivalence, detectable differences, Bayes factors, re-randomisation, other analyses of the same units) never takes its
place. A rule by which outliers are left out, a scale and random groups are the plan's own: they are part of the primary
analysis.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from littermate.errors import DataError
from littermate.model.analysis import Analysis
from littermate.model.comparison import Comparisons
from littermate.model.effect import Effect
from littermate.model.mixed_model import MixedModel
from littermate.model.outlier import Outlier
from littermate.model.plan import Plan
from littermate.model.randomization import Randomization
from littermate.model.sensitivity import SensitivityRow
from littermate.model.transformation import Transformation
from littermate.stats.allocations import Allocations
from littermate.stats.bayes_factor import bayes_factors
from littermate.stats.comparisons import How, against_control, pairwise, planned_contrasts
from littermate.stats.equivalence import equivalences
from littermate.stats.factorial import fit_planned, ready
from littermate.stats.mixed import fit_mixed_plan
from littermate.stats.mixed_sensitivity import mixed_sensitivity
from littermate.stats.outliers import RULES, apply_rule
from littermate.stats.planned import PlannedModel, planned_model
from littermate.stats.power import detectable_differences
from littermate.stats.randomization import randomization_test
from littermate.stats.residuals import residuals_of
from littermate.stats.sensitivity import Others, sensitivity
from littermate.stats.table import Table
from littermate.stats.transform import transform

__all__ = ["Beside", "analyse"]

Levels = Mapping[str, Sequence[str]]
Redraw = Callable[[Table], tuple[Allocations, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """What is wanted beside the planned model.

    Parameters
    ----------
    smallest_effect
        The plan's smallest effect of interest, in the outcome's unit.
    redraw
        Gives the allocations that could have been made, of the table's units; no randomisation test without it.
    sensitivity
        Whether other analyses of the same units are set beside it.
    excluded
        The table with the units that were left out of it before; `None` where nobody was.
    columns
        Covariates that the plan does not have, by unit; the plan is tried with each of them.
    """

    smallest_effect: float | None = None
    redraw: Redraw | None = None
    sensitivity: bool = False
    excluded: Table | None = None
    columns: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


def analyse(
    table: Table,
    plan: Plan,
    *,
    unit: str = "",
    beside: Beside | None = None,
    reference_levels: Levels | None = None,
) -> Analysis:
    """Fit a plan, and what is wanted beside it.

    Parameters
    ----------
    table
        The outcome, factors, blocks, random groups and covariates of each experimental unit.
    plan
        What was planned.
    unit
        Unit of the outcome.
    beside
        Comparisons of the plan, equivalence, Bayes factors and residuals are always there; this asks for more.
    reference_levels
        The levels of each factor in their order, the reference first.

    Raises
    ------
    AnalysisError, UsageError
        If the data cannot answer the planned model.

    Examples
    --------
    >>> table = Table(
    ...     outcome="immobility", values=(140, 150, 145, 110, 120, 115), units=("K1", "K2", "K3", "K4", "K5", "K6"),
    ...     factors={"ketamine": ("saline",) * 3 + ("ketamine",) * 3},
    ... )
    >>> found = analyse(table, Plan(outcome="immobility", factors=("ketamine",)), beside=Beside(smallest_effect=20))
    >>> found.equivalence.tests[0].says, found.bayes_factors[0].says
    ('different and not equivalent', 'strong evidence for an effect')
    """
    beside = beside or Beside()
    kept, left_out = _by_the_rule(table, plan)
    own = _Task(table=_on_the_scale(kept, plan), plan=plan, unit=_unit(plan, unit), levels=reference_levels or {})
    primary = replace(own.mixed() if plan.random else own.primary(), left_out=left_out)
    notes = [*primary.notes]
    if left_out:
        notes.append(f"Left out by the plan's rule: {'; '.join(f'{one.unit} ({one.because})' for one in left_out)}.")
    smallest = beside.smallest_effect
    if plan.scale and smallest is not None:
        notes.append(f"Equivalence is not tested: the smallest effect is not on the {plan.scale} scale.")
        smallest = None
    randomization, note = own.randomization(primary, beside.redraw)
    others = Others(units=dict(_other_units(table, plan, beside)), unscaled=kept if plan.scale else None)
    return replace(
        primary,
        equivalence=equivalences(primary, smallest),
        detectable=detectable_differences(primary),
        randomization=randomization,
        sensitivity=own.sensitivity(primary, others, beside.columns) if beside.sensitivity else (),
        notes=(*notes, *filter(None, [note])),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Task:
    """A table and a plan after its rule and scale."""

    table: Table
    plan: Plan
    unit: str
    levels: Levels = field(default_factory=dict)

    def primary(self) -> Analysis:
        """Fit the linear model and what belongs to it."""
        planned = planned_model(self.table, self.plan, self.levels)
        analysis = fit_planned(planned, unit=self.unit)
        return replace(
            analysis,
            comparisons=tuple(_comparisons(planned)),
            bayes_factors=bayes_factors(analysis),
            residuals=residuals_of(planned, unit=self.unit),
        )

    def mixed(self) -> Analysis:
        """Fit the mixed model, and give it as an analysis."""
        return _as_analysis(fit_mixed_plan(self.table, self.plan, unit=self.unit, reference_levels=self.levels), self)

    def sensitivity(
        self, primary: Analysis, others: Others, columns: Mapping[str, Mapping[str, float]]
    ) -> tuple[SensitivityRow, ...]:
        """Analyse the same units in other ways; of a mixed plan without covariates that it does not have."""
        if primary.mixed is not None:
            return mixed_sensitivity(primary.mixed, self.table, reference_levels=self.levels, others=others)
        units = self.table.units
        more = {name: np.array([of.get(unit, np.nan) for unit in units]) for name, of in columns.items()}
        table = replace(self.table, covariates=more | dict(self.table.covariates))
        return sensitivity(table, self.plan, reference_levels=self.levels, others=others)

    def randomization(self, primary: Analysis, redraw: Redraw | None) -> tuple[Randomization | None, str]:
        """Return the randomisation test, or why there is none."""
        if redraw is None:
            return None, ""
        if self.plan.random:
            return None, f"No randomisation test: there is none for a model with random {', '.join(self.plan.random)}."
        try:
            allocations = redraw(self.table)
            return randomization_test(self.table, primary, allocations, reference_levels=self.levels), ""
        except DataError as fault:
            reason = fault.complaints[0]
            return None, f"No randomisation test: it needs {reason.expected}; found {reason.found}."


def _comparisons(planned: PlannedModel) -> Iterator[Comparisons]:
    plan = planned.plan
    if not (plan.contrasts or plan.compare):
        return
    model = ready(planned)
    if plan.contrasts:
        yield planned_contrasts(model, plan.contrasts, how=How(adjust=plan.adjust or "holm"))
    if plan.compare == "pairs":
        yield from pairwise(model, plan.factors, how=How(adjust=plan.adjust or "tukey"))
    if plan.compare == "control":
        yield from against_control(model, plan.factors, how=How(adjust=plan.adjust or "dunnett"))


def _by_the_rule(table: Table, plan: Plan) -> tuple[Table, tuple[Outlier, ...]]:
    return apply_rule(table, plan, RULES[plan.outliers]) if plan.outliers else (table, ())


def _other_units(table: Table, plan: Plan, beside: Beside) -> Iterator[tuple[str, Table]]:
    """Give the units that the primary analysis leaves out back to it: by the plan's own rule, or excluded before."""
    if plan.outliers:
        yield "with outliers", _on_the_scale(table, plan)
    if beside.excluded is not None:
        yield "with excluded animals", _on_the_scale(_by_the_rule(beside.excluded, plan)[0], plan)


def _on_the_scale(table: Table, plan: Plan) -> Table:
    return transform(table, Transformation(kind=plan.scale)) if plan.scale else table


def _unit(plan: Plan, unit: str) -> str:
    return f"{plan.scale} {unit}".strip()


def _as_analysis(model: MixedModel, task: _Task) -> Analysis:
    return Analysis(
        plan=task.plan,
        unit=task.unit,
        n=model.n,
        effects=tuple(
            Effect(
                term=one.term,
                df=one.df,
                df_error=one.df_error,
                ss=None,
                f=one.f,
                p=one.p,
                partial_eta_squared=None,
                partial_eta_squared_ci90=None,
                partial_omega_squared=None,
            )
            for one in model.effects
        ),
        df_error=None,
        ss_error=None,
        groups=model.groups,
        differences=model.differences,
        assumptions=(),
        points=model.points,
        missing=model.missing,
        notes=model.notes,
        comparisons=model.comparisons,
        mixed=model,
    )
