"""Table: a dataset as CSV: UTF-8, comma, point, one row a unit, empty where a unit is not in an analysis."""

from __future__ import annotations

import csv
import io

from littermate.formats.analysis_export.dataset import Dataset

__all__ = ["cell_text", "csv_text"]


def csv_text(dataset: Dataset) -> str:
    """Return the whole table as text."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["unit", *(column.name for column in dataset.columns)])
    for unit in dataset.units:
        writer.writerow([unit, *(cell_text(column.cells.get(unit)) for column in dataset.columns)])
    return text.getvalue()


def cell_text(cell: str | float | None) -> str:
    """Return a cell as text: a number with all its digits, nothing where it is missing."""
    return "" if cell is None else cell if isinstance(cell, str) else repr(cell)
