"""Collect: the reads, the layout and the printed concentrations of one plate, from its part of a file.

What Gen5, Magellan and SkanIt have in common: matrices and lists of wells, told apart by their titles and labels. What
is neither goes to the export's unread lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from littermate.errors import Complaint
from littermate.formats.plate_export.export import Export, ExportedPlate, signals_of
from littermate.formats.plate_export.labels import place_of
from littermate.formats.plate_export.matrix import Matrix, find_matrices
from littermate.formats.plate_export.sheet import Row, Sheet, read_number, read_signal
from littermate.formats.plate_export.well_list import WellList, find_well_lists

__all__ = ["Labelled", "collect"]

_IDS = {"well id", "layout", "sample", "id", "sample id", "sample name", "sample type", "type"}
_NAMES = {"name", "sample name", "content"}
_AMOUNTS = re.compile(r"(conc/dil|conc\.?|concentration|std\.? ?conc\.?|standard concentration)\b", re.IGNORECASE)
_DILUTIONS = re.compile(r"dil(ution)?( factor)?\.?", re.IGNORECASE)
_PRINTED = re.compile(r"\[?(calc(ulated)?\.? )?(conc(entration)?s?\.?)\]?( \(.*\))?", re.IGNORECASE)
_COMPUTED = re.compile(
    r"^(blank[ -]|mean|average|avg|std|sd\b|cv\b|count|ratio|correct|conc|dil|result|\[|max|slope|difference|log|"
    r"transform|norm|calculated|replicate|rep\.|value$)|path ?length|concentration|norm|delta|r-?squared|lag ?time|"
    r"\[(ref|test)\]$|subtract",
    re.IGNORECASE,
)
_KINETIC = re.compile(r"(time|cycle nr\.?|time \[s\]|kinetic.*)", re.IGNORECASE)


@dataclass(slots=True)
class Labelled:
    """What the file says of each well: its label, its name, and its amount (of a standard) or dilution, as text."""

    ids: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    amounts: dict[str, str] = field(default_factory=dict)
    dilutions: dict[str, str] = field(default_factory=dict)
    fractions: bool = False


def collect(export: Export, plate: ExportedPlate, sheet: Sheet) -> None:
    """Put what is in these rows into the plate; what is wrong and what is not read go to the export."""
    matrices, rows, complaints = find_matrices(sheet)
    lists, loose = find_well_lists(rows)
    export.complaints += complaints
    labelled = Labelled()
    export.unread.add(
        [row for one in lists for row in one.rows[1 : len(one.rows) - len(one.wells)] if one.down],
        "subtitles",
        sheet.name,
    )
    used_titles: list[Row] = []
    for matrix in matrices:
        if _is_layout(matrix):
            _take_layout(matrix, labelled)
        else:
            _take_matrix(export, plate, sheet, matrix)
        used_titles += matrix.above[-1:]
    for one in lists:
        _take_list(export, plate, sheet, one, labelled)
    if kinetic := [*_kinetic(sheet, loose)]:
        export.complaints = kinetic
    _place(export, plate, sheet, labelled)
    plate.computed |= {name for name in plate.reads if _computed(name, plate.reads)}
    lines = {row.line for row in used_titles}
    export.unread.add([row for row in loose if row.line not in lines], "about the run, or results", sheet.name)


def _is_layout(matrix: Matrix) -> bool:
    """Whether it says what is in the wells: by its title or labels, or because it holds names and no signals."""
    words = {matrix.title.lower(), matrix.corner.lower(), *(line.label.lower() for line in matrix.lines)}
    if words & ({"layout", "plate layout", "well id", "conc/dil"} | _IDS) or "layout" in matrix.title.lower():
        return True
    cells = [cell for line in matrix.lines for cell in line.cells if cell]
    signals = sum(read_signal(cell, ".") is not None or read_signal(cell, ",") is not None for cell in cells)
    names = sum(bool(re.fullmatch(r"[A-Za-z]{2,}[A-Za-z _-]*\d*([:_/ \n].*)?", cell, re.DOTALL)) for cell in cells)
    return bool(cells) and names - signals > len(cells) / 2


def _take_layout(matrix: Matrix, labelled: Labelled) -> None:
    for line in matrix.lines:
        label = line.label.lower()
        for well, cell, _ in matrix.wells(line):
            if not cell:
                continue
            first, *rest = cell.splitlines()
            if label == "conc/dil" or _AMOUNTS.fullmatch(label):
                labelled.amounts[well] = cell
                labelled.fractions = labelled.fractions or label == "conc/dil"
            elif _DILUTIONS.fullmatch(label):
                labelled.dilutions[well] = cell
            elif label == "name":
                labelled.names[well] = cell
            elif well not in labelled.ids:
                labelled.ids[well] = first.strip()
                if rest and rest[-1].strip():
                    labelled.amounts.setdefault(well, rest[-1].strip())


def _take_matrix(export: Export, plate: ExportedPlate, sheet: Sheet, matrix: Matrix) -> None:
    """Take each kind of line of a matrix as a read, or as the concentrations the reader printed."""
    kinds: dict[str, list[tuple[str, str, Row]]] = {}
    for line in matrix.lines:
        name = line.label or (matrix.title if matrix.title.lower() != "results" else "") or matrix.corner
        kinds.setdefault(name, []).extend(matrix.wells(line))
    for name, cells in kinds.items():
        _take_read(export, plate, sheet, name, cells)


def _take_read(
    export: Export, plate: ExportedPlate, sheet: Sheet, name: str, cells: list[tuple[str, str, Row]]
) -> None:
    if _PRINTED.fullmatch(name):
        decimal = "," if sheet.decimal == "," else "."
        plate.printed |= {well: number for well, cell, _ in cells if (number := read_number(cell, decimal)) is not None}
        return
    if _COMPUTED.search(name) and not _signals_only(cells):
        export.unread.add(dict.fromkeys(row for _, _, row in cells), f"{name}, computed by the reader", sheet.name)
        return
    signals, complaints, mixed = signals_of(sheet, cells)
    export.complaints += complaints
    plate.notes += mixed
    if all(number is None and reason == "empty" for number, reason in signals.values()):
        return
    known, number = name, 2
    while known in plate.reads and plate.reads[known] != signals:
        known, number = f"{name} ({number})", number + 1
    plate.reads[known] = signals
    plate.masked |= {well for well, (_, reason) in signals.items() if reason == "masked"}


def _signals_only(cells: Iterable[tuple[str, str, Row]]) -> bool:
    return all(read_signal(cell, ".") is not None or read_signal(cell, ",") is not None for _, cell, _ in cells)


def _take_list(export: Export, plate: ExportedPlate, sheet: Sheet, found: WellList, labelled: Labelled) -> None:
    """Take the columns of a list of wells: labels, names, amounts, and one read a column of signals."""
    for title in found.titles:
        word = title.partition("[")[0].partition("(")[0].strip().lower()
        cells = [(well, row_cells[title], row) for well, row, row_cells in found.wells]
        filled = {well: cell for well, cell, _ in cells if cell}
        if word in _IDS:
            labelled.ids |= filled
        elif word in _NAMES:
            labelled.names |= filled
        elif word == "conc/dil":
            labelled.amounts |= filled
            labelled.fractions = True
        elif _DILUTIONS.fullmatch(word):
            labelled.dilutions |= filled
        elif _AMOUNTS.fullmatch(word) and "calc" not in word and not title.startswith("["):
            labelled.amounts |= filled
        elif word in ("plate", "group", "count", "replicate info", "replicate"):
            export.unread.add([found.header], f"column {title!r}", sheet.name)
        elif filled and any(read_signal(cell, ".") or read_signal(cell, ",") for cell in filled.values()):
            _take_read(export, plate, sheet, title, cells)
        elif filled:
            export.unread.add([found.header], f"column {title!r}", sheet.name)


def _kinetic(sheet: Sheet, rows: Iterable[Row]) -> Iterator[Complaint]:
    """Complain of a kinetic read: its lines are times, which have no one signal a well."""
    for row in rows:
        if _KINETIC.fullmatch(row.cells[0]) and sum(bool(re.fullmatch(r"[A-P]\d{1,2}", c)) for c in row.cells) > 1:
            yield Complaint(
                expected="an endpoint read",
                found="a kinetic read (signals over time)",
                do="export an endpoint, or the one time that is meant",
                where=sheet.where(row),
            )


def _computed(name: str, reads: Iterable[str]) -> bool:
    """Whether the reader's program computed it: by its name, or because it ends in another read's (Blank 450)."""
    return bool(_COMPUTED.search(name)) or any(
        other and other != name and re.search(rf"[\s\])]{re.escape(other)}$", name) for other in reads
    )


def _place(export: Export, plate: ExportedPlate, sheet: Sheet, labelled: Labelled) -> None:
    """Turn labels, names and amounts into places."""
    folds = set()
    for well, label in labelled.ids.items():
        amount = labelled.amounts.get(well, "")
        number = _number(amount)
        if amount and number is None and _is_amount(amount):
            export.complaints.append(_bad_amount(sheet, well, amount))
        place = place_of(label, name=labelled.names.get(well, ""), concentration=number)
        if place.role == "sample":
            written = labelled.dilutions.get(well, amount if labelled.fractions else "")
            place = replace(place, dilution=_fold(export, sheet, well, written))
            folds.add(place.dilution)
        plate.places[well] = place
    if labelled.fractions and folds - {1.0}:
        plate.notes.append("dilutions are the file's Conc/Dil: 0.5 and 2 are both taken as one part in two")


def _number(text: str) -> float | None:
    decimal = "," if "," in text else "."
    return read_number(text.split()[0], decimal) if text.split() else None


def _is_amount(text: str) -> bool:
    return any(letter.isdigit() for letter in text) and "/" not in text and not text[0].isalpha()


def _fold(export: Export, sheet: Sheet, well: str, written: str) -> float:
    """Return the fold dilution; a share of at most 1 is turned round."""
    if not written or "/" in written:
        return 1.0
    number = _number(written)
    if number is None or number <= 0 or number > 1e9:
        export.complaints.append(_bad_amount(sheet, well, written))
        return 1.0
    return float(f"{1 / number:.6g}") if number < 1 else number


def _bad_amount(sheet: Sheet, well: str, found: str) -> Complaint:
    where = f"{sheet.where()}, well {well}"
    return Complaint(
        expected="a concentration or a dilution", found=repr(found[:40]), do="correct the layout", where=where
    )
