"""Columns: from the columns of a data frame to the `Table` that a formula speaks of.

A column is a **factor** where it holds text, is marked ``factor(x)``, or takes part in an interaction. A column of
numbers that is only added is a factor where every number occurs in two or more rows (blocks 1, 1, 2, 2 ...) and a
**covariate** otherwise (body weights); ``number(x)`` and ``factor(x)`` overrule this, and a note says what was chosen.

Levels stand in the order in which they first occur, numbers in the order of size; the first is the reference.
Units are named by a column called animal, code, mouse, rat, subject or id (or animal_id, mouse id ...), if there is
one, else by row.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

import numpy as np
import pandas as pd

from littermate.errors import Complaint, TableError
from littermate.stats.formula import Formula
from littermate.stats.table import Table, average_units

__all__ = ["Selection", "select_columns"]

_UNIT_NAMES = ("animal", "animal_id", "code", "mouse", "mouse_id", "rat", "rat_id", "subject", "subject_id", "id")
_FINE = Decimal(10) ** 6
"""A shift is taken off where values are this many times larger than their range."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A table, the levels of its factors in their order, and notes on how the columns were read."""

    table: Table
    levels: dict[str, tuple[str, ...]]
    notes: tuple[str, ...]


def select_columns(frame: pd.DataFrame, formula: Formula, *, unit_column: str | None = None) -> Selection:
    """Take the columns of a formula out of a frame.

    Parameters
    ----------
    frame
        From `read_table`, or any frame with columns of numbers and text. Empty text, `None` and NaN are missing.
    formula
        The model.
    unit_column
        The column that names the experimental units: replicate rows of a unit are averaged. Where it is `None` it is
        found by its name, and replicate rows are for the model to refuse.

    Raises
    ------
    TableError
        If a column is unknown, a cell of the outcome or of a covariate is no number, or a label is missing.
    """
    _require_columns(frame, formula, unit_column)
    outcome, complaints = _decimals(frame, formula.outcome)
    rows = [row for row, value in enumerate(outcome) if value is not None]
    covariates = [name for name in formula.columns if _is_covariate(frame, name, formula, rows)]
    factors = [name for name in formula.columns if name not in covariates]
    numbers = {}
    for name in covariates:
        numbers[name], more = _decimals(frame, name)
        complaints += more
    for name in factors:
        complaints += _label_complaints(frame, name, rows)
    if complaints:
        raise TableError.of(complaints)
    values, shift = _floats(outcome)
    labels = {name: tuple(_label(cell) for cell in frame[name]) for name in factors}
    table = Table(
        outcome=formula.outcome,
        values=values,
        factors=labels,
        units=_units(frame, formula, unit_column),
        covariates={name: [None if x is None else float(x) for x in given] for name, given in numbers.items()},
        shift=shift,
    )
    averaged = tuple[str, ...]()
    if unit_column is not None:
        table, averaged = average_units(table)
    levels = {name: _levels(frame[name], [labels[name][row] for row in rows]) for name in factors}
    notes = (*frame.attrs.get("notes", ()), *averaged, *_choices(frame, formula, covariates, levels))
    return Selection(table=table, levels=levels, notes=notes)


def _require_columns(frame: pd.DataFrame, formula: Formula, unit_column: str | None) -> None:
    wanted = [formula.outcome, *formula.columns, *([unit_column] if unit_column else [])]
    complaints = [
        Complaint(
            expected=f"one of the columns {', '.join(map(str, frame.columns))}",
            found=name,
            do="correct the name (capitals count)",
            where=str(frame.attrs.get("path", "")),
        )
        for name in wanted
        if name not in frame.columns
    ]
    if complaints:
        raise TableError.of(complaints)


def _is_empty(cell: object) -> bool:
    return bool(pd.isna(cell)) or str(cell).strip() == ""  # type: ignore[call-overload]


