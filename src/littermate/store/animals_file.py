"""Animals file: animals.csv, one row an animal; every fault reported at once, with its line.

Columns: ``id`` (needed), ``sex``, ``strain``, ``birth`` (ISO day), ``weight_g`` (decimal point), ``cage``. An empty
field is missing. Fields are separated by commas, or by semicolons where a spreadsheet wrote it so.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from littermate.errors import ProtocolError
from littermate.files import require_file
from littermate.model.animal import Animal
from littermate.store.faults import Faults, choose

__all__ = ["COLUMNS", "read_animals"]

COLUMNS = ("id", "sex", "strain", "birth", "weight_g", "cage")

Row = dict[str, str]


def read_animals(path: str | Path) -> tuple[Animal, ...]:
    r"""Read the animals of a study, in the order of the file.

    Raises
    ------
    FileError
        If there is no such file, or nothing in it.
    ProtocolError
        If anything in it is at fault; one complaint a fault, in the order of the lines.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "animals.csv"
    >>> _ = path.write_text("id,sex,weight_g\nM01,male,31.5\nM02,male,\n", encoding="utf-8")
    >>> [(animal.id, animal.weight_g) for animal in read_animals(path)]
    [('M01', 31.5), ('M02', None)]
    """
    path = require_file(path)
    faults = Faults(path.name)
    lines = _lines(path)
    header = [name.strip().casefold() for name in lines[0][1]]
    _check_header(header, lines[0][0], faults)
    rows = list(_rows(header, lines[1:], faults))
    _check_ids(rows, faults)
    animals = [_animal(row, line, faults) for line, row in rows]
    if len(lines) == 1:
        faults.at_line(lines[0][0], expected="one row an animal", found="no row", do="add the animals")
    faults.raise_all()
    return tuple(animal for animal in animals if animal is not None)


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """Return the fields of each line that is not empty, with the line's number."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise ProtocolError(
            expected="text in UTF-8", found="something else", do="save it as 'CSV UTF-8'", where=path.name
        ) from fault
    first = text.partition("\n")[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        lines = [(reader.line_num, fields) for fields in reader if any(field.strip() for field in fields)]
    except csv.Error as fault:
        raise ProtocolError(
            expected="a table of comma-separated values",
            found=str(fault),
            do="save the table as CSV again",
            where=f"{path.name}, line {reader.line_num}",
        ) from fault
    if not lines:
        raise ProtocolError(
            expected="a header and one row an animal", found="empty lines only", do="add them", where=path.name
        )
    return lines


def _check_header(header: list[str], line: int, faults: Faults) -> None:
    known = ", ".join(COLUMNS)
    for name in sorted(set(header) - set(COLUMNS), key=header.index):
        do = choose(name, COLUMNS, otherwise="remove or rename it")
        faults.at_line(line, expected=f"columns of {known}", found=repr(name) if name else "one without a name", do=do)
    for name in sorted({name for name in header if header.count(name) > 1}):
        faults.at_line(line, expected="each column once", found=f"{name!r} twice", do="remove one of them")
    if "id" not in header:
        do = "name the column with the animals' ids 'id'"
        faults.at_line(line, expected="a column id", found=", ".join(header), do=do)


def _rows(header: list[str], lines: list[tuple[int, list[str]]], faults: Faults) -> Iterator[tuple[int, Row]]:
    """Yield each row as column -> field, with its line; a row that is too long is at fault and left out."""
    for line, fields in lines:
        if any(field.strip() for field in fields[len(header) :]):
            faults.at_line(
                line,
                expected=f"{len(header)} fields",
                found=f"{len(fields)}: {', '.join(fields)}",
                do="write decimals with a point, and text that holds a comma in quotes",
            )
        else:
            yield line, dict(zip(header, (field.strip() for field in fields), strict=False))


def _check_ids(rows: list[tuple[int, Row]], faults: Faults) -> None:
    first: dict[str, int] = {}
    for line, row in rows:
        name = row.get("id")
        if name == "":
            faults.at_line(line, expected="an animal id", found="an empty one", do="give every animal an id")
        elif name is not None and first.setdefault(name, line) != line:
            found = f"{name!r} again, first on line {first[name]}"
            faults.at_line(line, expected="each animal once", found=found, do="correct one of the two ids")


def _animal(row: Row, line: int, faults: Faults) -> Animal | None:
    """Return the row's animal, or `None` where it has no id."""
    birth, weight_g = _birth(row.get("birth", ""), line, faults), _weight(row.get("weight_g", ""), line, faults)
    if not row.get("id"):
        return None
    return Animal(
        id=row["id"],
        sex=row.get("sex", ""),
        strain=row.get("strain", ""),
        birth=birth,
        weight_g=weight_g,
        cage=row.get("cage", ""),
    )


def _birth(text: str, line: int, faults: Faults) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        do = "write year-month-day, or leave it empty"
        faults.at_line(line, expected="birth: a day such as 2026-03-01", found=repr(text), do=do)
        return None


def _weight(text: str, line: int, faults: Faults) -> float | None:
    """Read a weight in grams; a decimal comma is not guessed at."""
    if not text:
        return None
    try:
        weight_g = float(text)
    except ValueError:
        weight_g = math.nan
    if weight_g > 0 and math.isfinite(weight_g):
        return weight_g
    do = "write it with a decimal point" if "," in text else "correct it, or leave it empty"
    faults.at_line(line, expected="weight_g: grams above 0 such as 31.5", found=repr(text), do=do)
    return None
