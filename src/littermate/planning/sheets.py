"""Sheets: what the bench needs: one line an injection, as rows of text for a CSV file.

The injection sheet names animal, vial, volume, side and time: no drug, no factor, no group, not even a step's name; and
no code: who sees how an animal takes its injection may score it later. What the custodian needs is in `vials`.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

from littermate.errors import UsageError
from littermate.files import written_whole
from littermate.model.injection import Injection
from littermate.model.protocol import Protocol

__all__ = ["GIVEN_COLUMNS", "Row", "injection_sheet", "public_name", "write_sheet"]

Row = dict[str, str]

GIVEN_COLUMNS = ("given_at", "given_ml", "given_vial", "given_side", "by", "note")
"""Left empty for whoever gives the injections; `littermate give` reads the filled-in sheet."""


def public_name(protocol: Protocol, study_id: str) -> str:
    """Return a name for the study that names no drug: its own, or a number where that gives something away.

    Parameters
    ----------
    protocol
        Its factors, levels and substances are what may not be named.
    study_id
        Of the database.
    """
    words = {factor.name for factor in protocol.design.factors}
    words |= {level for factor in protocol.design.factors for level in factor.levels}
    words |= {treatment.substance for treatment in protocol.treatments}
    given_away = any(word.casefold() in protocol.name.casefold() for word in words)
    return f"study {study_id[:6].upper()}" if given_away else protocol.name


def injection_sheet(injections: Iterable[Injection]) -> tuple[Row, ...]:
    """Return the bench sheet: one line an injection, with empty columns for what is really given.

    ``rounding_percent`` is by how much the volume, and so the dose, is off because of the syringe's marks.
    """
    return tuple(_line(injection) for injection in injections)


def _line(one: Injection) -> Row:
    weighing = one.weighing
    return {
        "day": str(one.day),
        "hour": f"{one.hour:g}",
        "due": f"{one.due:%Y-%m-%d %H:%M}" if one.due else "",
        "injection": str(one.number),
        "animal": one.animal,
        "vial": one.vial,
        "weight_g": f"{weighing.weight_g:g}" if weighing else "",
        "weighed": str(weighing.day or "") if weighing else "",
        "volume_ml": "" if one.volume_ml is None else f"{one.volume_ml:g}",
        "rounding_percent": "" if one.rounding is None else f"{100 * one.rounding:+.1f}",
        "route": one.route,
        "side": one.side,
        "remark": one.reason or (f"weight of {one.weight_age_days} days ago" if one.by_old_weight else ""),
    } | dict.fromkeys(GIVEN_COLUMNS, "")


def write_sheet(path: str | Path, rows: Iterable[Row]) -> None:
    """Write rows as a CSV file (UTF-8, comma), whole or not at all.

    Raises
    ------
    UsageError
        If there are no rows.
    """
    lines = list(rows)
    if not lines:
        raise UsageError(
            expected="one row or more", found="none", do="check the tags and the schedule", where=str(path)
        )
    with written_whole(path) as part, part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)
