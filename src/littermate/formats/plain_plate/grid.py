"""Grid: absorbances as they lie on the plate, row letters down and column numbers across.

Several grids may stand below each other, each with a line above it that names its plate. A partial plate lacks rows or
columns; lines that are no part of a grid are kept as not read.
"""

from __future__ import annotations

from collections.abc import Sequence

from littermate.formats.plate_export.export import Export, ExportedPlate, signals_of
from littermate.formats.plate_export.matrix import Matrix, find_matrices
from littermate.formats.plate_export.sheet import Sheet

__all__ = ["has_grid", "read_grids"]


def has_grid(sheets: Sequence[Sheet]) -> bool:
    """Whether some line of the file is the column numbers of a grid."""
    return any(find_matrices(sheet)[0] for sheet in sheets)


def read_grids(sheets: Sequence[Sheet]) -> Export:
    """Read every grid of the file, each as a plate."""
    export = Export(format="plain grid")
    for sheet in sheets:
        matrices, loose, complaints = find_matrices(sheet)
        export.complaints += complaints
        export.plates += [_plate(export, sheet, matrix) for matrix in matrices]
        titles = {matrix.above[-1].line for matrix in matrices if matrix.above}
        stray = [row for row in loose if row.line not in titles]
        export.unread.add(stray, "no part of a grid", sheet.name)
    stem = sheets[0].path.stem
    nameless = [plate for plate in export.plates if not plate.name]
    for number, plate in enumerate(nameless, start=1):
        plate.name = stem if len(export.plates) == 1 else f"{stem}-{number}"
    return export


def _plate(export: Export, sheet: Sheet, matrix: Matrix) -> ExportedPlate:
    signals, complaints, mixed = signals_of(sheet, matrix.all_wells())
    export.complaints += complaints
    title = matrix.title if matrix.above and sum(map(bool, matrix.above[-1].cells)) == 1 else ""
    plate = ExportedPlate(name=title or sheet.name, reads={"": signals}, notes=mixed)
    labels = {line.label for line in matrix.lines if line.label}
    if len(labels) == 1:
        plate.reads = {labels.pop(): signals}
    return plate
