"""Tables: a list of wells (one row a well), and a table of samples (one row a sample, its replicates across).

A table of samples says no wells; its "wells" are named by sample and column (``"TS_4 OD_2"``). A row with a
concentration is a standard, one named blank is a blank, any other a sample, unless a column `role` says so.
"""

from __future__ import annotations

import re

from littermate.errors import Complaint
from littermate.formats.plate_export.places import (
    Header,
    Place,
    find_header,
    missing_columns,
    read_place,
    read_places,
)
from littermate.formats.plate_export.sheet import Row, Sheet, read_signal
from littermate.formats.plate_export.well_list import distinct
from littermate.model.plate import Well

__all__ = ["is_sample_table", "is_well_list", "read_sample_table", "read_well_list"]

_REPLICATE = re.compile(r"(od|abs|absorbance|signal|rep|replicate)[ _-]?\d*", re.IGNORECASE)
_STANDARD = re.compile(r"(std|standard|cal)", re.IGNORECASE)
_BLANK = re.compile(r"(blank|blk)", re.IGNORECASE)


def is_well_list(sheet: Sheet) -> bool:
    """Whether the file has one row a well with its absorbance."""
    return {"well", "absorbance"} <= find_header(sheet.rows[0]).columns.keys()


def is_sample_table(sheet: Sheet) -> bool:
    """Whether the file has one row a sample with its replicates."""
    header = find_header(sheet.rows[0])
    return "content" in header.columns and "well" not in header.columns and bool(_replicates(sheet.rows[0]))


def read_well_list(sheet: Sheet) -> tuple[dict[str, list[Well]], str, list[Complaint]]:
    """Read a list of wells; return the wells by plate, the unit in the header, and every complaint."""
    header = find_header(sheet.rows[0])
    places, complaints = read_places(sheet)
    plates: dict[str, list[Well]] = {}
    if missing_columns(sheet, header, ("well", "role")):
        return plates, header.unit, complaints
    signals = []
    for row in sheet.rows[1:]:
        signal, wrong = _signal(sheet, row, header.cell(row, "absorbance"))
        complaints += wrong
        signals.append(signal)
    if complaints:
        return plates, header.unit, complaints
    for ((plate, name), place), (absorbance, reason) in zip(places.places.items(), signals, strict=True):
        plates.setdefault(plate, []).append(place.well(name, absorbance, reason))
    return plates, header.unit, []


def read_sample_table(sheet: Sheet) -> tuple[list[Well], str, list[Complaint]]:
    """Read a table of samples; return its wells, the unit in the header, and every complaint."""
    header = find_header(sheet.rows[0])
    replicates = _replicates(sheet.rows[0])
    titles = distinct(sheet.rows[0].cells)
    wells: list[Well] = []
    complaints: list[Complaint] = []
    names: set[str] = set()
    for row in sheet.rows[1:]:
        place, wrong = _sample_place(sheet, row, header)
        complaints += wrong
        if (key := place.content + " + spike" * (place.role == "spiked")) in names:
            found = f"{place.content} again"
            complaints.append(
                Complaint(expected="every name once", found=found, do="rename it", where=sheet.where(row))
            )
        names.add(key)
        for index in replicates:
            cell = row.cells[index] if index < len(row.cells) else ""
            (absorbance, reason), wrong = _signal(sheet, row, cell)
            complaints += wrong
            wells.append(place.well(f"{key} {titles[index]}", absorbance, reason))
    return wells, header.unit, complaints


def _replicates(row: Row) -> list[int]:
    """Return the columns that hold signals."""
    return [index for index, cell in enumerate(row.cells) if _REPLICATE.fullmatch(cell)]


def _sample_place(sheet: Sheet, row: Row, header: Header) -> tuple[Place, list[Complaint]]:
    """Read one row's place, its role guessed from name and concentration where no column says it."""
    if "role" in header.columns:
        return read_place(sheet, row, header)
    content, concentration = header.cell(row, "content"), header.cell(row, "concentration")
    known = bool(concentration) or _STANDARD.match(content) is not None
    role = "blank" if _BLANK.match(content) else "standard" if known else "sample"
    index = max(len(row.cells), len(sheet.rows[0].cells))
    padded = (*row.cells, *[""] * (index - len(row.cells)))
    return read_place(
        sheet,
        Row(line=row.line, cells=(*padded, role)),
        Header(columns={**header.columns, "role": index}, unit=header.unit),
    )


def _signal(sheet: Sheet, row: Row, cell: str) -> tuple[tuple[float | None, str], list[Complaint]]:
    signal = read_signal(cell, sheet.decimal)
    if signal is not None:
        return signal, []
    expected = "a number, or empty, N/A, OVRFLW, Range? or *masked*"
    complaint = Complaint(expected=expected, found=repr(cell), do="correct the cell", where=sheet.where(row))
    return (None, "not understood"), [complaint]
