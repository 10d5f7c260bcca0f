"""Reader of a person's bouts: one row a bout, in a CSV file.

Columns: `video` (the recording's file name), `animal`, `behaviour`, `start_s`, `stop_s`; optional `scorer`, `t0_s`
(when the trial starts in the recording), `scored_from_s` and `scored_to_s` (the stretch that was scored), `arena`
(where the animal is in the picture, ``x y w h`` in px, where a recording shows several). A row with an empty behaviour
says only that the stretch was scored: so a trial without any bout is written. Times are seconds, or minutes:seconds;
from the recording's first frame on, unless the clock says from t0 on.
"""

from __future__ import annotations

from pathlib import Path

from littermate.errors import Complaint, TableError
from littermate.formats.scored_bouts.lines import Line, read_lines, read_seconds
from littermate.formats.scored_bouts.trials import Entry, TableClock, gather_trials
from littermate.model.scored_trial import ScoredTrial

__all__ = ["read_scored_bouts"]

_COLUMNS = ("video", "animal", "behaviour", "start_s", "stop_s")


def read_scored_bouts(path: str | Path, clock: TableClock | None = None) -> tuple[ScoredTrial, ...]:
    """Read a table of bouts into trials.

    Parameters
    ----------
    path
        The CSV file.
    clock
        What its times mean, where it does not say so itself.

    Raises
    ------
    TableError
        With every row that cannot be understood; see also `gather_trials`.
    """
    lines = read_lines(path, header=_COLUMNS)
    complaints: list[Complaint] = []
    entries = [_entry(line, complaints) for line in lines]
    if complaints:
        raise TableError.of(complaints)
    return gather_trials(entries, clock or TableClock(), str(path))


def _entry(line: Line, complaints: list[Complaint]) -> Entry:
    for column in ("video", "animal"):
        if not line.cell(column):
            complaints.append(Complaint(expected=f"a {column}", found="none", do="fill it in", where=line.where))
    behaviour = line.cell("behaviour")
    bout = _span(line, ("start_s", "stop_s"), complaints)
    if (bout is None) != (not behaviour):
        found = f"behaviour {behaviour!r}, from {line.cell('start_s')!r} to {line.cell('stop_s')!r}"
        complaints.append(
            Complaint(
                expected="a behaviour with start and stop, or none of them",
                found=found,
                do="correct the row",
                where=line.where,
            )
        )
    return Entry(
        where=line.where,
        video=line.cell("video"),
        animal=line.cell("animal"),
        scorer=line.cell("scorer"),
        behaviour=behaviour,
        bout_s=bout,
        t0_s=_seconds(line, "t0_s", complaints),
        scored_s=_span(line, ("scored_from_s", "scored_to_s"), complaints),
        arena_px=_box(line, complaints),
    )


def _span(line: Line, columns: tuple[str, str], complaints: list[Complaint]) -> tuple[float, float] | None:
    start, stop = (_seconds(line, column, complaints) for column in columns)
    if not any(map(line.cell, columns)):
        return None
    if start is None or stop is None or not start < stop:
        found = f"{line.cell(columns[0])!r} to {line.cell(columns[1])!r}"
        expected = f"{columns[0]} before {columns[1]}"
        complaints.append(Complaint(expected=expected, found=found, do="correct the row", where=line.where))
        return None
    return start, stop


def _seconds(line: Line, column: str, complaints: list[Complaint]) -> float | None:
    text = line.cell(column)
    value = read_seconds(text) if text else None
    if text and value is None:
        expected = f"seconds (or minutes:seconds) in {column}"
        complaints.append(Complaint(expected=expected, found=repr(text), do="correct the cell", where=line.where))
    return value


def _box(line: Line, complaints: list[Complaint]) -> tuple[int, int, int, int] | None:
    text = line.cell("arena", "arena_px")
    if not text:
        return None
    parts = text.replace(",", " ").split()
    if len(parts) != 4 or not all(part.isdecimal() for part in parts):
        expected = "the arena as four whole numbers of px: x y width height"
        complaints.append(Complaint(expected=expected, found=repr(text), do="correct the cell", where=line.where))
        return None
    left, top, width, height = map(int, parts)
    return left, top, width, height
