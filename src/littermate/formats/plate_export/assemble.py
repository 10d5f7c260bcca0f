"""Assemble: plates from an export: a read chosen, the layout laid over it, everything that is wrong raised at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from littermate.errors import Complaint, PlateError
from littermate.files import sha256_of
from littermate.formats.plate_export.export import Export, ExportedPlate, Signals
from littermate.formats.plate_export.places import Place, Places, read_places
from littermate.formats.plate_export.sheet import read_sheet
from littermate.model.plate import Plate, Well

__all__ = ["UNITS", "Request", "agreed_unit", "assemble", "raise_any"]

UNITS = {"bca": "ug/mL", "elisa": "pg/mL"}
_MOST_NAMED = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is wanted of a file: the kind of assay, and the layout, unit and read where they are said."""

    path: Path
    kind: str
    layout: Path | None = None
    unit: str | None = None
    read: str | None = None


def assemble(export: Export, request: Request) -> tuple[Plate, ...]:
    """Make the plates of an export.

    Raises
    ------
    PlateError
        With every complaint about the file and its layout; where the layout is missing; where several reads could be
        meant.
    """
    if not export.plates and not export.complaints:
        raise PlateError(
            expected="an endpoint read of at least one plate",
            found=f"an export of {export.format} without one",
            do="export the plate with its endpoint signals",
            where=str(request.path),
        )
    _rename(export.plates)
    layout = _layout_of(request, export.plates)
    complaints = [*export.complaints, *layout.complaints]
    if not complaints and layout.path is None and all(not plate.places for plate in export.plates):
        complaints.append(_no_layout(export, request))
    chosen = [_choose(plate, request) for plate in export.plates]
    complaints += [] if export.complaints else [wrong for _, _, wrong in chosen if wrong is not None]
    raise_any(complaints)
    unit, words = _unit(export, layout.places, request)
    notes = [*words, *export.unread.sentences()]
    digest = sha256_of(request.path)
    plates = [
        Plate(
            name=exported.name,
            kind=request.kind,
            unit=unit,
            wells=_wells(exported, exported.reads[read], layout.of_plate(exported)),
            path=str(request.path),
            sha256=digest,
            format=export.format,
            read=read,
            notes=tuple(dict.fromkeys([*exported.notes, *layout.words(exported), *read_notes, *notes])),
            printed=tuple(exported.printed.items()),
        )
        for exported, (read, read_notes, _) in zip(export.plates, chosen, strict=True)
    ]
    raise_any(
        wrong for plate in plates for wrong in _wrong_standards(plate.wells, f"{request.path}, plate {plate.name}")
    )
    return tuple(plates)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """The layout that is laid over a file's plates: where it lies (`None`: there is none), and what is wrong in it."""

    path: Path | None
    places: Places = field(default_factory=Places)
    complaints: tuple[Complaint, ...] = ()

    def of_plate(self, exported: ExportedPlate) -> dict[str, Place]:
        """Return what is in a plate's wells: by the layout, or, without one, by the file."""
        return exported.places if self.path is None else self.places.of_plate(exported.name)

    def words(self, exported: ExportedPlate) -> list[str]:
        """Say that the layout was used."""
        if self.path is None:
            return []
        if exported.places:
            return [f"the layout {self.path.name} was used instead of the file's own"]
        return [f"the wells are those of the layout {self.path.name}"]


def _layout_of(request: Request, plates: Sequence[ExportedPlate]) -> _Layout:
    path = _layout_path(request)
    if path is None:
        return _Layout(path=None)
    try:
        sheet = read_sheet(path)
        places, wrong = read_places(sheet)
    except PlateError as fault:
        return _Layout(path=path, complaints=tuple(fault.complaints))
    return _Layout(path=path, places=places, complaints=tuple(wrong or _misplaced(sheet.where(), places, plates)))


def raise_any(complaints: Iterable[Complaint]) -> None:
    """Raise all complaints at once, if there are any; very many of them are cut short."""
    if complaints := list(complaints):
        raise PlateError.of(complaints[:50])


def _rename(plates: Sequence[ExportedPlate]) -> None:
    """Number plates of one name, and note it."""
    taken: set[str] = set()
    for plate in plates:
        name, number = plate.name, 2
        while plate.name in taken:
            plate.name, number = f"{name} ({number})", number + 1
        if plate.name != name:
            plate.notes.append(f"the file has several plates named {name}: this one is called {plate.name}")
        taken.add(plate.name)


def _layout_path(request: Request) -> Path | None:
    if request.layout is not None:
        return request.layout
    companion = companion_of(request.path)
    return companion if companion.is_file() and companion != request.path else None


def companion_of(path: Path) -> Path:
    """Return where a file's layout lies if none is named."""
    return path.with_name(f"{path.stem}.layout.csv")


def _no_layout(export: Export, request: Request) -> Complaint:
    told = [note for plate in export.plates for note in plate.notes if "group" in note]
    return Complaint(
        expected=f"a layout: what is in each well, named or as {companion_of(request.path).name} beside the file",
        found="; ".join(["none", *dict.fromkeys(told)]),
        do="write a CSV with the columns well, role, content, concentration, dilution",
        where=str(request.path),
    )


