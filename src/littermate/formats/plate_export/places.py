"""Places: what is in each well, from a layout CSV or from the same columns of a list of wells.

Columns: `well`, `role` (standard, sample, blank, spiked or empty), `content`, `concentration` (of a standard, and what
was added to a spiked sample, in the final volume), `dilution` (fold, 1 where blank); `plate` where a file has several
plates; `exclude` where a person leaves a well out: the reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from littermate.errors import Complaint
from littermate.formats.plate_export.sheet import Row, Sheet, read_number
from littermate.model.plate import ROLES, Well

__all__ = [
    "Header",
    "Place",
    "Places",
    "find_header",
    "missing_columns",
    "plain_unit",
    "read_place",
    "read_places",
    "well_name",
]

_ALIASES = {
    "well": {"well", "well id", "position"},
    "absorbance": {"absorbance", "abs", "od", "signal"},
    "role": {"role", "type"},
    "content": {"content", "sample", "name"},
    "concentration": {"concentration", "conc"},
    "dilution": {"dilution", "dilution factor"},
    "plate": {"plate"},
    "exclude": {"exclude", "excluded"},
}
_WELL = re.compile(r"([A-Pa-p])0?([1-9]\d?)")
_LARGEST, _LARGEST_FOLD = 1e12, 1e9
_NOTHING = {"", "n/a", "na", "-"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Which column holds what, and the unit written in the header of the concentrations (``Conc (pg/mL)``)."""

    columns: Mapping[str, int]
    unit: str = ""

    def cell(self, row: Row, name: str) -> str:
        """Return a row's cell, empty where the column or the cell is not there."""
        index = self.columns.get(name)
        return row.cells[index] if index is not None and index < len(row.cells) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What is in one well."""

    role: str
    content: str = ""
    concentration: float | None = None
    dilution: float = 1.0
    excluded: str = ""

    def well(self, name: str, absorbance: float | None, reason: str) -> Well:
        """Return the well with its signal."""
        return Well(
            name=name,
            absorbance=absorbance,
            reason=reason,
            role=self.role,
            content=self.content,
            concentration=self.concentration,
            dilution=self.dilution,
            excluded=self.excluded,
        )


@dataclass(slots=True)
class Places:
    """The places of a layout by (plate, well), `plate` being empty where the layout names none."""

    places: dict[tuple[str, str], Place] = field(default_factory=dict)
    unit: str = ""

    def of_plate(self, name: str) -> dict[str, Place]:
        """Return one plate's places by well; those without a plate's name belong to every plate."""
        return {well: place for (plate, well), place in self.places.items() if plate in ("", name)}


def find_header(row: Row) -> Header:
    """Recognise the columns of a header row.

    Examples
    --------
    >>> find_header(Row(line=1, cells=("Well", "OD", "Conc (pg/mL)"))).columns["concentration"]
    2
    """
    columns: dict[str, int] = {}
    unit = ""
    for index, cell in enumerate(row.cells):
        title, _, rest = cell.partition("(")
        title = title.strip().lower().replace("_", " ")
        for name, words in _ALIASES.items():
            if title in words and name not in columns:
                columns[name] = index
                unit = plain_unit(rest) if name == "concentration" and rest else unit
    return Header(columns=columns, unit=unit)


def plain_unit(text: str) -> str:
    """Return the unit in brackets, with u for both kinds of micro sign."""
    return text.partition(")")[0].strip().replace("\u00b5", "u").replace("\u03bc", "u")


def well_name(text: str) -> str | None:
    """Return a well's name as on the plate, or `None` where it is not one.

    Examples
    --------
    >>> well_name("a01"), well_name("H12"), well_name("R3")
    ('A1', 'H12', None)
    """
    match = _WELL.fullmatch(text)
    return f"{match[1].upper()}{match[2]}" if match and int(match[2]) <= 24 else None


def read_places(sheet: Sheet) -> tuple[Places, list[Complaint]]:
    """Read a layout; return its places and every complaint about it."""
    header = find_header(sheet.rows[0])
    complaints = missing_columns(sheet, header, ("well", "role"))
    places = Places(unit=header.unit)
    if complaints:
        return places, complaints
    for row in sheet.rows[1:]:
        name = well_name(header.cell(row, "well"))
        if name is None:
            complaints.append(_bad_well(sheet, row, header.cell(row, "well")))
            continue
        key = header.cell(row, "plate"), name
        if key in places.places:
            complaints.append(_twice(sheet, row, name))
        place, wrong = read_place(sheet, row, header)
        complaints.extend(wrong)
        places.places[key] = place
    return places, complaints


def missing_columns(sheet: Sheet, header: Header, needed: tuple[str, ...]) -> list[Complaint]:
    """Complain of columns that are not there."""
    absent = [name for name in needed if name not in header.columns]
    if not absent:
        return []
    return [
        Complaint(
            expected="columns well, role, content, concentration, dilution",
            found=f"{', '.join(sheet.rows[0].cells)}: no column {', '.join(absent)}",
            do="add it to the header line",
            where=sheet.where(sheet.rows[0]),
        )
    ]


def read_place(sheet: Sheet, row: Row, header: Header) -> tuple[Place, list[Complaint]]:
    """Read one row's role, content, concentration and dilution; an impossible row is an empty place with complaints."""
    role = header.cell(row, "role").lower() or "empty"
    if role not in ROLES:
        found = header.cell(row, "role")
        wrong = Complaint(expected=f"a role: {', '.join(ROLES)}", found=found, do="correct it", where=sheet.where(row))
        return Place(role="empty"), [wrong]
    if role == "empty":
        return Place(role="empty", content=header.cell(row, "content")), []
    concentration = read_number(header.cell(row, "concentration"), sheet.decimal)
    dilution = read_number(header.cell(row, "dilution"), sheet.decimal)
    known = concentration if role in ("standard", "spiked") else None
    fold = 1.0 if dilution is None else dilution
    excluded = header.cell(row, "exclude")
    place = Place(role=role, content=header.cell(row, "content"), concentration=known, dilution=fold, excluded=excluded)
    wrong_cells = [*_wrong_concentration(place, header.cell(row, "concentration"), concentration)]
    wrong_cells += [*_wrong_content(place), *_wrong_dilution(header.cell(row, "dilution"), dilution)]
    return place, [
        Complaint(expected=expected, found=found, do=do, where=sheet.where(row)) for expected, found, do in wrong_cells
    ]


