"""Reader: plates from plain CSV and XLSX files, in three forms.

1. A *grid*: absorbances as they lie on the plate (column numbers across, row letters down), with a *layout* CSV beside
   it (``plate.layout.csv`` beside ``plate.csv``, or named): one row a well, columns `well`, `role`, `content`,
   `concentration`, `dilution`.
2. A *list of wells*: the columns of a layout and `absorbance`.
3. A *table of samples*: `Sample`, `OD_1`, `OD_2`, ..., `Conc`.

A well without a number keeps its reason (``"empty"``, ``"not available"``, ``"overflow"``, ``"out of the reader's
range"``, ``"masked"``) and never becomes 0. Reading computes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from littermate.errors import PlateError, UsageError
from littermate.files import sha256_of
from littermate.formats.gen5 import is_gen5
from littermate.formats.magellan import is_magellan
from littermate.formats.plain_plate.grid import has_grid, read_grids
from littermate.formats.plain_plate.tables import (
    is_sample_table,
    is_well_list,
    read_sample_table,
    read_well_list,
)
from littermate.formats.plate_export.assemble import UNITS, Request, agreed_unit, assemble, raise_any
from littermate.formats.plate_export.sheet import Sheet, read_sheets, require_decimal
from littermate.formats.skanit import is_skanit
from littermate.formats.softmax_pro import is_softmax_pro
from littermate.model.plate import Plate, Well

__all__ = ["KINDS", "is_plain", "read_plain", "read_plates"]

KINDS = tuple(UNITS)


def read_plates(
    path: str | Path, *, kind: str, layout: str | Path | None = None, unit: str | None = None
) -> tuple[Plate, ...]:
    """Read the plates of a plain CSV or XLSX file.

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
    sheets = read_sheets(path)
    if any(known(sheets) for known in (is_softmax_pro, is_gen5, is_skanit, is_magellan)):
        do = "read it with littermate.formats.plate_file.read_plate_file"
        raise PlateError(expected="a plain file", found="a plate reader's own export", do=do, where=str(path))
    wanted = Request(path=Path(path), kind=kind, layout=Path(layout) if layout is not None else None, unit=unit)
    return read_plain(sheets, wanted)


def is_plain(sheets: Sequence[Sheet]) -> bool:
    """Whether the file is in one of the three forms."""
    return has_grid(sheets) or any(is_well_list(sheet) or is_sample_table(sheet) for sheet in sheets)


def read_plain(sheets: Sequence[Sheet], request: Request) -> tuple[Plate, ...]:
    """Read the plates of sheets that are in one of the three forms."""
    tables = [sheet for sheet in sheets if is_well_list(sheet) or is_sample_table(sheet)]
    if not tables and has_grid(sheets):
        return assemble(read_grids([_grid_decimal(sheet) for sheet in sheets]), request)
    if not tables:
        raise _not_understood(sheets[0])
    if len(tables) > 1:
        found = ", ".join(sheet.name for sheet in tables)
        where = str(request.path)
        raise PlateError(expected="one table", found=f"sheets {found}", do="leave only the one meant", where=where)
    _refuse_layout(tables[0], request.layout)
    form, plates, written = _from_table(require_decimal(tables[0]))
    known = agreed_unit(request.path, request.unit, written) or UNITS[request.kind]
    digest = sha256_of(request.path)
    others = [f"sheet {sheet.name!r}: not read" for sheet in sheets if sheet is not tables[0]]
    return tuple(
        Plate(
            name=name,
            kind=request.kind,
            unit=known,
            wells=tuple(wells),
            path=str(request.path),
            sha256=digest,
            format=form,
            notes=tuple(others),
        )
        for name, wells in plates.items()
    )


def _grid_decimal(sheet: Sheet) -> Sheet:
    """Refuse a plain text grid whose decimal mark cannot be told."""
    return sheet if sheet.name else require_decimal(sheet)


def _from_table(sheet: Sheet) -> tuple[str, dict[str, list[Well]], str]:
    if is_well_list(sheet):
        form = "plain list of wells"
        plates, unit, complaints = read_well_list(sheet)
        plates = {name or sheet.path.stem: wells for name, wells in plates.items()}
    else:
        form = "plain table of samples"
        wells, unit, complaints = read_sample_table(sheet)
        plates = {sheet.path.stem: wells}
    raise_any(complaints)
    if not any(plates.values()):
        do = "export the plate with its signals"
        raise PlateError(expected="signals below the header", found="none", do=do, where=sheet.where())
    return form, plates, unit


def _refuse_layout(sheet: Sheet, layout: Path | None) -> None:
    if layout is not None:
        raise PlateError(
            expected="a layout only for a grid of absorbances",
            found="a file that is no 8 x 12 grid, and a layout",
            do="leave the layout out if the file says itself what is in each well; otherwise export the grid",
            where=sheet.where(),
        )


def _not_understood(sheet: Sheet) -> PlateError:
    return PlateError(
        expected="an export of SoftMax Pro, Gen5, Magellan or SkanIt, a grid (column numbers 1 to 12, rows A to H), a "
        "list of wells (columns well, absorbance, role, content, concentration, dilution) or a table of samples "
        "(Sample, OD_1, ..., Conc)",
        found=f"a first line of {', '.join(sheet.rows[0].cells)[:80]!r}",
        do="export the plate in one of these forms",
        where=sheet.where(sheet.rows[0]),
    )
