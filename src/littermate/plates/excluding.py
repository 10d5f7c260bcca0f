"""Excluding: wells that a person leaves out, each with a reason. They stay on the plate and are shown."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping

from littermate.errors import Complaint, UsageError
from littermate.model.plate import Plate

__all__ = ["without_wells"]


def without_wells(plates: Iterable[Plate], exclude: Mapping[str, str]) -> tuple[Plate, ...]:
    """Return the plates with these wells marked as left out.

    Parameters
    ----------
    plates
        Of one file.
    exclude
        Reason by well: ``"A1"`` where the file has one plate, ``"NAME A1"`` where it has several.

    Raises
    ------
    UsageError
        If a well is not on the plates, could be on several, or has no reason. All complaints at once.

    Examples
    --------
    >>> from littermate.model.plate import Well
    >>> plate = Plate(name="p", kind="bca", unit="ug/mL", wells=(Well(name="A1", absorbance=0.5, content="x"),))
    >>> without_wells([plate], {"a1": "bubble"})[0].wells[0].excluded
    'bubble'
    """
    plates = tuple(plates)
    chosen: dict[tuple[int, str], str] = {}
    complaints: list[Complaint] = []
    for place, reason in exclude.items():
        found = _found(plates, place)
        if len(found) == 1 and reason.strip():
            chosen[found[0]] = reason.strip()
        else:
            complaints.append(_wrong(place, len(found), plates))
    if complaints:
        raise UsageError.of(complaints)
    return tuple(_marked(plate, number, chosen) for number, plate in enumerate(plates))


def _found(plates: tuple[Plate, ...], place: str) -> list[tuple[int, str]]:
    """Return (number of the plate, well) of every well that could be meant."""
    wanted = place.strip().upper()
    return [
        (number, one.name)
        for number, plate in enumerate(plates)
        for one in plate.wells
        if wanted in (one.name.upper(), f"{plate.name} {one.name}".upper())
    ]


def _wrong(place: str, found: int, plates: tuple[Plate, ...]) -> Complaint:
    if found == 1:
        return Complaint(expected=f"a reason for leaving out {place}", found="none", do="say why, as in 'A1: bubble'")
    names = ", ".join(plate.name for plate in plates)
    return Complaint(
        expected=f"one well, as in 'A1', or with its plate, as in '{plates[0].name} A1' (plates: {names})",
        found=f"{place}: {found} wells",
        do="correct the well",
    )


def _marked(plate: Plate, number: int, chosen: Mapping[tuple[int, str], str]) -> Plate:
    wells = tuple(
        dataclasses.replace(well, excluded=chosen.get((number, well.name), well.excluded)) for well in plate.wells
    )
    return dataclasses.replace(plate, wells=wells)
