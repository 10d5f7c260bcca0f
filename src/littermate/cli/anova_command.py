"""Anova command: a factorial analysis of one table."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from littermate.cli.json_output import analysis_json
from littermate.cli.options import Figure, Json
from littermate.cli.printing import print_findings, print_json, print_rules, print_table
from littermate.single.picture import save
from littermate.single.table import analysis_findings, analysis_rules, fit_table, picture_of_anova

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(anova)


def anova(
    table: Path,
    formula: Annotated[str, typer.Argument(help="As in R: 'y ~ a * b'.")],
    type: Annotated[int, typer.Option(min=1, max=3, help="Sums of squares: 1, 2 or 3.")] = 3,  # noqa: A002
    figure: Figure = None,
    json: Json = False,
) -> None:
    """Fit a factorial ANOVA to a CSV table."""
    analysis = fit_table(table, formula, type=type)
    if figure:
        save(picture_of_anova(analysis), figure)
    findings = analysis_findings(analysis)
    if json:
        return print_json(analysis_rules(analysis), findings, **analysis_json(analysis))
    print_table(
        f"{analysis.plan.formula}, type {analysis.plan.type} sums of squares, n = {analysis.n}",
        ("effect", "df", "df error", "SS", "F", "P", "partial eta2", "90 % CI"),
        [
            (
                one.term,
                one.df,
                one.df_error,
                one.ss,
                one.f,
                one.p,
                one.partial_eta_squared,
                _interval(one.partial_eta_squared_ci90),
            )
            for one in analysis.effects
        ],
    )
    print_table(
        "groups",
        ("group", "n", "mean", "SD", "SEM"),
        [(", ".join(level for _, level in one.levels), one.n, one.mean, one.sd, one.sem) for one in analysis.groups],
    )
    print_table(
        "differences (unadjusted)",
        ("difference", "estimate", "95 % CI", "P", "Hedges g", "95 % CI"),
        [
            (one.label, one.estimate, _interval(one.ci95), one.p, one.hedges_g, _interval(one.hedges_g_ci95))
            for one in analysis.differences
        ],
    )
    for check in analysis.assumptions:
        print_table(check.name, ("statistic", "P", "says"), [(check.statistic, check.p, check.says)])
    print_findings(findings)
    print_rules(analysis_rules(analysis))
    return None


def _interval(limits: tuple[float, float]) -> str:
    return f"{limits[0]:.3g} to {limits[1]:.3g}"
