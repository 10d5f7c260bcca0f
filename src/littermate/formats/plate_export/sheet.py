"""Sheet: the cells of a text file or of a workbook's sheet, whatever its encoding, separator and decimal mark.

UTF-8 (with a byte order mark or not), UTF-16 or Latin-1; comma, semicolon or tab; XLSX. A comma inside numbers is the
decimal mark where it cannot be anything else; where it could also part thousands, or points occur beside it, a plain
file is refused.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from littermate.errors import PlateError
from littermate.files import require_file
from littermate.formats.plate_export.workbook import read_workbook

__all__ = ["Row", "Sheet", "decimal_mark", "read_number", "read_sheet", "read_sheets", "read_signal", "require_decimal"]

LARGEST_SIGNAL = 1e9
_LARGEST_FILE = 20_000_000
_SEPARATORS = "\t;,"
_COMMA_NUMBER = re.compile(r"[<>*]?[-+]?\d+(,\d+)+(e[-+]?\d+)?\*?", re.IGNORECASE)
_POINT_NUMBER = re.compile(r"[<>*]?[-+]?\d*\.\d+(e[-+]?\d+)?\*?", re.IGNORECASE)
_THOUSANDS = re.compile(r"[<>*]?[-+]?[1-9]\d{0,2}(,\d{3})+\*?")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)

_REASONS = {
    "empty": {""},
    "not available": {
        "n/a",
        "na",
        "#n/a",
        "nan",
        "-",
        "--",
        "?????",
        "???",
        "path?",
        "none",
        "missing",
        "missed",
        "-na-",
        "#value!",
        "#div/0!",
    },
    "overflow": {"ovrflw", "overflow", "over", "ovr", "sat", "#sat", "saturated", "ovf", "#ovf"},
    "out of the reader's range": {"range?", "out of range", "#range", "#low", "#high"},
    "masked": {"masked", "mask", "excluded", "**", "***", "****", "#masked"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the file, counted from 1, and its cells without the blanks around them."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The rows of a file, or of a workbook's sheet, that hold anything; numbers in `decimal` notation.

    `decimal` is empty where both marks occur. `name` is the workbook's for the sheet, empty for a text file. `hollow`
    are the lines that have separators and nothing else.
    """

    path: Path
    rows: tuple[Row, ...]
    decimal: str
    name: str = ""
    hollow: frozenset[int] = frozenset()

    def where(self, row: Row | None = None) -> str:
        """Name the file, and the line if one is given."""
        whole = f"{self.path}, sheet {self.name!r}" if self.name else str(self.path)
        return f"{whole}, line {row.line}" if row else whole


def read_sheet(path: str | Path) -> Sheet:
    """Read a CSV file, or the only sheet of a workbook, into cells.

    Raises
    ------
    PlateError
        If there is no such file or nothing in it, if it is neither text nor a workbook, or if its decimal mark cannot
        be told.
    """
    sheet, *others = read_sheets(path)
    if others:
        names = ", ".join(one.name for one in (sheet, *others))
        do = "leave only the sheet that is meant"
        raise PlateError(expected="one sheet", found=f"sheets {names}", do=do, where=str(sheet.path))
    return require_decimal(sheet)


def read_sheets(path: str | Path) -> tuple[Sheet, ...]:
    """Read a text file (one sheet) or the sheets of a workbook that hold anything.

    Raises
    ------
    PlateError
        If there is no such file or nothing in it, if it is too large, or if it is neither text nor a workbook.
    """
    path = require_file(path, PlateError)
    if path.stat().st_size > _LARGEST_FILE:
        found = f"{path.stat().st_size / 1e6:.0f} MB"
        raise PlateError(
            expected="a plate reader's file of at most 20 MB", found=found, do="export one run", where=str(path)
        )
    data = path.read_bytes()
    named = read_workbook(path) if data[:2] == b"PK" else [("", list(_text_cells(path, data)))]
    sheets = [_sheet(path, name, lines) for name, lines in named]
    sheets = [sheet for sheet in sheets if sheet.rows]
    if not sheets:
        raise PlateError(expected="cells", found="blank lines only", do="export the plate again", where=str(path))
    return tuple(sheets)


def _sheet(path: Path, name: str, lines: list[tuple[int, list[str]]]) -> Sheet:
    rows = tuple(_rows(lines))
    filled = {row.line for row in rows}
    hollow = frozenset(number for number, cells in lines if len(cells) > 1 and number not in filled)
    decimal = decimal_mark(cell for row in rows for cell in row.cells)
    return Sheet(path=path, name=name, rows=rows, decimal=decimal, hollow=hollow)


def read_number(text: str, decimal: str) -> float | None:
    """Read a finite number, or return `None`.

    Examples
    --------
    >>> read_number("0,356", ","), read_number("1e-3", "."), read_number("nan", ".")
    (0.356, 0.001, None)
    """
    text = text.replace(decimal, ".") if decimal == "," else text
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    return number if math.isfinite(number) else None


