"""Reader: plates from plain CSV files, in three forms.

1. A *grid*: absorbances as they lie on the plate (column numbers across, row letters down), with a *layout* CSV beside
   it (``plate.layout.csv`` beside ``plate.csv``, or named): one row a well, columns `well`, `role`, `content`,
   `concentration`, `dilution`.
2. A *list of wells*: the columns of a layout and `absorbance`.
3. A *table of samples*: `Sample`, `OD_1`, `OD_2`, ..., `Conc`.

A well without a number keeps its reason (``"empty"``, ``"not available"``, ``"overflow"``, ``"out of the reader's
range"``, ``"masked"``) and never becomes 0. Reading computes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from littermate.errors import Complaint, PlateError, UsageError
from littermate.files import sha256_of
from littermate.formats.plain_plate.grid import Grid, is_grid, read_grids
from littermate.formats.plain_plate.places import Place, Places, read_places
from littermate.formats.plain_plate.sheet import Sheet, read_sheet
from littermate.formats.plain_plate.tables import (
    is_sample_table,
    is_well_list,
    read_sample_table,
    read_well_list,
)
from littermate.model.plate import Plate, Well

__all__ = ["KINDS", "read_plates"]

_UNITS = {"bca": "ug/mL", "elisa": "pg/mL"}
KINDS = tuple(_UNITS)


def read_plates(
    path: str | Path, *, kind: str, layout: str | Path | None = None, unit: str | None = None
) -> tuple[Plate, ...]:
    """Read the plates of a plain CSV file.

    Parameters
    ----------
    path
        The file.
    kind
        ``"bca"`` or ``"elisa"``.
    layout
        Layout CSV of a grid; the file's companion ``<stem>.layout.csv`` where not given.
    unit
        Of the standards' concentrations; where not given, the one in the header (``Conc (pg/mL)``), or ug/mL for BCA
        and pg/mL for ELISA.

    Raises
    ------
    UsageError
        If the kind is unknown.
    PlateError
        If the file or its layout cannot be understood. All complaints at once.
    """
    if kind not in KINDS:
        raise UsageError(expected=f"a kind: {', '.join(KINDS)}", found=kind, do="choose one of these")
    sheet = read_sheet(path)
    if is_grid(sheet):
        plates, header_unit = _from_grids(sheet, layout)
    else:
        _refuse_layout(sheet, layout)
        plates, header_unit = _from_table(sheet)
    known = _agreed_unit(sheet, unit, header_unit) or _UNITS[kind]
    digest = sha256_of(path)
    return tuple(
        Plate(name=name, kind=kind, unit=known, wells=tuple(wells), path=str(path), sha256=digest)
        for name, wells in plates.items()
    )


def _from_table(sheet: Sheet) -> tuple[dict[str, list[Well]], str]:
    if is_well_list(sheet):
        plates, unit, complaints = read_well_list(sheet)
        plates = {name or sheet.path.stem: wells for name, wells in plates.items()}
    elif is_sample_table(sheet):
        wells, unit, complaints = read_sample_table(sheet)
        plates = {sheet.path.stem: wells}
    else:
        raise _not_understood(sheet)
    _raise_any(complaints)
    return plates, unit


def _from_grids(sheet: Sheet, layout: str | Path | None) -> tuple[dict[str, list[Well]], str]:
    """Join the grids of a file with its layout."""
    grids, complaints = read_grids(sheet)
    layout_path = Path(layout) if layout is not None else _companion(sheet)
    try:
        places, wrong = read_places(layout_sheet := read_sheet(layout_path))
    except PlateError as fault:
        raise PlateError.of([*complaints, *fault.complaints]) from fault
    names = _names(sheet, grids)
    wrong = wrong or _misplaced(layout_sheet, places, names, grids)
    _raise_any([*complaints, *wrong])
    return {name: _wells(grid, places.of_plate(name)) for name, grid in zip(names, grids, strict=True)}, places.unit


def _companion(sheet: Sheet) -> Path:
    path = sheet.path.with_name(f"{sheet.path.stem}.layout.csv")
    if not path.is_file():
        raise PlateError(
            expected=f"a layout that says what is in each well, named or as {path.name} beside the grid",
            found="none",
            do="write a CSV with the columns well, role, content, concentration, dilution",
            where=str(sheet.path),
        )
    return path


def _names(sheet: Sheet, grids: list[Grid]) -> list[str]:
    """Name the plates by their titles, or by the file."""
    stem = sheet.path.stem
    if len(grids) == 1:
        return [grids[0].title or stem]
    names = [grid.title or f"{stem}-{number}" for number, grid in enumerate(grids, start=1)]
    if len(set(names)) < len(names):
        raise PlateError(
            expected="plates of different names", found=", ".join(names), do="rename them", where=sheet.where()
        )
    return names


def _wells(grid: Grid, places: dict[str, Place]) -> list[Well]:
    nowhere = Place(role="empty")
    return [places.get(name, nowhere).well(name, *signal) for name, signal in grid.signals.items()]


def _misplaced(sheet: Sheet, places: Places, names: list[str], grids: list[Grid]) -> list[Complaint]:
    """Complain of a layout's plates and wells that are not in the grids."""
    signals = {name: grid.signals for name, grid in zip(names, grids, strict=True)}
    absent = sorted({plate for plate, _ in places.places if plate and plate not in signals})
    complaints = [
        Complaint(expected=f"a plate of the file: {', '.join(names)}", found=name, do="correct it", where=sheet.where())
        for name in absent
    ]
    for name in names:
        outside = [well for well in places.of_plate(name) if well not in signals[name]]
        if outside:
            found = ", ".join(outside)
            expected = f"wells of the {len(signals[name])} of plate {name}"
            complaints.append(Complaint(expected=expected, found=found, do="correct the layout", where=sheet.where()))
    return complaints


def _refuse_layout(sheet: Sheet, layout: str | Path | None) -> None:
    if layout is not None:
        raise PlateError(
            expected="a layout only for a grid of absorbances",
            found="a file that is no 8 x 12 grid, and a layout",
            do="leave the layout out if the file says itself what is in each well; otherwise export the grid",
            where=sheet.where(),
        )


def _agreed_unit(sheet: Sheet, wanted: str | None, written: str) -> str:
    if wanted and written and wanted != written:
        do = "give the unit that is right, and correct the file if it is wrong"
        raise PlateError(
            expected=f"concentrations in {wanted}", found=f"{written} in the header", do=do, where=sheet.where()
        )
    return wanted or written


def _not_understood(sheet: Sheet) -> PlateError:
    return PlateError(
        expected="a grid (column numbers 1 to 12, rows A to H), a list of wells (columns well, absorbance, role, "
        "content, concentration, dilution) or a table of samples (Sample, OD_1, ..., Conc)",
        found=f"a first line of {', '.join(sheet.rows[0].cells)[:80]!r}",
        do="export the plate in one of these forms",
        where=sheet.where(sheet.rows[0]),
    )


def _raise_any(complaints: Iterable[Complaint]) -> None:
    if complaints := list(complaints):
        raise PlateError.of(complaints)
