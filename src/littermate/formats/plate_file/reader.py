"""Reader: a file of any plate reader, recognised by its content, never by its name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from littermate.errors import UsageError
from littermate.formats.gen5 import is_gen5, read_gen5
from littermate.formats.magellan import is_magellan, read_magellan
from littermate.formats.plain_plate import KINDS, is_plain, read_plain
from littermate.formats.plate_export.assemble import Request, assemble
from littermate.formats.plate_export.export import Export
from littermate.formats.plate_export.sheet import Sheet, read_sheets
from littermate.formats.plate_file.other_vendors import read_other_vendor
from littermate.formats.skanit import is_skanit, read_skanit
from littermate.formats.softmax_pro import is_softmax_pro, read_softmax_pro
from littermate.model.plate import Plate

__all__ = ["read_plate_file"]

Sheets = Sequence[Sheet]
_FORMATS: tuple[tuple[Callable[[Sheets], bool], Callable[[Sheets], Export]], ...] = (
    (is_softmax_pro, read_softmax_pro),
    (is_gen5, read_gen5),
    (is_skanit, read_skanit),
    (is_magellan, read_magellan),
)


def read_plate_file(
    path: str | Path,
    *,
    kind: str,
    layout: str | Path | None = None,
    unit: str | None = None,
    read: str | None = None,
) -> tuple[Plate, ...]:
    r"""Read the plates of a file: an export of SoftMax Pro, Gen5, Magellan or SkanIt, or a plain CSV or XLSX.

    Parameters
    ----------
    path
        The file; as what it was recognised stands in `Plate.format`, what of it was not used in `Plate.notes`.
    kind
        ``"bca"`` or ``"elisa"``.
    layout
        Layout CSV, which goes before what the file itself says is in the wells; the companion ``<stem>.layout.csv``
        where it is there.
    unit
        Of the standards' concentrations, where neither file nor layout says it.
    read
        Which of the file's reads (``"450"``), where several were measured.

    Raises
    ------
    UsageError
        If the kind is unknown.
    PlateError
        If the file or its layout cannot be understood, if nothing says what is in the wells, or if several reads could
        be meant. All complaints at once, with the file's name.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "plate.csv"
    >>> _ = path.write_text("Sample,OD_1,OD_2,Conc\nS1,0.9,1.1,100\nX,0.5,OVRFLW,\n", encoding="utf-8")
    >>> (plate,) = read_plate_file(path, kind="elisa")
    >>> plate.format, [well.reason for well in plate.wells]
    ('plain table of samples', ['', '', '', 'overflow'])
    """
    if kind not in KINDS:
        raise UsageError(expected=f"a kind: {', '.join(KINDS)}", found=kind, do="choose one of these", where=str(path))
    path = Path(path)
    request = Request(path=path, kind=kind, layout=Path(layout) if layout is not None else None, unit=unit, read=read)
    sheets = read_sheets(path)
    for recognise, read_export in _FORMATS:
        if recognise(sheets):
            return assemble(read_export(sheets), request)
    if is_plain(sheets):
        return read_plain(sheets, request)
    return assemble(read_other_vendor(path, sheets), request)
