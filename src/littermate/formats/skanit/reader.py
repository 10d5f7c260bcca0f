"""Reader: the export of SkanIt: a sheet for each step (``Absorbance 1_01``), and ``Layout definitions``.

A measured matrix has ``Abs``, ``RFU`` or ``RLU`` in its corner, its plate's name above it, above that the wavelength.
What SkanIt computed (blank subtraction, curves, averages) is kept as not read. In the layout each well has a name, a
group, and a concentration (``1 microg/ml``) or dilution (``1:2``), one below the other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from littermate.errors import Complaint
from littermate.formats.plate_export.export import Export, ExportedPlate, signals_of
from littermate.formats.plate_export.labels import place_of, unit_of
from littermate.formats.plate_export.matrix import Matrix, find_matrices
from littermate.formats.plate_export.sheet import Row, Sheet, read_number

__all__ = ["is_skanit", "read_skanit"]

_MEASURED = {"abs", "rfu", "rlu", "od"}
_WAVELENGTH = re.compile(r"Wavelength: *(.+?)(?: nm)?$")
_FOLD = re.compile(r"1 ?[:/] ?(\d+(?:[.,]\d+)?)")
_AMOUNT = re.compile(r"(\d+(?:[.,]\d+)?(?:e[-+]?\d+)?) ?([^\d\s].*)?", re.IGNORECASE)


def is_skanit(sheets: Sequence[Sheet]) -> bool:
    """Whether some sheet begins with SkanIt's titles or names the program."""
    firsts = {cell for sheet in sheets for row in sheet.rows[:3] for cell in row.cells}
    return "Measurement results" in firsts or any(cell.startswith("SkanIt Software") for cell in firsts)


def read_skanit(sheets: Sequence[Sheet]) -> Export:
    """Read every measured matrix, and the layout; all complaints are kept in the export."""
    export = Export(format="SkanIt")
    plates: dict[str, ExportedPlate] = {}
    layouts: dict[str, Matrix] = {}
    for sheet in sheets:
        matrices, loose, complaints = find_matrices(sheet)
        step = _step(sheet)
        wavelength = ""
        used: set[int] = set()
        for matrix in matrices:
            name = _plate_name(matrix)
            wavelength = _wavelength(matrix.above) or wavelength
            if sheet.name.startswith("Layout") or matrix.title.startswith("Plate template"):
                layouts[name] = matrix
            elif matrix.corner.lower() in _MEASURED:
                export.complaints += complaints
                plate = plates.setdefault(name, ExportedPlate(name=name))
                _take(export, plate, sheet, matrix, step if wavelength in ("", "0") else wavelength)
            else:
                export.unread.add(matrix.rows, f"{matrix.corner or step}, not a measured read", sheet.name)
                continue
            used |= {row.line for row in matrix.above}
        export.unread.add([row for row in loose if row.line not in used], "about the run, or results", sheet.name)
    export.plates = list(plates.values())
    for name, matrix in layouts.items():
        if name in plates or len(plates) == len(layouts) == 1:
            _lay(export, plates.get(name) or export.plates[0], matrix, str(sheets[0].path))
    return export


def _step(sheet: Sheet) -> str:
    """Return the step's name: the line before the first that says a wavelength, else the sheet's."""
    for before, row in zip(sheet.rows, sheet.rows[1:], strict=False):
        if row.cells[0].startswith("Wavelength"):
            return before.cells[0]
    return sheet.name


def _plate_name(matrix: Matrix) -> str:
    for row in reversed(matrix.above):
        if row.cells[0] == "Name" and len(row.cells) > 1:
            return row.cells[1]
    return matrix.title or "Plate 1"


def _wavelength(rows: Sequence[Row]) -> str:
    return next((found[1] for row in reversed(rows) if (found := _WAVELENGTH.match(row.cells[0]))), "")


def _take(export: Export, plate: ExportedPlate, sheet: Sheet, matrix: Matrix, name: str) -> None:
    signals, complaints, mixed = signals_of(sheet, matrix.all_wells())
    export.complaints += complaints
    plate.notes += mixed
    known, number = name, 2
    while known in plate.reads:
        known, number = f"{name} ({number})", number + 1
    plate.reads[known] = signals


def _lay(export: Export, plate: ExportedPlate, matrix: Matrix, path: str) -> None:
    """Read the layout: the first line of a row has the names, the others groups, concentrations and dilutions."""
    labels: dict[str, str] = {}
    amounts: dict[str, float] = {}
    folds: dict[str, float] = {}
    units: set[str] = set()
    for line in matrix.lines:
        for well, cell, _ in matrix.wells(line):
            if not cell:
                continue
            if well not in labels:
                labels[well] = cell
            elif found := _FOLD.fullmatch(cell):
                folds[well] = read_number(found[1], "," if "," in found[1] else ".") or 1.0
            elif found := _AMOUNT.fullmatch(cell):
                amounts[well] = read_number(found[1], "," if "," in found[1] else ".") or 0.0
                units |= {unit_of(found[2])} if found[2] else set()
    if len(units) > 1:
        found_units = ", ".join(sorted(units))
        do = "give a layout with the concentrations in one unit"
        export.complaints.append(Complaint(expected="one unit", found=found_units, do=do, where=path))
    plate.unit = next(iter(units), "")
    for well, label in labels.items():
        plate.places[well] = place_of(label, concentration=amounts.get(well), dilution=max(folds.get(well, 1.0), 1.0))
