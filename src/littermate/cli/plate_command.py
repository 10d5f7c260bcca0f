"""Plate command: the plates of one reader file, read from their standard curves."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from littermate.cli.json_output import plate_json, record_json
from littermate.cli.options import Figure, Json, numbered, require_ending
from littermate.cli.printing import print_findings, print_json, print_rules, print_table
from littermate.errors import Complaint, UsageError
from littermate.single.picture import save
from littermate.single.plate import (
    PlateTrial,
    lanes_of,
    loading_json,
    measure_plate,
    picture_of_plate,
    write_loading_table,
)

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command()(plate)


def _as_sheet(path: Path | None) -> Path | None:
    return require_ending(path, ".csv", ".html")


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
    weights: Annotated[str | None, typer.Option(help="none, 1/y or 1/y2.")] = None,
    fit_to: Annotated[
        str | None, typer.Option("--fit-to", help="wells, means (each once) or 'counted means' (as often as wells).")
    ] = None,
    blank: Annotated[str | None, typer.Option(help="subtract or none.")] = None,
    interval: Annotated[str | None, typer.Option(help="delta or profile.")] = None,
    dilutions: Annotated[
        str | None, typer.Option(help="One value of several dilutions: mean or 'least diluted'.")
    ] = None,
    spike_volume: Annotated[
        float | None, typer.Option("--spike-volume", help="The spike's share of the final volume, 0 to 1.")
    ] = None,
    exclude: Annotated[
        list[str] | None, typer.Option("--exclude", help="Leave a well out, with the reason: 'A1: bubble'. Repeat it.")
    ] = None,
    load: Annotated[str | None, typer.Option(help="Protein in every lane of a gel, as in 40ug.")] = None,
    volume: Annotated[str, typer.Option(help="Volume of every lane.")] = "30uL",
    well: Annotated[str, typer.Option(help="What a well of the gel holds.")] = "30uL",
    dye: Annotated[str, typer.Option(help="Loading buffer in every lane, part of its volume.")] = "0uL",
    loading_table: Annotated[
        Path | None,
        typer.Option("--loading-table", help="Write what to load (CSV, or HTML to print).", callback=_as_sheet),
    ] = None,
    figure: Figure = None,
    json: Json = False,
) -> None:
    """Fit the standard curve of a plate and read its samples from it.

    FILE is an export of SoftMax Pro, Gen5, Magellan or SkanIt, or a plain CSV or XLSX (docs/plates.md).
    """
    options: dict[str, Any] = {
        "curve": curve,
        "weights": weights,
        "fit_to": fit_to,
        "blank": blank,
        "ci_method": interval,
        "dilutions": dilutions,
        "spike_volume_fraction": spike_volume,
    }
    settings = {name: value for name, value in options.items() if value is not None}
    if loading_table is not None and load is None:
        raise UsageError(expected="the wanted protein for --loading-table", found="none", do="add --load 40ug")
    lanes = None if load is None else lanes_of(load=load, volume=volume, well=well, dye=dye)
    left_out = _reasons(exclude or [])
    results = measure_plate(file, kind=kind, layout=layout, read=read, settings=settings, exclude=left_out)
    findings = [finding for result in results for finding in result.findings]
    for number, result in enumerate(results, 1):
        if figure:
            save(picture_of_plate(result), numbered(figure, number, len(results)))
        if loading_table and lanes:
            write_loading_table(numbered(loading_table, number, len(results)), result, lanes)
    if json:
        recovery = [record_json(one) for result in results for one in result.recovery]
        content: dict[str, Any] = {"plates": [plate_json(result) for result in results], "recovery": recovery}
        if lanes:
            content["loading"] = [row for result in results for row in loading_json(result, lanes)]
        return print_json(results[0].rules, findings, **content)
    for result in results:
        _print_plate(result)
        if lanes:
            _print_loading(loading_json(result, lanes), lanes.words)
    print_findings(findings)
    print_rules(results[0].rules)
    return None


def _reasons(excluded: list[str]) -> dict[str, str]:
    """Read ``"A1: bubble"``; a well without a reason is refused."""
    parts = {text: text.partition(":") for text in excluded}
    complaints = [
        Complaint(expected="a well and a reason, as in 'A1: bubble'", found=repr(text), do="say why it is left out")
        for text, (well, _, reason) in parts.items()
        if not (well.strip() and reason.strip())
    ]
    if complaints:
        raise UsageError.of(complaints)
    return {well.strip(): reason.strip() for well, _, reason in parts.values()}


def _print_plate(trial: PlateTrial) -> None:
    result = trial.result
    fitted = result.curve
    reach = "no usable range" if fitted.lloq is None else f"{fitted.lloq:g} to {fitted.uloq:g} {fitted.unit}"
    print_table(
        f"{result.plate.name}: {fitted.model}, R2 = {fitted.r_squared:.5f}, {reach}, curve {result.verdict}",
        ("parameter", "value"),
        fitted.parameters,
    )
    print_table(
        "standards",
        ("standard", "known", "signal", "comes back as", "recovery %", "CV %", "CV % back", "remark"),
        [
            (
                one.name,
                one.concentration,
                one.signal,
                one.back_calculated,
                one.recovery_percent,
                one.cv_percent,
                one.back_cv_percent,
                one.reason
                or ("outlier" if one.outlier else "" if one.usable or not one.concentration else "not usable"),
            )
            for one in result.standards
        ],
    )
    print_table(
        "samples",
        ("sample", "wells", "dilution", "signal", "concentration", "from", "to", "unit", "CV %", "remark"),
        [
            (
                one.name + (" + spike" if one.spiked else ""),
                ", ".join(one.wells),
                one.dilution,
                one.signal,
                one.concentration,
                *(one.ci or (None, None)),
                one.unit,
                one.cv_percent,
                one.reason or "; ".join(filter(None, (*trial.flags_of(one), one.ci_reason))),
            )
            for one in result.samples
        ],
    )
    if result.parallelism:
        values = {one.name: one.concentration for one in result.combined}
        print_table(
            "samples at several dilutions",
            ("sample", "dilutions in range", "CV %", "slope", "p", "one value", "remark"),
            [
                (
                    one.sample,
                    ", ".join(f"{fold:g}" for fold in one.dilutions),
                    one.cv_percent,
                    one.slope,
                    one.p,
                    values[one.sample],
                    one.reason,
                )
                for one in result.parallelism
            ],
        )
    if trial.recovery:
        print_table(
            f"percent recovery in the {result.plate.kind} assay",
            ("sample", "%", "remark"),
            [(one.sample, one.percent, one.flag or one.reason) for one in trial.recovery],
        )


def _print_loading(rows: list[dict[str, Any]], words: str) -> None:
    print_table(
        f"loading table: {words}",
        ("sample", "ug/uL", "sample uL", "dye uL", "buffer uL", "remark"),
        [
            (
                row["sample"],
                row["concentration_ug_ul"],
                row["sample_ul"],
                row["dye_ul"],
                row["buffer_ul"],
                "; ".join((*row["flags"], row["reason"])).strip("; "),
            )
            for row in rows
        ],
    )