def _misplaced(where: str, layout: Places, plates: Sequence[ExportedPlate]) -> list[Complaint]:
    """Complain of a layout's plates and wells that are not in the file."""
    wells = {plate.name: {well for read in plate.reads.values() for well in read} for plate in plates}
    known = ", ".join(wells)
    absent = sorted({plate for plate, _ in layout.places if plate and plate not in wells})
    complaints = [
        Complaint(expected=f"a plate of the file: {known}", found=name, do="correct the layout", where=where)
        for name in absent
    ]
    for name, present in wells.items():
        if outside := [well for well in layout.of_plate(name) if well not in present]:
            expected = f"wells of the {len(present)} of plate {name}"
            found = ", ".join(outside[:_MOST_NAMED])
            complaints.append(Complaint(expected=expected, found=found, do="correct the layout", where=where))
    return complaints


def _unit(export: Export, layout: Places, request: Request) -> tuple[str, list[str]]:
    """Return the unit of the concentrations, and a word where nothing says it."""
    written = {plate.unit for plate in export.plates if plate.unit}
    if layout.unit:
        written = {layout.unit}
    if len(written) > 1:
        found = ", ".join(sorted(written))
        do = "give a layout with the concentrations in one unit"
        raise PlateError(expected="one unit of concentrations", found=found, do=do, where=str(request.path))
    known = agreed_unit(request.path, request.unit, next(iter(written), ""))
    if known:
        return known, []
    return UNITS[request.kind], [f"nothing says the unit of the concentrations: {UNITS[request.kind]} was taken"]


def agreed_unit(path: Path, wanted: str | None, written: str) -> str:
    """Return the unit asked for or written, empty where there is neither.

    Raises
    ------
    PlateError
        If the two differ.
    """
    if wanted and written and wanted != written:
        do = "give the unit that is right, and correct the file if it is wrong"
        raise PlateError(
            expected=f"concentrations in {wanted}", found=f"{written} in the header", do=do, where=str(path)
        )
    return wanted or written


def _choose(plate: ExportedPlate, request: Request) -> tuple[str, list[str], Complaint | None]:
    """Choose the read asked for, or the only one that can be meant; note the others."""
    where = f"{request.path}, plate {plate.name}"
    if request.read is not None:
        if request.read in plate.reads:
            return request.read, _others(plate, request.read), None
        expected = f"one of the reads {_named(plate.reads)}"
        wrong = Complaint(expected=expected, found=f"read {request.read}", do="choose one of these", where=where)
        return "", [], wrong
    measured = [name for name in plate.reads if name not in plate.computed] or list(plate.reads)
    if len(measured) == 1:
        return measured[0], _others(plate, measured[0]), None
    if not measured:
        do = "export the plate with its endpoint signals"
        return "", [], Complaint(expected="signals of the plate", found="none", do=do, where=where)
    return (
        "",
        [],
        Complaint(
            expected="one read, or to be told which is meant",
            found=f"{len(measured)} reads: {_named(measured)}",
            do="choose one: read=..., or --read NAME",
            where=where,
        ),
    )


def _others(plate: ExportedPlate, read: str) -> list[str]:
    others = [
        f"read {name!r}" + (" (computed by the reader)" if name in plate.computed else "") for name in plate.reads
    ]
    del others[list(plate.reads).index(read)]
    words = [f"only read {read!r} was used; the file also has {_listed(others)}"] if others else []
    if read in plate.computed:
        words.append(f"the read {read!r} was computed by the reader's program, not measured")
    return words


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
    return ", ".join(names[:_MOST_NAMED]) + more


def _named(names: Iterable[str]) -> str:
    return _listed([repr(name) for name in names])


def _wells(plate: ExportedPlate, signals: Signals, places: dict[str, Place]) -> tuple[Well, ...]:
    """Join signals and places; a place whose well was not read keeps that as its reason."""
    nowhere = Place(role="empty")
    wells = []
    for name, (number, reason) in signals.items():
        if name in plate.masked and number is not None:
            number, reason = None, "masked"
        wells.append(places.get(name, nowhere).well(name, number, reason))
    wells += [
        place.well(name, None, "not read")
        for name, place in places.items()
        if name not in signals and place.role != "empty"
    ]
    return tuple(wells)


def _wrong_standards(wells: Sequence[Well], where: str) -> list[Complaint]:
    """Complain of standards whose concentration the file does not say, or that cannot be."""
    unknown = [
        well.name
        for well in wells
        if well.role == "standard" and (well.concentration is None or not 0 <= well.concentration <= 1e12)
    ]
    if not unknown:
        return []
    return [
        Complaint(
            expected="the concentration of every standard, 0 or more",
            found=f"none that can be for {', '.join(unknown[:_MOST_NAMED])}",
            do="write a layout CSV (well, role, content, concentration, dilution) and give it with layout=",
            where=where,
        )
    ]