def read_signal(text: str, decimal: str) -> tuple[float | None, str] | None:
    """Read a well's cell into its absorbance and the reason why there is none; `None` if it cannot be understood.

    Examples
    --------
    >>> read_signal("0.356", "."), read_signal("*0.356*", "."), read_signal("OVRFLW", "."), read_signal("0.3x", ".")
    ((0.356, ''), (None, 'masked'), (None, 'overflow'), None)
    """
    number = _signal_number(text, decimal)
    if number is not None:
        return (number, "") if abs(number) <= LARGEST_SIGNAL else None
    for reason, words in _REASONS.items():
        if text.lower() in words:
            return None, reason
    if len(text) > 2 and text[0] == text[-1] == "*":
        return None, "masked"
    if text[0] in "<>" and _signal_number(text[1:].strip(), decimal) is not None:
        return None, "overflow" if text[0] == ">" else "out of the reader's range"
    return None


def _signal_number(text: str, decimal: str) -> float | None:
    """Read a number by the file's mark; where both occur in it, a comma is one that cannot part thousands."""
    if decimal:
        return read_number(text, decimal)
    return read_number(text, "." if "," not in text or _THOUSANDS.fullmatch(text) else ",")


def _text_cells(path: Path, data: bytes) -> Iterator[tuple[int, list[str]]]:
    """Give each line's number and cells."""
    text = _decode(path, data)
    separator = _separator(text)
    if separator == "\t":
        for number, line in enumerate(re.split(r"\r\n|\r|\n", text), start=1):
            yield number, [_unquoted(cell) for cell in line.split("\t")]
        return
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as fault:
        where = f"{path}, line {reader.line_num}"
        raise PlateError(expected="cells", found=str(fault), do="export the plate again", where=where) from fault


def _unquoted(cell: str) -> str:
    cell = cell.strip()
    return cell[1:-1] if len(cell) > 1 and cell[0] == cell[-1] == '"' else cell


def _decode(path: Path, data: bytes) -> str:
    """Decode the bytes; refuse old workbooks and other files that are not plain text."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    if len(data) > 20 and data[1:200:2].count(0) > 0.8 * len(data[1:200:2]):
        return data.decode("utf-16-le", errors="replace")
    if data[:2] == b"\xd0\xcf" or b"\0" in data:
        raise PlateError(
            expected="a text file (CSV, TXT) or an XLSX workbook",
            found="an old workbook (XLS)" if data[:2] == b"\xd0\xcf" else "binary data",
            do="save it as XLSX or CSV, or export the plate as text, and give that file",
            where=str(path),
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _separator(text: str) -> str:
    """Return the separator that is commonest in the first line that has one twice or more; a tab wherever one is."""
    lines = text.splitlines()
    if sum("\t" in line for line in lines) > len(lines) / 10:
        return "\t"
    for line in lines:
        count, _, separator = max((line.count(mark), -rank, mark) for rank, mark in enumerate(_SEPARATORS))
        if count >= 2:
            return separator
    return ","


def _rows(lines: Iterable[tuple[int, list[str]]]) -> Iterator[Row]:
    """Give the lines that hold anything."""
    for number, cells in lines:
        stripped = tuple(cell.strip() for cell in cells)
        if any(stripped):
            yield Row(line=number, cells=stripped)


def decimal_mark(cells: Iterable[str]) -> str:
    """Return the decimal mark of the numbers among the cells, empty where it cannot be one mark for all.

    Examples
    --------
    >>> decimal_mark(["0,5", "12"]), decimal_mark(["0.5"]), decimal_mark(["0,5", "0.5"]), decimal_mark(["1,000"])
    (',', '.', '', '')
    """
    cells = list(cells)
    commas = [cell for cell in cells if _COMMA_NUMBER.fullmatch(cell)]
    if not commas:
        return "."
    points = any(_POINT_NUMBER.fullmatch(cell) for cell in cells)
    return "" if points or all(_THOUSANDS.fullmatch(cell) for cell in commas) else ","


def require_decimal(sheet: Sheet) -> Sheet:
    """Return the sheet, or raise where its decimal mark cannot be told."""
    if sheet.decimal:
        return sheet
    cells = [cell for row in sheet.rows for cell in row.cells]
    comma = next(cell for cell in cells if _COMMA_NUMBER.fullmatch(cell))
    point = next((cell for cell in cells if _POINT_NUMBER.fullmatch(cell)), "")
    if point:
        found = f"{comma} and {point}"
        do = "write all numbers with a point"
        raise PlateError(expected="one decimal mark", found=found, do=do, where=str(sheet.path))
    raise PlateError(
        expected="numbers that can be read in one way only",
        found=f"{comma}, where the comma may be a decimal mark or part thousands",
        do="write the numbers with a point and without parted thousands",
        where=str(sheet.path),
    )
