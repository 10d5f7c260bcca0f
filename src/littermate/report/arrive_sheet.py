"""The ARRIVE 2.0 checklist as a workbook, to be handed in with a manuscript.

Every cell is text: what a spreadsheet would take for a formula stays what was written.
"""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

from littermate.files import written_whole
from littermate.report.arrive import arrive_rows
from littermate.report.content import ReportContent

__all__ = ["write_checklist"]

_WIDTHS = (6, 17, 24, 34, 12, 22, 80, 44)
_NO_CELL_HOLDS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_LONGEST = 32767
"""Characters that a cell can hold."""


def write_checklist(path: str | Path, content: ReportContent) -> Path:
    """Write the checklist as an .xlsx file, whole or not at all."""
    path = Path(path)
    book = openpyxl.Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = "ARRIVE 2.0"
    for number, row in enumerate(arrive_rows(content), start=1):
        _fill(sheet, number, [str(cell or "") for cell in row])
    for column, width in zip("ABCDEFGH", _WIDTHS, strict=True):
        sheet.column_dimensions[column].width = width
    sheet.freeze_panes = "A2"
    with written_whole(path) as part, part.open("wb") as file:
        book.save(file)
    return path


def _fill(sheet: Worksheet, number: int, texts: list[str]) -> None:
    for column, text in enumerate(texts, start=1):
        cell = sheet.cell(row=number, column=column)
        cell.value = _NO_CELL_HOLDS.sub("", text)[:_LONGEST]
        cell.data_type = "s"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        cell.font = Font(bold=number == 1)
