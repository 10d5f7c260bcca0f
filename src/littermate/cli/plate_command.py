"""Plate command: the plates of one reader file, read from their standard curves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from littermate.cli.json_output import plate_json, record_json
from littermate.cli.options import Figure, Json, numbered
from littermate.cli.printing import print_findings, print_json, print_rules, print_table
from littermate.single.picture import save
from littermate.single.plate import measure_plate, picture_of_plate

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(plate)


def plate(
    file: Path,
    kind: Annotated[str, typer.Option(help="bca or elisa.")],
    curve: Annotated[str | None, typer.Option(help="linear, quadratic, 4pl or 5pl.")] = None,
    layout: Annotated[
        Path | None, typer.Option(help="What is in each well (CSV), where the file does not say it.")
    ] = None,
    read: Annotated[
        str | None, typer.Option(help="Which of the file's reads, such as 450, where it has several.")
    ] = None,
    figure: Figure = None,
    json: Json = False,
) -> None:
    """Fit the standard curve of a plate and read its samples from it.

    FILE is an export of SoftMax Pro, Gen5, Magellan or SkanIt, or a plain CSV or XLSX (docs/plates.md).
    """
    results = measure_plate(file, kind=kind, curve=curve, layout=layout, read=read)
    findings = [finding for result in results for finding in result.findings]
    for number, result in enumerate(results, 1):
        if figure:
            save(picture_of_plate(result), numbered(figure, number, len(results)))
    if json:
        recovery = [record_json(one) for result in results for one in result.recovery]
        plates = [plate_json(result) for result in results]
        return print_json(results[0].rules, findings, plates=plates, recovery=recovery)
    for result in results:
        fitted = result.result.curve
        print_table(
            f"{result.result.plate.name}: {fitted.model}, R2 = {fitted.r_squared:.5f}",
            ("sample", "wells", "signal", "concentration", "unit", "CV %", "remark"),
            [
                (
                    one.name + (" + spike" if one.spiked else ""),
                    ", ".join(one.wells),
                    one.signal,
                    one.concentration,
                    one.unit,
                    one.cv_percent,
                    one.reason,
                )
                for one in result.result.samples
            ],
        )
        if result.recovery:
            print_table(
                "percent recovery",
                ("sample", "%", "remark"),
                [(one.sample, one.percent, one.flag or one.reason) for one in result.recovery],
            )
    print_findings(findings)
    print_rules(results[0].rules)
    return None
