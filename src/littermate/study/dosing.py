"""Dosing of a study: weights come in, sheets go out, and what was really given is kept and compared with the sheet.

Times are those of the clock on the wall. The study's start is a journal entry; a newer one for an animal counts.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from littermate.checks.facts import StudyFacts
from littermate.errors import StageError, UsageError
from littermate.files import written_whole
from littermate.model.administration import Administration
from littermate.model.allocation import Tag
from littermate.model.deviation import Deviation
from littermate.model.injection import Injection
from littermate.model.real_dose import RealDose
from littermate.model.species import Species, VolumeLimit, species_named
from littermate.model.weighing import Weighing
from littermate.planning.departures import find_deviations
from littermate.planning.dosing import plan_injections
from littermate.planning.real_doses import real_doses
from littermate.planning.sheets import injection_sheet, public_name, write_sheet
from littermate.planning.vials import vials_of
from littermate.report.cage_cards import cage_cards
from littermate.report.injection_pages import injection_pages
from littermate.store.bench_tables import Bench, administration_of, read_given, read_weights, weighing_of
from littermate.store.table_file import RowError
from littermate.study.record import StudyRecord

__all__ = [
    "deviations_of",
    "doses_received",
    "give",
    "injections_of",
    "start",
    "weigh",
    "weighings_of",
    "with_dosing",
    "write_sheets",
]

Record = TypeVar("Record", Weighing, Administration)
Said = str | Path | Mapping[str, str]
START = "start"


def start(study: StudyRecord, at: datetime, animals: Sequence[str] = ()) -> None:
    """Say when the first day began, for all animals or for some; see `Study.start`."""
    study.require_open("start")
    known = {tag.animal for tag in study.tags}
    if unknown := sorted(set(animals) - known):
        raise UsageError(expected="animals of this study", found=", ".join(unknown), do="correct the ids")
    study.note(START, {"at": at.isoformat(timespec="minutes"), "animals": sorted(animals)})


def starts_of(study: StudyRecord) -> dict[str, datetime]:
    """Return when the first day began for each animal, as it was said last."""
    starts: dict[str, datetime] = {}
    for entry in study.database.entries(START):
        said = json.loads(entry.arguments)
        for animal in said["animals"] or [tag.animal for tag in study.tags]:
            starts[animal] = datetime.fromisoformat(said["at"])
    return starts


def weighings_of(study: StudyRecord) -> tuple[Weighing, ...]:
    """Return all weights: those of animals.csv, and those by day."""
    first = (Weighing(animal=one.id, day=None, weight_g=one.weight_g) for one in study.animals if one.weight_g)
    return (*first, *study.database.weighings())


def injections_of(study: StudyRecord, tags: Sequence[Tag] | None = None) -> tuple[Injection, ...]:
    """Return every injection of every animal as it is planned, with the weights as they are known now.

    `tags` are given where they are not in the database yet.
    """
    return plan_injections(
        study.tags if tags is None else tags,
        study.protocol.treatments,
        study.protocol.schedule,
        weighings=weighings_of(study),
        starts=starts_of(study),
    )


def species_of(study: StudyRecord) -> Species | None:
    """Return the species that the protocol's facts name, `None` where its limits are not known."""
    return species_named(dict(study.protocol.facts).get("species", ""))


def weigh(study: StudyRecord, said: Said, *, because: str = "") -> tuple[Weighing, ...]:
    """Keep weights, of a table or one; see `Study.weigh`."""
    study.require_open("weigh")
    weighings = _read(study, said, weighing_of, read_weights)
    before: dict[Hashable, Weighing] = {(one.animal, one.day): one for one in study.database.weighings()}
    new = _new([((one.animal, one.day), one) for one in weighings], before, because)
    if new:
        with study.database.writing(study.who, "weigh", {"weights": len(new), "because": because}) as write:
            write.weighings(new)
    return new


def give(study: StudyRecord, said: Said, *, because: str = "") -> tuple[Administration, ...]:
    """Keep what was given, of a filled-in sheet or one injection; see `Study.give`."""
    study.require_open("log an injection")
    given = _read(study, said, administration_of, read_given)
    before: dict[Hashable, Administration] = {one.place: one for one in study.database.administrations()}
    new = _new([(one.place, _signed(study, one, before.get(one.place))) for one in given], before, because)
    if new:
        with study.database.writing(study.who, "give", {"injections": len(new), "because": because}) as write:
            write.administrations(new)
    return new


