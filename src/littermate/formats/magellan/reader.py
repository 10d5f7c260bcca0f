"""Reader: the export of Magellan (and i-control), Excel or text.

Either lists with a column ``Well positions``, one column a read (``Raw data``, or ``Label1``, ``Label2``), and,
where the method has them, ``Layout``, ``Concentration`` and ``Dilution``; or matrices whose corner is ``<>``. Facts of
the run stand below and are not read, but name the wavelengths.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from littermate.formats.plate_export.collect import collect
from littermate.formats.plate_export.export import Export, ExportedPlate
from littermate.formats.plate_export.sheet import Sheet

__all__ = ["is_magellan", "read_magellan"]

_WAVELENGTH = re.compile(r"Measurement wavelength: (\d+) nm")


def is_magellan(sheets: Sequence[Sheet]) -> bool:
    """Whether some sheet is Magellan's by its name, has its word for wells, or matrices with its corner."""
    return any(
        sheet.name.startswith("Magellan Sheet")
        or any(cell in ("<>", "Well positions") for row in sheet.rows for cell in row.cells)
        for sheet in sheets
    )


def read_magellan(sheets: Sequence[Sheet]) -> Export:
    """Read each sheet as a plate; all complaints are kept in the export."""
    export = Export(format="Magellan")
    for sheet in sheets:
        plate = ExportedPlate(name=sheet.path.stem if len(sheets) == 1 else sheet.name)
        collect(export, plate, sheet)
        _name_reads(plate, [cell for row in sheet.rows for cell in row.cells])
        if plate.reads:
            export.plates.append(plate)
    return export


def _name_reads(plate: ExportedPlate, cells: Sequence[str]) -> None:
    """Name the reads by their wavelengths, where the file names as many as it has reads."""
    wavelengths = [found[1] for cell in cells if (found := _WAVELENGTH.match(cell))]
    measured = [name for name in plate.reads if name not in plate.computed]
    if len(wavelengths) == len(measured) == len(set(wavelengths)):
        names = dict(zip(measured, wavelengths, strict=True))
        plate.reads = {names.get(name, name): signals for name, signals in plate.reads.items()}
