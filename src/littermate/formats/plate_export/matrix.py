"""Matrix: cells as they lie on the plate, a line of column numbers above and row letters before them.

A row of the plate may take several lines (one a read), of which only the first has its letter; what stands behind the
last column is the line's label.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from littermate.errors import Complaint
from littermate.formats.plate_export.sheet import Row, Sheet

__all__ = ["Matrix", "MatrixLine", "column_numbers", "find_matrices"]

LETTERS = string.ascii_uppercase[:16]
_MOST_COLUMNS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixLine:
    """One line of a matrix: the plate's row, the cells below the column numbers, and the label behind them."""

    letter: str
    cells: tuple[str, ...]
    label: str
    row: Row


@dataclass(slots=True, kw_only=True)
class Matrix:
    """One matrix: the lines directly above it that are not another's, its corner, its columns, and its lines."""

    above: tuple[Row, ...]
    header: Row
    corner: str
    columns: tuple[int, ...]
    lines: list[MatrixLine] = field(default_factory=list)

    @property
    def title(self) -> str:
        """The last line above it, its cells joined."""
        return " ".join(filter(None, self.above[-1].cells)) if self.above else ""

    @property
    def rows(self) -> list[Row]:
        """Every line of it, the column numbers first."""
        return [self.header, *(line.row for line in self.lines)]

    def wells(self, line: MatrixLine) -> Iterator[tuple[str, str, Row]]:
        """Give each cell of a line with its well's name."""
        for column, cell in zip(self.columns, line.cells, strict=True):
            yield f"{line.letter}{column}", cell, line.row

    def all_wells(self) -> Iterator[tuple[str, str, Row]]:
        """Give each cell of the first line of every row with its well's name."""
        for line in self.lines:
            yield from self.wells(line)


def find_matrices(sheet: Sheet) -> tuple[list[Matrix], list[Row], list[Complaint]]:
    """Return the matrices of a sheet, the rows that belong to none, and complaints about rows that cannot be placed."""
    matrices: list[Matrix] = []
    loose: list[Row] = []
    complaints: list[Complaint] = []
    rows = sheet.rows
    index = 0
    since = 0
    while index < len(rows):
        columns = column_numbers(rows[index])
        if not columns or not _row_letter(rows, index + 1):
            loose.append(rows[index])
            index += 1
            continue
        first = rows[index].cells.index(str(columns[0]))
        corner = next(filter(None, rows[index].cells[:first]), "")
        matrix = Matrix(above=tuple(loose[since:]), header=rows[index], corner=corner, columns=columns)
        index, wrong = _fill(sheet, matrix, index + 1, first)
        complaints += wrong
        matrices.append(matrix)
        since = len(loose)
    return matrices, loose, complaints


def column_numbers(row: Row) -> tuple[int, ...]:
    """Return the column numbers of a header line, empty where it is none.

    Examples
    --------
    >>> column_numbers(Row(line=1, cells=("", "1", "2", "3", ""))), column_numbers(Row(line=1, cells=("1", "2", "4")))
    ((1, 2, 3), ())
    """
    cells = list(row.cells)
    while cells and not cells[-1]:
        cells.pop()
    start = next((place for place, cell in enumerate(cells) if cell in _NUMBERS), 0)
    if start == 0 or sum(map(bool, cells[:start])) > 1 or any(cell not in _NUMBERS for cell in cells[start:]):
        return ()
    numbers = tuple(int(cell) for cell in cells[start:])
    return numbers if numbers == tuple(range(numbers[0], numbers[0] + len(numbers))) else ()


_NUMBERS = frozenset(map(str, range(1, _MOST_COLUMNS + 1)))


def _row_letter(rows: Sequence[Row], index: int) -> str:
    if index >= len(rows):
        return ""
    cells = rows[index].cells
    first = next(filter(None, cells), "").upper()
    return first if first in tuple(LETTERS) else ""


def _fill(sheet: Sheet, matrix: Matrix, index: int, first: int) -> tuple[int, list[Complaint]]:
    """Put the rows from `index` on into the matrix; return where it ends."""
    complaints: list[Complaint] = []
    letter = ""
    width = first + len(matrix.columns)
    while index < len(sheet.rows):
        row = sheet.rows[index]
        head = next(filter(None, row.cells[:first]), "")
        if column_numbers(row) and _row_letter(sheet.rows, index + 1):
            break
        follows = row.line == sheet.rows[index - 1].line + 1
        if not head and letter and follows and any(row.cells[first:]):
            pass
        elif len(head) == 1 and head.isalpha() and sum(map(bool, row.cells)) > 1:
            complaints += _misplaced(sheet, row, head.upper(), letter, matrix)
            letter = head.upper()
        elif len(head) == 1 and letter and ord(head.upper()) == ord(letter) + 1:
            letter = head.upper()
        else:
            break
        cells = (*row.cells[first:width], *[""] * (width - max(len(row.cells), first)))[: len(matrix.columns)]
        behind = [cell for cell in row.cells[width:] if cell]
        if len(behind) > 1:
            complaints.append(_too_wide(sheet, row, len(matrix.columns) + len(behind), matrix))
        label = behind[0] if behind else ""
        matrix.lines.append(MatrixLine(letter=letter, cells=cells, label=label, row=row))
        index += 1
    return index, complaints


def _misplaced(sheet: Sheet, row: Row, letter: str, before: str, matrix: Matrix) -> list[Complaint]:
    """Complain of a row that comes twice, out of order, or below the plate."""
    small = matrix.columns[-1] <= 12
    gap = small and letter > "H" and bool(before) and ord(letter) != ord(before) + 1
    if letter in LETTERS and letter > before and not gap:
        return []
    expected = f"row {LETTERS[LETTERS.index(before) + 1]} of the plate" if before in LETTERS[:-1] else "a row A to P"
    do = "give every row of the plate once, in order"
    return [Complaint(expected=expected, found=repr(letter), do=do, where=sheet.where(row))]


def _too_wide(sheet: Sheet, row: Row, count: int, matrix: Matrix) -> Complaint:
    return Complaint(
        expected=f"{len(matrix.columns)} cells",
        found=f"{count} (decimal commas between commas?)",
        do="part the cells by semicolons, or write numbers with a point; nothing may stand beside the grid",
        where=sheet.where(row),
    )
