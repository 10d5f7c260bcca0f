"""Table: one CSV table, one analysis; and the words an analysis is accompanied by."""

from __future__ import annotations

from pathlib import Path

from matplotlib.figure import Figure

from littermate.model.analysis import Analysis
from littermate.model.finding import Finding
from littermate.model.rules import RuleSet
from littermate.report.anova_figure import draw_anova
from littermate.stats.factorial import fit_formula
from littermate.stats.formula import parse_formula
from littermate.stats.table import read_table

__all__ = ["analysis_findings", "analysis_rules", "fit_table", "picture_of_anova"]


def fit_table(path: str | Path, formula: str, *, type: int = 3, alpha: float = 0.05) -> Analysis:  # noqa: A002
    """Fit a factorial model to a CSV table.

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
    """
    return fit_formula(read_table(path), parse_formula(formula), type=type, alpha=alpha)


def analysis_rules(analysis: Analysis) -> RuleSet:
    """Return the rules of an analysis as words and a hash."""
    kinds = {1: "sequential", 2: "hierarchical", 3: "marginal, sum-to-zero contrasts"}
    plan = analysis.plan
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


def analysis_findings(analysis: Analysis) -> tuple[Finding, ...]:
    """Say what was left out or decided, and which assumption fails; the planned analysis stays the primary one."""
    outcome = analysis.plan.outcome
    said = [Finding(id="analysis-note", importance="note", message=note, about=outcome) for note in analysis.notes]
    if analysis.missing:
        message = f"no value, left out: {', '.join(analysis.missing)}"
        said.append(Finding(id="missing-values", importance="warning", message=message, about=outcome))
    return (*said, *_failed_assumptions(analysis))


def _failed_assumptions(analysis: Analysis) -> tuple[Finding, ...]:
    return tuple(
        Finding(id="assumption", importance="warning", message=one.says, about=analysis.plan.outcome)
        for one in analysis.assumptions
        if one.p is not None and one.p < analysis.plan.alpha
    )


def picture_of_anova(analysis: Analysis) -> Figure:
    """Draw the groups' means with SEM and every unit as a point."""
    return draw_anova(analysis)
