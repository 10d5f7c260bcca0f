"""Reader: the text export of SoftMax Pro: ``##BLOCKS=``, then blocks that end with ``~End``.

`Plate` blocks have the signals, `Group` blocks what is in the wells; notes and what the program computed are not
read, and said. Kinetic and well-scan plates have no one signal a well and are refused, unless there are other plates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from littermate.errors import Complaint
from littermate.formats.plate_export.export import Export
from littermate.formats.plate_export.sheet import Row, Sheet
from littermate.formats.softmax_pro.group import Group, read_group
from littermate.formats.softmax_pro.plate_block import read_plate_block

__all__ = ["is_softmax_pro", "read_softmax_pro"]


def is_softmax_pro(sheets: Sequence[Sheet]) -> bool:
    """Whether the file begins as an export of SoftMax Pro."""
    return any(row.cells[0].startswith("##BLOCKS=") for row in sheets[0].rows[:3])


def read_softmax_pro(sheets: Sequence[Sheet]) -> Export:
    """Read every plate and lay the groups over them; all complaints are kept in the export."""
    sheet = sheets[0]
    export = Export(format="SoftMax Pro")
    groups: list[Group] = []
    refused: list[Complaint] = []
    for block, end in _blocks(export, sheet):
        head = block[0].cells[0].lower()
        if head.startswith("plate:"):
            refused += read_plate_block(export, sheet, block, end)
        elif head.startswith("group:"):
            groups.append(read_group(export, sheet, block))
        else:
            export.unread.add(block, "notes and facts of the file")
    if not export.plates:
        export.complaints += refused
    for complaint in refused:
        for plate in export.plates:
            plate.notes.append(f"{complaint.where.rpartition(', ')[2]}: {complaint.found}, not read")
    for group in groups:
        _lay(export, sheet, group)
    return export


def _blocks(export: Export, sheet: Sheet) -> Iterator[tuple[list[Row], int]]:
    """Give the rows of each block and the line of its end; a plate or group whose end is missing is complained of."""
    block: list[Row] = []
    for row in sheet.rows:
        if row.cells[0].startswith("##BLOCKS="):
            continue
        if row.cells[0].startswith("~End"):
            if block:
                yield block, row.line
            block = []
        else:
            block.append(row)
    if block and block[0].cells[0].lower().startswith(("plate:", "group:")):
        do = "export it again: the file is cut short"
        where = sheet.where(block[-1])
        export.complaints.append(Complaint(expected="~End after the block", found="the file's end", do=do, where=where))
    elif block:
        yield block, block[-1].line + 1


def _lay(export: Export, sheet: Sheet, group: Group) -> None:
    """Put a group's wells into the plate they are of."""
    for plate_name, well, place in group.wells:
        plates = [plate for plate in export.plates if plate.name == plate_name] if plate_name else export.plates
        if len(plates) != 1:
            word = f"the group {group.name} does not say of which of {len(export.plates)} plates its wells are"
            for plate in export.plates:
                plate.notes += [word] if word not in plate.notes else []
            continue
        (plate,) = plates
        if plate.places.get(well, place) != place:
            where = f"{sheet.path}, group {group.name}, well {well}"
            found = f"{plate.places[well].content} and {place.content}"
            do = "correct the template, or give a layout"
            export.complaints.append(Complaint(expected="one content a well", found=found, do=do, where=where))
        plate.places[well] = place
        plate.unit = plate.unit or group.unit
        if well in group.masked:
            plate.masked.add(well)
    for plate in export.plates:
        plate.notes += group.notes if any(place.content for place in plate.places.values()) else []