def _signed(study: StudyRecord, given: Administration, before: Administration | None) -> Administration:
    """Say who gave it where the sheet does not: whoever is known to have, or this user."""
    return given if given.by else replace(given, by=study.who if before is None else before.by)


def _read(
    study: StudyRecord,
    said: Said,
    row: Callable[[Mapping[str, str], Bench], Record],
    table: Callable[[Path, Bench], tuple[Record, ...]],
) -> tuple[Record, ...]:
    """Read a table, or what was said on the command line as one row of it."""
    bench = Bench(
        animals=tuple(tag.animal for tag in study.tags),
        injections=injections_of(study),
        starts=starts_of(study),
        species=species_of(study),
        now=datetime.now(),
    )
    if not isinstance(said, Mapping):
        return table(study.inside(said), bench)
    try:
        return (row(said, bench),)
    except RowError as fault:
        raise UsageError(expected=fault.expected, found=fault.found, do=fault.do) from fault


def _new(
    said: Iterable[tuple[Hashable, Record]], before: Mapping[Hashable, Record], because: str
) -> tuple[Record, ...]:
    """Return what is not known yet; what differs from what is known is a correction, and needs a reason."""
    new = [(place, one) for place, one in said if before.get(place) != one]
    corrected = [one for place, one in new if place in before]
    if corrected and not because.strip():
        first = corrected[0]
        raise UsageError(
            expected="what was said before, or a reason why it is corrected",
            found=f"{len(corrected)} that were said otherwise, the first of {first.animal}",
            do="give the reason: --because; what was said before stays in the record",
        )
    return tuple(one for _, one in new)


def limits_of(study: StudyRecord) -> dict[str, VolumeLimit]:
    """Return the limit of volume for each route of the protocol, as it is written there."""
    species = species_of(study)
    routes = {treatment.route for treatment in study.protocol.treatments}
    found = {route: species.limit(route) for route in routes} if species else {}
    return {route: limit for route, limit in found.items() if limit is not None}


def deviations_of(study: StudyRecord, injections: Sequence[Injection]) -> tuple[Deviation, ...]:
    """Return how the log differs from a sheet; from the lock on, whatever is not in the log is missing."""
    animals = {tag.code: tag.animal for tag in study.tags}
    gone = {animals[one.code] for one in study.database.exclusions() if not one.outcome and one.code in animals}
    return find_deviations(
        injections,
        study.database.administrations(),
        now=datetime.now() if study.stage == "allocated" else None,
        limits=limits_of(study),
        gone=gone,
    )


def with_dosing(study: StudyRecord, facts: StudyFacts) -> StudyFacts:
    """Add to the facts what the checks of dosing look at."""
    injections = injections_of(study)
    return replace(
        facts,
        injections=injections,
        administrations=study.database.administrations(),
        deviations=deviations_of(study, injections),
        weighings=weighings_of(study),
    )


def doses_received(study: StudyRecord) -> tuple[RealDose, ...]:
    """Return what every injection of the log brought, in mg/kg; see `Study.real_doses`."""
    injections, tags, treatments = injections_of(study), study.tags, study.protocol.treatments
    vials = vials_of(study.allocation, tags, treatments, injections)
    return real_doses(injections, study.database.administrations(), vials)


def write_sheets(study: StudyRecord, day: int | None = None) -> tuple[Path, ...]:
    """Write the injection sheet (CSV, and HTML to print) and the cage cards; see `Study.write_sheets`."""
    if study.stage == "planned":
        raise StageError(expected="an allocated study, to write sheets", found="a planned one", do="allocate first")
    every = injections_of(study)
    rows = [one for one in every if day in (None, one.day)]
    if not rows:
        days = sorted({one.day for one in every})
        found = f"day {day}; there are injections on days {days[0]} to {days[-1]}" if days else "no injection"
        raise UsageError(expected="a day with injections", found=found, do="give another day, or none for all")
    name = public_name(study.protocol, study.database.study_id)
    stem = "injections" if day is None else f"injections-day-{day:02}"
    write_sheet(study.sheets / f"{stem}.csv", injection_sheet(rows))
    pages = {f"{stem}.html": injection_pages(name, rows)}
    pages["cage-cards.html"] = cage_cards(name, study.animals, study.tags, every)
    for file, text in pages.items():
        with written_whole(study.sheets / file) as part:
            part.write_text(text, encoding="utf-8", newline="\n")
    return (study.sheets / f"{stem}.csv", *(study.sheets / file for file in pages))
