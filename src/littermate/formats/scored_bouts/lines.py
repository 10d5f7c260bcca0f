"""Lines: a CSV file's rows by the names of their columns, whatever its encoding and separator.

UTF-8 (with a byte order mark or not) or Latin-1; comma, semicolon or tab. Column names are taken in lower case. A
comma inside a number is its decimal mark where columns are not parted by commas.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from littermate.errors import TableError
from littermate.files import require_file

__all__ = ["Line", "read_lines", "read_seconds"]

_SECONDS = re.compile(r"(?:(?:(\d+):)?(\d+):)?(\d+(?:\.\d*)?|\.\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row: its place in the file, its cells by column."""

    where: str
    cells: Mapping[str, str]

    def cell(self, *names: str) -> str:
        """Return the first of these columns that holds anything, or an empty text."""
        return next((self.cells[name] for name in names if self.cells.get(name)), "")


def read_lines(path: str | Path, *, header: Iterable[str]) -> tuple[Line, ...]:
    """Read the rows below the first line that has all columns of `header`; what stands above it is left out.

    Raises
    ------
    TableError
        If there is no such file, or it is not plain text, or no line has the columns.
    """
    path = require_file(path, TableError)
    rows = list(_rows(_decoded(path)))
    wanted = set(header)
    for index, (_, cells) in enumerate(rows):
        names = [cell.lower() for cell in cells]
        if wanted <= set(names):
            return tuple(
                Line(where=f"{path}, line {line}", cells=dict(zip(names, row, strict=False)))
                for line, row in rows[index + 1 :]
            )
    raise TableError(
        expected=f"columns {', '.join(sorted(wanted))}",
        found=f"a first line of {', '.join(rows[0][1])[:80]!r}" if rows else "nothing",
        do="name the columns so, in the first line",
        where=str(path),
    )


def read_seconds(text: str) -> float | None:
    """Read a time in seconds, or as minutes:seconds or hours:minutes:seconds; `None` if it cannot be understood.

    Examples
    --------
    >>> read_seconds("83.5"), read_seconds("1:23,5"), read_seconds("a minute")
    (83.5, 83.5, None)
    """
    match = _SECONDS.fullmatch(text.replace(",", "."))
    if not match:
        return None
    hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return 3600 * hours + 60 * minutes + seconds


def _decoded(path: Path) -> str:
    data = path.read_bytes()
    if b"\0" in data or data[:2] in (b"PK", b"\xd0\xcf"):
        raise TableError(
            expected="a CSV file (plain text)", found="a workbook or binary data", do="save it as CSV", where=str(path)
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _rows(text: str) -> list[tuple[int, tuple[str, ...]]]:
    """Return the lines that hold anything, with their numbers."""
    marks = {mark: max((line.count(mark) for line in text.splitlines()[:30]), default=0) for mark in "\t;,"}
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(marks, key=lambda mark: marks[mark]))
    rows = []
    for cells in reader:
        stripped = tuple(cell.strip() for cell in cells)
        if any(stripped):
            rows.append((reader.line_num, stripped))
    return rows
