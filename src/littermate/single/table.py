"""Table: one CSV table, one analysis; and the words an analysis is accompanied by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from littermate.errors import TableError, UsageError
from littermate.model.analysis import Analysis
from littermate.model.finding import Finding
from littermate.model.plan import Plan
from littermate.model.repeated_measures import RepeatedMeasures
from littermate.model.robust import RobustAnova
from littermate.model.rules import RuleSet
from littermate.report.anova_figure import draw_anova
from littermate.report.residuals_figure import draw_residuals
from littermate.stats.allocations import Allocations, Restriction, reallocate
from littermate.stats.formula import parse_model
from littermate.stats.planned import planned_model
from littermate.stats.reading import PlanRead, read_plan
from littermate.stats.repeated import fit_repeated
from littermate.stats.robust_forms import robust_form
from littermate.stats.table import Table, read_table
from littermate.stats.whole import Beside, analyse

__all__ = [
    "TableAnalysis",
    "TableQuestion",
    "analysis_findings",
    "analysis_rules",
    "ask_table",
    "fit_table",
    "picture_of_anova",
    "picture_of_residuals",
    "repeated_findings",
    "repeated_rules",
]


_FROM_THE_FORMULA = Plan(outcome="", factors=())


@dataclass(frozen=True, slots=True, kw_only=True)
class TableQuestion:
    """What is asked of a table, beside its formula.

    Parameters
    ----------
    plan
        What a formula does not say: type, alpha, contrasts, comparisons, scale, outlier rule.
    unit_column
        The column that names the experimental units; replicate rows of a unit are then averaged.
    smallest_effect
        The smallest effect of interest, in the outcome's unit.
    redraws, seed, within, clusters
        Of the randomisation test: how many allocations (0 for none), the seed, the columns inside whose levels the
        groups were drawn, the column of what was drawn as a whole (the cage).
    sensitivity
        Whether other analyses of the same units are set beside the planned one.
    robust
        A robust form by its name (``"hc3"``), or none.
    """

    plan: Plan = _FROM_THE_FORMULA
    unit_column: str | None = None
    smallest_effect: float | None = None
    redraws: int = 0
    seed: int = 1
    within: tuple[str, ...] = ()
    clusters: str = ""
    sensitivity: bool = False
    robust: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableAnalysis:
    """The answer: an analysis, or repeated measures where the formula has an error stratum; the robust form."""

    analysis: Analysis | None = None
    repeated: RepeatedMeasures | None = None
    robust: RobustAnova | None = None


def fit_table(path: str | Path, formula: str, *, type: int = 3, alpha: float = 0.05) -> Analysis:  # noqa: A002
    """Fit a factorial or mixed model to a CSV table.

    Parameters
    ----------
    path
        A CSV file with one row an experimental unit.
    formula
        As in R: ``"immobility ~ magnesium * ketamine"``.
    type
        Sums of squares: 1, 2 or 3.
    alpha
        Level of significance, kept with the plan.

    Raises
    ------
    TableError
        If a column is missing or holds text where numbers should be.
    AnalysisError
        If the data cannot answer the model.
    UsageError
        If the formula has an error stratum.
    """
    found = ask_table(path, formula, TableQuestion(plan=replace(_FROM_THE_FORMULA, type=type, alpha=alpha)))
    if found.analysis is None:
        raise UsageError(expected="a formula without Error(...)", found=formula, do="use stats.repeated.fit_repeated")
    return found.analysis


def ask_table(path: str | Path, formula: str, question: TableQuestion | None = None) -> TableAnalysis:
    """Fit a model to a CSV table, with all that is asked beside it.

    Parameters
    ----------
    path
        A CSV file with one row an experimental unit, or a measurement where the formula says of what.
    formula
        As in R: ``"immobility ~ magnesium * ketamine"``, with ``(1 | cage)`` a mixed model, with ``Error(animal/bin)``
        repeated measures.
    question
        What else is asked.

    Raises
    ------
    TableError
        If a column is missing or holds text where numbers should be.
    AnalysisError
        If the data cannot answer the model.
    UsageError
        If the formula or the question cannot be meant.
    """
    question = question or TableQuestion()
    frame, parsed = read_table(path), parse_model(formula)
    if parsed.within:
        _refuse_beside(question)
        return TableAnalysis(repeated=fit_repeated(frame, parsed, alpha=question.plan.alpha))
    read = read_plan(frame, parsed, plan=question.plan, unit_column=question.unit_column)
    analysis = analyse(read.table, read.plan, beside=_beside(question, read, frame), reference_levels=read.levels)
    noted = replace(analysis, notes=(*read.notes, *analysis.notes))
    return TableAnalysis(analysis=noted, robust=_robust(question, read))


def _refuse_beside(question: TableQuestion) -> None:
    if question != TableQuestion(plan=replace(_FROM_THE_FORMULA, alpha=question.plan.alpha)):
        raise UsageError(
            expected="a formula with Error(...) alone",
            found="options of a factorial model beside it",
            do="leave them out, or use a mixed model: (1 | animal)",
        )


def _robust(question: TableQuestion, read: PlanRead) -> RobustAnova | None:
    if not question.robust:
        return None
    if read.plan.random:
        raise UsageError(
            expected="a model without random groups", found=read.plan.formula, do="leave --robust or (1 | ...) out"
        )
    return robust_form(planned_model(read.table, read.plan, read.levels), question.robust)


def _beside(question: TableQuestion, read: PlanRead, frame: pd.DataFrame) -> Beside:
    redraw = None
    if question.redraws:
        redraw = partial(_redrawn, question=question, read=read, restriction=_restriction(question, read.table, frame))
    return Beside(smallest_effect=question.smallest_effect, redraw=redraw, sensitivity=question.sensitivity)


def _redrawn(
    table: Table, *, question: TableQuestion, read: PlanRead, restriction: Restriction
) -> tuple[Allocations, ...]:
    return reallocate(
        table,
        read.plan,
        seed=question.seed,
        count=question.redraws,
        restriction=restriction,
        reference_levels=read.levels,
    )


def _restriction(question: TableQuestion, table: Table, frame: pd.DataFrame) -> Restriction:
    """Return what the draw kept to, from the columns that were named."""
    names = [*question.within, *filter(None, [question.clusters])]
    if names and (len(table.units) != len(frame) or question.plan.outliers):
        raise UsageError(
            expected="one row a unit, and no unit left out, where the groups are drawn again within a column",
            found=f"{len(frame)} rows of {len(table.units)} units, outlier rule {question.plan.outliers or 'none'}",
            do="average the rows first, or leave the rule out",
        )
    return Restriction(
        within={name: _labels(frame, name) for name in question.within},
        clusters={question.clusters: _labels(frame, question.clusters)} if question.clusters else {},
    )


def _labels(frame: pd.DataFrame, name: str) -> Sequence[str]:
    if name not in frame.columns:
        found = f"no column {name}"
        raise TableError(expected=f"one of the columns {', '.join(frame.columns)}", found=found, do="correct the name")
    return [str(cell) for cell in frame[name]]


def analysis_rules(analysis: Analysis) -> RuleSet:
    """Return the rules of an analysis as words and a hash."""
    kinds = {1: "sequential", 2: "hierarchical", 3: "marginal, sum-to-zero contrasts"}
    plan = analysis.plan
    words: tuple[str, ...]
    if analysis.mixed is not None:
        words = (
            f"Model: {plan.formula}; restricted maximum likelihood; alpha = {plan.alpha:g}.",
            f"F tests of type {plan.type}, standard errors and degrees of freedom by Kenward and Roger.",
            "Differences of estimated means, 95 % intervals, unadjusted.",
        )
    else:
        words = (
            f"Model: {plan.formula}; least squares; alpha = {plan.alpha:g}.",
            f"Type {plan.type} sums of squares ({kinds[plan.type]}).",
            "Partial eta squared with 90 % interval from the noncentral F, lambda / (lambda + N).",
            "Differences of marginal means from the model's pooled error, 95 % intervals, unadjusted; Hedges g with the"
            " exact small-sample correction and its interval from the noncentral t.",
        )
    return RuleSet(
        name="anova", parameters=(("alpha", plan.alpha), ("formula", plan.formula), ("type", plan.type)), words=words
    )


def repeated_rules(repeated: RepeatedMeasures) -> RuleSet:
    """Return the rules of a repeated-measures analysis as words and a hash."""
    words = (
        f"Model: {repeated.formula}; univariate, type 3 sums of squares; alpha = {repeated.plan.alpha:g}.",
        "Effects within subjects: P with degrees of freedom multiplied by Greenhouse-Geisser's epsilon; Huynh and"
        " Feldt's beside it (above 1 it counts as 1).",
    )
    return RuleSet(
        name="repeated measures",
        parameters=(("alpha", repeated.plan.alpha), ("formula", repeated.formula)),
        words=words,
    )


def analysis_findings(analysis: Analysis) -> tuple[Finding, ...]:
    """Say what was left out or decided, and which assumption fails; the planned analysis stays the primary one."""
    outcome = analysis.plan.outcome
    said = [Finding(id="analysis-note", importance="note", message=note, about=outcome) for note in analysis.notes]
    if analysis.missing:
        message = f"no value, left out: {', '.join(analysis.missing)}"
        said.append(Finding(id="missing-values", importance="warning", message=message, about=outcome))
    return (*said, *_failed_assumptions(analysis))


def repeated_findings(repeated: RepeatedMeasures) -> tuple[Finding, ...]:
    """Say what was left out or decided."""
    outcome = repeated.plan.outcome
    said = [Finding(id="analysis-note", importance="note", message=note, about=outcome) for note in repeated.notes]
    if repeated.left_out:
        message = f"without a value at some level, left out: {', '.join(repeated.left_out)}"
        said.append(Finding(id="missing-values", importance="warning", message=message, about=outcome))
    return tuple(said)


def _failed_assumptions(analysis: Analysis) -> tuple[Finding, ...]:
    return tuple(
        Finding(id="assumption", importance="warning", message=one.says, about=analysis.plan.outcome)
        for one in analysis.assumptions
        if one.p is not None and one.p < analysis.plan.alpha
    )


def picture_of_anova(analysis: Analysis) -> Figure:
    """Draw the groups' means with SEM and every unit as a point."""
    return draw_anova(analysis)


def picture_of_residuals(analysis: Analysis) -> Figure:
    """Draw what the model leaves of every unit.

    Raises
    ------
    UsageError
        Of a mixed model.
    """
    if analysis.residuals is None:
        raise UsageError(
            expected="a model without random groups", found=analysis.plan.formula, do="leave --residuals out"
        )
    return draw_residuals(analysis.residuals)
