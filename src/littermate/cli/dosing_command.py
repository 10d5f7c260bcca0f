"""Dosing commands: weights in, sheets out, and what was really given."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from littermate.cli.options import Json
from littermate.cli.printing import out, print_findings, print_json, print_table
from littermate.errors import UsageError
from littermate.model.deviation import Deviation
from littermate.study import Study, open_study

__all__ = ["register"]

Folder = Annotated[Path, typer.Option("--study", help="The study folder.")]
Table = Annotated[Path | None, typer.Argument(metavar="[TABLE]")]
Animal = Annotated[str, typer.Option(help="Id of one animal, instead of a table.")]
Because = Annotated[str, typer.Option(help="Why something that was said before is corrected.")]
HERE = Path()


def register(app: typer.Typer) -> None:
    """Add the commands of this file to the program."""
    for command in (weigh, sheets, give, deviations):
        app.command()(command)


def weigh(
    table: Table = None,
    animal: Animal = "",
    weight: Annotated[str, typer.Option(help="In g.")] = "",
    date: Annotated[str, typer.Option(help="Such as 2026-04-11; today where it is left out.")] = "",
    because: Because = "",
    study: Folder = HERE,
) -> None:
    """Keep the animals' weights of a day: a table with animal, weight_g and date, or one animal."""
    opened = open_study(study)
    one = {"animal": animal, "weight_g": weight, "date": date or f"{datetime.now():%Y-%m-%d}"}
    new = opened.weigh(_said(table, animal, one), because=because)
    out.print(f"{len(new)} new weights")
    _show_findings(opened, "weight-")


def sheets(
    start: Annotated[str, typer.Option(help="When day 1 begins, such as '2026-04-11 09:00'; kept.")] = "",
    animals: Annotated[str, typer.Option(help="That start is of these, with commas; of all without.")] = "",
    day: Annotated[int | None, typer.Option(min=1, help="Only this day of the study.")] = None,
    study: Folder = HERE,
) -> None:
    """Write injection sheets and cage cards to print, with the volumes by the newest weights."""
    opened = open_study(study)
    if start:
        opened.start(_time(start), animals=[name.strip() for name in animals.split(",") if name.strip()])
    elif animals:
        raise UsageError(expected="--start with --animals", found="--animals alone", do="say when they start")
    for path in opened.write_sheets(day=day):
        out.print(f"wrote {path}")
    _show_findings(opened, "weight-", "volume-")


def give(
    table: Table = None,
    animal: Animal = "",
    injection: Annotated[str, typer.Option(help="Its number on the sheet; none for one that is not on it.")] = "",
    volume: Annotated[str, typer.Option(help="In mL; ok for that of the sheet, 0 where nothing was given.")] = "",
    at: Annotated[str, typer.Option(help="When, such as '2026-04-11 09:05' or 09:05.")] = "",
    vial: Annotated[str, typer.Option(help="Where it is not the one on the sheet.")] = "",
    side: Annotated[str, typer.Option(help="Where it is not the one on the sheet.")] = "",
    by: Annotated[str, typer.Option(help="Who gave it.")] = "",
    note: Annotated[str, typer.Option(help="Whatever else.")] = "",
    because: Because = "",
    study: Folder = HERE,
) -> None:
    """Keep what was really given: a filled-in sheet, or one injection."""
    opened = open_study(study)
    one = {"animal": animal, "injection": injection, "given_ml": volume, "given_at": at, "given_vial": vial}
    new = opened.give(_said(table, animal, one | {"given_side": side, "by": by, "note": note}), because=because)
    out.print(f"{len(new)} new in the log")
    entered = {(one.animal, one.injection) for one in new}
    _show(one for one in opened.deviations if (one.animal, one.injection) in entered)


def deviations(study: Folder = HERE, json: Json = False) -> None:
    """List how the log of what was given differs from the sheet."""
    opened = open_study(study)
    found = opened.deviations
    if json:
        planned, given = opened.injections, opened.administrations
        counts = {"planned": len(planned), "given": sum(one.given for one in given)}
        doses = [asdict(one) for one in opened.real_doses()] if opened.stage == "unblinded" else None
        return print_json(None, (), **counts, deviations=[asdict(one) for one in found], real_doses=doses)
    return _show(found)


def _show(found: Iterable[Deviation]) -> None:
    rows = [(one.kind, one.animal, one.injection or None, one.day, one.words) for one in found]
    if rows:
        print_table("deviations from the injection sheet", ("kind", "animal", "injection", "day", "what"), rows)
    out.print(f"{len(rows)} deviations")


def _said(table: Path | None, animal: str, one: dict[str, str]) -> Path | dict[str, str]:
    """Return the table, or the one row that the options make."""
    if (table is None) == (not animal):
        found = "neither" if table is None else "both"
        raise UsageError(expected="a table, or --animal", found=found, do="give one of the two")
    return one if table is None else table


def _time(text: str) -> datetime:
    try:
        return datetime.strptime(text.replace("T", " "), "%Y-%m-%d %H:%M")
    except ValueError as fault:
        do = "write year-month-day hour:minute"
        raise UsageError(expected="a time such as '2026-04-11 09:00'", found=repr(text), do=do) from fault


def _show_findings(study: Study, *beginnings: str) -> None:
    """Say at once what the checks say of it."""
    print_findings(finding for finding in study.check() if finding.id.startswith(beginnings))
