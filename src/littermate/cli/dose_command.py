"""Dose command: dose-response, minimum effective dose and combinations from one table."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from littermate.cli.options import Figure, Json
from littermate.cli.printing import out, print_findings, print_json, print_rules, print_table
from littermate.errors import UsageError
from littermate.model.combination import Additivity, DoseMatrix, Mixture
from littermate.report.dose_figure import dose_text, interval_text
from littermate.single.dose import (
    DoseOptions,
    DoseResult,
    SingleDrug,
    dose_findings,
    dose_rules,
    fit_doses,
    picture_of_doses,
)
from littermate.single.picture import save

__all__ = ["register"]

_KINDS = {SingleDrug: "curve", Mixture: "mixture", DoseMatrix: "matrix", Additivity: "additivity"}


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(dose)


def dose(
    table: Path,
    formula: Annotated[str, typer.Argument(help="'y ~ dose', or 'y ~ drug * drug' for combinations.")],
    model: Annotated[str, typer.Option(help="Curve: ll3 (lower plateau 0), ll4, ll5 or w14.")] = "ll4",
    interval: Annotated[str, typer.Option(help="Of effective doses: delta, log or profile.")] = "delta",
    percent: Annotated[str, typer.Option(help="Effective doses wanted.")] = "10,50,90",
    control: Annotated[float, typer.Option(help="Dose of the control group.")] = 0.0,
    direction: Annotated[str, typer.Option(help="Of the effect: two-sided, up or down.")] = "two-sided",
    full_effect: Annotated[float | None, typer.Option(help="The outcome at full effect, for Bliss.")] = None,
    surface: Annotated[bool, typer.Option("--surface", help="Take two drugs as a dose matrix.")] = False,
    figure: Figure = None,
    json: Json = False,
) -> None:
    """Fit dose-response curves, find the minimum effective dose, judge combinations."""
    options = DoseOptions(
        model=model,
        interval=interval,
        percents=_percents(percent),
        control=control,
        direction=direction,
        full_effect=full_effect,
        surface=surface,
    )
    result = fit_doses(table, formula, options)
    if figure:
        save(picture_of_doses(result, options), figure)
    rules, findings = dose_rules(result, options), dose_findings(result)
    if json:
        return print_json(rules, findings, kind=_KINDS[type(result)], **_content(result, options))
    _PRINTED[type(result)](result, options)
    print_findings(findings)
    print_rules(rules)
    return None


def _percents(text: str) -> tuple[float, ...]:
    try:
        return tuple(float(word) for word in text.split(","))
    except ValueError as fault:
        raise UsageError(expected="percents such as 10,50,90", found=text, do="write numbers and commas") from fault


def _content(result: DoseResult, options: DoseOptions) -> dict[str, Any]:
    """Return the record's fields; an effective dose also has `ci`, the interval asked for."""
    content = dataclasses.asdict(result)
    if isinstance(result, SingleDrug) and result.curve is not None:
        for row, one in zip(content["curve"]["effective_doses"], result.curve.effective_doses, strict=True):
            row["ci"] = one.interval(options.interval)
    return content


def _print_single(result: SingleDrug, options: DoseOptions) -> None:
    curve = result.curve
    if curve is not None:
        print_table(
            f"{curve.outcome} ~ {curve.drug}, {curve.model}: {curve.formula}, n = {curve.n}",
            ("parameter", "estimate", "SE", "95 % CI"),
            [(one.name, one.estimate, one.se, _interval(one.ci95)) for one in curve.parameters],
        )
        print_table(
            "effective doses",
            ("effect", "dose", f"95 % CI ({options.interval})", "note"),
            [
                (f"ED{one.percent:g}", dose_text(one), interval_text(one, options.interval), one.reason)
                for one in curve.effective_doses
            ],
        )
        tests = [test for test in (curve.no_effect, curve.lack_of_fit) if test is not None]
        print_table(
            "tests",
            ("asks", "F", "df", "df error", "P"),
            [(one.asks, one.f, one.df, one.df_error, one.p) for one in tests],
        )
    for found in result.effective:
        print_table(
            f"against the control, {found.method}, {found.direction}",
            ("dose", "n", "mean", "SD", "difference", "t", "P adjusted"),
            [(one.dose, one.n, one.mean, one.sd, one.difference, one.t, one.p) for one in found.groups],
        )
        out.print(found.says)


def _print_mixture(result: Mixture, _: DoseOptions) -> None:
    print_table(
        f"{result.outcome} ~ {' and '.join(result.drugs)}, {result.model} with shared plateaus, n = {result.n}",
        ("parameter", "estimate", "SE", "95 % CI"),
        [(one.name, one.estimate, one.se, _interval(one.ci95)) for one in result.parameters],
    )
    print_table(
        "interaction index (below 1: less is needed than additivity says)",
        ("share", "effect", "index", "95 % CI", "P", "dose", "additive", "95 % CI"),
        [
            (
                *(one.share, f"ED{one.percent:g}", one.index, _interval(one.ci95), one.p),
                *(one.observed, one.additive, _interval(one.additive_ci95)),
            )
            for one in result.indices
        ],
    )
    print_table(
        "isoboles",
        ("isobole", "RSS", "parameters", "P against free mixtures"),
        [
            (
                one.name,
                one.rss,
                ", ".join(f"{p.name} {p.estimate:.3g}" for p in one.shape),
                one.against_free and one.against_free.p,
            )
            for one in result.isoboles
        ],
    )
    _print_words(result.says)


def _print_matrix(result: DoseMatrix, _: DoseOptions) -> None:
    for one in result.surfaces:
        if one.cells:
            print_table(
                f"{one.null}: {one.scale}",
                (*result.drugs, "n", "mean", "expected", "difference", "95 % CI", "P", "P (Holm)"),
                [
                    (
                        *cell.doses,
                        cell.n,
                        cell.observed,
                        cell.expected,
                        cell.difference,
                        _interval(cell.ci95),
                        cell.p,
                        cell.p_adjusted,
                    )
                    for cell in one.cells
                ],
            )
    _print_words(result.says)


def _print_additivity(result: Additivity, _: DoseOptions) -> None:
    print_table(
        f"{result.outcome} ~ {' * '.join(result.factors)}, n = {result.n}",
        ("group", "n", "mean", "SD", "SEM"),
        [(", ".join(level for _, level in one.levels), one.n, one.mean, one.sd, one.sem) for one in result.groups],
    )
    print_table(
        "do the effects add up?",
        ("scale", "measure", "estimate", "95 % CI", "additive", "P", "mean expected"),
        [
            (
                one.scale,
                one.measure if one.p is not None else one.reason,
                one.estimate,
                _interval(one.ci95),
                one.null,
                one.p,
                one.expected,
            )
            for one in result.scales
        ],
    )
    _print_words(result.says)


def _print_words(says: tuple[str, ...]) -> None:
    for text in says:
        out.print(text, markup=False)


_PRINTED: dict[type, Callable[[Any, DoseOptions], None]] = {
    SingleDrug: _print_single,
    Mixture: _print_mixture,
    DoseMatrix: _print_matrix,
    Additivity: _print_additivity,
}


def _interval(limits: tuple[float, float] | None) -> str:
    return "none" if limits is None else f"{limits[0]:.3g} to {limits[1]:.3g}"
