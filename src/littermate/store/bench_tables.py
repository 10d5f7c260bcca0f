"""Bench tables: weights and filled-in injection sheets, as people bring them from the animal room.

===============  =====================================================================================================
weights.csv      ``animal,weight_g`` and ``date`` (``2026-04-11``), or ``day`` (of the study, from 1)
filled-in sheet  ``injection,animal,given_at,given_ml``; ``given_vial,given_side`` where not as on the sheet; ``by`` and
                 ``note``. A line on which nothing is filled in is passed over: nothing is said of it yet
===============  =====================================================================================================

``given_at`` is ``2026-04-11 09:05``, or ``09:05`` on the day on which the injection is due; ``given_ml`` is a volume,
``ok`` for the volume on the sheet, or ``0`` where nothing was given. Other ways of writing are refused rather than
guessed at. All faults of one table are reported at once, with their lines.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from littermate.model.administration import UNPLANNED, Administration
from littermate.model.injection import Injection
from littermate.model.species import Species
from littermate.model.weighing import Weighing
from littermate.store.table_file import RowError, read_table

__all__ = ["Bench", "administration_of", "read_given", "read_weights", "weighing_of"]

GIVEN = ("given_at", "given_ml", "given_vial", "given_side", "note")
_AS_PLANNED = "ok"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """What is known when a table comes in.

    Parameters
    ----------
    animals
        Ids of the study's animals.
    injections
        The sheet.
    starts
        When the study began for each animal.
    species
        For weights that cannot be meant; `None` where it is not known.
    now
        Nothing happens after it.
    """

    animals: tuple[str, ...]
    injections: Sequence[Injection]
    starts: Mapping[str, datetime]
    species: Species | None
    now: datetime

    def animal(self, text: str) -> str:
        """Return an animal's id."""
        known = {animal.casefold(): animal for animal in self.animals}
        if text.casefold() not in known:
            raise RowError("an animal of this study, by its id on the cage card", text or "nothing")
        return known[text.casefold()]

    def planned(self, animal: str, number: int) -> Injection:
        """Return an animal's injection by its number."""
        mine = {one.number: one for one in self.injections if one.animal == animal}
        if number not in mine:
            do = f"take the number from the sheet; leave it empty for an injection of {animal} that is not on it"
            raise RowError(f"an injection of {animal} from 1 to {max(mine, default=0)}", f"{number}", do=do)
        return mine[number]


def read_weights(path: Path, bench: Bench) -> tuple[Weighing, ...]:
    """Read weights.csv.

    Raises
    ------
    TableError
        If an animal is unknown or stands twice on a day, or a weight or a day cannot be meant.
    """
    seen: set[tuple[str, date | None]] = set()

    def make(row: dict[str, str]) -> Weighing:
        weighing = weighing_of(row, bench)
        if (weighing.animal, weighing.day) in seen:
            raise RowError("each animal once a day", f"{weighing.animal} on {weighing.day} again")
        seen.add((weighing.animal, weighing.day))
        return weighing

    return tuple(read_table(path, ("animal", "weight_g"), make))


def weighing_of(row: Mapping[str, str], bench: Bench) -> Weighing:
    """Return one row's weighing.

    Raises
    ------
    RowError
        If anything of it cannot be meant.
    """
    animal = bench.animal(row.get("animal", ""))
    day = _day(row.get("date") or row.get("day", ""), bench.starts.get(animal))
    if day > bench.now.date():
        raise RowError(f"a day until today, {bench.now:%Y-%m-%d}", f"{day}")
    weight_g = _number(row.get("weight_g", ""), "weight_g: grams such as 31.5")
    if weight_g <= 0:
        raise RowError("a weight above 0 g", row["weight_g"])
    if bench.species is not None and not bench.species.can_weigh(weight_g):
        least, most = bench.species.weights_g
        raise RowError(f"the weight of a {bench.species.name}, {least:g} to {most:g} g", f"{weight_g:g} g")
    return Weighing(animal=animal, day=day, weight_g=weight_g)


