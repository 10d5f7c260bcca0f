"""Well list: one line a well (a column ``Well``), or one column a well (a line ``Well, A1, A2, ...``)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from littermate.formats.plate_export.places import well_name
from littermate.formats.plate_export.sheet import Row

__all__ = ["WellList", "distinct", "find_well_lists"]

_MOST_SUBTITLES = 4
_WELL = {"well", "wells", "well position", "well positions", "well no.", "position"}


@dataclass(slots=True, kw_only=True)
class WellList:
    """One list: its header line, and of each well's line the cells by the column's title."""

    header: Row
    down: bool
    wells: list[tuple[str, Row, dict[str, str]]] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)

    @property
    def titles(self) -> list[str]:
        """The columns' titles, without the one of the wells; a title that comes again is numbered."""
        return list(self.wells[0][2]) if self.wells else []


def find_well_lists(rows: Sequence[Row]) -> tuple[list[WellList], list[Row]]:
    """Return the lists among the rows, and the rows that belong to none."""
    lists: list[WellList] = []
    loose: list[Row] = []
    index = 0
    while index < len(rows):
        found = _down(rows, index) or _across(rows, index)
        if found is None:
            loose.append(rows[index])
            index += 1
        else:
            lists.append(found)
            index += len(found.rows)
    return lists, loose


def _down(rows: Sequence[Row], start: int) -> WellList | None:
    header = rows[start]
    place = next((n for n, cell in enumerate(header.cells) if cell.lower() in _WELL), None)
    if place is None or sum(map(bool, header.cells)) < 2:
        return None
    titles = distinct(header.cells)
    found = WellList(header=header, down=True, rows=[header])
    for row in rows[start + 1 :]:
        well = well_name(row.cells[place]) if place < len(row.cells) else None
        if well is None and not found.wells and len(found.rows) < _MOST_SUBTITLES:
            found.rows.append(row)
            continue
        if well is None:
            break
        padded = (*row.cells, *[""] * (len(titles) - len(row.cells)))
        cells = {
            title: cell for n, (title, cell) in enumerate(zip(titles, padded, strict=False)) if title and n != place
        }
        found.wells.append((well, row, cells))
        found.rows.append(row)
    return found if found.wells else None


def _across(rows: Sequence[Row], start: int) -> WellList | None:
    header = rows[start]
    wells = [(n, well) for n, cell in enumerate(header.cells) if (well := well_name(cell))]
    if len(wells) < 2 or header.cells[0].lower() not in _WELL:
        return None
    first = wells[0][0]
    found = WellList(header=header, down=False, rows=[header])
    lines: list[tuple[str, Row]] = []
    for row in rows[start + 1 :]:
        label = next(filter(None, row.cells[:first]), "")
        if not label or row.line != found.rows[-1].line + 1:
            break
        lines.append((label, row))
        found.rows.append(row)
    for n, well in wells:
        cells = {label: row.cells[n] if n < len(row.cells) else "" for label, row in lines}
        found.wells.append((well, lines[0][1] if lines else header, cells))
    return found if lines else None


def distinct(titles: Sequence[str]) -> list[str]:
    """Return the titles, each that comes again numbered.

    Examples
    --------
    >>> distinct(["OD", "OD", ""])
    ['OD', 'OD (2)', '']
    """
    seen: dict[str, int] = {}
    names = []
    for title in titles:
        seen[title] = seen.get(title, 0) + 1
        names.append(f"{title} ({seen[title]})" if title and seen[title] > 1 else title)
    return names
