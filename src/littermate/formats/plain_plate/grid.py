"""Grid: absorbances as they lie on the plate, row letters down and column numbers across.

Several grids may stand below each other, each with a line above it that names its plate.
"""

from __future__ import annotations

import string
from dataclasses import dataclass, field

from littermate.errors import Complaint
from littermate.formats.plain_plate.sheet import Row, Sheet, read_signal

__all__ = ["Grid", "is_grid", "read_grids"]

_ROWS_OF = {12: 8, 24: 16}

Signal = tuple[float | None, str]


@dataclass(slots=True)
class Grid:
    """One grid: its title, and the signal of each well (with the reason where there is none)."""

    title: str
    columns: int
    signals: dict[str, Signal] = field(default_factory=dict)


def is_grid(sheet: Sheet) -> bool:
    """Whether some line of the file is the column numbers of a grid."""
    return any(_column_numbers(row) for row in sheet.rows)


def read_grids(sheet: Sheet) -> tuple[list[Grid], list[Complaint]]:
    """Read every grid of the file; return them and every complaint."""
    grids: list[Grid] = []
    complaints: list[Complaint] = []
    title, seen = "", 0
    for row in sheet.rows:
        if count := _column_numbers(row):
            complaints += _unfinished(sheet, grids, seen)
            grids.append(Grid(title=title, columns=count))
            title, seen = "", 0
        elif grids and seen < _ROWS_OF[grids[-1].columns]:
            complaints += _take(sheet, row, grids[-1], string.ascii_uppercase[seen])
            seen += 1
        elif sum(map(bool, row.cells)) == 1:
            title = next(filter(None, row.cells))
        else:
            complaints.append(_stray(sheet, row))
    return grids, complaints + _unfinished(sheet, grids, seen)


def _column_numbers(row: Row) -> int:
    """Return how many columns a grid's header line numbers, 0 where it is none."""
    numbers = [cell for cell in row.cells[1:] if cell]
    whole = [str(index + 1) for index in range(len(numbers))]
    return len(numbers) if numbers == whole and len(numbers) in _ROWS_OF else 0


def _take(sheet: Sheet, row: Row, grid: Grid, letter: str) -> list[Complaint]:
    """Put one row into the grid."""
    if row.cells[0].upper() != letter:
        found = repr(row.cells[0])
        do = "give every row of the plate once, in order"
        return [Complaint(expected=f"row {letter} of the plate", found=found, do=do, where=sheet.where(row))]
    cells = row.cells[1:] + ("",) * (grid.columns + 1 - len(row.cells))
    complaints = []
    if any(cells[grid.columns :]):
        found = f"{len(cells)} (decimal commas between commas?)"
        do = "part the cells by semicolons, or write numbers with a point; nothing may stand beside the grid"
        return [Complaint(expected=f"{grid.columns} cells", found=found, do=do, where=sheet.where(row))]
    for column, cell in enumerate(cells[: grid.columns], start=1):
        signal = read_signal(cell, sheet.decimal)
        if signal is None:
            where = f"{sheet.where(row)}, well {letter}{column}"
            expected = "a number, or empty, N/A, OVRFLW, Range? or *masked*"
            complaints.append(Complaint(expected=expected, found=repr(cell), do="correct the cell", where=where))
        else:
            grid.signals[f"{letter}{column}"] = signal
    return complaints


def _unfinished(sheet: Sheet, grids: list[Grid], seen: int) -> list[Complaint]:
    if not grids or seen == _ROWS_OF[grids[-1].columns]:
        return []
    last = string.ascii_uppercase[_ROWS_OF[grids[-1].columns] - 1]
    found = f"{seen} rows"
    return [Complaint(expected=f"rows A to {last}", found=found, do="give the whole plate", where=sheet.where())]


def _stray(sheet: Sheet, row: Row) -> Complaint:
    expected = "a grid: a line of column numbers, then rows A to H"
    found = ", ".join(row.cells)[:60]
    return Complaint(expected=expected, found=found, do="remove this line", where=sheet.where(row))