def read_given(path: Path, bench: Bench) -> tuple[Administration, ...]:
    """Read a filled-in injection sheet; lines on which nothing is filled in are passed over.

    Raises
    ------
    TableError
        If an animal, injection or vial is unknown, an injection stands twice, or a time or a volume cannot be meant.
    """
    seen: set[tuple[str, int, str]] = set()

    def make(row: dict[str, str]) -> Administration | None:
        if not any(row.get(column) for column in GIVEN):
            return None
        given = administration_of(row, bench)
        if given.place in seen:
            raise RowError("each injection once", f"injection {given.injection} of {given.animal} again")
        seen.add(given.place)
        return given

    rows = read_table(path, ("injection", "animal", "given_at", "given_ml"), make)
    return tuple(row for row in rows if row is not None)


def administration_of(row: Mapping[str, str], bench: Bench) -> Administration:
    """Return one row's administration; vial and side are those of the sheet where nothing else is said.

    Raises
    ------
    RowError
        If anything of it cannot be meant.
    """
    animal = bench.animal(row.get("animal", ""))
    number = _count(row.get("injection", ""))
    planned = None if number == UNPLANNED else bench.planned(animal, number)
    volume_ml = _volume(row.get("given_ml", ""), planned)
    if not volume_ml:
        return Administration(animal=animal, injection=number, by=row.get("by", ""), note=row.get("note", ""))
    return Administration(
        animal=animal,
        injection=number,
        vial=_vial(row.get("given_vial", ""), planned, bench),
        at=_time(row.get("given_at", ""), planned, bench),
        volume_ml=volume_ml,
        side=_side(row.get("given_side", ""), planned, bench),
        by=row.get("by", ""),
        note=row.get("note", ""),
    )


def _count(text: str) -> int:
    if text and not text.isdecimal():
        raise RowError("the injection's number on the sheet", text)
    return int(text or UNPLANNED)


def _number(text: str, what: str) -> float:
    """Read a number above or at 0; a decimal comma is not guessed at."""
    try:
        number = float(text)
    except ValueError:
        number = math.nan
    if 0 <= number < math.inf:
        return number
    raise RowError(what, text or "nothing", do="write it with a decimal point" if "," in text else "correct it")


def _volume(text: str, planned: Injection | None) -> float:
    if text.casefold() != _AS_PLANNED:
        return _number(text, f"given_ml: a volume such as 0.30, {_AS_PLANNED} for that of the sheet, or 0 if not given")
    if planned is None or planned.volume_ml is None:
        raise RowError("a volume such as 0.30", f"{text}, and the sheet has no volume", do="write what was given")
    return planned.volume_ml


def _vial(text: str, planned: Injection | None, bench: Bench) -> str:
    code = text.upper() or (planned.vial if planned else "")
    if code not in {one.vial for one in bench.injections}:
        raise RowError("a vial of this study", text or "nothing")
    return code


def _side(text: str, planned: Injection | None, bench: Bench) -> str:
    sides = {one.side.casefold(): one.side for one in bench.injections if one.side}
    if not text:
        return planned.side if planned else ""
    if sides and text.casefold() not in sides:
        raise RowError(f"given_side: {' or '.join(sorted(sides.values()))}", text)
    return sides.get(text.casefold(), text)


def _day(text: str, start: datetime | None) -> date:
    if text.isdecimal() and start is not None and int(text) >= 1:
        return start.date() + timedelta(days=int(text) - 1)
    if text.isdecimal() and start is None:
        do = "write the date, or give the start first: littermate sheets --start"
        raise RowError("a date such as 2026-04-11", f"day {text} of a study without a start", do=do)
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise RowError("a date such as 2026-04-11", text or "nothing", do="write year-month-day")
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise RowError("a date that there is", text) from fault


def _time(text: str, planned: Injection | None, bench: Bench) -> datetime:
    """Read a time; an hour alone is of the day on which the injection is due."""
    due = planned.due if planned else None
    known = f"{due:%Y-%m-%d} {text}" if due and re.fullmatch(r"\d{1,2}:\d{2}", text) else text
    found = re.fullmatch(r"(\d{4}-\d{2}-\d{2})[ T](\d{1,2}:\d{2})(:\d{2})?", known)
    if found is None:
        do = "write year-month-day hour:minute" + ("" if due is None else ", or hour:minute of the day it was due")
        raise RowError("given_at: a time such as 2026-04-11 09:05", text or "nothing", do=do)
    try:
        at = datetime.strptime(f"{found[1]} {found[2]}", "%Y-%m-%d %H:%M")
    except ValueError as fault:
        raise RowError("a time that there is", text) from fault
    if at > bench.now:
        raise RowError(f"a time until now, {bench.now:%Y-%m-%d %H:%M}", known)
    return at
