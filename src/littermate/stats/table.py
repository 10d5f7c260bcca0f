"""Tables: one row an experimental unit, one outcome, factors, covariates.

`Table` is what models are fitted to. A missing outcome is `None` (or NaN) in its values; such rows are left out and
named, never filled in. An infinite value is an error.

`read_table` reads a CSV file as text and changes nothing: separators ``,`` ``;`` and tab, UTF-8 (with or without byte
order mark), UTF-16 with one, or Windows-1252. The index of the frame is the line of the file; ``frame.attrs["notes"]``
says in sentences what a reader should know of how it was read, ``frame.attrs["path"]`` where it came from.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from littermate.errors import Complaint, TableError
from littermate.files import require_file

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Floats", "Table", "average_units", "read_table"]

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, init=False, eq=False)
class Table:
    """One outcome of n units, with their groups.

    Parameters
    ----------
    outcome
        Its name.
    values
        Shape (n,); `None` or NaN where it is missing. Kept as float64.
    factors
        Each factor's n labels.
    units
        The n names of the experimental units (codes of animals).
    covariates
        Each covariate's n numbers.
    shift
        What was taken off every value before it became a float, exactly: outcomes whose digits vary only far behind
        the point would lose them otherwise. The outcome is ``values + shift``.

    Raises
    ------
    TableError
        If lengths differ, or a value is infinite or no number.

    Examples
    --------
    >>> table = Table(outcome="y", values=(3.0, None), factors={"diet": ("a", "b")}, units=("K1", "K2"))
    >>> table.missing
    ('K2',)
    >>> table.complete().factors
    {'diet': ('a',)}
    """

    outcome: str
    values: Floats
    factors: Mapping[str, tuple[str, ...]]
    units: tuple[str, ...]
    covariates: Mapping[str, Floats]
    shift: float

    def __init__(
        self,
        *,
        outcome: str,
        values: Sequence[float | None] | Floats,
        factors: Mapping[str, Sequence[str]],
        units: Sequence[str],
        covariates: Mapping[str, Sequence[float | None] | Floats] | None = None,
        shift: float = 0.0,
    ) -> None:
        keep = object.__setattr__
        keep(self, "outcome", outcome)
        keep(self, "units", tuple(str(unit) for unit in units))
        keep(self, "values", _numbers(values, outcome))
        keep(self, "factors", {name: tuple(map(str, labels)) for name, labels in factors.items()})
        keep(self, "covariates", {name: _numbers(given, name) for name, given in (covariates or {}).items()})
        keep(self, "shift", float(shift))
        self._check()

    def _check(self) -> None:
        n = len(self.units)
        numbers = {self.outcome: self.values, **self.covariates}
        lengths = [(name, len(column)) for name, column in numbers.items()]
        lengths += [(name, len(labels)) for name, labels in self.factors.items()]
        complaints = [
            Complaint(expected=f"{n} values, one a unit", found=f"{length} in {name}", do="give each unit one")
            for name, length in lengths
            if length != n
        ]
        for name, column in numbers.items():
            complaints += [
                Complaint(
                    expected="a finite number", found=str(column[row]), do="correct it", where=f"{name} of {unit}"
                )
                for row, unit in enumerate(self.units[: len(column)])
                if np.isinf(column[row])
            ]
        if complaints:
            raise TableError.of(complaints)

    @property
    def present(self) -> NDArray[np.bool_]:
        """Which rows have their outcome and all covariates."""
        columns = [self.values, *self.covariates.values()]
        return np.asarray(~np.any([np.isnan(column) for column in columns], axis=0))

    @property
    def missing(self) -> tuple[str, ...]:
        """Units whose outcome or a covariate is missing."""
        return tuple(unit for unit, there in zip(self.units, self.present, strict=True) if not there)

    def complete(self) -> Table:
        """Return the table of the rows that miss nothing."""
        there = self.present
        return self if there.all() else self.take(np.flatnonzero(there))

    def take(self, rows: Sequence[int] | NDArray[np.int_]) -> Table:
        """Return the table of some rows, in the order given."""
        return Table(
            outcome=self.outcome,
            values=self.values[list(rows)],
            factors={name: [labels[row] for row in rows] for name, labels in self.factors.items()},
            units=[self.units[row] for row in rows],
            covariates={name: column[list(rows)] for name, column in self.covariates.items()},
            shift=self.shift,
        )


def average_units(table: Table) -> tuple[Table, tuple[str, ...]]:
    """Return a table of one row a unit, replicate values averaged, and a sentence on what was averaged.

    A unit's mean is that of the values it has; factors must not change within a unit.

    Raises
    ------
    TableError
        If a unit has two levels of a factor.

    Examples
    --------
    >>> table = Table(outcome="y", values=(3.0, 5.0, 7.0), factors={"diet": "aab"}, units=("K1", "K1", "K2"))
    >>> average_units(table)[0].values.tolist()
    [4.0, 7.0]
    """
    rows: dict[str, list[int]] = {}
    for row, unit in enumerate(table.units):
        rows.setdefault(unit, []).append(row)
    if len(rows) == len(table.units):
        return table, ()
    complaints = [
        Complaint(
            expected=f"one level of {name} for each unit",
            found=f"{', '.join(dict.fromkeys(labels[row] for row in of))} for {unit}",
            do="correct the labels, or name another unit: a factor that changes within it needs a mixed model",
        )
        for unit, of in rows.items()
        for name, labels in table.factors.items()
        if len({labels[row] for row in of}) > 1
    ]
    if complaints:
        raise TableError.of(complaints)
    first = [of[0] for of in rows.values()]
    averaged = Table(
        outcome=table.outcome,
        values=[_mean(table.values[of]) for of in rows.values()],
        factors={name: [labels[row] for row in first] for name, labels in table.factors.items()},
        units=list(rows),
        covariates={name: [_mean(given[of]) for of in rows.values()] for name, given in table.covariates.items()},
        shift=table.shift,
    )
    return averaged, (f"{len(table.units)} rows were averaged to {len(rows)} units before anything else.",)


def _mean(values: Floats) -> float:
    """Return the mean of the values that are there; NaN where none is."""
    there = values[~np.isnan(values)]
    return float(there.mean()) if len(there) else float("nan")


def _numbers(values: Sequence[float | None] | Floats, name: str) -> Floats:
    try:
        return np.array([np.nan if value is None else value for value in values], dtype=np.float64)
    except (TypeError, ValueError) as fault:
        raise TableError(
            expected=f"numbers in {name}", found=str(fault), do="give numbers, and None where one is missing"
        ) from fault


def read_table(path: str | Path) -> pd.DataFrame:
    """Read a CSV file as text, one row a line; see the module for what is understood.

    Returns
    -------
    DataFrame
        Of stripped strings, empty where the cell is empty; indexed by line.

    Raises
    ------
    TableError
        If there is no such file, it is no text table, a line has too many or too few cells, or a column has no name
        or another's.
    """
    import pandas as pd  # it starts slowly: only who reads a file waits for it

    path = require_file(path, TableError)
    text = _decode(path)
    separator = _separator(text)
    lines = _lines(text, separator, path)
    header, body = lines[0][1], lines[1:]
    complaints = [*_header_complaints(header), *_length_complaints(header, body)]
    if not body:
        complaints.append(Complaint(expected="rows below the header", found="none", do="check the file"))
    if complaints:
        raise TableError.of(replace(one, where=f"{path}{one.where and ', ' + one.where}") for one in complaints)
    frame = pd.DataFrame([cells for _, cells in body], columns=header, index=[line for line, _ in body], dtype=str)
    points, notes = _with_decimal_points(frame, separator)
    points.attrs.update(path=str(path), notes=notes)
    return points


def _decode(path: Path) -> str:
    raw = path.read_bytes()
    if raw.startswith(b"PK\x03\x04") or raw.startswith(b"\xd0\xcf\x11\xe0"):
        raise TableError(expected="a CSV file", found="a spreadsheet", do="save it as CSV", where=str(path))
    encodings = ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise TableError(expected="a text file", found="bytes that are no text", do="save it as CSV", where=str(path))


def _separator(text: str) -> str:
    header = next((line for line in text.splitlines() if line.strip()), "")
    return max(",;\t", key=lambda sign: (header.count(sign), sign == ","))


def _lines(text: str, separator: str, path: Path) -> list[tuple[int, list[str]]]:
    """Return (line number, stripped cells) of every line that is not empty."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True, strict=True)
    lines = []
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                lines.append((reader.line_num, [cell.strip() for cell in cells]))
    except csv.Error as fault:
        where = f"{path}, line {reader.line_num}"
        raise TableError(expected="a CSV file", found=str(fault), do="check the quotes", where=where) from fault
    if not lines:
        raise TableError(expected="a table", found="empty lines only", do="check the file", where=str(path))
    return lines


