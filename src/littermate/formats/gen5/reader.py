"""Reader: the export of Gen5, tab-separated text or Excel.

One part a plate, from its line ``Plate Number``: facts of the run, `Procedure Details`, `Layout` (a matrix with lines
`Well ID`, `Name` and `Conc/Dil`), and reads, each as a matrix of its own or all together under `Results`, labelled
behind the last column. What Gen5 computed (``Blank 450``, ``[Concentration]``) is told from what it read by its label.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from littermate.formats.plate_export.collect import collect
from littermate.formats.plate_export.export import Export, ExportedPlate
from littermate.formats.plate_export.sheet import Row, Sheet

__all__ = ["is_gen5", "read_gen5"]

_MARKS = {"software version", "plate number", "procedure details", "experiment file path:", "reader type:", "layout"}


def is_gen5(sheets: Sequence[Sheet]) -> bool:
    """Whether some sheet has three or more of the lines by which Gen5 begins its parts."""
    return any(len(_MARKS & {_first(row).lower() for row in sheet.rows}) >= 3 for sheet in sheets)


def read_gen5(sheets: Sequence[Sheet]) -> Export:
    """Read every plate; all complaints are kept in the export."""
    export = Export(format="Gen5")
    for sheet in sheets:
        starts = [place for place, row in enumerate(sheet.rows) if _first(row).lower() == "plate number"] or [0]
        export.unread.add(sheet.rows[: starts[0]], "about the run", sheet.name)
        for start, stop in zip(starts, [*starts[1:], len(sheet.rows)], strict=True):
            part = replace(sheet, rows=sheet.rows[start:stop])
            plate = ExportedPlate(name=_name(part.rows[0]) or sheet.name or sheet.path.stem)
            collect(export, plate, part)
            if plate.reads or plate.places:
                export.plates.append(plate)
    return export


def _first(row: Row) -> str:
    return next(filter(None, row.cells))


def _name(row: Row) -> str:
    cells = [cell for cell in row.cells if cell]
    return cells[1] if cells[0].lower() == "plate number" and len(cells) > 1 else ""
