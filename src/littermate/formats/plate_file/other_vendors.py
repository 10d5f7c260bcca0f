"""Other vendors: plate readers that this package does not read itself, through the optional package allotropy."""

from __future__ import annotations

import importlib
import importlib.util
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from littermate.errors import PlateError
from littermate.formats.plate_export.export import Export, ExportedPlate
from littermate.formats.plate_export.places import well_name
from littermate.formats.plate_export.sheet import LARGEST_SIGNAL, Sheet

__all__ = ["read_other_vendor"]

_MARKS = {
    "BMG_MARS": ("Test ID:", "Testname:", "Test name:"),
    "BMG_LABTECH_SMART_CONTROL": ("Microplate", "Basic settings"),
    "PERKIN_ELMER_ENVISION": ("Plate information",),
    "REVVITY_KALEIDO": ("Kaleido", "EnSight"),
    "UNCHAINED_LABS_LUNATIC": ("Lunatic",),
}


def read_other_vendor(path: Path, sheets: Sequence[Sheet]) -> Export:
    """Read a file with the first of allotropy's readers whose marks it has and that takes it.

    Raises
    ------
    PlateError
        If allotropy is not installed, or none of its readers takes the file.
    """
    if importlib.util.find_spec("allotropy") is None:
        raise _not_recognised(
            path, sheets, "or install the extra littermate[allotropy], which reads other vendors' files"
        )
    words = " ".join(cell for sheet in sheets for row in sheet.rows[:40] for cell in row.cells)
    for name in [name for name, marks in _MARKS.items() if any(mark in words for mark in marks)]:
        if document := _tried(path, name):
            return _export(path, name, document)
    raise _not_recognised(path, sheets, "or export it as one of these")


def _tried(path: Path, name: str) -> Mapping[str, Any] | None:
    """Return what a vendor's reader makes of the file, `None` where there is no such reader or it refuses the file."""
    allotropy = importlib.import_module("allotropy.to_allotrope")
    refused = importlib.import_module("allotropy.exceptions").AllotropyError
    vendor = getattr(importlib.import_module("allotropy.parser_factory").Vendor, name, None)
    if vendor is None:
        return None
    try:
        found: Mapping[str, Any] = allotropy.allotrope_from_file(str(path), vendor)
    except (refused, ValueError, KeyError, IndexError, TypeError, AttributeError, UnicodeError, OSError):
        return None
    return found


def _export(path: Path, vendor: str, document: Mapping[str, Any]) -> Export:
    """Gather signals by plate, wavelength and well."""
    export = Export(format=f"{vendor.replace('_', ' ').title()} (by allotropy)")
    plates: dict[str, ExportedPlate] = {}
    for measurement in _measurements(document):
        sample = measurement.get("sample document", {})
        well = well_name(str(sample.get("location identifier", "")))
        control = measurement.get("device control aggregate document", {}).get("device control document", [{}])[0]
        number = next((measurement[key]["value"] for key in _SIGNALS if key in measurement), None)
        if well is None or not isinstance(number, int | float) or not abs(number) <= LARGEST_SIGNAL:
            continue
        name = str(sample.get("well plate identifier", path.stem))
        read = str(control.get("detector wavelength setting", {}).get("value", ""))
        plate = plates.setdefault(name, ExportedPlate(name=name))
        plate.reads.setdefault(read, {})[well] = (float(number), "")
    export.plates = list(plates.values())
    return export


_SIGNALS = ("absorbance", "fluorescence", "luminescence")


def _measurements(document: Any) -> Iterator[Mapping[str, Any]]:
    """Give every measurement of the document, however deep it lies."""
    if isinstance(document, Mapping):
        for key, value in document.items():
            if key == "measurement document" and isinstance(value, list):
                yield from value
            else:
                yield from _measurements(value)
    elif isinstance(document, list):
        for value in document:
            yield from _measurements(value)


def _not_recognised(path: Path, sheets: Sequence[Sheet], more: str) -> PlateError:
    return PlateError(
        expected="an export of SoftMax Pro, Gen5, Magellan or SkanIt, a grid (column numbers 1 to 12, rows A to H), a "
        "list of wells (columns well, absorbance, role, content, concentration, dilution) or a table of samples "
        "(Sample, OD_1, ..., Conc)",
        found=f"a first line of {', '.join(sheets[0].rows[0].cells)[:80]!r}",
        do=f"export the plate in one of these forms, {more}",
        where=str(path),
    )