def _decimal(cell: object) -> Decimal | None:
    """Return the finite number in a cell exactly, `None` where it holds none."""
    if isinstance(cell, bool | np.bool_):
        return None
    try:
        number = Decimal(str(cell).strip().replace("−", "-"))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _decimals(frame: pd.DataFrame, name: str) -> tuple[list[Decimal | None], list[Complaint]]:
    """Return a column's numbers, `None` where empty, and a complaint for each cell that is no number."""
    numbers = [None if _is_empty(cell) else _decimal(cell) for cell in frame[name]]
    complaints = [
        Complaint(
            expected="a finite number, or an empty cell where it is missing",
            found=str(cell),
            do="write 12.5, not 12,5" if "," in str(cell) else "correct the cell, or leave it empty",
            where=_where(frame, place, name),
        )
        for (place, cell), number in zip(frame[name].items(), numbers, strict=True)
        if number is None and not _is_empty(cell)
    ]
    return numbers, complaints


def _where(frame: pd.DataFrame, place: object, name: str) -> str:
    path = frame.attrs.get("path")
    return f"{path}, line {place}, column {name}" if path else f"row {place}, column {name}"


def _label(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _label_complaints(frame: pd.DataFrame, name: str, rows: Sequence[int]) -> list[Complaint]:
    cells = frame[name].iloc[list(rows)]
    complaints = [
        Complaint(expected="the name of a group", found="nothing", do="fill it in", where=_where(frame, place, name))
        for place, cell in cells.items()
        if _is_empty(cell)
    ]
    known: dict[object, str] = {}
    for label in dict.fromkeys(_label(cell) for cell in cells):
        number = _decimal(label)
        other = known.setdefault(label.casefold() if number is None else number, label)
        if other != label:
            found, do = f"{other!r} and {label!r}", "write one level in one way"
            complaints.append(Complaint(expected="levels that differ", found=found, do=do, where=f"column {name}"))
    return complaints


def _is_numeric(frame: pd.DataFrame, name: str) -> bool:
    return all(_decimal(cell) is not None for cell in frame[name].unique() if not _is_empty(cell))


def _is_covariate(frame: pd.DataFrame, name: str, formula: Formula, rows: Sequence[int]) -> bool:
    if name in formula.as_number:
        return True
    if name in formula.as_factor or name in formula.crossed or not _is_numeric(frame, name):
        return False
    counts = frame[name].iloc[list(rows)].map(_decimal).value_counts(dropna=False)
    return bool((counts < 2).any())


def _choices(
    frame: pd.DataFrame, formula: Formula, covariates: Sequence[str], levels: dict[str, tuple[str, ...]]
) -> list[str]:
    """Say what was decided about columns of numbers that nobody marked."""
    notes = []
    for name in formula.columns:
        if name in formula.as_factor | formula.as_number or not _is_numeric(frame, name):
            continue
        if name in covariates:
            notes.append(f"{name} is a covariate (its numbers differ); write factor({name}) for groups.")
        elif name not in formula.crossed:
            count = len(levels[name])
            notes.append(f"{name} is a factor of {count} groups (its numbers repeat); write number({name}) otherwise.")
    return notes


def _levels(column: pd.Series, present: Sequence[str]) -> tuple[str, ...]:
    """Return the levels that occur: a categorical's own order, numbers by size, text as it first occurs."""
    found = tuple(dict.fromkeys(present))
    if isinstance(column.dtype, pd.CategoricalDtype):
        return tuple(label for label in map(_label, column.cat.categories) if label in found)
    sizes = {label: _decimal(label) for label in found}
    if all(size is not None for size in sizes.values()):
        return tuple(sorted(found, key=lambda label: sizes[label] or Decimal(0)))
    return found


def _units(frame: pd.DataFrame, formula: Formula, unit_column: str | None) -> list[str]:
    names = {
        str(name).lower().replace(" ", "_"): name
        for name in frame.columns
        if name not in (formula.outcome, *formula.columns)
    }
    column = unit_column or next((names[name] for name in _UNIT_NAMES if name in names), None)
    if column is None:
        word = "line" if "path" in frame.attrs else "row"
        return [f"{word} {place}" for place in frame.index]
    return [_label(cell) for cell in frame[column]]


def _floats(numbers: Sequence[Decimal | None]) -> tuple[list[float | None], float]:
    """Return the numbers as floats, and what was taken off them first (0 in all but extreme cases)."""
    given = [number for number in numbers if number is not None]
    shift = Decimal(0)
    if given and max(map(abs, given)) > _FINE * (max(given) - min(given)) > 0:
        shift = Decimal(float(given[0]))
    return [None if number is None else float(number - shift) for number in numbers], float(shift)
