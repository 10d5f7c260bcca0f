"""Plate block: the signals of one plate, as they lie on it (PlateFormat) or with one column a well (TimeFormat)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from littermate.errors import Complaint
from littermate.formats.plate_export.export import Export, ExportedPlate, signals_of
from littermate.formats.plate_export.matrix import LETTERS
from littermate.formats.plate_export.places import well_name
from littermate.formats.plate_export.sheet import Row, Sheet

__all__ = ["read_plate_block"]

Cells = list[tuple[str, str, Row]]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    name: str
    by_time: bool
    read_type: str
    reduced: bool
    wavelengths: tuple[str, ...]
    rows: int


def read_plate_block(export: Export, sheet: Sheet, block: list[Row], end: int) -> list[Complaint]:
    """Read one block, whose end is on line `end`; return why there is no plate, where its reads are no endpoint."""
    head = _head(block[0])
    if head is None:
        found = " ".join(block[0].cells)[:80]
        do = "export the plate again"
        expected = "a plate's head: name, 1.3, PlateFormat or TimeFormat, kind of read, ..."
        export.complaints.append(Complaint(expected=expected, found=found, do=do, where=sheet.where(block[0])))
        return []
    if head.read_type not in ("endpoint", "spectrum"):
        return [
            Complaint(
                expected="an endpoint read",
                found=f"plate {head.name}: a {head.read_type} read, which has more than one signal a well",
                do="export an endpoint, or reduce the plate to one number a well and export it as a grid",
                where=sheet.where(block[0]),
            )
        ]
    plate = ExportedPlate(name=head.name)
    reads, rest = _by_time(head, block[1:]) if head.by_time else _by_plate(head, block[1:])
    if not head.by_time:
        export.complaints += _missing_rows(sheet, head, block[1:], end)
    for name, cells in reads.items():
        signals, complaints, mixed = signals_of(sheet, cells)
        export.complaints += complaints
        plate.notes += [word for word in mixed if word not in plate.notes]
        if any(number is not None or reason != "empty" for number, reason in signals.values()):
            plate.reads[name] = signals
    if head.reduced or "reduced" in plate.reads:
        plate.computed.add("reduced")
    export.unread.add(rest, f"plate {head.name}: lines that are no signals")
    if not plate.reads:
        do = "export the plate with its signals"
        export.complaints.append(Complaint(expected="signals", found="none", do=do, where=sheet.where(block[0])))
    export.plates.append(plate)
    return []


def _head(row: Row) -> _Head | None:
    cells = row.cells
    kinds = [n for n, cell in enumerate(cells) if cell in ("PlateFormat", "TimeFormat")]
    data = [n for n, cell in enumerate(cells) if cell in ("Raw", "Reduced")]
    if not kinds or not data or len(cells) < data[0] + 10:
        return None
    wavelengths = tuple(cells[data[0] + 9].split())
    numbers = [int(cell) for cell in cells if re.fullmatch(r"\d{1,4}", cell)]
    return _Head(
        name=cells[1] or "Plate",
        by_time=cells[kinds[0]] == "TimeFormat",
        read_type=cells[kinds[0] + 1].lower(),
        reduced=cells[data[0]] == "Reduced",
        wavelengths=wavelengths if cells[data[0] + 8] == str(len(wavelengths)) else (),
        rows=min(numbers[-1], len(LETTERS)) if numbers else 0,
    )


def _names(head: _Head, count: int) -> list[str]:
    """Name the reads side by side by their wavelengths; one that comes again is numbered."""
    names = list(head.wavelengths) if len(head.wavelengths) == count else [f"read {n + 1}" for n in range(count)]
    if len(set(names)) < len(names):
        names = [f"{name} ({names[: n + 1].count(name)})" for n, name in enumerate(names)]
    return names


def _by_plate(head: _Head, rows: list[Row]) -> tuple[dict[str, Cells], list[Row]]:
    """Read matrices: after a line of column numbers one a wavelength side by side, or one below the other."""
    reads: dict[str, Cells] = {}
    rest: list[Row] = []
    groups: list[list[tuple[int, int]]] = []
    start, reduced, names = 0, False, [""]
    headers = 0
    for row in rows:
        if numbers := _columns(row):
            groups, start, headers = numbers, row.line + 1, headers + 1
            reduced = head.reduced or headers > 1 or not any("emperature" in cell for cell in row.cells)
            names = ["reduced"] * len(groups) if reduced else _names(head, len(groups))
            continue
        if head.read_type == "spectrum" and not reduced and row.cells[0]:
            start, names = row.line, [row.cells[0]]
        offset = row.line - start
        if not groups or not 0 <= offset < (head.rows or len(LETTERS)):
            rest.append(row)
            continue
        for name, columns in zip(names, groups, strict=False):
            wells = [(f"{LETTERS[offset]}{n}", row.cells[p], row) for p, n in columns if p < len(row.cells)]
            reads.setdefault(name, []).extend(wells)
    return reads, rest


def _missing_rows(sheet: Sheet, head: _Head, rows: list[Row], end: int) -> list[Complaint]:
    """Complain of a matrix with fewer lines than the plate has rows, as each would be taken for the one above."""
    spectrum = head.read_type == "spectrum"
    headers = [row.line for row in rows if _columns(row)]
    starts = [*(line + 1 for line in headers), *(row.line for row in rows if spectrum and row.cells[0])]
    stops = sorted([*starts, *headers, end])
    filled = {row.line for row in rows} | sheet.hollow
    complaints = []
    for start in sorted(set(starts)):
        stop = next((stop for stop in stops if stop > start), start)
        lines = sum(start <= line < stop for line in filled)
        if lines < head.rows:
            where = f"{sheet.path}, line {start}"
            found = f"{lines} lines"
            do = "export the plate again"
            expected = f"{head.rows} rows of the plate"
            complaints.append(Complaint(expected=expected, found=found, do=do, where=where))
    return complaints + _too_wide(sheet, rows)


def _too_wide(sheet: Sheet, rows: list[Row]) -> list[Complaint]:
    """Complain of cells that no column number stands above."""
    last = 0
    complaints = []
    for row in rows:
        if groups := _columns(row):
            last = groups[-1][-1][0]
        elif last and any(row.cells[last + 1 :]):
            found = f"{', '.join(filter(None, row.cells[last + 1 :]))[:40]} behind the last column"
            do = "export the plate again"
            expected = "signals below column numbers only"
            complaints.append(Complaint(expected=expected, found=found, do=do, where=sheet.where(row)))
    return complaints


def _columns(row: Row) -> list[list[tuple[int, int]]]:
    """Return the (place, column number) pairs of each matrix of a header line; empty where it is none."""
    groups: list[list[tuple[int, int]]] = []
    cells = row.cells[2:]
    if row.cells[0] or not cells or not cells[0].isdigit():
        return []
    for place, cell in enumerate(cells, start=2):
        if not cell:
            continue
        if not re.fullmatch(r"[1-9]\d?", cell):
            return []
        number = int(cell)
        if groups and groups[-1][-1] == (place - 1, number - 1):
            groups[-1].append((place, number))
        elif number == 1 or not groups:
            groups.append([(place, number)])
        else:
            return []
    return groups if all(len(group) > 1 for group in groups) else []


def _by_time(head: _Head, rows: list[Row]) -> tuple[dict[str, Cells], list[Row]]:
    """Read lines with one column a well: for an endpoint one line a wavelength, for a spectrum its first cell's."""
    reads: dict[str, Cells] = {}
    rest: list[Row] = []
    wells: list[tuple[int, str]] = []
    names: list[str] = []
    headers = 0
    for row in rows:
        found = [(place, well) for place, cell in enumerate(row.cells) if place > 1 and (well := well_name(cell))]
        if len(found) > 1:
            wells, headers = found, headers + 1
            reduced = head.reduced or headers > 1
            names = ["reduced"] if reduced else _names(head, max(len(head.wavelengths), 1))
            continue
        name = (
            row.cells[0] if head.read_type == "spectrum" and names != ["reduced"] else (names.pop(0) if names else "")
        )
        if not wells or not name or name in reads:
            rest.append(row)
            continue
        reads[name] = [(well, row.cells[place] if place < len(row.cells) else "", row) for place, well in wells]
    return reads, rest
