"""Sheets: what the bench needs (public) and what the custodian needs (secret).

The injection sheet names animal, vial, side and day: no drug, no factor, no group, not even the name of a step. The
vial key says what is in each vial; it belongs to the person who fills the vials and to no one who handles or scores
the animals. Rows are dictionaries of text, one a line of the CSV file.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from littermate.errors import Complaint, ProtocolError, UsageError
from littermate.files import written_whole
from littermate.model.allocation import Allocation, Tag
from littermate.model.protocol import Step
from littermate.model.treatment import Treatment
from littermate.planning.schedule import Occasion, occasions

__all__ = ["Row", "injection_sheet", "vial_key", "write_sheet"]

Row = dict[str, str]


def injection_sheet(
    tags: Sequence[Tag], treatments: Sequence[Treatment], schedule: Sequence[Step], *, side: str = "injection side"
) -> tuple[Row, ...]:
    """Return the bench sheet: day, hour, injection, animal, vial, route, side; by time, then by animal.

    Parameters
    ----------
    tags
        Vials and sides; a factor without vials (a diet) has no line.
    treatments
        Of these only the route is shown, and only where all levels of a factor share it.
    schedule
        Steps; those that treat are on the sheet. `injection` counts them from 1.
    side
        Name of the balance that is the side.

    Raises
    ------
    ProtocolError
        If the schedule cannot be put in order of time.
    """
    routes = {treatment.factor: _shared_route(treatment.factor, treatments) for treatment in treatments}
    treated = {factor for tag in tags for factor, _ in tag.vials}
    given = [occasion for occasion in occasions(schedule) if occasion.step.treats in treated]
    return tuple(
        _line(number, occasion, tag, route=routes.get(occasion.step.treats, ""), side=side)
        for number, occasion in enumerate(given, start=1)
        for tag in sorted(tags, key=lambda tag: tag.animal)
        if occasion.step.treats in dict(tag.vials)
    )


def _line(number: int, occasion: Occasion, tag: Tag, *, route: str, side: str) -> Row:
    return {
        "day": str(occasion.day),
        "hour": f"{occasion.hour:g}",
        "injection": str(number),
        "animal": tag.animal,
        "vial": dict(tag.vials)[occasion.step.treats],
        "route": route,
        "side": tag.level(side) or "",
    }


def _shared_route(factor: str, treatments: Sequence[Treatment]) -> str:
    """Return the route all levels of a factor share; routes that differ would give the group away."""
    routes = {treatment.route for treatment in treatments if treatment.factor == factor}
    return routes.pop() if len(routes) == 1 else ""


def vial_key(allocation: Allocation, tags: Sequence[Tag], treatments: Sequence[Treatment]) -> tuple[Row, ...]:
    """Return what is in each vial: vial, animal, factor, level, substance, dose, route; sorted by vial. Secret.

    A dose that nobody has filled in yet reads ``"to be filled in"``, a vehicle's dose is empty.

    Raises
    ------
    ProtocolError
        If a level that an animal receives from a vial has no treatment.
    """
    known = {(treatment.factor, treatment.level): treatment for treatment in treatments}
    cells = {one.animal: dict(zip(allocation.factors, one.cell, strict=True)) for one in allocation.assignments}
    contents = [(vial, tag.animal, factor, cells[tag.animal][factor]) for tag in tags for factor, vial in tag.vials]
    if unknown := sorted({(factor, level) for _, _, factor, level in contents} - known.keys()):
        raise ProtocolError.of(
            Complaint(
                expected="a treatment for every level that is given from a vial",
                found=f"none for {factor} = {level}",
                do="add it to the treatments in study.toml (the vehicle too)",
            )
            for factor, level in unknown
        )
    return tuple(_content(*content, known[content[2], content[3]]) for content in sorted(contents))


def _content(vial: str, animal: str, factor: str, level: str, treatment: Treatment) -> Row:
    dose = "to be filled in" if treatment.open_dose else str(treatment.dose or "")
    return {
        "vial": vial,
        "animal": animal,
        "factor": factor,
        "level": level,
        "substance": treatment.substance,
        "dose": dose,
        "route": treatment.route,
    }


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
