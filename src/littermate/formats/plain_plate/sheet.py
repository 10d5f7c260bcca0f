"""Sheet: the cells of a CSV file, whatever its encoding, separator and decimal mark.

UTF-8 (with a byte order mark or not) or Latin-1; comma, semicolon or tab. A comma inside numbers is the decimal mark
where it cannot be anything else; where it could also part thousands, or points occur beside it, the file is refused.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from littermate.errors import PlateError
from littermate.files import require_file

__all__ = ["Row", "Sheet", "read_number", "read_sheet", "read_signal"]

_SEPARATORS = "\t;,"
_COMMA_NUMBER = re.compile(r"[<>*]?[-+]?\d+(,\d+)+(e[-+]?\d+)?\*?", re.IGNORECASE)
_POINT_NUMBER = re.compile(r"[<>*]?[-+]?\d*\.\d+(e[-+]?\d+)?\*?", re.IGNORECASE)
_THOUSANDS = re.compile(r"[<>*]?[-+]?[1-9]\d{0,2}(,\d{3})+\*?")
_NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?", re.IGNORECASE)

_REASONS = {
    "empty": {""},
    "not available": {"n/a", "na", "#n/a", "nan", "-", "--", "?????", "none", "missing"},
    "overflow": {"ovrflw", "overflow", "over", "ovr", "sat", "saturated", "#sat"},
    "out of the reader's range": {"range?", "out of range"},
    "masked": {"masked", "mask", "excluded", "**", "***"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of the file, counted from 1, and its cells without the blanks around them."""

    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """The rows of a file that hold anything; numbers in `decimal` notation."""

    path: Path
    rows: tuple[Row, ...]
    decimal: str

    def where(self, row: Row | None = None) -> str:
        """Name the file, and the line if one is given."""
        return f"{self.path}, line {row.line}" if row else str(self.path)


def read_sheet(path: str | Path) -> Sheet:
    """Read a CSV file into cells.

    Raises
    ------
    PlateError
        If there is no such file or nothing in it, if it is not plain text, if it is a plate reader's own export, or if
        its decimal mark cannot be told.
    """
    path = require_file(path, PlateError)
    text = _decode(path)
    _refuse_exports(path, text)
    rows = tuple(_rows(text, _separator(text)))
    if not rows:
        raise PlateError(expected="cells", found="blank lines only", do="export the plate again", where=str(path))
    return Sheet(path=path, rows=rows, decimal=_decimal_mark(path, rows))


def read_number(text: str, decimal: str) -> float | None:
    """Read a finite number, or return `None`.

    Examples
    --------
    >>> read_number("0,356", ","), read_number("1e-3", "."), read_number("nan", ".")
    (0.356, 0.001, None)
    """
    text = text.replace(decimal, ".") if decimal != "." else text
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
    number = read_number(text, decimal)
    if number is not None:
        return number, ""
    for reason, words in _REASONS.items():
        if text.lower() in words:
            return None, reason
    if len(text) > 2 and text[0] == text[-1] == "*":
        return None, "masked"
    if text[0] == ">" and read_number(text[1:].strip(), decimal) is not None:
        return None, "overflow"
    return None


def _decode(path: Path) -> str:
    """Decode the bytes; refuse workbooks and other files that are not plain text."""
    data = path.read_bytes()
    if data[:2] in (b"PK", b"\xd0\xcf"):
        raise PlateError(
            expected="a CSV file (plain text)",
            found="a workbook or an archive",
            do="save the sheet as 'CSV UTF-8' and give that file",
            where=str(path),
        )
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    if b"\0" in data:
        raise PlateError(
            expected="a CSV file (plain text)",
            found="binary data",
            do="export the plate as CSV and give that file",
            where=str(path),
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _refuse_exports(path: Path, text: str) -> None:
    """Refuse a plate reader's own report, by name."""
    head = text[:4000]
    maker = ""
    if head.lstrip().startswith("##BLOCKS="):
        maker = "SoftMax Pro"
    elif re.search(r"^Software Version\t", head, re.MULTILINE) and "Procedure Details" in text:
        maker = "Gen5"
    if maker:
        raise PlateError(
            expected="a plain CSV: a grid of absorbances with its layout, a list of wells, or a table of samples",
            found=f"a report of {maker}, which cannot be read yet",
            do="copy the 8 x 12 block of raw absorbances (with its column numbers and row letters) into a CSV file of "
            "its own, and write its layout CSV (well, role, content, concentration, dilution)",
            where=str(path),
        )


def _separator(text: str) -> str:
    """Return the separator that is commonest in the first line that has one twice or more."""
    for line in text.splitlines():
        count, _, separator = max((line.count(mark), -rank, mark) for rank, mark in enumerate(_SEPARATORS))
        if count >= 2:
            return separator
    return ","


def _rows(text: str, separator: str) -> Iterator[Row]:
    """Give the lines that hold anything."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    for cells in reader:
        stripped = tuple(cell.strip() for cell in cells)
        if any(stripped):
            yield Row(line=reader.line_num, cells=stripped)


def _decimal_mark(path: Path, rows: tuple[Row, ...]) -> str:
    cells = [cell for row in rows for cell in row.cells]
    commas = [cell for cell in cells if _COMMA_NUMBER.fullmatch(cell)]
    points = [cell for cell in cells if _POINT_NUMBER.fullmatch(cell)]
    if not commas:
        return "."
    if points:
        found = f"{commas[0]} and {points[0]}"
        raise PlateError(expected="one decimal mark", found=found, do="write all numbers with a point", where=str(path))
    if all(_THOUSANDS.fullmatch(cell) for cell in commas):
        raise PlateError(
            expected="numbers that can be read in one way only",
            found=f"{commas[0]}, where the comma may be a decimal mark or part thousands",
            do="write the numbers with a point and without parted thousands",
            where=str(path),
        )
    return ","
