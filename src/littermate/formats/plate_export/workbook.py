"""Workbook: the cells of an XLSX file as text, within bounds that no plate reader's export comes near."""

from __future__ import annotations

import datetime
import warnings
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from littermate.errors import PlateError

__all__ = ["read_workbook"]

_LARGEST_PARTS = 20_000_000
_MOST_ROWS, _MOST_COLUMNS, _MOST_SHEETS = 5_000, 500, 60
_BROKEN = (
    InvalidFileException,
    zipfile.BadZipFile,
    zlib.error,
    ParseError,
    AttributeError,
    EOFError,
    IndexError,
    KeyError,
    NotImplementedError,
    OSError,
    TypeError,
    ValueError,
    OverflowError,
    RuntimeError,
)

Lines = list[tuple[int, list[str]]]


def read_workbook(path: Path) -> list[tuple[str, Lines]]:
    """Read each sheet's name, and its lines with their numbers; numbers come with a point.

    Raises
    ------
    PlateError
        If it is not a workbook, is damaged, or is larger than any plate reader's.
    """
    try:
        _refuse_large(path)
        with warnings.catch_warnings(), path.open("rb") as file:
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(file, read_only=True, data_only=True)
            try:
                return [(sheet.title, list(_lines(path, sheet))) for sheet in book.worksheets]
            finally:
                book.close()
    except _BROKEN as fault:
        raise PlateError(
            expected="an XLSX workbook",
            found=f"an archive that is none, or is damaged ({type(fault).__name__})",
            do="open it in a spreadsheet and save it again as XLSX or CSV",
            where=str(path),
        ) from fault


def _refuse_large(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
    sheets = sum(part.filename.startswith("xl/worksheets/") for part in parts)
    if sum(part.file_size for part in parts) > _LARGEST_PARTS or sheets > _MOST_SHEETS:
        raise _too_large(path)


def _lines(path: Path, sheet: openpyxl.worksheet._read_only.ReadOnlyWorksheet) -> Iterator[tuple[int, list[str]]]:
    """Give the lines that hold anything."""
    sheet.reset_dimensions()
    for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
        if number > _MOST_ROWS or len(cells) > _MOST_COLUMNS:
            raise _too_large(path)
        if any(cell is not None for cell in cells):
            yield number, [_text(cell) for cell in cells]


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime.datetime | datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell)


def _too_large(path: Path) -> PlateError:
    return PlateError(
        expected=f"a workbook of at most {_MOST_ROWS} rows, {_MOST_COLUMNS} columns and {_MOST_SHEETS} sheets",
        found="a larger one",
        do="keep the sheets of one run only",
        where=str(path),
    )
