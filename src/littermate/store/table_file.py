"""Table file: a small CSV table that people write, read into records; every fault is told at once, with its line.

Fields are separated by commas, or by semicolons where a spreadsheet wrote it so.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from littermate.errors import Complaint, TableError
from littermate.files import require_file

__all__ = ["RowError", "read_table"]

Record = TypeVar("Record")


class RowError(ValueError):
    """One thing that is wrong with a row: what was expected, and what was found."""

    def __init__(self, expected: str, found: str, *, do: str = "correct it") -> None:
        super().__init__(expected)
        self.expected, self.found, self.do = expected, found, do


def read_table(path: Path, columns: Sequence[str], make: Callable[[dict[str, str]], Record]) -> list[Record]:
    """Make a record of every row; a `RowError` of `make` becomes a complaint with its line.

    Parameters
    ----------
    path
        A file in UTF-8.
    columns
        Those there must be; others may be there too.
    make
        Makes the record of one row, a mapping of column to text.

    Raises
    ------
    TableError
        If a column is missing, or any row is at fault.
    """
    require_file(path, TableError)
    reader = _reader(path)
    missing = [name for name in columns if name not in (reader.fieldnames or ())]
    if missing:
        raise TableError(
            expected=f"the columns {', '.join(columns)}",
            found=", ".join(reader.fieldnames or ("none",)),
            do=f"add {', '.join(missing)}",
            where=str(path),
        )
    made: list[Record] = []
    complaints: list[Complaint] = []
    for row in reader:
        try:
            made.append(make(_fields(row)))
        except RowError as fault:
            place = f"{path}, line {reader.line_num}"
            complaints.append(Complaint(expected=fault.expected, found=fault.found, do=fault.do, where=place))
    if complaints:
        raise TableError.of(complaints)
    return made


def _reader(path: Path) -> csv.DictReader[str]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as fault:
        raise TableError(
            expected="text in UTF-8", found="something else", do="save it as 'CSV UTF-8'", where=str(path)
        ) from fault
    head = text.partition("\n")[0]
    separator = ";" if head.count(";") > head.count(",") else ","
    return csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)


def _fields(row: dict[str | None, str | list[str] | None]) -> dict[str, str]:
    more = row.pop(None, None)
    if more and any(field.strip() for field in more):
        raise RowError(
            f"{len(row)} fields",
            f"{len(row) + len(more)}",
            do="write decimals with a point, and text that holds a comma in quotes",
        )
    return {key: (value or "").strip() for key, value in row.items() if key and not isinstance(value, list)}
