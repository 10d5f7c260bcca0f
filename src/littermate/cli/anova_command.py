"""Anova command: a factorial, mixed or repeated-measures analysis of one table, and what is asked beside it."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Annotated

import typer

from littermate.cli.analysis_tables import print_analysis, print_repeated, print_robust
from littermate.cli.json_output import analysis_json, repeated_json
from littermate.cli.options import Figure, Json, drawable
from littermate.cli.printing import out, print_findings, print_json, print_rules
from littermate.errors import UsageError
from littermate.formats.analysis_export import write_export
from littermate.model.analysis import Analysis
from littermate.model.plan import Plan
from littermate.single.picture import save
from littermate.single.table import (
    TableAnalysis,
    TableQuestion,
    analysis_findings,
    analysis_rules,
    ask_table,
    picture_of_anova,
    picture_of_residuals,
    repeated_findings,
    repeated_rules,
)

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(anova)


def anova(
    table: Path,
    formula: Annotated[
        str, typer.Argument(help="As in R: 'y ~ a * b', with (1 | cage) mixed, with Error(animal/bin) repeated.")
    ],
    type: Annotated[int, typer.Option(min=1, max=3, help="Sums of squares: 1, 2 or 3.")] = 3,  # noqa: A002
    alpha: Annotated[float, typer.Option(help="Level of significance.")] = 0.05,
    unit: Annotated[
        str | None, typer.Option(help="Column that names the animals; replicate rows are averaged.")
    ] = None,
    contrast: Annotated[
        list[str] | None, typer.Option(help="A planned contrast: 'ketamine - saline at magnesium = mg'. Repeat it.")
    ] = None,
    compare: Annotated[str, typer.Option(help="pairs (Tukey), or control (Dunnett).")] = "",
    adjust: Annotated[str, typer.Option(help="Another adjustment: holm, sidak, bonferroni, fdr, none ...")] = "",
    smallest_effect: Annotated[
        float | None, typer.Option(help="Smallest effect of interest, in the outcome's unit: tests equivalence.")
    ] = None,
    randomise: Annotated[int, typer.Option(min=0, help="Randomisation test, with so many allocations.")] = 0,
    within: Annotated[
        list[str] | None, typer.Option(help="The groups were drawn within this column (cage, sex). Repeat it.")
    ] = None,
    clusters: Annotated[str, typer.Option(help="Column of what was drawn as a whole (cage).")] = "",
    seed: Annotated[int, typer.Option(min=0, help="Of the randomisation test.")] = 1,
    robust: Annotated[str, typer.Option(help="Beside it: hc3, welch, ats, rank-ats, aligned-ranks ...")] = "",
    sensitivity: Annotated[bool, typer.Option("--sensitivity", help="Other analyses of the same animals.")] = False,
    scale: Annotated[str, typer.Option(help="Analyse the log or sqrt, where that was planned.")] = "",
    outliers: Annotated[str, typer.Option(help="Leave out by grubbs, rout or mad, where that was planned.")] = "",
    figure: Figure = None,
    residuals: Annotated[
        Path | None, typer.Option(help="Draw the residuals (PNG, SVG or PDF).", callback=drawable)
    ] = None,
    export: Annotated[Path | None, typer.Option(help="Folder for data and script of another program.")] = None,
    to: Annotated[str, typer.Option(help="That program: r, spss, prism or jasp.")] = "r",
    json: Json = False,
) -> None:
    """Fit a factorial, mixed or repeated-measures ANOVA to a CSV table."""
    question = TableQuestion(
        plan=Plan(
            outcome="",
            factors=(),
            type=type,
            alpha=alpha,
            contrasts=tuple(contrast or ()),
            compare=compare,
            adjust=adjust,
            scale=scale,
            outliers=outliers,
        ),
        unit_column=unit,
        smallest_effect=smallest_effect,
        redraws=randomise,
        seed=seed,
        within=tuple(within or ()),
        clusters=clusters,
        sensitivity=sensitivity,
        robust=robust,
    )
    found = ask_table(table, formula, question)
    if found.analysis is not None:
        _save(found.analysis, figure, residuals, export, to)
    elif figure or residuals or export:
        raise UsageError(
            expected="a formula without Error(...) for figures and exports",
            found=formula,
            do="leave --figure, --residuals and --export out",
        )
    _show(found, json=json)


def _save(analysis: Analysis, figure: Path | None, residuals: Path | None, export: Path | None, to: str) -> None:
    if figure:
        save(picture_of_anova(analysis), figure)
    if residuals:
        save(picture_of_residuals(analysis), residuals)
    if export:
        write_export([analysis], to, export)


def _show(found: TableAnalysis, *, json: bool) -> None:
    if found.repeated is not None:
        rules, findings = repeated_rules(found.repeated), repeated_findings(found.repeated)
        if json:
            return print_json(rules, findings, **repeated_json(found.repeated))
        print_repeated(found.repeated)
    else:
        assert found.analysis is not None
        rules, findings = analysis_rules(found.analysis), analysis_findings(found.analysis)
        if json:
            robust = None if found.robust is None else dataclasses.asdict(found.robust)
            return print_json(rules, findings, **analysis_json(found.analysis), robust=robust)
        print_analysis(found.analysis)
        if found.robust is not None:
            print_robust(found.robust)
    out.print()
    print_findings(findings)
    print_rules(rules)
    return None