def _wrong_concentration(place: Place, text: str, number: float | None) -> Iterator[tuple[str, str, str]]:
    """Give (expected, found, do) for a concentration that does not go with the role."""
    found = repr(text) if text else "none"
    if number is not None and number > _LARGEST:
        yield "a plausible concentration", found, "correct it"
    if place.role == "standard" and (number is None or number < 0):
        yield "the concentration of a standard, 0 or more", found, "write it as a number"
    if place.role == "spiked" and (number is None or number <= 0):
        yield "what was added to a spiked sample, above 0, in the final volume", found, "write it as a number"
    if place.role in ("sample", "blank") and text.lower() not in _NOTHING and number != 0:
        yield f"no concentration for a {place.role}", found, "correct the role, or empty the cell"


def _wrong_content(place: Place) -> Iterator[tuple[str, str, str]]:
    if not place.content and place.role != "blank":
        yield f"the name of a {place.role}", "no content", "write its name; replicates share it"


def _wrong_dilution(text: str, number: float | None) -> Iterator[tuple[str, str, str]]:
    if text.lower() not in _NOTHING and (number is None or not 1 <= number <= _LARGEST_FOLD):
        yield "a fold dilution of 1 or more (10 for one part in ten)", repr(text), "correct it, or leave it empty"


def _bad_well(sheet: Sheet, row: Row, found: str) -> Complaint:
    expected = "a well, row letter and column number, such as C4"
    return Complaint(expected=expected, found=repr(found), do="correct it", where=sheet.where(row))


def _twice(sheet: Sheet, row: Row, name: str) -> Complaint:
    return Complaint(expected="every well once", found=f"{name} again", do="remove one line", where=sheet.where(row))
