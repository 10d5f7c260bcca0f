"""Export: the plates of one reader's file, each with all its reads and what the file says is in its wells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from littermate.errors import Complaint
from littermate.formats.plate_export.places import Place
from littermate.formats.plate_export.sheet import Row, Sheet, decimal_mark, read_signal

__all__ = ["Export", "ExportedPlate", "Signals", "Unread", "signals_of"]

_BLANK_LINES = 4
Signals = dict[str, tuple[float | None, str]]


@dataclass(slots=True)
class Unread:
    """The lines of a file that were not used, told in one sentence a reason."""

    rows: dict[str, dict[str, list[int]]] = field(default_factory=dict)

    def add(self, rows: Iterable[Row], why: str, sheet: str = "") -> None:
        """Note that these rows were not used."""
        if lines := [row.line for row in rows]:
            self.rows.setdefault(why, {}).setdefault(sheet, []).extend(lines)

    def sentences(self) -> list[str]:
        """Return sentences such as ``"lines 3-5, 9-12: about the run, not read"``.

        Examples
        --------
        >>> unread = Unread()
        >>> unread.add([Row(line=line, cells=("a",)) for line in (3, 4, 12)], "about the run")
        >>> unread.sentences()
        ['lines 3-4, 12: about the run, not read']
        """
        return [
            f"{'; '.join(_told(sheet, lines) for sheet, lines in sheets.items())}: {why}, not read"
            for why, sheets in self.rows.items()
        ]


def _told(sheet: str, lines: Iterable[int]) -> str:
    """Tell line numbers as ranges; a few blank lines do not part one."""
    runs: list[list[int]] = []
    for line in sorted(lines):
        if runs and line - runs[-1][1] <= _BLANK_LINES:
            runs[-1][1] = line
        else:
            runs.append([line, line])
    ranges = ", ".join(f"{first}" if first == last else f"{first}-{last}" for first, last in runs)
    return f"{f'sheet {sheet!r}, ' if sheet else ''}{'lines' if len(runs) > 1 or '-' in ranges else 'line'} {ranges}"


@dataclass(slots=True, kw_only=True)
class ExportedPlate:
    """One plate of a file.

    `reads` has the signals of each read by its name; `computed` names those that the reader's program computed from
    others; `places` is what the file says is in each well; `printed` the concentrations it printed.
    """

    name: str
    reads: dict[str, Signals] = field(default_factory=dict)
    computed: set[str] = field(default_factory=set)
    places: dict[str, Place] = field(default_factory=dict)
    unit: str = ""
    printed: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    masked: set[str] = field(default_factory=set)


@dataclass(slots=True, kw_only=True)
class Export:
    """The plates of a file, as which format it was recognised, and every complaint about it."""

    format: str
    plates: list[ExportedPlate] = field(default_factory=list)
    complaints: list[Complaint] = field(default_factory=list)
    unread: Unread = field(default_factory=Unread)


def signals_of(sheet: Sheet, cells: Iterable[tuple[str, str, Row]]) -> tuple[Signals, list[Complaint], list[str]]:
    """Read (well, cell, row) into signals; return them, every complaint, and what should be known of the reading."""
    cells = list(cells)
    decimal = decimal_mark(text for _, text, _ in cells)
    signals: Signals = {}
    complaints = []
    for well, text, row in cells:
        signal = read_signal(text, decimal)
        if signal is None:
            complaints.append(
                Complaint(
                    expected="a plausible number, or empty, N/A, OVRFLW, Range? or *masked*",
                    found=repr(text[:60]),
                    do="export the plate again, or correct the cell",
                    where=f"{sheet.where(row)}, well {well}",
                )
            )
        elif well in signals:
            found = f"{well} again"
            complaints.append(
                Complaint(expected="every well once", found=found, do="export it again", where=sheet.where(row))
            )
        else:
            signals[well] = signal
    mixed = [] if decimal else ["decimal commas and points stand in one read: each cell was read by its own mark"]
    return signals, complaints, mixed
