"""Group block: which wells hold the same sample, with its concentration or dilution where the group has one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from littermate.errors import Complaint
from littermate.formats.plate_export.export import Export
from littermate.formats.plate_export.labels import unit_of
from littermate.formats.plate_export.places import Place, well_name
from littermate.formats.plate_export.sheet import Row, Sheet, read_number

__all__ = ["Group", "read_group"]

_STANDARDS = re.compile(r"standard|^std|^cal", re.IGNORECASE)
_BLANKS = re.compile(r"blank|^blk", re.IGNORECASE)
_CONCENTRATION = re.compile(r"(standard value|(std ?|known|exp(ected)? ?)?conc(entration)?\b)", re.IGNORECASE)
_DILUTION = re.compile(r"dil", re.IGNORECASE)


@dataclass(slots=True)
class Group:
    """One group: its wells with the plate each is of (empty where the group does not say), and those masked."""

    name: str
    unit: str = ""
    wells: list[tuple[str, str, Place]] = field(default_factory=list)
    masked: set[str] = field(default_factory=set)
    notes: list[str] = field(default_factory=list)


def read_group(export: Export, sheet: Sheet, block: list[Row]) -> Group:
    """Read one block; what it computed is not read."""
    cells = block[0].cells
    name = cells[0].partition(":")[2].strip() or (cells[1] if len(cells) > 1 else "") or "Group"
    group = Group(name=name)
    if len(block) < 2 or not {"sample"} & {cell.lower() for cell in block[1].cells}:
        export.unread.add(block, f"group {name}")
        return group
    titles = list(block[1].cells)
    formulas = _formulas(block)
    sample = _column(titles, formulas, "!SampleNames", r"sample")
    wells = _column(titles, formulas, "!WellIDs", r"wells?")
    plate = _column(titles, formulas, "!WellPlateName", r"wellplatename|plate")
    values = _column(titles, formulas, "!WellValues", r"values?|od")
    amount, role = _amount(titles, formulas, name)
    if amount is not None and role == "standard":
        group.unit = unit_of(_CONCENTRATION.sub("", titles[amount]))
    current = ("", "")
    end = len(block)
    for index, row in enumerate(block[2:], start=2):
        well = well_name(_cell(row, wells))
        if well is None:
            end = index
            break
        if _cell(row, sample):
            current = (_cell(row, sample), _cell(row, amount))
        if "mask" in _cell(row, values).lower():
            group.masked.add(well)
        place = _place(export, sheet, row, group, current, role, amount)
        group.wells.append((_cell(row, plate), well, place))
    export.unread.add(block[end:], "formulas and summaries of groups")
    if group.wells:
        kept = {index for index in (sample, wells, plate, amount) if index is not None}
        if any(title and index not in kept for index, title in enumerate(titles)):
            export.unread.add([block[1]], "values and computed columns of groups")
        group.notes += _notes(role, name, amount)
    return group


def _notes(role: str, name: str, amount: int | None) -> list[str]:
    if role == "sample" and "spike" in name.lower():
        return [f"group {name}: taken as samples, as it does not say what was added; a layout can"]
    return []


def _cell(row: Row, index: int | None) -> str:
    return row.cells[index] if index is not None and index < len(row.cells) else ""


def _formulas(block: list[Row]) -> dict[str, str]:
    """Return the name of the column that each of the program's own words fills."""
    found: dict[str, str] = {}
    for row in block:
        if len(row.cells) > 2 and row.cells[0].isdigit() and row.cells[2].startswith("!"):
            found.setdefault(row.cells[2], row.cells[1])
    return found


def _column(titles: list[str], formulas: dict[str, str], word: str, pattern: str) -> int | None:
    """Return a column by the program's word for it, else by its title."""
    if named := formulas.get(word):
        for index, title in enumerate(titles):
            if title == named or title.startswith(f"{named} "):
                return index
    return next((i for i, title in enumerate(titles) if re.fullmatch(pattern, title, re.IGNORECASE)), None)


def _amount(titles: list[str], formulas: dict[str, str], name: str) -> tuple[int | None, str]:
    """Return the column of the concentration or dilution, and the role of the group's wells."""
    descriptor = _column(titles, formulas, "!SampleDescriptor", r"(?!)")
    known = next((i for i, title in enumerate(titles) if _CONCENTRATION.match(title)), None)
    fold = next((i for i, title in enumerate(titles) if _DILUTION.match(title)), None)
    if _BLANKS.search(name):
        return None, "blank"
    if _STANDARDS.search(name):
        return (descriptor if descriptor is not None else known), "standard"
    if descriptor is not None and not _DILUTION.match(titles[descriptor]):
        descriptor = None
    return (descriptor if descriptor is not None else fold), "sample"


def _place(
    export: Export, sheet: Sheet, row: Row, group: Group, current: tuple[str, str], role: str, amount: int | None
) -> Place:
    sample, written = current
    content = f"{group.name} {sample}" if sample.isdigit() or not sample else sample
    number = read_number(written, "," if "," in written else ".")
    if role == "standard":
        return Place(role=role, content=content, concentration=number)
    if role == "blank" or amount is None or not written:
        return Place(role=role, content=content)
    if number is None or not 0 < number <= 1e9:
        do = "correct the template, or give a layout"
        complaint = Complaint(expected="a dilution above 0", found=repr(written), do=do, where=sheet.where(row))
        export.complaints.append(complaint)
        return Place(role=role, content=content)
    return Place(role=role, content=content, dilution=number if number >= 1 else float(f"{1 / number:.6g}"))