def _header_complaints(header: list[str]) -> list[Complaint]:
    twice = sorted({name for name in header if name and header.count(name) > 1})
    complaints = []
    if twice:
        complaints.append(Complaint(expected="columns of different names", found=", ".join(twice), do="rename one"))
    if "" in header:
        found = f"none for column {header.index('') + 1}"
        complaints.append(Complaint(expected="a name for every column", found=found, do="name or remove it"))
    return complaints


def _length_complaints(header: list[str], body: list[tuple[int, list[str]]]) -> list[Complaint]:
    return [
        Complaint(
            expected=f"{len(header)} cells",
            found=f"{len(cells)}",
            do="check separators and quotes",
            where=f"line {line}",
        )
        for line, cells in body
        if len(cells) != len(header)
    ]


def _with_decimal_points(frame: pd.DataFrame, separator: str) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Write decimal commas as points where the separator shows that they are meant, and say so."""
    if separator == ",":
        return frame, ()
    frame, changed = frame.copy(), []
    for name in frame.columns:
        cells = frame[name]
        filled = cells[cells != ""]
        number = filled.str.fullmatch(r"[+-]?\d*,?\d+([eE][+-]?\d+)?")
        if len(filled) and number.all() and filled.str.contains(",").any():
            frame[name] = cells.str.replace(",", ".", regex=False)
            changed.append(str(name))
    if not changed:
        return frame, ()
    return frame, (f"The commas in {', '.join(changed)} were read as decimal points.",)
